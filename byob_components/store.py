"""What the stores of all clouds have in common where Pulumi is involved."""

import functools
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

import pulumi

from byob_components.errors import ByobError, Fault


class Encryption(StrEnum):
    """Who holds the key that encrypts the objects."""

    NEW_KEY = "new_key"
    """A customer key is made for this store."""
    EXISTING_KEY = "existing_key"
    """A customer key that exists already, given by the caller."""
    PROVIDER_MANAGED = "provider_managed"
    """The provider's own key (SSE-S3 on AWS): no key resource at all."""


class Protection(StrEnum):
    """What happens to the data when its lines leave the program."""

    PROTECTED = "protected"
    """Removal is refused (`protect`): the default, because a team's storage can never change in W&B."""
    UNPROTECTED = "unprotected"
    """Removal deletes the bucket if it is empty, and schedules the key for deletion."""
    RELEASED = "released"
    """Removal forgets the store and leaves everything in the cloud (`retain_on_delete`, `ignore_changes`)."""


@runtime_checkable
class Store(Protocol):
    """The outputs that every composite has, whatever the cloud."""

    storage_addresses: pulumi.Output[dict[str, str]]
    """Path (the bucket's root is `/`) to the address that W&B takes; secret when the addresses hold keys."""
    bucket_name: pulumi.Output[str]
    """What W&B's form calls the name."""
    paths: pulumi.Output[list[str]]
    """The paths that W&B uses, `/` for the root."""
    region: pulumi.Output[str]
    """Where the bucket is."""
    kms_key_id: pulumi.Output[str]
    """The key to tell W&B; empty when the provider manages the key."""
    principals: pulumi.Output[list[str]]
    """The W&B identities that hold the grant."""
    principals_date: pulumi.Output[str]
    """The date of the preset the principals came from; empty when they were given by name."""
    handoffs: pulumi.Output[dict[str, Any]]
    """Path to what the W&B administrator must enter or send; nothing in it is secret."""
    server_env: pulumi.Output[dict[str, str]]
    """Environment of a self-managed W&B server, without secrets."""
    server_secrets: pulumi.Output[dict[str, str]]
    """Environment of a self-managed W&B server that holds secrets."""


NOT_REGISTERED = ("handoffs", "server_env", "server_secrets")
"""Outputs that are made when they are read and that the state holds only where a program exports them.

They are made of the others, long, and read by few programs: registered with every store they were most of what a composite
costs beyond its resources.
"""


def on_demand(make: Callable[[Any], pulumi.Output[Any]]) -> Any:
    """An output of a component that is made when it is read for the first time, and then stays.

    Args:
        make: Takes the component. The name of the class attribute must be annotated with the output's type, which is
            what the schema is made of.
    """
    return functools.cached_property(make)


class ByobRunError(ByobError, pulumi.RunError):
    """A ByobError that ends a Pulumi program with its message and without a traceback."""


def refuse(faults: Iterable[Fault], subject: str) -> None:
    """Raise when there is anything wrong.

    Args:
        faults: What was found; nothing happens when it is empty.
        subject: What the faults belong to, for example `AwsByob 'vision'`.

    Raises:
        ByobRunError: With every fault.
    """
    found = list(faults)
    if found:
        raise ByobRunError(found, subject)


def child_options(
    parent: pulumi.Resource,
    protection: Protection,
    *,
    protect: bool,
    depends_on: Sequence[pulumi.Resource] = (),
    deleted_with: pulumi.Resource | None = None,
    retain_on_delete: bool = False,
) -> pulumi.ResourceOptions:
    """The options of one child of a component.

    Args:
        parent: The component.
        protection: The store's protection.
        protect: Whether this child describes data or a key (and not a grant), so that `protect` belongs on it.
        depends_on: True order, beyond the inputs.
        deleted_with: The child whose deletion takes this one along.
        retain_on_delete: Leave this child in the cloud in any case.
    """
    released = protection is Protection.RELEASED
    return pulumi.ResourceOptions(
        parent=parent,
        protect=protect and protection is Protection.PROTECTED,
        depends_on=list(depends_on),
        deleted_with=deleted_with,
        retain_on_delete=True if released or retain_on_delete else None,
        ignore_changes=["*"] if released else None,
    )


def warn(resource: pulumi.Resource, messages: Iterable[str]) -> None:
    """Log warnings once: in the preview, where a person reads them (every `up` without `--skip-preview` has one)."""
    if pulumi.runtime.is_dry_run():
        for message in messages:
            pulumi.log.warn(message, resource)


def store_tag(
    name: str, tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None
) -> pulumi.Input[dict[str, pulumi.Input[str]]]:
    """The user's tags and the one by which a half-made resource is found again.

    Args:
        name: The store's resource name.
        tags: The user's own tags; they win over ours.
    """
    own = {STORE_TAG: f"{pulumi.get_project()}/{pulumi.get_stack()}/{name}"}
    if isinstance(tags, pulumi.Output | Awaitable):
        # from_input takes a mapping apart, whose values may be late too; the SDK's types do not say so.
        given: pulumi.Output[dict[str, str] | None] = pulumi.Output.from_input(tags)  # type: ignore[arg-type]
        return given.apply(lambda known: {**own, **(known or {})})
    return {**own, **(tags or {})}


STORE_TAG = "wandb-byob:store"
"""Key of the tag on every bucket, key and user at creation; its value is `<project>/<stack>/<name>`."""
