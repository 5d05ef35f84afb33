"""What Cloud Storage takes for a bucket: defaults, limits, and how a patch is merged."""

from __future__ import annotations

import re
from typing import Any

from sandbox.clouds.gcp.apis.directory import Project, now
from sandbox.clouds.gcp.apis.web import ApiError

Bucket = dict[str, Any]

_NAME = re.compile(r"(?!goog)(?!.*google)(?!.*\.\.)[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]")
_MULTI, _DUAL = ("US", "EU", "ASIA"), re.compile(r"NAM4|EUR[4578]|ASIA1")
_REGION = re.compile(r"[A-Z]+-[A-Z]+\d+")
_LABEL_KEY, _LABEL_VALUE = re.compile(r"[a-z][a-z0-9_-]{0,62}"), re.compile(r"[a-z0-9_-]{0,63}")
KEY_NAME = re.compile(r"projects/[^/]+/locations/([^/]+)/keyRings/[^/]+/cryptoKeys/[^/]+")
_KEY_LOCATION = {"us": "us", "eu": "europe", "asia": "asia"}
_CLASSES = ("STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE")
_DAY = 86400

CARRIED_OUT = ("labels", "cors", "versioning", "lifecycle", "encryption", "iamConfiguration", "softDeletePolicy", "logging", "storageClass")  # fmt: skip
_ONLY_SHOWN = ("kind", "id", "name", "selfLink", "projectNumber", "etag", "metageneration", "timeCreated", "updated", "location", "locationType", "acl", "defaultObjectAcl")  # fmt: skip
_CONDITIONS = {"age", "createdBefore", "customTimeBefore", "daysSinceCustomTime", "daysSinceNoncurrentTime", "isLive", "matchesPrefix", "matchesStorageClass", "matchesSuffix", "noncurrentTimeBefore", "numNewerVersions"}  # fmt: skip


def _meant(value: Any) -> bool:
    """Whether a setting says anything: absent, empty and switched off are the same."""
    if isinstance(value, dict):
        return any(_meant(v) for v in value.values())
    return value not in (None, [], False, "", "DEFAULT")


def merged(old: Any, patch: Any) -> Any:
    """A JSON merge patch: null removes, objects are merged, all else is replaced.

    Args:
        old: What is there.
        patch: What is asked for.
    """
    if not isinstance(patch, dict):
        return patch
    found = dict(old) if isinstance(old, dict) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = merged(found.get(name), value)
    return found


def location_type(location: str) -> str:
    """What kind of place a location is.

    Args:
        location: In capitals.

    Raises:
        ApiError: There is no such form of location.
    """
    if location in _MULTI:
        return "multi-region"
    if _DUAL.fullmatch(location):
        return "dual-region"
    if _REGION.fullmatch(location):
        return "region"
    raise ApiError(400, f"The specified location constraint is not valid: {location}.")


def new(body: Bucket) -> Bucket:
    """A bucket as it is made from an insert.

    Args:
        body: The request's.

    Raises:
        ApiError: Something in it is wrong, or not carried out.
    """
    name, location = str(body.get("name", "")), str(body.get("location") or "US").upper()
    if not _NAME.fullmatch(name):
        raise ApiError(400, f"Invalid bucket name: '{name}'")
    location_type(location)
    made = {
        "name": name, "location": location, "storageClass": "STANDARD",
        "softDeletePolicy": {"retentionDurationSeconds": str(7 * _DAY), "effectiveTime": now()},
        "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": False}, "publicAccessPrevention": "inherited"},
    }  # fmt: skip
    found: Bucket = merged(made, {k: v for k, v in body.items() if k not in ("name", "location")})
    check(found)
    return found


def patched(old: Bucket, body: Bucket) -> Bucket:
    """A bucket after a patch.

    Args:
        old: As it is.
        body: The request's.

    Raises:
        ApiError: Something in it is wrong, or not carried out.
    """
    for fixed in ("name", "location"):
        if body.get(fixed) and str(body[fixed]).upper() != old[fixed].upper():
            raise ApiError(400, f"The {fixed} of a bucket cannot be changed.")
    found: Bucket = merged(old, {k: v for k, v in body.items() if k not in _ONLY_SHOWN})
    if "softDeletePolicy" in body and body["softDeletePolicy"] != old.get("softDeletePolicy"):
        found.setdefault("softDeletePolicy", {"retentionDurationSeconds": "0"})["effectiveTime"] = now()
    check(found)
    return found


