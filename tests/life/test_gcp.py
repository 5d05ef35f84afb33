"""The life of a store on Google Cloud."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from byob_components.wandb.address import parse
from tests.life.contract import Bench, LifeOfAStore
from tests.life.gcp import LocalGoogle, cors
from tests.life.secrets import SecretsStayHidden

pytestmark = [pytest.mark.engine, pytest.mark.server]


class TestGcp(LifeOfAStore):
    local = LocalGoogle

    def test_a_key_of_a_fixed_name_is_taken_up_again_after_a_destroy(self, bench: Bench, cloud: LocalGoogle) -> None:
        """Cloud KMS never frees the names of rings and keys: a second `up` wants the ones that are there, imported."""
        team = {**cloud.team, **cloud.adopting("fixed-name"), "protection": "unprotected"}
        stack = bench({"vision": team})
        stack.up().ok()
        made = self.take(stack)["vision"]
        stack.destroy().ok()
        ring, key = made.ids["KeyRing vision"], made.ids["CryptoKey vision"]
        stack.up().refused("409", f"KeyRing {ring} already exists")

        ids = {"KeyRing": ring, "CryptoKey": key}
        stack.import_file(self.entries(stack, lambda kind, _: ids.get(kind))).ok()
        cloud.call("POST", f"{key}/cryptoKeyVersions/1:restore", {})
        cloud.call("PATCH", f"{key}/cryptoKeyVersions/1", {"state": "ENABLED"}, updateMask="state")
        ops = stack.up().ok().ops()
        assert (ops["Bucket vision"], ops["CryptoKey vision"], "KeyRing vision" in ops) == ("create", "update", False)
        assert self.take(stack)["vision"].ids["CryptoKey vision"] == key
        assert stack.preview("--refresh", "--expect-no-changes").ok().ops() == {}


class TestGcpSecrets(SecretsStayHidden):
    """Principals are not among them: a member's id holds its name, and Google shows policies."""

    local = LocalGoogle
    program = """
from byob_components.gcp import GcpBucket, GcpByob, GcpCredential

store = GcpByob("planted", {
    "deployment": "self_managed", "level": "team", "location": "europe-west1", "protection": "unprotected",
    "encryption": "new_key", "labels": {"owner": one("label")}, "cors_origins": [one("origin")],
    "credential_keys": ["a", "b"],
})
logs = GcpBucket("planted-logs", {
    "location": "europe-west1", "protection": "unprotected", "labels": {"owner": one("label")},
    "access_log_bucket": store.bucket_name, "access_log_prefix": one("logs"),
})
apart = GcpCredential("planted-apart", {
    "bucket_name": logs.bucket_name, "credential_keys": ["a"], "protection": "unprotected",
})
pulumi.export("bucket", store.bucket_name)
pulumi.export("logs", logs.bucket_name)
pulumi.export("addresses", store.storage_addresses)
pulumi.export("serverEnv", store.server_env)
pulumi.export("serverSecrets", store.server_secrets)
pulumi.export("handoffs", store.handoffs)
pulumi.export("account", apart.service_account_email)
pulumi.export("privateKey", apart.private_key)
"""
    planted = {  # noqa: RUF012
        "label": "planted-label-8d1c2f",
        "origin": "https://planted-origin-8d1c2f.example.com",
        "logs": "planted-prefix-8d1c2f/",
    }
    masked = frozenset({"addresses", "serverSecrets", "privateKey"})

    def arrived(self, cloud: Any, outputs: Mapping[str, Any]) -> None:
        store, logs = (cloud.call("GET", f"b/{outputs[name]}") for name in ("bucket", "logs"))
        assert store["labels"].items() >= {"owner": self.planted["label"]}.items()
        assert store["cors"] == cors(self.planted["origin"])
        assert logs["logging"]["logObjectPrefix"] == self.planted["logs"]

    def made(self, cloud: Any, outputs: Mapping[str, Any]) -> dict[str, str]:
        (address,) = outputs["addresses"].values()
        keys = {
            "the store's private key": parse(address).secret_key,
            "the other private key": outputs["privateKey"],
            "the deployer's private key": cloud.server.accounts.deployer.key_file["private_key"],
        }
        assert len({*keys.values()}) == 3
        assert address in json.dumps(outputs["serverSecrets"])
        found = {"the address": address}
        for name, key in keys.items():
            lines = key.strip().splitlines()
            assert (lines[0], len(lines[5])) == ("-----BEGIN PRIVATE KEY-----", 64)
            # A line alone would be found in a credentials file too, whatever stands around it and however it is encoded.
            found |= {name: key, f"{name}, line 5": lines[5]}
        return found
