"""The account and container of a store, with every setting W&B and your data need, and W&B's roles."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_azure_native as azure

from byob_components.arguments import together
from byob_components.azure import account, checks, combinations, lifecycle, naming, roles
from byob_components.azure.grant import assign_grant
from byob_components.azure.lifecycle import AzureLifecycleRuleArgs
from byob_components.azure.refused import parse
from byob_components.azure.secrecy import as_secret_as
from byob_components.combinations import judge
from byob_components.errors import Fault
from byob_components.store import Encryption, Protection, child_options, refuse, store_tag
from byob_components.wandb.access import Access, AzureMode, azure_roles
from byob_components.wandb.cors import DEFAULT_MAX_AGE_SECONDS, cors_rule
from byob_components.wandb.deployment import Cloud, Level

DEFAULT_SOFT_DELETE_DAYS = 7
DEFAULT_CONTAINER_SOFT_DELETE_DAYS = 30
DEFAULT_KEY_EXPIRY_DAYS = 90


class AzureRedundancy(StrEnum):
    """Where the copies of the data lie."""

    LRS = "LRS"
    """Three copies in one data centre; for regions without zones."""
    ZRS = "ZRS"
    """In three zones of the region."""
    GRS = "GRS"
    """In one data centre, and in the paired region."""
    GZRS = "GZRS"
    """In three zones, and in the paired region."""
    RAGRS = "RAGRS"
    """As GRS, and readable in the paired region."""
    RAGZRS = "RAGZRS"
    """As GZRS, and readable in the paired region."""


class AzureContainerArgs(TypedDict):
    """Arguments of AzureContainer."""

    location: pulumi.Input[str]
    """Where the account is: a region such as `westeurope`. It can never change, and where data may lie is nobody's default."""
    resource_group_name: pulumi.Input[str]
    """The resource group, which is there already."""
    mode: AzureMode
    """How W&B comes to its rights, which decides whether the account key works."""
    principals: NotRequired[list[pulumi.Input[str]]]
    """W&B's identities (object ids of managed identities); default `[]`, nobody."""
    access: NotRequired[Access]
    """Which set of rights they get; default `documented`, W&B's page. `minimal` is for mode `keyless`, and keeps them to the
    container."""
    suspended: NotRequired[bool]
    """Whether the account key is switched off, which takes W&B's access where it signs with it; default false."""
    subscription_id: NotRequired[pulumi.Input[str]]
    """The id of the provider's subscription, which skips the look-up; default: looked up, once a provider."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags on every resource that has tags; one of ours is added, `wandb-byob:store`."""
    protection: NotRequired[Protection]
    """What happens to the data when its lines leave the program; default `protected`."""
    lock: NotRequired[bool]
    """Whether Azure refuses to delete the account, its settings and its roles (`CanNotDelete`), by whatever tool; default false.
    While it stands, W&B's roles cannot be taken away either. Destroying the store takes the lock away first."""
    encryption: NotRequired[Encryption]
    """Who holds the key; default `provider_managed`. AzureContainer makes no key: `new_key` and `existing_key` both want
    `kms_key_id` and `kms_identity_id`, and that this identity may use the key already."""
    kms_key_id: NotRequired[pulumi.Input[str]]
    """The identifier of the key that encrypts the account, without a version; none with `provider_managed`."""
    kms_identity_id: NotRequired[pulumi.Input[str]]
    """The id of the user-assigned identity that may use the key: `Key Vault Crypto Service Encryption User` is enough."""
    account_name: NotRequired[pulumi.Input[str]]
    """The account's name, unique in all of Azure; default: made from the resource name by Pulumi. Adoption and import need
    it."""
    container_name: NotRequired[pulumi.Input[str]]
    """The container's name; default the resource name."""
    other_containers: NotRequired[bool]
    """Whether an adopted account holds containers of others too; default false. Rights on the whole account are refused then."""
    allow_account_wide: NotRequired[bool]
    """Accept that W&B's rights hold for the whole account, containers of others included; default false."""
    account_key_expiry_days: NotRequired[int]
    """Days after which Azure reminds that the account's keys should be renewed; default 90. Where the account key works."""
    redundancy: NotRequired[AzureRedundancy]
    """Where the copies of the data lie; default `ZRS`, W&B's module."""
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


