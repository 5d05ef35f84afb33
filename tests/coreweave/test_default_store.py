"""The smallest call, resource by resource: type, name, parent, inputs, options and order; and W&B's rights in CoreWeave's terms."""

import json
from typing import Any

import pytest

from byob_components.coreweave import CoreWeaveByob
from tests.conformance.default_store import DefaultStoreContract, Resource
from tests.mocks.aws import record
from tests.mocks.monitor import Run

SMALLEST: dict[str, Any] = {"deployment": "dedicated", "level": "team", "wandb_organization_id": "acme"}
NAME = "vision-a1b2c3d"
ARN = f"arn:aws:s3:::{NAME}"

RESOURCES: dict[str, Resource] = {
    "CoreWeaveByob": ("wandb-byob:index:CoreWeaveByob", "Stack", False, "", ""),
    "CoreWeaveBucket": ("wandb-byob:index:CoreWeaveBucket", "CoreWeaveByob", False, "", ""),
    "Bucket": ("aws:s3/bucket:Bucket", "CoreWeaveBucket", True, "", ""),
    "BucketVersioning": ("aws:s3/bucketVersioning:BucketVersioning", "CoreWeaveBucket", True, "Bucket", "Bucket"),
    "BucketPolicy": ("aws:s3/bucketPolicy:BucketPolicy", "CoreWeaveBucket", False, "Bucket", "Bucket BucketVersioning"),
    "BucketCorsConfiguration": (
        "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
        "CoreWeaveBucket",
        True,
        "Bucket",
        "Bucket BucketPolicy",
    ),
}
GRANT = {
    "Sid": "AllowWandbUser",
    "Effect": "Allow",
    "Principal": {"CW": "arn:aws:iam::wandb:static/wandb-integration"},
    "Action": [
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
    ],
    "Resource": [ARN, f"{ARN}/*"],
    "Condition": {"StringLike": {"wandb:OrgID": ["acme"]}},
}
"""The statement of W&B's page."""
INPUTS: dict[str, dict[str, Any]] = {
    "CoreWeaveByob": {},
    "CoreWeaveBucket": {},
    "Bucket": {
        "forceDestroy": False,
        "lifecycleRules": [
            {
                "id": "noncurrent-versions",
                "enabled": True,
                "noncurrentVersionExpiration": {"days": 30},
                "expiration": {"expiredObjectDeleteMarker": True},
            },
            {"id": "abort-uploads", "enabled": True, "abortIncompleteMultipartUploadDays": 7},
        ],
    },
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
    "BucketPolicy": {"bucket": NAME, "policy": {"Version": "2012-10-17", "Statement": [GRANT]}},
}


def policy(seen: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(seen.one("BucketPolicy").inputs["policy"])["Statement"]
    return found


class TestCoreWeave(DefaultStoreContract):
    composite = CoreWeaveByob
    record = staticmethod(record)
    store = SMALLEST
    resources = RESOURCES
    inputs = INPUTS
    components = ("CoreWeaveBucket", "CoreWeaveByob")


@pytest.fixture(scope="module")
def made() -> Run:
    return TestCoreWeave.made()


@pytest.mark.parametrize(
    ("deployment", "principal"),
    [
        ("multi_tenant", "arn:aws:iam::wandb:static/wandb-integration-public"),
        ("dedicated", "arn:aws:iam::wandb:static/wandb-integration"),
        ("self_managed", "arn:aws:iam::wandb:static/wandb-integration"),
    ],
)
def test_who_wandb_is(deployment: str, principal: str) -> None:
    seen = record(CoreWeaveByob, {**SMALLEST, "deployment": deployment})
    assert policy(seen)[0]["Principal"] == {"CW": principal}
    assert (seen.value("principals"), seen.value("principals_date")) == ([principal], "2026-08-19")


def test_your_own_people_are_let_in_when_asked_for() -> None:
    seen = record(CoreWeaveByob, {**SMALLEST, "storage_organization_id": "ab1cd2"})
    assert policy(seen) == [
        GRANT,
        {
            "Sid": "AllowUsersInOrg",
            "Effect": "Allow",
            "Principal": {"CW": "arn:aws:iam::ab1cd2:*"},
            "Action": "s3:*",
            "Resource": [ARN, f"{ARN}/*"],
        },
    ]


def test_minimal_access_splits_bucket_and_objects_and_both_hold_for_the_organization_alone() -> None:
    bucket, objects = policy(record(CoreWeaveByob, {**SMALLEST, "access": "minimal", "paths": ["vision"]}))
    assert (bucket["Sid"], bucket["Resource"]) == ("AllowWandbUser", ARN)
    assert (objects["Sid"], objects["Resource"]) == ("AllowWandbUserObjects", [f"{ARN}/vision/*"])
    assert "s3:GetObject*" not in objects["Action"]
    for statement in (bucket, objects):
        assert statement["Condition"] == {"StringLike": {"wandb:OrgID": ["acme"]}}


def test_outputs(made: Run) -> None:
    assert made.value("storage_addresses") == {"/": f"cw://{NAME}"}
    assert (made.value("bucket_name"), made.value("paths"), made.value("kms_key_id")) == (NAME, ["/"], "")
    assert made.value("region") == "eu-west-1"  # the provider's, whose place is CoreWeave's zone
    assert (made.value("server_env"), made.value("server_secrets")) == ({}, {})
    assert [name for name, seen in made.outputs.items() if seen.secret] == ["server_secrets"]


def test_a_self_managed_server_lists_coreweave_and_no_bucket() -> None:
    seen = record(CoreWeaveByob, {**SMALLEST, "deployment": "self_managed", "paths": ["a", "b"]})
    assert seen.value("server_env") == {
        "GORILLA_ARTIFACT_GC_ENABLED": "true",
        "GORILLA_SUPPORTED_FILE_STORES": "cw://",
    }
    assert seen.value("server_secrets") == {}
    steps = seen.value("handoffs")["a"]["steps"]
    (entry,) = [step for step in steps if step["surface"] == "environment"]
    assert [(f["name"], f["value"]) for f in entry["fields"]] == [("GORILLA_SUPPORTED_FILE_STORES", "cw://")]


@pytest.mark.parametrize(
    ("deployment", "level", "surfaces", "needs"),
    [
        ("multi_tenant", "team", ["check", "check", "form", "api", "check"], "the Enterprise plan"),
        ("dedicated", "team", ["check", "check", "support", "form", "api", "check"], "server version 0.73.0 or newer"),
        (
            "self_managed",
            "team",
            ["check", "check", "environment", "form", "api", "check"],
            "server version 0.73.0 or newer, deployed with Helm chart 0.33.14 or newer",
        ),
        ("dedicated", "instance", ["check", "check", "support", "check", "check"], "server version 0.73.0 or newer"),
        (
            "self_managed",
            "instance",
            ["check", "check", "support", "check", "check"],
            "server version 0.73.0 or newer, deployed with Helm chart 0.33.14 or newer",
        ),
    ],
)
def test_the_hand_off_of_each_deployment(deployment: str, level: str, surfaces: list[str], needs: str) -> None:
    seen = record(CoreWeaveByob, {**SMALLEST, "deployment": deployment, "level": level})
    handoff = seen.value("handoffs")["/"]
    assert [step["surface"] for step in handoff["steps"]] == surfaces
    assert handoff["needs"] == needs
    assert handoff["erasure_days"] == 30
    assert "The policy's condition on your organization keeps them apart" in handoff["principal_meaning"]
