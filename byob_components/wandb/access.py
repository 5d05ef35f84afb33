"""Which rights W&B gets: the documented sets, and the minimal ones that leave out what W&B does not need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from byob_components.errors import Fault
from byob_components.wandb.deployment import Cloud, Level
from byob_components.wandb.source import AUDIT, AZURE_KEYLESS, AZURE_MODULE, BYOB, Source


class Access(StrEnum):
    """Which set of rights the W&B principal gets."""

    DOCUMENTED = "documented"
    """Exactly what W&B's page says: the default."""
    MINIMAL = "minimal"
    """Less: reads listed one by one, objects only below the paths, keys only through the store."""


# --------------------------------------------------------------------------------------------- AWS
AWS_S3_DOCUMENTED: tuple[str, ...] = (
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
"""The 11 actions of the page's bucket policy, on the bucket and its objects (BYOB)."""
AWS_S3_DOCUMENTED_SOURCE = BYOB

AWS_S3_MINIMAL_BUCKET: tuple[str, ...] = (
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:ListBucketVersions",
    "s3:GetBucketCORS",
    "s3:GetBucketLocation",
    "s3:GetBucketVersioning",
    "s3:GetEncryptionConfiguration",
)
"""The documented actions that concern a bucket; W&B's server reads these settings, bucket-wide."""

AWS_S3_MINIMAL_OBJECT: tuple[str, ...] = (
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:GetObjectAttributes",
    "s3:GetObjectVersionAttributes",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
)
"""The documented actions that concern objects, with `GetObject*` written out to the reads of data and its attributes.
That W&B needs no other `GetObject…` (ACL, retention, torrent, tagging) is an inference: no W&B page lists the calls one
by one (doubt.MINIMAL_ACCESS)."""

AWS_KMS_DOCUMENTED: tuple[str, ...] = (
    "kms:Decrypt",
    "kms:Describe*",
    "kms:Encrypt",
    "kms:ReEncrypt*",
    "kms:GenerateDataKey*",
)
"""The five of the page's key policy (BYOB)."""
AWS_KMS_DOCUMENTED_SOURCE = BYOB
AWS_KMS_USAGE = "ENCRYPT_DECRYPT"
"""The key usage W&B's page wants (BYOB)."""

AWS_KMS_MINIMAL_DATA: tuple[str, ...] = (
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)
"""Data operations, to be allowed through S3 only (`kms:ViaService`)."""
AWS_KMS_MINIMAL_FREE: tuple[str, ...] = ("kms:DescribeKey",)
"""What W&B may call directly: its server reads the key's state (an inference from the granted `Describe*`)."""

AWS_KMS_GRANT_OPERATIONS: tuple[str, ...] = (
    "Decrypt",
    "DescribeKey",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
)
"""The same rights as operations of a KMS grant, for a key whose policy belongs to somebody else."""

AWS_POLICY_ID = "WandBAccess"
AWS_STATEMENT_SID = "WAndBAccountAccess"
"""Id and Sid of the page's bucket policy (BYOB)."""

# --------------------------------------------------------------------------------------------- Google
GCP_DOCUMENTED_ROLES: tuple[str, ...] = ("roles/storage.admin",)
"""On the bucket (BYOB): the server reads CORS, versioning and soft delete. The role may also delete the bucket and change
who has access."""
GCP_DOCUMENTED_SOURCE = BYOB
GCP_DOCUMENTED_WIDTH = (
    "the documented role roles/storage.admin may do more on the bucket than W&B needs: delete it, change its settings and "
    "who has access, and delete old versions. Narrower: access 'minimal'. Give access 'documented' to say that you know, "
    "and the warning goes"
)
"""The warning that goes with it (Google's reference of the role)."""
GCP_MINIMAL_ROLES: tuple[str, ...] = ("roles/storage.objectUser", "roles/storage.legacyBucketReader")
"""Objects, and the bucket's settings for reading (doubt.MINIMAL_ACCESS)."""
GCP_SIGNER_ROLE = "roles/iam.serviceAccountTokenCreator"
"""Of a self-managed server's service account on itself, so that it may sign URLs (`signBlob`)."""
GCP_KEY_ROLE = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
"""On a customer key, for the project's own Cloud Storage service agent: Google encrypts, so W&B needs no right there."""


def gcp_roles(access: Access) -> tuple[str, ...]:
    """The roles of W&B's service account on the bucket.

    Args:
        access: Which set of rights.
    """
    return GCP_DOCUMENTED_ROLES if access is Access.DOCUMENTED else GCP_MINIMAL_ROLES


# --------------------------------------------------------------------------------------------- Azure
AZURE_CONNECTOR_ROLES: tuple[str, ...] = ("Storage Account Contributor", "Storage Blob Data Owner")
"""Team storage, on the account, for the connector's identity. They sign with the account key, so shared key access stays
on."""
AZURE_CONNECTOR_SOURCE = AZURE_MODULE
AZURE_CONNECTOR_WIDTH = (
    "the documented roles Storage Account Contributor and Storage Blob Data Owner may do more on the account than W&B needs: "
    "delete it, change its settings, read its keys, and delete old versions. Narrower: mode 'keyless'. Give access "
    "'documented' to say that you know, and the warning goes"
)
"""The warning that goes with them (Azure's reference of built-in roles)."""
AZURE_KEYLESS_ROLES: tuple[str, ...] = ("Reader", "Storage Blob Data Contributor")
"""Instance storage, on the account: the identity signs with a user delegation key, which is an action of the account."""
AZURE_KEYLESS_SOURCE = AZURE_KEYLESS
AZURE_KEYLESS_CHART = "0.44.0"
"""The first chart version that knows it."""
AZURE_MINIMAL_ACCOUNT_ROLES: tuple[str, ...] = ("Reader", "Storage Blob Delegator")
AZURE_MINIMAL_CONTAINER_ROLES: tuple[str, ...] = ("Storage Blob Data Contributor",)
"""Keyless with the data role on the one container; `Storage Blob Delegator` is the built-in role for the delegation key
(doubt.MINIMAL_ACCESS)."""


@dataclass(frozen=True)
class AzureRoles:
    """What an identity of W&B gets on Azure.

    Args:
        account: Built-in roles on the storage account.
        container: Built-in roles on the container.
        shared_key: Whether W&B signs with the account key, so that shared key access must stay on.
        chart: The oldest Helm chart that knows the mode; empty when all do.
        source: Where the roles come from.
    """

    account: tuple[str, ...]
    container: tuple[str, ...]
    shared_key: bool
    chart: str
    source: Source


class AzureMode(StrEnum):
    """How W&B comes to its rights on Azure."""

    TEAM_CONNECTOR = "team_connector"
    """W&B's connector for a team: an identity whose roles let it read the account key, with which W&B signs."""
    KEYLESS = "keyless"
    """An identity that signs with a user delegation key; the account key is switched off."""
    ACCESS_KEY = "access_key"
    """The account key itself, handed to W&B; for who cannot do with less."""


def default_azure_mode(level: Level) -> AzureMode:
    """The mode that W&B documents for a level; storage can never change afterwards, so that nothing else decides.

    Args:
        level: What the container serves.
    """
    return AzureMode.TEAM_CONNECTOR if level is Level.TEAM else AzureMode.KEYLESS


def azure_roles(level: Level, access: Access, mode: AzureMode | None = None) -> AzureRoles:
    """The roles of W&B's identity on Azure.

    Args:
        level: What the container serves.
        access: Which set of rights; `minimal` is refused by `check_access` where W&B signs with the account key.
        mode: How W&B comes to its rights; default the level's.
    """
    chosen = default_azure_mode(level) if mode is None else mode
    if chosen is AzureMode.ACCESS_KEY:
        return AzureRoles((), (), True, "", BYOB)
    if chosen is AzureMode.TEAM_CONNECTOR:
        return AzureRoles(AZURE_CONNECTOR_ROLES, (), True, "", AZURE_CONNECTOR_SOURCE)
    if access is Access.MINIMAL:
        container = AZURE_MINIMAL_CONTAINER_ROLES
        return AzureRoles(AZURE_MINIMAL_ACCOUNT_ROLES, container, False, AZURE_KEYLESS_CHART, AZURE_KEYLESS_SOURCE)
    return AzureRoles(AZURE_KEYLESS_ROLES, (), False, AZURE_KEYLESS_CHART, AZURE_KEYLESS_SOURCE)


# --------------------------------------------------------------------------------------------- CoreWeave
COREWEAVE_PRINCIPAL_KEY = "CW"
"""The key of the policy's `Principal` element, in the place of `AWS`."""
COREWEAVE_ORG_CONDITION = "wandb:OrgID"
"""Condition key of the policy, `StringLike`: the organization's id on Multi-tenant Cloud, else the customer namespace
(principal.COREWEAVE_ORG_PAGES says where to find it)."""
COREWEAVE_STATEMENT_SID = "AllowWandbUser"
COREWEAVE_OWN_ORG_SID = "AllowUsersInOrg"
"""The page's optional statement: `s3:*` for `arn:aws:iam::<storage organization>:*`, your own people."""
COREWEAVE_S3_DOCUMENTED = AWS_S3_DOCUMENTED
"""The same 11 actions (BYOB)."""
COREWEAVE_DOCUMENTED_SOURCE = BYOB
COREWEAVE_S3_MINIMAL_BUCKET = AWS_S3_MINIMAL_BUCKET
COREWEAVE_S3_MINIMAL_OBJECT = AWS_S3_MINIMAL_OBJECT
"""The same split as on AWS (doubt.MINIMAL_ACCESS)."""


def check_access(
    access: Access, level: Level, cloud: Cloud, paths: Sequence[str], azure_mode: AzureMode | None = None
) -> list[Fault]:
    """Refuse what would cut W&B off.

    Args:
        access: Which set of rights.
        level: What the bucket serves.
        cloud: Who stores it.
        paths: The paths in use.
        azure_mode: How W&B comes to its rights on Azure; default the level's.
    """
    if access is not Access.MINIMAL:
        return []
    scoped = cloud in (Cloud.AWS, Cloud.S3_COMPATIBLE, Cloud.COREWEAVE) and any(path != "/" for path in paths)
    if level is Level.INSTANCE and scoped:
        return [
            Fault(
                "BYOB-WANDB-002",
                "access",
                f"keeps W&B to the paths, and its audit logs lie outside them ({AUDIT.title})",
                str(access),
                "'documented', or 'minimal' without paths",
                "drop the paths, or set access to 'documented'",
            )
        ]
    mode = default_azure_mode(level) if azure_mode is None else azure_mode
    if cloud is Cloud.AZURE and mode is not AzureMode.KEYLESS:
        return [
            Fault(
                "BYOB-WANDB-004",
                "access",
                f"is not possible in the mode '{mode}': W&B signs with the account key there, which opens the whole "
                "account, and no page says that less works",
                str(access),
                "'documented', or mode 'keyless'",
                "leave it out, and give the team an account of its own",
            )
        ]
    return []
