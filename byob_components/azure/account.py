"""The subscription and tenant that a component works in, looked up once a provider."""

import weakref
from typing import NamedTuple

import pulumi
import pulumi_azure_native as azure

from byob_components.questions import answered

_LOOKUP = "azure-native:authorization:getClientConfig"
_found: "weakref.WeakKeyDictionary[pulumi.Resource, dict[pulumi.Resource | None, Account]]" = (
    weakref.WeakKeyDictionary()
)
"""Per run (its stack resource) and provider (None for the default one); in the hosted form there is no stack resource,
and nothing is shared."""


class Account(NamedTuple):
    """Where ids are made."""

    subscription_id: pulumi.Output[str]
    tenant_id: pulumi.Output[str]


def subscription(component: pulumi.Resource, given: pulumi.Input[str] | None) -> pulumi.Output[str]:
    """The id of the subscription, asked for only when it is not given.

    Args:
        component: Whose provider is meant.
        given: The id, when the caller knows it.
    """
    return _look_up(component).subscription_id if given is None else pulumi.Output.from_input(given)


def tenant(component: pulumi.Resource, given: pulumi.Input[str] | None) -> pulumi.Output[str]:
    """The id of the tenant, asked for only when it is not given.

    Args:
        component: Whose provider is meant.
        given: The id, when the caller knows it.
    """
    return _look_up(component).tenant_id if given is None else pulumi.Output.from_input(given)


def _look_up(component: pulumi.Resource) -> Account:
    provider = component.get_provider(_LOOKUP)
    stack = pulumi.runtime.get_root_resource()
    known = {} if stack is None else _found.setdefault(stack, {})
    if provider not in known:
        options = pulumi.InvokeOutputOptions(provider=provider) if provider else None
        config = answered(
            azure.authorization.get_client_config_output(opts=options),
            "BYOB-AZURE-033",
            "subscription_id",
            "is not given, and could not be looked up",
            "with subscription_id and tenant_id given nothing is looked up",
        )
        known[provider] = Account(config.subscription_id, config.tenant_id)
    return known[provider]
