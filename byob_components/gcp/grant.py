"""W&B's rights on a bucket, and Google's on a key: additive members, and a component for a bucket made elsewhere."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_gcp as gcp

from byob_components.arguments import is_open
from byob_components.combinations import judge
from byob_components.errors import Fault
from byob_components.gcp import checks, combinations
from byob_components.gcp.refused import parse
from byob_components.store import Protection, child_options, refuse, warn
from byob_components.wandb import access as wandb_access
from byob_components.wandb import principal as wandb_principal
from byob_components.wandb.access import Access
from byob_components.wandb.deployment import Cloud, Deployment


# ------------------------------------------------------------------------------------- the members
def member_name(email: str) -> str:
    """A service account as IAM names it.

    Args:
        email: Its e-mail address.
    """
    return f"serviceAccount:{email}"


def endings(principals: Sequence[pulumi.Input[str]]) -> dict[str, pulumi.Input[str]]:
    """What tells the members of several principals apart in resource names, whatever their order.

    Args:
        principals: E-mail addresses; one that is not known yet is told by its place.
    """
    return {
        str(i) if is_open(who) else hashlib.sha256(str(who).encode()).hexdigest()[:8]: who
        for i, who in enumerate(principals)
    }


def bucket_members(
    name: str,
    bucket: pulumi.Input[str],
    principals: Mapping[str, pulumi.Input[str]],
    access: Access,
    options: pulumi.ResourceOptions,
) -> list[gcp.storage.BucketIAMMember]:
    """One member a role and principal: each leaves what others have on the bucket alone.

    Args:
        name: The component's name; each member's name adds the role and the principal's ending.
        bucket: The bucket's name.
        principals: Ending to e-mail address.
        access: Which set of rights; the roles hold for the whole bucket, whatever the paths.
        options: Of every member.
    """
    return [
        gcp.storage.BucketIAMMember(
            f"{name}-{role.removeprefix('roles/').replace('.', '-')}-{ending}",
            bucket=bucket,
            role=role,
            member=pulumi.Output.from_input(who).apply(member_name),
            opts=options,
        )
        for role in wandb_access.gcp_roles(access)
        for ending, who in principals.items()
    ]


def signers(
    name: str, principals: Mapping[str, pulumi.Input[str]], options: pulumi.ResourceOptions
) -> list[gcp.serviceaccount.IAMMember]:
    """The right of each service account to sign as itself (`signBlob`), which presigned URLs without a key file need.

    Args:
        name: The component's name; each member's name adds the principal's ending.
        principals: Ending to e-mail address.
        options: Of every member.
    """
    return [
        gcp.serviceaccount.IAMMember(
            f"{name}-signer-{ending}",
            service_account_id=pulumi.Output.concat("projects/-/serviceAccounts/", who),
            role=wandb_access.GCP_SIGNER_ROLE,
            member=pulumi.Output.from_input(who).apply(member_name),
            opts=options,
        )
        for ending, who in principals.items()
    ]


def agent_member(
    name: str,
    key_id: pulumi.Input[str],
    agent: pulumi.Output[str],
    options: pulumi.ResourceOptions,
) -> gcp.kms.CryptoKeyIAMMember:
    """The right of Cloud Storage to use a key. W&B needs none: Google encrypts.

    Args:
        name: The resource name.
        key_id: The key's resource name.
        agent: The e-mail address of the project's service agent.
        options: The options.
    """
    return gcp.kms.CryptoKeyIAMMember(
        name,
        crypto_key_id=key_id,
        role=wandb_access.GCP_KEY_ROLE,
        member=agent.apply(member_name),
        opts=options,
    )


# ------------------------------------------------------------------------------------- what is asked
def access_warnings(values: Mapping[str, Any], *, granted: bool) -> list[str]:
    """What the rights mean; naming the access, or the signer, says that one knows.

    Args:
        values: The arguments, parsed.
        granted: Whether anybody holds the rights.
    """
    told = []
    if granted and "access" not in values:
        told.append(wandb_access.GCP_DOCUMENTED_WIDTH)
    if granted and values.get("access") is Access.MINIMAL and values.get("paths"):
        told.append(MINIMAL_IS_BUCKET_WIDE)
    if values["principals"] and values["deployment"] is Deployment.SELF_MANAGED and "signer" not in values:
        told.append(SIGNER_UNKNOWN)
    return told


MINIMAL_IS_BUCKET_WIDE = (
    "access 'minimal' covers the whole bucket on Google Cloud, and paths do not narrow it: W&B's use of a bucket whose "
    "roles carry conditions is not documented. Teams that must not read each other need a bucket each"
)
SIGNER_UNKNOWN = (
    "your W&B server signs URLs as its own service account, for which that account needs "
    f"{wandb_access.GCP_SIGNER_ROLE} on itself: set signer to true to grant it here, or to false when it has it"
)


# ------------------------------------------------------------------------------------- the component
class GcpGrantArgs(TypedDict):
    """Arguments of GcpGrant."""

    deployment: Deployment
    """Where W&B itself runs."""
    bucket_name: pulumi.Input[str]
    """The bucket, made elsewhere; with uniform bucket-level access and soft delete, which W&B's server asks for."""
    principals: NotRequired[list[pulumi.Input[str]]]
    """W&B's identities (e-mail addresses of service accounts); default: the deployment's preset. `[]` revokes the grant."""
    access: NotRequired[Access]
    """Which set of rights; default `documented`."""
    signer: NotRequired[bool]
    """Whether each principal gets the right to sign URLs as itself; for a self-managed server, whose account is yours.
    Default false."""


