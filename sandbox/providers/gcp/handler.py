"""What Google handlers share: labels, deletion policies, and names that are written in several ways."""

from collections.abc import Mapping
from typing import Any

from sandbox.providers.framework.contract import Failure
from sandbox.providers.framework.resource import Props, Refused, Resource, one_of
from sandbox.providers.gcp.cloud import ATTRIBUTION, Gcp

_POLICIES = ("DELETE", "ABANDON", "PREVENT")


class GcpResource(Resource):
    """A resource type of Google Cloud. One with a deletion policy of `ABANDON` is forgotten, one of `PREVENT` stays."""

    absent = frozenset({"404"})

    def check(self, new: Props, old: Props) -> list[Failure]:
        """Refuse what the real provider refuses before any call."""
        return one_of(new, "deletionPolicy", _POLICIES)

    def delete(self, cloud: Gcp, id: str, state: Props) -> None:
        """Delete it, as its deletion policy says."""
        policy = state.get("deletionPolicy") or "DELETE"
        if policy == "PREVENT":
            raise Refused("cannot destroy it without setting deletionPolicy to another value and running `pulumi up`")
        if policy == "DELETE":
            self.remove(cloud, id, state)

    def remove(self, cloud: Gcp, id: str, state: Props) -> None:
        """Delete it in the cloud."""
        raise NotImplementedError


class Labelled(GcpResource):
    """A resource type with labels: the program's own are `labels`, those with the provider's defaults `pulumiLabels`, and all that
    are there `effectiveLabels`. Labels that others have put on are left alone."""

    secret_outputs = frozenset({"effectiveLabels", "pulumiLabels"})

    def own_labels(self, cloud: Gcp, new: Props) -> dict[str, str]:
        """The labels that belong to the program and the provider's settings.

        Args:
            cloud: The provider.
            new: The inputs.
        """
        return {**cloud.default_labels, **(new.get("labels") or {})}

    def first_labels(self, cloud: Gcp, new: Props) -> dict[str, str]:
        """The labels that it is made with: the real provider's own one comes with the creation, and never later.

        Args:
            cloud: The provider.
            new: The inputs.
        """
        return {**cloud.attribution, **self.own_labels(cloud, new)}

    def label_changes(self, cloud: Gcp, old: Props, new: Props) -> dict[str, str | None]:
        """A merge patch of the labels.

        Args:
            cloud: The provider.
            old: The inputs before.
            new: The inputs now.
        """
        wanted = self.own_labels(cloud, new)
        return {**dict.fromkeys(set(old.get("labels") or {}) - set(wanted)), **wanted}

    def label_inputs(self, cloud: Gcp, live: Mapping[str, str], inputs: Props) -> dict[str, str] | None:
        """The part of what is there that belongs to the program; all of it for an import.

        Args:
            cloud: The provider.
            live: All labels that are there.
            inputs: The program's inputs.
        """
        given = inputs.get("labels") or {}
        defaults = {**cloud.default_labels, **cloud.attribution}
        return {k: v for k, v in live.items() if k in given or (not inputs and defaults.get(k) != v)} or None

    def label_outputs(self, cloud: Gcp, live: Mapping[str, str], inputs: Props) -> Props:
        """The label outputs.

        Args:
            cloud: The provider.
            live: All labels that are there.
            inputs: The program's inputs.
        """
        own = self.first_labels(cloud, inputs or {"labels": live})
        return {"effectiveLabels": dict(live), "pulumiLabels": {k: live[k] for k in own if k in live}}

    def planned(self, cloud: Gcp, new: Props) -> Props:
        """Outputs that are known before the cloud is asked."""
        return {"pulumiLabels": self.first_labels(cloud, new)} if isinstance(new.get("labels") or {}, dict) else {}

    def drifted_outputs(self, cloud: Gcp, new: Props, state: Props) -> dict[str, bool]:
        """Changed default labels change the resource, although no input does; so does one of ours that somebody took off."""
        if not isinstance(new.get("labels") or {}, dict):
            return {}
        there = {k: v for k, v in (state.get("pulumiLabels") or {}).items() if k not in ATTRIBUTION}
        return {} if self.own_labels(cloud, new) == there else {"pulumiLabels": False}


def last(name: str) -> str:
    """The last part of a resource name, which is its short form."""
    return name.rstrip("/").rsplit("/", 1)[-1]


def same_name(a: Any, b: Any) -> bool:
    """Whether two spellings name one resource: the short name, or the whole path."""
    shorter, longer = sorted((str(a), str(b)), key=len)
    return longer == shorter or longer.endswith("/" + shorter)


def same_text(a: Any, b: Any) -> bool:
    """Whether two texts are the same but for capitals."""
    return str(a).lower() == str(b).lower()
