"""Shared access signatures (SAS), signed for any moment, any protocol and any endpoint.

The client library signs with its newest version of the service only, which servers that are a little older refuse. A verifier
also needs a signature that expired long ago, and one that is not kept to HTTPS. Specification: Microsoft, "Create a service
SAS" and "Create a user delegation SAS", versions 2020-12-06 to 2025-05-05.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
from dataclasses import dataclass, field
from urllib.parse import quote

VERSION = "2022-11-02"
"""The version of the service that signatures are made for."""
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class DelegationKey:
    """A user delegation key: what an identity without an account key signs with.

    Args:
        oid: The identity's object id.
        tid: Its tenant.
        start: From when on it is good, as the server wrote it.
        expiry: Until when.
        service: `b`.
        version: The version of the service that made it.
        value: The key, Base64.
    """

    oid: str
    tid: str
    start: str
    expiry: str
    service: str
    version: str
    value: str = field(repr=False)


@dataclass(frozen=True)
class Signer:
    """Signs for one identity.

    Args:
        account: The storage account.
        key: The account key, Base64, or a user delegation key.
    """

    account: str
    key: str | DelegationKey = field(repr=False)

    def sign(
        self,
        container: str,
        blob: str = "",
        *,
        permissions: str,
        start: datetime.datetime,
        expiry: datetime.datetime,
        protocol: str = "https",
        correlation: str = "",
        version: str = VERSION,
    ) -> str:
        """The query of an URL that lets whoever holds it do some things to one blob, or to a container.

        Args:
            container: The container.
            blob: The blob; empty for the container.
            permissions: For example `cw`, in the order `racwdl`.
            start: From when on, in UTC.
            expiry: Until when.
            protocol: `https`, or `https,http`.
            correlation: An id that goes into the account's logs; of user delegation only.
            version: The version of the service.
        """
        delegation = self.key if isinstance(self.key, DelegationKey) else None
        begin, end, resource = start.strftime(_TIME), expiry.strftime(_TIME), "b" if blob else "c"
        place = f"/blob/{self.account}/{container}" + (f"/{blob}" if blob else "")
        common = {"sp": permissions, "st": begin, "se": end, "spr": protocol, "sv": version, "sr": resource}
        nothing = [""] * 5  # response headers that could be overridden
        if delegation is None:
            signed = [permissions, begin, end, place, "", "", protocol, version, resource, "", "", *nothing]
            return _query(common, _hmac(str(self.key), signed))
        theirs = {
            "skoid": delegation.oid,
            "sktid": delegation.tid,
            "skt": delegation.start,
            "ske": delegation.expiry,
            "sks": delegation.service,
            "skv": delegation.version,
        }
        ids = ["", "", correlation]  # saoid, suoid, scid
        signed = [
            permissions,
            begin,
            end,
            place,
            *theirs.values(),
            *ids,
            "",
            protocol,
            version,
            resource,
            "",
            "",
            *nothing,
        ]
        more = {"scid": correlation} if correlation else {}
        return _query({**common, **theirs, **more}, _hmac(delegation.value, signed))


def encode_name(name: str) -> str:
    """A blob's name as it stands in an address.

    Args:
        name: The name.
    """
    return quote(name, safe="/~")


def _query(values: dict[str, str], signature: str) -> str:
    return "&".join(f"{name}={quote(value, safe='~')}" for name, value in {**values, "sig": signature}.items())


def _hmac(key: str, lines: list[str]) -> str:
    mac = hmac.new(base64.b64decode(key), "\n".join(lines).encode(), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()
