"""Protected, unprotected, released: the options of every child, and what a removal would do with them."""

from typing import Any

from byob_components.aws import AwsByob
from tests.conformance.protection import ProtectionContract
from tests.mocks.aws import record

KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
BASE: dict[str, Any] = {"deployment": "dedicated", "level": "team"}
STORES: dict[str, dict[str, Any]] = {
    "new key": {},
    "existing key": {"encryption": "existing_key", "kms_key_arn": KEY},
    "provider's key": {"encryption": "provider_managed"},
    "credential": {"credential_keys": ["2026-05", "2026-11"]},
    "credential and provider's key": {"credential_keys": ["2026-11"], "encryption": "provider_managed"},
    "credential and existing key": {"credential_keys": ["a"], "encryption": "existing_key", "kms_key_arn": KEY},
    "access logs": {"access_log_bucket": "acme-logs"},
}
DATA = frozenset(
    {
        "Key",
        "Alias",
        "Bucket",
        "BucketPublicAccessBlock",
        "BucketOwnershipControls",
        "BucketVersioning",
        "BucketServerSideEncryptionConfiguration",
        "BucketCorsConfiguration",
        "BucketLifecycleConfiguration",
        "BucketLogging",
        "User",
        "UserPolicy",
    }
)
GRANTS = frozenset({"BucketPolicy", "Grant", "AccessKey"})
# With what a kind goes in a destroy; others are deleted themselves.
GOES_WITH = dict.fromkeys(
    (
        "BucketPublicAccessBlock",
        "BucketOwnershipControls",
        "BucketVersioning",
        "BucketServerSideEncryptionConfiguration",
        "BucketPolicy",
        "BucketCorsConfiguration",
        "BucketLifecycleConfiguration",
        "BucketLogging",
    ),
    "aws:s3/bucket:Bucket::vision",
)


class TestAws(ProtectionContract):
    composite = AwsByob
    record = staticmethod(record)
    smallest = BASE
    stores = STORES
    data = DATA
    grants = GRANTS
    parts = frozenset({"AwsByob", "AwsKey", "AwsBucket", "AwsCredential"})
    goes_with = GOES_WITH

    def test_a_destroy_takes_the_bucket_before_its_key(self) -> None:
        assert self.place("new key", "Bucket") < self.place("new key", "Alias") < self.place("new key", "Key")

    def test_a_destroy_takes_the_bucket_before_the_grants_on_its_key(self) -> None:
        assert self.place("existing key", "Bucket") < self.place("existing key", "Grant")

    def test_a_destroy_takes_policy_then_keys_then_user(self) -> None:
        """IAM deletes no user with a policy, and the provider's force_destroy deletes keys but no policies."""
        policy, key, user = (self.place("credential", kind) for kind in ("UserPolicy", "AccessKey", "User"))
        assert policy < key < user
