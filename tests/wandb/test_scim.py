"""The SCIM call that makes a team with its storage: the examples of W&B's page, and what belongs to one cloud only."""

from __future__ import annotations

from typing import Any

import pytest

from byob_components.errors import ByobError
from byob_components.wandb import scim
from byob_components.wandb.address import StorageAddress
from byob_components.wandb.deployment import Cloud

TENANT, CLIENT = "12345678-1234-1234-1234-123456789012", "87654321-4321-4321-4321-210987654321"
KEY = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"
ROWS: list[tuple[StorageAddress, dict[str, str], dict[str, str]]] = [
    (
        StorageAddress(Cloud.COREWEAVE, "wandb-coreweave-bucket", "ml-training/experiments"),
        {},
        {"name": "wandb-coreweave-bucket", "provider": "COREWEAVE", "path": "ml-training/experiments"},
    ),
    (
        StorageAddress(Cloud.AWS, "my-company-wandb-data", "ml-team/experiments"),
        {"kms_key_arn": KEY, "aws_external_id": "wandb-external-id-abc123"},
        {
            "name": "my-company-wandb-data",
            "provider": "AWS",
            "path": "ml-team/experiments",
            "kmsKeyId": KEY,
            "awsExternalId": "wandb-external-id-abc123",
        },
    ),
    (
        StorageAddress(Cloud.AZURE, "research", "artifacts", account="wandbstorage"),
        {"azure_tenant_id": TENANT, "azure_client_id": CLIENT},
        {
            "name": "wandbstorage",
            "provider": "AZURE",
            "path": "research/artifacts",
            "azureTenantId": TENANT,
            "azureClientId": CLIENT,
        },
    ),
    (
        StorageAddress(Cloud.GCP, "my-gcs-bucket", "data-science/runs"),
        {},
        {"name": "my-gcs-bucket", "provider": "GCP", "path": "data-science/runs"},
    ),
    (StorageAddress(Cloud.AWS, "acme"), {}, {"name": "acme", "provider": "AWS"}),
    (
        StorageAddress(
            Cloud.S3_COMPATIBLE, "wandb", endpoint="h:1", region="r", access_key="AK", secret_key="TOPSECRET"
        ),
        {},
        {"name": "wandb", "provider": "MINIO"},
    ),
]


@pytest.mark.parametrize(("address", "more", "made"), ROWS)
def test_storage_bucket(address: StorageAddress, more: dict[str, str], made: dict[str, str]) -> None:
    assert scim.storage_bucket(address, **more) == made


def test_the_body() -> None:
    body: dict[str, Any] = scim.create_team("vision", {"name": "acme", "provider": "AWS"}, ["jane@example.com"])
    assert body == {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "vision",
        "members": [{"value": "jane@example.com"}],
        "storageBucket": {"name": "acme", "provider": "AWS"},
    }
    assert scim.create_team("vision", {})["members"] == []
    assert scim.ENDPOINT == "/scim/Groups"


@pytest.mark.parametrize(
    ("cloud", "more", "where"),
    [
        (Cloud.GCP, {"kms_key_arn": KEY}, ["kms_key_arn"]),
        (Cloud.COREWEAVE, {"kms_key_arn": KEY}, ["kms_key_arn"]),
        (Cloud.S3_COMPATIBLE, {"aws_external_id": "x"}, ["aws_external_id"]),
        (Cloud.AWS, {"azure_tenant_id": TENANT, "azure_client_id": CLIENT}, ["azure_tenant_id", "azure_client_id"]),
    ],
)
def test_what_belongs_to_another_cloud(cloud: Cloud, more: dict[str, str], where: list[str]) -> None:
    with pytest.raises(ByobError) as told:
        scim.storage_bucket(StorageAddress(cloud, "acme"), **more)
    assert [(f.code, f.where) for f in told.value.faults] == [("BYOB-WANDB-053", name) for name in where]
