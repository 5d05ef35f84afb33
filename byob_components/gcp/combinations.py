"""What arguments of components on Google Cloud must be to each other, in the order in which it is told."""

from collections.abc import Mapping
from typing import Any

from byob_components.combinations import Combination
from byob_components.errors import Fault
from byob_components.gcp import checks, lifecycle
from byob_components.key_choice import check_key_choice
from byob_components.store import Encryption, Protection
from byob_components.suspension import of_this_store, some_are_suspended
from byob_components.wandb import deployment as availability
from byob_components.wandb import principal as wandb_principal
from byob_components.wandb.deployment import Cloud, Deployment

Values = Mapping[str, Any]
KEY_ONLY = ("kms_deletion_window_days", "kms_key_name", "kms_key_ring_name", "kms_rotation_days")
"""Arguments that describe a key to be made."""


# ------------------------------------------------------------------------------------- what W&B offers
def _offer(values: Values) -> list[Fault]:
    return availability.check_offer(values["deployment"], values["level"], Cloud.GCP)


def _credential(values: Values) -> list[Fault]:
    if "credential_keys" not in values:
        return []
    return availability.check_keys(values["deployment"], "credential_keys")


def _account(values: Values) -> list[Fault]:
    if "credential_account_id" not in values or "credential_keys" in values:
        return []
    what, fix = "names an account, and no credential is asked for", "give credential_keys, or drop it"
    return [Fault("BYOB-GCP-020", "credential_account_id", what, None, "with credential_keys", fix)]


# ------------------------------------------------------------------------------------- the bucket
def _force_destroy(values: Values) -> list[Fault]:
    if not values.get("force_destroy") or values.get("protection", Protection.PROTECTED) is Protection.UNPROTECTED:
        return []
    what, fix = "deletes data, and protection is on", "leave it out, or set protection to 'unprotected' as well"
    return [Fault("BYOB-GCP-021", "force_destroy", what, True, "false", fix)]


def _log_prefix(values: Values) -> list[Fault]:
    if "access_log_prefix" not in values or "access_log_bucket" in values:
        return []
    what, fix = "has no access_log_bucket to go with", "name the bucket that receives the logs, or drop the prefix"
    return [Fault("BYOB-GCP-023", "access_log_prefix", what, None, fix=fix)]


def _logs_elsewhere(values: Values) -> list[Fault]:
    own = values.get("bucket_name")
    if not isinstance(own, str) or own != values.get("access_log_bucket"):
        return []
    what, fix = "is the bucket itself: each log would be logged", "keep logs in a bucket of their own"
    return [Fault("BYOB-GCP-023", "access_log_bucket", what, own, "another bucket", fix)]


# ------------------------------------------------------------------------------------- the key
def _key_location(values: Values) -> list[Fault]:
    key, bucket = values.get("kms_key_id"), values.get("location")
    if not isinstance(key, str) or not isinstance(bucket, str):
        return []
    where, wanted = checks.location_of_key(key), checks.key_location(bucket)
    if where in (None, wanted):
        return []
    what, fix = "is in another location than the bucket", "use a key of the bucket's location, or change `location`"
    return [Fault("BYOB-GCP-027", "kms_key_id", what, key, f"a key in {wanted}", fix)]


def _encryption(values: Values) -> list[Fault]:
    codes = ("BYOB-GCP-008", "BYOB-GCP-009", "BYOB-GCP-010")
    kind = "the resource name of a Cloud KMS key"
    return check_key_choice(values, Encryption.PROVIDER_MANAGED, "kms_key_id", kind, KEY_ONLY, codes)


def _bucket_key(values: Values) -> list[Fault]:
    """A bucket by itself makes no key."""
    encryption = values.get("encryption", Encryption.PROVIDER_MANAGED)
    provider = encryption is Encryption.PROVIDER_MANAGED
    if provider != ("kms_key_id" in values):
        return []
    allowed = "encryption 'provider_managed' without a key, or another one with it"
    if provider:
        what, fix = "is given, and the provider manages the key", "drop kms_key_id, or set encryption"
        return [Fault("BYOB-GCP-010", "kms_key_id", what, None, allowed, fix)]
    what, fix = f"is missing, and encryption is '{encryption}'", "give kms_key_id, or leave encryption out"
    return [Fault("BYOB-GCP-008", "kms_key_id", what, None, allowed, fix)]


# ------------------------------------------------------------------------------------- whom W&B is
def _signer(values: Values) -> list[Fault]:
    """Whether there is an account of the customer's own that could sign."""
    if not values.get("signer") or values["deployment"] is Deployment.SELF_MANAGED:
        return []
    what = f"is for a server of your own, and deployment is '{values['deployment']}': W&B's accounts are W&B's"
    fix = "leave it out: W&B sees to its own right to sign"
    return [Fault("BYOB-GCP-018", "signer", what, True, "deployment 'self_managed'", fix)]


def _no_preset(values: Values) -> list[Fault]:
    """Nobody is named, and W&B documents nobody."""
    if "principals" in values or "credential_keys" in values:
        return []
    if wandb_principal.preset(values["deployment"], Cloud.GCP) is not None:
        return []
    return [wandb_principal.missing_preset(values["deployment"], Cloud.GCP)]


# ------------------------------------------------------------------------------------- suspension
def _suspended_together(values: Values) -> list[Fault]:
    if not some_are_suspended(values):
        return []
    what = "names some paths, and on Google Cloud rights hold for the whole bucket, with 'minimal' access too"
    fix = "suspend every path, or give the team a bucket of its own"
    return [Fault("BYOB-GCP-030", "suspended_paths", what, values["suspended_paths"], "every path, or none", fix)]


# ------------------------------------------------------------------------------------- the tables
_IN_BUCKET: tuple[Combination, ...] = (
    lifecycle.check_rules,
    _force_destroy,
    _log_prefix,
    _logs_elsewhere,
    _key_location,
)
STORE: tuple[Combination, ...] = (
    _offer,
    _credential,
    _account,
    *_IN_BUCKET,
    _encryption,
    _signer,
    _no_preset,
    of_this_store("BYOB-GCP-029"),
    _suspended_together,
)
"""Of GcpByob."""
BUCKET: tuple[Combination, ...] = (*_IN_BUCKET, _bucket_key)
"""Of GcpBucket."""
GRANT: tuple[Combination, ...] = (_signer, _no_preset)
"""Of GcpGrant."""
