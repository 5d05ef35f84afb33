"""What every declaration of a store is held to, whatever the cloud."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from byob_components.errors import Fault
from byob_components.wandb.cors import check_origins
from byob_components.wandb.names import check_path

CODE = "BYOB-VERIFY-011"
_PEM, _TRUST = "a file of certificates in PEM", "give the certificate of the authority that vouches for the server"


def fault(name: str, what: str, value: object, allowed: str, fix: str = "") -> Fault:
    """A field that makes no sense.

    Args:
        name: The field.
        what: What is wrong with it.
        value: What was given.
        allowed: What is allowed.
        fix: What to do; default to declare the store as it was made.
    """
    return Fault(CODE, name, what, value, allowed, fix or "declare the store as it was made")


def check_given(values: Mapping[str, str]) -> list[Fault]:
    """Fields that must not be empty.

    Args:
        values: Name to value.
    """
    return [
        fault(name, "is empty", None, f"the {name} as it was declared", f"give the {name}")
        for name, value in values.items()
        if not value
    ]


def check_endpoints(values: Mapping[str, str]) -> list[Fault]:
    """Fields that are a server's address, or empty.

    Args:
        values: Name to value.
    """
    faults = [
        fault(name, "is not a server's address", value, "http[s]://host[:port]", "drop the rest")
        for name, value in values.items()
        if value and not _is_endpoint(value)
    ]
    plain = values.get("plain_endpoint", "")
    if plain.startswith("https:"):
        faults.append(fault("plain_endpoint", "is not plain", plain, "http://host[:port]"))
    return faults


def check_choice(name: str, value: str, allowed: Sequence[str]) -> list[Fault]:
    """A field that is one of several.

    Args:
        name: The field.
        value: What was given.
        allowed: The choices; an empty one is not told.
    """
    shown = ", ".join(repr(str(choice)) for choice in allowed if choice)
    return [] if value in allowed else [fault(name, "is none of the choices", value, shown)]


def check_shared(path: str, cors_origins: Sequence[str], ca_bundle: str, days: Mapping[str, int]) -> list[Fault]:
    """Fields that every cloud's store has.

    Args:
        path: The sub-path; empty or `/` for the root.
        cors_origins: Whose pages may call.
        ca_bundle: A file of certificates, or empty.
        days: Name to a number of days; 0 when nothing was declared.
    """
    faults = []
    if ca_bundle and not Path(ca_bundle).is_file():
        faults.append(fault("ca_bundle", "is not a file", ca_bundle, _PEM, _TRUST))
    elif ca_bundle and not _holds_certificates(ca_bundle):
        faults.append(fault("ca_bundle", "holds no certificate", ca_bundle, _PEM, _TRUST))
    faults += [fault(name, "is negative", value, "0 or more days") for name, value in days.items() if value < 0]
    if path not in ("", "/"):
        faults += check_path(path, "path")
    return faults + check_origins(list(cors_origins))


def _holds_certificates(file: str) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except OSError:  # which an SSLError is too
        return False
    return True


def _is_endpoint(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.path.strip("/") and not parts.query
