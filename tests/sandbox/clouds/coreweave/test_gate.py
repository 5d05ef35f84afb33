"""CoreWeave's dialect: whom a policy means, which names there are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.clouds.coreweave.gate import CoreWeaveGate, PolicyError, name_fault, translated
from sandbox.clouds.s3_compatible.front import Answer, Request

DEDICATED = "arn:aws:iam::wandb:static/wandb-integration"
PRINCIPALS = [
    {"arn": "arn:aws:iam::cwacme:user/deployer", "organization": "", "behind": "deployer"},
    {"arn": "arn:aws:iam::cwacme:user/colleague", "organization": "", "behind": "colleague"},
    {"arn": DEDICATED, "organization": "acme-prod", "behind": "wandb-acme"},
    {"arn": DEDICATED, "organization": "umbrella-prod", "behind": "wandb-umbrella"},
    {"arn": f"{DEDICATED}-public", "organization": "acme-prod", "behind": "public-acme"},
]


def statement(principal: Any, condition: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    found = {"Sid": "S", "Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": "r", **more}
    return found if condition is None else {**found, "Condition": condition}


def whom(*statements: dict[str, Any]) -> list[Any]:
    """Who stands in the policy that the server gets."""
    return [found["Principal"] for found in translated({"Statement": list(statements)}, PRINCIPALS)]


@pytest.mark.parametrize(
    ("principal", "condition", "expected"),
    [
        ({"CW": DEDICATED}, {"StringLike": {"wandb:OrgID": ["acme-prod"]}}, [{"AWS": ["wandb-acme"]}]),
        ({"CW": [DEDICATED]}, {"StringLike": {"wandb:OrgID": "acme-*"}}, [{"AWS": ["wandb-acme"]}]),
        ({"CW": DEDICATED}, {"StringEquals": {"WANDB:orgid": "umbrella-prod"}}, [{"AWS": ["wandb-umbrella"]}]),
        ({"CW": DEDICATED}, {"StringLike": {"wandb:OrgID": ["nobody"]}}, []),
        ({"CW": f"{DEDICATED}-public"}, {"StringLike": {"wandb:OrgID": ["acme-prod"]}}, [{"AWS": ["public-acme"]}]),
        ({"CW": DEDICATED}, None, [{"AWS": ["wandb-acme", "wandb-umbrella"]}]),
        ({"CW": "arn:aws:iam::cwacme:*"}, None, [{"AWS": ["deployer", "colleague"]}]),
        ({"CW": "arn:aws:iam::cwacme:*"}, {"StringLike": {"wandb:OrgID": ["acme-prod"]}}, []),
        ("*", None, ["*"]),
        ("*", {"StringLike": {"wandb:OrgID": ["acme-prod"]}}, [{"AWS": ["wandb-acme", "public-acme"]}]),
        ({"CW": "arn:aws:iam::wandb:static/another"}, None, []),
    ],
)
def test_whom_a_statement_means(principal: Any, condition: dict[str, Any] | None, expected: list[Any]) -> None:
    assert whom(statement(principal, condition)) == expected


def test_other_conditions_and_the_rest_of_a_statement_stay() -> None:
    tests = {
        "StringLike": {"wandb:OrgID": ["acme-prod"], "s3:prefix": ["a/*"]},
        "Bool": {"aws:SecureTransport": "true"},
    }
    actions = ["s3:GetObject*", "s3:GetBucketCORS"]
    (found,) = translated({"Statement": [statement({"CW": DEDICATED}, tests, Action=actions)]}, PRINCIPALS)
    assert found == {
        "Sid": "S",
        "Effect": "Allow",
        "Principal": {"AWS": ["wandb-acme"]},
        "Action": ["s3:GetObject*", "s3:GetBucketCors"],
        "Resource": "r",
        "Condition": {"StringLike": {"s3:prefix": ["a/*"]}, "Bool": {"aws:SecureTransport": "true"}},
    }


@pytest.mark.parametrize(
    "policy",
    [
        [],
        {},
        {"Statement": []},
        {"Statement": [statement({"AWS": "arn:aws:iam::000000000000:user/x"})]},
        {"Statement": [statement({"CW": DEDICATED, "AWS": "*"})]},
        {"Statement": [statement(None)]},
    ],
)
def test_what_is_no_policy_of_coreweaves(policy: Any) -> None:
    with pytest.raises(PolicyError):
        list(translated(policy, PRINCIPALS))


@pytest.mark.parametrize("name", ["acme-wandb", "a1b", "acme.wandb", "x" * 63])
def test_good_names(name: str) -> None:
    assert name_fault(name) == ""


@pytest.mark.parametrize("name", ["acme_wandb", "cw-acme", "vip-acme", "Acme", "ab", "x" * 64, "-acme"])
def test_bad_names(name: str) -> None:
    assert name_fault(name) != ""


class Behind:
    """A server that judges signatures as it is told, and takes no principal of CoreWeave's."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.seen = answer, []  # type: ignore[var-annotated]

    def __call__(self, request: Request) -> Answer:
        self.seen.append(request)
        return self.answer


