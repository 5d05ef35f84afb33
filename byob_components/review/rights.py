"""Who may do what: the rights that a resource grants, one line for each, in words that a reviewer can compare."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from byob_components.review.reading import UNKNOWN, Change, State, is_open
from byob_components.wandb import principal

EVERYBODY = "everybody"
LATER = "known only during `up`"
_ROLES = {
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": "Storage Blob Data Reader",
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
    "17d1049b-9a84-46fb-8f53-869881c3d3ab": "Storage Account Contributor",
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": "Reader",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "e147488a-f6f5-4113-8e2d-b22465e65bf6": "Key Vault Crypto Service Encryption User",
}
"""Ids of Azure's built-in roles (learn.microsoft.com, Azure built-in roles)."""
_WANDB = {
    principal.AWS_MULTI_TENANT_ROLE: "W&B Multi-tenant Cloud",
    principal.AWS_DEDICATED_ROOT: "W&B Dedicated Cloud",
    principal.GCP_MULTI_TENANT: "W&B Multi-tenant Cloud",
    principal.GCP_DEDICATED: "W&B Dedicated Cloud",
    principal.COREWEAVE_MULTI_TENANT: "W&B Multi-tenant Cloud",
    principal.COREWEAVE_OTHERS: "W&B",
}


@dataclass(frozen=True, order=True)
class Right:
    """One line of a grant.

    Args:
        who: The identity, with W&B's name where it is one of W&B's.
        what: Actions or a role, sorted.
        where: On what.
        condition: Under which condition; empty for none.
        denies: Whether it takes the right away.
    """

    who: str
    what: str
    where: str
    condition: str = ""
    denies: bool = False

    def __str__(self) -> str:
        verb = "may not" if self.denies else "may"
        tail = f", if {self.condition}" if self.condition else ""
        return f"{self.who} {verb} {self.what} on {self.where}{tail}"

    @property
    def is_open_to_all(self) -> bool:
        """Whether anybody has it, without any condition."""
        return self.who == EVERYBODY and not self.denies and not self.condition

    @property
    def is_wandbs(self) -> bool:
        """Whether it is a right of a known W&B identity."""
        return not self.denies and any(f"({name})" in self.who for name in _WANDB.values())


def rights(change: Change, state: State | None) -> frozenset[Right]:
    """The rights that a resource grants.

    Args:
        change: The resource.
        state: One of its sides.
    """
    return frozenset() if state is None else frozenset(_of(change, state.inputs))


def changed(change: Change) -> tuple[frozenset[Right], frozenset[Right]]:
    """(rights that go, rights that come) with a change.

    Args:
        change: What is planned.
    """
    if change.forgotten:
        return frozenset(), frozenset()
    before = rights(change, change.before)
    after = frozenset() if change.op == "delete" else rights(change, change.after)
    return before - after, after - before


def _of(change: Change, inputs: Mapping[str, Any]) -> Iterator[Right]:
    kind = change.kind
    package = kind.partition(":")[0]
    if package == "aws":
        yield from _of_aws(change, inputs)
    elif package == "gcp" and "IAM" in kind.rpartition(":")[2]:
        yield from _of_gcp(change, inputs)
    elif kind.endswith(":RoleAssignment") or kind == "azure:authorization/assignment:Assignment":
        role = inputs.get("roleDefinitionName") or inputs.get("roleDefinitionId")
        yield Right(_who(inputs.get("principalId")), _role(role), _shown(inputs.get("scope")))
    elif kind.endswith(":FederatedIdentityCredential"):
        who = f"{_shown(inputs.get('subject'))} of {_shown(inputs.get('issuer'))}"
        yield Right(who, "act as the identity", _shown(inputs.get("resourceName")))


# --------------------------------------------------------------------------------------------- AWS
_OWNERS = {
    "aws:iam/userPolicy:UserPolicy": ("user", "user"),
    "aws:iam/rolePolicy:RolePolicy": ("role", "role"),
    "aws:iam/groupPolicy:GroupPolicy": ("group", "group"),
    "aws:iam/policy:Policy": ("holder of the policy", "name"),
}


