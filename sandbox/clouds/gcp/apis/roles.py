"""Which permissions a role holds: the roles that W&B's storage needs, from Google's role reference.

Only permissions that this local cloud asks for are listed; a role that is not here grants nothing, and granting it is refused.
Source: cloud.google.com/storage/docs/access-control/iam-roles, cloud.google.com/kms/docs/reference/permissions-and-roles,
cloud.google.com/iam/docs/roles-permissions.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

_UPLOADS = frozenset({"storage.multipartUploads.*"})
_LIST = frozenset({"storage.objects.list", "storage.multipartUploads.list"})
_BUCKET_READER = _LIST | {"storage.buckets.get"}
_BUCKET_WRITER = (
    _BUCKET_READER | _UPLOADS | {"storage.objects.create", "storage.objects.delete", "storage.objects.restore"}
)
_BUCKET_OWNER = _BUCKET_WRITER | {
    "storage.buckets.update",
    "storage.buckets.getIamPolicy",
    "storage.buckets.setIamPolicy",
}
_KMS_USE = ("cloudkms.cryptoKeyVersions.useToEncrypt", "cloudkms.cryptoKeyVersions.useToDecrypt")
_KMS_ADMIN = frozenset({"cloudkms.keyRings.*", "cloudkms.cryptoKeys.*"}) | {
    f"cloudkms.cryptoKeyVersions.{verb}" for verb in ("create", "destroy", "get", "list", "restore", "update")
}
_SERVICE_ACCOUNT_KEYS = frozenset({"iam.serviceAccountKeys.*", "iam.serviceAccounts.get", "iam.serviceAccounts.list"})

# fmt: off
ROLES: dict[str, frozenset[str]] = {
    "roles/owner": frozenset({"storage.buckets.create", "storage.buckets.delete", "storage.buckets.list", "iam.*", "resourcemanager.projects.*"}) | _KMS_ADMIN,
    "roles/viewer": frozenset(
        {"storage.buckets.list", "resourcemanager.projects.get", "iam.serviceAccounts.get", "iam.serviceAccounts.list"}
    ),
    "roles/storage.admin": frozenset({"storage.*"}),
    "roles/storage.objectAdmin": frozenset({"storage.objects.*"}) | _UPLOADS,
    "roles/storage.objectUser": _UPLOADS
    | {f"storage.objects.{verb}" for verb in ("create", "delete", "get", "list", "restore", "update")},
    "roles/storage.objectCreator": frozenset(
        {"storage.objects.create", "storage.multipartUploads.create", "storage.multipartUploads.abort", "storage.multipartUploads.listParts"}
    ),
    "roles/storage.objectViewer": frozenset({"storage.objects.get", "storage.objects.list"}),
    "roles/storage.bucketViewer": frozenset({"storage.buckets.get", "storage.buckets.list"}),
    "roles/storage.legacyBucketReader": _BUCKET_READER,
    "roles/storage.legacyBucketWriter": _BUCKET_WRITER,
    "roles/storage.legacyBucketOwner": _BUCKET_OWNER,
    "roles/storage.legacyObjectReader": frozenset({"storage.objects.get"}),
    "roles/storage.legacyObjectOwner": frozenset(
        {"storage.objects.get", "storage.objects.update", "storage.objects.getIamPolicy", "storage.objects.setIamPolicy"}
    ),
    "roles/cloudkms.admin": _KMS_ADMIN,
    "roles/cloudkms.viewer": frozenset({f"cloudkms.{kind}.{verb}" for kind in ("keyRings", "cryptoKeys", "cryptoKeyVersions") for verb in ("get", "list")}),
    "roles/cloudkms.cryptoKeyEncrypterDecrypter": frozenset(_KMS_USE),
    "roles/cloudkms.cryptoKeyEncrypter": frozenset(_KMS_USE[:1]),
    "roles/cloudkms.cryptoKeyDecrypter": frozenset(_KMS_USE[1:]),
    "roles/iam.serviceAccountAdmin": frozenset({"iam.serviceAccounts.*"}),
    "roles/iam.serviceAccountKeyAdmin": _SERVICE_ACCOUNT_KEYS,
    "roles/iam.serviceAccountTokenCreator": frozenset({"iam.serviceAccounts.signBlob", "iam.serviceAccounts.getAccessToken"}),
}
"""Role -> permissions; a pattern such as `storage.objects.*` stands for all of its kind."""
# fmt: on

ON_BUCKETS_ONLY = frozenset({"roles/storage.legacyBucketReader", "roles/storage.legacyBucketWriter", "roles/storage.legacyBucketOwner", "roles/storage.legacyObjectReader", "roles/storage.legacyObjectOwner"})  # fmt: skip
"""Roles that exist on buckets alone."""
_NOT_BY_RANK = frozenset({"iam.serviceAccounts.signBlob", "iam.serviceAccounts.getAccessToken"})
"""What owning or administering a service account does not include: acting as it must be granted."""


def holds(role: str, permission: str) -> bool:
    """Whether a role has a permission. What an owner may do with objects comes from the bucket's own policy.

    Args:
        role: Such as `roles/storage.admin`.
        permission: Such as `storage.objects.get`.
    """
    if permission in _NOT_BY_RANK and permission not in ROLES.get(role, ()):
        return False
    return any(fnmatchcase(permission, pattern) for pattern in ROLES.get(role, ()))
