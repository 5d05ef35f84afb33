"""Protected, unprotected, released: the options of every child, and what a removal would do with them."""

from typing import Any

from byob_components.gcp import GcpByob
from tests.conformance.protection import ProtectionContract
from tests.mocks.deletion import all_needs
from tests.mocks.gcp import record
from tests.mocks.monitor import Registered

KEY = "projects/acme-keys/locations/europe-west4/keyRings/storage/cryptoKeys/wandb"
SERVER = "wandb@acme-servers.iam.gserviceaccount.com"
BASE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "location": "europe-west4"}
STORES: dict[str, dict[str, Any]] = {
    "provider's key": {},
    "new key": {"encryption": "new_key"},
    "existing key": {"encryption": "existing_key", "kms_key_id": KEY},
    "minimal": {"access": "minimal"},
    "credential": {"credential_keys": ["2026-05", "2026-11"]},
    "credential and new key": {"credential_keys": ["2026-11"], "encryption": "new_key"},
    "credential and existing key": {"credential_keys": ["a"], "encryption": "existing_key", "kms_key_id": KEY},
    "signer": {"deployment": "self_managed", "principals": [SERVER], "signer": True},
    "usage logs": {"access_log_bucket": "acme-logs"},
}
DATA = frozenset({"KeyRing", "CryptoKey", "Bucket", "Account"})
GRANTS = frozenset({"CryptoKeyIAMMember", "BucketIAMMember", "IAMMember", "Key"})
GOES_WITH = {
    "CryptoKeyIAMMember": "gcp:kms/cryptoKey:CryptoKey::vision",
    "BucketIAMMember": "gcp:storage/bucket:Bucket::vision",
    "Key": "gcp:serviceaccount/account:Account::vision",
}


class TestGcp(ProtectionContract):
    composite = GcpByob
    record = staticmethod(record)
    smallest = BASE
    stores = STORES
    data = DATA
    grants = GRANTS
    parts = frozenset({"GcpByob", "GcpKey", "GcpBucket", "GcpCredential"})
    goes_with = GOES_WITH
    stays = {  # noqa: RUF012
        "existing key": "CryptoKeyIAMMember",
        "credential and existing key": "CryptoKeyIAMMember",
        "signer": "IAMMember",
    }
    forgets_first = True
    """Members go with their bucket or account."""

    def holder(self, resource: Registered) -> str:
        """What the credential's account may do goes with the account."""
        if resource.parent.startswith("wandb-byob:index:GcpCredential") and resource.kind != "Account":
            return "gcp:serviceaccount/account:Account::vision"
        return super().holder(resource)

    def test_a_removal_that_is_refused_at_the_bucket_does_not_even_forget_wandbs_keys(self, store: str) -> None:
        made = self.children(store)
        (bucket,) = [r for r in made if r.kind == "Bucket"]
        assert {r.key for r in made if r.kind == "Key"} <= all_needs(bucket, made)

    def test_a_destroy_takes_the_bucket_before_its_key(self) -> None:
        bucket, key, ring = (self.place("new key", kind) for kind in ("Bucket", "CryptoKey", "KeyRing"))
        assert bucket < key < ring

    def test_a_destroy_takes_the_bucket_before_keys_and_account(self) -> None:
        kinds = ("BucketIAMMember", "Bucket", "Key", "Account")
        member, bucket, key, account = (self.place("credential", kind) for kind in kinds)
        assert member < bucket < key < account
