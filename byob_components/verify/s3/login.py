"""Whose keys act on S3: those of the environment, a profile, a role, or keys that are given."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as BotoConnectionError

from byob_components.errors import ByobError
from byob_components.verify.login import refused, split
from byob_components.verify.s3.meaning import BAD_KEYS, code_of
from byob_components.verify.s3.store import Identity, S3Store

_LOG_IN = "log in (`aws sso login`, `aws configure`), set AWS_PROFILE, or take fresh keys"


@dataclass(frozen=True)
class Login:
    """Somebody who has signed in.

    Args:
        identity: With a name that says who they are.
        account: The account they belong to; empty where nobody tells.
    """

    identity: Identity
    account: str = ""


def sign_in(role: str, way: str, store: S3Store, sts: str = "") -> Login:
    """Take somebody's keys, and ask AWS whose they are.

    Args:
        role: What they are in the verification, for example `the owner`.
        way: Empty for the environment's own keys, `profile:NAME`, or `role:ARN`.
        store: Where they shall act.
        sts: Where to ask who they are; empty for AWS's own. A server that is not AWS is not asked.

    Raises:
        ByobError: There are no keys, or they are not accepted.
    """
    kind, value = split(way)
    with _told(role):
        session = boto3.Session(profile_name=value if kind == "profile" else None, region_name=store.region)
        if kind == "role":
            asked = _sts(session, store, sts).assume_role(RoleArn=value, RoleSessionName="byob-verify")["Credentials"]
            keys = Identity(role, asked["AccessKeyId"], asked["SecretAccessKey"], asked["SessionToken"])
        else:
            keys = _keys(role, session)
    named = value if kind == "profile" else "the environment's keys"
    if store.cloud != "aws":
        return Login(Identity(f"{role} ({named})", keys.access_key, keys.secret_key, keys.session_token))
    arn, account = _caller(role, keys, store, sts)
    return Login(Identity(f"{role} ({arn or named})", keys.access_key, keys.secret_key, keys.session_token), account)


def _keys(role: str, session: Any) -> Identity:
    try:
        return Identity.from_session(role, session)
    except ByobError:
        raise refused(role, "the environment holds no AWS keys", _LOG_IN) from None


def _caller(role: str, keys: Identity, store: S3Store, sts: str) -> tuple[str, str]:
    """ARN and account of whose keys these are; nothing when STS does not answer, for example in a closed network."""
    session = boto3.Session(keys.access_key, keys.secret_key, keys.session_token or None, region_name=store.region)
    with _told(role):
        try:
            found = _sts(session, store, sts).get_caller_identity()
        except (HTTPClientError, BotoConnectionError):
            return "", ""
        except ClientError as problem:
            if code_of(problem) in BAD_KEYS:
                raise
            return "", ""  # AWS lets everybody ask; another server may not
    return str(found["Arn"]), str(found["Account"])


def _sts(session: Any, store: S3Store, endpoint: str) -> Any:
    short = Config(connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 2, "mode": "standard"})
    return session.client(
        "sts",
        region_name=store.region,
        endpoint_url=endpoint or None,
        verify=store.ca_bundle if endpoint and store.ca_bundle else None,
        config=short,
    )


@contextmanager
def _told(role: str) -> Iterator[None]:
    """Say in a user's words why somebody cannot sign in; the library's own log would say it twice."""
    logger = logging.getLogger("botocore")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    except ClientError as problem:
        code = code_of(problem)
        fix = _LOG_IN if code in BAD_KEYS else "let these keys assume the role, or name another one"
        raise refused(role, f"{problem.operation_name}: {code}", fix) from None
    except BotoCoreError as problem:
        raise refused(role, str(problem), _LOG_IN) from None
    finally:
        logger.setLevel(level)
