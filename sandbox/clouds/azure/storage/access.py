"""Who calls the blob service, and whether they may: what Azurite cannot know is judged here, and the rest is left to it."""

from __future__ import annotations

import re
import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

from sandbox.clouds.azure.apis.arm import Arm
from sandbox.clouds.azure.apis.directory import Principal
from sandbox.clouds.azure.apis.firewall import inside
from sandbox.clouds.azure.apis.kind import Body
from sandbox.clouds.azure.apis.moment import now
from sandbox.clouds.azure.apis.storage import StorageAccounts
from sandbox.clouds.azure.apis.web import Answer, ArmError, Request
from sandbox.clouds.azure.storage import signatures
from sandbox.clouds.azure.storage.operation import Operation
from sandbox.clouds.azure.storage.refusal import BlobError, failed, mismatch, not_carried_out

AUDIENCE = "https://storage.azure.com"
_SAS = ("sv", "sr", "sp", "st", "se", "sip", "spr", "sig", "si", "ses", "ss", "srt", "skoid", "sktid", "skt", "ske", "sks", "skv", "saoid", "suoid", "scid", "skdutid", "sduoid", "srh", "srq", "rscc", "rscd", "rsce", "rscl", "rsct")  # fmt: skip
_FORWARDED = ("sp", "st", "se", "sip", "spr", "sr", "ses", "rscc", "rscd", "rsce", "rscl", "rsct")
_NO_KEYS = "Key based authentication is not permitted on this storage account."


@dataclass(frozen=True)
class Way:
    """How somebody comes in.

    Args:
        kind: `key`, `sas`, `bearer`, `delegation` or `anonymous`.
        who: Whose rights count, by a token or a user delegation key.
    """

    kind: str
    who: Principal | None = None


