"""What is asked of a whole store at CoreWeave: its arguments, held against each other and completed, and what to be warned
of."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi

from byob_components.arguments import is_open
from byob_components.aws import policy
from byob_components.combinations import judge
from byob_components.coreweave import checks, combinations, grant
from byob_components.coreweave.bucket import CHECKS
from byob_components.coreweave.lifecycle import CoreWeaveLifecycleRuleArgs
from byob_components.coreweave.refused import parse as parse_refused
from byob_components.errors import Fault
from byob_components.store import Protection
from byob_components.suspension import paths_left, paths_of
from byob_components.wandb.access import Access
from byob_components.wandb.address import ROOT
from byob_components.wandb.deployment import Deployment, Level


class CoreWeaveByobArgs(TypedDict):
    """Arguments of CoreWeaveByob."""

    deployment: Deployment
    """Where W&B itself runs."""
    level: Level
    """Whether this is the one bucket of a whole W&B instance or the bucket of a team."""
    wandb_organization_id: pulumi.Input[str]
    """Your organization at W&B: on Multi-tenant Cloud the organization ID that the team creation drawer shows, else the
    Customer Namespace at the bottom of System Console > Authentication. It keeps other customers of W&B out."""
    storage_organization_id: NotRequired[pulumi.Input[str]]
    """Your organization at CoreWeave, whose users get every right on the bucket that its organization access policy leaves
    them; default none."""
    principals: NotRequired[list[pulumi.Input[str]]]
    """W&B's identities; default: the deployment's preset. `[]`: nobody."""
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
    suspended_paths: NotRequired[list[str]]
    """Paths (`/` for the root) that keep data, address and hand-off and lose the grant. All of them: nobody holds a grant.
    Some of them: `minimal` access is needed, the only one that tells paths apart. Default none."""
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


def parse(args: CoreWeaveByobArgs) -> tuple[dict[str, Any], list[Fault]]:
    """A call's arguments, completed, and everything that is wrong with it.

    Args:
        args: The arguments of a CoreWeaveByob.

    Returns:
        The arguments that were given and, when nothing is wrong, `principals` (with `preset` when they come from one),
        `granted` (the paths below which W&B holds rights) and `all_suspended`; and the faults.
    """
    values, faults = parse_refused(CoreWeaveByobArgs, args, CHECKS)
    faults = judge(values, faults, combinations.STORE)
    if not faults:
        grant.preset(values)
        _suspend(values)
    return values, faults


def _suspend(values: dict[str, Any]) -> None:
    """Take the grant from suspended paths: from everybody when no path is left."""
    left = paths_left(values)
    values["granted"] = [path for path in left or paths_of(values) if path != ROOT]
    values["all_suspended"] = not left
    if not left:
        values["principals"] = []
        values.pop("preset", None)


def warnings(values: Mapping[str, Any]) -> list[str]:
    """What to know before signing off.

    Args:
        values: From `parse`.
    """
    principals = [who for who in values["principals"] if not is_open(who)]
    given = values.get("bucket_policy_statements", [])
    statements = [checks.in_aws_terms(one) for one in given if not is_open(one)]
    told = [
        f"the statement {sid} of bucket_policy_statements denies what W&B needs"
        for sid in policy.denies_wandb(statements, principals)
    ]
    if values["all_suspended"]:
        told.append("every path is suspended: the data is kept, and W&B cannot use the store")
    elif not values["principals"]:
        told.append("nobody holds the grant (principals is empty): W&B cannot use the store")
    elif values.get("suspended_paths"):
        told.append(f"suspended, the data is kept and W&B cannot use it: {', '.join(values['suspended_paths'])}")
    return told


def loosened(values: Mapping[str, Any]) -> list[str]:
    """Which defaults were weakened.

    Args:
        values: From `parse`.
    """
    told = {
        Protection.UNPROTECTED: [
            "protection is 'unprotected': removing the store deletes the bucket if it is empty",
        ],
        Protection.RELEASED: [
            "protection is 'released': Pulumi no longer changes the store, and removing it leaves everything in the cloud"
        ],
    }.get(values.get("protection", Protection.PROTECTED), [])
    if values.get("force_destroy"):
        told.append("force_destroy is on: destroying the bucket deletes every object in it")
    if values.get("allow_data_expiry"):
        names = ", ".join(rule["id"] for rule in values.get("lifecycle_rules", [])) or "none yet"
        told.append(f"allow_data_expiry is on: lifecycle rules may expire current objects ({names})")
    return told
