"""What AWS accepts: one check a value, used at construction and, for values known later, inside `apply`."""

import re
from collections.abc import Mapping
from typing import Any

from byob_components.errors import Check, Fault, shown
from byob_components.limits import between, live_keys
from byob_components.wandb import cors, names, principal
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.transfer import WRITE_URL_HOURS

PARTITIONS = ("aws", "aws-us-gov", "aws-cn")
_KEY_ARN = re.compile(r"arn:(aws|aws-us-gov|aws-cn):kms:([a-z0-9-]+):([0-9]{12}):key/(mrk-[0-9a-f]{32}|[0-9a-f-]{36})")
_IAM_ARN = re.compile(r"arn:(aws|aws-us-gov|aws-cn):iam::\d{12}:(root|(user|role)/[\w+=,.@/-]+)", re.ASCII)
_REGION = re.compile(r"[a-z]{2}(-[a-z]+){1,2}-[0-9]")


def account_id(value: str, where: str) -> list[Fault]:
    if re.fullmatch(r"[0-9]{12}", value):
        return []
    return [
        Fault(
            "BYOB-AWS-001",
            where,
            "is not an AWS account id",
            value,
            "12 digits",
            "copy the id from `aws sts get-caller-identity`, in quotes so that leading zeros stay",
        )
    ]


def partition(value: str, where: str) -> list[Fault]:
    if value in PARTITIONS:
        return []
    return [
        Fault(
            "BYOB-AWS-002",
            where,
            "is not an AWS partition",
            value,
            ", ".join(PARTITIONS),
            "leave it out: it is looked up with the account",
        )
    ]


def known_partition(partition: object, region: object) -> str | None:
    """The partition, where the arguments of a call tell it without asking AWS.

    Args:
        partition: The argument, possibly not known yet or not given.
        region: The argument, possibly not known yet or not given.
    """
    if isinstance(partition, str):
        return partition if partition in PARTITIONS else None
    if partition is None and isinstance(region, str):
        return "aws-us-gov" if region.startswith("us-gov-") else "aws-cn" if region.startswith("cn-") else "aws"
    return None


def region(value: str, where: str) -> list[Fault]:
    if _REGION.fullmatch(value):
        return []
    return [
        Fault(
            "BYOB-AWS-003",
            where,
            "is not the name of an AWS region",
            value,
            "a name such as 'eu-west-1'",
            "give the region's code, not its title or an availability zone",
        )
    ]


def kms_key_arn(value: str, where: str) -> list[Fault]:
    if _KEY_ARN.fullmatch(value):
        return []
    fix = "look the key up with `aws kms describe-key --key-id …` and give its Arn"
    if ":alias/" in value or value.startswith("alias/"):
        fix = "an alias does not work across accounts; " + fix
    return [
        Fault(
            "BYOB-AWS-004",
            where,
            "is not the ARN of a KMS key",
            value,
            "arn:<partition>:kms:<region>:<account>:key/<id>",
            fix,
        )
    ]


def kms_alias_name(value: str, where: str) -> list[Fault]:
    if re.fullmatch(r"alias/(?!aws/)[\w/-]{1,250}", value, re.ASCII):
        return []
    return [
        Fault(
            "BYOB-AWS-005",
            where,
            "is not an alias of your own",
            value,
            "'alias/' and up to 250 letters, digits, '/', '_' or '-', not 'alias/aws/…'",
            "prefix the name with 'alias/'",
        )
    ]


kms_deletion_window_days = between("BYOB-AWS-006", 7, 30, "days", "KMS keeps a deleted key for that long")
kms_rotation_days = between("BYOB-AWS-007", 90, 2560, "days", "KMS rotates no more often and no less")
noncurrent_days = between(
    "BYOB-AWS-012", 1, 36500, "days", "W&B cannot delete old versions itself, so they must expire, and not at once"
)
noncurrent_versions = between("BYOB-AWS-013", 0, 100, "versions", "S3 keeps at most 100 newer versions by rule")
abort_upload_days = between("BYOB-AWS-014", 2, 3650, "days", f"W&B's upload URLs live for {WRITE_URL_HOURS} hours")


def iam_arns(values: list[str], where: str) -> list[Fault]:
    """Account roots, users and roles of the caller's own side (key administrators, users, break-glass roles)."""
    return [
        Fault(
            "BYOB-AWS-011",
            f"{where}",
            "is not the ARN of an account, a user or a role",
            value,
            "arn:<partition>:iam::<account>:root, …:user/<name> or …:role/<name>",
            "give the role's own ARN, not the session's (arn:…:sts::…:assumed-role/…)"
            if ":sts:" in value
            else "copy the ARN from the IAM console",
        )
        for value in values
        if not _IAM_ARN.fullmatch(value)
    ]


