"""The resources of a stack as rules see them, and which setting belongs to which bucket."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from byob_components.policies.tree import Node, NotKnown

_VERSION = re.compile(r"/v\d{8}(preview)?(?=:)")
_OURS = "wandb-byob:index:"
STORE_KEYS = ("wandb-byob:store", "wandb-byob-store")
"""The key of the tag, and on Google Cloud of the label, that this library writes on what it makes."""


@dataclass(frozen=True)
class Resource:
    """One resource.

    Args:
        urn: Its URN.
        type: Its type token.
        name: Its logical name.
        inputs: What the program asked for, as the provider completed it; of a resource that was never registered in this run,
            what the cloud says.
        outputs: What the cloud says, as far as it is known; the same as `inputs` while the resource is being registered.
        protect: Whether the engine refuses to delete it.
        links: Property name to the URNs that its value comes from.
        external: Whether it was fetched and is not managed here.
    """

    urn: str
    type: str
    name: str
    inputs: Node
    outputs: Node
    protect: bool = False
    links: Mapping[str, Sequence[str]] = field(default_factory=dict)
    external: bool = False

    @property
    def ours(self) -> bool:
        """Whether it lies below a component of this library, which its URN tells."""
        return _OURS in self.urn.rpartition("::")[0]

    @property
    def s3_compatible(self) -> bool:
        """Whether it lies below a component for another server than AWS: it has AWS' types, and not all of AWS' settings."""
        above = self.urn.rpartition("::")[0]
        return f"{_OURS}S3Compatible" in above or f"{_OURS}CoreWeave" in above

    @property
    def tagged(self) -> bool:
        """Whether it has the tag or label that this library writes; raises `NotKnown` when the tags are not known."""
        return any(key in STORE_KEYS for where in ("tags", "labels") for key, _ in self.inputs.at(where).entries())


def canonical(type_: str) -> str:
    """A type token without the version of the API that azure-native may have in it.

    Args:
        type_: For example `azure-native:storage/v20230101:StorageAccount`.
    """
    if not type_.startswith("azure-native"):
        return type_
    return _VERSION.sub("", type_)


@dataclass(frozen=True)
class Settings:
    """What belongs to one resource.

    Args:
        certain: What certainly does.
        doubtful: What may: its value comes from several resources, or is not known yet.
    """

    certain: tuple[Resource, ...]
    doubtful: tuple[Resource, ...]


@dataclass(frozen=True)
class Link:
    """Whom a resource belongs to.

    Args:
        found: The candidates: one when it is certain, none when it is none of this stack.
        known: Whether the name by which it refers is known.
    """

    found: tuple[Resource, ...]
    known: bool = True

    @property
    def certain(self) -> bool:
        """Whether it is one, and no other."""
        return self.known and len(self.found) == 1


class Stack:
    """All resources of a stack.

    Args:
        resources: In any order.
    """

    def __init__(self, resources: Iterable[Resource] = ()) -> None:
        self.resources = tuple(resources)
        self._by_type: dict[str, list[Resource]] = {}
        self._by_urn: dict[str, Resource] = {}
        self._names: dict[tuple[tuple[str, ...], str], dict[str, list[Resource]]] = {}
        self._links: dict[tuple[str, str], Link] = {}
        self._belonging: dict[tuple[tuple[str, ...], tuple[str, ...], str, str], dict[str, Settings]] = {}
        for one in self.resources:
            self._by_type.setdefault(one.type, []).append(one)
            self._by_urn[one.urn] = one

    def of(self, types: Iterable[str]) -> list[Resource]:
        """The resources of some types.

        Args:
            types: Type tokens.
        """
        return [one for type_ in types for one in self._by_type.get(type_, ())]

    def owner(self, one: Resource, reference: str, owners: tuple[str, ...], named: str) -> Link:
        """Whom a resource belongs to: by where its reference comes from, then by the literal name.

        Args:
            one: The resource, for example a versioning setting.
            reference: Its property that refers to the owner, for example `bucket`.
            owners: The types an owner may have.
            named: The owner's property that the reference holds, for example `bucket`.
        """
        key = (one.urn, reference)
        if key not in self._links:
            self._links[key] = self._owner(one, reference, owners, named)
        return self._links[key]

    def _owner(self, one: Resource, reference: str, owners: tuple[str, ...], named: str) -> Link:
        sources = [self._by_urn[urn] for urn in dict.fromkeys(one.links.get(reference, ())) if urn in self._by_urn]
        sources = [source for source in sources if source.type in owners]
        if len(sources) == 1:
            return Link((sources[0],))
        try:
            name = one.inputs.at(reference).text()
        except NotKnown:
            return Link(tuple(sources), known=False)
        index = self._named(owners, named)
        found = [owner for owner in index.get(name or "", ()) if not sources or owner in sources]
        if len(found) == 1:
            return Link((found[0],))
        return Link(tuple(found or sources))

    def _named(self, owners: tuple[str, ...], named: str) -> dict[str, list[Resource]]:
        key = (owners, named)
        if key not in self._names:
            index: dict[str, list[Resource]] = {}
            for owner in self.of(owners):
                for name in {_literal(owner.inputs.at(named)), _literal(owner.outputs.at(named))} - {None}:
                    index.setdefault(str(name), []).append(owner)
            self._names[key] = index
        return self._names[key]

    def settings(
        self, owner: Resource, types: tuple[str, ...], reference: str, owners: tuple[str, ...], named: str
    ) -> Settings:
        """The resources of some types that belong to an owner.

        Args:
            owner: For example a bucket.
            types: Type tokens of the settings.
            reference: Their property that refers to the owner.
            owners: The types an owner may have: all of them compete for a setting.
            named: The owner's property that the reference holds.
        """
        key = (types, owners, reference, named)
        if key not in self._belonging:
            self._belonging[key] = self._shared_out(types, reference, owners, named)
        return self._belonging[key].get(owner.urn, Settings((), ()))

    def _shared_out(
        self, types: tuple[str, ...], reference: str, owners: tuple[str, ...], named: str
    ) -> dict[str, Settings]:
        certain: dict[str, list[Resource]] = {}
        doubtful: dict[str, list[Resource]] = {}
        for one in self.of(types):
            link = self.owner(one, reference, owners, named)
            if link.certain:
                certain.setdefault(link.found[0].urn, []).append(one)
                continue
            # Without any source an unknown name may be anybody's.
            for other in link.found or (() if link.known else self.of(owners)):
                doubtful.setdefault(other.urn, []).append(one)
        urns = {*certain, *doubtful}
        return {urn: Settings(tuple(certain.get(urn, ())), tuple(doubtful.get(urn, ()))) for urn in urns}


def _literal(node: Node) -> str | None:
    return node.value if isinstance(node.value, str) else None
