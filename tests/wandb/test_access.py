"""The sets of rights, written down from W&B's page; the minimal ones are less, never more."""

from __future__ import annotations

import fnmatch

import pytest

from byob_components.wandb import access
from byob_components.wandb.access import (
    Access,
    AzureMode,
    AzureRoles,
    azure_roles,
    check_access,
    default_azure_mode,
    gcp_roles,
)
from byob_components.wandb.deployment import Cloud, Level
from byob_components.wandb.source import AZURE_KEYLESS, AZURE_MODULE

THE_11 = (
    "s3:GetObject*",
    "s3:GetEncryptionConfiguration",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:ListBucketVersions",
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:PutObject",
    "s3:GetBucketCORS",
    "s3:GetBucketLocation",
    "s3:GetBucketVersioning",
)


def test_aws_documented() -> None:
    assert access.AWS_S3_DOCUMENTED == THE_11
    assert access.AWS_KMS_DOCUMENTED == (
        "kms:Decrypt",
        "kms:Describe*",
        "kms:Encrypt",
        "kms:ReEncrypt*",
        "kms:GenerateDataKey*",
    )
    assert (access.AWS_POLICY_ID, access.AWS_STATEMENT_SID) == ("WandBAccess", "WAndBAccountAccess")
    assert access.AWS_KMS_USAGE == "ENCRYPT_DECRYPT"


def test_aws_minimal_is_written_out_and_inside_the_documented_set() -> None:
    minimal = access.AWS_S3_MINIMAL_BUCKET + access.AWS_S3_MINIMAL_OBJECT
    assert sorted(minimal) == [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetBucketCORS",
        "s3:GetBucketLocation",
        "s3:GetBucketVersioning",
        "s3:GetEncryptionConfiguration",
        "s3:GetObject",
        "s3:GetObjectAttributes",
        "s3:GetObjectVersion",
        "s3:GetObjectVersionAttributes",
        "s3:ListBucket",
        "s3:ListBucketMultipartUploads",
        "s3:ListBucketVersions",
        "s3:PutObject",
    ]
    assert all(any(fnmatch.fnmatchcase(action, wide) for wide in THE_11) for action in minimal)
    keys = access.AWS_KMS_MINIMAL_DATA + access.AWS_KMS_MINIMAL_FREE
    assert all(any(fnmatch.fnmatchcase(a, wide) for wide in access.AWS_KMS_DOCUMENTED) for a in keys)
    assert not any("*" in action for action in minimal + keys)
    assert {f"kms:{operation}" for operation in access.AWS_KMS_GRANT_OPERATIONS} == set(keys)


@pytest.mark.parametrize(
    "never", ["s3:DeleteObjectVersion", "s3:PutObjectAcl", "s3:PutBucketPolicy", "s3:CreateBucket"]
)
def test_what_w_and_b_does_not_get(never: str) -> None:
    everything = THE_11 + access.AWS_S3_MINIMAL_BUCKET + access.AWS_S3_MINIMAL_OBJECT
    assert not any(fnmatch.fnmatchcase(never, action) for action in everything)


def test_google() -> None:
    assert gcp_roles(Access.DOCUMENTED) == ("roles/storage.admin",)
    assert gcp_roles(Access.MINIMAL) == ("roles/storage.objectUser", "roles/storage.legacyBucketReader")
    assert access.GCP_SIGNER_ROLE == "roles/iam.serviceAccountTokenCreator"
    assert access.GCP_KEY_ROLE == "roles/cloudkms.cryptoKeyEncrypterDecrypter"


def test_azure() -> None:
    connector = AzureRoles(("Storage Account Contributor", "Storage Blob Data Owner"), (), True, "", AZURE_MODULE)
    assert azure_roles(Level.TEAM, Access.DOCUMENTED) == connector
    keyless = AzureRoles(("Reader", "Storage Blob Data Contributor"), (), False, "0.44.0", AZURE_KEYLESS)
    assert azure_roles(Level.INSTANCE, Access.DOCUMENTED) == keyless
    assert azure_roles(Level.INSTANCE, Access.MINIMAL) == AzureRoles(
        ("Reader", "Storage Blob Delegator"), ("Storage Blob Data Contributor",), False, "0.44.0", AZURE_KEYLESS
    )


