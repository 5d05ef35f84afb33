"""The identity for W&B on another cloud: its rights are the grant's, its keys rotate, its address is secret."""

import json
from typing import Any

import pytest

from byob_components.aws import AwsByob, AwsCredential
from byob_components.wandb import access
from tests.mocks.aws import record
from tests.mocks.monitor import Run

STORE: dict[str, Any] = {"deployment": "self_managed", "level": "team", "region": "eu-west-1", "principals": []}
SECRET = "secret+of/vision-2026-11="
ESCAPED = "secret%2Bof%2Fvision-2026-11%3D"
ADDRESS = f"s3://vision-2026-11-id:{ESCAPED}@s3.eu-west-1.amazonaws.com/vision-a1b2c3d/team/a?region=eu-west-1"


def keys(seen: Run) -> dict[str, str]:
    return {r.name: r.inputs["status"] for r in seen.resources if r.kind == "AccessKey"}


def test_one_key() -> None:
    seen = record(AwsByob, {**STORE, "credential_keys": ["2026-11"]})
    assert keys(seen) == {"vision-2026-11": "Active"}
    assert {r.kind for r in seen.resources if r.type.startswith("aws:iam")} == {"User", "UserPolicy", "AccessKey"}


def test_two_keys_during_a_rotation_the_address_carries_the_newest() -> None:
    seen = record(AwsByob, {**STORE, "paths": ["team/a"], "credential_keys": ["2026-05", "2026-11"]})
    assert keys(seen) == {"vision-2026-05": "Active", "vision-2026-11": "Active"}
    assert seen.value("storage_addresses") == {"team/a": ADDRESS}
    assert seen.outputs["storage_addresses"].secret


def test_a_rotation_touches_no_other_resource() -> None:
    def rest(labels: list[str]) -> dict[str, Any]:
        seen = record(AwsByob, {**STORE, "credential_keys": labels})
        return {r.key: r.inputs for r in seen.resources if r.kind != "AccessKey"}

    assert rest(["a"]) == rest(["a", "b"]) == rest(["b"])


def test_options_of_its_children() -> None:
    seen = record(AwsCredential, {"bucket_name": "theirs", "credential_keys": ["a", "b"]})
    options = {r.kind: (r.protect, r.deleted_with, r.retain_on_delete, r.ignore_changes) for r in seen.resources}
    assert options["User"] == options["UserPolicy"] == (True, "", None, ())
    assert options["AccessKey"] == (False, "", None, ())
    assert {r.parent for r in seen.resources if r.custom} == {"wandb-byob:index:AwsCredential::vision"}
    assert seen.one("UserPolicy").dependencies == {
        "aws:iam/user:User::vision",
        "aws:iam/accessKey:AccessKey::vision-a",
        "aws:iam/accessKey:AccessKey::vision-b",
    }
    assert set(seen.one("AccessKey", "vision-a").secret_outputs) >= {"secret"}


def test_its_rights_are_the_grants_and_no_more() -> None:
    seen = record(AwsByob, {**STORE, "credential_keys": ["a"]})
    statements = json.loads(seen.one("UserPolicy").inputs["policy"])["Statement"]
    assert [s["Effect"] for s in statements] == ["Allow", "Allow"]
    assert [a for s in statements for a in s["Action"]] == [*access.AWS_S3_DOCUMENTED, *access.AWS_KMS_DOCUMENTED]
    assert "*" not in {
        r for s in statements for r in ([s["Resource"]] if isinstance(s["Resource"], str) else s["Resource"])
    }


def test_without_a_key_it_has_no_rights_on_keys() -> None:
    seen = record(AwsByob, {**STORE, "credential_keys": ["a"], "encryption": "provider_managed"})
    assert "kms:" not in seen.one("UserPolicy").inputs["policy"]


def test_nobody_else_holds_a_grant_unless_named() -> None:
    alone = record(AwsByob, {"deployment": "dedicated", "level": "team", "credential_keys": ["a"]})
    assert alone.value("principals") == []
    assert "830241207209" not in alone.one("BucketPolicy").inputs["policy"]
    named = record(
        AwsByob,
        {
            "deployment": "dedicated",
            "level": "team",
            "credential_keys": ["a"],
            "principals": ["arn:aws:iam::830241207209:root"],
        },
    )
    assert "830241207209" in named.one("BucketPolicy").inputs["policy"]


def test_the_secret_is_in_secret_outputs_only_and_in_no_input() -> None:
    seen = record(AwsByob, {**STORE, "credential_keys": ["2026-11"]})
    assert {name for name, one in seen.outputs.items() if one.secret} == {"storage_addresses", "server_secrets"}
    for name, one in seen.outputs.items():
        held = SECRET in json.dumps(one.value) or ESCAPED in json.dumps(one.value)
        assert held is one.secret, name
    for resource in seen.resources:
        assert SECRET not in json.dumps(resource.inputs)
        assert ESCAPED not in json.dumps(resource.inputs)
    assert seen.value("server_secrets") == {"GORILLA_SUPPORTED_FILE_STORES": seen.value("storage_addresses")["/"]}
    assert "****:****@" in json.dumps(seen.value("handoffs"))


def test_the_credentials_own_outputs() -> None:
    seen = record(AwsCredential, {"bucket_name": "theirs", "credential_keys": ["2026-11"]})
    assert seen.value("user_arn") == "arn:aws:iam::111122223333:user/wandb-byob/vision-a1b2c3d"
    assert seen.value("access_key_id") == "vision-2026-11-id"
    assert seen.value("secret_access_key") == SECRET
    assert {name for name, one in seen.outputs.items() if one.secret} == {"secret_access_key"}


def test_a_preview_marks_the_address_as_secret_before_it_is_known() -> None:
    seen = record(AwsByob, {**STORE, "credential_keys": ["a"]}, preview=True)
    assert (seen.outputs["storage_addresses"].known, seen.outputs["storage_addresses"].secret) == (False, True)


@pytest.mark.parametrize("region", ["cn-north-1", "eu-west-1", "us-gov-east-1"])
def test_the_address_names_the_endpoint_of_the_region(region: str) -> None:
    seen = record(AwsByob, {**STORE, "region": region, "credential_keys": ["a"]})
    suffix = {"cn-north-1": "amazonaws.com.cn"}.get(region, "amazonaws.com")
    assert f"@s3.{region}.{suffix}/vision-a1b2c3d?region={region}" in seen.value("storage_addresses")["/"]