class Access:
    """The door.

    Args:
        arm: Resource Manager, which knows who holds which role.
        accounts: All storage accounts.
        address: Where the blob service is served.
    """

    def __init__(self, arm: Arm, accounts: StorageAccounts, address: str) -> None:
        self.arm, self.accounts, self.address = arm, accounts, address
        self._secret = b64encode(secrets.token_bytes(32)).decode()

    def way(self, request: Request, account: Body, container: str, blob: str, does: Operation) -> Way:
        """How a request comes in, refused when it may not.

        Args:
            request: The request.
            account: The account.
            container: The container.
            blob: The blob.
            does: What it does.

        Raises:
            BlobError: By what only Azure knows: roles, user delegation, the account's settings. Whether an account key was used rightly
                is Azurite's to say.
        """
        said = account["properties"]
        self._network(said)
        scope = f"{account['id']}/blobServices/default/containers/{container}" if container else account["id"]
        keys = said.get("allowSharedKeyAccess", True)
        kind = request.headers.get("authorization", "").partition(" ")[0].lower()
        if kind == "bearer":
            who = self._bearer(request)
            if not self.arm.authority.allows(who, does.action, scope, does.data):
                raise mismatch()
            return Way("bearer", who)
        if kind in ("sharedkey", "sharedkeylite"):
            if not keys:
                raise BlobError(403, "KeyBasedAuthenticationNotPermitted", _NO_KEYS)
            return Way("key")
        if "skoid" in request.query:
            return Way("delegation", self._delegator(request, account, container, blob, scope, does))
        if "sig" in request.query:
            if not keys:
                raise BlobError(403, "KeyBasedAuthenticationNotPermitted", _NO_KEYS)
            return Way("sas")
        if not said.get("allowBlobPublicAccess"):
            raise BlobError(409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account.")
        return Way("anonymous")

    def _network(self, said: Body) -> None:
        rules = said.get("networkAcls") or {}
        shut = str(said.get("publicNetworkAccess", "Enabled")).lower() == "disabled"
        if shut or (rules.get("defaultAction") == "Deny" and not inside(rules)):
            raise BlobError(403, "AuthorizationFailure", "This request is not authorized to perform this operation.")

    def _bearer(self, request: Request) -> Principal:
        try:
            return self.arm.directory.bearer(request, {AUDIENCE, self.address, *self._hosts(request)})
        except ArmError as problem:
            where = f"{self.arm.address}/{self.arm.directory.tenant}/oauth2/authorize"
            raise BlobError(401, "InvalidAuthenticationInfo", problem.message, WWW_Authenticate=f"Bearer authorization_uri={where} resource_id={AUDIENCE}") from None  # fmt: skip

    def _hosts(self, request: Request) -> set[str]:
        return {f"{self.address}/{signatures.decoded(request.path)[0]}"}

    # -- user delegation
    def delegation_key(self, request: Request, account: Body, who: Principal | None) -> Answer:
        """The key that somebody signs with in their own name, for at most seven days.

        Args:
            request: Its body says from when until when.
            account: The account.
            who: For whom.
        """
        if who is None:
            raise failed()
        text = request.body.decode()
        found = {tag: re.search(rf"<{tag}>([^<]+)</{tag}>", text) for tag in ("Start", "Expiry")}
        if found["Expiry"] is None:
            raise BlobError(400, "InvalidXmlDocument", "XML specified is not syntactically valid: Expiry is missing.")
        start, expiry = found["Start"][1] if found["Start"] else now()[:19] + "Z", found["Expiry"][1]
        if not timedelta() < _moment(expiry) - datetime.now(UTC) <= timedelta(days=7, minutes=5) or _moment(start) >= _moment(expiry):  # fmt: skip
            raise BlobError(400, "InvalidXmlNodeValue", "The value for one of the XML nodes is not in the correct format: the key must end within seven days.")  # fmt: skip
        version = request.headers.get("x-ms-version", "2025-11-05")
        fields = {"skoid": who.object_id, "sktid": self.arm.directory.tenant, "skt": start, "ske": expiry, "sks": "b", "skv": version}  # fmt: skip
        tags = dict(zip(("SignedOid", "SignedTid", "SignedStart", "SignedExpiry", "SignedService", "SignedVersion"), fields.values(), strict=True))  # fmt: skip
        tags["Value"] = self._delegation_value(fields, account["name"])
        body = "".join(f"<{tag}>{value}</{tag}>" for tag, value in tags.items())
        return Answer(200, f'<?xml version="1.0" encoding="utf-8"?><UserDelegationKey>{body}</UserDelegationKey>'.encode(), {"Content-Type": "application/xml", "x-ms-version": version})  # fmt: skip

    def _delegation_value(self, fields: Mapping[str, str], account: str) -> str:
        names = ("skoid", "sktid", "skt", "ske", "sks", "skv")
        return signatures.digest(self._secret, "\n".join([account, *(fields.get(name, "") for name in names)]))

    def _delegator(self, request: Request, account: Body, container: str, blob: str, scope: str, does: Operation) -> Principal:  # fmt: skip
        given = fields(request)
        if given.get("sv", "") < signatures.FIRST_VERSION or given.get("srh") or given.get("srq") or given.get("sr") not in ("b", "c"):  # fmt: skip
            raise not_carried_out("A user delegation SAS of this kind or version")
        value = self._delegation_value(given, account["name"])
        if not signatures.same(signatures.by_delegation(given, account["name"], container, blob, value), given["sig"]):
            raise failed()
        moment = datetime.now(UTC)
        if not _moment(given["skt"]) - timedelta(minutes=15) <= moment < _moment(given["ske"]):
            raise failed()
        who = self.arm.directory.principal(given["skoid"])
        if who is None or not self.arm.authority.allows(who, does.action, scope, does.data):
            raise mismatch()
        return who

    def with_account_key(self, request: Request, account: str, container: str, blob: str) -> str:
        """A request by user delegation, as one by account key with the same limits: Azurite then judges rights and times.

        Args:
            request: The request, whose signature is good.
            account: The account.
            container: The container.
            blob: The blob.

        Returns:
            Path and query.
        """
        given = fields(request)
        fresh = {name: given[name] for name in _FORWARDED if name in given} | {"sv": "2021-12-02"}
        key = self.accounts.key_values(account)[0]
        fresh["sig"] = signatures.service(fresh, account, container, blob, key)
        rest = [part for part in request.target.partition("?")[2].split("&") if part.split("=")[0] not in _SAS]
        return f"{request.path}?{'&'.join([*rest, urlencode(fresh, quote_via=quote, safe='')])}"

    # -- what Azurite would have judged
    def verify(self, request: Request, way: Way, account: str, container: str, blob: str, letter: str) -> None:
        """Judge an account key's use here, for a request that does not reach Azurite as it came.

        Args:
            request: The request.
            way: How it comes in.
            account: The account.
            container: The container.
            blob: The blob.
            letter: The right it takes in a shared access signature.
        """
        if way.kind == "bearer":
            return
        if way.kind == "key":
            sent = request.headers["authorization"].rpartition(":")[2]
            given = (account, *self.accounts.key_values(account))
            if not any(signatures.same(signatures.shared_key(request.method, request.path, request.query, request.headers, given[0], key), sent) for key in given[1:]):  # fmt: skip
                raise failed()
            return
        if way.kind == "anonymous":
            raise mismatch()
        given_sas = fields(request)
        if "si" in given_sas or given_sas.get("sv", "") < signatures.FIRST_VERSION:
            raise not_carried_out("A shared access signature by policy or of this version, for versions and deleted blobs,")  # fmt: skip
        if way.kind == "sas":
            self._by_key(given_sas, account, container, blob)
        moment = datetime.now(UTC)
        if not ("st" not in given_sas or _moment(given_sas["st"]) <= moment) or moment >= _moment(given_sas["se"]):
            raise failed()
        if letter not in given_sas.get("sp", ""):
            raise mismatch()

    def _by_key(self, given: dict[str, str], account: str, container: str, blob: str) -> None:
        for key in self.accounts.key_values(account):
            right = signatures.account_wide(given, account, key) if "srt" in given else signatures.service(given, account, container, blob, key)  # fmt: skip
            if signatures.same(right, given["sig"]):
                needed = "o" if blob else "c" if container else "s"
                if "srt" in given and ("b" not in given.get("ss", "") or needed not in given["srt"]):
                    raise mismatch()
                return
        raise failed()


def fields(request: Request) -> dict[str, str]:
    """The fields of a shared access signature, decoded."""
    return {name: request.one(name) for name in _SAS if name in request.query} | ({"snapshot": request.one("snapshot")} if "snapshot" in request.query else {})  # fmt: skip


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise failed() from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
