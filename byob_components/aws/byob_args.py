"""What is asked of a whole store on AWS: its arguments, held against each other and completed, and what to be warned of."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi

from byob_components.arguments import is_open, parse_args
from byob_components.aws import combinations, grant, policy
from byob_components.aws.bucket import CHECKS
from byob_components.aws.lifecycle import AwsLifecycleRuleArgs
from byob_components.combinations import judge
from byob_components.errors import Fault
from byob_components.store import Encryption, Protection
from byob_components.suspension import paths_left, paths_of
from byob_components.wandb import principal as wandb_principal
from byob_components.wandb.access import Access
from byob_components.wandb.address import ROOT
from byob_components.wandb.deployment import Cloud, Deployment, Level


class AwsByobArgs(TypedDict):
    """Arguments of AwsByob."""

    deployment: Deployment
    """Where W&B itself runs."""
    level: Level
    """Whether this is the one bucket of a whole W&B instance or the bucket of a team."""
    principals: NotRequired[list[pulumi.Input[str]]]
    """W&B's identities (ARNs of an account root, a role or a user); default: the deployment's preset, or nobody when
    there are `credential_keys`. `[]`: nobody."""
    access: NotRequired[Access]
    """Which set of rights they get; default `documented`, W&B's page."""
    region: NotRequired[pulumi.Input[str]]
    """The AWS region; default the provider's."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags on every resource that has tags; one of ours is added, `wandb-byob:store`."""
    protection: NotRequired[Protection]
    """What happens to the data when its lines leave the program; default `protected`."""
    encryption: NotRequired[Encryption]
    """Who holds the key; default `new_key`."""
    kms_key_arn: NotRequired[pulumi.Input[str]]
    """The ARN of the key that exists already; wanted with `existing_key`. With `credential_keys`, the key's policy must
    let IAM policies of its account decide, as the default one does."""
    account_id: NotRequired[pulumi.Input[str]]
    """The 12-digit account of the key; default: looked up, once a provider."""
    partition: NotRequired[pulumi.Input[str]]
    """The AWS partition; default: looked up with the account; when only `account_id` is given, told by `region`."""
    kms_alias_name: NotRequired[pulumi.Input[str]]
    """The alias, starting with `alias/`; default: made from the resource name by Pulumi."""
    kms_deletion_window_days: NotRequired[int]
    """Days between the key's deletion and its end, 7 to 30; default 30."""
    kms_rotation_days: NotRequired[int]
    """Days between rotations, 90 to 2560; default 365."""
    kms_key_admins: NotRequired[list[pulumi.Input[str]]]
    """ARNs that administer the key without using it, beside the account's own IAM; default none."""
    kms_key_users: NotRequired[list[pulumi.Input[str]]]
    """ARNs that may encrypt and decrypt, beside W&B; default none."""
    kms_key_guard: NotRequired[list[pulumi.Input[str]]]
    """Break-glass ARNs. When given, nobody else may disable the key, delete it or change its policy, not even the
    account's root; the identity that deploys must be among them, or KMS refuses the policy. Default: no guard."""
    bucket_name: NotRequired[pulumi.Input[str]]
    """The bucket's name; default: made from the resource name by Pulumi. Adoption and import need it."""
    force_destroy: NotRequired[bool]
    """Delete the objects too when the bucket is destroyed; default false, and only with protection `unprotected`."""
    paths: NotRequired[list[str]]
    """The paths that W&B uses, without slashes at the ends; default none, which means the bucket's root."""
    suspended_paths: NotRequired[list[str]]
    """Paths (`/` for the root) that keep data, address and hand-off and lose the grant. All of them: nobody holds a grant
    and access keys are switched off. Some of them: `minimal` access is needed, the only one that tells paths apart.
    Default none."""
    cors_origins: NotRequired[list[pulumi.Input[str]]]
    """Origins whose pages may call the bucket; default `*`, W&B's page."""
    cors_max_age_seconds: NotRequired[int]
    """Seconds for which a browser may keep a preflight's answer; default 3000, W&B's page."""
    noncurrent_days: NotRequired[int]
    """Days until a noncurrent version expires; default 30. W&B has no right to delete versions itself."""
    noncurrent_versions: NotRequired[int]
    """How many newer noncurrent versions are kept beyond that time, 0 to 100; default 0."""
    abort_upload_days: NotRequired[int]
    """Days until an unfinished upload is dropped; default 7, at least 2, because upload URLs live for 24 hours."""
    lifecycle_rules: NotRequired[list[AwsLifecycleRuleArgs]]
    """More lifecycle rules; default none."""
    allow_data_expiry: NotRequired[bool]
    """Accept lifecycle rules that expire current objects or archive them; default false."""
    bucket_policy_statements: NotRequired[list[pulumi.Input[dict[str, Any]]]]
    """More statements for the bucket's one policy, raw IAM with a Sid each; `{bucket_arn}` in a resource stands for the
    bucket's ARN. Default none."""
    access_log_bucket: NotRequired[pulumi.Input[str]]
    """A bucket that receives server access logs; default none. It must let logging.s3.amazonaws.com write."""
    access_log_prefix: NotRequired[pulumi.Input[str]]
    """Where in that bucket; default `<bucket>/`."""
    credential_keys: NotRequired[list[str]]
    """Labels of live access keys, the newest last: one, or two during a rotation. When given, an AwsCredential is made
    and its newest key stands in the addresses, for W&B on another cloud. Default: no credential."""


