"""What is asked of a whole store on Azure: its arguments, held against each other and completed, and what to be warned of."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NotRequired, TypedDict

import pulumi

from byob_components.azure import checks, combinations, grant
from byob_components.azure.bucket import AzureRedundancy
from byob_components.azure.identity import mode_of, preset
from byob_components.azure.lifecycle import AzureLifecycleRuleArgs
from byob_components.azure.refused import parse as parse_args
from byob_components.combinations import judge
from byob_components.errors import Fault
from byob_components.store import Encryption, Protection
from byob_components.suspension import paths_left
from byob_components.wandb.access import Access, AzureMode
from byob_components.wandb.deployment import Deployment, Level


class AzureAccountKey(StrEnum):
    """An account's two keys, as Azure names them."""

    KEY1 = "key1"
    """The first."""
    KEY2 = "key2"
    """The second, for a rotation."""


class AzureByobArgs(TypedDict):
    """Arguments of AzureByob."""

    deployment: Deployment
    """Where W&B itself runs."""
    level: Level
    """Whether this is the one bucket of a whole W&B instance or the bucket of a team."""
    location: pulumi.Input[str]
    """Where the account is: a region such as `westeurope`. It can never change, and where data may lie is nobody's default."""
    mode: NotRequired[AzureMode]
    """How W&B comes to its rights; default `team_connector` for a team and `keyless` for an instance, as W&B documents. It
    should be right from the start: a team's storage can never change."""
    principals: NotRequired[list[pulumi.Input[str]]]
    """W&B's identities (object ids of managed identities), or `oidc_issuer_url`; W&B documents none. `[]`: nobody."""
    identity_client_id: NotRequired[pulumi.Input[str]]
    """The client id of the identity in `principals`, which W&B's form for a team asks for."""
    identity_tenant_id: NotRequired[pulumi.Input[str]]
    """The tenant of the identity in `principals`; default the provider's."""
    oidc_issuer_url: NotRequired[pulumi.Input[str]]
    """The OIDC issuer of the cluster that W&B runs in, byte for byte: an identity is made that its service accounts may act
    as. Default: none is made."""
    kubernetes_namespace: NotRequired[pulumi.Input[str]]
    """The namespace of these service accounts; default `default`, W&B's module."""
    service_accounts: NotRequired[list[str]]
    """Their names, 1 to 20; default W&B's: 13 of its module for the connector, `wandb-bucket-access` for a keyless server."""
    access: NotRequired[Access]
    """Which set of rights they get; default `documented`, W&B's page. `minimal` is for mode `keyless`, and keeps them to the
    container."""
    account_key: NotRequired[AzureAccountKey]
    """Which of the account's keys W&B gets in mode `access_key`; default `key1`. To rotate: give the other one, `pulumi up`,
    hand W&B the new address, then renew the first (`az storage account keys renew`)."""
    account_key_expiry_days: NotRequired[int]
    """Days after which Azure reminds that the account's keys should be renewed; default 90. Where the account key works."""
    resource_group_name: NotRequired[pulumi.Input[str]]
    """A resource group that is there already; default: one is made, named by Pulumi."""
    subscription_id: NotRequired[pulumi.Input[str]]
    """The id of the provider's subscription, which skips the look-up; default: looked up, once a provider."""
    tenant_id: NotRequired[pulumi.Input[str]]
    """The id of the provider's tenant, which skips the look-up; default: looked up, once a provider."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags on every resource that has tags; one of ours is added, `wandb-byob:store`."""
    protection: NotRequired[Protection]
    """What happens to the data when its lines leave the program; default `protected`."""
    lock: NotRequired[bool]
    """Whether Azure refuses to delete the account, its settings and its roles (`CanNotDelete`), by whatever tool; default false.
    While it stands, W&B's roles cannot be taken away either. Destroying the store takes the lock away first."""
    encryption: NotRequired[Encryption]
    """Who holds the key; default `provider_managed`, W&B's page."""
    kms_key_id: NotRequired[pulumi.Input[str]]
    """The identifier of the key that exists already, without a version; wanted with `existing_key`."""
    kms_identity_id: NotRequired[pulumi.Input[str]]
    """The id of the user-assigned identity that may use the key: `Key Vault Crypto Service Encryption User` is enough."""
    kms_vault_name: NotRequired[pulumi.Input[str]]
    """The name of the vault, unique in all of Azure; default: made from the resource name by Pulumi."""
    kms_key_name: NotRequired[pulumi.Input[str]]
    """The key's name in its vault; default: made from the resource name by Pulumi."""
    kms_deletion_window_days: NotRequired[int]
    """Days for which a deleted vault or key can be had back, 7 to 90; default 90. It can never change."""
    kms_rotation_days: NotRequired[int]
    """Days between rotations, at least 7; default 90. Old versions stay, and go on decrypting. Settled when the key is made:
    Azure Resource Manager changes no key that is there; later use `az keyvault key rotation-policy update`."""
    account_name: NotRequired[pulumi.Input[str]]
    """The account's name, unique in all of Azure; default: made from the resource name by Pulumi. Adoption and import need
    it."""
    container_name: NotRequired[pulumi.Input[str]]
    """The container's name; default the resource name."""
    other_containers: NotRequired[bool]
    """Whether an adopted account holds containers of others too; default false. Rights on the whole account are refused then."""
    allow_account_wide: NotRequired[bool]
    """Accept that W&B's rights hold for the whole account, containers of others included; default false."""
    redundancy: NotRequired[AzureRedundancy]
    """Where the copies of the data lie; default `ZRS`, W&B's module."""
    paths: NotRequired[list[str]]
    """The paths that W&B uses, without slashes at the ends; default none, which means the bucket's root."""
    suspended_paths: NotRequired[list[str]]
    """Paths (`/` for the root) that keep data, address and hand-off and lose the grant: all of them, or none, because
    rights hold for the whole container. Then nobody holds a role, and the account key is switched off. Default none."""
    cors_origins: NotRequired[list[pulumi.Input[str]]]
    """Origins whose pages may call the container; default `*`, W&B's page."""
    cors_max_age_seconds: NotRequired[int]
    """Seconds for which a browser may keep a preflight's answer; default 3000, W&B's page."""
    soft_delete_days: NotRequired[int]
    """Days for which Azure keeps what was deleted for good, 1 to 365; default 7."""
    container_soft_delete_days: NotRequired[int]
    """Days for which Azure keeps a deleted container, 1 to 365; default 30."""
    noncurrent_days: NotRequired[int]
    """Days until a previous version expires; default 30. Azure counts them from when the version was written."""
    lifecycle_rules: NotRequired[list[AzureLifecycleRuleArgs]]
    """More lifecycle rules; default none."""
    allow_data_expiry: NotRequired[bool]
    """Accept lifecycle rules that expire current blobs; default false."""
    access_log_workspace_id: NotRequired[pulumi.Input[str]]
    """The id of a Log Analytics workspace that receives each read, write and deletion; default none."""
    access_log_account_id: NotRequired[pulumi.Input[str]]
    """The id of a storage account that receives each read, write and deletion; default none. It must be in the same region."""


