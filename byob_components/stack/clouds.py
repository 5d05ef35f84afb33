"""The clouds a stack can have stores in: for each, how its composite, its check and its provider are found."""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

from byob_components.errors import Fault
from byob_components.wandb.access import AzureMode
from byob_components.wandb.deployment import Cloud, Deployment


@dataclass(frozen=True)
class CloudEntry:
    """A cloud's composite, loaded when it is first used.

    Args:
        module: Where the composite, its arguments and its `check` are.
        composite: The class.
        arguments: The TypedDict.
        sdk: The provider SDK, with classes Provider and ProviderArgs.
        package: The provider's package name.
        extra: The extra that installs the SDK.
        secret_settings: Provider settings that are secrets by their nature, in the SDK's wire spelling.
        secret_arguments: Arguments of the composite that are secrets.
        one_store: Arguments that name something of one store, and so have no place in `byob:defaults`.
        unique: Arguments whose value no two stores of the cloud can have.
        listed: Whether a store with these arguments must be listed in GORILLA_SUPPORTED_FILE_STORES.
        needs_provider: Whether a store must name a provider, because the stack's default one is another cloud's.
        own_servers: Whether each provider is a server of its own, on which names are free that another one has.
        from_provider: Arguments that a store takes from its provider's settings, under the same name, unless it has its own.
        more_outputs: Outputs of the composite beside those that all clouds have.
    """

    module: str
    composite: str
    arguments: str
    sdk: str
    package: str
    extra: str
    secret_settings: frozenset[str]
    secret_arguments: frozenset[str]
    one_store: frozenset[str]
    unique: tuple[str, ...]
    listed: Callable[[Mapping[str, Any]], bool]
    needs_provider: bool = False
    own_servers: bool = False
    from_provider: frozenset[str] = frozenset()
    more_outputs: tuple[str, ...] = ()

    def missing(self) -> str:
        """The module that is not installed, or an empty text."""
        try:
            importlib.import_module(self.module)
            importlib.import_module(self.sdk)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] == "byob_components":
                raise
            return error.name or self.sdk
        return ""

    def make(self) -> Callable[..., Any]:
        """The composite's class."""
        made: Callable[..., Any] = getattr(importlib.import_module(self.module), self.composite)
        return made

    def check(self, args: dict[str, Any]) -> list[Fault]:
        """What is wrong with a call of the composite.

        Args:
            args: Its arguments.
        """
        found: list[Fault] = importlib.import_module(self.module).check(args)
        return found

    def argument_names(self) -> dict[str, frozenset[str] | None]:
        """Every argument of the composite; with the names inside, where it holds a list of records."""
        return _argument_names(getattr(importlib.import_module(self.module), self.arguments))

    def provider_class(self) -> Any:
        """The SDK's provider."""
        return importlib.import_module(self.sdk).Provider

    def provider_settings(self) -> dict[str, str]:
        """Wire name to Python name of every provider setting."""
        return _wire_names(importlib.import_module(self.sdk).ProviderArgs)

    def nested_names(self, setting: str) -> frozenset[str]:
        """Wire names inside a provider setting that holds records; empty when it holds none.

        Args:
            setting: The wire name of the setting.
        """
        sdk = importlib.import_module(self.sdk)
        record = _record_class(sdk, setting)
        return frozenset() if record is None else frozenset(_wire_names(record))


@functools.cache
def _argument_names(kind: type) -> dict[str, frozenset[str] | None]:
    import pulumi

    # pulumi.Input names its Output by the forward reference "Output[T]".
    hints = get_type_hints(kind, localns={"Output": pulumi.Output, "T": Any})
    records = {name: _record_in(hint) for name, hint in hints.items()}
    return {name: None if record is None else frozenset(get_type_hints(record)) for name, record in records.items()}


def _record_in(hint: Any) -> type | None:
    inner = get_args(hint)
    return next((arg for arg in inner if is_typeddict(arg)), None) if get_origin(hint) is list else None


