"""Mutants of the good stacks, generated from what each store registers: nothing is picked by hand.

Every resource is dropped and unprotected; every property is dropped; every truth value is flipped; every number is made small
and large; every text takes every other value that its kind knows; policy documents lose each statement and element, and gain
every class of action and principal.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from byob_components.policies.tree import Node
from byob_components.policies.view import Resource

STRANGER = "arn:aws:iam::999900001111:role/stranger"
ENUMS: dict[str, tuple[str, ...]] = {
    "status": ("Enabled", "Suspended", "Disabled"),
    "objectOwnership": ("BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"),
    "sseAlgorithm": ("aws:kms", "aws:kms:dsse", "AES256"),
    "storageClass": ("STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"),
    "keyUsage": ("ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC"),
    "publicAccessPrevention": ("enforced", "inherited"),
    "withState": ("ARCHIVED", "LIVE", "ANY"),
    "publicAccess": ("None", "Blob", "Container"),
    "minimumTlsVersion": ("TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"),
    "publicNetworkAccess": ("Enabled", "Disabled"),
    "keySource": ("Microsoft.Keyvault", "Microsoft.Storage"),
    "bypass": ("AzureServices", "None"),
    "defaultAction": ("Deny", "Allow"),
    "level": ("CanNotDelete", "ReadOnly"),
    "type": ("Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"),
    "purpose": ("ENCRYPT_DECRYPT", "ASYMMETRIC_SIGN", "MAC"),
    "role": (
        "roles/storage.admin", "roles/storage.objectUser", "roles/storage.legacyBucketReader", "roles/owner",
        "projects/p/roles/custom", "roles/cloudkms.cryptoKeyEncrypterDecrypter", "roles/cloudkms.admin",
    ),
    "member": ("allUsers", "allAuthenticatedUsers", "user:someone@example.com", "serviceAccount:deploy@wandb-production.iam.gserviceaccount.com"),
    "granteePrincipal": (STRANGER, "arn:aws:iam::830241207209:root"),
    "allowedMethods": ("GET", "HEAD", "PUT", "POST", "DELETE"),
    "methods": ("GET", "HEAD", "PUT", "POST", "DELETE"),
    "operations": ("Decrypt", "CreateGrant", "RetireGrant"),
}  # fmt: skip
"""Property to every value that its provider knows, as far as it is more than a name."""
GCP_CLASSES = {"storageClass": ("NEARLINE", "COLDLINE", "ARCHIVE")}
ACTIONS = {
    "every action": "*",
    "every action of the service": "{service}:*",
    "write settings": "{service}:PutBucketPolicy",
    "delete versions": "{service}:DeleteObjectVersion",
    "delete": "{service}:ScheduleKeyDeletion",
    "read settings": "{service}:GetBucketPolicy",
}
"""Every class of action, of a service."""
PRINCIPALS: dict[str, dict[str, str]] = {
    "everybody": {"AWS": "*"},
    "a stranger's role": {"AWS": STRANGER},
    "a stranger's account": {"AWS": "999900001111"},
    "a service": {"Service": "ec2.amazonaws.com"},
    "a canonical user": {"CanonicalUser": "79a59df900b949e5"},
    "a federated user": {"Federated": "cognito-identity.amazonaws.com"},
    "W&B's shared root": {"AWS": "arn:aws:iam::830241207209:root"},
}
"""Every class of principal."""


@dataclass(frozen=True)
class Mutant:
    """One mutant.

    Args:
        key: What was done, the same for the same place of every store: `Kind place: operation`.
        stack: The whole stack.
    """

    key: str
    stack: tuple[Resource, ...]


def mutants(stack: tuple[Resource, ...]) -> Iterator[Mutant]:
    """Every mutant of a stack.

    Args:
        stack: A good one.
    """
    for i, one in enumerate(stack):
        if one.type.startswith("wandb-byob:"):
            continue
        kind = one.type.rpartition(":")[2]
        if kind == "RoleAssignment" and "KeyVault" in str(one.inputs.value["scope"]):
            kind = "RoleAssignment-on-a-key"
        if kind == "BucketIAMMember" and "Credential$" in one.urn:
            kind = "BucketIAMMember-of-a-credential"
        around = (stack[:i], stack[i + 1 :])
        yield Mutant(f"{kind}: dropped", (*around[0], *around[1]))
        if one.protect:
            yield Mutant(f"{kind}: unprotected", (*around[0], replace(one, protect=False), *around[1]))
        for place, inputs in changed(one.inputs.value, one.type):
            node = Node(inputs)
            outputs = Node({**inputs, **{k: v for k, v in one.outputs.value.items() if k not in one.inputs.value}})
            # What was changed by hand no longer comes from another resource.
            name = place.split(" ")[0].split(".")[0].split("[")[0].rstrip(":")
            links = {k: v for k, v in one.links.items() if k != name or not _refers(place)}
            made = replace(one, inputs=node, outputs=outputs, links=links)
            yield Mutant(f"{kind} {place}", (*around[0], made, *around[1]))


def _refers(place: str) -> bool:
    """Whether a place is a reference to another resource: its own value, or the key of an encryption rule."""
    property_ = place.split(":")[0]
    return "." not in property_ or property_.endswith(_KEYS)


def changed(inputs: dict[str, Any], type_: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every change of a resource's properties, with its place.

    Args:
        inputs: The properties.
        type_: The resource's type.
    """
    for name, value in inputs.items():
        if name == "policy" and isinstance(value, str):
            yield "policy: dropped", {k: v for k, v in inputs.items() if k != name}
            service = "kms" if ":kms/" in type_ else "iam" if ":iam/" in type_ else "s3"
            for place, document in changed_document(json.loads(value), service):
                yield f"policy {place}", {**inputs, name: json.dumps(document)}
            continue
        for place, made in changed_value(name, name, value, type_):
            rest = {k: v for k, v in inputs.items() if k != name}
            yield place, rest if made is _GONE else {**rest, name: made}


