"""What a key is for: whom the bucket lets in may use it, and a store's own key encrypts its bucket."""

from __future__ import annotations

from collections.abc import Iterator

from byob_components.policies import iam
from byob_components.policies.aws import tokens
from byob_components.policies.aws.bucket import encryption_rules
from byob_components.policies.finding import Finding, not_applicable, unknown, violation
from byob_components.policies.rule import Rule, Settings, Severity, ccc
from byob_components.policies.tree import Node, NotKnown
from byob_components.policies.view import Resource, Stack

_USE = ("kms:Decrypt", "kms:GenerateDataKey")
"""What W&B needs to read and to write."""
_KMS = ("aws:kms", "aws:kms:dsse")
_STORES_KEY = "wandb-byob:index:AwsByob$wandb-byob:index:AwsKey$"


def _wandb(bucket: Resource, stack: Stack, __: Settings) -> Iterator[Finding]:
    """Whoever may read the bucket must be allowed to use its key, by the key's policy or by a grant."""
    if bucket.external:
        yield not_applicable("the bucket is not managed here")
        return
    wanted = list(_wandb_grantees(bucket, stack))
    if not wanted:
        yield not_applicable("no identity of W&B holds a grant on the bucket")
        return
    settings = tokens.of_bucket(stack, bucket, tokens.ENCRYPTION)
    for setting in (bucket, *settings.certain):
        for rule in encryption_rules(setting).items():
            reference = rule.at("applyServerSideEncryptionByDefault", "kmsMasterKeyId")
            if reference.value is not None:
                yield from _key_lets_in(stack, setting, reference, wanted)


def _wandb_grantees(bucket: Resource, stack: Stack) -> Iterator[str]:
    for one in (bucket, *tokens.of_bucket(stack, bucket, tokens.POLICY).certain):
        policy = one.inputs.at("policy")
        for statement in iam.statements(policy, "Allow") if policy.present else ():
            for principal in iam.principals(statement):
                if iam.is_wandb(principal.node.text() or ""):
                    yield principal.node.text() or ""


def _key_lets_in(stack: Stack, setting: Resource, reference: Node, wanted: list[str]) -> Iterator[Finding]:
    key = _key(stack, setting, reference)
    grantees = list(_granted(stack, key, reference))
    users = {who.text() or "" for who in grantees if who.known}
    denied: set[str] = set()
    if key is not None:
        policies = [key, *stack.settings(key, tokens.KEY_POLICY, "keyId", tokens.KEYS, "keyId").certain]
        for one in policies:
            policy = one.inputs.at("policy")
            for statement in iam.statements(policy, "Allow") if policy.present else ():
                if all(iam.covers(statement, action) for action in _USE):
                    users |= {principal.node.text() or "" for principal in iam.principals(statement)}
            for statement in iam.statements(policy, "Deny") if policy.present else ():
                if any(iam.covers(statement, action) for action in _USE):
                    denied |= {who for who in wanted if iam.denies(statement, who)}
    absent = [who for who in dict.fromkeys(wanted) if who in denied or not iam.admits(users, who)]
    if not absent:
        return
    for who in grantees:
        who.text()  # raises when a grant is for somebody who is not known yet
    if key is None:
        yield unknown(
            reference.path, "names a key that is not managed here: whether W&B may use it shows `byob verify`"
        )
    else:
        yield violation(reference.path, f"names a key that {_some(absent, wanted)} W&B's identities may not use")


def _some(absent: list[str], wanted: list[str]) -> str:
    return "none of" if len(absent) == len(set(wanted)) else f"{len(absent)} of"


def _key(stack: Stack, setting: Resource, reference: Node) -> Resource | None:
    """The key of an encryption setting: where its properties come from, else by its ARN or id."""
    urns = {
        urn
        for name, found in setting.links.items()
        if name in ("rules", "serverSideEncryptionConfiguration")
        for urn in found
    }
    sources = [key for key in stack.of(tokens.KEYS) if key.urn in urns]
    if len(sources) == 1:
        return sources[0]
    name = reference.text()
    for key in sources or stack.of(tokens.KEYS):
        if name in {key.outputs.at("arn").value, key.outputs.at("keyId").value}:
            return key
    return None


def _granted(stack: Stack, key: Resource | None, reference: Node) -> Iterator[Node]:
    """Whom the grants on a key name."""
    for grant in stack.of(tokens.KEY_GRANT):
        link = stack.owner(grant, "keyId", tokens.KEYS, "arn")
        same = link.certain and key is not None and link.found[0] is key
        if same or (reference.known and grant.inputs.at("keyId").value == reference.value):
            yield grant.inputs.at("granteePrincipal")


# ------------------------------------------------------------------------------------------ a store's own key
def _used(key: Resource, stack: Stack, _: Settings) -> Iterator[Finding]:
    if _STORES_KEY not in key.urn:
        yield not_applicable("it is not the key that an AwsByob makes for its bucket")
        return
    open_ = ""
    for setting in stack.of((*tokens.ENCRYPTION, *tokens.BUCKET)):
        try:
            if any(_encrypts(rule, stack, setting, key) for rule in encryption_rules(setting).items()):
                return
        except NotKnown as missing:
            open_ = missing.path
    if open_:
        yield unknown(open_)
    else:
        yield violation("", "encrypts no bucket of the stack: its store takes S3's key, or another one")


def _encrypts(rule: Node, stack: Stack, setting: Resource, key: Resource) -> bool:
    reference = rule.at("applyServerSideEncryptionByDefault", "kmsMasterKeyId")
    kind = rule.at("applyServerSideEncryptionByDefault", "sseAlgorithm")
    return reference.value is not None and kind.text() in _KMS and _key(stack, setting, reference) is key


RULES: tuple[Rule, ...] = (
    Rule(
        name="byob-aws-key-wandb",
        code="BYOB-POL-AWS-048",
        title="Whom the bucket lets in may use its key.",
        why="The grant on the bucket alone is worth nothing: every read and upload of W&B fails at the key.",
        fix="name the identity in the key's policy with the 5 actions of W&B's page, or give it a KMS grant",
        types=tokens.BUCKET,
        severity=Severity.HIGH,
        frameworks=(ccc("CCC.ObjStor.CN01"),),
        check=_wandb,
        stack=True,
    ),
    Rule(
        name="byob-aws-key-used",
        code="BYOB-POL-AWS-052",
        title="The key of a store encrypts its bucket.",
        why="With another key, or with S3's own, the store is encrypted by what nobody chose, and whoever rules that key rules the data.",
        fix="take off the transformation that changes the bucket's encryption, or set encryption to what is meant",
        types=tokens.KEY,
        severity=Severity.HIGH,
        frameworks=(ccc("CCC.ObjStor.CN01"), ccc("CCC.Core.CN11")),
        check=_used,
        stack=True,
    ),
)