def check(bucket: Bucket) -> None:
    """Refuse what Cloud Storage refuses, and what the local cloud does not carry out.

    Raises:
        ApiError: With the reason.
    """
    if loose := sorted(k for k, v in bucket.items() if k not in (*CARRIED_OUT, *_ONLY_SHOWN) and _meant(v)):
        raise ApiError(501, f"The bucket setting {loose[0]!r} is not carried out by the local cloud.")
    if bucket.get("storageClass") not in _CLASSES:
        raise ApiError(400, f"Invalid storage class: {bucket.get('storageClass')}.")
    keep = int((bucket.get("softDeletePolicy") or {}).get("retentionDurationSeconds", 0))
    if keep and not 7 * _DAY <= keep <= 90 * _DAY:
        raise ApiError(
            400, "Soft delete policies must have a retention duration of 0, or from 604800 to 7776000 seconds."
        )
    labels = bucket.get("labels") or {}
    for key, value in labels.items():
        if not _LABEL_KEY.fullmatch(key) or not _LABEL_VALUE.fullmatch(str(value)):
            raise ApiError(400, f"Invalid label: {key!r}: {value!r}.")
    if len(labels) > 64:
        raise ApiError(400, "A bucket has at most 64 labels.")
    for rule in bucket.get("cors") or []:
        if wrong := sorted(set(rule) - {"origin", "method", "responseHeader", "maxAgeSeconds"}):
            raise ApiError(
                400, f"Invalid JSON payload received. Unknown name \"{wrong[0]}\" at 'bucket.cors': Cannot find field."
            )
    for rule in (bucket.get("lifecycle") or {}).get("rule") or []:
        _check_rule(rule)
    access = bucket.get("iamConfiguration") or {}
    if access.get("publicAccessPrevention", "inherited") not in ("inherited", "enforced"):
        raise ApiError(400, f"Invalid publicAccessPrevention: {access['publicAccessPrevention']}.")
    encryption = bucket.get("encryption") or {}
    if loose := sorted(k for k, v in encryption.items() if k != "defaultKmsKeyName" and _meant(v)):
        raise ApiError(501, f"The bucket setting 'encryption.{loose[0]}' is not carried out by the local cloud.")
    if key := encryption.get("defaultKmsKeyName"):
        _check_key(key, bucket["location"])


def _check_rule(rule: dict[str, Any]) -> None:
    action, condition = (rule.get("action") or {}).get("type"), rule.get("condition") or {}
    if action not in ("Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"):
        raise ApiError(400, f"Invalid lifecycle action: {action}.")
    if not condition:
        raise ApiError(400, "A lifecycle rule must have a condition.")
    if wrong := sorted(set(condition) - _CONDITIONS):
        raise ApiError(400, f"Invalid lifecycle condition: {wrong[0]}.")
    if action == "AbortIncompleteMultipartUpload" and set(condition) - {"age", "matchesPrefix", "matchesSuffix"}:
        raise ApiError(
            400, "AbortIncompleteMultipartUpload takes the conditions age, matchesPrefix and matchesSuffix only."
        )
    if action == "SetStorageClass" and rule["action"].get("storageClass") not in _CLASSES:
        raise ApiError(400, "SetStorageClass needs a storage class.")


def _check_key(key: str, location: str) -> None:
    found = KEY_NAME.fullmatch(key)
    if found is None:
        raise ApiError(400, f"Invalid Cloud KMS key name: {key}.")
    wanted = _KEY_LOCATION.get(location.lower(), location.lower())
    if found[1] != wanted:
        raise ApiError(
            400, f"Cloud KMS key is in the location {found[1]}, but the bucket in {location} needs one in {wanted}."
        )


def shown(bucket: Bucket, project: Project, endpoint: str) -> Bucket:
    """A bucket as clients see it.

    Args:
        bucket: As the server keeps it.
        project: Where it lies.
        endpoint: The API's address.
    """
    name = bucket["name"]
    found = {k: v for k, v in bucket.items() if k not in CARRIED_OUT or v not in ({}, [])}
    access = dict(found.get("iamConfiguration") or {})
    uniform = dict(access.get("uniformBucketLevelAccess") or {"enabled": False})
    access["uniformBucketLevelAccess"] = access["bucketPolicyOnly"] = uniform
    for hidden in ("acl", "defaultObjectAcl"):
        found.pop(hidden, None)
    return {
        **found, "id": name, "selfLink": f"{endpoint}/storage/v1/b/{name}", "projectNumber": project.number, "iamConfiguration": access,
        "locationType": location_type(bucket["location"]), "etag": f"CA{bucket['metageneration']}=",
    }  # fmt: skip


def uniform(bucket: Bucket) -> bool:
    """Whether access is uniform: policies only, no ACLs."""
    return bool(bucket["iamConfiguration"].get("uniformBucketLevelAccess", {}).get("enabled"))


def closed(bucket: Bucket) -> bool:
    """Whether public access prevention is enforced."""
    return bool(bucket["iamConfiguration"].get("publicAccessPrevention") == "enforced")


def default_key(bucket: Bucket) -> str:
    """The key that new objects are encrypted with; empty for Google's own."""
    return str((bucket.get("encryption") or {}).get("defaultKmsKeyName") or "")
