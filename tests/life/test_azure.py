"""The life of a store on Azure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from byob_components.wandb.address import parse
from sandbox.clouds.azure.accounts import LOCATION, SUBSCRIPTION_SCOPE
from tests.engine.readings import changed
from tests.engine.workbench import Workbench
from tests.life.azure import WORKSPACE, LocalAzure, cors, key_role
from tests.life.azure_calls import LOCKS, VAULTS
from tests.life.cloud import Made
from tests.life.contract import Bench, LifeOfAStore
from tests.life.secrets import SecretsStayHidden

pytestmark = [pytest.mark.engine, pytest.mark.server]


class TestAzure(LifeOfAStore):
    local = LocalAzure

    def after_a_release(self, stack: Workbench, cloud: Any, made: Made) -> None:
        """The name is free: a team of it gets a store of its own, beside the one that W&B still reads and no line knows."""
        before, inventory = cloud.read(made), cloud.inventory()
        teams = stack.settings()["config"]["byob:teams"]
        stack.set(teams={**teams, "vision": {**cloud.team, **cloud.leaving}})
        ops = stack.up().ok().ops()
        assert set(ops.values()) == {"create"}
        assert ops.keys() >= cloud.leaving_store
        anew = self.take(stack)["vision"]
        cloud.put(anew, "run/data")
        assert [cloud.wandb_reads(one, "run/data") for one in (anew, made)] == [True, True]
        assert cloud.read(anew)["grants"] == before["grants"] != {}
        assert changed(before, cloud.read(made)) == {}
        assert inventory.items() < cloud.inventory().items()

    def test_a_destroy_that_a_lock_stops_is_taken_back_or_carried_on(self, bench: Bench, cloud: LocalAzure) -> None:
        """Azure's provider makes nothing that is there: what the state forgot is imported, or the destroy ends."""
        team = {**cloud.team, "protection": "unprotected"}
        stack = bench({"vision": team})
        stack.up().ok()
        made, resources = self.take(stack)["vision"], stack.state()
        cloud.put(made, "run/data")
        account = made.ids["StorageAccount vision"]
        theirs = f"{account}/providers/{LOCKS}/theirs"
        before = cloud.read(made)
        cloud.world.done("PUT", theirs, {"properties": {"level": "CanNotDelete"}})
        stack.destroy().refused("ScopeLocked")
        cloud.world.done("DELETE", theirs)
        assert changed(before, cloud.read(made)) == {}
        forgotten = {name: one["id"] for name, one in resources.items() if name not in stack.state() and one["custom"]}
        assert forgotten.keys() == {"BlobServiceProperties vision", "BlobContainer vision", "ManagementPolicy vision"}
        stack.up().refused("cannot create already existing resource")

        stack.import_file(self.entries(stack, lambda kind, name: forgotten.get(f"{kind} {name}"))).ok()
        assert stack.up().ok().ops() == {}
        assert changed(before, cloud.read(made)) == {}
        stack.destroy().ok()
        assert cloud.world.call("GET", account).status_code == 404

    def test_a_vault_of_a_fixed_name_is_recovered_after_a_destroy(self, bench: Bench, cloud: LocalAzure) -> None:
        """Nobody frees the name of a vault before its window ends: a second `up` wants the one that is there, recovered
        and imported."""
        group = f"{SUBSCRIPTION_SCOPE}/resourceGroups/fixed"
        cloud.world.done("PUT", group, {"location": LOCATION})
        named = {"resourceGroupName": "fixed", "kmsVaultName": "fixed-vault", "kmsKeyName": "fixed-key"}
        team = {**cloud.team, **cloud.whole, **named, "protection": "unprotected"}
        stack = bench({"vision": team})
        stack.up().ok()
        made = self.take(stack)["vision"]
        stack.destroy().ok()
        stack.up().refused("already exists in deleted state")

        vault = f"{group}/providers/{VAULTS}/fixed-vault"
        cloud.world.done("PUT", vault, {"location": LOCATION, "properties": {"createMode": "recover"}})
        ids = {"Vault": vault, "Key": f"{vault}/keys/fixed-key"}
        stack.import_file(self.entries(stack, lambda kind, _: ids.get(kind))).ok()
        ops = stack.up().ok().ops()
        assert (ops["StorageAccount vision"], ops[key_role("vision")]) == ("create", "create")
        assert not {"Vault vision", "Key vision"} & ops.keys()
        assert self.take(stack)["vision"].outputs["kmsKeyId"] == made.outputs["kmsKeyId"]


class TestAzureSecrets(SecretsStayHidden):
    """Principals, issuers and namespaces are not among them: Azure shows roles and trust to whoever may look."""

    local = LocalAzure
    program = f"""
from byob_components.azure import AzureByob

store = AzureByob("planted", {{
    "deployment": "self_managed", "level": "team", "location": "{LOCATION}", "mode": "access_key",
    "protection": "unprotected", "encryption": "new_key", "tags": {{"owner": one("tag")}},
    "cors_origins": [one("origin")], "access_log_workspace_id": one("workspace"),
}})
pulumi.export("account", store.account_name)
pulumi.export("addresses", store.storage_addresses)
pulumi.export("handoffs", store.handoffs)
pulumi.export("keyId", store.kms_key_id)
pulumi.export("serverEnv", store.server_env)
pulumi.export("serverSecrets", store.server_secrets)
"""
    planted = {  # noqa: RUF012
        "tag": "planted-tag-8d1c2f",
        "origin": "https://planted-origin-8d1c2f.example.com",
        "workspace": f"{WORKSPACE}-planted-8d1c2f",
    }
    masked = frozenset({"addresses", "serverSecrets"})

    def arrived(self, cloud: Any, outputs: Mapping[str, Any]) -> None:
        account = cloud.named(outputs["account"])
        assert account["tags"].items() >= {"owner": self.planted["tag"]}.items()
        service = f"{account['id']}/blobServices/default"
        rules = cloud.world.done("GET", service)["properties"]["cors"]["corsRules"]
        assert rules == cors(self.planted["origin"])
        (logs,) = cloud.all_of(service, "Microsoft.Insights/diagnosticSettings")
        assert logs["properties"]["workspaceId"] == self.planted["workspace"]

    def made(self, cloud: Any, outputs: Mapping[str, Any]) -> dict[str, str]:
        keys = cloud.world.done("POST", f"{cloud.named(outputs['account'])['id']}/listKeys")["keys"]
        found = {one["keyName"]: one["value"] for one in keys}
        (address,) = outputs["addresses"].values()
        assert parse(address).secret_key == found["key1"]
        assert address in json.dumps(outputs["serverSecrets"])
        return {**found, "the address": address, "the deployer's secret": cloud.accounts.deployer.secret}