def parse(args: AzureByobArgs) -> tuple[dict[str, Any], list[Fault]]:
    """A call's arguments, completed, and everything that is wrong with it.

    Args:
        args: The arguments of an AzureByob.

    Returns:
        The arguments that were given and, when nothing is wrong, `principals` (without the identity that is made),
        `chosen_mode`, `principals_date`, `granted` and `all_suspended`; and the faults.
    """
    values, faults = parse_args(AzureByobArgs, args, checks.BY_NAME)
    faults = judge(values, faults, combinations.STORE)
    if not faults:
        _settle(values)
    return values, faults


def _settle(values: dict[str, Any]) -> None:
    """Fill in the mode, and take the rights from suspended paths: from everybody, as they hold for the whole container."""
    values["chosen_mode"] = mode = mode_of(values)
    values.setdefault("principals", [])
    values["all_suspended"] = not paths_left(values)
    known = values["principals"] or "oidc_issuer_url" in values or mode is AzureMode.ACCESS_KEY
    values["granted"] = bool(known) and not values["all_suspended"]
    if values["all_suspended"]:
        values["principals"] = []
    by_preset = "oidc_issuer_url" in values and "service_accounts" not in values
    values["principals_date"] = preset(mode).date if by_preset and values["granted"] else ""


def warnings(values: Mapping[str, Any]) -> list[str]:
    """What to know before signing off.

    Args:
        values: From `parse`.
    """
    if values["all_suspended"]:
        return ["every path is suspended: the data is kept, and W&B cannot use the store"]
    told = grant.access_warnings(values, granted=values["granted"])
    if not values["granted"]:
        told.append("nobody holds the grant (principals is empty): W&B cannot use the store")
    return told


def loosened(values: Mapping[str, Any]) -> list[str]:
    """Which defaults were weakened.

    Args:
        values: From `parse`.
    """
    told = {
        Protection.UNPROTECTED: [
            "protection is 'unprotected': removing the store deletes the account with everything in it, and its key; Azure "
            "refuses no account for its contents"
        ],
        Protection.RELEASED: [
            "protection is 'released': Pulumi no longer changes the store, and removing it leaves everything in the cloud"
        ],
    }.get(values.get("protection", Protection.PROTECTED), [])
    if values.get("redundancy") is AzureRedundancy.LRS:
        told.append("redundancy is 'LRS': all copies of the data lie in one data centre")
    if values.get("other_containers") and values.get("allow_account_wide"):
        told.append("allow_account_wide is on: W&B's rights hold for containers of others in the account too")
    if values.get("allow_data_expiry"):
        expiring = [rule for rule in values.get("lifecycle_rules", []) if "expiration_days" in rule]
        where = ", ".join(repr(rule.get("prefix", "")) for rule in expiring) or "none yet"
        told.append(f"allow_data_expiry is on: lifecycle rules may expire current objects (below {where})")
    return told
