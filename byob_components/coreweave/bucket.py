"""The bucket of a store at CoreWeave, with every setting W&B and your data need, and its one policy."""

import json
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from byob_components.arguments import together
from byob_components.combinations import judge
from byob_components.coreweave import checks, combinations, lifecycle
from byob_components.coreweave.grant import RESERVED_SIDS, bucket_policy
from byob_components.coreweave.lifecycle import CoreWeaveLifecycleRuleArgs
from byob_components.coreweave.refused import parse
from byob_components.errors import Fault
from byob_components.store import Protection, child_options, refuse
from byob_components.wandb.access import Access
from byob_components.wandb.cors import DEFAULT_MAX_AGE_SECONDS, cors_rule
from byob_components.wandb.deployment import Cloud


class CoreWeaveBucketArgs(TypedDict):
    """Arguments of CoreWeaveBucket."""

    wandb_organization_id: pulumi.Input[str]
    """Your organization at W&B: on Multi-tenant Cloud the organization ID that the team creation drawer shows, else the
    Customer Namespace at the bottom of System Console > Authentication. It keeps other customers of W&B out."""
    storage_organization_id: NotRequired[pulumi.Input[str]]
    """Your organization at CoreWeave, whose users get every right on the bucket that its organization access policy leaves
    them; default none."""
    principals: NotRequired[list[pulumi.Input[str]]]
    """W&B's identities; default `[]`, nobody."""
    access: NotRequired[Access]
    """Which set of rights they get; default `documented`, W&B's page."""
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
    lifecycle_rules: NotRequired[list[CoreWeaveLifecycleRuleArgs]]
    """More lifecycle rules; default none."""
    allow_data_expiry: NotRequired[bool]
    """Accept lifecycle rules that expire current objects; default false."""
    bucket_policy_statements: NotRequired[list[pulumi.Input[dict[str, Any]]]]
    """More statements for the bucket's one policy, in CoreWeave's terms with a Sid each; `{bucket_arn}` in a resource
    stands for the bucket's ARN. Default none."""


CHECKS = {**checks.BY_NAME, "bucket_policy_statements": checks.statements(RESERVED_SIDS)}


def check(args: CoreWeaveBucketArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of a CoreWeaveBucket.
    """
    return _parse(args)[1]


def _parse(args: CoreWeaveBucketArgs) -> tuple[dict[str, Any], list[Fault]]:
    values, faults = parse(CoreWeaveBucketArgs, args, CHECKS)
    return values, judge(values, faults, combinations.BUCKET)


class CoreWeaveBucket(pulumi.ComponentResource):
    """A private, versioned bucket at CoreWeave with W&B's grant.

    Args:
        name: The resource name.
        args: See CoreWeaveBucketArgs.
        opts: Resource options; the provider of the package `aws` must point at CoreWeave.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    bucket_name: pulumi.Output[str]
    """The bucket's name."""
    bucket_arn: pulumi.Output[str]
    """The bucket's ARN, as CoreWeave's policies name it."""
    region: pulumi.Output[str]
    """The Availability Zone, which is the provider's region."""

    def __init__(self, name: str, args: CoreWeaveBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = _parse(args)
        refuse([*faults, *checks.resource_name(name, values)], f"CoreWeaveBucket '{name}'")
        super().__init__("wandb-byob:index:CoreWeaveBucket", name, {}, opts)
        protection = values.get("protection", Protection.PROTECTED)
        # The bucket's own lifecycle setting is the older one. The resource of its own waits for a header that AWS alone
        # sends (docs/s3-compatible.md); plain dicts, in the SDK's own spelling; unused where the SDK's types are not read.
        bucket = aws.s3.Bucket(
            name,
            bucket=values.get("bucket_name"),
            force_destroy=values.get("force_destroy", False),
            lifecycle_rules=lifecycle.bucket_rules(values),  # type: ignore[arg-type, unused-ignore]  # plain mappings, which the SDK takes too
            opts=child_options(self, protection, protect=True),
        )
        self.bucket_name, self.region = bucket.bucket, bucket.region
        # Only AWS has partitions, which the provider would tell by the region's name.
        self.bucket_arn = bucket.bucket.apply(lambda known: f"arn:aws:s3:::{known}")
        last: pulumi.Resource = bucket

        def after(protect: bool = True) -> pulumi.ResourceOptions:
            # One after the other, as S3 wants it. Deleted with the bucket, so that a destroy that fails on a bucket with
            # objects leaves every control in place.
            return child_options(self, protection, protect=protect, depends_on=[last], deleted_with=bucket)

        last = aws.s3.BucketVersioning(
            name, bucket=bucket.bucket, versioning_configuration={"status": "Enabled"}, opts=after()
        )
        access, paths = values.get("access", Access.DOCUMENTED), values.get("paths", [])
        principals, statements = values.get("principals", []), values.get("bucket_policy_statements", [])
        if principals or statements or "storage_organization_id" in values:
            document = together(
                lambda **known: json.dumps(bucket_policy(access=access, paths=paths, **known)),
                bucket_arn=self.bucket_arn,
                principals=principals,
                organization=values["wandb_organization_id"],
                own_organization=values.get("storage_organization_id", ""),
                statements=statements,
            )
            # The grant is not protected: who holds it must stay changeable.
            last = aws.s3.BucketPolicy(name, bucket=bucket.bucket, policy=document, opts=after(protect=False))
        rule = cors_rule(Cloud.COREWEAVE, max_age_seconds=values.get("cors_max_age_seconds", DEFAULT_MAX_AGE_SECONDS))
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
