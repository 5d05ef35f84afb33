"""The key that encrypts a store: a vault of its own, and the identity by which Azure Storage uses it."""

from typing import NotRequired, TypedDict

import pulumi
import pulumi_azure_native as azure

from byob_components.arguments import together
from byob_components.azure import account, checks, naming, roles
from byob_components.azure.refused import parse
from byob_components.azure.secrecy import as_secret_as
from byob_components.errors import Fault
from byob_components.store import Protection, child_options, refuse, store_tag

DEFAULT_DELETION_WINDOW_DAYS = 90
_BITS = 3072


class AzureKeyArgs(TypedDict):
    """Arguments of AzureKey."""

    location: pulumi.Input[str]
    """Where the account is: a region such as `westeurope`. It can never change, and where data may lie is nobody's default."""
    resource_group_name: pulumi.Input[str]
    """The resource group, which is there already."""
    subscription_id: NotRequired[pulumi.Input[str]]
    """The id of the provider's subscription, which skips the look-up; default: looked up, once a provider."""
    tenant_id: NotRequired[pulumi.Input[str]]
    """The id of the provider's tenant, which skips the look-up; default: looked up, once a provider."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags on every resource that has tags; one of ours is added, `wandb-byob:store`."""
    protection: NotRequired[Protection]
    """What happens to the data when its lines leave the program; default `protected`."""
    kms_vault_name: NotRequired[pulumi.Input[str]]
    """The name of the vault, unique in all of Azure; default: made from the resource name by Pulumi."""
    kms_key_name: NotRequired[pulumi.Input[str]]
    """The key's name in its vault; default: made from the resource name by Pulumi."""
    kms_deletion_window_days: NotRequired[int]
    """Days for which a deleted vault or key can be had back, 7 to 90; default 90. It can never change."""
    kms_rotation_days: NotRequired[int]
    """Days between rotations, at least 7; default 90. Old versions stay, and go on decrypting. Settled when the key is made:
    Azure Resource Manager changes no key that is there; later use `az keyvault key rotation-policy update`."""


def check(args: AzureKeyArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of an AzureKey.
    """
    return parse(AzureKeyArgs, args, checks.BY_NAME)[1]


class AzureKey(pulumi.ComponentResource):
    """A key in a vault of its own, under role-based access and purge protection, which Azure Storage alone may use.

    W&B gets no right on the key: Azure encrypts and decrypts, by an identity made for it. The key is made by Azure Resource
    Manager, so that nobody needs rights on the vault's data. A deleted vault and its key can be had back until the window
    ends, and nobody can end it earlier. A rotated key is taken up by the account within a day, because its identifier names no
    version.

    Args:
        name: The resource name.
        args: See AzureKeyArgs.
        opts: Resource options.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    kms_key_id: pulumi.Output[str]
    """The key's identifier, `https://<vault>.vault.azure.net/keys/<key>`, without a version."""
    kms_identity_id: pulumi.Output[str]
    """The id of the identity that may use the key."""

    def __init__(self, name: str, args: AzureKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = parse(AzureKeyArgs, args, checks.BY_NAME)
        refuse([*faults, *checks.key_resource_name(name, values)], f"AzureKey '{name}'")
        super().__init__("wandb-byob:index:AzureKey", name, {}, opts)
        protection = values.get("protection", Protection.PROTECTED)
        group, tags = values["resource_group_name"], store_tag(name, values.get("tags"))
        location = together(checks.place, value=values["location"])
        vault = azure.keyvault.Vault(
            naming.vault_stem(name),
            vault_name=values.get("kms_vault_name"),
            resource_group_name=group,
            location=location,
            tags=tags,
            properties={
                "tenant_id": account.tenant(self, values.get("tenant_id")),
                "sku": {"family": "A", "name": "standard"},
                "enable_rbac_authorization": True,
                "enable_soft_delete": True,
                "enable_purge_protection": True,
                "soft_delete_retention_in_days": values.get("kms_deletion_window_days", DEFAULT_DELETION_WINDOW_DAYS),
                "enabled_for_deployment": False,
                "enabled_for_disk_encryption": False,
                "enabled_for_template_deployment": False,
                # Azure Storage is one of the services that Azure trusts; nobody else has business in this vault.
                "public_network_access": "Enabled",
                "network_acls": {"bypass": "AzureServices", "default_action": "Deny"},
            },
            opts=child_options(self, protection, protect=True),
        )
        key = azure.keyvault.Key(
            name,
            key_name=values.get("kms_key_name"),
            vault_name=as_secret_as(vault.name, values.get("kms_vault_name")),
            resource_group_name=group,
            tags=tags,
            properties={
                "kty": "RSA",
                "key_size": _BITS,
                "key_ops": ["wrapKey", "unwrapKey"],
                # No expiry: a key that expires takes the data with it.
                "rotation_policy": {
                    "lifetime_actions": [
                        {
                            "action": {"type": "rotate"},
                            "trigger": {"time_after_create": f"P{values.get('kms_rotation_days', 90)}D"},
                        }
                    ]
                },
            },
            # It goes with its vault: the provider would delete it by the vault's own API, which the network rules shut to it.
            opts=child_options(self, protection, protect=True, deleted_with=vault),
        )
        identity = azure.managedidentity.UserAssignedIdentity(
            f"{name}-encryption",
            resource_group_name=group,
            location=location,
            tags=tags,
            # Without it the data cannot be decrypted, so that it is protected as the key is.
            opts=child_options(self, protection, protect=True),
        )
        # Not protected, like every grant, and of no use without the key.
        roles.assign(
            name,
            [roles.KEY_ROLE],
            key.id,
            {"encryption": identity.principal_id},
            account.subscription(self, values.get("subscription_id")),
            child_options(self, protection, protect=False, deleted_with=key),
        )
        names = (values.get("kms_vault_name"), values.get("kms_key_name"))
        self.kms_key_id = as_secret_as(as_secret_as(key.key_uri, names[0]), names[1])
        self.kms_identity_id = identity.id
        self.register_outputs({"kmsKeyId": self.kms_key_id, "kmsIdentityId": self.kms_identity_id})
