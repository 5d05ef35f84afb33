"""W&B's roles on storage, and whose tokens its identity takes."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from byob_components.policies.azure import tokens
from byob_components.policies.azure.account import azure_rule
from byob_components.policies.finding import Finding, not_applicable, violation
from byob_components.policies.rule import Level, Rule, Settings, Severity, ccc
from byob_components.policies.view import Resource, Stack
from byob_components.wandb import access as wandb_access

_DOCUMENTED = frozenset(
    tokens.ROLES[name]
    for name in (
        *wandb_access.AZURE_CONNECTOR_ROLES,
        *wandb_access.AZURE_KEYLESS_ROLES,
        *wandb_access.AZURE_MINIMAL_ACCOUNT_ROLES,
        *wandb_access.AZURE_MINIMAL_CONTAINER_ROLES,
    )
)
_STORAGE = "/providers/microsoft.storage/storageaccounts/"
_AUDIENCES = ("api://AzureADTokenExchange", "api://AzureADTokenExchangeUSGov", "api://AzureADTokenExchangeChina")
"""What a token says that is meant for such an exchange, in each of Azure's clouds."""


def _width(one: Resource, _: Stack, settings: Settings) -> Iterator[Finding]:
    scope = f"{(one.inputs.at('scope').text() or '').lower()}/"
    if _STORAGE not in scope:
        on_key = tokens.ON_VAULT in scope and "/keys/" in scope
        right = tokens.role_of(one.inputs.at("roleDefinitionId").text() or "") == tokens.KEY_ROLE
        if not one.ours:
            yield not_applicable("the assignment is not on a storage account")
        elif not on_key:
            yield violation("scope", "is neither a storage account, nor below one, nor a key: the role holds for more")
        elif not right:
            yield violation("roleDefinitionId", "is not the one role that encryption takes")
        return
    who = one.inputs.at("principalId").text() or ""
    if any(fnmatchcase(who, listed) for listed in settings.principals):
        yield not_applicable("its principal is listed")
        return
    role = one.inputs.at("roleDefinitionId")
    if tokens.role_of(role.text() or "") not in _DOCUMENTED:
        yield violation(role.path, "is none of the roles that W&B documents")


def _owner(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if _STORAGE not in f"{(one.inputs.at('scope').text() or '').lower()}/":
        yield not_applicable("the assignment is not on a storage account")
    elif tokens.role_of(one.inputs.at("roleDefinitionId").text() or "") == tokens.ROLES["Storage Account Contributor"]:
        yield violation("roleDefinitionId", "may read the account keys, change the account and delete it")


def _federation(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if not one.ours:
        yield not_applicable("the identity is not one of a component of byob-components")
        return
    if not (one.inputs.at("issuer").text() or "").startswith("https://"):
        yield violation("issuer", "is no address of an issuer that Azure can ask over TLS")
    subject = one.inputs.at("subject").text() or ""
    if not subject.startswith("system:serviceaccount:") or subject.count(":") != 3 or "*" in subject:
        yield violation("subject", "is not one service account of a Kubernetes cluster")
    audiences = one.inputs.at("audiences").texts()
    if not audiences or not set(audiences) <= set(_AUDIENCES):
        yield violation("audiences", "are not Azure's own: tokens that are made for somebody else would count too")


RULES: tuple[Rule, ...] = (
    azure_rule("grant-width", 40, _width, Severity.HIGH, (ccc("CCC.Core.CN05"),),
        "A role assignment on storage is one that W&B documents.",
        "A wider role lets W&B do what nobody has read; which identity is W&B's, only you know on Azure.",
        "assign the roles of W&B's page for your mode, or list the principal when it is yours", tokens.ASSIGNMENT,
        principals="Object ids of your own, whose roles this rule does not judge."),
    azure_rule("account-contributor", 41, _owner, Severity.MEDIUM, (ccc("CCC.Core.CN05"),),
        "W&B holds less than Storage Account Contributor.",
        "The role, documented for teams, reads the account keys, which open everything, and may delete the account.",
        "set mode to 'keyless' where W&B offers it", tokens.ASSIGNMENT, level=Level.ADVISORY),
    azure_rule("federation", 42, _federation, Severity.HIGH, (ccc("CCC.Core.CN05"),),
        "The identity of a W&B server takes the tokens of its service accounts only.",
        "Whoever has a token that counts is W&B's server, for every container that lets it in.",
        "name the cluster's issuer, a subject system:serviceaccount:<namespace>:<name>, and the audience api://AzureADTokenExchange",
        tokens.FEDERATION),
)  # fmt: skip
