"""Account keys on Google Cloud: their rotation, and what a removal that is refused without a preview does to them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from byob_components.wandb.address import parse
from tests.engine.workbench import Workbench
from tests.life.cloud import Made
from tests.life.gcp import LocalGoogle

pytestmark = [pytest.mark.engine, pytest.mark.server]

Grounds = Callable[[type[LocalGoogle]], Any]


def key_names(cloud: LocalGoogle, account: str) -> set[str]:
    """The live keys of an account, by their last part."""
    return {one["name"].rsplit("/", 1)[1] for one in cloud.call("GET", f"{account}/keys")["keys"]}


def key_id(stack: Workbench, name: str) -> str:
    """The key behind a resource."""
    found: str = stack.state()[f"Key {name}"]["id"].rsplit("/", 1)[1]
    return found


def test_rotation_of_account_keys(grounds: Grounds, tmp_path: Path) -> None:
    cloud = grounds(LocalGoogle).cloud
    stack = grounds(LocalGoogle).benches(tmp_path)({}, deployment="self_managed")

    def team(*labels: str) -> dict[str, Any]:
        return {"vision": {**cloud.team, "credentialKeys": list(labels), "paths": ["vision"]}}

    def told() -> Made:
        """What W&B is told; what everybody sees of it, and the state as it is written, hold no key."""
        outputs, masked = stack.outputs(), stack.masked_outputs()
        made = Made(outputs["teams"]["vision"], {})
        assert masked["teams"]["vision"]["storageAddresses"] == masked["supportedFileStores"] == "[secret]"
        address = parse(made.outputs["storageAddresses"]["vision"])
        listed = parse(outputs["supportedFileStores"])  # the server's list names the store, without a path
        assert (listed.access_key, listed.secret_key, listed.path) == (address.access_key, address.secret_key, "")
        middle = address.secret_key.splitlines()[5]
        assert middle not in json.dumps(masked) + json.dumps(stack.export())
        return made

    stack.set(teams=team("2026-11"))
    stack.up().ok()
    account, first = stack.state()["Account vision"]["id"], told()
    cloud.put(first, "vision/data")
    old = key_id(stack, "vision-2026-11")
    assert key_names(cloud, account) == {old}
    assert cloud.wandb_reads(first, "vision/data")

    stack.set(teams=team("2026-11", "2027-02"))
    assert stack.up().ok().ops() == {"Key vision-2027-02": "create"}
    second, new = told(), key_id(stack, "vision-2027-02")
    assert second.outputs["storageAddresses"] != first.outputs["storageAddresses"]
    assert key_names(cloud, account) == {old, new}
    assert [cloud.wandb_reads(made, "vision/data") for made in (first, second)] == [True, True]

    stack.set(teams=team("2027-02"))
    assert stack.up(preview=True).ok().ops() == {"Key vision-2026-11": "delete"}
    assert told().outputs["storageAddresses"] == second.outputs["storageAddresses"]
    assert key_names(cloud, account) == {new}
    assert [cloud.wandb_reads(made, "vision/data") for made in (first, second)] == [False, True]

    # A third label is refused, and so is dropping the credential, which would cut W&B off.
    stack.set(teams=team("2027-02", "2027-05", "2027-08"))
    stack.preview().refused("byob:teams.vision.credentialKeys", "BYOB-GCP-022")
    stack.set(teams={"vision": {**cloud.team, "paths": ["vision"], "principals": []}})
    stack.up(preview=True).refused("because it is protected", "serviceaccount/account:Account::vision")
    assert key_id(stack, "vision-2027-02") == new
    # Without a preview it is refused as well, and the account is as it was; but the state forgets the key, as below.
    stack.up().refused("because it is protected", "serviceaccount/account:Account::vision")
    assert key_names(cloud, account) == {new}
    assert cloud.wandb_reads(second, "vision/data")
    stack.set(teams=team("2027-02"))
    again = {n: op for n, op in stack.up().ok().ops().items() if not n.startswith("Gcp")}
    assert again == {"Key vision-2027-02": "create", "BucketIAMMember vision-storage-admin-credential": "create"}
    assert key_names(cloud, account) == {new, key_id(stack, "vision-2027-02")}


STORE = """
import pulumi
from byob_components.gcp import GcpBucket, GcpCredential

store = GcpBucket("store", {"location": "europe-west1", "protection": "unprotected"})
pulumi.export("bucket", store.bucket_name)
"""
APART = """
apart = GcpCredential("apart", {"bucket_name": store.bucket_name, "credential_keys": ["2026-11"]})
pulumi.export("account", apart.service_account_email)
pulumi.export("key", apart.private_key)
"""


def test_a_refused_removal_of_a_credential_alone(grounds: Grounds, tmp_path: Path) -> None:
    cloud = grounds(LocalGoogle).cloud
    stack = grounds(LocalGoogle).bench(tmp_path / "bench", {}, program=STORE + APART)

    def told() -> Made:
        out = stack.outputs()
        keys = ":".join(quote(out[name], safe="") for name in ("account", "key"))
        return Made({"bucketName": out["bucket"], "storageAddresses": {"/": f"gs://{keys}@{out['bucket']}"}}, {})

    stack.up().ok()
    before, account, old = told(), stack.state()["Account apart"]["id"], key_id(stack, "apart-2026-11")
    cloud.put(before, "data")
    policy = cloud.call("GET", f"b/{before.bucket}/iam")["bindings"]
    assert cloud.wandb_reads(before, "data")

    def untouched() -> None:
        assert key_names(cloud, account) == {old}
        assert cloud.call("GET", f"b/{before.bucket}/iam")["bindings"] == policy
        assert cloud.wandb_reads(before, "data")

    # With a preview nothing is begun, and nothing is forgotten.
    stack.write(STORE)
    stack.up(preview=True).refused("because it is protected", "Account::apart")
    untouched()
    assert {"Key apart-2026-11", "Account apart"} <= stack.state().keys()

    # Without one the state forgets the key, which would have gone with its account; in the cloud all of it stays.
    stack.up().refused("because it is protected", "Account::apart")
    untouched()
    assert [name for name in stack.state() if name.startswith(("Account", "Key"))] == ["Account apart"]

    # The next `up` makes a key beside the forgotten one, which still lets W&B in until somebody deletes it.
    stack.write(STORE + APART)
    made = {n for n, op in stack.up().ok().ops().items() if op == "create"}
    assert made == {"Key apart-2026-11", "BucketIAMMember apart-storage-admin-credential"}
    after, new = told(), key_id(stack, "apart-2026-11")
    assert key_names(cloud, account) == {old, new}
    assert [cloud.wandb_reads(one, "data") for one in (before, after)] == [True, True]
    cloud.call("DELETE", f"{account}/keys/{old}")
    assert [cloud.wandb_reads(one, "data") for one in (before, after)] == [False, True]
    assert stack.up("--expect-no-changes").ok().ops() == {}