def key_guard(values: list[str], where: str) -> list[Fault]:
    if not values:
        return [
            Fault(
                "BYOB-AWS-026",
                where,
                "is empty: a guarded key that nobody may change is lost",
                [],
                "at least one break-glass ARN",
                "name the role that may still change the key, or leave it out",
            )
        ]
    return iam_arns(values, where)


def bucket_name(value: str, where: str) -> list[Fault]:
    return names.check_bucket_name(Cloud.AWS, value, where)


def access_log_bucket(value: str, where: str) -> list[Fault]:
    """Unlike the store's own name this one may have dots: S3 itself writes there, and old log buckets have them."""
    dotted = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+"
    if len(value) <= 63 and re.fullmatch(dotted, value) and not re.fullmatch(r"[\d.]+", value):
        return []
    return bucket_name(value, where)


def resource_name(name: str, values: Mapping[str, Any]) -> list[Fault]:
    """Whether Pulumi can make a bucket's name from the resource's: it puts a hyphen and seven digits behind it.

    Args:
        name: The resource name.
        values: The arguments that were given; with `bucket_name` among them the resource's name is free.
    """
    if "bucket_name" in values or re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,54}", name):
        return []
    return [
        Fault(
            "BYOB-AWS-031",
            "name",
            "cannot be the start of the bucket's name",
            name,
            "1 to 55 letters, digits or '-', a letter or digit first",
            "choose another resource name, or give bucket_name",
        )
    ]


def principals(values: list[str], where: str) -> list[Fault]:
    return principal.check_principals(Cloud.AWS, values, where)


def cors_origins(values: list[str], where: str) -> list[Fault]:
    return cors.check_origins(values, where)


def cors_max_age_seconds(value: int, where: str) -> list[Fault]:
    return cors.check_max_age(value, where)


def paths(values: list[str], where: str) -> list[Fault]:
    return names.check_paths(values, where)


def access_log_prefix(value: str, where: str) -> list[Fault]:
    if value and not value.startswith("/") and len(value.encode()) <= 256 and value.isprintable():
        return []
    return [
        Fault(
            "BYOB-AWS-023",
            where,
            "is not a key prefix for access logs",
            value,
            "1 to 256 bytes, printable, without a leading '/'",
            "give a prefix such as 'wandb/vision/'",
        )
    ]


def tags(value: Mapping[str, str], where: str) -> list[Fault]:
    """AWS' tag rules that hold for S3, KMS and IAM alike."""
    found = []
    for key, text in value.items():
        if not isinstance(text, str):
            found.append(("its value is not text", f"{key}: {shown(text)}"))
        elif key.lower().startswith("aws:"):
            found.append(("the prefix 'aws:' is reserved", key))
        elif not 1 <= len(key) <= 128 or len(text) > 256:
            found.append(("it is too long or has no key", key))
        elif not re.fullmatch(r"[\w\s.:/=+@-]*", key + text):
            found.append(("it has a character that AWS refuses", f"{key}: {text}"))
    if len(value) > 49:
        found.append((f"there are {len(value)} tags, and one more is ours", shown(sorted(value)[:3])))
    return [
        Fault(
            "BYOB-AWS-024",
            where,
            f"has a tag that AWS refuses: {why}",
            bad,
            "at most 49 tags; keys of 1 to 128, values of up to 256 letters, digits, spaces or _.:/=+-@",
            "change or drop the tag",
        )
        for why, bad in found
    ]


credential_keys = live_keys("BYOB-AWS-022", "IAM allows two live keys a user")


def key_place(value: str) -> tuple[str, str] | None:
    """The partition and region of a key; None where its ARN is none.

    Args:
        value: The ARN.
    """
    match = _KEY_ARN.fullmatch(value)
    return None if match is None else (match[1], match[2])


def partition_of(value: str) -> str | None:
    """The partition of an account root, a user or a role; None where its ARN is none.

    Args:
        value: The ARN.
    """
    match = _IAM_ARN.fullmatch(value)
    return None if match is None else match[1]


BY_NAME: dict[str, Check] = {
    "abort_upload_days": abort_upload_days,
    "access_log_bucket": access_log_bucket,
    "access_log_prefix": access_log_prefix,
    "account_id": account_id,
    "bucket_name": bucket_name,
    "cors_max_age_seconds": cors_max_age_seconds,
    "cors_origins": cors_origins,
    "credential_keys": credential_keys,
    "kms_alias_name": kms_alias_name,
    "kms_deletion_window_days": kms_deletion_window_days,
    "kms_key_admins": iam_arns,
    "kms_key_arn": kms_key_arn,
    "kms_key_guard": key_guard,
    "kms_key_users": iam_arns,
    "kms_rotation_days": kms_rotation_days,
    "noncurrent_days": noncurrent_days,
    "noncurrent_versions": noncurrent_versions,
    "partition": partition,
    "paths": paths,
    "principals": principals,
    "region": region,
    "tags": tags,
}
"""Argument name to its check, the same for every component that has the argument."""
