"""The record of a store."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from byob_components.errors import ByobError, Fault
from byob_components.evidence.policies import RuleResult, controls, judge
from byob_components.evidence.reading import CLOUDS, SECRET, Source, StoreState
from byob_components.evidence.settings import CREDENTIALS, KEY, RETENTION, title, told
from byob_components.evidence.verification import Verification
from byob_components.policies import RULES, Rule, Settings
from byob_components.review.waivers import Waiver

FORMAT = 1
"""The version of the JSON's shape."""
_RULES_OF = {"s3_compatible": ("aws", "s3"), "coreweave": ("aws", "s3")}
"""Cloud to the clouds in the names of its rules, where it is not its own: what only AWS has sorts itself out."""
NOT_JUDGED = "the outputs of a stack do not hold its resources: give the output of `pulumi stack export`"
NO_RULES = "there are no rules for the cloud of this component"
NO_HANDOFF = "the stack exports no hand-off of this store: export its component's `handoffs`"
NOT_VERIFIED = "no verification report of this store was given"


@dataclass(frozen=True)
class Record:
    """What an auditor gets for one store; plain data in the order in which it is read.

    Args:
        data: See docs/evidence.md.
        failing: What is wrong: codes of broken mandatory rules, and the runs of verifications that did not end well.
    """

    data: Mapping[str, Any]
    failing: tuple[str, ...]

    @property
    def name(self) -> str:
        """The store's name."""
        return str(self.data["store"]["name"])

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong; what was not shown does not count."""
        return not self.failing


def records(
    source: Source,
    made: datetime.datetime,
    library: str,
    verifications: Sequence[Verification] = (),
    configured: Mapping[str, Settings] | None = None,
    waivers: Sequence[Waiver] = (),
) -> list[Record]:
    """One record a store.

    Args:
        source: The stack.
        made: When the record is made, in UTC.
        library: The version of this library.
        verifications: Reports, of any of the stores.
        configured: Rule name to its settings, as `read_configuration` gives them; default each rule's own.
        waivers: The exceptions that hold on that day.

    Raises:
        ByobError: A verification is of none of the stores.
    """
    left = list(verifications)
    found = []
    for store in source.stores:
        mine = [one for one in verifications if _is_of(one, store)]
        left = [one for one in left if one not in mine]
        found.append(_record(source, store, made, library, mine, configured, waivers))
    if left:
        names = ", ".join(repr(one.place[1]) for one in left)
        what, fix = f"is of no store of this stack (bucket {names})", "give the reports of this stack's stores"
        fault = Fault("BYOB-EVD-004", "verification", what, None, "a report of one of the stores", fix)
        raise ByobError([fault], "byob evidence")
    return found


def _is_of(report: Verification, store: StoreState) -> bool:
    account, bucket, path = report.place
    outputs = store.outputs
    same = bucket == outputs.get("bucketName") and account == (outputs.get("accountName") or "")
    return same and path in (_several(outputs.get("paths")) or ["/"])


def _record(
    source: Source,
    store: StoreState,
    made: datetime.datetime,
    library: str,
    verifications: Sequence[Verification],
    configured: Mapping[str, Settings] | None,
    waivers: Sequence[Waiver],
) -> Record:
    outputs = store.outputs
    handoffs = outputs.get("handoffs")
    told_of = [one for one in handoffs.values() if isinstance(one, dict)] if isinstance(handoffs, dict) else []
    first: Mapping[str, Any] = told_of[0] if told_of else {}
    cloud = CLOUDS.get(store.component.rpartition(":")[2]) or _text(first.get("cloud"))
    own = [one for one in source.resources if one.urn in store.below]
    rules = _rules(cloud)
    unjudged = NOT_JUDGED if source.kind != "export" else "" if rules else NO_RULES
    results = () if unjudged else judge(source.resources, store.below, rules, configured, waivers)
    shown = [one.to_dict() for one in sorted(verifications, key=lambda one: (one.place, one.started))]
    data = {
        "format": FORMAT,
        "date": made.date().isoformat(),
        "made": made.astimezone(datetime.UTC).isoformat(timespec="seconds"),
        "store": {
            "name": store.name,
            "stack": source.stack,
            "component": store.component,
            "cloud": cloud,
            "deployment": first.get("deployment", ""),
            "level": first.get("level", ""),
            "bucket": outputs.get("bucketName", ""),
            "account": outputs.get("accountName", ""),
            "region": outputs.get("region", ""),
            "paths": _several(outputs.get("paths")),
            "addresses": [one.get("address", "") for one in told_of],
        },
        "principals": {
            "identities": _several(outputs.get("principals")),
            "preset_date": outputs.get("principalsDate", ""),
            "meaning": first.get("principal_meaning", ""),
            "static_keys": told(own, CREDENTIALS),
        },
        "key": {
            "id": outputs.get("kmsKeyId", ""),
            "managed_by": "customer" if outputs.get("kmsKeyId") else "provider",
            "resources": told(own, KEY),
        },
        "retention": {
            "deleted_data_is_gone": first.get("erasure", ""),
            "after_days": _days(first.get("erasure_days")),
            "resources": told(own, RETENTION),
        },
        "protection": {
            "protected": sorted(title(one) for one in own if one.protect),
            "loosened": _unique(told_of, "loosened"),
        },
        "controls": controls(results),
        "policies": [_policy(one) for one in results],
        "policies_missing": unjudged,
        "handoffs_missing": "" if told_of else NO_HANDOFF,
        "verifications": shown,
        "verifications_missing": "" if shown else NOT_VERIFIED,
        "waivers": [_waiver(one) for one in _used(results)],
        "warnings": _unique(told_of, "warnings"),
        "doubts": _unique(told_of, "doubts"),
        "versions": {
            "byob-components": library,
            "pulumi": source.engine,
            "providers": {name: list(versions) for name, versions in (source.providers or {}).items()},
            "state_written": source.taken,
        },
    }
    failing = [one.rule.code for one in results if one.fails] + [one.run for one in verifications if not one.ok]
    return Record(data, tuple(failing))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _rules(cloud: str) -> list[Rule]:
    names = _RULES_OF.get(cloud, (cloud,))
    return [rule for rule in RULES if rule.cloud in names]


def _several(value: Any) -> list[Any]:
    """A list, also where the whole of it is a secret."""
    return value if isinstance(value, list) else [value] if value else []


def _days(value: Any) -> int | None:
    # The engine hands whole numbers back as floats.
    return int(value) if isinstance(value, int | float) else None


def _unique(handoffs: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
    found = [one for handoff in handoffs for one in _several(handoff.get(name))]
    return list(dict.fromkeys(found)) if all(isinstance(one, str) for one in found) else [SECRET]


def _policy(one: RuleResult) -> dict[str, Any]:
    return {
        "code": one.rule.code,
        "name": one.rule.name,
        "title": one.rule.title,
        "severity": str(one.rule.severity),
        "level": str(one.level),
        "state": one.state,
        "because": one.because,
        "violations": [
            {"resource": each.resource, "text": each.text, "waived": each.waiver is not None} for each in one.broken
        ],
    }


def _used(results: Sequence[RuleResult]) -> list[Waiver]:
    return list(dict.fromkeys(each.waiver for one in results for each in one.broken if each.waiver))


def _waiver(one: Waiver) -> dict[str, str]:
    return {
        "code": one.code,
        "resource": one.resource,
        "reason": one.reason,
        "by": one.by,
        "until": one.until.isoformat(),
    }
