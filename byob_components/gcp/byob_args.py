"""What is asked of a whole store on Google Cloud: its arguments, held against each other and completed, and what to be
warned of."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi

from byob_components.combinations import judge
from byob_components.errors import Fault
from byob_components.gcp import checks, combinations, grant
from byob_components.gcp.lifecycle import GcpLifecycleRuleArgs
from byob_components.gcp.refused import parse as parse_args
from byob_components.store import Encryption, Protection
from byob_components.suspension import paths_left
from byob_components.wandb import principal as wandb_principal
from byob_components.wandb.access import Access
from byob_components.wandb.deployment import Cloud, Deployment, Level


class GcpByobArgs(TypedDict):
    """Arguments of GcpByob."""

    deployment: Deployment
    """Where W&B itself runs."""
    level: Level
    """Whether this is the one bucket of a whole W&B instance or the bucket of a team."""
    location: pulumi.Input[str]
    """Where the bucket is: a region such as `europe-west4`, `US`, `EU`, `ASIA` or a dual-region. It can never change, and
    where data may lie is nobody's default."""
    principals: NotRequired[list[pulumi.Input[str]]]
    """W&B's identities (e-mail addresses of service accounts); default: the deployment's preset, or nobody when there are
    `credential_keys`. `[]`: nobody."""
    access: NotRequired[Access]
    """Which set of rights they get; default `documented`, W&B's page. Either holds for the whole bucket."""
    signer: NotRequired[bool]
    """Whether each principal gets the right to sign URLs as itself; for a self-managed server, whose account is yours.
    Default false."""
    project: NotRequired[pulumi.Input[str]]
    """The id of the project; default the provider's."""
    labels: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Labels on every resource that has labels; one of ours is added, `wandb-byob-store`."""
    protection: NotRequired[Protection]
    """What happens to the data when its lines leave the program; default `protected`."""
    encryption: NotRequired[Encryption]
    """Who holds the key; default `provider_managed`, W&B's page."""
    kms_key_id: NotRequired[pulumi.Input[str]]
    """The resource name of the key that exists already, in the bucket's location; wanted with `existing_key`. Cloud Storage
    gets the right to use it, which stays when the store goes: other buckets may need it."""
    storage_service_agent: NotRequired[pulumi.Input[str]]
    """The e-mail address of the project's Cloud Storage service agent, which encrypts; default: looked up, once a provider
    and project."""
    kms_key_ring_name: NotRequired[pulumi.Input[str]]
    """The name of the key ring; default: made from the resource name by Pulumi. A ring can never be deleted, and its name
    never used again."""
    kms_key_name: NotRequired[pulumi.Input[str]]
    """The key's name in its ring; default: made from the resource name by Pulumi."""
    kms_deletion_window_days: NotRequired[int]
    """Days between the key's destruction and its end, 1 to 120; default 30."""
    kms_rotation_days: NotRequired[int]
    """Days between rotations, at least 1; default 90. Old versions stay, and go on decrypting."""
    bucket_name: NotRequired[pulumi.Input[str]]
    """The bucket's name; default: made from the resource name by Pulumi. Adoption and import need it."""
    force_destroy: NotRequired[bool]
    """Delete the objects too when the bucket is destroyed; default false, and only with protection `unprotected`."""
    paths: NotRequired[list[str]]
    """The paths that W&B uses, without slashes at the ends; default none, which means the bucket's root."""
    suspended_paths: NotRequired[list[str]]
    """Paths (`/` for the root) that keep data, address and hand-off and lose the grant: all of them, or none, because
    rights hold for the whole bucket. Then nobody holds a grant, and the credential's account is disabled. Default none."""
    cors_origins: NotRequired[list[pulumi.Input[str]]]
    """Origins whose pages may call the bucket; default `*`, W&B's page."""
    cors_max_age_seconds: NotRequired[int]
    """Seconds for which a browser may keep a preflight's answer; default 3000, W&B's page."""
    soft_delete_days: NotRequired[int]
    """Days for which Google keeps what was deleted for good, 7 to 90; default 7. W&B's server refuses a bucket without."""
    noncurrent_days: NotRequired[int]
    """Days until a noncurrent version expires; default 30."""
    noncurrent_versions: NotRequired[int]
    """How many newer noncurrent versions are kept beyond that time, 0 to 100; default 0."""
    abort_upload_days: NotRequired[int]
    """Days until an unfinished upload is dropped; default 7, at least 2, because upload URLs live for 24 hours."""
    lifecycle_rules: NotRequired[list[GcpLifecycleRuleArgs]]
    """More lifecycle rules; default none."""
    allow_data_expiry: NotRequired[bool]
    """Accept lifecycle rules that expire current objects; default false."""
    access_log_bucket: NotRequired[pulumi.Input[str]]
    """A bucket that receives usage logs; default none. It must let cloud-storage-analytics@google.com write."""
    access_log_prefix: NotRequired[pulumi.Input[str]]
    """What their names begin with in that bucket; default the bucket's name."""
    credential_keys: NotRequired[list[str]]
    """Labels of live account keys, the newest last: one, or two during a rotation. When given, a GcpCredential is made and
    its newest key stands in the addresses, for W&B on another cloud. Default: no credential."""
    credential_account_id: NotRequired[pulumi.Input[str]]
    """The id of the service account, what stands before the `@`; default: made from the resource name by Pulumi."""