_KEYS = ("kmsMasterKeyId", "defaultKmsKeyName", "keyName", "keyVaultUri")
"""Properties that name a key, inside what encrypts."""
_GONE = object()


def changed_value(place: str, name: str, value: Any, type_: str) -> Iterator[tuple[str, Any]]:
    """Every change of one value, and of what is inside."""
    yield f"{place}: dropped", _GONE
    if isinstance(value, dict):
        for key, one in value.items():
            for where, made in changed_value(f"{place}.{key}", key, one, type_):
                rest = {k: v for k, v in value.items() if k != key}
                yield where, rest if made is _GONE else {**rest, key: made}
    elif isinstance(value, list):
        for i, one in enumerate(value):
            tag = f"{place}[{_name(one)}]"
            for where, made in changed_value(tag, name, one, type_):
                yield where, [*value[:i], *([] if made is _GONE else [made]), *value[i + 1 :]]
        for other in ENUMS.get(name, ()):
            if other not in value:
                yield f"{place}: {other} added", [*value, other]
    elif isinstance(value, bool):
        yield f"{place}: {not value}", not value
    elif isinstance(value, int | float):
        yield f"{place}: 1", 1
        yield f"{place}: times 100", value * 100
    elif isinstance(value, str):
        enum = (GCP_CLASSES if type_.startswith("gcp:") else {}).get(name, ENUMS.get(name))
        if name == "scope" and "/providers/" in value:
            yield f"{place}: its resource group", value.partition("/providers/")[0]
            yield f"{place}: its subscription", "/".join(value.split("/")[:3])
        if name in ("allowedOrigins", "origins"):
            enum = ("*", "changed")
        for other in enum or ("changed",):
            if other != value:
                yield f"{place}: {other}", other


def _name(value: Any) -> str:
    """What tells an element of a list apart, whatever the store: a word of an API, not a name of somebody's."""
    if isinstance(value, dict):
        action = value.get("action")
        return str(value.get("id") or value.get("name") or (action["type"] if isinstance(action, dict) else ""))
    return str(value) if value in ("GET", "HEAD", "PUT", "ETag", "*") else "…"


def changed_document(document: dict[str, Any], service: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every change of a policy document, with its place; statements go by their Sid."""
    for i, statement in enumerate(document["Statement"]):
        for place, made in changed_statement(statement, service):
            mine = copy.deepcopy(document)
            mine["Statement"][i : i + 1] = [] if made is None else [made]
            yield f"{statement['Sid']}{place}", mine


def changed_statement(statement: dict[str, Any], service: str) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Every change of a statement."""
    yield ": dropped", None
    other = "Deny" if statement["Effect"] == "Allow" else "Allow"
    yield f".Effect: {other}", {**statement, "Effect": other}
    for name in ("Principal", "Action", "Resource", "Condition"):
        if name in statement:
            yield f".{name}: dropped", {k: v for k, v in statement.items() if k != name}
    if "Principal" in statement:
        who = statement["Principal"]
        own = {} if who == "*" else who
        for label, principal in PRINCIPALS.items():
            (kind, name), *_ = principal.items()
            named = own.get(kind, [])
            more = {**own, kind: [*(named if isinstance(named, list) else [named]), name]}
            if who != "*" and name not in named:
                yield f".Principal: {label} added", {**statement, "Principal": more}
        rest = {k: v for k, v in statement.items() if k != "Principal"}
        yield ".Principal: NotPrincipal", {**rest, "NotPrincipal": who if who != "*" else {"AWS": STRANGER}}
        if who != "*":
            yield ".Principal: everybody", {**statement, "Principal": "*"}
            yield ".Principal: a stranger", {**statement, "Principal": {"AWS": STRANGER}}
    listed = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    for label, action in ACTIONS.items():
        if action.format(service=service) not in listed:
            yield f".Action: {label} added", {**statement, "Action": [*listed, action.format(service=service)]}
    yield ".Action: NotAction", {**{k: v for k, v in statement.items() if k != "Action"}, "NotAction": listed}
    for action in listed if len(listed) > 1 else []:
        yield f".Action: without {action}", {**statement, "Action": [one for one in listed if one != action]}
    resources = statement.get("Resource")
    for one in resources if isinstance(resources, list) and len(resources) > 1 else []:
        what = "objects" if one.endswith("/*") else "bucket"
        yield f".Resource: without the {what}", {**statement, "Resource": [r for r in resources if r != one]}
    if "Principal" not in statement:  # a policy of an identity, which may speak of anything in the account
        listed = resources if isinstance(resources, list) else [resources]
        yield ".Resource: everything added", {**statement, "Resource": [*listed, "*"]}
        yield ".Resource: every bucket added", {**statement, "Resource": [*listed, "arn:aws:s3:::*"]}
        rest = {k: v for k, v in statement.items() if k != "Resource"}
        yield ".Resource: NotResource", {**rest, "NotResource": "arn:aws:s3:::other"}
    for operator, keys in statement.get("Condition", {}).items():
        for key, value in keys.items():
            place = f".Condition.{key}"
            yield (
                f"{place}: other value",
                {**statement, "Condition": {operator: {key: "1.0" if "Version" in key else "true"}}},
            )
            yield f"{place}: one more key", {**statement, "Condition": {operator: {key: value, "aws:UserAgent": "x"}}}
