"""A whole store on Azure: resource group, key, W&B's identity, account, container and roles."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_azure_native as azure

from byob_components.arguments import together
from byob_components.azure import account, checks
from byob_components.azure.bucket import DEFAULT_SOFT_DELETE_DAYS, AzureContainer, AzureContainerArgs
from byob_components.azure.byob_args import AzureAccountKey, AzureByobArgs, loosened, parse, warnings
from byob_components.azure.identity import Identity, make_identity
from byob_components.azure.key import AzureKey, AzureKeyArgs
from byob_components.errors import Fault
from byob_components.questions import answered
from byob_components.server_outputs import server_env, server_secrets
from byob_components.store import Encryption, Protection, child_options, on_demand, refuse, store_tag, warn
from byob_components.wandb.access import Access, AzureMode
from byob_components.wandb.address import ROOT, StorageAddress, build
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.handoff import build_handoff
from byob_components.wandb.server import server_settings

__all__ = ["AzureAccountKey", "AzureByob", "AzureByobArgs", "check"]

_PLACEHOLDER = {"secret_key": "placeholder"}
"""Stands for the account key where only what is not secret is asked for."""


def check(args: AzureByobArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of an AzureByob.
    """
    return parse(args)[1]


class AzureByob(pulumi.ComponentResource):
    """A container on Azure that W&B can use, and nobody else, in an account of its own.

    Args:
        name: The resource name; the name of the team is a good one.
        args: See AzureByobArgs. Only `deployment`, `level`, `location` and who W&B is (`oidc_issuer_url`, `principals` or mode
            `access_key`) are required.
        opts: Resource options. `protect` belongs to the argument `protection`, not here.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    storage_addresses: pulumi.Output[dict[str, str]]
    """Path (the bucket's root is `/`) to the address that W&B takes; secret when the addresses hold keys."""
    bucket_name: pulumi.Output[str]
    """The container's name."""
    account_name: pulumi.Output[str]
    """The account's name."""
    paths: pulumi.Output[list[str]] = on_demand(lambda self: pulumi.Output.from_input(self._paths))
    """The paths that W&B uses, `/` for the root."""
    region: pulumi.Output[str]
    """Where the account is, as Azure writes it: `westeurope`."""
    kms_key_id: pulumi.Output[str]
    """The key's identifier, without a version; empty when Azure manages the key. W&B is not told it: Azure encrypts."""
    principals: pulumi.Output[list[str]] = on_demand(lambda self: pulumi.Output.from_input(self._principals))
    """The W&B identities that hold the grant, by object id."""
    principals_date: pulumi.Output[str] = on_demand(lambda self: pulumi.Output.from_input(self._date))
    """The date of the preset of service accounts that may act as the identity; empty when they, or the identity, were given
    by name."""
    managed_identity_client_id: pulumi.Output[str]
    """What W&B's form for a team calls the managed identity client ID; empty where W&B has a key, or nobody named it."""
    managed_identity_tenant_id: pulumi.Output[str]
    """The tenant of that identity; empty where W&B has a key."""
    handoffs: pulumi.Output[dict[str, Any]] = on_demand(lambda self: self._handoffs())
    """Path to what the W&B administrator must enter or send; nothing in it is secret."""
    server_env: pulumi.Output[dict[str, str]] = on_demand(lambda self: self._server_env())
    """Environment of a self-managed W&B server, without secrets."""
    server_secrets: pulumi.Output[dict[str, str]] = on_demand(lambda self: self._server_secrets())
    """Environment of a self-managed W&B server that holds secrets."""

    def __init__(self, name: str, args: AzureByobArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = parse(args)
        new_key = values.get("encryption") is Encryption.NEW_KEY
        named = [*checks.resource_name(name, values), *(checks.key_resource_name(name, values) if new_key else [])]
        refuse([*faults, *named], f"AzureByob '{name}'")
        super().__init__("wandb-byob:index:AzureByob", name, {}, opts)
        group = self._group(name, values)
        placed = {**values, "resource_group_name": group, "location": together(checks.place, value=values["location"])}
        before: list[pulumi.Resource] = []
        of_container = _only(AzureContainerArgs, placed) | {
            "mode": values["chosen_mode"],
            "suspended": values["all_suspended"],
        }
        if new_key:
            key = AzureKey(name, _only(AzureKeyArgs, placed), pulumi.ResourceOptions(parent=self))
            of_container |= {"kms_key_id": key.kms_key_id, "kms_identity_id": key.kms_identity_id}
            before = [key]
        identity: Identity | None = None
        if "oidc_issuer_url" in values:
            identity = make_identity(self, name, placed, group)
            before = [*before, *identity.resources]
            of_container["principals"] = [identity.principal_id] if values["granted"] else []
        # The account waits for the key and for W&B's identity, so that a destroy that stops at the account leaves the key of
        # its data alone, and the identity that stands in W&B's form.
        made = AzureContainer(name, of_container, pulumi.ResourceOptions(parent=self, depends_on=before))
        self.bucket_name, self.account_name, self.region = made.container_name, made.account_name, made.region
        self.kms_key_id = pulumi.Output.from_input(of_container.get("kms_key_id", ""))
        self._values, self._paths = values, values.get("paths") or [ROOT]
        self._date = values["principals_date"]
        self._principals = of_container["principals"]
        self.managed_identity_client_id, self.managed_identity_tenant_id = self._identity(values, identity)
        self._keys: dict[str, pulumi.Input[str]] = {}
        if values["chosen_mode"] is AzureMode.ACCESS_KEY:
            self._keys = {"secret_key": self._account_key(values, group)}
        self.storage_addresses = self._addresses(self._keys)
        warn(self, [*warnings(values), *loosened(values)])
        self.register_outputs(
            {
                "storageAddresses": self.storage_addresses,
                "bucketName": self.bucket_name,
                "accountName": self.account_name,
                "paths": self._paths,
                "region": self.region,
                "kmsKeyId": self.kms_key_id,
                "principals": self._principals,
                "principalsDate": self._date,
                "managedIdentityClientId": self.managed_identity_client_id,
                "managedIdentityTenantId": self.managed_identity_tenant_id,
            }
        )

    def _group(self, name: str, values: Mapping[str, Any]) -> pulumi.Input[str]:
        """Where everything is made: the group that was given, or a new one."""
        if "resource_group_name" in values:
            given: pulumi.Input[str] = values["resource_group_name"]
            return given
        group: pulumi.Output[str] = azure.resources.ResourceGroup(
            name,
            location=together(checks.place, value=values["location"]),
            tags=store_tag(name, values.get("tags")),
            # A group that is deleted takes everything in it along.
            opts=child_options(self, values.get("protection", Protection.PROTECTED), protect=True),
        ).name
        return group

    def _identity(
        self, values: Mapping[str, Any], made: Identity | None
    ) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
        """Client and tenant id of the identity, as W&B's form asks for them."""
        if made is not None:
            return made.client_id, made.tenant_id
        if "identity_client_id" not in values and "identity_tenant_id" not in values:
            return pulumi.Output.from_input(""), pulumi.Output.from_input("")
        home = values.get("identity_tenant_id", values.get("tenant_id"))
        return pulumi.Output.from_input(values.get("identity_client_id", "")), account.tenant(self, home)

    def _account_key(self, values: Mapping[str, Any], group: pulumi.Input[str]) -> pulumi.Output[str]:
        """The account key for W&B, a secret from its first moment."""
        wanted = str(values.get("account_key", AzureAccountKey.KEY1))
        provider = self.get_provider("azure-native:storage:listStorageAccountKeys")
        found = azure.storage.list_storage_account_keys_output(
            account_name=self.account_name,
            resource_group_name=group,
            opts=pulumi.InvokeOutputOptions(provider=provider) if provider else None,
        )
        keys = answered(
            pulumi.Output.secret(found),
            "BYOB-AZURE-033",
            "account_key",
            "could not be read",
            "reading keys is a right of its own",
        )
        return keys.apply(lambda keys: next(k.value for k in keys.keys if k.key_name == wanted))

    def _addresses(self, keys: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[dict[str, str]]:
        place = {"account": self.account_name, "container": self.bucket_name, "paths": self._paths}
        return together(_addresses, **place, **keys)

    def _server_env(self) -> pulumi.Output[dict[str, str]]:
        return server_env(
            self._values["deployment"],
            lambda: self._settings(self._addresses(_PLACEHOLDER) if self._keys else self.storage_addresses),
        )

    def _server_secrets(self) -> pulumi.Output[dict[str, str]]:
        return server_secrets(self._values["deployment"], lambda: self._settings(self.storage_addresses))

    def _settings(self, addresses: pulumi.Output[dict[str, str]]) -> pulumi.Output[Any]:
        values = self._values
        return together(
            lambda addresses: server_settings(values["deployment"], values["level"], addresses), addresses=addresses
        )

    def _handoffs(self) -> pulumi.Output[dict[str, Any]]:
        values = self._values

        def build_all(container: str, account_name: str, issuer: str, **known: Any) -> dict[str, Any]:
            return {
                path: build_handoff(
                    deployment=values["deployment"],
                    level=values["level"],
                    cloud=Cloud.AZURE,
                    path=path,
                    bucket_name=container,
                    account_name=account_name,
                    principals_date=self._date,
                    principals_are_preset=bool(self._date),
                    has_credential=values["chosen_mode"] is AzureMode.ACCESS_KEY,
                    access=values.get("access", Access.DOCUMENTED),
                    noncurrent_days=values.get("noncurrent_days", 30),
                    soft_delete_days=values.get("soft_delete_days", DEFAULT_SOFT_DELETE_DAYS),
                    azure_keyless=values["chosen_mode"] is AzureMode.KEYLESS,
                    azure_issuer=issuer if values["granted"] else "",
                    warnings=warnings(values),
                    loosened=loosened(values),
                    team=self.pulumi_resource_name,
                    **known,
                ).to_dict()
                for path in self._paths
            }

        return together(
            build_all,
            container=self.bucket_name,
            account_name=self.account_name,
            issuer=values.get("oidc_issuer_url", ""),
            region=self.region,
            principals=self._principals,
            azure_tenant_id=self.managed_identity_tenant_id,
            azure_client_id=self.managed_identity_client_id,
        )


def _only(kind: type, values: Mapping[str, Any]) -> Any:
    """The arguments that a part of the store has too."""
    return {name: value for name, value in values.items() if name in kind.__annotations__}


def _addresses(account: str, container: str, paths: list[str], **keys: str) -> dict[str, str]:
    """The address of each path."""
    place: dict[str, Any] = {"account": account, "bucket": container, **keys}
    return {
        path: build(StorageAddress(cloud=Cloud.AZURE, path="" if path == ROOT else path, **place)) for path in paths
    }
