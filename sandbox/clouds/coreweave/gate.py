"""What tells CoreWeave's object storage from other S3 servers, before a SeaweedFS: whose principals a policy names, which
organization W&B acts for, and which names and settings there are. A gate of ours: it was never run beside the real one.

A policy is kept and told as it was given. SeaweedFS gets it with its own users in the place of the principals whose
conditions on `wandb:OrgID` hold, and judges every request by that; so who somebody is, is decided here, and what they may
do, there.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from botocore.exceptions import ClientError

from sandbox.clouds.s3_compatible.front import Answer, Request
from sandbox.clouds.s3_compatible.gate import Gate

PRINCIPAL, ORGANIZATION = "CW", "wandb:orgid"
"""The key of a principal, and the condition's key as it is compared: without regard to capitals."""
SPELT = {"s3:GetBucketCORS": "s3:GetBucketCors"}
"""Actions that SeaweedFS knows in one spelling only; CoreWeave's documentation uses the other."""
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_NO_SUCH_SETTING = ("publicAccessBlock", "ownershipControls", "encryption", "notification", "logging", "replication")
_UNSIGNED = ("AccessDenied", "SignatureDoesNotMatch", "InvalidAccessKeyId")


class PolicyError(ValueError):
    """A policy that is none here."""


class CoreWeaveGate(Gate):
    """Looks at requests on their way.

    Args:
        behind: Hands a request to the server.
        admin: A client of the server itself, which may do everything.
        admin_key: The access key of who may delete a bucket.
        principals: Everybody with keys: `arn` as CoreWeave's policies name them, `organization` that W&B acts for
            with these keys (empty: none), `behind`, the server's own name of the user.
    """

    def __init__(
        self,
        behind: Callable[[Request], Answer],
        admin: Any,
        admin_key: str,
        principals: Sequence[Mapping[str, str]],
    ) -> None:
        super().__init__(behind, admin, admin_key)
        self.principals = principals
        self._policies: dict[str, str] = {}
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Answer:
        """Answer a request.

        Args:
            request: The request.
        """
        bucket, key = request.place
        if bucket and not key:
            if "policy" in request.query:
                with self._lock:
                    return self._policy(request, bucket)
            if request.method == "PUT" and not request.query and (fault := name_fault(bucket)):
                return Answer.error(400, "InvalidBucketName", fault)
            if request.method == "PUT" and any(setting in request.query for setting in _NO_SUCH_SETTING):
                return Answer.error(501, "NotImplemented", "CoreWeave has no such setting of a bucket")
        if request.header("x-amz-server-side-encryption") == "aws:kms":
            return Answer.error(501, "NotImplemented", "CoreWeave has no KMS")
        answer = super().__call__(request)
        if request.method == "DELETE" and bucket and not key and not request.query and answer.status < 300:
            self._policies.pop(bucket, None)
        return answer

    def _policy(self, request: Request, bucket: str) -> Answer:
        if request.method == "PUT":
            return self._put_policy(request, bucket)
        answer = self.behind(request)
        # The server knows only what it was given in the policy's place, if anything; but who may ask, it knows.
        if answer.code in _UNSIGNED or answer.code == "NoSuchBucket":
            return answer
        if request.method == "DELETE":
            self._policies.pop(bucket, None)
            return Answer(204)
        told = self._policies.get(bucket)
        if told is None:
            return Answer.error(404, "NoSuchBucketPolicy", "The bucket policy does not exist")
        return Answer(200, told.encode(), [("Content-Type", "application/json")])

    def _put_policy(self, request: Request, bucket: str) -> Answer:
        # The server takes no such principal and says so, but only to who may set a policy at all.
        asked = self.behind(request)
        if asked.status < 400:
            self.admin.delete_bucket_policy(Bucket=bucket)
        if asked.code != "MalformedPolicy":
            malformed = Answer.error(400, "MalformedPolicy", f"the principals' key is {PRINCIPAL}")
            return malformed if asked.status < 400 else asked
        try:
            statements = list(translated(json.loads(request.body), self.principals))
        except ValueError as problem:
            return Answer.error(400, "MalformedPolicy", str(problem))
        try:
            if statements:
                policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
                self.admin.put_bucket_policy(Bucket=bucket, Policy=policy)
            elif bucket in self._policies:
                self.admin.delete_bucket_policy(Bucket=bucket)
        except ClientError as problem:
            error = problem.response["Error"]
            if error.get("Code") != "NoSuchBucketPolicy":
                status = problem.response["ResponseMetadata"]["HTTPStatusCode"]
                return Answer.error(status, error.get("Code", ""), error.get("Message", ""))
        self._policies[bucket] = request.body.decode()
        return Answer(204)


def name_fault(name: str) -> str:
    """Why CoreWeave takes no bucket of a name; empty when it does.

    Args:
        name: The name.
    """
    if "_" in name or not _NAME.fullmatch(name):
        return "3 to 63 lower-case letters, digits, hyphens and dots, and no underscore"
    reserved = next((start for start in ("cw-", "vip-") if name.startswith(start)), "")
    return f"names that begin with {reserved} are reserved" if reserved else ""


def translated(policy: Any, principals: Sequence[Mapping[str, str]]) -> Iterator[dict[str, Any]]:
    """A policy's statements with the server's own users for the principals that are meant.

    Args:
        policy: As it was given.
        principals: Everybody with keys.

    Raises:
        PolicyError: It is no policy of CoreWeave's.
    """
    if not isinstance(policy, dict) or not isinstance(policy.get("Statement"), list) or not policy["Statement"]:
        raise PolicyError("a policy has a list of statements")
    for statement in policy["Statement"]:
        named = statement.get("Principal")
        if named != "*" and (not isinstance(named, dict) or set(named) != {PRINCIPAL}):
            raise PolicyError(f"the principals' key is {PRINCIPAL}")
        wanted = ["*"] if named == "*" else _list(named[PRINCIPAL])
        conditions = {operator: dict(tests) for operator, tests in (statement.get("Condition") or {}).items()}
        organizations = [
            _list(values)
            for operator in ("StringLike", "StringEquals")
            for values in [_taken(conditions.get(operator, {}), ORGANIZATION)]
            if values is not None
        ]
        found = [
            one["behind"]
            for one in principals
            if any(fnmatchcase(one["arn"], pattern) for pattern in wanted)
            and all(_fits(one["organization"], allowed) for allowed in organizations)
        ]
        if not found:
            continue
        kept = {operator: tests for operator, tests in conditions.items() if tests}
        rest = {k: v for k, v in statement.items() if k not in ("Principal", "Condition")}
        if isinstance(rest.get("Action"), str | list):
            rest["Action"] = [SPELT.get(action, action) for action in _list(rest["Action"])]
        whose = "*" if named == "*" and not organizations else {"AWS": found}
        yield {**rest, "Principal": whose, **({"Condition": kept} if kept else {})}


def _taken(tests: dict[str, Any], name: str) -> Any:
    """A condition's value, taken out of the tests; None when it is not there."""
    key = next((key for key in tests if key.lower() == name), None)
    return None if key is None else tests.pop(key)


def _fits(organization: str, allowed: Sequence[str]) -> bool:
    return bool(organization) and any(fnmatchcase(organization, pattern) for pattern in allowed)


def _list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
