"""The bucket of a store on an S3-compatible server, with every setting that W&B and your data need and the server has, and
its one policy."""

import json
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from byob_components.arguments import together
from byob_components.combinations import judge
from byob_components.errors import Fault
from byob_components.s3_compatible import checks, combinations, lifecycle
from byob_components.s3_compatible.capability import (
    S3CompatibleCapability,
    S3CompatibleServer,
    capabilities,
)
from byob_components.s3_compatible.grant import RESERVED_SIDS, bucket_policy, policy_settings
from byob_components.s3_compatible.lifecycle import S3CompatibleLifecycleRuleArgs
from byob_components.s3_compatible.refused import parse
from byob_components.store import Protection, child_options, refuse
from byob_components.wandb.access import Access
from byob_components.wandb.cors import DEFAULT_MAX_AGE_SECONDS, cors_rule
from byob_components.wandb.deployment import Cloud


class S3CompatibleBucketArgs(TypedDict):
    """Arguments of S3CompatibleBucket."""

    server: S3CompatibleServer
    """The software that speaks S3; it decides what can be set on a bucket."""
    capabilities: NotRequired[list[S3CompatibleCapability]]
    """What the server can do, in the place of its preset; default the preset of `server`."""
    principals: NotRequired[list[pulumi.Input[str]]]
    """The users of the store that the bucket's policy lets in; default `[]`, nobody."""
    access: NotRequired[Access]
    """Which set of rights they get; default `documented`, W&B's page."""
    tls: NotRequired[bool]
    """Whether the store is reached over TLS; default true. Then plain HTTP is refused, where the server can."""
    protection: NotRequired[Protection]
    """What happens to the data when its lines leave the program; default `protected`."""
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
    abort_upload_days: NotRequired[int]
    """Days until an unfinished upload is dropped; default 7, at least 2, because upload URLs live for 24 hours."""
    lifecycle_rules: NotRequired[list[S3CompatibleLifecycleRuleArgs]]
    """More lifecycle rules; default none."""
    allow_data_expiry: NotRequired[bool]
    """Accept lifecycle rules that expire current objects; default false."""
    bucket_policy_statements: NotRequired[list[pulumi.Input[dict[str, Any]]]]
    """More statements for the bucket's one policy, raw IAM with a Sid each; `{bucket_arn}` in a resource stands for the
    bucket's ARN. Default none."""


CHECKS = {**checks.BY_NAME, "bucket_policy_statements": checks.statements(RESERVED_SIDS)}


def check(args: S3CompatibleBucketArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of an S3CompatibleBucket.
    """
    return _parse(args)[1]


def _parse(args: S3CompatibleBucketArgs) -> tuple[dict[str, Any], list[Fault]]:
    values, faults = parse(S3CompatibleBucketArgs, args, CHECKS)
    return values, judge(values, faults, combinations.BUCKET)


class S3CompatibleBucket(pulumi.ComponentResource):
    """A private, versioned bucket on an S3-compatible server, as far as the server can.

    Args:
        name: The resource name.
        args: See S3CompatibleBucketArgs.
        opts: Resource options; the provider of the package `aws` must point at the server.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    bucket_name: pulumi.Output[str]
    """The bucket's name."""
    bucket_arn: pulumi.Output[str]
    """The bucket's ARN, as the server's policies name it."""
    region: pulumi.Output[str]
    """The region that the provider signs with."""

    def __init__(self, name: str, args: S3CompatibleBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = _parse(args)
        refuse([*faults, *checks.resource_name(name, values)], f"S3CompatibleBucket '{name}'")
        super().__init__("wandb-byob:index:S3CompatibleBucket", name, {}, opts)
        protection, has = values.get("protection", Protection.PROTECTED), capabilities(values)
        # The bucket's own lifecycle setting is the older one. The resource of its own waits for a header that AWS alone
        # sends (docs/s3-compatible.md); plain dicts, in the SDK's own spelling; unused where the SDK's types are not read.
        bucket = aws.s3.Bucket(
            name,
            bucket=values.get("bucket_name"),
            force_destroy=values.get("force_destroy", False),
            lifecycle_rules=lifecycle.bucket_rules(values) or None,  # type: ignore[arg-type, unused-ignore]  # plain mappings, which the SDK takes too
            opts=child_options(self, protection, protect=True),
        )
        self.bucket_name, self.region = bucket.bucket, bucket.region
        # Only AWS has partitions, which the provider would tell by the region's name.
        self.bucket_arn = bucket.bucket.apply(lambda known: f"arn:aws:s3:::{known}")
        last: pulumi.Resource = bucket

        def after(protect: bool = True) -> pulumi.ResourceOptions:
            # One after the other: servers lock a bucket's settings, or lose one of two changes at a time. Deleted with the
            # bucket, so that a destroy that fails on a bucket with objects leaves every control in place.
            return child_options(self, protection, protect=protect, depends_on=[last], deleted_with=bucket)

        if S3CompatibleCapability.VERSIONING in has:
            last = aws.s3.BucketVersioning(
                name, bucket=bucket.bucket, versioning_configuration={"status": "Enabled"}, opts=after()
            )
        settings = policy_settings(values)
        principals, statements = values.get("principals", []), values.get("bucket_policy_statements", [])
        if settings["secure_transport"] or principals or statements:
            document = together(
                lambda **known: json.dumps(bucket_policy(paths=values.get("paths", []), **settings, **known)),
                bucket_arn=self.bucket_arn,
                principals=principals,
                statements=statements,
            )
            # The grant is not protected: who holds it must stay changeable.
            last = aws.s3.BucketPolicy(name, bucket=bucket.bucket, policy=document, opts=after(protect=False))
        if S3CompatibleCapability.CORS in has:
            rule = cors_rule(
                Cloud.S3_COMPATIBLE, max_age_seconds=values.get("cors_max_age_seconds", DEFAULT_MAX_AGE_SECONDS)
            )
            last = aws.s3.BucketCorsConfiguration(
                name,
                bucket=bucket.bucket,
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
        self.register_outputs({"bucketName": self.bucket_name, "bucketArn": self.bucket_arn, "region": self.region})
