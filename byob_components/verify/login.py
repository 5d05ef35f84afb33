"""How somebody signs in: by what the environment holds, or by a word like `profile:NAME`. The same for every cloud."""

from __future__ import annotations

from collections.abc import Mapping

from byob_components.errors import ByobError, Fault

WAYS: Mapping[str, Mapping[str, str]] = {
    "s3": {
        "profile": "profile:NAME, a profile of your AWS configuration",
        "role": "role:ARN, a role that your own keys may assume",
        "provider": "provider, the static keys of the stack's own provider",
    },
    "gcs": {
        "key-file": "key-file:FILE, the JSON key of a service account",
        "impersonate": "impersonate:EMAIL, a service account that you may impersonate",
    },
    "azure": {
        "cli": "cli, who is logged in with the Azure CLI",
        "managed": "managed:CLIENT_ID, a managed identity of this machine",
        "workload": "workload:CLIENT_ID, a federated identity of this pod or job",
        "certificate": "certificate:TENANT/CLIENT_ID/FILE, an application by its certificate",
    },
}
"""The ways to sign in beside the environment's own, by verification."""


def split(way: str) -> tuple[str, str]:
    """The kind of a way and what it names.

    Args:
        way: For example `profile:NAME`.
    """
    kind, _, value = way.partition(":")
    return kind, value


def families(way: str) -> tuple[str, ...]:
    """The verifications that know a way to sign in.

    Args:
        way: For example `profile:NAME`.
    """
    kind, value = split(way)
    return tuple(
        name for name, ways in WAYS.items() if kind in ways and (":" in ways[kind].partition(",")[0]) == bool(value)
    )


def refused(who: str, why: str, fix: str) -> ByobError:
    """Somebody cannot sign in.

    Args:
        who: What the report would have called them.
        why: What went wrong, as the cloud's own library says.
        fix: What to do.
    """
    said = " ".join(why.split()) or "no reason was given"
    fault = Fault("BYOB-VERIFY-012", who, f"cannot sign in: {said}", None, "credentials that are accepted", fix)
    return ByobError([fault], "verification")