def parse(args: AwsByobArgs) -> tuple[dict[str, Any], list[Fault]]:
    """A call's arguments, completed, and everything that is wrong with it.

    Args:
        args: The arguments of an AwsByob.

    Returns:
        The arguments that were given and, when nothing is wrong, `principals` (with `preset` when they come from one),
        `granted` (the paths below which W&B holds rights) and `all_suspended`; and the faults.
    """
    values, faults = parse_args(AwsByobArgs, args, CHECKS)
    faults = judge(values, faults, combinations.STORE)
    if not faults:
        _settle_principals(values)
        _suspend(values)
    return values, faults


def _settle_principals(values: dict[str, Any]) -> None:
    """Fill in whom W&B is; nobody, when a credential of our own takes its place."""
    if "principals" in values:
        return
    values["principals"] = []
    preset = wandb_principal.preset(values["deployment"], Cloud.AWS, combinations.partition_told(values) or "aws")
    if preset is not None and "credential_keys" not in values:
        values["principals"], values["preset"] = list(preset.principals), preset


def _suspend(values: dict[str, Any]) -> None:
    """Take the grant from suspended paths: from everybody when no path is left."""
    left = paths_left(values)
    # Without a path left nobody holds a grant; the paths still bound the credential, whose keys are switched off.
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
    preset = values.get("preset")
    told = [preset.warning] if preset is not None and preset.warning else []
    principals = [who for who in values["principals"] if not is_open(who)]
    statements = [one for one in values.get("bucket_policy_statements", []) if not is_open(one)]
    told += [
        f"the statement {sid} of bucket_policy_statements denies what W&B needs"
        for sid in policy.denies_wandb(statements, principals)
    ]
    if values.get("access") is Access.MINIMAL and "kms_key_arn" in values and values["principals"]:
        told.append(grant.MINIMAL_ON_EXISTING_KEY)
    if values["all_suspended"]:
        told.append("every path is suspended: the data is kept, and W&B cannot use the store")
    elif not values["principals"] and "credential_keys" not in values:
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
            "protection is 'unprotected': removing the store deletes the bucket if it is empty, and schedules its key"
        ],
        Protection.RELEASED: [
            "protection is 'released': Pulumi no longer changes the store, and removing it leaves everything in the cloud"
        ],
    }.get(values.get("protection", Protection.PROTECTED), [])
    if values.get("force_destroy"):
        told.append("force_destroy is on: destroying the bucket deletes every object in it")
    if values.get("allow_data_expiry"):
        names = ", ".join(rule["id"] for rule in values.get("lifecycle_rules", [])) or "none yet"
        told.append(f"allow_data_expiry is on: lifecycle rules may expire or archive current objects ({names})")
    return told
