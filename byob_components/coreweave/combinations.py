"""What arguments of components at CoreWeave must be to each other, in the order in which it is told."""

from collections.abc import Mapping
from typing import Any

from byob_components.combinations import Combination
from byob_components.coreweave import lifecycle
from byob_components.errors import Fault
from byob_components.store import Protection
from byob_components.suspension import of_this_store, some_are_suspended
from byob_components.wandb import deployment as availability
from byob_components.wandb.access import Access, check_access
from byob_components.wandb.deployment import Cloud

Values = Mapping[str, Any]


# ------------------------------------------------------------------------------------- what W&B offers
def _offer(values: Values) -> list[Fault]:
    return availability.check_offer(values["deployment"], values["level"], Cloud.COREWEAVE)


def _access(values: Values) -> list[Fault]:
    access, paths = values.get("access", Access.DOCUMENTED), values.get("paths", [])
    return check_access(access, values["level"], Cloud.COREWEAVE, paths)


# ------------------------------------------------------------------------------------- the bucket
def _force_destroy(values: Values) -> list[Fault]:
    if not values.get("force_destroy") or values.get("protection", Protection.PROTECTED) is Protection.UNPROTECTED:
        return []
    what, fix = "deletes data, and protection is on", "leave it out, or set protection to 'unprotected' as well"
    return [Fault("BYOB-CW-021", "force_destroy", what, True, "false", fix)]


# ------------------------------------------------------------------------------------- suspension
def _suspended_apart(values: Values) -> list[Fault]:
    if not some_are_suspended(values) or values.get("access") is Access.MINIMAL:
        return []
    what = "names some paths, and the access is not 'minimal': the grant covers the whole bucket"
    fix = "set access to 'minimal', or suspend every path"
    return [Fault("BYOB-CW-030", "suspended_paths", what, values["suspended_paths"], "access 'minimal'", fix)]


# ------------------------------------------------------------------------------------- the grant
def _says_something(values: Values) -> list[Fault]:
    """A policy without a statement is none: CoreWeave would refuse it half-way. Without principals given there is a preset."""
    if "storage_organization_id" in values or "principals" not in values:
        return []
    if values["principals"] or values["bucket_policy_statements"]:
        return []
    what, fix = "are empty, and so would be the bucket's policy", "give a statement, or your storage_organization_id"
    return [Fault("BYOB-CW-010", "principals", what, [], "at least one statement in the policy", fix)]


# ------------------------------------------------------------------------------------- the tables
BUCKET: tuple[Combination, ...] = (lifecycle.check_rules, _force_destroy)
"""Of CoreWeaveBucket."""
STORE: tuple[Combination, ...] = (_offer, _access, *BUCKET, of_this_store("BYOB-CW-029"), _suspended_apart)
"""Of CoreWeaveByob."""
GRANT: tuple[Combination, ...] = (_says_something,)
"""Of CoreWeaveGrant."""
