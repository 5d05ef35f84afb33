"""Whose rights and keys a static identity has that W&B signs with from another cloud."""

from __future__ import annotations

from collections.abc import Iterator

from byob_components.policies.finding import Finding, not_applicable, unknown, violation
from byob_components.policies.gcp import tokens
from byob_components.policies.rule import Rule, Settings, Severity, ccc
from byob_components.policies.view import Resource, Stack

_ACCOUNT = ("gcp:serviceaccount/account:Account",)
_KEY = "gcp:serviceaccount/key:Key"


def _principal(one: Resource, stack: Stack, _: Settings) -> Iterator[Finding]:
    if not tokens.of_credential(one):
        yield not_applicable("it is not one of a GcpCredential")
        return
    who = one.inputs.at("serviceAccountId" if one.type == _KEY else "member")
    accounts = [account for account in stack.of(_ACCOUNT) if tokens.of_credential(account)]
    linked = [account for account in accounts if account.urn in one.links.get(who.path, ())]
    emails = {account.outputs.at("email").value for account in linked or accounts}
    # A service account's name ends in its address, a member has its kind before it.
    if who.known and (not linked or all(isinstance(email, str) for email in emails)):
        own = (who.text() or "").removeprefix("serviceAccount:").rpartition("/")[2] in emails
    elif linked:
        own = True
    else:
        yield unknown(who.path)
        return
    if not own:
        yield violation(who.path, "is not the account that the component makes")


RULES: tuple[Rule, ...] = (
    Rule(
        name="byob-gcp-credential-principal",
        code="BYOB-POL-GCP-051",
        title="The rights and keys of a GcpCredential are those of its own service account.",
        why="W&B holds the private key, outside of your cloud: with another account's key it would be that account.",
        fix="take off the transformation that names another account; grant what others need beside the component",
        types=(tokens.BUCKET_GRANTS[0], _KEY),
        severity=Severity.CRITICAL,
        frameworks=(ccc("CCC.Core.CN05"),),
        check=_principal,
        stack=True,
        reads=_ACCOUNT,
    ),
)
