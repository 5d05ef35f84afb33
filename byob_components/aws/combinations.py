"""What arguments of components on AWS must be to each other, in the order in which it is told."""

from collections.abc import Mapping
from typing import Any

from byob_components.arguments import is_open
from byob_components.aws import checks, lifecycle
from byob_components.combinations import Combination
from byob_components.errors import Fault
from byob_components.key_choice import check_key_choice
from byob_components.store import Encryption, Protection
from byob_components.suspension import of_this_store, some_are_suspended
from byob_components.wandb import deployment as availability
from byob_components.wandb import principal as wandb_principal
from byob_components.wandb.access import Access, check_access
from byob_components.wandb.deployment import Cloud

Values = Mapping[str, Any]
KEY_ONLY = (
    "kms_alias_name",
    "kms_deletion_window_days",
    "kms_key_admins",
    "kms_key_guard",
    "kms_key_users",
    "kms_rotation_days",
)
"""Arguments that describe a key to be made."""


# ------------------------------------------------------------------------------------- what W&B offers
def _offer(values: Values) -> list[Fault]:
    return availability.check_offer(values["deployment"], values["level"], Cloud.AWS)


def _credential(values: Values) -> list[Fault]:
    if "credential_keys" not in values:
        return []
    return availability.check_keys(values["deployment"], "credential_keys")


def _access(values: Values) -> list[Fault]:
    access, paths = values.get("access", Access.DOCUMENTED), values.get("paths", [])
    return check_access(access, values["level"], Cloud.AWS, paths)


# ------------------------------------------------------------------------------------- the bucket
def _force_destroy(values: Values) -> list[Fault]:
    if not values.get("force_destroy") or values.get("protection", Protection.PROTECTED) is Protection.UNPROTECTED:
        return []
    what, fix = "deletes data, and protection is on", "leave it out, or set protection to 'unprotected' as well"
    return [Fault("BYOB-AWS-021", "force_destroy", what, True, "false", fix)]


def _log_prefix(values: Values) -> list[Fault]:
    if "access_log_prefix" not in values or "access_log_bucket" in values:
        return []
    what, fix = "has no access_log_bucket to go with", "name the bucket that receives the logs, or drop the prefix"
    return [Fault("BYOB-AWS-023", "access_log_prefix", what, None, "both, or access_log_bucket alone", fix)]


def _logs_elsewhere(values: Values) -> list[Fault]:
    own = values.get("bucket_name")
    if not isinstance(own, str) or own != values.get("access_log_bucket"):
        return []
    what, fix = "is the bucket itself: each log would be logged", "keep logs in a bucket of their own"
    return [Fault("BYOB-AWS-023", "access_log_bucket", what, own, "another bucket", fix)]


# ------------------------------------------------------------------------------------- places
def _region(values: Values) -> str | None:
    """The region, as far as it is known and right: what is wrong in itself contradicts nothing."""
    region = values.get("region")
    return region if isinstance(region, str) and not checks.region(region, "region") else None


def _partition(values: Values) -> str | None:
    partition = values.get("partition")
    return partition if isinstance(partition, str) and partition in checks.PARTITIONS else None


def _key_place(values: Values) -> tuple[str, str] | None:
    """The partition and region of a given key."""
    key = values.get("kms_key_arn")
    return checks.key_place(key) if isinstance(key, str) else None


def _key_region(values: Values) -> list[Fault]:
    key = _key_place(values)
    region = None if key is None else _region(values)
    if key is None or region is None or key[1] == region:
        return []
    what, fix = "is in another region than the bucket", "use a key of the bucket's region, or change `region`"
    return [Fault("BYOB-AWS-027", "kms_key_arn", what, values["kms_key_arn"], f"a key in {region}", fix)]


def _region_partition(values: Values) -> list[Fault]:
    partition = _partition(values)
    region = None if partition is None else _region(values)
    told = checks.known_partition(None, region)
    if told is None or partition is None or partition == told:
        return []
    fix = "leave the partition out: the region tells it"
    return [Fault("BYOB-AWS-025", "partition", f"is not the partition of {region}", partition, told, fix)]


def _key_partition(values: Values) -> list[Fault]:
    key, partition = _key_place(values), _partition(values)
    if key is None or partition is None or key[0] == partition:
        return []
    what, fix = f"is not in the partition {partition}", "use a key of the same partition"
    return [Fault("BYOB-AWS-025", "kms_key_arn", what, values["kms_key_arn"], f"arn:{partition}:kms:…", fix)]


