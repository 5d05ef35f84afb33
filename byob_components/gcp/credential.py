"""A static identity with exactly the grant's rights, for a store that W&B reaches from another cloud."""

import base64
import json
from typing import NotRequired, TypedDict

import pulumi
import pulumi_gcp as gcp

from byob_components.errors import Fault
from byob_components.gcp import checks
from byob_components.gcp.grant import bucket_members
from byob_components.gcp.labels import STORE_LABEL, own_value
from byob_components.gcp.refused import parse
from byob_components.store import Protection, child_options, refuse
from byob_components.wandb.access import Access


class GcpCredentialArgs(TypedDict):
    """Arguments of GcpCredential."""

    bucket_name: pulumi.Input[str]
    """The bucket the identity may use."""
    credential_keys: list[str]
    """Labels of the live account keys, the newest last: one, or two during a rotation."""
    access: NotRequired[Access]
    """Which set of rights; default `documented`."""
    project: NotRequired[pulumi.Input[str]]
    """The id of the project; default the provider's."""
    credential_account_id: NotRequired[pulumi.Input[str]]
    """The id of the service account, what stands before the `@`; default: made from the resource name by Pulumi."""
    suspended: NotRequired[bool]
    """Whether the account is disabled, which takes W&B's access and keeps everything else; default false."""
    protection: NotRequired[Protection]
    """What happens to the account when its lines leave the program; default `protected`. Keys stay rotatable."""


def private_key(credentials: str) -> str:
    """The PEM private key in what the provider returns for an account key, as W&B's address wants it.

    Args:
        credentials: A credentials file, base64.
    """
    found: str = json.loads(base64.b64decode(credentials))["private_key"]
    return found


def check(args: GcpCredentialArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of a GcpCredential.
    """
    return parse(GcpCredentialArgs, args, checks.BY_NAME)[1]


class GcpCredential(pulumi.ComponentResource):
    """A service account with the grant's rights and up to two live keys.

    Rotation: add a label, `pulumi up`, give W&B the new address, then drop the old label and `pulumi up` again. The account
    is protected: whoever removes it cuts W&B off from the data. A removal that is refused without a preview leaves account,
    keys and rights alone in the cloud, but the state forgets the keys, and the next `up` makes new ones beside them: never
    skip the preview for a removal (docs/lifecycle.md says how to clear up after one). When a whole store is removed, the
    bucket comes first, and is refused before the keys.

    Args:
        name: The resource name.
        args: See GcpCredentialArgs.
        opts: Resource options.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    service_account_email: pulumi.Output[str]
    """The account: what stands as user in the address."""
    private_key: pulumi.Output[str]
    """The newest key's private key, PEM; a secret output."""

    def __init__(self, name: str, args: GcpCredentialArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = parse(GcpCredentialArgs, args, checks.BY_NAME)
        refuse([*faults, *checks.account_name(name, values)], f"GcpCredential '{name}'")
        super().__init__("wandb-byob:index:GcpCredential", name, {}, opts)
        protection = values.get("protection", Protection.PROTECTED)
        account = gcp.serviceaccount.Account(
            name,
            account_id=values.get("credential_account_id"),
            project=values.get("project"),
            display_name=f"W&B storage {name}",
            # Accounts have no labels; this is how a half-made one is found again.
            description=f"{STORE_LABEL}: {own_value(name)}",
            disabled=values.get("suspended", False),
            opts=child_options(self, protection, protect=True),
        )
        # Keys and rights end with their account. A label that is dropped deletes its key, because the account stays then.
        options = child_options(self, protection, protect=False, deleted_with=account)
        keys = [
            gcp.serviceaccount.Key(f"{name}-{label}", service_account_id=account.name, opts=options)
            for label in values["credential_keys"]
        ]
        bucket_members(
            name,
            values["bucket_name"],
            {"credential": account.email},
            values.get("access", Access.DOCUMENTED),
            options,
        )
        self.account_keys: list[pulumi.Resource] = [*keys]
        self.service_account_email = account.email
        self.private_key = pulumi.Output.secret(keys[-1].private_key.apply(private_key))
        self.register_outputs({"serviceAccountEmail": self.service_account_email, "privateKey": self.private_key})
