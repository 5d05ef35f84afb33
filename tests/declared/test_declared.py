"""What is verified is what the state declares: store by store, as the verification of its cloud takes it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import certifi
import pytest

from byob_components.declared import Target, read_export, targets
from byob_components.errors import ByobError
from byob_components.verify import AzureStore, GcsStore, S3Store
from tests.declared import exports

STATES = Path(__file__).resolve().parents[1] / "evidence" / "states"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/d26c4af2-5598-46de-9c09-7cfbf34145c7"


def found(text: str) -> dict[str, Target]:
    return {target.name: target for holder in read_export(text).holders for target in targets(holder)}


def recorded(cloud: str) -> dict[str, Target]:
    return found((STATES / f"{cloud}.json").read_text())


def test_stores_on_aws() -> None:
    stores = recorded("aws")
    assert {name: target.store for name, target in stores.items()} == {
        "lidar": S3Store("lidar-da32e61", "eu-west-1", encryption="AES256", noncurrent_days=30),
        "vision": S3Store(
            "vision-47d4f61", "eu-west-1", encryption="aws:kms", kms_key_id=KEY, noncurrent_days=30, account_id="111122223333"
        ),
    }  # fmt: skip
    assert [target.family for target in stores.values()] == ["s3", "s3"]
    assert stores["lidar"].address is None, "its keys are encrypted in this export"


def test_rights_and_origins_of_a_store_on_aws() -> None:
    text = exports.export(*exports.aws(minimal=True, origins=("https://wandb.example.com",)))
    store = found(text)["vision"].store
    assert isinstance(store, S3Store)
    assert (store.path, store.access, store.cors_origins) == ("vision", "minimal", ("https://wandb.example.com",))
    assert (store.tls_only, store.encryption, store.kms_key_id) == (True, "AES256", "")
    assert store.noncurrent_days == 30, "the rule for logs/ is none for W&B's objects"


def test_a_provider_that_was_sent_elsewhere_is_followed(tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    shutil.copy(certifi.where(), authority)
    settings = {
        "endpoints": '[{"s3":"https://s3.example","kms":"https://kms.example"}]', "s3UsePathStyle": "true", "customCaBundle": str(authority),
    }  # fmt: skip
    store = found(exports.export(*exports.aws(settings=settings)))["vision"].store
    assert isinstance(store, S3Store)
    assert (store.endpoint, store.kms_endpoint, store.path_style) == ("https://s3.example", "https://kms.example", True)
    assert store.ca_bundle == str(authority)


def test_stores_on_google_cloud() -> None:
    stores = {name: target.store for name, target in recorded("gcp").items()}
    key = "projects/byob-customer/locations/europe-west1/keyRings/robotics-4437a16/cryptoKeys/robotics-69cfd61"
    assert stores == {
        "lidar": GcsStore(
            "lidar-82f2fee",
            "europe-west1",
            principals=["lidar-b2c6769@byob-customer.iam.gserviceaccount.com"],
            noncurrent_days=30,
            soft_delete_days=7,
        ),
        "robotics": GcsStore(
            "robotics-d98c7a1",
            "europe-west1",
            path="robotics",
            kms_key_id=key,
            principals=["sandbox-instance@wandb-production.iam.gserviceaccount.com"],
            access="minimal",
            cors_origins=["https://wandb.example.com"],
            noncurrent_days=30,
            soft_delete_days=7,
        ),
    }


def test_a_store_on_azure() -> None:
    data = json.loads((STATES / "azure.json").read_text())
    account = next(one for one in data["deployment"]["resources"] if one["type"].endswith(":StorageAccount"))
    account["id"] = "/subscriptions/s-1/resourceGroups/g-1/providers/Microsoft.Storage/storageAccounts/roboticse90f8220"
    account["outputs"] = {"primaryEndpoints": {"blob": "https://roboticse90f8220.blob.core.windows.net/"}}
    assert found(json.dumps(data))["robotics"].store == AzureStore(
        "roboticse90f8220",
        "robotics",
        "westeurope",
        "keyless",
        path="robotics",
        resource_id="/subscriptions/s-1/resourceGroups/g-1/providers/Microsoft.Storage/storageAccounts/roboticse90f8220",
        endpoint="https://roboticse90f8220.blob.core.windows.net",
        kms_key_id="https://localhost:37107/keys/robotics",
        access="minimal",
        principals=["fc7b7927-6fb0-5b57-a2c0-f76f26917770"],
        cors_origins=["https://wandb.example.com"],
        soft_delete_days=7,
        container_soft_delete_days=30,
        noncurrent_days=30,
    )


@pytest.mark.parametrize(
    ("roles", "shared_key", "address", "mode", "access"),
    [
        (["17d1049b-9a84-46fb-8f53-869881c3d3ab", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"], True, "", "team_connector", "documented"),
        (["acdd72a7-3385-48ef-bd42-f606fba81ae7", "ba92f5b4-2d11-453d-a403-e96b0029c9fe"], False, "", "keyless", "documented"),
        ([], False, "", "keyless", "documented"),
        ([], True, "", "team_connector", "documented"),
        ([], True, "sealed", "access_key", "documented"),
        ([], True, "az://:a2V5@acmevision/vision", "access_key", "documented"),
    ],
)  # fmt: skip
def test_how_wandb_comes_to_its_rights_on_azure(
    roles: list[str], shared_key: bool, address: str, mode: str, access: str
) -> None:
    top = exports.component(
        "AzureByob",
        "vision",
        accountName="acmevision",
        bucketName="vision",
        region="westeurope",
        paths=["/"],
        kmsKeyId="",
        principals=[],
        storageAddresses=exports.sealed() if address == "sealed" else {"/": address or "az://acmevision/vision"},
    )
    account = exports.child(top, "azure-native:storage:StorageAccount", allowSharedKeyAccess=shared_key)
    account["id"] = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acmevision"
    assigned = [
        exports.child(
            top,
            "azure-native:authorization:RoleAssignment",
            roleDefinitionId=f"/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/{role}",
            scope=account["id"],
        )
        for role in roles
    ]
    store = found(exports.export(top, account, *assigned))["vision"].store
    assert isinstance(store, AzureStore)
    assert (store.mode, store.access) == (mode, access)
    assert store.soft_delete_days == 0, "nothing was declared"


def test_a_server_of_ones_own() -> None:
    (holder,) = read_export(exports.export(*exports.server(secrets=True))).holders
    (target,) = targets(holder)
    assert not holder.sealed
    assert target.store == S3Store(
        "lidar-1",
        "local",
        cloud="s3_compatible",
        endpoint="https://store.example:9000",
        path_style=True,
        noncurrent_days=30,
        lacks=["public_access_block", "cors"],
    )
    assert target.address is not None
    assert (target.address.access_key, target.address.secret_key) == ("wandb", "s3cr3t")
    assert "s3cr3t" not in repr(target) + repr(holder)


def test_a_server_whose_place_is_a_secret_that_the_export_does_not_show() -> None:
    (holder,) = read_export(exports.export(*exports.server(secrets=False))).holders
    assert holder.sealed
    with pytest.raises(ByobError, match=r"BYOB-CLI-004 stack: does not show where the server of 'lidar' is"):
        targets(holder)


def test_a_server_whose_place_is_no_secret() -> None:
    resources = exports.server(secrets=False)
    resources[0]["inputs"] |= {"endpoints": '[{"s3":"http://store.example:9000"}]', "region": "local"}
    (holder,) = read_export(exports.export(*resources)).holders
    (target,) = targets(holder)
    assert holder.sealed, "the keys in the address are"
    assert isinstance(target.store, S3Store)
    assert (target.store.endpoint, target.store.region, target.address) == ("http://store.example:9000", "local", None)


def test_coreweave() -> None:
    store = recorded("coreweave")["vision"].store
    assert isinstance(store, S3Store)
    assert (store.endpoint, store.path_style, store.tls_only) == ("https://cwobject.com", False, False)
    assert (store.noncurrent_days, store.lacks) == (30, ("public_access_block",))


def test_teams_of_a_shared_store_are_known_by_their_own_names() -> None:
    shared = exports.aws("shared-1", paths=("vision", "robotics"), name="shared")
    teams = {
        "looking": {"bucketName": "shared-1", "paths": ["vision"]},
        "walking": {"bucketName": "shared-1", "paths": ["robotics"]},
    }
    read = read_export(exports.export(exports.stack(**teams), *shared))
    assert (read.stack, read.names) == ("shop/prod", ["looking", "shared", "walking"])
    assert {t.name: (t.holder, t.store.path) for t in targets(read.holders[0])} == {
        "looking": ("shared", "vision"),
        "walking": ("shared", "robotics"),
    }
    alone = read_export(exports.export(*shared))
    assert [target.name for target in targets(alone.holders[0])] == ["shared/vision", "shared/robotics"]


def test_what_is_about_to_be_deleted_is_no_store() -> None:
    gone = [one | {"delete": True} for one in exports.aws("old-1", name="old")]
    assert read_export(exports.export(*gone, *exports.aws())).names == ["vision"]


def broken(change: Any) -> str:
    data = json.loads(exports.export(*exports.aws()))
    change(data["deployment"]["resources"])
    return json.dumps(data)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "BYOB-CLI-004 stack: is not JSON"),
        ("[]", "BYOB-CLI-004 stack: is no export"),
        ('{"teams": {}}', "BYOB-CLI-004 stack: is no export"),
        ('{"deployment": {"resources": [{}]}}', "BYOB-CLI-004 stack: has a resource that cannot be read"),
        ('{"deployment": {}}', "BYOB-CLI-005 stack: holds no store"),
        (broken(lambda all: all[1]["outputs"].pop("bucketName")), "BYOB-CLI-004 stack: has a declaration of 'vision'"),
        (broken(lambda all: all[-1].update(inputs={"rules": 7})), "BYOB-CLI-004 stack: has a declaration of 'vision'"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_fault_and_no_traceback(text: str, code: str) -> None:
    with pytest.raises(ByobError) as refused:
        found(text)
    assert code in str(refused.value)