def _people_partition(name: str) -> Combination:
    """Whether accounts, users and roles of the caller's own side are in the store's partition."""

    def check(values: Values) -> list[Fault]:
        people = [arn for arn in values.get(name, []) if isinstance(arn, str)]
        here = (_partition(values) or checks.known_partition(None, _region(values))) if people else None
        if here is None:
            return []
        what, fix = f"is not in the partition {here}", "name an account, user or role of the same partition"
        return [
            Fault("BYOB-AWS-025", name, what, arn, f"arn:{here}:iam::…", fix)
            for arn in people
            if checks.partition_of(arn) not in (None, here)
        ]

    return check


# ------------------------------------------------------------------------------------- the key
def _encryption(values: Values) -> list[Fault]:
    """`aws:kms` without a key would be S3's own key, which admits no other account; SSE-S3 with a key is an error of the API."""
    codes = ("BYOB-AWS-008", "BYOB-AWS-009", "BYOB-AWS-010")
    return check_key_choice(values, Encryption.NEW_KEY, "kms_key_arn", "the ARN of a KMS key", KEY_ONLY, codes)


def _bucket_key(values: Values) -> list[Fault]:
    """A bucket by itself makes no key."""
    provider = values.get("encryption", Encryption.NEW_KEY) is Encryption.PROVIDER_MANAGED
    if provider != ("kms_key_arn" in values):
        return []
    allowed = "encryption 'provider_managed' without a key, or another one with it"
    if provider:
        what, fix = "is given, and the provider manages the key", "drop kms_key_arn"
        return [Fault("BYOB-AWS-010", "kms_key_arn", what, None, allowed, fix)]
    what = "is missing: with aws:kms and no key S3 takes its own key aws/s3, which no other account can use"
    fix = "give kms_key_arn, or set encryption to 'provider_managed'"
    return [Fault("BYOB-AWS-008", "kms_key_arn", what, None, allowed, fix)]


# ------------------------------------------------------------------------------------- whom W&B is
def partition_told(values: Values) -> str | None:
    """The partition of the principals, where the call tells it without asking AWS.

    Args:
        values: The arguments that were given.
    """
    partition = values.get("partition")
    return checks.known_partition(partition, values.get("region") if partition is None else None)


def _principals(values: Values) -> list[Fault]:
    return [] if "principals" not in values else _of_partition(values, partition_told(values))


def _grant_principals(values: Values) -> list[Fault]:
    """A grant asks AWS for no partition, and so its own must be right."""
    if "principals" not in values or is_open(values.get("partition")):
        return []
    return _of_partition(values, partition_told(values) or "aws")


def _of_partition(values: Values, partition: str | None) -> list[Fault]:
    if partition is None:
        return []
    known = [who for who in values["principals"] if not is_open(who)]
    return wandb_principal.check_principals(Cloud.AWS, known, "principals", partition)


def _no_preset(values: Values) -> list[Fault]:
    """Nobody is named, and W&B documents nobody."""
    if "principals" in values or "credential_keys" in values:
        return []
    partition = partition_told(values) or "aws"
    if partition != "aws":
        return [wandb_principal.nobody_in(partition)]
    if wandb_principal.preset(values["deployment"], Cloud.AWS) is not None:
        return []
    return [wandb_principal.missing_preset(values["deployment"], Cloud.AWS)]


# ------------------------------------------------------------------------------------- suspension
def _suspended_apart(values: Values) -> list[Fault]:
    if not some_are_suspended(values) or values.get("access") is Access.MINIMAL:
        return []
    what = "names some paths, and the access is not 'minimal': the grant covers the whole bucket"
    fix = "set access to 'minimal', or suspend every path"
    return [Fault("BYOB-AWS-030", "suspended_paths", what, values["suspended_paths"], "access 'minimal'", fix)]


# ------------------------------------------------------------------------------------- the tables
_PLACES: tuple[Combination, ...] = (
    _key_region,
    _region_partition,
    _key_partition,
    *(_people_partition(name) for name in ("kms_key_admins", "kms_key_guard", "kms_key_users")),
)
_IN_BUCKET: tuple[Combination, ...] = (
    lifecycle.check_rules,
    _force_destroy,
    _log_prefix,
    _logs_elsewhere,
    *_PLACES,
)
STORE: tuple[Combination, ...] = (
    _offer,
    _credential,
    _access,
    *_IN_BUCKET,
    _encryption,
    _no_preset,
    _principals,
    of_this_store("BYOB-AWS-029"),
    _suspended_apart,
)
"""Of AwsByob."""
BUCKET: tuple[Combination, ...] = (*_IN_BUCKET, _principals, _bucket_key)
"""Of AwsBucket."""
KEY: tuple[Combination, ...] = (*_PLACES, _principals)
"""Of AwsKey."""
GRANT: tuple[Combination, ...] = (*_PLACES, _no_preset, _grant_principals)
"""Of AwsGrant."""
CREDENTIAL: tuple[Combination, ...] = _PLACES
"""Of AwsCredential."""
