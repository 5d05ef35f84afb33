"""Rights read from policies, members and role assignments of every cloud, in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from byob_components.review.reading import UNKNOWN
from byob_components.review.rights import changed
from tests.review.plans import plan, step

READ = {"Effect": "Allow", "Principal": {"AWS": ["b", "a"]}, "Action": ["s3:Put", "s3:Get"], "Resource": "r"}
CASES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("aws:s3/bucketPolicy:BucketPolicy", {"policy": {"Statement": [READ]}}, ["a may s3:Get, s3:Put on r", "b may s3:Get, s3:Put on r"]),
    ("aws:s3/bucketPolicy:BucketPolicy", {"policy": json.dumps({"Statement": READ})}, ["a may s3:Get, s3:Put on r", "b may s3:Get, s3:Put on r"]),
    (
        "aws:s3/bucketPolicy:BucketPolicy",
        {"policy": json.dumps({"Statement": {"Effect": "Deny", "NotPrincipal": {"AWS": "a"}, "NotAction": "s3:Get", "Resource": "r"}})},
        ["everybody but a may not all but s3:Get on r"],
    ),
    (
        "aws:s3/bucketPolicy:BucketPolicy",
        {"policy": json.dumps({"Statement": {**READ, "Principal": {"Service": "logging.s3.amazonaws.com"}, "Condition": {"StringEquals": {"x": "y"}}}})},
        ['logging.s3.amazonaws.com may s3:Get, s3:Put on r, if {"StringEquals": {"x": "y"}}'],
    ),
    ("aws:s3/bucketPolicy:BucketPolicy", {"policy": "{no json"}, ["somebody may what a policy says that is no JSON on data"]),
    ("aws:s3/bucketPolicy:BucketPolicy", {"policy": UNKNOWN}, ["known only during `up` may known only during `up` on data"]),
    ("aws:s3/bucket:Bucket", {"policy": json.dumps({"Statement": {**READ, "Principal": "*"}})}, ["everybody may s3:Get, s3:Put on r"]),
    ("aws:kms/key:Key", {"policy": json.dumps({"Statement": {**READ, "Resource": "*", "Principal": {"AWS": "arn:aws:iam::830241207209:root"}}})}, ["arn:aws:iam::830241207209:root (W&B Dedicated Cloud) may s3:Get, s3:Put on *"]),
    ("aws:kms/grant:Grant", {"keyId": "k", "granteePrincipal": "role", "operations": ["Encrypt", "Decrypt"]}, ["role may kms:Decrypt, kms:Encrypt on k"]),
    ("aws:iam/userPolicy:UserPolicy", {"user": "u", "policy": json.dumps({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "r"}})}, ["user u may s3:* on r"]),
    ("aws:iam/rolePolicy:RolePolicy", {"role": "u", "policy": UNKNOWN}, ["role u may known only during `up` on data"]),
    ("aws:iam/role:Role", {"assumeRolePolicy": "{}"}, []),
    ("gcp:storage/bucketIAMMember:BucketIAMMember", {"bucket": "b", "role": "roles/x", "member": "user:a@acme.example"}, ["user:a@acme.example may roles/x on b"]),
    (
        "gcp:storage/bucketIAMBinding:BucketIAMBinding",
        {"bucket": "b", "role": "roles/x", "members": ["allUsers", "group:g"], "condition": {"title": "t", "expression": "e"}},
        ["everybody may roles/x on b, if e", "group:g may roles/x on b, if e"],
    ),
    (
        "gcp:storage/bucketIAMPolicy:BucketIAMPolicy",
        {"bucket": "b", "policyData": json.dumps({"bindings": [{"role": "roles/x", "members": ["allAuthenticatedUsers"]}]})},
        ["everybody may roles/x on b"],
    ),
    ("gcp:storage/bucketIAMPolicy:BucketIAMPolicy", {"bucket": "b", "policyData": UNKNOWN}, ["known only during `up` may known only during `up` on b"]),
    ("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", {"cryptoKeyId": "k", "role": "roles/x", "member": UNKNOWN}, ["known only during `up` may roles/x on k"]),
    ("gcp:projects/iAMMember:IAMMember", {"project": "p", "role": "roles/owner", "member": "user:a"}, ["user:a may roles/owner on p"]),
    (
        "azure-native:authorization:RoleAssignment",
        {"principalId": "p", "scope": "/s", "roleDefinitionId": "/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/ba92f5b4-2d11-453d-a403-e96b0029c9fe"},
        ["p may Storage Blob Data Contributor on /s"],
    ),
    ("azure:authorization/assignment:Assignment", {"principalId": "p", "scope": "/s", "roleDefinitionName": "Reader"}, ["p may Reader on /s"]),
    ("azure-native:authorization:RoleAssignment", {"roleDefinitionId": "own", "scope": "/s"}, ["nobody by name may own on /s"]),
    (
        "azure-native:managedidentity:FederatedIdentityCredential",
        {"issuer": "https://i", "subject": "system:serviceaccount:default:app", "resourceName": "id"},
        ["system:serviceaccount:default:app of https://i may act as the identity on id"],
    ),
    ("random:index/randomPet:RandomPet", {"policy": "{}"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "inputs", "told"), CASES)
def test_rights_come_with_a_resource_and_go_with_it(kind: str, inputs: dict[str, Any], told: list[str]) -> None:
    (made,) = plan(step(kind, "create", None, inputs)).changes
    assert changed(made)[0] == frozenset()
    assert sorted(map(str, changed(made)[1])) == told
    (gone,) = plan(step(kind, "delete", inputs)).changes
    assert sorted(map(str, changed(gone)[0])) == told
    assert changed(gone)[1] == frozenset()


def test_only_what_differs_is_a_change() -> None:
    both = {"Effect": "Allow", "Principal": {"AWS": "a"}, "Action": "s3:Get", "Resource": "r"}
    before = {"policy": json.dumps({"Statement": [both, {**both, "Action": "s3:Put"}]})}
    after = {"policy": json.dumps({"Statement": [{**both, "Action": "s3:List"}, both]})}
    (change,) = plan(step("aws:s3/bucketPolicy:BucketPolicy", "update", before, after)).changes
    gone, come = changed(change)
    assert list(map(str, gone)) == ["a may s3:Put on r"]
    assert list(map(str, come)) == ["a may s3:List on r"]
