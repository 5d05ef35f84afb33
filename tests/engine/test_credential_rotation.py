"""Access keys for W&B on another cloud: one, two during the rotation, one again; the newest stands in the address, as a secret."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import pytest

from sandbox.clouds.aws.accounts import Credentials
from tests.engine.conftest import Bench
from tests.engine.readings import LocalAws

pytestmark = pytest.mark.engine

BYOB = {"deployment": "self_managed", "level": "team"}


def keys_of(address: str) -> tuple[str, str]:
    """The access key in an address `s3://<key>:<secret>@…`."""
    key, secret = address.removeprefix("s3://").split("@")[0].split(":")
    return unquote(key), unquote(secret)


def test_rotation_of_access_keys(bench: Bench, aws: LocalAws) -> None:
    def team(*labels: str) -> dict[str, Any]:
        return {"vision": {"credentialKeys": list(labels), "paths": ["vision"]}}

    stack = bench(byob={**BYOB, "teams": team("2026-11")})
    preview = stack.preview().ok()
    assert {n: op for n, op in preview.ops().items() if n.startswith(("User", "Access"))} == dict.fromkeys(
        ("User vision", "UserPolicy vision", "AccessKey vision-2026-11"), "create"
    )
    stack.up().ok()
    user = stack.state()["User vision"]["id"]

    def address() -> str:
        told = stack.outputs()
        found: str = told["teams"]["vision"]["storageAddresses"]["vision"]
        assert keys_of(told["supportedFileStores"]) == keys_of(
            found
        )  # the server's list names the store, without a path
        # What everybody sees has no secret in it, and neither has the state as it is written.
        masked = stack.masked_outputs()
        assert masked["teams"]["vision"]["storageAddresses"] == "[secret]"
        assert masked["supportedFileStores"] == "[secret]"
        secret = keys_of(found)[1]
        assert secret not in json.dumps(masked)
        assert secret not in json.dumps(stack.export())
        return found

    def works(found: str) -> bool:
        bucket = stack.outputs()["teams"]["vision"]["bucketName"]
        key, secret = keys_of(found)
        s3 = aws.client("s3", Credentials("the credential", key, secret))
        try:
            s3.put_object(Bucket=bucket, Key="vision/data", Body=b"1")
        except s3.exceptions.ClientError:
            return False
        return True

    first = address()
    assert aws.user(user)["keys"] == [(keys_of(first)[0], "Active")]
    assert works(first)

    stack.set(teams=team("2026-11", "2027-02"))
    assert stack.up().ok().ops() == {"AccessKey vision-2027-02": "create"}
    second = address()
    assert keys_of(second) != keys_of(first)
    assert {k for k, _ in aws.user(user)["keys"]} == {keys_of(first)[0], keys_of(second)[0]}
    assert works(first)
    assert works(second)

    stack.set(teams=team("2027-02"))
    assert stack.up(preview=True).ok().ops() == {"AccessKey vision-2026-11": "delete"}
    assert address() == second
    assert aws.user(user)["keys"] == [(keys_of(second)[0], "Active")]
    assert not works(first)
    assert works(second)

    # A third label beside two is refused before anything is asked of IAM, which would refuse it as well.
    stack.set(teams=team("2027-02", "2027-05", "2027-08"))
    stack.up().refused("byob:teams.vision.credentialKeys", "IAM allows two live keys")
    # The whole credential cannot be dropped by mistake: it is protected.
    stack.set(teams={"vision": {"paths": ["vision"], "principals": []}})
    stack.up().refused("because it is protected")
    assert works(second)
    stack.set(teams=team("2027-02"))
    assert stack.up("--expect-no-changes").ok().ops() == {}
