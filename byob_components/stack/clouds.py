"""The clouds a stack can have stores in: for each, how its composite, its check and its provider are found."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from byob_components.errors import Fault
from byob_components.wandb.deployment import Cloud


@dataclass(frozen=True)
class CloudEntry:
    """A cloud's composite, loaded when it is first used.

    Args:
        module: Where the composite, its arguments and its check are.
        composite: The class.
        arguments: The TypedDict.
        sdk: The provider SDK, with classes Provider and ProviderArgs.
        package: The provider's package name.
        secret_settings: Provider settings that are secrets by their nature, in the SDK's wire spelling.
        nested_settings: Provider settings that hold records, and the SDK's class of the record.
    """

    module: str
    composite: str
    arguments: str
    sdk: str
    package: str
    secret_settings: frozenset[str]
    nested_settings: dict[str, str]

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

    def argument_kind(self) -> type:
        """The composite's TypedDict."""
        kind: type = getattr(importlib.import_module(self.module), self.arguments)
        return kind

    def provider_class(self) -> Any:
        """The SDK's provider."""
        return importlib.import_module(self.sdk).Provider

    def provider_settings(self) -> dict[str, str]:
        """Wire name to Python name of every provider setting."""
        return _names(importlib.import_module(self.sdk).ProviderArgs)

    def nested_names(self, setting: str) -> set[str]:
        """Wire names inside a nested setting; empty when it is not nested.

        Args:
            setting: The wire name of a provider setting.
        """
        if setting not in self.nested_settings:
            return set()
        return set(_names(getattr(importlib.import_module(self.sdk), self.nested_settings[setting])))


def _names(kind: type) -> dict[str, str]:
    from pulumi._types import input_type_py_to_pulumi_names

    return {wire: name for name, wire in input_type_py_to_pulumi_names(kind).items()}


CLOUDS: dict[Cloud, CloudEntry] = {
    Cloud.AWS: CloudEntry(
        module="byob_components.aws.byob",
        composite="AwsByob",
        arguments="AwsByobArgs",
        sdk="pulumi_aws",
        package="aws",
        secret_settings=frozenset({"accessKey", "secretKey", "token"}),
        nested_settings={
            "assumeRoles": "ProviderAssumeRoleArgs",
            "assumeRoleWithWebIdentity": "ProviderAssumeRoleWithWebIdentityArgs",
            "defaultTags": "ProviderDefaultTagsArgs",
            "endpoints": "ProviderEndpointArgs",
            "ignoreTags": "ProviderIgnoreTagsArgs",
        },
    ),
}
"""The clouds of this version."""
