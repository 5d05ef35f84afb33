"""The S3 bucket of a store, with every setting W&B and your data need, and its one policy."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from byob_components.arguments import parse_args, together
from byob_components.aws import checks, combinations, lifecycle, policy
from byob_components.aws.grant import RESERVED_SIDS, bucket_statements, customer_key_statement, transport_statements
from byob_components.aws.lifecycle import AwsLifecycleRuleArgs
from byob_components.combinations import judge
from byob_components.errors import Fault
from byob_components.store import Encryption, Protection, child_options, refuse, store_tag
from byob_components.wandb.access import AWS_POLICY_ID, Access
from byob_components.wandb.cors import DEFAULT_MAX_AGE_SECONDS, cors_rule
from byob_components.wandb.deployment import Cloud


class AwsBucketArgs(TypedDict):
    """Arguments of AwsBucket."""

    principals: NotRequired[list[pulumi.Input[str]]]
    """W&B's identities (ARNs of an account root, a role or a user); default `[]`, nobody."""
    access: NotRequired[Access]
    """Which set of rights they get; default `documented`, W&B's page."""
    region: NotRequired[pulumi.Input[str]]
    """The AWS region; default the provider's."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags on every resource that has tags; one of ours is added, `wandb-byob:store`."""
    protection: NotRequired[Protection]
    """What happens to the data when its lines leave the program; default `protected`."""
    encryption: NotRequired[Encryption]
    """Who holds the key; default `new_key`. AwsBucket makes no key: `new_key` and `existing_key` both want
    `kms_key_arn`."""
    kms_key_arn: NotRequired[pulumi.Input[str]]
    """The ARN of the key that encrypts the bucket; none with `provider_managed`."""
    bucket_name: NotRequired[pulumi.Input[str]]
    """The bucket's name; default: made from the resource name by Pulumi. Adoption and import need it."""
    force_destroy: NotRequired[bool]
    """Delete the objects too when the bucket is destroyed; default false, and only with protection `unprotected`."""
    paths: NotRequired[list[str]]
    """The paths that W&B uses, without slashes at the ends; default none, which means the bucket's root."""
    cors_origins: NotRequired[list[pulumi.Input[str]]]
    """Origins whose pages may call the bucket; default `*`, W&B's page."""
    cors_max_age_seconds: NotRequired[int]
    """Seconds for which a browser may keep a preflight's answer; default 3000, W&B's page."""
    noncurrent_days: NotRequired[int]
    """Days until a noncurrent version expires; default 30. W&B has no right to delete versions itself."""
    noncurrent_versions: NotRequired[int]
    """How many newer noncurrent versions are kept beyond that time, 0 to 100; default 0."""
    abort_upload_days: NotRequired[int]
    """Days until an unfinished upload is dropped; default 7, at least 2, because upload URLs live for 24 hours."""
    lifecycle_rules: NotRequired[list[AwsLifecycleRuleArgs]]
    """More lifecycle rules; default none."""
    allow_data_expiry: NotRequired[bool]
    """Accept lifecycle rules that expire current objects or archive them; default false."""
    bucket_policy_statements: NotRequired[list[pulumi.Input[dict[str, Any]]]]
    """More statements for the bucket's one policy, raw IAM with a Sid each; `{bucket_arn}` in a resource stands for the
    bucket's ARN. Default none."""
    access_log_bucket: NotRequired[pulumi.Input[str]]
    """A bucket that receives server access logs; default none. It must let logging.s3.amazonaws.com write."""
    access_log_prefix: NotRequired[pulumi.Input[str]]
    """Where in that bucket; default `<bucket>/`."""


