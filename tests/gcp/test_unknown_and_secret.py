"""Every argument that is only passed through may be unknown or secret: nothing crashes, unknown stays unknown, and a
secret is secret wherever it goes, and only there."""

from collections.abc import Mapping
from typing import Any

import pulumi_gcp

from byob_components import gcp
from tests.conformance.unknown_and_secret import Component, PassThroughContract, Row
from tests.mocks.gcp import GcpMocks
from tests.mocks.monitor import plain, run

NODE = "acme-node@wandb-production.iam.gserviceaccount.com"
AGENT = "service-444455556666@gs-project-accounts.iam.gserviceaccount.com"
KEY = "projects/acme-keys/locations/europe-west4/keyRings/storage/cryptoKeys/wandb"
SELF = {"deployment": "self_managed", "level": "instance", "location": "europe-west4", "principals": [NODE]}
NEW = {"encryption": "new_key"}

VALUES: dict[str, Any] = {
    "location": "europe-west4",
    "principals": [NODE],
    "project": "confidential-project",
    "labels": {"team": "confidential"},
    "storage_service_agent": AGENT,
    "kms_key_id": KEY,
    "kms_key_ring_name": "confidential-ring",
    "kms_key_name": "confidential-key",
    "bucket_name": "confidential-name",
    "cors_origins": ["https://confidential.example.com"],
    "access_log_bucket": "confidential-logs",
    "access_log_prefix": "confidential/vision",
    "credential_account_id": "confidential-account",
}
"""A good value of every argument that is passed through."""

BY_NAME = {"storage_addresses", "bucket_name", "handoffs", "server_env", "server_secrets"}
STORE: dict[str, Row] = {
    "location": (NEW, {"Bucket.location", "KeyRing.location"}, {"region", "handoffs"}),
    "principals": ({}, {"BucketIAMMember.member"}, {"principals", "handoffs"}),
    "project": ({}, {"Bucket.project"}, set()),
    "labels": (NEW, {"Bucket.labels", "CryptoKey.labels"}, set()),
    "storage_service_agent": (NEW, {"CryptoKeyIAMMember.member"}, set()),
    "kms_key_id": (
        {"encryption": "existing_key"},
        {"Bucket.encryption", "CryptoKeyIAMMember.cryptoKeyId"},
        {"kms_key_id"},
    ),
    "kms_key_ring_name": (NEW, {"KeyRing.name"}, set()),
    "kms_key_name": (NEW, {"CryptoKey.name"}, set()),
    "bucket_name": ({}, {"Bucket.name", "BucketIAMMember.bucket"}, BY_NAME),
    "cors_origins": ({}, {"Bucket.cors"}, set()),
    "access_log_bucket": ({}, {"Bucket.logging"}, set()),
    "access_log_prefix": ({"access_log_bucket": "acme-logs"}, {"Bucket.logging"}, set()),
    "credential_account_id": ({"credential_keys": ["a"]}, {"Account.accountId"}, set()),
}
BUCKET: dict[str, Row] = {
    **{name: (more, inputs, set()) for name, (more, inputs, _) in STORE.items()},
    "location": ({}, {"Bucket.location"}, {"region"}),
    "labels": ({}, {"Bucket.labels"}, set()),
    "kms_key_id": ({"encryption": "existing_key"}, {"Bucket.encryption"}, set()),
    "bucket_name": ({}, {"Bucket.name", "BucketIAMMember.bucket"}, {"bucket_name"}),
}
KEYS: dict[str, Row] = {
    "location": ({}, {"KeyRing.location"}, set()),
    "project": ({"storage_service_agent": AGENT}, {"KeyRing.project"}, set()),
    "labels": ({}, {"CryptoKey.labels"}, set()),
    "storage_service_agent": ({}, {"CryptoKeyIAMMember.member"}, set()),
    "kms_key_ring_name": ({}, {"KeyRing.name"}, set()),
    "kms_key_name": ({}, {"CryptoKey.name"}, set()),
}
GRANT: dict[str, Row] = {
    "bucket_name": ({}, {"BucketIAMMember.bucket"}, {"bucket_name"}),
    "principals": (
        {"signer": True},
        {"BucketIAMMember.member", "IAMMember.member", "IAMMember.serviceAccountId"},
        {"principals"},
    ),
}
CREDENTIAL: dict[str, Row] = {
    "bucket_name": ({}, {"BucketIAMMember.bucket"}, set()),
    "project": ({}, {"Account.project"}, set()),
    "credential_account_id": ({}, {"Account.accountId"}, {"service_account_email"}),
}
COMPONENTS: dict[str, Component] = {
    "GcpByob": (gcp.GcpByob, gcp.GcpByobArgs, SELF, STORE),
    "GcpBucket": (gcp.GcpBucket, gcp.GcpBucketArgs, {"location": "europe-west4", "principals": [NODE]}, BUCKET),
    "GcpKey": (gcp.GcpKey, gcp.GcpKeyArgs, {"location": "europe-west4"}, KEYS),
    "GcpGrant": (
        gcp.GcpGrant,
        gcp.GcpGrantArgs,
        {"deployment": "self_managed", "bucket_name": "theirs", "principals": [NODE]},
        GRANT,
    ),
    "GcpCredential": (
        gcp.GcpCredential,
        gcp.GcpCredentialArgs,
        {"bucket_name": "theirs", "credential_keys": ["a"]},
        CREDENTIAL,
    ),
}


class TestGcp(PassThroughContract):
    components = COMPONENTS
    values = VALUES
    mocks = GcpMocks
    inside = {"labels": ("team",)}  # noqa: RUF012
    always_secret = {"GcpByob": {"server_secrets"}, "GcpCredential": {"private_key"}}  # noqa: RUF012
    computed = {("GcpCredential", "credential_account_id"): {"service_account_email"}}  # noqa: RUF012
    handed_back = frozenset({"BucketIAMMember.member", "Key.serviceAccountId"})
    bad = (gcp.GcpKey, {}, "location", "confidential location", "BYOB-GCP-002")

    def secrets(self, component: str, argument: str) -> set[str]:
        """What holds keys is secret in a store with a credential."""
        with_keys = self.components[component][3][argument][0].get("credential_keys")
        keyed = {"storage_addresses", "server_secrets"} if with_keys else set()
        return super().secrets(component, argument) | keyed


def test_real_resources_outputs_can_be_passed() -> None:
    """The case all of this is for: the log bucket and the server's account made in the same program."""

    def program() -> Mapping[str, Any]:
        logs = pulumi_gcp.storage.Bucket("acme-logs", location="EU")
        server = pulumi_gcp.serviceaccount.Account("server")
        args = {**SELF, "access_log_bucket": logs.name, "principals": [server.email], "signer": True}
        made = gcp.GcpByob("vision", args)  # type: ignore[arg-type]
        return {"principals": made.principals}

    seen = run(program, GcpMocks())
    assert plain(seen.one("Bucket", "vision").inputs["logging"]) == {"logBucket": "acme-logs-a1b2c3d"}
    assert "gcp:storage/bucket:Bucket::acme-logs" in seen.one("Bucket", "vision").dependencies
    (member,) = [r for r in seen.resources if r.kind == "BucketIAMMember"]
    assert member.inputs["member"] == "serviceAccount:server-a1b2c3d@acme-storage.iam.gserviceaccount.com"
    assert member.name == "vision-storage-admin-0"