def parse(args: GcpByobArgs) -> tuple[dict[str, Any], list[Fault]]:
    """A call's arguments, completed, and everything that is wrong with it.

    Args:
        args: The arguments of a GcpByob.

    Returns:
        The arguments that were given and, when nothing is wrong, `principals` (with `preset` when they come from one) and
        `all_suspended`; and the faults.
    """
    values, faults = parse_args(GcpByobArgs, args, checks.BY_NAME)
    faults = judge(values, faults, combinations.STORE)
    if not faults:
        _settle_principals(values)
    return values, faults


def _settle_principals(values: dict[str, Any]) -> None:
    """Fill in whom W&B is; nobody, when a credential of our own takes its place or every path is suspended."""
    values["all_suspended"] = not paths_left(values)
    if values["all_suspended"]:
        values["principals"] = []
    if "principals" in values:
        return
    values["principals"] = []
    preset = wandb_principal.preset(values["deployment"], Cloud.GCP)
    if preset is not None and "credential_keys" not in values:
        values["principals"], values["preset"] = list(preset.principals), preset


def warnings(values: Mapping[str, Any]) -> list[str]:
    """What to know before signing off.

    Args:
        values: From `parse`.
    """
    preset = values.get("preset")
    told = [preset.warning] if preset is not None and preset.warning else []
    granted = bool(values["principals"]) or "credential_keys" in values
    if not values["all_suspended"]:
        told += grant.access_warnings(values, granted=granted)
    if values["all_suspended"]:
        told.append("every path is suspended: the data is kept, and W&B cannot use the store")
    elif not granted:
        told.append("nobody holds the grant (principals is empty): W&B cannot use the store")
    return told


def loosened(values: Mapping[str, Any]) -> list[str]:
    """Which defaults were weakened.

    Args:
        values: From `parse`.
    """
    told = {
        Protection.UNPROTECTED: [
            "protection is 'unprotected': removing the store deletes the bucket if it is empty, and destroys its key"
        ],
        Protection.RELEASED: [
            "protection is 'released': Pulumi no longer changes the store, and removing it leaves everything in the cloud"
        ],
    }.get(values.get("protection", Protection.PROTECTED), [])
    if values.get("force_destroy"):
        told.append("force_destroy is on: destroying the bucket deletes every object in it")
    if values.get("allow_data_expiry"):
        expiring = [rule for rule in values.get("lifecycle_rules", []) if "expiration_days" in rule]
        where = ", ".join(repr(rule.get("prefix", "")) for rule in expiring) or "none yet"
        told.append(f"allow_data_expiry is on: lifecycle rules may expire current objects (below {where})")
    return told
