"""What only the whole stack shows on Azure, and what is the same under every version of the API."""

from __future__ import annotations

from typing import Any

import pytest

from byob_components.azure.roles import DEFINITIONS
from byob_components.policies import Scope
from byob_components.policies.azure.tokens import ROLES
from byob_components.policies.view import Resource, canonical
from tests.policies.azure_rows import ACCOUNT, ASSIGNMENT, CONTAINER, IN_VAULT, KEY, LIFECYCLE, SERVICE, lifecycle
from tests.policies.made import UNKNOWN, judged_stack, made, outcome, secret, session, urn

SERVICE_RULE, CLEARED, LINK, READER = (
    "byob-azure-blob-service-missing",
    "byob-azure-noncurrent-missing",
    "byob-azure-link",
    "byob-azure-key-reader",
)
IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"


def test_roles_are_the_components() -> None:
    assert ROLES == DEFINITIONS


def account(name: str = "vision", **inputs: Any) -> Resource:
    """An account."""
    return made(ACCOUNT, {"accountName": name, **inputs}, name)


def of_account(type_: str, reference: Any = "vision", links: Any = None, **inputs: Any) -> Resource:
    """A setting."""
    return made(type_, {"accountName": reference, **inputs}, "setting", links=links)


@pytest.mark.parametrize(
    ("name", "type_", "inputs"),
    [
        (SERVICE_RULE, SERVICE, {}),
        (CLEARED, LIFECYCLE, lifecycle(version={"delete": {"daysAfterCreationGreaterThan": 30}})),
    ],
)
def test_what_an_account_must_have(name: str, type_: str, inputs: dict[str, Any]) -> None:
    two = {"accountName": [f"{ACCOUNT}::vision", f"{ACCOUNT}::other"]}
    one = {"accountName": [f"{ACCOUNT}::vision"]}
    assert [found.urn for found in judged_stack(name, [account()]).violations] == [urn(ACCOUNT, "vision")]
    assert outcome(judged_stack(name, [of_account(type_, **inputs), account()])) == "fine"
    assert outcome(judged_stack(name, [of_account(type_, UNKNOWN, one, **inputs), account()])) == "fine"
    assert outcome(judged_stack(name, [account(), of_account(type_, UNKNOWN, **inputs)])) == "unknown"
    assert (
        outcome(judged_stack(name, [account(), account("other"), of_account(type_, "x", two, **inputs)])) == "unknown"
    )
    assert outcome(judged_stack(name, [account(), of_account(type_, "elsewhere", **inputs)])) == "violation"
    assert outcome(judged_stack(name, [account()], exclude=("vision",))) == "not applicable"
    assert outcome(judged_stack(name, [account()], scope=Scope.BYOB)) == "not applicable"
    assert outcome(judged_stack(name, [])) == "not applicable"
    hidden = [
        made(each.type, secret(each.inputs.value), each.name) for each in (account(), of_account(type_, **inputs))
    ]
    assert outcome(judged_stack(name, hidden)) == "fine"
    fetched = session()
    fetched.see("somebody else")
    assert outcome(fetched.judge_stack(fetched.rules[name], fetched.stack([account()]))) == "not applicable"


def test_whose_a_setting_is() -> None:
    two = {"accountName": [f"{ACCOUNT}::vision", f"{ACCOUNT}::other"]}
    assert outcome(judged_stack(LINK, [account(), of_account(CONTAINER)])) == "fine"
    ambiguous = judged_stack(LINK, [account(), account("other"), of_account(CONTAINER, "x", two)])
    assert "ambiguous" in ambiguous.violations[0].message
    assert "external" in judged_stack(LINK, [of_account(CONTAINER)]).violations[0].message
    assert outcome(judged_stack(LINK, [of_account(CONTAINER, UNKNOWN)])) == "unknown"
    assert outcome(judged_stack(LINK, [of_account(CONTAINER)], exclude=("setting",))) == "not applicable"
    one = session()
    one.see(of_account(CONTAINER).urn, of_account(CONTAINER))
    fetched = one.judge_stack(one.rules[LINK], one.stack([account(), of_account(CONTAINER)]))
    assert "fetched" in fetched.violations[0].message


KEY_ID = "/subscriptions/1/resourceGroups/acme/providers/Microsoft.KeyVault/vaults/acme/keys/vision"


def encrypted(
    *more: Resource,
    role: str = ROLES["Key Vault Crypto Service Encryption User"],
    who: str = "encryption",
    scope: Any = KEY_ID,
    on: str = "",
) -> list[Resource]:
    """An account that is encrypted with a key of the stack, and an assignment."""
    links = {"encryption": [f"{KEY}::vision", f"{IDENTITY}::encryption"]}
    whose = {"principalId": [f"{IDENTITY}::{who}"], "scope": [f"{KEY}::{on}"] if on else []}
    assignment = made(ASSIGNMENT, {"roleDefinitionId": f"/x/{role}", "scope": scope}, links=whose)
    identities = [made(IDENTITY, {}, name) for name in ("encryption", "other")]
    return [
        made(ACCOUNT, {"encryption": IN_VAULT}, links=links),
        made(KEY, {"keyName": "vision"}, outputs={"keyName": "vision", "id": KEY_ID}),
        assignment,
        *identities,
        *more,
    ]


def test_the_identity_that_encrypts_may_use_the_key() -> None:
    assert outcome(judged_stack(READER, encrypted())) == "fine"
    for bad in (encrypted(role="other"), encrypted(who="other")):
        assert [one.urn for one in judged_stack(READER, bad).violations] == [urn(ACCOUNT, "vision")]
    assert outcome(judged_stack(READER, [made(ACCOUNT, {"encryption": IN_VAULT})])) == "unknown"
    assert outcome(judged_stack(READER, [made(ACCOUNT, {"encryption": UNKNOWN})])) == "unknown"
    assert outcome(judged_stack(READER, [account()])) == "not applicable"
    assert outcome(judged_stack(READER, encrypted(role="other"), exclude=("vision",))) == "not applicable"


def test_every_version_of_the_api_is_the_same_type() -> None:
    assert canonical("azure-native:storage/v20230101:StorageAccount") == ACCOUNT
    assert canonical("azure-native:storage/v20230101preview:StorageAccount") == ACCOUNT
    assert canonical(ACCOUNT) == ACCOUNT
    assert canonical("aws:s3/bucketV2:BucketV2") == "aws:s3/bucketV2:BucketV2"
