"""The blob service of an account: versions, soft delete, CORS; and what happens to blobs with time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from byob_components.policies.azure import tokens
from byob_components.policies.azure.account import azure_rule
from byob_components.policies.finding import Finding, each, not_applicable, unknown, violation
from byob_components.policies.rule import Level, Rule, Settings, Severity, ccc, cis_azure
from byob_components.policies.tree import Node, NotKnown
from byob_components.policies.view import Resource, Stack
from byob_components.wandb.cors import METHODS


def _versioning(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if one.inputs.at("isVersioningEnabled").flag() is not True:
        yield violation("isVersioningEnabled", "is not true")


def _enable(one: Resource, _: Settings) -> Mapping[tuple[str, ...], Any]:
    return {} if one.inputs.at("isVersioningEnabled").flag() is True else {("isVersioningEnabled",): True}


def _kept(one: Resource, name: str, settings: Settings) -> Iterator[Finding]:
    policy = one.inputs.at(name)
    if policy.at("enabled").flag() is not True:
        yield violation(f"{name}.enabled", "is not true")
    elif (policy.at("days").number() or 0) < settings.minimum_days:
        yield violation(f"{name}.days", f"is below {settings.minimum_days} days")


def _blobs(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    yield from _kept(one, "deleteRetentionPolicy", settings)
    if one.inputs.at("deleteRetentionPolicy", "allowPermanentDelete").flag() is True:
        yield violation(
            "deleteRetentionPolicy.allowPermanentDelete", "is true: what is deleted softly can be deleted for good"
        )


def _containers(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    yield from _kept(one, "containerDeleteRetentionPolicy", settings)


def _keep(name: str) -> Any:
    def remedy(one: Resource, settings: Settings) -> Mapping[tuple[str, ...], Any]:
        policy = one.inputs.at(name)
        good = policy.at("enabled").flag() is True and (policy.at("days").number() or 0) >= settings.minimum_days
        return {} if good else {(name, "enabled"): True, (name, "days"): settings.minimum_days}

    return remedy


def _cors(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    missing, undecided = set(METHODS), ""
    for rule in one.inputs.at("cors", "corsRules").items():
        try:
            missing -= _serves(rule)
        except NotKnown as open_:
            undecided = open_.path
    if missing and undecided:
        yield unknown(undecided)
    elif missing:
        methods = ", ".join(method for method in METHODS if method in missing)
        yield violation("cors.corsRules", f"has no rule for {methods} with any origin, all headers, that exposes them")


def _serves(rule: Node) -> set[str]:
    """The methods for which a rule lets a page of W&B read and write."""
    exposed = {text.lower() for text in rule.at("exposedHeaders").texts()}
    if (
        "*" not in rule.at("allowedHeaders").texts()
        or not exposed & {"*", "etag"}
        or not rule.at("allowedOrigins").items()
    ):
        return set()
    return set(rule.at("allowedMethods").texts())


def _origins(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    rules = one.inputs.at("cors", "corsRules").items()
    yield from each(rules, lambda rule: each(rule.at("allowedOrigins").items(), _everybodys))


def _everybodys(origin: Node) -> Iterator[Finding]:
    if origin.text() == "*":
        yield violation(origin.path, "lets the pages of every site call the account")


def _on(one: Resource) -> Iterator[Node]:
    """The lifecycle rules that are on; one of which that is not known counts, because it may be."""
    for rule in one.inputs.at("policy", "rules").items():
        enabled = rule.at("enabled")
        if not enabled.known or enabled.flag() is not False:
            yield rule.at("definition", "actions")


def _expiry(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    def judge(actions: Node) -> Iterator[Finding]:
        for name, what in (
            ("delete", "deletes current blobs, which loses run history"),
            ("tierToArchive", "moves current blobs to the archive, where W&B cannot read them"),
        ):
            if actions.at("baseBlob", name).present:
                yield violation(actions.at("baseBlob", name).path, what)

    yield from each(_on(one), judge)


def _noncurrent(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    def judge(actions: Node) -> Iterator[Finding]:
        days = actions.at("version", "delete", "daysAfterCreationGreaterThan")
        number = days.number()
        if number is not None and number < settings.minimum_days:
            yield violation(days.path, f"is below {settings.minimum_days} days")

    yield from each(_on(one), judge)


def _service(account: Resource, stack: Stack, _: Settings) -> Iterator[Finding]:
    if account.external:
        yield not_applicable("the account is not managed here")
        return
    settings = tokens.of_account(stack, account, tokens.SERVICE)
    if settings.doubtful and not settings.certain:
        yield unknown("", f"{settings.doubtful[0].name} may be this account's, or another one's")
    elif not settings.certain:
        yield violation("", "nothing in the stack declares the account's blob service")


def _cleared(account: Resource, stack: Stack, _: Settings) -> Iterator[Finding]:
    if account.external:
        yield not_applicable("the account is not managed here")
        return
    settings = tokens.of_account(stack, account, tokens.LIFECYCLE)
    if any(actions.at("version", "delete").present for one in settings.certain for actions in _on(one)):
        return
    if settings.doubtful:
        yield unknown("", f"{settings.doubtful[0].name} may be this account's, or another one's")
    else:
        yield violation("", "nothing in the stack deletes old versions of this account's blobs")


def _logged(account: Resource, stack: Stack, _: Settings) -> Iterator[Finding]:
    if account.external:
        yield not_applicable("the account is not managed here")
        return
    open_: Node | None = None
    id_ = account.outputs.at("id").value
    for one in stack.of(tokens.DIAGNOSTICS):
        where = one.inputs.at("resourceUri")
        own = isinstance(id_, str) and where.known and (where.text() or "").lower() == f"{id_}{_BLOBS}".lower()
        linked = account.urn in one.links.get("resourceUri", ())
        linked = linked and (not where.known or (where.text() or "").lower().endswith(_BLOBS.lower()))
        if not own and not linked:
            open_ = open_ if where.known or one.links.get("resourceUri") else where
        elif _logs(one) >= _READ_AND_WRITTEN:
            return
    if open_ is not None:
        yield unknown(open_.path)
    else:
        yield violation("", "nothing in the stack logs who reads, writes and deletes this account's blobs")


def _logs(setting: Resource) -> set[str]:
    """The categories that a diagnostic setting logs; the groups stand for all of them."""
    found: set[str] = set()
    for log in setting.inputs.at("logs").items():
        if log.at("enabled").flag() is not False:
            group = log.at("categoryGroup").text() in ("allLogs", "audit")
            found |= _READ_AND_WRITTEN if group else {log.at("category").text() or ""}
    return found


_BLOBS = "/blobServices/default"
_READ_AND_WRITTEN = {"StorageRead", "StorageWrite", "StorageDelete"}


def _link(setting: Resource, stack: Stack, _: Settings) -> Iterator[Finding]:
    link = stack.owner(setting, "accountName", tokens.ACCOUNT, "accountName")
    if not link.known and len(link.found) != 1:
        yield unknown("accountName")
    elif len(link.found) > 1:
        yield violation("accountName", "ambiguous: several accounts of the stack may be meant")
    elif not link.found:
        yield violation(
            "accountName", "external: the account is not in this stack, so that what it lacks cannot be seen"
        )
    elif link.found[0].external:
        yield violation("accountName", "external: the account is fetched, not managed here")


_SETTINGS = (*tokens.SERVICE, *tokens.CONTAINER, *tokens.LIFECYCLE)
RULES: tuple[Rule, ...] = (
    azure_rule("blob-versioning", 20, _versioning, Severity.CRITICAL, (ccc("CCC.ObjStor.CN05"), cis_azure("9.2.3")),
        "The blob service keeps versions.",
        "What W&B or a person overwrites is gone when soft delete is over, and W&B blocks its artifact clean-up.",
        "set isVersioningEnabled to true", tokens.SERVICE, remedy=_enable),
    azure_rule("blob-soft-delete", 21, _blobs, Severity.CRITICAL, (ccc("CCC.ObjStor.CN03"), cis_azure("9.2.1")),
        "Deleted blobs are kept for 7 days or more.", "What was deleted by mistake can be restored for that long only.",
        "set deleteRetentionPolicy to enabled with 7 days or more, without allowPermanentDelete", tokens.SERVICE,
        minimum_days=7, remedy=_keep("deleteRetentionPolicy")),
    azure_rule("container-soft-delete", 22, _containers, Severity.CRITICAL, (ccc("CCC.ObjStor.CN03"), cis_azure("9.2.2")),
        "Deleted containers are kept for 7 days or more.", "A container that is deleted takes everything in it along.",
        "set containerDeleteRetentionPolicy to enabled with 7 days or more", tokens.SERVICE,
        minimum_days=7, remedy=_keep("containerDeleteRetentionPolicy")),
    azure_rule("cors", 23, _cors, Severity.HIGH, (),
        "The blob service has CORS rules that let W&B's pages read and write.",
        "W&B's pages read and write the container from the browser; without the rule they show no file.",
        "allow GET, HEAD and PUT with all headers from your W&B host's origin, or '*', and expose all headers",
        tokens.SERVICE),
    azure_rule("cors-origins", 24, _origins, Severity.LOW, (ccc("CCC.Core.CN05"),),
        "Only the pages of your W&B host may call a storage account.",
        "With '*' a page of any site may use a signed URL that it got hold of.",
        "name your W&B host's origin, for example https://wandb.example.com", tokens.SERVICE, level=Level.ADVISORY),
    azure_rule("blob-service-missing", 25, _service, Severity.CRITICAL, (ccc("CCC.ObjStor.CN05"),),
        "Every storage account declares its blob service.",
        "Versions, soft delete and CORS stand there: a new account has none of them.",
        "add BlobServiceProperties with versions, soft delete and CORS", tokens.ACCOUNT, stack=True),
    azure_rule("expiry", 30, _expiry, Severity.CRITICAL, (ccc("CCC.ObjStor.CN04"),),
        "No lifecycle rule deletes current blobs or moves them to the archive.",
        "W&B does not know of it: run history and artifacts are lost, or cannot be read.",
        "let rules clear versions only", tokens.LIFECYCLE),
    azure_rule("noncurrent-days", 31, _noncurrent, Severity.HIGH, (ccc("CCC.ObjStor.CN05"),),
        "Old versions of blobs are kept long enough to be restored.",
        "What was overwritten by mistake can be restored for that long, and for the days of soft delete.",
        "keep versions for 7 days or more", tokens.LIFECYCLE, minimum_days=7),
    azure_rule("noncurrent-missing", 32, _cleared, Severity.LOW, (ccc("CCC.ObjStor.CN05"),),
        "Old versions of blobs are deleted in time.",
        "Versions pile up for ever: what was deleted is never really gone, and is paid for.",
        "add a ManagementPolicy that deletes versions, for example after 30 days", tokens.ACCOUNT,
        level=Level.ADVISORY, stack=True),
    azure_rule("access-log-missing", 34, _logged, Severity.MEDIUM, (ccc("CCC.ObjStor.CN06"),),
        "Every storage account logs who reads, writes and deletes its blobs.",
        "Without a log nobody can tell afterwards who read what.",
        "add a DiagnosticSetting on the account's blob service with StorageRead, StorageWrite and StorageDelete",
        tokens.ACCOUNT, level=Level.ADVISORY, stack=True, reads=tokens.DIAGNOSTICS),
    azure_rule("link", 33, _link, Severity.LOW, (),
        "Every setting belongs to one storage account of the stack.",
        "What stands beside an account counts only when it is certain whose it is; an account made elsewhere is judged there.",
        "refer to the account resource itself, as `account_name=account.name`; or run the pack where it is managed", _SETTINGS,
        level=Level.ADVISORY, stack=True),
)  # fmt: skip
