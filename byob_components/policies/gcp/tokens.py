"""The resource types of the Google Cloud provider that the rules look at, and who a grant names."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase

from byob_components.policies.tree import Node
from byob_components.policies.view import Resource
from byob_components.wandb import principal as wandb_principal

BUCKET = ("gcp:storage/bucket:Bucket",)
BUCKET_GRANTS = (
    "gcp:storage/bucketIAMMember:BucketIAMMember",
    "gcp:storage/bucketIAMBinding:BucketIAMBinding",
    "gcp:storage/bucketIAMPolicy:BucketIAMPolicy",
)
ACLS = (
    "gcp:storage/bucketACL:BucketACL",
    "gcp:storage/bucketAccessControl:BucketAccessControl",
    "gcp:storage/defaultObjectACL:DefaultObjectACL",
    "gcp:storage/defaultObjectAccessControl:DefaultObjectAccessControl",
)
KEY = ("gcp:kms/cryptoKey:CryptoKey",)
KEY_VERSION = ("gcp:kms/cryptoKeyVersion:CryptoKeyVersion",)
KEY_RING = ("gcp:kms/keyRing:KeyRing",)
KEY_GRANTS = (
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember",
    "gcp:kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding",
    "gcp:kms/cryptoKeyIAMPolicy:CryptoKeyIAMPolicy",
)
_WANDB = (wandb_principal.GCP_MULTI_TENANT, wandb_principal.GCP_DEDICATED)
_DOMAINS = frozenset(email.partition("@")[2] for email in _WANDB)
"""The projects that W&B's documented identities are in; the account of a Dedicated Cloud instance is in one of them."""
_CREDENTIAL = "wandb-byob:index:GcpCredential"
EVERYBODY = ("allUsers", "allAuthenticatedUsers", "principalSet://goog/public:all")


def grants(one: Resource) -> Iterator[tuple[Node, Node]]:
    """Role and member of each grant that a resource declares: a member, a binding or a whole policy.

    Args:
        one: A resource of `BUCKET_GRANTS` or `KEY_GRANTS`.
    """
    if one.type.endswith("IAMPolicy"):
        for binding in one.inputs.at("policyData").json().at("bindings").items():
            for member in binding.at("members").items():
                yield binding.at("role"), member
        return
    members = [one.inputs.at("member")] if one.type.endswith("IAMMember") else one.inputs.at("members").items()
    for member in members:
        yield one.inputs.at("role"), member


def of_credential(one: Resource) -> bool:
    """Whether a resource lies below a GcpCredential, which its URN tells.

    Args:
        one: Any resource.
    """
    return _CREDENTIAL in one.urn.rpartition("::")[0]


def email_of(member: str) -> str:
    """The e-mail address, or whatever identifies a member.

    Args:
        member: As IAM names it, for example `serviceAccount:a@b.iam.gserviceaccount.com`.
    """
    return member.rpartition(":")[2] if "://" not in member else member


def is_wandb(member: str) -> bool:
    """Whether a member is an identity that W&B documents, or lies in the project of one.

    Args:
        member: As IAM names it.
    """
    return member.startswith("serviceAccount:") and member.partition("@")[2] in _DOMAINS


def is_listed(member: str, listed: Collection[str]) -> bool:
    """Whether a member is among those that a configuration lists, by its whole name or its address; `*` and `?` are patterns.

    Args:
        member: As IAM names it.
        listed: The configuration's.
    """
    return any(fnmatchcase(member, one) or fnmatchcase(email_of(member), one) for one in listed)
