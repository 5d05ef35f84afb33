"""What browsers may do with the objects of Cloud Storage, and what happens to them with time."""

from __future__ import annotations

from collections.abc import Iterator

from byob_components.policies.finding import Finding, each, unknown, violation
from byob_components.policies.gcp.bucket import gcp_rule
from byob_components.policies.rule import Level, Rule, Settings, Severity, ccc
from byob_components.policies.tree import Node, NotKnown
from byob_components.policies.view import Resource, Stack
from byob_components.wandb.cors import METHODS

_NEEDED_HEADERS = ("etag", "content-type")
"""On Google one list is what a page may send and what it may read."""
_NONCURRENT = ("numNewerVersions", "daysSinceNoncurrentTime", "noncurrentTimeBefore")


# ------------------------------------------------------------------------------------------ CORS
def _cors(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    missing, undecided = set(METHODS), ""
    for rule in one.inputs.at("cors").items():
        try:
            missing -= _serves(rule)
        except NotKnown as open_:
            undecided = open_.path
    if missing and undecided:
        yield unknown(undecided)
    elif missing:
        methods = ", ".join(method for method in METHODS if method in missing)
        yield violation("cors", f"has no rule for {methods} with any origin and the response header '*'")


def _serves(rule: Node) -> set[str]:
    """The methods for which a rule lets a page of W&B read and write."""
    headers = [text.lower() for text in rule.at("responseHeaders").texts()]
    enough = "*" in headers or all(name in headers for name in _NEEDED_HEADERS)
    if not enough or not rule.at("origins").items():
        return set()
    methods = rule.at("methods").texts()
    return set(METHODS) if "*" in methods else set(methods)


def _origins(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    yield from each(one.inputs.at("cors").items(), lambda rule: each(rule.at("origins").items(), _everybodys))


def _everybodys(origin: Node) -> Iterator[Finding]:
    if origin.text() == "*":
        yield violation(origin.path, "lets the pages of every site call the bucket")


# ------------------------------------------------------------------------------------------ lifecycle
def _hits_live(rule: Node) -> bool:
    """Whether a rule's conditions hold for current objects too: all of them must, and these never do."""
    condition = rule.at("condition")
    if condition.at("withState").text() == "ARCHIVED":
        return False
    # Zero is how a provider writes that there is none.
    return all(condition.at(name).plain() in (None, 0, "") for name in _NONCURRENT)


def _of_kind(one: Resource, kind: str) -> Iterator[Node]:
    """The rules with an action; one whose action is not known counts, because it may be."""
    for rule in one.inputs.at("lifecycleRules").items():
        action = rule.at("action", "type")
        if not action.known or action.text() == kind:
            yield rule


def _expiry(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    def judge(rule: Node) -> Iterator[Finding]:
        if rule.at("action", "type").text() == "Delete" and _hits_live(rule):
            yield violation(rule.path, "deletes current objects, which loses run history")

    yield from each(_of_kind(one, "Delete"), judge)


def _archive(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    def judge(rule: Node) -> Iterator[Finding]:
        moves = rule.at("action", "type").text() == "SetStorageClass"
        if moves and rule.at("action", "storageClass").text() == "ARCHIVE" and _hits_live(rule):
            yield violation(rule.path, "moves current objects to ARCHIVE: a year is billed, and each read")

    yield from each(_of_kind(one, "SetStorageClass"), judge)


def _noncurrent(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    def judge(rule: Node) -> Iterator[Finding]:
        if rule.at("action", "type").text() != "Delete" or _hits_live(rule):
            return
        condition = rule.at("condition")
        days = [condition.at(name).number() for name in ("daysSinceNoncurrentTime", "age")]
        # All conditions must hold, so the longest counts; a number of newer versions alone is no time at all.
        if max((number for number in days if number is not None), default=0.0) < settings.minimum_days:
            yield violation(condition.path, f"deletes noncurrent versions before {settings.minimum_days} days")

    yield from each(_of_kind(one, "Delete"), judge)


def _uploads(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    def judge(rule: Node) -> Iterator[Finding]:
        if rule.at("action", "type").text() == "AbortIncompleteMultipartUpload":
            age = rule.at("condition", "age")
            if (age.number() or 0) < settings.minimum_days:
                yield violation(age.path, f"is below {settings.minimum_days} days")

    yield from each(_of_kind(one, "AbortIncompleteMultipartUpload"), judge)


def _kept_for_ever(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    for rule in _of_kind(one, "Delete"):
        # A rule for current objects with a condition of noncurrent ones holds for none.
        dead = rule.at("condition", "withState").text() == "LIVE"
        if rule.at("action", "type").text() == "Delete" and not _hits_live(rule) and not dead:
            return
    yield violation("lifecycleRules", "have none that deletes noncurrent versions")


RULES: tuple[Rule, ...] = (
    gcp_rule(
        "cors",
        20,
        _cors,
        Severity.HIGH,
        (),
        "A Cloud Storage bucket has CORS rules that let W&B's pages read and write.",
        "W&B's pages read and write the bucket from the browser; without the rule they show no file.",
        "allow GET, HEAD and PUT from your W&B host's origin, or '*', with the response header '*'",
    ),
    gcp_rule(
        "cors-origins",
        21,
        _origins,
        Severity.LOW,
        (ccc("CCC.Core.CN05"),),
        "Only the pages of your W&B host may call a Cloud Storage bucket.",
        "With '*' a page of any site may use a presigned URL that it got hold of.",
        "name your W&B host's origin, for example https://wandb.example.com",
        level=Level.ADVISORY,
    ),
    gcp_rule(
        "expiry",
        22,
        _expiry,
        Severity.CRITICAL,
        (ccc("CCC.ObjStor.CN04"),),
        "No lifecycle rule of Cloud Storage deletes current objects.",
        "W&B does not know of it: run history and artifacts are lost.",
        "give the rule the condition withState 'ARCHIVED', or drop it",
    ),
    gcp_rule(
        "archive",
        23,
        _archive,
        Severity.LOW,
        (),
        "No lifecycle rule moves current objects to the class ARCHIVE.",
        "They can be read at once, unlike on other clouds, but a year is billed for each, and every read of W&B.",
        "choose NEARLINE or COLDLINE, or drop the rule",
        level=Level.ADVISORY,
    ),
    gcp_rule(
        "noncurrent-days",
        24,
        _noncurrent,
        Severity.HIGH,
        (ccc("CCC.ObjStor.CN05"),),
        "Noncurrent versions in Cloud Storage are kept long enough to be restored.",
        "What was deleted by mistake can be restored for that long, and for the days of soft delete.",
        "give the rule daysSinceNoncurrentTime of 7 or more",
        minimum_days=7,
    ),
    gcp_rule(
        "upload-days",
        25,
        _uploads,
        Severity.MEDIUM,
        (),
        "Unfinished uploads to Cloud Storage live longer than the URLs they are made with.",
        "Upload URLs live for 24 hours; an upload that is dropped before fails in the middle.",
        "abort unfinished uploads at an age of 2 days or more",
        minimum_days=2,
    ),
    gcp_rule(
        "noncurrent-missing",
        26,
        _kept_for_ever,
        Severity.LOW,
        (ccc("CCC.ObjStor.CN05"),),
        "Noncurrent versions in Cloud Storage expire.",
        "Versions pile up for ever: what was deleted is never really gone, and is paid for.",
        "add a rule that deletes with withState 'ARCHIVED' and daysSinceNoncurrentTime, for example 30",
        level=Level.ADVISORY,
    ),
)
