"""What browsers may do with the objects, and what happens to them with time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from byob_components.policies.aws import tokens
from byob_components.policies.finding import Finding, each, not_applicable, unknown, violation
from byob_components.policies.rule import Level, Rule, Settings, Severity, ccc
from byob_components.policies.tree import Node, NotKnown
from byob_components.policies.view import Resource, Stack
from byob_components.wandb.cors import EXPOSED, METHODS

_ARCHIVE = ("GLACIER", "DEEP_ARCHIVE")
_ARCHIVE_TIERS = ("ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS")
_ELSEWHERE = "the bucket does not declare it inline"


# ------------------------------------------------------------------------------------------ CORS
def cors_rules(one: Resource) -> Node:
    """The CORS rules of a setting, or of the bucket's legacy inline property."""
    return one.inputs.at("corsRules")


def _cors(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    rules = cors_rules(one)
    if one.type in tokens.BUCKET and not rules.present:
        yield not_applicable(_ELSEWHERE)
        return
    missing, undecided = set(METHODS), ""
    for rule in rules.items():
        try:
            missing -= _serves(rule)
        except NotKnown as open_:
            undecided = open_.path
    if missing and undecided:
        yield unknown(undecided)
    elif missing:
        methods = ", ".join(method for method in METHODS if method in missing)
        yield violation(rules.path, f"has no rule for {methods} with any origin, all headers, that exposes {EXPOSED}")


def _serves(rule: Node) -> set[str]:
    """The methods for which a rule lets a page of W&B read and write."""
    headers = rule.at("allowedHeaders").texts()
    exposed = [text.lower() for text in rule.at("exposeHeaders").texts()]
    if "*" not in headers or EXPOSED.lower() not in exposed or not rule.at("allowedOrigins").items():
        return set()
    return set(rule.at("allowedMethods").texts())


def _origins(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    rules = cors_rules(one)
    if one.type in tokens.BUCKET and not rules.present:
        yield not_applicable(_ELSEWHERE)
        return
    yield from each(rules.items(), lambda rule: each(rule.at("allowedOrigins").items(), _everybodys))


def _everybodys(origin: Node) -> Iterator[Finding]:
    if origin.text() == "*":
        yield violation(origin.path, "lets the pages of every site call the bucket")


# ------------------------------------------------------------------------------------------ lifecycle
def lifecycle_rules(one: Resource) -> Node:
    """The lifecycle rules of a setting, or of the bucket's legacy inline property."""
    return one.inputs.at("lifecycleRules" if one.type in tokens.BUCKET else "rules")


def _enabled(one: Resource) -> Iterator[Node]:
    """The rules that are on; one of which that is not known counts, because it may be."""
    for rule in lifecycle_rules(one).items():
        status, enabled = rule.at("status"), rule.at("enabled")
        if not status.known or not enabled.known or status.text() == "Enabled" or enabled.flag() is True:
            yield rule


def _declared(one: Resource) -> bool:
    return one.type not in tokens.BUCKET or lifecycle_rules(one).present


def _expiry(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.type in tokens.TIERING:
        if one.inputs.at("status").text() != "Disabled":
            yield from each(one.inputs.at("tierings").items(), _archives)
        return
    if not _declared(one):
        yield not_applicable(_ELSEWHERE)
        return
    yield from each(_enabled(one), _loses)


def _loses(rule: Node) -> Iterator[Finding]:
    for when in ("days", "date"):
        # Zero is how a provider writes that there is none.
        if rule.at("expiration", when).value not in (None, 0, ""):
            yield violation(rule.at("expiration").path, "expires current objects, which loses run history")
            break
    for move in rule.at("transitions").items():
        if move.at("storageClass").text() in _ARCHIVE:
            yield violation(move.path, "moves current objects to an archive, where W&B cannot read them")


def _archives(tier: Node) -> Iterator[Finding]:
    if tier.at("accessTier").text() in _ARCHIVE_TIERS:
        yield violation(tier.path, "moves current objects to an archive tier, where W&B cannot read them")


def _one_zone(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    def judge(rule: Node) -> Iterator[Finding]:
        for move in rule.at("transitions").items():
            if move.at("storageClass").text() == "ONEZONE_IA":
                yield violation(move.path, "moves current objects to ONEZONE_IA: they are lost with their zone")

    if not _declared(one):
        yield not_applicable(_ELSEWHERE)
        return
    yield from each(_enabled(one), judge)


def _noncurrent(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    if not _declared(one):
        yield not_applicable(_ELSEWHERE)
        return
    where = (("noncurrentVersionExpiration", "noncurrentDays"), ("noncurrentVersionExpiration", "days"))
    yield from each(_enabled(one), lambda rule: _too_short(rule, where, settings.minimum_days))


def _too_short(rule: Node, where: Sequence[tuple[str, ...]], minimum: int) -> Iterator[Finding]:
    for names in where:
        days = rule.at(*names)
        number = days.number()
        # Zero is how a provider writes that there is none.
        if number and number < minimum:
            yield violation(days.path, f"is below {minimum} days")


def _uploads(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    if not _declared(one):
        yield not_applicable(_ELSEWHERE)
        return
    where = (("abortIncompleteMultipartUpload", "daysAfterInitiation"), ("abortIncompleteMultipartUploadDays",))
    yield from each(_enabled(one), lambda rule: _too_short(rule, where, settings.minimum_days))


RULES: tuple[Rule, ...] = (
    Rule(
        name="byob-aws-bucket-cors",
        code="BYOB-POL-AWS-030",
        title="Declared CORS rules let W&B's pages read and write.",
        why="W&B's pages read and write the bucket from the browser; without the rule they show no file.",
        fix="allow GET, HEAD and PUT with all headers from your W&B host's origin, or '*', and expose ETag",
        types=(*tokens.CORS, *tokens.BUCKET),
        severity=Severity.HIGH,
        frameworks=(),
        check=_cors,
    ),
    Rule(
        name="byob-aws-bucket-cors-origins",
        code="BYOB-POL-AWS-032",
        title="Only the pages of your W&B host may call the bucket.",
        why="With '*' a page of any site may use a presigned URL that it got hold of.",
        fix="name your W&B host's origin, for example https://wandb.example.com",
        types=(*tokens.CORS, *tokens.BUCKET),
        severity=Severity.LOW,
        frameworks=(ccc("CCC.Core.CN05"),),
        check=_origins,
        level=Level.ADVISORY,
    ),
    Rule(
        name="byob-aws-bucket-expiry",
        code="BYOB-POL-AWS-033",
        title="No lifecycle rule expires current objects or moves them to an archive.",
        why="W&B does not know of it: run history and artifacts are lost, or cannot be read.",
        fix="let rules clear noncurrent versions and unfinished uploads only, and intelligent tiering have no archive tier",
        types=(*tokens.LIFECYCLE, *tokens.BUCKET, *tokens.TIERING),
        severity=Severity.CRITICAL,
        frameworks=(ccc("CCC.ObjStor.CN04"),),
        check=_expiry,
    ),
    Rule(
        name="byob-aws-bucket-noncurrent-days",
        code="BYOB-POL-AWS-034",
        title="Noncurrent versions are kept long enough to be restored.",
        why="What was deleted by mistake can be restored for that long only.",
        fix="keep noncurrent versions for 7 days or more",
        types=(*tokens.LIFECYCLE, *tokens.BUCKET),
        severity=Severity.HIGH,
        frameworks=(ccc("CCC.ObjStor.CN05"),),
        check=_noncurrent,
        minimum_days=7,
    ),
    Rule(
        name="byob-aws-bucket-upload-days",
        code="BYOB-POL-AWS-035",
        title="Unfinished uploads live longer than the URLs they are made with.",
        why="Upload URLs live for 24 hours; an upload that is dropped before fails in the middle.",
        fix="abort unfinished uploads after 2 days or more",
        types=(*tokens.LIFECYCLE, *tokens.BUCKET),
        severity=Severity.MEDIUM,
        frameworks=(),
        check=_uploads,
        minimum_days=2,
    ),
    Rule(
        name="byob-aws-bucket-one-zone",
        code="BYOB-POL-AWS-039",
        title="No lifecycle rule moves current objects into a single zone.",
        why="ONEZONE_IA keeps them in one availability zone, the only class that does: they are lost when the zone is.",
        fix="choose STANDARD_IA, GLACIER_IR or INTELLIGENT_TIERING, or drop the rule",
        types=(*tokens.LIFECYCLE, *tokens.BUCKET),
        severity=Severity.MEDIUM,
        frameworks=(ccc("CCC.Core.CN08"),),
        check=_one_zone,
        level=Level.ADVISORY,
    ),
)