def bucket_policy(
    *,
    bucket_arn: str,
    principals: Sequence[str],
    access: Access = Access.DOCUMENTED,
    paths: Sequence[str] = (),
    statements: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The bucket's one policy: what is refused to everybody, W&B's grant, and the user's own statements.

    Args:
        bucket_arn: The bucket.
        principals: W&B's identities; with none the grant is left out.
        access: Which set of rights they get.
        paths: The paths in use; they narrow `minimal` only.
        statements: The user's own.
    """
    return policy.document(
        [
            *transport_statements(bucket_arn),
            customer_key_statement(bucket_arn),
            *bucket_statements(bucket_arn, principals, access, paths),
            *(policy.placed(statement, bucket_arn) for statement in statements),
        ],
        AWS_POLICY_ID,
    )


CHECKS = {
    **checks.BY_NAME,
    "bucket_policy_statements": lambda value, where: policy.check_statements(value, where, RESERVED_SIDS),
}


def check(args: AwsBucketArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of an AwsBucket.
    """
    return _parse(args)[1]


def _parse(args: AwsBucketArgs) -> tuple[dict[str, Any], list[Fault]]:
    values, faults = parse_args(AwsBucketArgs, args, CHECKS)
    return values, judge(values, faults, combinations.BUCKET)


class AwsBucket(pulumi.ComponentResource):
    """A private, versioned, encrypted bucket with W&B's grant, for a key made elsewhere or none.

    Args:
        name: The resource name.
        args: See AwsBucketArgs.
        opts: Resource options.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    bucket_name: pulumi.Output[str]
    """The bucket's name."""
    bucket_arn: pulumi.Output[str]
    """The bucket's ARN."""
    region: pulumi.Output[str]
    """Where the bucket is."""

    def __init__(self, name: str, args: AwsBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = _parse(args)
        refuse([*faults, *checks.resource_name(name, values)], f"AwsBucket '{name}'")
        super().__init__("wandb-byob:index:AwsBucket", name, {}, opts)
        protection, region = values.get("protection", Protection.PROTECTED), values.get("region")
        bucket = aws.s3.Bucket(
            name,
            bucket=values.get("bucket_name"),
            region=region,
            force_destroy=values.get("force_destroy", False),
            tags=store_tag(name, values.get("tags")),
            opts=child_options(self, protection, protect=True),
        )
        self.bucket_name, self.bucket_arn, self.region = bucket.bucket, bucket.arn, bucket.region
        last: pulumi.Resource = bucket

        def after(protect: bool = True) -> pulumi.ResourceOptions:
            # One after the other: S3 answers OperationAborted to concurrent changes of one bucket. Deleted with the
            # bucket, so that a destroy that fails on a bucket with objects leaves every control in place.
            return child_options(self, protection, protect=protect, depends_on=[last], deleted_with=bucket)

        last = aws.s3.BucketPublicAccessBlock(
            name,
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            region=region,
            opts=after(),
        )
        last = aws.s3.BucketOwnershipControls(
            name, bucket=bucket.bucket, rule={"object_ownership": "BucketOwnerEnforced"}, region=region, opts=after()
        )
        last = aws.s3.BucketVersioning(
            name, bucket=bucket.bucket, versioning_configuration={"status": "Enabled"}, region=region, opts=after()
        )
        last = aws.s3.BucketServerSideEncryptionConfiguration(
            name, bucket=bucket.bucket, rules=[_encryption_rule(values)], region=region, opts=after()
        )
        access, paths = values.get("access", Access.DOCUMENTED), values.get("paths", [])
        document = together(
            lambda **known: json.dumps(bucket_policy(access=access, paths=paths, **known)),
            bucket_arn=bucket.arn,
            principals=values.get("principals", []),
            statements=values.get("bucket_policy_statements", []),
        )
        # The grant is not protected: who holds it must stay changeable.
        last = aws.s3.BucketPolicy(
            name, bucket=bucket.bucket, policy=document, region=region, opts=after(protect=False)
        )
        rule = cors_rule(Cloud.AWS, max_age_seconds=values.get("cors_max_age_seconds", DEFAULT_MAX_AGE_SECONDS))
        last = aws.s3.BucketCorsConfiguration(
            name,
            bucket=bucket.bucket,
            region=region,
            opts=after(),
            cors_rules=[
                {
                    "allowed_methods": list(rule.allowed_methods),
                    "allowed_headers": list(rule.allowed_headers),
                    "allowed_origins": values.get("cors_origins") or list(rule.allowed_origins),
                    "expose_headers": list(rule.expose_headers),
                    "max_age_seconds": rule.max_age_seconds,
                }
            ],
        )
        last = aws.s3.BucketLifecycleConfiguration(
            name,
            bucket=bucket.bucket,
            region=region,
            opts=after(),
            rules=lifecycle.rules(
                values.get("noncurrent_days", 30),
                values.get("noncurrent_versions", 0),
                values.get("abort_upload_days", 7),
                values.get("lifecycle_rules", []),
            ),
        )
        if "access_log_bucket" in values:
            aws.s3.BucketLogging(
                name,
                bucket=bucket.bucket,
                target_bucket=values["access_log_bucket"],
                region=region,
                opts=after(),
                target_prefix=values.get("access_log_prefix", pulumi.Output.concat(bucket.bucket, "/")),
            )
        self.register_outputs({"bucketName": self.bucket_name, "bucketArn": self.bucket_arn, "region": self.region})


def _encryption_rule(values: Mapping[str, Any]) -> dict[str, Any]:
    if "kms_key_arn" not in values:
        return {"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}
    # A bucket key makes S3 ask KMS once for many objects: the same protection for a fraction of the requests.
    return {
        "apply_server_side_encryption_by_default": {
            "sse_algorithm": "aws:kms",
            "kms_master_key_id": values["kms_key_arn"],
        },
        "bucket_key_enabled": True,
    }