def check(args: AzureContainerArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of an AzureContainer.
    """
    return _parse(args)[1]


def _parse(args: AzureContainerArgs) -> tuple[dict[str, Any], list[Fault]]:
    values, faults = parse(AzureContainerArgs, args, checks.BY_NAME)
    return values, judge(values, faults, combinations.CONTAINER)


class AzureContainer(pulumi.ComponentResource):
    """A private, versioned container with soft delete and W&B's roles, in an account of its own.

    Args:
        name: The resource name.
        args: See AzureContainerArgs.
        opts: Resource options.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    account_name: pulumi.Output[str]
    """The account's name."""
    container_name: pulumi.Output[str]
    """The container's name."""
    region: pulumi.Output[str]
    """Where the account is."""

    def __init__(self, name: str, args: AzureContainerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = _parse(args)
        refuse([*faults, *checks.resource_name(name, values)], f"AzureContainer '{name}'")
        super().__init__("wandb-byob:index:AzureContainer", name, {}, opts)
        protection = values.get("protection", Protection.PROTECTED)
        group = values["resource_group_name"]
        location = together(checks.place, value=values["location"])
        held = azure.storage.StorageAccount(
            naming.account_stem(name),
            account_name=values.get("account_name"),
            resource_group_name=group,
            location=location,
            tags=store_tag(name, values.get("tags")),
            **_account_settings(values),
            opts=child_options(self, protection, protect=True),
        )
        account_name = as_secret_as(held.name, values.get("account_name"))
        of_account = child_options(self, protection, protect=True, deleted_with=held)
        rule = cors_rule(Cloud.AZURE, max_age_seconds=values.get("cors_max_age_seconds", DEFAULT_MAX_AGE_SECONDS))
        service = azure.storage.BlobServiceProperties(
            name,
            account_name=account_name,
            resource_group_name=group,
            blob_services_name="default",
            is_versioning_enabled=True,
            delete_retention_policy=_kept(values.get("soft_delete_days", DEFAULT_SOFT_DELETE_DAYS)),
            container_delete_retention_policy=_kept(
                values.get("container_soft_delete_days", DEFAULT_CONTAINER_SOFT_DELETE_DAYS)
            ),
            cors={
                "cors_rules": [
                    {
                        "allowed_origins": values.get("cors_origins") or list(rule.allowed_origins),
                        "allowed_methods": list(rule.allowed_methods),
                        "allowed_headers": list(rule.allowed_headers),
                        "exposed_headers": list(rule.expose_headers),
                        "max_age_in_seconds": rule.max_age_seconds,
                    }
                ]
            },
            opts=of_account,
        )
        # One setting of an account after another: Azure refuses two at a time.
        container = azure.storage.BlobContainer(
            name,
            account_name=account_name,
            resource_group_name=group,
            container_name=values.get("container_name"),
            public_access="None",
            opts=child_options(self, protection, protect=True, deleted_with=held, depends_on=[service]),
        )
        container_name = as_secret_as(container.name, values.get("container_name"))
        policy = azure.storage.ManagementPolicy(
            name,
            account_name=account_name,
            resource_group_name=group,
            management_policy_name="default",
            # Plain dicts, in the SDK's own spelling; unused where the SDK's types are not read.
            policy={
                "rules": lifecycle.rules(  # type: ignore[typeddict-item, unused-ignore]  # plain mappings, which the SDK takes too
                    values.get("noncurrent_days", 30),
                    values.get("lifecycle_rules", []),
                    lambda prefix: pulumi.Output.concat(container_name, "/", prefix),
                )
            },
            # A removal begins with what comes last. This is protected, so that it stops here, with roles and lock in place.
            opts=child_options(
                self,
                protection,
                protect=True,
                deleted_with=held,
                depends_on=[container, *self._rights(name, values, held, container)],
            ),
        )
        self._diagnostics(name, values, held, policy)
        self.account_name, self.container_name, self.region = account_name, container_name, location
        self.register_outputs(
            {"accountName": self.account_name, "containerName": self.container_name, "region": self.region}
        )

    def _rights(
        self,
        name: str,
        values: Mapping[str, Any],
        held: azure.storage.StorageAccount,
        container: azure.storage.BlobContainer,
    ) -> list[pulumi.Resource]:
        """W&B's roles, and the lock that keeps them and the account from being deleted.

        Both must stay changeable, so neither is protected; and neither goes with the account, because Azure's provider does not
        take up again what the state forgot: it makes nothing that is there already.
        """
        protection = values.get("protection", Protection.PROTECTED)
        principals = values.get("principals", [])
        made: list[pulumi.Resource] = []
        if principals:
            made += assign_grant(
                name,
                azure_roles(Level.TEAM, values.get("access", Access.DOCUMENTED), values["mode"]),
                (held.id, container.id),
                roles.endings(principals),
                account.subscription(self, values.get("subscription_id")),
                child_options(self, protection, protect=False),
            )
        if values.get("lock"):
            lock = azure.authorization.ManagementLockByScope(
                name,
                scope=held.id,
                level="CanNotDelete",
                notes="W&B storage: a team's storage can never change",
                # After the roles, and so gone before them: below a lock nothing is deleted.
                opts=child_options(self, protection, protect=False, depends_on=[held, container, *made]),
            )
            made.append(lock)
        return made

    def _diagnostics(
        self, name: str, values: Mapping[str, Any], held: azure.storage.StorageAccount, after: pulumi.Resource
    ) -> None:
        """Each read, write and deletion of a blob, logged where the user wants it."""
        where = {"workspace_id": "access_log_workspace_id", "storage_account_id": "access_log_account_id"}
        given = {setting: values[argument] for setting, argument in where.items() if argument in values}
        if given:
            protection = values.get("protection", Protection.PROTECTED)
            azure.monitor.DiagnosticSetting(
                name,
                resource_uri=pulumi.Output.concat(held.id, "/blobServices/default"),
                logs=[{"category": f"Storage{what}", "enabled": True} for what in ("Read", "Write", "Delete")],
                **given,
                opts=child_options(self, protection, protect=True, deleted_with=held, depends_on=[after]),
            )


def _kept(days: int) -> Any:
    return {"enabled": True, "days": days}


def _account_settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the account allows, and how it encrypts."""
    shared_key = azure_roles(Level.TEAM, Access.DOCUMENTED, values["mode"]).shared_key
    settings: dict[str, Any] = {
        "kind": "StorageV2",
        "sku": {"name": f"Standard_{values.get('redundancy', AzureRedundancy.ZRS)}"},
        "access_tier": "Hot",
        "enable_https_traffic_only": True,
        "minimum_tls_version": "TLS1_2",
        "allow_blob_public_access": False,
        "allow_cross_tenant_replication": False,
        "allow_shared_key_access": shared_key and not values.get("suspended", False),
        "default_to_o_auth_authentication": True,
        "is_local_user_enabled": False,
        # W&B's servers and browsers come from the Internet, with signed URLs.
        "public_network_access": "Enabled",
        "encryption": {"key_source": "Microsoft.Storage", "services": _services()},
    }
    if shared_key:
        days = values.get("account_key_expiry_days", DEFAULT_KEY_EXPIRY_DAYS)
        settings["key_policy"] = {"key_expiration_period_in_days": days}
    if "kms_key_id" in values:
        key = pulumi.Output.from_input(values["kms_key_id"])
        settings["identity"] = {"type": "UserAssigned", "user_assigned_identities": [values["kms_identity_id"]]}
        settings["encryption"] = {
            "key_source": "Microsoft.Keyvault",
            "services": _services(),
            "encryption_identity": {"encryption_user_assigned_identity": values["kms_identity_id"]},
            # Without a version, so that a rotated key is taken up.
            "key_vault_properties": {
                "key_vault_uri": key.apply(lambda known: known.rpartition("/keys/")[0]),
                "key_name": key.apply(lambda known: known.rpartition("/keys/")[2]),
            },
        }
    return settings


def _services() -> dict[str, Any]:
    return {name: {"enabled": True, "key_type": "Account"} for name in ("blob", "file")}
