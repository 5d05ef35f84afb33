"""The account and partition that a component works in, looked up once a provider."""

import weakref
from typing import NamedTuple

import pulumi
import pulumi_aws as aws

_LOOKUP = "aws:index/getCallerIdentity:getCallerIdentity"
_found: "weakref.WeakKeyDictionary[pulumi.Resource, dict[int, Account]]" = weakref.WeakKeyDictionary()
"""Per run (its stack resource) and provider; in the hosted form there is no stack resource, and nothing is shared."""


class Account(NamedTuple):
    """Where ARNs are made."""

    account_id: pulumi.Output[str]
    partition: pulumi.Output[str]


def account(
    component: pulumi.Resource,
    account_id: pulumi.Input[str] | None,
    partition: pulumi.Input[str] | None,
) -> Account:
    """The account of a component, asked for only when it is not given.

    Args:
        component: Whose provider is meant.
        account_id: The 12-digit id, when the caller knows it.
        partition: The partition, when the caller knows it; `aws` when only the account is given.
    """
    if account_id is not None:
        return Account(pulumi.Output.from_input(account_id), pulumi.Output.from_input(partition or "aws"))
    found = _look_up(component)
    return found if partition is None else Account(found.account_id, pulumi.Output.from_input(partition))


def _look_up(component: pulumi.Resource) -> Account:
    provider = component.get_provider(_LOOKUP)
    stack = pulumi.runtime.get_root_resource()
    known = {} if stack is None else _found.setdefault(stack, {})
    if id(provider) not in known:
        options = pulumi.InvokeOutputOptions(provider=provider) if provider else None
        identity = aws.get_caller_identity_output(opts=options)
        known[id(provider)] = Account(identity.account_id, identity.arn.apply(lambda arn: arn.split(":")[1]))
    return known[id(provider)]
