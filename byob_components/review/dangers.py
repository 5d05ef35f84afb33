"""Looks for what puts data or access at risk in each planned change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from byob_components.review import kinds
from byob_components.review.danger import Danger, danger
from byob_components.review.reading import SECRET, UNKNOWN, Change, Preview, is_open
from byob_components.review.retention import retention
from byob_components.review.rights import LATER, changed
from byob_components.wandb.cors import EXPOSED, METHODS


def find(preview: Preview) -> list[Danger]:
    """Everything that a reviewer must see.

    Args:
        preview: The plan.
    """
    told_elsewhere = (
        change for change in preview.changes if change.forgotten or _goes_with_its_bucket(change, preview)
    )
    quiet = {id(change) for change in told_elsewhere}
    looked_at = [change for change in preview.changes if id(change) not in quiet]
    found = [one for change in looked_at for check in CHECKS for one in check(change)]
    return found + [Danger("BYOB-REV-017", "", "", error) for error in preview.errors]


def _goes_with_its_bucket(change: Change, preview: Preview) -> bool:
    """Whether a setting goes because its whole bucket does: that is told once, of the bucket."""
    if change.kind not in kinds.SETTINGS | kinds.BLOB_SERVICE or not change.before or change.op in ("update", "same"):
        return False
    mine = _names(change, "bucket", "accountName")
    above = change.before.parent
    for other in preview.changes:
        going = other.before if other.kind in kinds.BUCKETS and other.goes else None
        if going and (mine & _names(other, "bucket", "name", "accountName") or (above and above == going.parent)):
            return True
    return False


def _names(change: Change, *fields: str) -> set[str]:
    return {value for value in map(change.was, fields) if isinstance(value, str)}


# --------------------------------------------------------------------------------------------- whole resources
def _whole(change: Change) -> Iterator[Danger]:
    if change.kind in kinds.DATA:
        if change.op == "delete" and change.goes:
            lost = (
                "what was encrypted with it can no longer be read"
                if change.kind in kinds.KEYS
                else "what is in it goes too"
            )
            yield danger("001", change, lost)
        elif change.goes:
            why = ", ".join(change.replaced_for) or "a property that cannot change in place"
            yield danger("002", change, f"replaced because of {why}")
        if change.before and change.after and change.before.protect and not change.after.protect:
            yield danger("003", change, "protect is true, and becomes false")
    if change.kind in kinds.LOCK and change.goes:
        yield danger("016", change, "the lock is deleted" if change.op == "delete" else "the lock is replaced")


def _force_destroy(change: Change) -> Iterator[Danger]:
    if (
        change.kind in kinds.BUCKETS
        and change.becomes("forceDestroy") is True
        and change.was("forceDestroy") is not True
    ):
        yield danger("004", change, "forceDestroy becomes true")


# --------------------------------------------------------------------------------------------- settings of a bucket
def _versioning(change: Change) -> Iterator[Danger]:
    if change.kind in kinds.VERSIONING:
        on: object = "Enabled"
        was, becomes = (side("versioningConfiguration", "status") for side in (change.was, change.becomes))
    elif change.kind in kinds.BLOB_SERVICE:
        was, becomes, on = change.was("isVersioningEnabled"), change.becomes("isVersioningEnabled"), True
    elif change.kind in kinds.BUCKETS:
        versioned = "versionings" if change.was("versionings") or change.becomes("versionings") else "versioning"
        was, becomes, on = change.was(versioned, "enabled"), change.becomes(versioned, "enabled"), True
    else:
        return
    if was == on and becomes not in (on, UNKNOWN, SECRET) and not (change.kind in kinds.DATA and change.goes):
        yield danger("005", change, f"{_word(was)} becomes {_word(becomes)}")


def _public_access(change: Change) -> Iterator[Danger]:
    if change.kind in kinds.PUBLIC_ACCESS:
        for name in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"):
            if change.was(name) is True and change.becomes(name) not in (True, UNKNOWN):
                yield danger("010", change, f"{name} becomes {_word(change.becomes(name))}")
    for name, safe in (("publicAccessPrevention", "enforced"), ("allowBlobPublicAccess", False)):
        if change.after and change.kind in kinds.BUCKETS and change.was(name) == safe:
            becomes = change.becomes(name)
            if becomes not in (safe, UNKNOWN):
                yield danger("010", change, f"{name} becomes {_word(becomes)}")


def _encryption(change: Change) -> Iterator[Danger]:
    path: tuple[str, ...]
    if change.kind in kinds.ENCRYPTION:
        path = ("rules", "applyServerSideEncryptionByDefault", "kmsMasterKeyId")
    elif change.kind == "gcp:storage/bucket:Bucket":
        path = ("encryption", "defaultKmsKeyName")
    elif change.kind == "azure-native:storage:StorageAccount":
        path = ("encryption", "keyVaultProperties", "keyName")
    else:
        return
    was, becomes = change.was(*path), change.becomes(*path)
    if was and was != becomes and change.op != "create" and not (change.kind in kinds.DATA and change.goes):
        yield danger("011", change, f"the key {was} becomes {_word(becomes)}")


def _key(change: Change) -> Iterator[Danger]:
    if change.kind not in kinds.KEYS or not change.before or not change.after:
        return
    for name in ("isEnabled", "enabled", "enableKeyRotation", "enablePurgeProtection", "purgeProtectionEnabled"):
        if change.was(name) is True and change.becomes(name) in (False, None):
            yield danger("012", change, f"{name} becomes {_word(change.becomes(name))}")
    if change.was("rotationPeriod") and not change.becomes("rotationPeriod"):
        yield danger("012", change, "rotationPeriod goes")
    was, becomes = change.was("deletionWindowInDays"), change.becomes("deletionWindowInDays")
    if isinstance(was, int | float) and isinstance(becomes, int | float) and becomes < was:
        yield danger("012", change, f"deletionWindowInDays: {was:g} becomes {becomes:g}")
    was, becomes = change.was("destroyScheduledDuration"), change.becomes("destroyScheduledDuration")
    if was and was != becomes and _seconds(becomes) < _seconds(was):
        yield danger("012", change, f"destroyScheduledDuration: {was} becomes {_word(becomes)}")


def _cors(change: Change) -> Iterator[Danger]:
    for name, one in (("corsRules", "allowedMethods"), ("cors", "methods"), ("cors", "allowedMethods")):
        rules, were = (_rules(side, name) for side in (change.becomes, change.was))
        if not were or not any(one in rule for rule in were):
            continue
        allowed = {method for rule in rules for method in _texts(rule.get(one))}
        wanted = {method for rule in were for method in _texts(rule.get(one))} & set(METHODS)
        if is_open(change.becomes(name)):
            return
        lost = sorted(wanted - allowed)
        if lost and not (change.kind in kinds.DATA and change.goes):
            yield danger("009", change, f"{', '.join(lost)} no longer allowed")
        headers = [_exposed(rules), _exposed(were)]
        if rules and headers[1] and not headers[0]:
            yield danger("009", change, f"{EXPOSED} is no longer exposed")


def _rules(side: Any, name: str) -> list[Any]:
    found = side(name)
    if isinstance(found, dict):  # Azure's list stands one level deeper
        found = found.get("corsRules")
    return [rule for rule in found if isinstance(rule, dict)] if isinstance(found, list) else []


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _exposed(rules: list[Any]) -> bool:
    names = [
        h.lower()
        for r in rules
        for key in ("exposeHeaders", "exposedHeaders", "responseHeaders")
        for h in _texts(r.get(key))
    ]
    return "*" in names or EXPOSED.lower() in names


# --------------------------------------------------------------------------------------------- rights
def _rights(change: Change) -> Iterator[Danger]:
    gone, come = changed(change)
    for right in sorted(come):
        if right.is_open_to_all:
            yield danger("013", change, str(right))
        if LATER in (right.who, right.what):
            yield danger("018", change, f"what becomes of {right.where}")
    open_still = any(LATER in (right.who, right.what) for right in come)
    if change.goes and change.op != "delete":
        return  # the rights come back with the new one, as far as they are known
    for right in sorted(gone):
        if right.is_wandbs and not open_still and not _covered(right.what, right.who, come):
            yield danger("014", change, f"no longer: {right}")
        if (
            right.denies
            and not open_still
            and change.op != "delete"
            and not _covered(right.what, right.who, come, denies=True)
        ):
            yield danger("015", change, f"no longer: {right}")


def _covered(what: str, who: str, come: frozenset[Any], *, denies: bool = False) -> bool:
    """Whether the same actions of the same identity stand in what comes, on other resources or under another condition."""
    mine = {
        action for right in come if right.who == who and right.denies == denies for action in right.what.split(", ")
    }
    return all(action in mine or _wider(action, mine) for action in what.split(", "))


def _wider(action: str, others: set[str]) -> bool:
    return any(other.endswith("*") and action.startswith(other[:-1]) for other in others)


def _retention(change: Change) -> Iterator[Danger]:
    if not (change.kind in kinds.DATA and change.goes):
        yield from retention(change)


def _word(value: Any) -> str:
    return (
        {None: "nothing", True: "true", False: "false"}.get(value, str(value))
        if not isinstance(value, list | dict)
        else "a list"
    )


def _seconds(value: Any) -> float:
    text = str(value or "0s").removesuffix("s")
    try:
        return float(text)
    except ValueError:
        return float("inf")


CHECKS = (_whole, _force_destroy, _versioning, _public_access, _encryption, _key, _cors, _rights, _retention)
"""Every check; each yields what it finds in one change."""
