"""What Google Cloud accepts: one check a value, used at construction and, for values known later, inside `apply`."""

import re
from collections.abc import Mapping
from typing import Any

from byob_components.errors import Check, Fault, shown
from byob_components.gcp.labels import STORE_LABEL
from byob_components.limits import between, live_keys
from byob_components.wandb import cors, names, principal
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.transfer import WRITE_URL_HOURS

_PROJECT = r"(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]"
_KEY_ID = re.compile(
    rf"projects/{_PROJECT}/locations/([a-z0-9-]+)/keyRings/[\w-]{{1,63}}/cryptoKeys/[\w-]{{1,63}}", re.ASCII
)
_LOCATION = re.compile(r"us|eu|asia|[a-z]{2,}[0-9]{1,2}|[a-z]+-[a-z]+[0-9]{1,2}", re.IGNORECASE)
_AGENT = re.compile(r"service-[0-9]+@gs-project-accounts\.iam\.gserviceaccount\.com")
_ACCOUNT_ID = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")


def project(value: str, where: str) -> list[Fault]:
    if re.fullmatch(_PROJECT, value):
        return []
    return [
        Fault(
            "BYOB-GCP-001",
            where,
            "is not the id of a project",
            value,
            "6 to 30 lower-case letters, digits and '-', a letter first",
            "give the project's id, not its title or number: `gcloud projects list`",
        )
    ]


def location(value: str, where: str) -> list[Fault]:
    if _LOCATION.fullmatch(value):
        return []
    fix = "give the code of a region, a multi-region or a dual-region"
    if re.fullmatch(r"[a-z]+-[a-z]+\d+-[a-z]", value):
        fix = "drop the zone's letter: a bucket is in a region"
    return [
        Fault(
            "BYOB-GCP-002",
            where,
            "is not a location of Cloud Storage",
            value,
            "a region such as 'europe-west4', 'US', 'EU', 'ASIA', or a dual-region such as 'EUR4'",
            fix,
        )
    ]


def key_location(value: str) -> str:
    """Where the key of a bucket must be: in the bucket's location, as Cloud KMS calls it.

    Args:
        value: The bucket's location. Cloud KMS calls the multi-region `EU` `europe`, and all others alike.
    """
    return {"eu": "europe"}.get(value.lower(), value.lower())


def storage_service_agent(value: str, where: str) -> list[Fault]:
    if _AGENT.fullmatch(value):
        return []
    return [
        Fault(
            "BYOB-GCP-003",
            where,
            "is not the service agent of Cloud Storage",
            value,
            "service-<project number>@gs-project-accounts.iam.gserviceaccount.com",
            "leave it out: it is looked up; or ask `gcloud storage service-agent`",
        )
    ]


def kms_key_id(value: str, where: str) -> list[Fault]:
    if _KEY_ID.fullmatch(value):
        return []
    fix = "copy the key's resource name from the console, or from `gcloud kms keys list`"
    if "/cryptoKeyVersions/" in value:
        fix = "drop the version: a bucket names the key, and Google uses its primary version"
    return [
        Fault(
            "BYOB-GCP-004",
            where,
            "is not the resource name of a Cloud KMS key",
            value,
            "projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>",
            fix,
        )
    ]


def kms_name(value: str, where: str) -> list[Fault]:
    if re.fullmatch(r"[\w-]{1,63}", value, re.ASCII):
        return []
    return [
        Fault(
            "BYOB-GCP-005",
            where,
            "is not a name that Cloud KMS takes",
            value,
            "1 to 63 letters, digits, '-' and '_'",
            "give the short name, not the resource name, or leave it out",
        )
    ]


kms_deletion_window_days = between("BYOB-GCP-006", 1, 120, "days", "Cloud KMS keeps a destroyed key for that long")
kms_rotation_days = between("BYOB-GCP-007", 1, 36500, "days", "Cloud KMS rotates no more often")
_soft_delete_days = between("BYOB-GCP-011", 7, 90, "days", "Cloud Storage keeps deleted objects for that long")
noncurrent_days = between(
    "BYOB-GCP-012", 1, 36500, "days", "W&B's clean-up leaves old versions behind, so they must expire, and not at once"
)
noncurrent_versions = between("BYOB-GCP-013", 0, 100, "versions", "more would keep every version in practice")
abort_upload_days = between("BYOB-GCP-014", 2, 3650, "days", f"W&B's upload URLs live for {WRITE_URL_HOURS} hours")


def soft_delete_days(value: int, where: str) -> list[Fault]:
    if value == 0:
        what = "switches soft delete off, and W&B's server refuses such a bucket"
        return [Fault("BYOB-GCP-011", where, what, 0, "7 to 90 days", "leave it out for 7 days")]
    return _soft_delete_days(value, where)


def bucket_name(value: str, where: str) -> list[Fault]:
    return names.check_bucket_name(Cloud.GCP, value, where)


