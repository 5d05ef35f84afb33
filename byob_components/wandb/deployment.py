"""Where W&B runs, at which level a bucket serves, in which cloud it lies, and what of that W&B offers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from byob_components.errors import Fault
from byob_components.wandb.source import BYOB, Source


class Deployment(StrEnum):
    """Where W&B itself runs."""

    MULTI_TENANT = "multi_tenant"
    """W&B's SaaS."""
    DEDICATED = "dedicated"
    """A single-tenant instance that W&B runs for one customer."""
    SELF_MANAGED = "self_managed"
    """The customer's own server."""


class Level(StrEnum):
    """What a bucket serves."""

    INSTANCE = "instance"
    """The one bucket of a whole W&B instance."""
    TEAM = "team"
    """The bucket of one team, chosen when the team is created."""


class Cloud(StrEnum):
    """Who stores the bytes."""

    AWS = "aws"
    GCP = "gcp"
    AZURE = "azure"
    S3_COMPATIBLE = "s3_compatible"
    COREWEAVE = "coreweave"


@dataclass(frozen=True)
class Offer:
    """Whether W&B offers a combination.

    Args:
        offered: Whether it does.
        reason: How it is set up, or why it is not offered.
        source: Where that is said.
    """

    offered: bool
    reason: str
    source: Source = BYOB


_FORM = "an administrator enters it in W&B's own form"
_SUPPORT = "W&B support sets it up with the values of the hand-off"
_SERVER = "an administrator sets it on the server"
_NO_INSTANCE = "the instance bucket of Multi-tenant Cloud is W&B's own; bring a bucket for a team"


def offer(deployment: Deployment, level: Level, cloud: Cloud) -> Offer:
    """What W&B says about a combination.

    Args:
        deployment: Where W&B runs.
        level: What the bucket serves.
        cloud: Who stores it.
    """
    if deployment is Deployment.MULTI_TENANT:
        if level is Level.INSTANCE:
            return Offer(False, _NO_INSTANCE)
        refused = {
            Cloud.AZURE: "Multi-tenant Cloud has no team storage on Azure (W&B's module had an attempt, and took it back)",
            Cloud.S3_COMPATIBLE: "Multi-tenant Cloud has no team storage on S3-compatible stores other than CoreWeave",
        }
        if cloud in refused:
            return Offer(False, refused[cloud])
        return Offer(True, f"{_FORM} when the team is created; the organization needs the Enterprise plan")
    if cloud is Cloud.COREWEAVE and level is Level.INSTANCE:
        return Offer(True, f"{_SUPPORT}: CoreWeave is not self-service at instance level")
    if deployment is Deployment.DEDICATED:
        if level is Level.INSTANCE:
            return Offer(True, _SUPPORT)
        return Offer(True, f"{_SUPPORT} or lists the store, then {_FORM} when the team is created")
    return Offer(True, _SERVER if level is Level.INSTANCE else f"{_SERVER} where it needs keys, then {_FORM}")


def check_offer(deployment: Deployment, level: Level, cloud: Cloud) -> list[Fault]:
    """The fault of a combination that W&B does not offer.

    Args:
        deployment: Where W&B runs.
        level: What the bucket serves.
        cloud: Who stores it.
    """
    found = offer(deployment, level, cloud)
    if found.offered:
        return []
    others = [str(c) for c in Cloud if offer(deployment, level, c).offered]
    if level is Level.INSTANCE and not others:
        return [
            Fault(
                "BYOB-WANDB-001",
                "level",
                f"is not offered on {deployment}: {found.reason}",
                str(level),
                "'team'",
                "set level to 'team'",
            )
        ]
    return [
        Fault(
            "BYOB-WANDB-001",
            "cloud",
            f"is not offered on {deployment} at {level} level: {found.reason}",
            str(cloud),
            ", ".join(others),
            "choose one of these clouds, or another deployment",
        )
    ]