def test_coreweave() -> None:
    assert access.COREWEAVE_S3_DOCUMENTED == THE_11
    assert access.COREWEAVE_S3_MINIMAL_BUCKET + access.COREWEAVE_S3_MINIMAL_OBJECT == (
        access.AWS_S3_MINIMAL_BUCKET + access.AWS_S3_MINIMAL_OBJECT
    )
    assert access.COREWEAVE_PRINCIPAL_KEY == "CW"
    assert access.COREWEAVE_ORG_CONDITION == "wandb:OrgID"
    assert (access.COREWEAVE_STATEMENT_SID, access.COREWEAVE_OWN_ORG_SID) == ("AllowWandbUser", "AllowUsersInOrg")


def test_azure_by_mode() -> None:
    assert default_azure_mode(Level.TEAM) is AzureMode.TEAM_CONNECTOR
    assert default_azure_mode(Level.INSTANCE) is AzureMode.KEYLESS
    keyless = azure_roles(Level.INSTANCE, Access.DOCUMENTED)
    assert azure_roles(Level.TEAM, Access.DOCUMENTED, AzureMode.KEYLESS) == keyless
    assert azure_roles(Level.TEAM, Access.MINIMAL, AzureMode.KEYLESS) == azure_roles(Level.INSTANCE, Access.MINIMAL)
    for level in Level:
        by_key = azure_roles(level, Access.DOCUMENTED, AzureMode.ACCESS_KEY)
        assert (by_key.account, by_key.container, by_key.shared_key, by_key.chart) == ((), (), True, "")


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        (AzureMode.KEYLESS, []),
        (AzureMode.TEAM_CONNECTOR, ["BYOB-WANDB-004"]),
        (AzureMode.ACCESS_KEY, ["BYOB-WANDB-004"]),
    ],
)
def test_minimal_on_azure_is_for_keyless_alone(mode: AzureMode, code: list[str]) -> None:
    for level in Level:
        faults = check_access(Access.MINIMAL, level, Cloud.AZURE, ["runs"], mode)
        assert [fault.code for fault in faults] == code
        assert check_access(Access.DOCUMENTED, level, Cloud.AZURE, ["runs"], mode) == []


# access, level, cloud, paths, code
CHECKS = [
    (Access.MINIMAL, Level.INSTANCE, Cloud.AWS, ["runs"], "BYOB-WANDB-002"),
    (Access.MINIMAL, Level.INSTANCE, Cloud.COREWEAVE, ["runs"], "BYOB-WANDB-002"),
    (Access.MINIMAL, Level.INSTANCE, Cloud.S3_COMPATIBLE, ["/", "runs"], "BYOB-WANDB-002"),
    (Access.MINIMAL, Level.INSTANCE, Cloud.GCP, ["runs"], ""),
    (Access.MINIMAL, Level.INSTANCE, Cloud.AZURE, ["runs"], ""),
    (Access.MINIMAL, Level.INSTANCE, Cloud.AWS, [], ""),
    (Access.MINIMAL, Level.INSTANCE, Cloud.AWS, ["/"], ""),
    (Access.MINIMAL, Level.TEAM, Cloud.AWS, ["runs"], ""),
    (Access.MINIMAL, Level.TEAM, Cloud.AZURE, [], "BYOB-WANDB-004"),
    (Access.DOCUMENTED, Level.INSTANCE, Cloud.AWS, ["runs"], ""),
    (Access.DOCUMENTED, Level.TEAM, Cloud.AZURE, ["runs"], ""),
]


@pytest.mark.parametrize(("chosen", "level", "cloud", "paths", "code"), CHECKS)
def test_minimal_where_it_would_cut_w_and_b_off(
    chosen: Access, level: Level, cloud: Cloud, paths: list[str], code: str
) -> None:
    faults = check_access(chosen, level, cloud, paths)
    assert [fault.code for fault in faults] == ([code] if code else [])
    assert all(fault.where == "access" and fault.value == "minimal" and fault.allowed and fault.fix for fault in faults)
