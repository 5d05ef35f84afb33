"""What AWS handlers share: where a resource lives, and its tags."""

from collections.abc import Mapping
from typing import Any

from sandbox.providers.aws.cloud import Aws
from sandbox.providers.framework.resource import Props, Resource


def as_list(tags: Mapping[str, str] | None) -> list[dict[str, str]]:
    """Tags as most of the APIs take them.

    Args:
        tags: Key to value.
    """
    return [{"Key": k, "Value": v} for k, v in (tags or {}).items()]


def as_map(tags: list[dict[str, str]]) -> dict[str, str]:
    """Tags as programs write them, without those that AWS itself sets.

    Args:
        tags: As the APIs give them.
    """
    return {t["Key"]: t["Value"] for t in tags if not t["Key"].startswith("aws:")}


class AwsResource(Resource):
    """A resource type of AWS."""

    service: str
    """boto3's name of its service."""

    def client(self, cloud: Aws, *known: Props) -> Any:
        """The client of the resource's own region, else of the provider's.

        Args:
            cloud: The provider.
            known: Inputs or state; the first one with a region counts.
        """
        return cloud.client(self.service, next((p["region"] for p in known if p.get("region")), None))


class Tagged(AwsResource):
    """A resource type with tags: the provider's default tags are put on it too, and `tagsAll` shows all of them."""

    def all_tags(self, cloud: Aws, new: Props) -> dict[str, str]:
        """The tags to put on it.

        Args:
            cloud: The provider.
            new: The inputs.
        """
        return {**cloud.default_tags, **(new.get("tags") or {})}

    def own_tags(self, cloud: Aws, live: Mapping[str, str], inputs: Props) -> dict[str, str] | None:
        """The part of what is there that belongs to the program.

        Args:
            cloud: The provider.
            live: All tags that are there.
            inputs: The program's inputs.
        """
        given = inputs.get("tags") or {}
        return {k: v for k, v in live.items() if k in given or cloud.default_tags.get(k) != v} or None

    def planned(self, cloud: Aws, new: Props) -> Props:
        """Outputs that are known before the cloud is asked."""
        tags = new.get("tags")
        known = tags is None or isinstance(tags, dict)
        return {"tagsAll": self.all_tags(cloud, new)} if known else {}

    def drifted_outputs(self, cloud: Aws, new: Props, state: Props) -> dict[str, bool]:
        """Changed default tags change the resource, although no input does."""
        if not isinstance(new.get("tags") or {}, dict):
            return {}
        return {} if self.all_tags(cloud, new) == (state.get("tagsAll") or {}) else {"tagsAll": False}

    def tag_changes(self, cloud: Aws, old: Props, new: Props) -> tuple[dict[str, str], list[str]]:
        """What to set and which keys to remove.

        Args:
            cloud: The provider.
            old: The inputs before.
            new: The inputs now.
        """
        wanted = self.all_tags(cloud, new)
        return wanted, sorted(set(old.get("tags") or {}) - set(wanted))
