"""A store on each server, resource by resource: type, name, parent, inputs, options and order."""

import json
from typing import Any

import pytest

from byob_components.s3_compatible import S3CompatibleByob
from tests.conformance.default_store import DefaultStoreContract, Resource
from tests.mocks.aws import record
from tests.mocks.monitor import Run

USER = "arn:aws:iam::000000000000:user/wandb"
SMALLEST: dict[str, Any] = {
    "deployment": "dedicated",
    "level": "team",
    "server": "seaweedfs",
    "endpoint": "store.acme.example:8333",
    "access_key": "confidential-id",
    "secret_key": "confidential+of/wandb=",
}
NAME = "vision-a1b2c3d"
ARN = f"arn:aws:s3:::{NAME}"

RESOURCES: dict[str, Resource] = {
    "S3CompatibleByob": ("wandb-byob:index:S3CompatibleByob", "Stack", False, "", ""),
    "S3CompatibleBucket": ("wandb-byob:index:S3CompatibleBucket", "S3CompatibleByob", False, "", ""),
    "Bucket": ("aws:s3/bucket:Bucket", "S3CompatibleBucket", True, "", ""),
    "BucketVersioning": ("aws:s3/bucketVersioning:BucketVersioning", "S3CompatibleBucket", True, "Bucket", "Bucket"),
    "BucketPolicy": (
        "aws:s3/bucketPolicy:BucketPolicy",
        "S3CompatibleBucket",
        False,
        "Bucket",
        "Bucket BucketVersioning",
    ),
    "BucketCorsConfiguration": (
        "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
        "S3CompatibleBucket",
        True,
        "Bucket",
        "Bucket BucketPolicy",
    ),
}
DENY = {
    "Sid": "DenyInsecureTransport",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": [ARN, f"{ARN}/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
DOCUMENTED = [
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
]
CORS_OF_SEAWEEDFS = "s3:GetBucketCors"
"""What SeaweedFS writes `s3:GetBucketCORS`."""
GRANT = {
    "Sid": "WAndBAccountAccess",
    "Effect": "Allow",
    "Principal": {"AWS": USER},
    "Action": [*DOCUMENTED, CORS_OF_SEAWEEDFS],
    "Resource": [ARN, f"{ARN}/*"],
}
VERSIONS = {
    "id": "noncurrent-versions",
    "enabled": True,
    "noncurrentVersionExpiration": {"days": 30},
    "expiration": {"expiredObjectDeleteMarker": True},
}
UPLOADS = {"id": "abort-uploads", "enabled": True, "abortIncompleteMultipartUploadDays": 7}
INPUTS: dict[str, dict[str, Any]] = {
    "S3CompatibleByob": {},
    "S3CompatibleBucket": {},
    "Bucket": {"forceDestroy": False, "lifecycleRules": [VERSIONS, UPLOADS]},
    "BucketVersioning": {"bucket": NAME, "versioningConfiguration": {"status": "Enabled"}},
    "BucketCorsConfiguration": {
        "bucket": NAME,
        "corsRules": [
            {
                "allowedMethods": ["GET", "HEAD", "PUT"],
                "allowedHeaders": ["*"],
                "allowedOrigins": ["*"],
                "exposeHeaders": ["ETag"],
                "maxAgeSeconds": 3000,
            }
        ],
    },
    "BucketPolicy": {
        "bucket": NAME,
        "policy": {"Version": "2012-10-17", "Statement": [DENY, GRANT]},
    },
}


def policy(seen: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(seen.one("BucketPolicy").inputs["policy"])["Statement"]
    return found


class TestS3Compatible(DefaultStoreContract):
    composite = S3CompatibleByob
    record = staticmethod(record)
    store = {**SMALLEST, "principals": [USER]}  # noqa: RUF012
    resources = RESOURCES
    inputs = INPUTS
    components = ("S3CompatibleBucket", "S3CompatibleByob")


@pytest.fixture(scope="module")
def made() -> Run:
    return TestS3Compatible.made()


@pytest.mark.parametrize(
    ("given", "kinds", "statements", "rules"),
    [
        ({"server": "seaweedfs"}, {"BucketVersioning", "BucketPolicy", "BucketCorsConfiguration"}, [DENY], 2),
        ({"server": "seaweedfs", "tls": False}, {"BucketVersioning", "BucketCorsConfiguration"}, None, 2),
        ({"server": "minio"}, {"BucketVersioning"}, None, 1),
        ({"server": "aistor"}, {"BucketVersioning", "BucketCorsConfiguration"}, None, 1),
        ({"server": "ceph"}, {"BucketVersioning", "BucketCorsConfiguration"}, None, 2),
        ({"server": "generic"}, {"BucketVersioning", "BucketCorsConfiguration"}, None, 2),
        ({"server": "generic", "capabilities": []}, set(), None, 0),
        ({"server": "minio", "capabilities": ["versioning", "cors"]}, {"BucketVersioning", "BucketCorsConfiguration"}, None, 0),
        ({"server": "minio", "capabilities": ["abort_uploads"]}, set(), None, 1),
    ],
)  # fmt: skip
def test_a_server_gets_what_it_can(
    given: dict[str, Any], kinds: set[str], statements: list[Any] | None, rules: int
) -> None:
    seen = record(S3CompatibleByob, {**SMALLEST, **given})
    assert {r.kind for r in seen.resources if r.custom and r.kind.startswith("Bucket")} == kinds | {"Bucket"}
    assert (policy(seen) if statements else None) == statements
    assert len(seen.one("Bucket").inputs.get("lifecycleRules", [])) == rules


def test_ceph_is_not_told_of_actions_that_it_does_not_know() -> None:
    given = {**SMALLEST, "server": "ceph", "principals": ["arn:aws:iam:::user/wandb"]}
    (grant,) = policy(record(S3CompatibleByob, given))
    assert grant["Principal"] == {"AWS": "arn:aws:iam:::user/wandb"}
    assert grant["Action"] == [action for action in DOCUMENTED if action != "s3:GetEncryptionConfiguration"]
    bucket, objects = policy(record(S3CompatibleByob, {**given, "access": "minimal", "paths": ["vision"]}))
    assert (bucket["Sid"], bucket["Resource"]) == ("WAndBAccountAccess", ARN)
    assert (objects["Sid"], objects["Resource"]) == ("WAndBObjectAccess", [f"{ARN}/vision/*"])
    assert objects["Action"] == [
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:AbortMultipartUpload",
    ]


def test_outputs(made: Run) -> None:
    address = (
        f"s3://confidential-id:confidential%2Bof%2Fwandb%3D@store.acme.example:8333/{NAME}?region=eu-west-1&tls=true"
    )
    assert made.value("storage_addresses") == {"/": address}
    assert made.value("bucket_name") == NAME
    assert made.value("paths") == ["/"]
    assert made.value("region") == "eu-west-1"
    assert made.value("kms_key_id") == ""
    assert (made.value("principals"), made.value("principals_date")) == ([USER], "")
    assert (made.value("server_env"), made.value("server_secrets")) == ({}, {})
    assert [name for name, seen in made.outputs.items() if seen.secret] == ["storage_addresses", "server_secrets"]


@pytest.mark.parametrize(
    ("given", "query"),
    [
        ({"region": "north-1"}, "region=north-1&tls=true"),
        ({"tls": False}, "region=eu-west-1&tls=false"),
        ({"path_style": True}, "region=eu-west-1&tls=true&forcePathStyle=true"),
        ({"path_style": False}, "region=eu-west-1&tls=true&forcePathStyle=false"),
    ],
)
def test_region_tls_and_path_style_stand_in_the_address_and_the_hand_off(given: dict[str, Any], query: str) -> None:
    seen = record(S3CompatibleByob, {**SMALLEST, **given})
    keys = "confidential-id:confidential%2Bof%2Fwandb%3D"
    place = f"store.acme.example:8333/{NAME}?{query}"
    assert seen.value("storage_addresses") == {"/": f"s3://{keys}@{place}"}
    assert seen.value("handoffs")["/"]["address"] == f"s3://****:****@{place}"


def test_a_self_managed_server_takes_it_as_a_secret() -> None:
    given = {**SMALLEST, "deployment": "self_managed"}
    team = record(S3CompatibleByob, given)
    address = team.value("storage_addresses")["/"]
    assert team.value("server_env") == {"GORILLA_ARTIFACT_GC_ENABLED": "true"}
    assert team.value("server_secrets") == {"GORILLA_SUPPORTED_FILE_STORES": address}
    instance = record(S3CompatibleByob, {**given, "level": "instance"})
    assert instance.value("server_env") == {"GORILLA_ARTIFACT_GC_ENABLED": "true", "BUCKET_QUEUE": "internal://"}
    assert instance.value("server_secrets") == {"BUCKET": instance.value("storage_addresses")["/"]}


def test_without_versions_wandbs_clean_up_stays_off_and_the_hand_off_says_what_is_gone() -> None:
    given = {**SMALLEST, "deployment": "self_managed", "server": "generic", "capabilities": []}
    seen = record(S3CompatibleByob, given)
    assert seen.value("server_env") == {}
    handoff = seen.value("handoffs")["/"]
    assert handoff["erasure_days"] == 0
    assert handoff["erasure"].startswith("At once, and for good")
    kept = record(S3CompatibleByob, {**given, "capabilities": ["versioning"]})
    assert kept.value("server_env") == {"GORILLA_ARTIFACT_GC_ENABLED": "true"}
    assert kept.value("handoffs")["/"]["erasure_days"] is None
    assert kept.value("handoffs")["/"]["erasure"].startswith("Never by itself: the store has no rule")


def test_the_hand_off_of_a_team(made: Run) -> None:
    handoff = made.value("handoffs")["/"]
    assert handoff["erasure_days"] == 30
    assert handoff["warnings"] == []
    assert "confidential" not in json.dumps(handoff)
    assert [(s["surface"], s["action"]) for s in handoff["steps"]] == [
        ("check", "Make sure: a team's storage is chosen once"),
        ("support", "Ask W&B to list the store for your instance"),
        ("form", "Create the team with the bucket"),
        ("api", "Or create the team by its API"),
        ("check", "Upload and open a file"),
    ]
