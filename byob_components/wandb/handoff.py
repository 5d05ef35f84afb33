"""The hand-off: what a W&B administrator must enter or send, complete, in order, and without a secret."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from byob_components.wandb.address import StorageAddress, build
from byob_components.wandb.deployment import Cloud, Deployment, Level
from byob_components.wandb.handoff_steps import HandoffField, HandoffStep, Place, steps_for
from byob_components.wandb.names import ROOT
from byob_components.wandb.principal import meaning

__all__ = ["Handoff", "HandoffField", "HandoffStep", "build_handoff", "erasure_days"]


@dataclass(frozen=True)
class Handoff:
    """What to give to W&B for one path of one store.

    Args:
        title: The heading.
        deployment: Where W&B runs.
        level: What the bucket serves.
        cloud: Who stores the bytes.
        path: The path, `/` for the root.
        address: The storage address; keys appear as `****`.
        steps: What to do, in order.
        principals: Who holds the grant.
        principals_date: The date of their preset, or empty.
        principal_meaning: What trusting them means.
        erasure: After how long deleted data is gone, in words.
        erasure_days: The same as a number of days.
        warnings: What to know before signing off.
        loosened: Which defaults were weakened.
    """

    title: str
    deployment: str
    level: str
    cloud: str
    path: str
    address: str
    steps: tuple[HandoffStep, ...]
    principals: tuple[str, ...]
    principals_date: str
    principal_meaning: str
    erasure: str
    erasure_days: int
    warnings: tuple[str, ...] = ()
    loosened: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data, fit for JSON."""
        made: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return made

    def to_json(self) -> str:
        """JSON text, indented."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Handoff:
        """The hand-off that `to_dict` was made of.

        Args:
            data: What `to_dict` returned, for example from a stack output.
        """
        steps = tuple(HandoffStep.from_dict(step) for step in data["steps"])
        lists = {name: tuple(data[name]) for name in ("principals", "warnings", "loosened")}
        return cls(**{**data, **lists, "steps": steps})

    def for_team(self, team: str) -> Handoff:
        """The same for one team of a shared store, which has a name of its own.

        Args:
            team: The team's name.
        """
        steps = tuple(
            replace(
                step,
                fields=tuple(replace(field, value=team) if field.name == "Team" else field for field in step.fields),
            )
            for step in self.steps
        )
        return replace(self, title=_title(Level.TEAM, team, self.path), steps=steps)

    def to_markdown(self) -> str:
        """A page for a person."""
        lines = [f"# {self.title}", "", f"Storage address: `{self.address}`", ""]
        for step in self.steps:
            lines += [f"## {step.number}. {step.action}", "", f"Where: {step.where}", ""]
            if step.fields:
                lines += ["| field | value | |", "|---|---|---|"]
                lines += [f"| {f.name} | {f'`{f.value}`' if f.value else '(empty)'} | {f.note} |" for f in step.fields]
                lines.append("")
        lines += ["## What this grant means", "", self.principal_meaning, ""]
        if self.principals:
            dated = f" (W&B's documentation of {self.principals_date})" if self.principals_date else " (named by you)"
            lines += [f"- `{who}`{dated}" for who in self.principals] + [""]
        lines += ["## When deleted data is gone", "", self.erasure, ""]
        for heading, entries in (("Warnings", self.warnings), ("Loosened", self.loosened)):
            if entries:
                lines += [f"## {heading}", "", *(f"- {entry}" for entry in entries), ""]
        return "\n".join(lines)


def erasure_days(noncurrent_days: int, soft_delete_days: int = 0) -> int:
    """Days until deleted data is gone for good; the provider's clean-up runs once a day, so it can be a day more.

    Args:
        noncurrent_days: How long a noncurrent version is kept.
        soft_delete_days: How long the provider keeps what was deleted, on Google and Azure.
    """
    return noncurrent_days + soft_delete_days


def build_handoff(
    *,
    deployment: Deployment,
    level: Level,
    cloud: Cloud,
    path: str,
    bucket_name: str,
    noncurrent_days: int,
    region: str = "",
    account_name: str = "",
    kms_key_id: str = "",
    principals: Sequence[str] = (),
    principals_date: str = "",
    principals_are_preset: bool = True,
    has_credential: bool = False,
    soft_delete_days: int = 0,
    warnings: Sequence[str] = (),
    loosened: Sequence[str] = (),
    endpoint: str = "",
    team: str = "",
) -> Handoff:
    """The hand-off of one path. It takes no secret, so none can be in it.

    Args:
        deployment: Where W&B runs.
        level: What the bucket serves.
        cloud: Who stores the bytes.
        path: The path, `/` for the root.
        bucket_name: The bucket; on Azure the container.
        noncurrent_days: Days until noncurrent versions expire.
        region: The bucket's region.
        account_name: Azure's storage account.
        kms_key_id: The key to tell W&B, or empty.
        principals: Who holds the grant.
        principals_date: The date of their preset.
        principals_are_preset: Whether nobody named them.
        has_credential: Whether the address holds keys.
        soft_delete_days: Days of soft delete, on Google and Azure.
        warnings: What the component warned about.
        loosened: Which defaults were weakened.
        endpoint: `host[:port]` of a store with keys.
        team: The team's name, for level `team`.
    """
    place = Place(
        deployment,
        level,
        cloud,
        bucket_name,
        "" if path == ROOT else path,
        region,
        account_name,
        kms_key_id,
        has_credential,
        team,
        _address(cloud, path, bucket_name, account_name, region, endpoint, has_credential),
    )
    days = erasure_days(noncurrent_days, soft_delete_days)
    parts = [f"a deleted or overwritten object stays as a noncurrent version for {noncurrent_days} days"]
    if soft_delete_days:
        parts.append(f"what is deleted then can be restored for another {soft_delete_days} days")
    return Handoff(
        title=_title(level, team, path),
        deployment=str(deployment),
        level=str(level),
        cloud=str(cloud),
        path=path,
        address=place.address,
        steps=tuple(steps_for(place)),
        principals=tuple(principals),
        principals_date=principals_date if principals_are_preset else "",
        principal_meaning=meaning(deployment, cloud, principals),
        erasure=f"After {days} days, up to a day more because clean-up runs once a day: {'; '.join(parts)}. "
        "W&B itself cannot delete versions.",
        erasure_days=days,
        warnings=tuple(warnings),
        loosened=tuple(loosened),
    )


def _title(level: Level, team: str, path: str) -> str:
    whose = f"team {team}" if level is Level.TEAM and team else f"the {level}"
    return f"W&B storage for {whose}" + (f", path {path}" if path != ROOT else "")


def _address(
    cloud: Cloud, path: str, bucket: str, account: str, region: str, endpoint: str, has_credential: bool
) -> str:
    inner = "" if path == ROOT else path
    if not has_credential:
        return build(StorageAddress(cloud, bucket, inner, account=account))
    host = endpoint
    if cloud is Cloud.AWS and not host:
        host = f"s3.{region}.amazonaws.com.cn" if region.startswith("cn-") else f"s3.{region}.amazonaws.com"
    if cloud is Cloud.COREWEAVE and not host:
        host = "cwobject.com"
    keyed = StorageAddress(
        cloud,
        bucket,
        inner,
        account=account,
        endpoint=host,
        region=region,
        access_key="" if cloud is Cloud.AZURE else "BYOBMASK",
        secret_key="BYOBMASK",
    )
    return build(keyed).replace("BYOBMASK", "****")
