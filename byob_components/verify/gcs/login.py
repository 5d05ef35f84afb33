"""Who acts on Google Cloud: the environment's own login, a key file, or an account that it impersonates."""

from __future__ import annotations

import json
import warnings
from typing import Any

import google.auth
import requests
from google.auth import impersonated_credentials
from google.auth.credentials import with_scopes_if_required
from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport.requests import Request

from byob_components.errors import ByobError
from byob_components.verify.gcs.store import GcsIdentity, GcsStore
from byob_components.verify.login import refused, split

_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
_USER = "https://openidconnect.googleapis.com/v1/userinfo"
_NOT_TOLD = "not-told@credentials.invalid"
"""Stands for the address of a login that does not say whose it is."""
_LOG_IN = "log in (`gcloud auth application-default login`), or set GOOGLE_APPLICATION_CREDENTIALS"


def sign_in(role: str, way: str, store: GcsStore) -> GcsIdentity:
    """Take somebody's credentials, and see that they are accepted.

    Args:
        role: What they are in the verification, for example `the owner`.
        way: Empty for the environment's own login, `key-file:FILE`, or `impersonate:EMAIL`.
        store: Where they shall act.

    Raises:
        ByobError: There are no credentials, or they are not accepted.
    """
    kind, value = split(way)
    if kind == "key-file":
        try:
            made = GcsIdentity.from_key_file(role, value)
        except ByobError as problem:
            raise refused(role, problem.faults[0].what, "give the JSON key file of a service account") from None
        return GcsIdentity(f"{role} ({made.email})", made.email, made.key_file)
    request = _request(store)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a login without a quota project: nothing here is billed to one
            credentials, _ = google.auth.default(request=request)  # type: ignore[no-untyped-call, unused-ignore]  # google-auth has no types
            # A person's login keeps the scopes it was made with; an account's has none until it is asked for some.
            credentials = with_scopes_if_required(credentials, _SCOPES)  # type: ignore[no-untyped-call, unused-ignore]  # google-auth has no types
            if kind == "impersonate":
                credentials = impersonated_credentials.Credentials(  # type: ignore[no-untyped-call, unused-ignore]  # google-auth has no types
                    credentials, value, list(_SCOPES)
                )
            credentials.refresh(request)
    except TransportError as problem:
        raise refused(role, f"no answer: {problem}", "look at the network, the proxy and --ca-bundle") from None
    except GoogleAuthError as problem:
        fix = f"let your login create tokens as {value}" if kind == "impersonate" else _LOG_IN
        raise refused(role, str(problem.args[0] if problem.args else problem), fix) from None
    email = value if kind == "impersonate" else _whose(credentials, request)
    named = email or "the environment's login, which does not say whose it is"
    return GcsIdentity.from_credentials(f"{role} ({named})", credentials, email or _NOT_TOLD)


def _request(store: GcsStore) -> Any:
    session = requests.Session()
    session.verify = store.ca_bundle or True
    if store.ca_bundle:
        session.trust_env = False  # else an authority that the environment names would win
    return Request(session)  # type: ignore[no-untyped-call, unused-ignore]  # google-auth has no types


def _whose(credentials: Any, request: Any) -> str:
    """The e-mail address of a login: an account says it itself, a person's is asked of Google."""
    for name in ("service_account_email", "signer_email", "account"):
        said = getattr(credentials, name, "")
        if said and "@" in str(said):
            return str(said)
    try:
        answer = request(_USER, headers={"Authorization": f"Bearer {credentials.token}"}, timeout=10)
        found = json.loads(answer.data).get("email", "") if answer.status == 200 else ""
    except (GoogleAuthError, ValueError, AttributeError):
        found = ""
    return str(found)