def check(args: GcpGrantArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of a GcpGrant.
    """
    return _parse(args)[1]


def _parse(args: GcpGrantArgs) -> tuple[dict[str, Any], list[Fault]]:
    values, faults = parse(GcpGrantArgs, args, checks.BY_NAME)
    faults = judge(values, faults, combinations.GRANT)
    if not faults and "principals" not in values:
        preset = wandb_principal.preset(values["deployment"], Cloud.GCP)
        if preset is not None:
            values["principals"], values["preset"] = list(preset.principals), preset
    return values, faults


class GcpGrant(pulumi.ComponentResource):
    """W&B's rights on a bucket that was made elsewhere.

    The members are added to the bucket's policy and nothing else of it is touched; destroying the grant takes them off
    again. Two grants with the same role and principal on one bucket are one member: do not make both.

    Args:
        name: The resource name.
        args: See GcpGrantArgs.
        opts: Resource options.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    bucket_name: pulumi.Output[str]
    """The bucket."""
    principals: pulumi.Output[list[str]]
    """The W&B identities that hold the grant."""

    def __init__(self, name: str, args: GcpGrantArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = _parse(args)
        refuse(faults, f"GcpGrant '{name}'")
        super().__init__("wandb-byob:index:GcpGrant", name, {}, opts)
        who = endings(values["principals"])
        options = child_options(self, Protection.UNPROTECTED, protect=False)
        bucket_members(name, values["bucket_name"], who, values.get("access", Access.DOCUMENTED), options)
        if values.get("signer"):
            signers(name, who, signer_options(self, Protection.UNPROTECTED))
        told = [values["preset"].warning] if "preset" in values and values["preset"].warning else []
        warn(self, [*told, *access_warnings(values, granted=bool(who))])
        self.bucket_name = pulumi.Output.from_input(values["bucket_name"])
        self.principals = pulumi.Output.from_input(values["principals"])
        self.register_outputs({"bucketName": self.bucket_name, "principals": self.principals})


def signer_options(component: pulumi.Resource, protection: Protection) -> pulumi.ResourceOptions:
    """Options of a right that others may rely on too: several stores of one server share its account, and IAM knows a
    member only once. It stays in the cloud when one of them goes.

    Args:
        component: The parent.
        protection: The store's protection.
    """
    return child_options(component, protection, protect=False, retain_on_delete=True)
