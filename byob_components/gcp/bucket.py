"""The Cloud Storage bucket of a store, with every setting W&B and your data need, and W&B's grant."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_gcp as gcp

from byob_components.combinations import judge
from byob_components.errors import Fault
from byob_components.gcp import checks, combinations, lifecycle
from byob_components.gcp.grant import bucket_members, endings
from byob_components.gcp.labels import store_labels
from byob_components.gcp.lifecycle import GcpLifecycleRuleArgs
from byob_components.gcp.refused import parse
from byob_components.store import Encryption, Protection, child_options, refuse
from byob_components.wandb.access import Access
from byob_components.wandb.cors import DEFAULT_MAX_AGE_SECONDS, cors_rule
from byob_components.wandb.deployment import Cloud

DEFAULT_SOFT_DELETE_DAYS = 7
_DAY = 86400


class GcpBucketArgs(TypedDict):
    """Arguments of GcpBucket."""

    location: pulumi.Input[str]
    """Where the bucket is: a region such as `europe-west4`, `US`, `EU`, `ASIA` or a dual-region. It can never change, and
    where data may lie is nobody's default."""
    principals: NotRequired[list[pulumi.Input[str]]]
    """W&B's identities (e-mail addresses of service accounts); default `[]`, nobody."""
    access: NotRequired[Access]
    """Which set of rights they get; default `documented`, W&B's page. Either holds for the whole bucket."""
    project: NotRequired[pulumi.Input[str]]
    """The id of the project; default the provider's."""
    labels: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Labels on every resource that has labels; one of ours is added, `wandb-byob-store`."""
    protection: NotRequired[Protection]
    """What happens to the data when its lines leave the program; default `protected`."""
    encryption: NotRequired[Encryption]
    """Who holds the key; default `provider_managed`. GcpBucket makes no key: `new_key` and `existing_key` both want
    `kms_key_id`, and that Cloud Storage may use it already."""
    kms_key_id: NotRequired[pulumi.Input[str]]
    """The resource name of the key that encrypts the bucket; none with `provider_managed`."""
    bucket_name: NotRequired[pulumi.Input[str]]
    """The bucket's name; default: made from the resource name by Pulumi. Adoption and import need it."""
    force_destroy: NotRequired[bool]
    """Delete the objects too when the bucket is destroyed; default false, and only with protection `unprotected`."""
    cors_origins: NotRequired[list[pulumi.Input[str]]]
    """Origins whose pages may call the bucket; default `*`, W&B's page."""
    cors_max_age_seconds: NotRequired[int]
    """Seconds for which a browser may keep a preflight's answer; default 3000, W&B's page."""
    soft_delete_days: NotRequired[int]
    """Days for which Google keeps what was deleted for good, 7 to 90; default 7. W&B's server refuses a bucket without."""
    noncurrent_days: NotRequired[int]
    """Days until a noncurrent version expires; default 30."""
    noncurrent_versions: NotRequired[int]
    """How many newer noncurrent versions are kept beyond that time, 0 to 100; default 0."""
    abort_upload_days: NotRequired[int]
    """Days until an unfinished upload is dropped; default 7, at least 2, because upload URLs live for 24 hours."""
    lifecycle_rules: NotRequired[list[GcpLifecycleRuleArgs]]
    """More lifecycle rules; default none."""
    allow_data_expiry: NotRequired[bool]
    """Accept lifecycle rules that expire current objects; default false."""
    access_log_bucket: NotRequired[pulumi.Input[str]]
    """A bucket that receives usage logs; default none. It must let cloud-storage-analytics@google.com write."""
    access_log_prefix: NotRequired[pulumi.Input[str]]
    """What their names begin with in that bucket; default the bucket's name."""


def check(args: GcpBucketArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of a GcpBucket.
    """
    return _parse(args)[1]


def _parse(args: GcpBucketArgs) -> tuple[dict[str, Any], list[Fault]]:
    values, faults = parse(GcpBucketArgs, args, checks.BY_NAME)
    return values, judge(values, faults, combinations.BUCKET)


class GcpBucket(pulumi.ComponentResource):
    """A private, versioned bucket with soft delete and W&B's grant, for a key made elsewhere or Google's.

    Args:
        name: The resource name.
        args: See GcpBucketArgs.
        opts: Resource options.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    bucket_name: pulumi.Output[str]
    """The bucket's name."""
    region: pulumi.Output[str]
    """Where the bucket is, in lower case: a region, a multi-region or a dual-region."""

    def __init__(self, name: str, args: GcpBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = _parse(args)
        refuse([*faults, *checks.resource_name(name, values)], f"GcpBucket '{name}'")
        super().__init__("wandb-byob:index:GcpBucket", name, {}, opts)
        protection = values.get("protection", Protection.PROTECTED)
        rule = cors_rule(Cloud.GCP, max_age_seconds=values.get("cors_max_age_seconds", DEFAULT_MAX_AGE_SECONDS))
        bucket = gcp.storage.Bucket(
            name,
            name=values.get("bucket_name"),
            location=values["location"],
            project=values.get("project"),
            force_destroy=values.get("force_destroy", False),
            labels=store_labels(name, values.get("labels")),
            uniform_bucket_level_access=True,
            public_access_prevention="enforced",
            versioning={"enabled": True},
            soft_delete_policy={
                "retention_duration_seconds": values.get("soft_delete_days", DEFAULT_SOFT_DELETE_DAYS) * _DAY
            },
            encryption={"default_kms_key_name": values["kms_key_id"]} if "kms_key_id" in values else None,
            cors=[
                {
                    "origins": values.get("cors_origins") or list(rule.allowed_origins),
                    "methods": list(rule.allowed_methods),
                    # Google has one list for what a page may send and what it may read.
                    "response_headers": list(rule.expose_headers),
                    "max_age_seconds": rule.max_age_seconds,
                }
            ],
            # Plain dicts, in the SDK's own spelling; unused where the SDK's types are not read.
            lifecycle_rules=lifecycle.rules(  # type: ignore[arg-type, unused-ignore]  # plain mappings, which the SDK takes too
                values.get("noncurrent_days", 30),
                values.get("noncurrent_versions", 0),
                values.get("abort_upload_days", 7),
                values.get("lifecycle_rules", []),
            ),
            logging=_logging(values),
            opts=child_options(self, protection, protect=True),
        )
        # Who holds the grant must stay changeable, so it is not protected; it goes with its bucket.
        bucket_members(
            name,
            bucket.name,
            endings(values.get("principals", [])),
            values.get("access", Access.DOCUMENTED),
            child_options(self, protection, protect=False, deleted_with=bucket),
        )
        self.bucket_name, self.region = bucket.name, bucket.location.apply(str.lower)
        self.register_outputs({"bucketName": self.bucket_name, "region": self.region})


def _logging(values: Mapping[str, Any]) -> Any:
    if "access_log_bucket" not in values:
        return None
    prefix = {"log_object_prefix": values["access_log_prefix"]} if "access_log_prefix" in values else {}
    return {"log_bucket": values["access_log_bucket"], **prefix}