def resource_name(name: str, values: Mapping[str, Any]) -> list[Fault]:
    """Whether Pulumi can make names in the cloud from the resource's: it puts a hyphen and seven digits behind it.

    Args:
        name: The resource name.
        values: The arguments that were given; where they name the bucket or account, the resource's name is free.
    """
    faults = []
    if "bucket_name" not in values and names.check_bucket_name(Cloud.GCP, f"{name.lower()}-0a1b2c3", "name"):
        faults.append(
            Fault(
                "BYOB-GCP-031",
                "name",
                "cannot be the start of the bucket's name",
                name,
                "1 to 55 letters, digits, '-' or '_', a letter or digit first, not starting with 'goog', without 'google'",
                "choose another resource name, or give bucket_name",
            )
        )
    return faults + (account_name(name, values) if "credential_keys" in values else [])


def account_name(name: str, values: Mapping[str, Any]) -> list[Fault]:
    """Whether Pulumi can make the id of a service account from the resource's name.

    Args:
        name: The resource name.
        values: The arguments that were given.
    """
    if "credential_account_id" in values or re.fullmatch(r"[a-z][a-z0-9-]{0,21}", name):
        return []
    return [
        Fault(
            "BYOB-GCP-032",
            "name",
            "cannot be the start of the service account's id",
            name,
            "1 to 22 lower-case letters, digits or '-', a letter first",
            "choose another resource name, or give credential_account_id",
        )
    ]


def credential_account_id(value: str, where: str) -> list[Fault]:
    if _ACCOUNT_ID.fullmatch(value):
        return []
    return [
        Fault(
            "BYOB-GCP-020",
            where,
            "is not the id of a service account",
            value,
            "6 to 30 lower-case letters, digits and '-', a letter first",
            "give what stands before the '@'; or leave it out",
        )
    ]


def principals(values: list[str], where: str) -> list[Fault]:
    return principal.check_principals(Cloud.GCP, values, where)


def cors_origins(values: list[str], where: str) -> list[Fault]:
    return cors.check_origins(values, where)


def cors_max_age_seconds(value: int, where: str) -> list[Fault]:
    return cors.check_max_age(value, where)


def paths(values: list[str], where: str) -> list[Fault]:
    return names.check_paths(values, where)


def access_log_prefix(value: str, where: str) -> list[Fault]:
    if value and not value.startswith("/") and len(value.encode()) <= 900 and value.isprintable():
        return []
    return [
        Fault(
            "BYOB-GCP-023",
            where,
            "is not a prefix of object names for usage logs",
            value,
            "1 to 900 bytes, printable, without a leading '/'",
            "give a prefix such as 'wandb/vision'",
        )
    ]


def labels(value: Mapping[str, str], where: str) -> list[Fault]:
    """Google's label rules."""
    found = []
    for key, text in value.items():
        if not isinstance(text, str):
            found.append(("its value is not text", f"{key}: {shown(text)}"))
        elif key.startswith("goog"):
            found.append(("the prefix 'goog' is reserved", key))
        elif key == STORE_LABEL:
            found.append(("it is ours, and finds half-made resources again", key))
        elif not re.fullmatch(r"[a-z][a-z0-9_-]{0,62}", key) or not re.fullmatch(r"[a-z0-9_-]{0,63}", text):
            found.append(("it is too long, or has a capital or another character", f"{key}: {text}"))
    if len(value) > 62:
        found.append((f"there are {len(value)} labels, and two more are Pulumi's and ours", shown(sorted(value)[:3])))
    return [
        Fault(
            "BYOB-GCP-024",
            where,
            f"has a label that is refused: {why}",
            bad,
            "at most 62 labels; keys and values of up to 63 lower-case letters, digits, '_' and '-', a letter first in keys",
            "change or drop the label",
        )
        for why, bad in found
    ]


credential_keys = live_keys("BYOB-GCP-022", "one key is in use, and a second one only while W&B gets the new address")


def location_of_key(value: str) -> str | None:
    """Where a key is; None where its resource name is none.

    Args:
        value: The resource name.
    """
    match = _KEY_ID.fullmatch(value)
    return None if match is None else match[1]


BY_NAME: dict[str, Check] = {
    "abort_upload_days": abort_upload_days,
    "access_log_bucket": bucket_name,
    "access_log_prefix": access_log_prefix,
    "bucket_name": bucket_name,
    "cors_max_age_seconds": cors_max_age_seconds,
    "cors_origins": cors_origins,
    "credential_account_id": credential_account_id,
    "credential_keys": credential_keys,
    "kms_deletion_window_days": kms_deletion_window_days,
    "kms_key_id": kms_key_id,
    "kms_key_name": kms_name,
    "kms_key_ring_name": kms_name,
    "kms_rotation_days": kms_rotation_days,
    "labels": labels,
    "location": location,
    "noncurrent_days": noncurrent_days,
    "noncurrent_versions": noncurrent_versions,
    "paths": paths,
    "principals": principals,
    "project": project,
    "soft_delete_days": soft_delete_days,
    "storage_service_agent": storage_service_agent,
}
"""Argument name to its check, the same for every component that has the argument."""
