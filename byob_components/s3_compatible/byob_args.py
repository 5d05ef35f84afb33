"""What is asked of a whole store on an S3-compatible server: its arguments, held against each other and completed, and what
to be warned of."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NotRequired, TypedDict

import pulumi

from byob_components.arguments import is_open
from byob_components.aws import policy
from byob_components.combinations import judge
from byob_components.errors import Fault
from byob_components.s3_compatible import combinations
from byob_components.s3_compatible.bucket import CHECKS
from byob_components.s3_compatible.capability import S3CompatibleCapability, S3CompatibleServer, omissions
from byob_components.s3_compatible.lifecycle import S3CompatibleLifecycleRuleArgs
from byob_components.s3_compatible.refused import parse as parse_refused
from byob_components.store import Protection
from byob_components.suspension import paths_left, paths_of
from byob_components.wandb.access import Access
from byob_components.wandb.address import ROOT
from byob_components.wandb.deployment import Deployment, Level

SECRETS = ("access_key", "secret_key")
"""Arguments that are secret whatever they are given as, and never shown."""


class S3CompatibleByobArgs(TypedDict):
    """Arguments of S3CompatibleByob."""

    deployment: Deployment
    """Where W&B itself runs."""
    level: Level
    """Whether this is the one bucket of a whole W&B instance or the bucket of a team."""
    server: S3CompatibleServer
    """The software that speaks S3; it decides what can be set on a bucket."""
    endpoint: pulumi.Input[str]
    """Where W&B, its SDK and browsers reach the store: `host.domain` or `host:port`, without a scheme."""
    access_key: pulumi.Input[str]
    """The access key that W&B uses; secret. Keys of a user of W&B's own, not the ones that deploy."""
    secret_key: pulumi.Input[str]
    """Its secret; secret."""
    capabilities: NotRequired[list[S3CompatibleCapability]]
    """What the server can do, in the place of its preset; default the preset of `server`."""
    region: NotRequired[pulumi.Input[str]]
    """The region that stands in the address, for W&B to sign with; default the provider's."""
    tls: NotRequired[bool]
    """Whether the store is reached over TLS; default true. Then plain HTTP is refused, where the server can."""
    path_style: NotRequired[bool]
    """Whether the bucket stands in the path of a request, written into the address; default not said, and W&B then puts it
    there (W&B's operator, connection settings)."""
    principals: NotRequired[list[pulumi.Input[str]]]
    """The user of the store whose keys these are, as its policies name it, for example
    `arn:aws:iam::<account or tenant>:user/<name>`; default `[]`: the keys have the rights that the store's own
    administration gave them."""
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
    """Paths (`/` for the root) that keep data, address and hand-off and lose the grant, where the bucket's policy is what
    lets W&B in. All of them: nobody holds a grant. Some of them: `minimal` access is needed, the only one that tells paths
    apart. Default none."""
    cors_origins: NotRequired[list[pulumi.Input[str]]]
    """Origins whose pages may call the bucket; default `*`, W&B's page."""
    cors_max_age_seconds: NotRequired[int]
    """Seconds for which a browser may keep a preflight's answer; default 3000, W&B's page."""
    noncurrent_days: NotRequired[int]
    """Days until a noncurrent version expires; default 30. W&B has no right to delete versions itself."""
    abort_upload_days: NotRequired[int]
    """Days until an unfinished upload is dropped; default 7, at least 2, because upload URLs live for 24 hours."""
    lifecycle_rules: NotRequired[list[S3CompatibleLifecycleRuleArgs]]
    """More lifecycle rules; default none."""
    allow_data_expiry: NotRequired[bool]
    """Accept lifecycle rules that expire current objects; default false."""
    bucket_policy_statements: NotRequired[list[pulumi.Input[dict[str, Any]]]]
    """More statements for the bucket's one policy, raw IAM with a Sid each; `{bucket_arn}` in a resource stands for the
    bucket's ARN. Default none."""