def _of_aws(change: Change, inputs: Mapping[str, Any]) -> Iterator[Right]:
    if change.kind == "aws:kms/grant:Grant":
        what = ", ".join(sorted(f"kms:{_shown(one)}" for one in _each(inputs.get("operations"))))
        yield Right(_who(inputs.get("granteePrincipal")), what, _shown(inputs.get("keyId")))
        return
    owner = ""
    if change.kind in _OWNERS:
        word, name = _OWNERS[change.kind]
        owner = f"{word} {_shown(inputs.get(name) or change.name)}"
    policy = inputs.get("policy")
    if policy is None or not (owner or change.kind.startswith(("aws:s3/", "aws:kms/", "aws:sqs/", "aws:sns/"))):
        return
    yield from _statements(policy, owner, change.name)


def _statements(policy: Any, owner: str, name: str) -> Iterator[Right]:
    if is_open(policy) and not (isinstance(policy, str) and policy.startswith("{")):
        yield Right(owner or LATER, LATER, name)
        return
    try:
        document = json.loads(policy) if isinstance(policy, str) else policy
        statements = document.get("Statement")
    except (ValueError, AttributeError):
        yield Right(owner or "somebody", "what a policy says that is no JSON", name)
        return
    for one in (one for one in _each(statements) if isinstance(one, Mapping)):
        what = ", ".join(sorted(map(_shown, _each(one.get("Action"))))) or "all but " + ", ".join(
            sorted(map(_shown, _each(one.get("NotAction"))))
        )
        where = ", ".join(sorted(map(_shown, _each(one.get("Resource", name)))))
        condition = _condition(one.get("Condition"))
        for who in [owner] if owner else _principals(one):
            yield Right(who, what, where, condition, one.get("Effect") == "Deny")


def _principals(statement: Mapping[str, Any]) -> list[str]:
    if "NotPrincipal" in statement:
        return [f"everybody but {', '.join(_principals({'Principal': statement['NotPrincipal']}))}"]
    given = statement.get("Principal")
    if isinstance(given, Mapping):
        return [_who(one) for value in given.values() for one in _each(value)]
    return [_who(one) for one in _each(given)]


def _each(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _condition(value: Any) -> str:
    return json.dumps(value, sort_keys=True) if value else ""


# --------------------------------------------------------------------------------------------- Google Cloud
_PLACES = ("bucket", "cryptoKeyId", "keyRingId", "serviceAccountId", "project", "folder", "orgId")


def _of_gcp(change: Change, inputs: Mapping[str, Any]) -> Iterator[Right]:
    where = next((_shown(inputs[place]) for place in _PLACES if inputs.get(place)), change.name)
    condition = inputs.get("condition")
    expression = _shown(condition.get("expression")) if isinstance(condition, Mapping) else ""
    if "policyData" in inputs:
        yield from _bindings(inputs["policyData"], where)
        return
    for member in [*_each(inputs.get("member")), *_each(inputs.get("members"))]:
        yield Right(_who(member), _shown(inputs.get("role")), where, expression)


def _bindings(policy: Any, where: str) -> Iterator[Right]:
    try:
        bindings = json.loads(policy)["bindings"]
    except (TypeError, ValueError, KeyError):
        yield Right(LATER, LATER, where)
        return
    for binding in (one for one in _each(bindings) if isinstance(one, Mapping)):
        condition = binding.get("condition")
        expression = _shown(condition.get("expression")) if isinstance(condition, Mapping) else ""
        for member in _each(binding.get("members")):
            yield Right(_who(member), _shown(binding.get("role")), where, expression)


# --------------------------------------------------------------------------------------------- words
def _who(value: Any) -> str:
    text = _shown(value)
    if value is None:
        return "nobody by name"
    if text in ("*", "allUsers", "allAuthenticatedUsers"):
        return EVERYBODY
    plain = text.partition(":")[2] if text.startswith(("serviceAccount:", "user:")) else text
    return f"{text} ({_WANDB[plain]})" if plain in _WANDB else text


def _role(value: Any) -> str:
    text = _shown(value)
    return _ROLES.get(text.rpartition("/")[2].lower(), text)


def _shown(value: Any) -> str:
    return LATER if isinstance(value, str) and UNKNOWN in value else str(value)