class Admin:
    def __init__(self) -> None:
        self.policies: list[str] = []

    def put_bucket_policy(self, Bucket: str, Policy: str) -> None:
        self.policies.append(Policy)

    def delete_bucket_policy(self, Bucket: str) -> None:
        self.policies.clear()


POLICY = json.dumps({"Statement": [statement({"CW": DEDICATED}, {"StringLike": {"wandb:OrgID": ["acme-prod"]}})]})


@pytest.mark.parametrize("code", ["AccessDenied", "SignatureDoesNotMatch", "NoSuchBucket"])
def test_who_may_not_set_a_policy_changes_nothing(code: str) -> None:
    admin = Admin()
    gate = CoreWeaveGate(Behind(Answer.error(403, code, "")), admin, "key", PRINCIPALS)
    told = gate(Request("PUT", "/acme?policy", (), POLICY.encode()))
    assert (told.status, told.code, admin.policies) == (403, code, [])
    for method in ("GET", "DELETE"):
        assert gate(Request(method, "/acme?policy", ())).code == code


def test_a_policy_is_told_as_it_was_given() -> None:
    admin = Admin()
    behind = Behind(Answer.error(400, "MalformedPolicy", ""))
    gate = CoreWeaveGate(behind, admin, "key", PRINCIPALS)
    assert gate(Request("GET", "/acme?policy", ())).code == "NoSuchBucketPolicy"
    assert gate(Request("PUT", "/acme?policy", (), POLICY.encode())).status == 204
    assert json.loads(admin.policies[0])["Statement"][0]["Principal"] == {"AWS": ["wandb-acme"]}
    assert gate(Request("GET", "/acme?policy", ())).body.decode() == POLICY
    nobody = POLICY.replace("acme-prod", "nobody")
    assert gate(Request("PUT", "/acme?policy", (), nobody.encode())).status == 204
    assert admin.policies == [], "a policy that means nobody here leaves none"
    assert gate(Request("GET", "/acme?policy", ())).body.decode() == nobody
    assert gate(Request("DELETE", "/acme?policy", ())).status == 204
    assert gate(Request("GET", "/acme?policy", ())).code == "NoSuchBucketPolicy"


def test_a_policy_that_the_server_itself_would_take_is_taken_back() -> None:
    admin = Admin()
    admin.policies.append("of the server")
    gate = CoreWeaveGate(Behind(Answer(204)), admin, "key", PRINCIPALS)
    policy = json.dumps({"Statement": [statement({"AWS": "arn:aws:iam::000000000000:user/x"})]})
    assert gate(Request("PUT", "/acme?policy", (), policy.encode())).code == "MalformedPolicy"
    assert admin.policies == []


@pytest.mark.parametrize("setting", ["publicAccessBlock", "ownershipControls", "encryption"])
def test_settings_that_coreweave_does_not_have(setting: str) -> None:
    gate = CoreWeaveGate(Behind(Answer(200)), Admin(), "key", PRINCIPALS)
    assert gate(Request("PUT", f"/acme?{setting}", ())).code == "NotImplemented"
    assert gate(Request("PUT", "/acme?versioning", ())).status == 200
    assert gate(Request("PUT", "/acme/k", (("x-amz-server-side-encryption", "aws:kms"),))).code == "NotImplemented"
    assert gate(Request("PUT", "/acme/k", (("x-amz-server-side-encryption", "AES256"),))).status == 200


@pytest.mark.parametrize(
    ("target", "host", "place"),
    [
        ("/acme/a/b?x=1", "cwobject.localhost:1", ("acme", "a/b")),
        ("/a/b%20c", "acme.cwobject.localhost:1", ("acme", "a/b c")),
        ("/?policy", "acme.cwobject.localhost", ("acme", "")),
        ("/", "cwobject.localhost", ("", "")),
    ],
)
def test_where_the_bucket_stands(target: str, host: str, place: tuple[str, str]) -> None:
    assert Request("GET", target, (("host", host),), domain="cwobject.localhost").place == place
