"""Which role holds which permission."""

from __future__ import annotations

import pytest

from sandbox.clouds.gcp.apis.roles import holds

ADMIN, USER, OBJECT_ADMIN, VIEWER, READER = (f"roles/storage.{r}" for r in ("admin", "objectUser", "objectAdmin", "objectViewer", "legacyBucketReader"))  # fmt: skip
CREATOR, OWNER = "roles/storage.objectCreator", "roles/owner"

# permission -> the roles that hold it, of those above
TABLE = {
    "storage.objects.get": {ADMIN, USER, OBJECT_ADMIN, VIEWER},
    "storage.objects.list": {ADMIN, USER, OBJECT_ADMIN, VIEWER, READER},
    "storage.objects.create": {ADMIN, USER, OBJECT_ADMIN, CREATOR},
    "storage.objects.delete": {ADMIN, USER, OBJECT_ADMIN},
    "storage.objects.update": {ADMIN, USER, OBJECT_ADMIN},
    "storage.objects.restore": {ADMIN, USER, OBJECT_ADMIN},
    "storage.objects.setIamPolicy": {ADMIN, OBJECT_ADMIN},
    "storage.buckets.get": {ADMIN, READER},
    "storage.buckets.update": {ADMIN},
    "storage.buckets.setIamPolicy": {ADMIN},
    "storage.buckets.delete": {ADMIN, OWNER},
    "storage.buckets.create": {ADMIN, OWNER},
    "storage.multipartUploads.abort": {ADMIN, USER, OBJECT_ADMIN, CREATOR},
    "cloudkms.cryptoKeys.update": {OWNER},
    "cloudkms.cryptoKeyVersions.useToDecrypt": set(),
    "iam.serviceAccounts.signBlob": set(),
    "iam.serviceAccounts.create": {OWNER},
}


@pytest.mark.parametrize("permission", TABLE)
def test_roles(permission: str) -> None:
    roles = (ADMIN, USER, OBJECT_ADMIN, VIEWER, READER, CREATOR, OWNER)
    assert {role for role in roles if holds(role, permission)} == TABLE[permission]


def test_acting_as_an_account_is_a_role_of_its_own() -> None:
    assert holds("roles/iam.serviceAccountTokenCreator", "iam.serviceAccounts.signBlob")
    assert not holds("roles/iam.serviceAccountAdmin", "iam.serviceAccounts.signBlob")
    assert holds("roles/iam.serviceAccountAdmin", "iam.serviceAccounts.setIamPolicy")


def test_a_role_that_is_not_known_holds_nothing() -> None:
    assert not holds("roles/storage.superuser", "storage.objects.get")
