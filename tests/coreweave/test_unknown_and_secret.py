"""Every argument that is only passed through may be unknown or secret: nothing crashes, unknown stays unknown, and a
secret is secret wherever it goes, and only there."""

from typing import Any

from byob_components import coreweave
from tests.conformance.unknown_and_secret import Component, PassThroughContract, Row
from tests.mocks.aws import AwsMocks

WANDB = "arn:aws:iam::wandb:static/wandb-integration"
WHO = {"CW": "arn:aws:iam::ab1cd2:coreweave/confidential"}
OWN = {"Sid": "Own", "Effect": "Allow", "Principal": WHO, "Action": "s3:GetObject", "Resource": "*"}
BASE: dict[str, Any] = {"deployment": "self_managed", "level": "team", "wandb_organization_id": "acme"}

VALUES: dict[str, Any] = {
    "wandb_organization_id": "confidential",
    "storage_organization_id": "confidential",
    "principals": ["arn:aws:iam::wandb:static/confidential"],
    "bucket_name": "confidential-name",
    "cors_origins": ["https://confidential.example.com"],
    "bucket_policy_statements": [OWN],
}
"""A good value of every argument that is passed through."""

BY_NAME = {"storage_addresses", "bucket_name", "handoffs", "server_env", "server_secrets"}
NAMED = {"Bucket.bucket", "BucketVersioning.bucket", "BucketPolicy.bucket", "BucketCorsConfiguration.bucket"}
STORE: dict[str, Row] = {
    "wandb_organization_id": ({}, {"BucketPolicy.policy"}, set()),
    "storage_organization_id": ({}, {"BucketPolicy.policy"}, set()),
    "principals": ({}, {"BucketPolicy.policy"}, {"principals", "handoffs"}),
    "bucket_name": ({}, {*NAMED, "BucketPolicy.policy"}, BY_NAME),
    "cors_origins": ({}, {"BucketCorsConfiguration.corsRules"}, set()),
    "bucket_policy_statements": ({}, {"BucketPolicy.policy"}, set()),
}
BUCKET: dict[str, Row] = {
    **{name: (more, inputs, set()) for name, (more, inputs, _) in STORE.items()},
    "bucket_name": ({}, {*NAMED, "BucketPolicy.policy"}, {"bucket_name", "bucket_arn"}),
}
GRANT: dict[str, Row] = {
    "bucket_name": ({}, {"BucketPolicy.bucket", "BucketPolicy.policy"}, {"bucket_name", "bucket_policy"}),
    "principals": ({}, {"BucketPolicy.policy"}, {"principals", "bucket_policy"}),
    **{
        argument: ({}, {"BucketPolicy.policy"}, {"bucket_policy"})
        for argument in ("bucket_policy_statements", "storage_organization_id", "wandb_organization_id")
    },
}
COMPONENTS: dict[str, Component] = {
    "CoreWeaveByob": (coreweave.CoreWeaveByob, coreweave.CoreWeaveByobArgs, BASE, STORE),
    "CoreWeaveBucket": (
        coreweave.CoreWeaveBucket,
        coreweave.CoreWeaveBucketArgs,
        {"wandb_organization_id": "acme", "principals": [WANDB]},
        BUCKET,
    ),
    "CoreWeaveGrant": (
        coreweave.CoreWeaveGrant,
        coreweave.CoreWeaveGrantArgs,
        {
            "deployment": "dedicated",
            "wandb_organization_id": "acme",
            "bucket_name": "theirs",
            "bucket_policy_statements": [],
        },
        GRANT,
    ),
}


class TestCoreWeave(PassThroughContract):
    components = COMPONENTS
    values = VALUES
    mocks = AwsMocks
    always_secret = {"CoreWeaveByob": {"server_secrets"}}  # noqa: RUF012
    bad = (coreweave.CoreWeaveByob, BASE, "wandb_organization_id", "confidential id", "BYOB-CW-001")
