"""What arguments of components on S3-compatible servers must be to each other, in the order in which it is told."""

from collections.abc import Mapping
from typing import Any

from byob_components.combinations import Combination
from byob_components.errors import Fault
from byob_components.s3_compatible import lifecycle
from byob_components.s3_compatible.capability import S3CompatibleCapability, lacking
from byob_components.store import Protection
from byob_components.suspension import of_this_store, paths_of, some_are_suspended
from byob_components.wandb import deployment as availability
from byob_components.wandb.access import Access, check_access
from byob_components.wandb.deployment import Cloud

Values = Mapping[str, Any]
_ASKS = {
    "principals": S3CompatibleCapability.BUCKET_POLICY,
    "bucket_policy_statements": S3CompatibleCapability.BUCKET_POLICY,
    "cors_origins": S3CompatibleCapability.CORS,
    "cors_max_age_seconds": S3CompatibleCapability.CORS,
    "noncurrent_days": S3CompatibleCapability.NONCURRENT_EXPIRY,
    "abort_upload_days": S3CompatibleCapability.ABORT_UPLOADS,
}
"""What an argument takes of the server, when it is given and not empty."""


# ------------------------------------------------------------------------------------- what W&B offers
def _offer(values: Values) -> list[Fault]:
    return availability.check_offer(values["deployment"], values["level"], Cloud.S3_COMPATIBLE)


def _access(values: Values) -> list[Fault]:
    access, paths = values.get("access", Access.DOCUMENTED), values.get("paths", [])
    return check_access(access, values["level"], Cloud.S3_COMPATIBLE, paths)


# ------------------------------------------------------------------------------------- the bucket
def _force_destroy(values: Values) -> list[Fault]:
    if not values.get("force_destroy") or values.get("protection", Protection.PROTECTED) is Protection.UNPROTECTED:
        return []
    what, fix = "deletes data, and protection is on", "leave it out, or set protection to 'unprotected' as well"
    return [Fault("BYOB-S3C-021", "force_destroy", what, True, "false", fix)]


def _asks(name: str) -> Combination:
    """Whether the server can do what an argument asks for."""
    return lambda values: [] if values.get(name) in (None, []) else lacking(values, name, _ASKS[name])


def _grant_asks(values: Values) -> list[Fault]:
    """A grant is a bucket policy, even one that revokes."""
    return lacking(values, "principals", S3CompatibleCapability.BUCKET_POLICY)


# ------------------------------------------------------------------------------------- suspension
def _rights_of_keys(values: Values) -> list[Fault]:
    suspended = values.get("suspended_paths", [])
    if not suspended or values.get("principals") or any(path not in paths_of(values) for path in suspended):
        return []
    what = "cannot be kept: no principals are given, so W&B's rights are those of its keys, which are not Pulumi's"
    fix = "switch the keys off in the store's own administration"
    return [Fault("BYOB-S3C-032", "suspended_paths", what, suspended, "a store with principals", fix)]


def _suspended_apart(values: Values) -> list[Fault]:
    if not some_are_suspended(values) or values.get("access") is Access.MINIMAL or not values.get("principals"):
        return []
    what = "names some paths, and the access is not 'minimal': the grant covers the whole bucket"
    fix = "set access to 'minimal', or suspend every path"
    return [Fault("BYOB-S3C-030", "suspended_paths", what, values["suspended_paths"], "access 'minimal'", fix)]


# ------------------------------------------------------------------------------------- the tables
BUCKET: tuple[Combination, ...] = (lifecycle.check_rules, _force_destroy, *map(_asks, _ASKS))
"""Of S3CompatibleBucket."""
STORE: tuple[Combination, ...] = (
    _offer,
    _access,
    *BUCKET,
    of_this_store("BYOB-S3C-029"),
    _rights_of_keys,
    _suspended_apart,
)
"""Of S3CompatibleByob."""
GRANT: tuple[Combination, ...] = (_grant_asks,)
"""Of S3CompatibleGrant."""