@functools.cache
def _wire_names(kind: type) -> dict[str, str]:
    from pulumi._types import input_type_py_to_pulumi_names

    return {wire: name for name, wire in input_type_py_to_pulumi_names(kind).items()}


def _record_class(sdk: Any, setting: str) -> type | None:
    """The SDK's class of the records in a setting, from the setting's own annotation."""
    from pulumi._types import input_type_types

    named = re.search(r"\b(Provider\w+Args)\b", str(input_type_types(sdk.ProviderArgs)[setting]))
    return None if named is None else getattr(sdk, named[1])


CLOUDS: dict[Cloud, CloudEntry] = {
    Cloud.AWS: CloudEntry(
        module="byob_components.aws.byob",
        composite="AwsByob",
        arguments="AwsByobArgs",
        sdk="pulumi_aws",
        package="aws",
        extra="aws",
        secret_settings=frozenset({"accessKey", "secretKey", "token"}),
        secret_arguments=frozenset(),
        one_store=frozenset({"bucket_name", "kms_alias_name", "paths"}),
        unique=("bucket_name",),
        listed=lambda args: bool(args.get("credential_keys")),
    ),
    Cloud.GCP: CloudEntry(
        module="byob_components.gcp.byob",
        composite="GcpByob",
        arguments="GcpByobArgs",
        sdk="pulumi_gcp",
        package="gcp",
        extra="gcp",
        secret_settings=frozenset({"accessToken", "credentials", "externalCredentials"}),
        secret_arguments=frozenset(),
        one_store=frozenset({"bucket_name", "credential_account_id", "kms_key_name", "kms_key_ring_name", "paths"}),
        unique=("bucket_name",),
        listed=lambda args: bool(args.get("credential_keys")),
    ),
    Cloud.AZURE: CloudEntry(
        module="byob_components.azure.byob",
        composite="AzureByob",
        arguments="AzureByobArgs",
        sdk="pulumi_azure_native",
        package="azure-native",
        extra="azure",
        secret_settings=frozenset({"clientCertificatePassword", "clientSecret", "oidcRequestToken", "oidcToken"}),
        secret_arguments=frozenset(),
        one_store=frozenset({"account_name", "container_name", "kms_key_name", "kms_vault_name", "paths"}),
        unique=("account_name", "kms_vault_name"),
        # W&B's form takes an identity in the place of an entry.
        listed=lambda args: args.get("mode") == AzureMode.ACCESS_KEY,
        # A container's name says nothing without its account's; the form and `byob verify` ask for the others.
        more_outputs=("account_name", "managed_identity_client_id", "managed_identity_tenant_id"),
    ),
    Cloud.S3_COMPATIBLE: CloudEntry(
        module="byob_components.s3_compatible.byob",
        composite="S3CompatibleByob",
        arguments="S3CompatibleByobArgs",
        sdk="pulumi_aws",
        package="aws",
        extra="aws",
        secret_settings=frozenset({"accessKey", "secretKey", "token"}),
        secret_arguments=frozenset({"access_key", "secret_key"}),
        one_store=frozenset({"bucket_name", "paths"}),
        unique=("bucket_name",),
        listed=lambda _: True,
        needs_provider=True,
        own_servers=True,
        # What the provider tells afterwards is us-east-1 where the region does not look like one of Amazon's.
        from_provider=frozenset({"region"}),
    ),
    Cloud.COREWEAVE: CloudEntry(
        module="byob_components.coreweave.byob",
        composite="CoreWeaveByob",
        arguments="CoreWeaveByobArgs",
        sdk="pulumi_aws",
        package="aws",
        extra="aws",
        secret_settings=frozenset({"accessKey", "secretKey", "token"}),
        secret_arguments=frozenset(),
        one_store=frozenset({"bucket_name", "paths"}),
        unique=("bucket_name",),
        # Multi-tenant Cloud has no list; elsewhere it holds `cw://`, once for all buckets.
        listed=lambda args: args.get("deployment") != Deployment.MULTI_TENANT,
        needs_provider=True,
    ),
}
"""The clouds of this version."""
