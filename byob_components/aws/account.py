"""The account and partition that a component works in, looked up once a provider."""

import weakref
from typing import NamedTuple

import pulumi
import pulumi_aws as aws

from byob_components.aws.checks import known_partition
from byob_components.questions import answered

_LOOKUP = "aws:index/getCallerIdentity:getCallerIdentity"
_found: "weakref.WeakKeyDictionary[pulumi.Resource, dict[pulumi.Resource | None, Account]]" = (
    weakref.WeakKeyDictionary()
)
"""Per run (its stack resource) and provider (None for the default one); in the hosted form there is no stack resource,
and nothing is shared."""


class Account(NamedTuple):
    """Where ARNs are made."""

    account_id: pulumi.Output[str]
    partition: pulumi.Output[str]


def account(
    component: pulumi.Resource,
    account_id: pulumi.Input[str] | None,
    partition: pulumi.Input[str] | None,
    region: pulumi.Input[str] | None = None,
) -> Account:
    """The account of a component, asked for only when it is not given.

    Args:
        component: Whose provider is meant.
        account_id: The 12-digit id, when the caller knows it.
        partition: The partition, when the caller knows it.
        region: The region, which tells the partition when only the account is given; `aws` when there is none either.
    """
    if account_id is not None:
        given = partition if partition is not None else known_partition(None, region) or "aws"
        return Account(pulumi.Output.from_input(account_id), pulumi.Output.from_input(given))
    found = _look_up(component)
    return found if partition is None else Account(found.account_id, pulumi.Output.from_input(partition))


def _look_up(component: pulumi.Resource) -> Account:
    provider = component.get_provider(_LOOKUP)
    stack = pulumi.runtime.get_root_resource()
    known = {} if stack is None else _found.setdefault(stack, {})
    if provider not in known:
        options = pulumi.InvokeOutputOptions(provider=provider) if provider else None
        identity = answered(
            aws.get_caller_identity_output(opts=options),
            "BYOB-AWS-033",
            "account_id",
            "is not given, and could not be looked up",
            "with account_id and partition given nothing is looked up",
        )
        known[provider] = Account(identity.account_id, identity.arn.apply(lambda arn: arn.split(":")[1]))
    return known[provider]
