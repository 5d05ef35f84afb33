"""The platform team's own stack, and W&B's storage for the team `vision` beside it."""

import json

import pulumi
import pulumi_aws as aws

from byob_components import AwsByob, Deployment, Level

# What was here before: a bucket of data sets, and the role under which training runs.
datasets = aws.s3.Bucket("datasets", tags={"team": "vision"})
training = aws.iam.Role(
    "training",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}
            ],
        }
    ),
)

# What W&B needs: bucket, key, CORS and grant, as one component.
storage = AwsByob(
    "vision",
    {
        "deployment": Deployment.DEDICATED,
        "level": Level.TEAM,
        "paths": ["vision"],
        # Training may use the store's key; what it may do in the bucket is up to its own policies.
        "kms_key_users": [training.arn],
        "tags": {"team": "vision"},
    },
)

pulumi.export("datasets", datasets.bucket)
pulumi.export("wandb", {"addresses": storage.storage_addresses, "kmsKey": storage.kms_key_id})
pulumi.export("handoff", storage.handoffs)