def parse(args: S3CompatibleByobArgs) -> tuple[dict[str, Any], list[Fault]]:
    """A call's arguments, completed, and everything that is wrong with it.

    Args:
        args: The arguments of an S3CompatibleByob.

    Returns:
        The arguments that were given (the keys as secret outputs where they were outputs) and, when nothing is wrong,
        `principals`, `granted` (the paths below which W&B holds rights), `all_suspended` and `rights_said` (whether
        principals were given); and the faults.
    """
    values, faults = parse_refused(S3CompatibleByobArgs, _hidden(args), CHECKS)
    faults = [replace(fault, value=None) if fault.where in SECRETS else fault for fault in faults]
    faults = judge(values, faults, combinations.STORE)
    if not faults:
        values["rights_said"] = "principals" in values
        values.setdefault("principals", [])
        _suspend(values)
    return values, faults


def _hidden(args: Any) -> Any:
    """The call with its keys as secrets, where they are known later: a check that fails then must not show them."""
    if not isinstance(args, Mapping):
        return args
    return {name: pulumi.Output.secret(v) if name in SECRETS and is_open(v) else v for name, v in args.items()}


def _suspend(values: dict[str, Any]) -> None:
    """Take the grant from suspended paths: from everybody when no path is left."""
    left = paths_left(values)
    values["granted"] = [path for path in left or paths_of(values) if path != ROOT]
    values["all_suspended"] = not left
    if not left:
        values["principals"] = []


def warnings(values: Mapping[str, Any]) -> list[str]:
    """What to know before signing off, beside what is left out.

    Args:
        values: From `parse`.
    """
    told = []
    if not values["rights_said"]:
        told.append(RIGHTS_OF_KEYS)
    principals = [who for who in values["principals"] if not is_open(who)]
    statements = [one for one in values.get("bucket_policy_statements", []) if not is_open(one)]
    told += [
        f"the statement {sid} of bucket_policy_statements denies what W&B needs"
        for sid in policy.denies_wandb(statements, principals)
    ]
    if values["all_suspended"]:
        told.append("every path is suspended: the data is kept, and W&B cannot use the store")
    elif values.get("suspended_paths"):
        told.append(f"suspended, the data is kept and W&B cannot use it: {', '.join(values['suspended_paths'])}")
    if values.get("suspended_paths") and values["server"] in OWNED_BY_UPLOADERS:
        told.append(UPLOADERS_READ)
    return told


OWNED_BY_UPLOADERS = (S3CompatibleServer.CEPH, S3CompatibleServer.GENERIC)
"""Servers where whoever wrote an object owns it, or may: measured on Ceph 16.2.15. SeaweedFS asks the policy alone."""
UPLOADERS_READ = (
    "on this server whoever wrote an object reads it whatever the bucket's policy says: while W&B's user is suspended, "
    "disable its keys in the store's own administration too"
)


RIGHTS_OF_KEYS = (
    "no principals are given: what W&B may do is what the store's own administration gave to the user of its keys, in this "
    "bucket and in all others. Give that user rights on this bucket alone. Give principals, or [] to say that you know, and "
    "the warning goes"
)


def loosened(values: Mapping[str, Any]) -> list[str]:
    """Which defaults were weakened.

    Args:
        values: From `parse`.
    """
    told = {
        Protection.UNPROTECTED: [
            "protection is 'unprotected': removing the store deletes the bucket if it is empty (SeaweedFS deletes a full one)"
        ],
        Protection.RELEASED: [
            "protection is 'released': Pulumi no longer changes the store, and removing it leaves everything in the cloud"
        ],
    }.get(values.get("protection", Protection.PROTECTED), [])
    if values.get("tls") is False:
        told.append("tls is off: keys stay safe, and data travels in clear text between W&B, browsers and the store")
    if values.get("force_destroy"):
        told.append("force_destroy is on: destroying the bucket deletes every object in it")
    if values.get("allow_data_expiry"):
        names = ", ".join(rule["id"] for rule in values.get("lifecycle_rules", [])) or "none yet"
        told.append(f"allow_data_expiry is on: lifecycle rules may expire current objects ({names})")
    return told


def omitted(values: Mapping[str, Any], *, preview: bool = False) -> list[str]:
    """What is left out because the server cannot do it.

    Args:
        values: From `parse`.
        preview: Only what a preview repeats: nothing, once `capabilities` says that one knows.
    """
    return [] if preview and "capabilities" in values else omissions(values)
