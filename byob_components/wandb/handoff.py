"""The hand-off: what a W&B administrator must enter or send, complete, in order, and without a secret."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, is_dataclass, replace
from typing import Any

from byob_components.errors import ByobError
from byob_components.wandb import doubt
from byob_components.wandb.access import AZURE_KEYLESS_CHART, Access
from byob_components.wandb.address import COREWEAVE_HOST, StorageAddress, check_address
from byob_components.wandb.deployment import Cloud, Deployment, Level, offer
from byob_components.wandb.erasure import erasure
from byob_components.wandb.handoff_steps import (
    TEAM_FIELDS,
    HandoffField,
    HandoffStep,
    Place,
    doubts_for,
    steps_for,
)
from byob_components.wandb.names import ROOT
from byob_components.wandb.principal import meaning, shared_principals

__all__ = ["Handoff", "HandoffField", "HandoffStep", "build_handoff"]


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
        needs: The plan or versions that W&B asks for; empty when there is nothing to mind.
        steps: What to do, in order.
        principals: Who holds the grant.
        principals_date: The date of their preset, or empty.
        principal_meaning: What trusting them means.
        erasure: After how long deleted data is gone, in words.
        erasure_days: The same as a number of days; None when some of it stays until a person removes it.
        warnings: What to know before signing off.
        loosened: Which defaults were weakened.
        doubts: What W&B's pages leave open, and what is assumed here.
    """

    title: str
    deployment: str
    level: str
    cloud: str
    path: str
    address: str
    needs: str
    steps: tuple[HandoffStep, ...]
    principals: tuple[str, ...]
    principals_date: str
    principal_meaning: str
    erasure: str
    erasure_days: int | None
    warnings: tuple[str, ...] = ()
    loosened: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data, fit for JSON."""
        made: dict[str, Any] = _plain(self)
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
        days = data.get("erasure_days")
        lists = {name: tuple(data[name]) for name in ("principals", "warnings", "loosened", "doubts")}
        # The engine hands whole numbers back as floats.
        return cls(**{**data, **lists, "steps": steps, "erasure_days": None if days is None else int(days)})

    def for_team(self, team: str) -> Handoff:
        """The same for one team of a shared store, which has a name of its own.

        Args:
            team: The team's name.
        """
        steps = tuple(
            replace(step, fields=tuple(replace(f, value=team) if f.name in TEAM_FIELDS else f for f in step.fields))
            for step in self.steps
        )
        return replace(self, title=_title(Level.TEAM, team, self.path), steps=steps)

    def to_markdown(self) -> str:
        """A page for a person."""
        lines = [f"# {_line(self.title)}", "", f"Storage address: {_code(self.address)}", ""]
        if self.needs:
            lines += [f"W&B asks for {self.needs}.", ""]
        for step in self.steps:
            instead = f" (instead of step {step.instead_of})" if step.instead_of else ""
            lines += [f"## {step.number}. {step.action}{instead}", "", f"Where: {_line(step.where)}", ""]
            if step.fields:
                lines += ["| field | value | |", "|---|---|---|"]
                lines += [f"| {_cell(f.name)} | {_value(f)} | {_cell(f.note)} |" for f in step.fields]
                lines.append("")
            lines += [f"Source: {step.source.title}, {step.source.ref}, {step.source.date}", ""]
        lines += ["## What this grant means", "", self.principal_meaning, ""]
        if self.principals:
            dated = f" (W&B's documentation of {self.principals_date})" if self.principals_date else " (named by you)"
            lines += [f"- {_code(who)}{dated}" for who in self.principals] + [""]
        lines += ["## When deleted data is gone", "", self.erasure, ""]
        for heading, entries in (
            ("Warnings", self.warnings),
            ("Loosened", self.loosened),
            ("Not certain", self.doubts),
        ):
            if entries:
                lines += [f"## {heading}", "", *(f"- {_line(entry)}" for entry in entries), ""]
        return "\n".join(lines)


def _plain(value: Any) -> Any:
    """A part of a hand-off as JSON would hand it back: every store makes its hand-offs at each run, so this is not slow."""
    if isinstance(value, str):
        return str(value)  # an enum too is text
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return {name: _plain(one) for name, one in vars(value).items()} if is_dataclass(value) else value


def _line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")


def _code(text: str) -> str:
    """Text as it is: W&B's values hold no backtick, and a name of the user's that does must not break the page."""
    return f"`{_cell(text)}`" if "`" not in text else _cell(text)


def _value(field: HandoffField) -> str:
    return _code(field.value) if field.value else "(empty)"


def build_handoff(
    *,
    deployment: Deployment,
    level: Level,
    cloud: Cloud,
    path: str,
    bucket_name: str,
    noncurrent_days: int | None,
    noncurrent_versions: int = 0,
    versioned: bool = True,
    region: str = "",
    account_name: str = "",
    kms_key_id: str = "",
    principals: Sequence[str] = (),
    principals_date: str = "",
    principals_are_preset: bool = True,
    has_credential: bool = False,
    access: Access = Access.DOCUMENTED,
    soft_delete_days: int = 0,
    warnings: Sequence[str] = (),
    loosened: Sequence[str] = (),
    endpoint: str = "",
    tls: bool | None = None,
    force_path_style: bool | None = None,
    azure_tenant_id: str = "",
    azure_client_id: str = "",
    azure_keyless: bool = False,
    azure_issuer: str = "",
    team: str = "",
) -> Handoff:
    """The hand-off of one path. It takes no secret, so none can be in it.

    Args:
        deployment: Where W&B runs.
        level: What the bucket serves.
        cloud: Who stores the bytes.
        path: The path, `/` for the root.
        bucket_name: The bucket; on Azure the container.
        noncurrent_days: Days until noncurrent versions expire; None where no rule ends them.
        noncurrent_versions: How many of the newest noncurrent versions are kept beyond that.
        versioned: Whether the bucket keeps versions.
        region: The bucket's region.
        account_name: Azure's storage account.
        kms_key_id: The key, or empty; W&B is told it on AWS only.
        principals: Who holds the grant.
        principals_date: The date of their preset.
        principals_are_preset: Whether nobody named them.
        has_credential: Whether the address holds keys.
        access: Which set of rights the grant has.
        soft_delete_days: Days of soft delete, on Google and Azure.
        warnings: What the component warned about.
        loosened: Which defaults were weakened.
        endpoint: `host[:port]` of a store with keys; default on AWS and CoreWeave: the provider's.
        tls: Whether an S3-compatible store speaks TLS; default not said.
        force_path_style: Whether the bucket stands in the path of an S3-compatible store; default not said.
        azure_tenant_id: The tenant of W&B's identity, on Azure.
        azure_client_id: The client id of W&B's identity, on Azure.
        azure_keyless: Whether W&B is to sign without the account key, on Azure.
        azure_issuer: The OIDC issuer of the cluster whose service accounts may act as that identity, on Azure; empty when
            the identity was made elsewhere.
        team: The team's name, for level `team`.

    Raises:
        ByobError: The values do not make a storage address.
    """
    store = _store(cloud, path, bucket_name, account_name, region, endpoint, has_credential, tls, force_path_style)
    kms_key = kms_key_id if cloud is Cloud.AWS else ""
    place = Place(deployment, level, store, region, kms_key, azure_tenant_id, azure_client_id, team)
    gone = erasure(cloud, noncurrent_days, soft_delete_days, noncurrent_versions, versioned=versioned)
    doubts = [*doubts_for(place)]
    if shared_principals(cloud, principals):
        doubts.append(doubt.SHARED_IDENTITY)
    if access is Access.MINIMAL:
        doubts.append(doubt.MINIMAL_ACCESS)
    if azure_keyless and level is Level.TEAM:
        doubts.append(doubt.AZURE_KEYLESS_TEAM)
    if azure_issuer and principals_date:
        doubts.append(doubt.AZURE_SERVICE_ACCOUNTS)
    doubts.append(doubt.CLEAN_UP_TIME)
    return Handoff(
        title=_title(level, team, path),
        deployment=str(deployment),
        level=str(level),
        cloud=str(cloud),
        path=path,
        address=place.whole,
        needs=_KEYLESS_NEEDS if azure_keyless else offer(deployment, level, cloud).needs,
        steps=tuple(steps_for(place)),
        principals=tuple(principals),
        principals_date=principals_date if principals_are_preset else "",
        principal_meaning=" ".join(
            [
                _TRUST.format(issuer=azure_issuer) if azure_issuer else meaning(deployment, cloud, principals),
                *([_KEYS] if has_credential else []),
            ]
        ),
        erasure=gone.text,
        erasure_days=gone.days,
        warnings=tuple(warnings),
        loosened=tuple(loosened),
        doubts=tuple(one.text for one in doubts),
    )


def _title(level: Level, team: str, path: str) -> str:
    whose = f"team {team}" if level is Level.TEAM and team else f"the {level}"
    return f"W&B storage for {whose}" + (f", path {path}" if path != ROOT else "")


_KEYS = "W&B uses the keys in the address: whoever has the address with its keys can do what W&B can."
_KEYLESS_NEEDS = f"the Helm chart operator-wandb {AZURE_KEYLESS_CHART} or newer on its server"
_TRUST = (
    "The grant goes to an identity of your own, as which service accounts of the cluster with the issuer {issuer} may act: who "
    "controls that cluster controls the data."
)
_MASKED = "masked"
"""Stands for a key: this module is never given one."""


def _store(
    cloud: Cloud,
    path: str,
    bucket: str,
    account: str,
    region: str,
    endpoint: str,
    has_credential: bool,
    tls: bool | None,
    force_path_style: bool | None,
) -> StorageAddress:
    store = StorageAddress(cloud, bucket, "" if path == ROOT else path, account=account)
    if has_credential:
        store = replace(store, access_key="" if cloud is Cloud.AZURE else _MASKED, secret_key=_MASKED)
    if has_credential and cloud is Cloud.AWS:
        suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
        store = replace(store, endpoint=endpoint or f"s3.{region}.{suffix}", region=region)
    if has_credential and cloud is Cloud.S3_COMPATIBLE:
        store = replace(store, endpoint=endpoint, region=region, tls=tls, force_path_style=force_path_style)
    if has_credential and cloud is Cloud.COREWEAVE:
        store = replace(store, endpoint=endpoint or COREWEAVE_HOST, tls=True)
    faults = check_address(store)
    if faults:
        raise ByobError(faults, "hand-off")
    return store
