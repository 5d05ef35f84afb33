"""Whose keys act on S3, and what a person is told when they do not."""

from __future__ import annotations

import shutil
from types import SimpleNamespace
from typing import Any

import certifi
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ProfileNotFound, TokenRetrievalError

from byob_components.errors import ByobError
from byob_components.verify import S3Store
from byob_components.verify.s3 import login

STORE = S3Store("vision-1234", "eu-west-1")
OWN = S3Store("vision-1234", "local", cloud="s3_compatible", endpoint="https://store.example")
ARN = "arn:aws:sts::111122223333:assumed-role/admin/me"


class Aws:
    """boto3 with one profile, and STS."""

    def __init__(self) -> None:
        self.sessions: list[tuple[Any, ...]] = []
        self.asked: list[dict[str, Any]] = []
        self.keys: Any = SimpleNamespace(access_key="AKIA1", secret_key="hidden", token=None)
        self.problem: Exception | None = None

    def Session(self, *keys: Any, **options: Any) -> Any:
        if options.get("profile_name") == "nope":
            raise ProfileNotFound(profile="nope")
        self.sessions.append((*keys, options.get("profile_name")))
        held = self.keys and SimpleNamespace(get_frozen_credentials=lambda: self.keys)
        return SimpleNamespace(get_credentials=lambda: held, client=self.client)

    def client(self, service: str, **options: Any) -> Any:
        self.asked.append(options)
        return self

    def get_caller_identity(self) -> dict[str, str]:
        if self.problem:
            raise self.problem
        return {"Arn": ARN, "Account": "111122223333"}

    def assume_role(self, RoleArn: str, RoleSessionName: str) -> Any:
        if RoleArn.endswith("forbidden"):
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "AssumeRole")
        return {"Credentials": {"AccessKeyId": "ASIA2", "SecretAccessKey": "hidden", "SessionToken": "token"}}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    played = Aws()
    monkeypatch.setattr(login, "boto3", played)
    return played


@pytest.mark.parametrize(
    ("way", "key"), [("", "AKIA1"), ("profile:admin", "AKIA1"), ("role:arn:aws:iam::4:role/w", "ASIA2")]
)
def test_who_signs_in_is_named_by_aws(aws: Aws, way: str, key: str) -> None:
    signed_in = login.sign_in("the owner", way, STORE)
    assert (signed_in.identity.name, signed_in.account) == (f"the owner ({ARN})", "111122223333")
    assert signed_in.identity.access_key == key
    assert aws.sessions[0] == ("admin" if way == "profile:admin" else None,)
    assert {asked["endpoint_url"] for asked in aws.asked} == {None}


def test_another_server_is_not_asked_who_somebody_is(aws: Aws) -> None:
    signed_in = login.sign_in("the owner", "profile:minio", OWN)
    assert (signed_in.identity.name, signed_in.account, aws.asked) == ("the owner (minio)", "", [])


def test_sts_is_where_the_provider_has_it(aws: Aws, tmp_path: Any) -> None:
    shutil.copy(certifi.where(), tmp_path / "ca.pem")
    store = S3Store("vision-1234", "eu-west-1", ca_bundle=str(tmp_path / "ca.pem"))
    login.sign_in("the owner", "", store, "https://sts.example")
    assert [(asked["endpoint_url"], asked["verify"]) for asked in aws.asked] == [
        ("https://sts.example", store.ca_bundle)
    ]


def test_a_network_without_sts_only_leaves_the_name_out(aws: Aws) -> None:
    aws.problem = EndpointConnectionError(endpoint_url="https://sts")
    signed_in = login.sign_in("the owner", "", STORE)
    assert (signed_in.identity.name, signed_in.account) == ("the owner (the environment's keys)", "")


@pytest.mark.parametrize(
    ("way", "keys", "problem", "told"),
    [
        ("", None, None, "the owner: cannot sign in: the environment holds no AWS keys"),
        ("profile:nope", None, None, "cannot sign in: The config profile (nope) could not be found"),
        ("role:arn:aws:iam::4:role/forbidden", "AKIA1", None, "cannot sign in: AssumeRole: AccessDenied; allowed: "),
        ("", "AKIA1", ClientError({"Error": {"Code": "ExpiredToken"}}, "GetCallerIdentity"), "GetCallerIdentity: ExpiredToken"),
        ("", "AKIA1", TokenRetrievalError(provider="sso", error_msg="expired"), "Error when retrieving token from sso: expired"),
    ],
)  # fmt: skip
def test_who_cannot_sign_in_is_told_why(
    aws: Aws, way: str, keys: str | None, problem: Exception | None, told: str
) -> None:
    aws.keys = keys and SimpleNamespace(access_key=keys, secret_key="hidden", token=None)
    aws.problem = problem
    with pytest.raises(ByobError) as refused:
        login.sign_in("the owner", way, STORE)
    assert "BYOB-VERIFY-012" in str(refused.value)
    assert told in str(refused.value)
    assert "hidden" not in str(refused.value)
