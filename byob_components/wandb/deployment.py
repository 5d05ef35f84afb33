"""Where W&B runs, at which level a bucket serves, in which cloud it lies, and what of that W&B offers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from byob_components.errors import Fault
from byob_components.wandb.source import AZURE_MODULE_REVERTED, BYOB, Source


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
        needs: The versions or the plan that it takes; empty when there is nothing to mind.
    """

    offered: bool
    reason: str
    source: Source = BYOB
    needs: str = ""


ENTERPRISE = "the Enterprise plan"
"""Multi-tenant Cloud: bring-your-own-bucket belongs to it (hosting options, multi_tenant_cloud.mdx@5a9f638d)."""
COREWEAVE_DEDICATED = "server version 0.73.0 or newer"
COREWEAVE_SELF_MANAGED = "server version 0.73.0 or newer, deployed with Helm chart 0.33.14 or newer"
"""Requirements of CoreWeave (BYOB)."""

_FORM = "an administrator enters it in W&B's own form when the team is created"
_SUPPORT = "W&B support sets it up with the values of the hand-off"
_NO_INSTANCE = "the instance bucket of Multi-tenant Cloud is W&B's own; bring a bucket for a team"
_NOT_MULTI_TENANT = {
    Cloud.AZURE: Offer(
        False,
        "Multi-tenant Cloud has no team storage on Azure (W&B's module had an attempt, and took it back)",
        AZURE_MODULE_REVERTED,
    ),
    Cloud.S3_COMPATIBLE: Offer(
        False, "Multi-tenant Cloud has no team storage on S3-compatible stores other than CoreWeave"
    ),
}


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
        return _NOT_MULTI_TENANT.get(cloud, Offer(True, _FORM, needs=ENTERPRISE))
    needs = ""
    if cloud is Cloud.COREWEAVE:
        needs = COREWEAVE_DEDICATED if deployment is Deployment.DEDICATED else COREWEAVE_SELF_MANAGED
    if level is Level.INSTANCE:
        if cloud is Cloud.COREWEAVE:
            return Offer(True, f"{_SUPPORT}: CoreWeave is not self-service at instance level", needs=needs)
        if deployment is Deployment.DEDICATED:
            return Offer(True, _SUPPORT)
        return Offer(True, "an administrator sets it in the System Console or on the server")
    if deployment is Deployment.DEDICATED:
        return Offer(True, f"W&B support lists the store, then {_FORM}", needs=needs)
    return Offer(True, f"an administrator lists the store on the server, then {_FORM}", needs=needs)


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
    of_team = offer(deployment, Level.TEAM, cloud)
    if of_team.offered:
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
    others = [str(c) for c in Cloud if offer(deployment, Level.TEAM, c).offered]
    return [
        Fault(
            "BYOB-WANDB-001",
            "cloud",
            f"is not offered on {deployment}: {of_team.reason}",
            str(cloud),
            f"at team level {', '.join(others)}",
            "choose one of these clouds, or another deployment",
        )
    ]


def check_keys(deployment: Deployment, where: str) -> list[Fault]:
    """The fault of static keys where W&B takes none.

    Args:
        deployment: Where W&B runs.
        where: The argument that asks for keys.
    """
    if deployment is not Deployment.MULTI_TENANT:
        return []
    return [
        Fault(
            "BYOB-WANDB-003",
            where,
            "asks for static keys, and Multi-tenant Cloud takes none: it reaches every bucket by its own identity",
            None,
            "on dedicated or self_managed only",
            "leave it out: the preset principal gets the grant",
        )
    ]
