"""What each argument of the components that stand apart changes among the registered inputs."""

from typing import Any

from tests.aws.changes import BUCKET_CHANGES, EMPTY, KEY, OWN, ROLE, STORE_CHANGES, TAGS, Change

GRANT = {"deployment": "dedicated", "bucket_name": "theirs", "bucket_policy_statements": [], "principals": [ROLE]}
CREDENTIAL = {"bucket_name": "theirs", "credential_keys": ["a"]}

GRANT_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    "deployment": ({"deployment": "self_managed"}, EMPTY),
    "bucket_name": (
        {"bucket_name": "other"},
        {
            "BucketPolicy.bucket": "other",
            **{
                f"BucketPolicy.policy.Statement[{i}].Resource": ["arn:aws:s3:::other", "arn:aws:s3:::other/*"]
                for i in (0, 1, 2)
            },
        },
    ),
    "bucket_policy_statements": (
        {"bucket_policy_statements": [OWN]},
        {"BucketPolicy.policy.Statement[3]": {**OWN, "Resource": "arn:aws:s3:::theirs"}},
    ),
    "principals": ({"principals": []}, {"BucketPolicy.policy.Statement[2]": None}),
    "access": (
        {"access": "minimal", "paths": ["vision"]},
        {
            **{
                path.replace("Statement[3]", "Statement[2]").replace("Statement[4]", "Statement[3]"): value
                for path, value in BUCKET_CHANGES["access"][1].items()
                if not path.endswith("Statement[4]") and not path.endswith("Resource")
            },
            "BucketPolicy.policy.Statement[2].Resource": "arn:aws:s3:::theirs",
            "BucketPolicy.policy.Statement[3]": {
                **BUCKET_CHANGES["access"][1]["BucketPolicy.policy.Statement[4]"],
                "Resource": ["arn:aws:s3:::theirs/vision/*"],
            },
        },
    ),
    "paths": ({"paths": ["vision"]}, EMPTY),
    "kms_key_arn": ({"kms_key_arn": KEY}, {"Grant": STORE_CHANGES["kms_key_arn"][1]["Grant"]}),
    "region": ({"region": "eu-west-1"}, {"BucketPolicy.region": "eu-west-1"}),
    "partition": (
        {"partition": "aws-us-gov", "principals": []},
        {
            **{
                f"BucketPolicy.policy.Statement[{i}].Resource": [
                    "arn:aws-us-gov:s3:::theirs",
                    "arn:aws-us-gov:s3:::theirs/*",
                ]
                for i in (0, 1)
            },
            "BucketPolicy.policy.Statement[2]": None,
        },
    ),
}
KEY_STATEMENT = {
    "Sid": "WAndBKeyUse",
    "Effect": "Allow",
    "Action": ["kms:Decrypt", "kms:Describe*", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
    "Resource": KEY,
}
CREDENTIAL_CHANGES: dict[str, tuple[dict[str, Any], Change]] = {
    "bucket_name": (
        {"bucket_name": "other"},
        {"UserPolicy.policy.Statement[0].Resource": ["arn:aws:s3:::other", "arn:aws:s3:::other/*"]},
    ),
    "credential_keys": (
        {"credential_keys": ["a", "b"]},
        {"AccessKey#vision-b": {"user": "vision-a1b2c3d", "status": "Active"}},
    ),
    "kms_key_arn": ({"kms_key_arn": KEY}, {"UserPolicy.policy.Statement[1]": KEY_STATEMENT}),
    "access": (
        {"access": "minimal"},
        {
            "UserPolicy.policy.Statement[0].Action": BUCKET_CHANGES["access"][1][
                "BucketPolicy.policy.Statement[3].Action"
            ],
            "UserPolicy.policy.Statement[0].Resource": "arn:aws:s3:::theirs",
            "UserPolicy.policy.Statement[1]": {
                "Sid": "WAndBObjectAccess",
                "Effect": "Allow",
                "Action": BUCKET_CHANGES["access"][1]["BucketPolicy.policy.Statement[4]"]["Action"],
                "Resource": ["arn:aws:s3:::theirs/*"],
            },
        },
    ),
    "paths": ({"paths": ["vision"]}, EMPTY),
    "region": ({"region": "eu-west-1", "kms_key_arn": KEY}, {"UserPolicy.policy.Statement[1]": KEY_STATEMENT}),
    "partition": (
        {"partition": "aws-us-gov"},
        {"UserPolicy.policy.Statement[0].Resource": ["arn:aws-us-gov:s3:::theirs", "arn:aws-us-gov:s3:::theirs/*"]},
    ),
    "tags": (TAGS, {"User.tags.team": "vision"}),
    "suspended": ({"suspended": True}, {"AccessKey.status": "Inactive"}),
    "protection": ({"protection": "unprotected"}, EMPTY),
}
BUCKET_ONLY: dict[str, tuple[dict[str, Any], Change]] = {
    **BUCKET_CHANGES,
    "encryption": ({"encryption": "existing_key"}, EMPTY),
    "kms_key_arn": (
        {"kms_key_arn": KEY.replace("1111", "9999", 1)},
        {
            "BucketServerSideEncryptionConfiguration.rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId": KEY.replace(
                "1111", "9999", 1
            )
        },
    ),
}
