"""The IAM API: service accounts, their keys and policies; and the credentials API, which acts as them."""

from __future__ import annotations

import base64
import json
import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sandbox.clouds.gcp.apis.directory import Directory, Key, ServiceAccount, now, public_pem
from sandbox.clouds.gcp.apis.policies import policy_calls
from sandbox.clouds.gcp.apis.web import Answer, ApiError, Request, Router

_ACCOUNT_ID = re.compile(r"[a-z]([-a-z0-9]{4,28}[a-z0-9])")
_MOST_KEYS = 10


class Iam:
    """Service accounts.

    Args:
        directory: Who there is.
        token_uri: Written into the keys that users make.
    """

    def __init__(self, directory: Directory, token_uri: str) -> None:
        self.directory, self.token_uri = directory, token_uri

    def add_routes(self, router: Router) -> None:
        """Serve the APIs.

        Args:
            router: Where.
        """
        one = "/v1/projects/{project}/serviceAccounts/{account}"
        router.add("POST", "/v1/projects/{project}/serviceAccounts", self.create)
        router.add("GET", "/v1/projects/{project}/serviceAccounts", self.list)
        router.add("GET", one, self.get)
        router.add("PATCH", one, self.patch)
        router.add("DELETE", one, self.delete)
        router.add("POST", one + "/keys", self.create_key)
        router.add("GET", one + "/keys", self.list_keys)
        router.add("GET", one + "/keys/{key}", self.get_key)
        router.add("DELETE", one + "/keys/{key}", self.delete_key)
        router.add("POST", one + ":signBlob", self.sign_blob)
        router.add("POST", one + ":generateAccessToken", self.access_token)
        for verb in ("enable", "disable"):
            router.add("POST", f"{one}:{verb}", self.switch(verb == "disable"))
        router.add("GET", one + ":{verb}", self.policy)
        router.add("POST", one + ":{verb}", self.policy)

    def _account(self, request: Request, account: str, permission: str) -> ServiceAccount:
        """The account, when the caller may do this to it; else as if it were not there."""
        caller = self.directory.caller(request)
        name = unquote(account)
        try:
            found = self.directory.account(name)
        except ApiError:
            if caller.email:
                raise
            raise ApiError(401, "Request is missing required authentication credential.") from None
        self.directory.demand(caller, permission, self.directory.project(found.project), found.name)
        return found

    @staticmethod
    def _shown(account: ServiceAccount) -> dict[str, Any]:
        return {
            "name": account.name,
            "projectId": account.project,
            "uniqueId": account.unique_id,
            "email": account.email,
            "displayName": account.display_name,
            "description": account.description,
            "oauth2ClientId": account.unique_id,
            **({"disabled": True} if account.disabled else {}),
        }

    # -- accounts
    def create(self, request: Request, project: str) -> Answer:
        where = self.directory.project(project)
        self.directory.demand(self.directory.caller(request), "iam.serviceAccounts.create", where)
        body = request.json()
        id, given = body.get("accountId", ""), body.get("serviceAccount") or {}
        if not _ACCOUNT_ID.fullmatch(id):
            raise ApiError(
                400,
                f"The account ID {id!r} does not have a length between 6 and 30, of lower case letters, digits and hyphens.",
            )
        email = f"{id}@{where.id}.iam.gserviceaccount.com"
        if email in self.directory.accounts:
            raise ApiError(409, f"Service account {id} already exists within project projects/{where.id}.")
        made = self.directory.add_account(where.id, email, given.get("displayName", ""), given.get("description", ""))
        return Answer.of(self._shown(made))

    def list(self, request: Request, project: str) -> Answer:
        where = self.directory.project(project)
        self.directory.demand(self.directory.caller(request), "iam.serviceAccounts.list", where)
        return Answer.of(
            {"accounts": [self._shown(a) for a in self.directory.accounts.values() if a.project == where.id]}
        )

    def get(self, request: Request, project: str, account: str) -> Answer:
        return Answer.of(self._shown(self._account(request, account, "iam.serviceAccounts.get")))

    def patch(self, request: Request, project: str, account: str) -> Answer:
        found, body = self._account(request, account, "iam.serviceAccounts.update"), request.json()
        given, mask = body.get("serviceAccount") or {}, str(body.get("updateMask", "")).split(",")
        if "displayName" in mask or "display_name" in mask:
            found.display_name = given.get("displayName", "")
        if "description" in mask:
            found.description = given.get("description", "")
        return Answer.of(self._shown(found))

    def delete(self, request: Request, project: str, account: str) -> Answer:
        self.directory.drop_account(self._account(request, account, "iam.serviceAccounts.delete"))
        return Answer.of({})

    def switch(self, disabled: bool) -> Any:
        """The handler that switches an account off or on."""

        def handler(request: Request, project: str, account: str) -> Answer:
            verb = "disable" if disabled else "enable"
            self._account(request, account, f"iam.serviceAccounts.{verb}").disabled = disabled
            return Answer.of({})

        return handler

    def policy(self, request: Request, project: str, account: str, verb: str) -> Answer:
        caller, found = self.directory.caller(request), self.directory.account(unquote(account))
        where = self.directory.project(found.project)
        return policy_calls(
            self.directory.policies, request, found.name, verb,
            lambda permission: self.directory.demand(caller, permission, where, found.name),
            lambda permission: self.directory.allows(caller, permission, where, found.name),
            "iam.serviceAccounts",
        )  # fmt: skip

    # -- keys
    @staticmethod
    def _shown_key(account: ServiceAccount, key: Key, public: bool = False) -> dict[str, Any]:
        until = datetime.fromisoformat(key.made) + timedelta(days=365 * 10)
        return {
            "name": f"{account.name}/keys/{key.id}",
            "keyAlgorithm": "KEY_ALG_RSA_2048",
            "keyOrigin": "GOOGLE_PROVIDED",
            "keyType": "USER_MANAGED",
            "validAfterTime": key.made,
            "validBeforeTime": until.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            **({"publicKeyData": base64.b64encode(public_pem(key.public)).decode()} if public else {}),
        }

    def create_key(self, request: Request, project: str, account: str) -> Answer:
        found, body = self._account(request, account, "iam.serviceAccountKeys.create"), request.json()
        if body.get("keyAlgorithm", "KEY_ALG_RSA_2048") not in ("KEY_ALG_RSA_2048", "KEY_ALG_UNSPECIFIED"):
            raise ApiError(501, "Keys are of KEY_ALG_RSA_2048 in the local cloud.")
        if body.get("privateKeyType", "TYPE_GOOGLE_CREDENTIALS_FILE") != "TYPE_GOOGLE_CREDENTIALS_FILE":
            raise ApiError(501, "Keys are of TYPE_GOOGLE_CREDENTIALS_FILE in the local cloud.")
        if len(found.keys) >= _MOST_KEYS:
            raise ApiError(429, "Maximum number of keys on account reached.", "rateLimitExceeded")
        private = rsa.generate_private_key(65537, 2048)
        key = Key(secrets.token_hex(20), private.public_key(), now())
        found.keys[key.id] = key
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file = {
            "type": "service_account",
            "project_id": found.project,
            "private_key_id": key.id,
            "private_key": pem.decode(),
            "client_email": found.email,
            "client_id": found.unique_id,
            "token_uri": self.token_uri,
            "universe_domain": "googleapis.com",
        }
        data = base64.b64encode(json.dumps(file, indent=2).encode()).decode()
        return Answer.of(
            {**self._shown_key(found, key), "privateKeyType": "TYPE_GOOGLE_CREDENTIALS_FILE", "privateKeyData": data}
        )

    def list_keys(self, request: Request, project: str, account: str) -> Answer:
        found = self._account(request, account, "iam.serviceAccountKeys.list")
        return Answer.of({"keys": [self._shown_key(found, key) for key in found.keys.values()]})

    def _key(self, request: Request, account: str, key: str, verb: str) -> tuple[ServiceAccount, Key]:
        found = self._account(request, account, f"iam.serviceAccountKeys.{verb}")
        if key not in found.keys:
            raise ApiError(404, f"Service account key {key} does not exist.")
        return found, found.keys[key]

    def get_key(self, request: Request, project: str, account: str, key: str) -> Answer:
        found, one = self._key(request, account, key, "get")
        return Answer.of(self._shown_key(found, one, request.one("publicKeyType", "TYPE_NONE") != "TYPE_NONE"))

    def delete_key(self, request: Request, project: str, account: str, key: str) -> Answer:
        found, one = self._key(request, account, key, "delete")
        del found.keys[one.id]
        return Answer.of({})

    # -- acting as an account
    def sign_blob(self, request: Request, project: str, account: str) -> Answer:
        found, body = self._account(request, account, "iam.serviceAccounts.signBlob"), request.json()
        key = self.directory.own_key(found)
        assert key.private is not None
        signature = key.private.sign(base64.b64decode(body.get("payload", "")), padding.PKCS1v15(), hashes.SHA256())
        return Answer.of({"keyId": key.id, "signedBlob": base64.b64encode(signature).decode()})

    def access_token(self, request: Request, project: str, account: str) -> Answer:
        found, body = self._account(request, account, "iam.serviceAccounts.getAccessToken"), request.json()
        seconds = int(str(body.get("lifetime", "3600s")).rstrip("s"))
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        return Answer.of(
            {
                "accessToken": self.directory.token(found.email, seconds),
                "expireTime": until.strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
        )
