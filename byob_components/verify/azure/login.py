"""Who acts on Azure: the environment's own login, or another credential of `azure-identity`."""

from __future__ import annotations

import base64
import json
import logging
import os
from typing import Any

from azure.core.exceptions import AzureError, ClientAuthenticationError
from azure.identity import (
    AzureCliCredential,
    CertificateCredential,
    DefaultAzureCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)

from byob_components.verify.azure.actor import STORAGE_SCOPE
from byob_components.verify.azure.store import AzureIdentity, AzureStore
from byob_components.verify.login import refused, split

_LOG_IN = "log in (`az login`), or set AZURE_TENANT_ID, AZURE_CLIENT_ID and a secret, certificate or federated token"


def sign_in(role: str, way: str, store: AzureStore) -> AzureIdentity:
    """Make somebody's credential, and see that it gets a token.

    Args:
        role: What they are in the verification, for example `the owner`.
        way: Empty for the environment's own login, `cli`, `managed:CLIENT_ID`, `workload:CLIENT_ID`, or
            `certificate:TENANT/CLIENT_ID/FILE`.
        store: Where they shall act.

    Raises:
        ByobError: There is no credential, or it gets no token.
    """
    logger = logging.getLogger("azure")
    level = logger.level
    logger.setLevel(logging.CRITICAL)  # the libraries log what is raised as well
    try:
        credential = _credential(way, store)
        token = credential.get_token(STORAGE_SCOPE).token
    except ClientAuthenticationError as problem:
        raise refused(role, _first(str(problem)), _LOG_IN) from None
    except (AzureError, ValueError, OSError) as problem:
        raise refused(role, f"{type(problem).__name__}: {_first(str(problem))}", _LOG_IN) from None
    finally:
        logger.setLevel(level)
    name, client_id = _whose(token)
    return AzureIdentity(f"{role} ({name or 'a login that does not say whose it is'})", credential, client_id)


def _credential(way: str, store: AzureStore) -> Any:
    kind, value = split(way)
    more: dict[str, Any] = {"connection_verify": store.ca_bundle} if store.ca_bundle else {}
    if os.environ.get("AZURE_AUTHORITY_HOST"):
        # A cloud of its own, which Microsoft's list of authorities does not know.
        more["disable_instance_discovery"] = True
    if kind == "cli":
        return AzureCliCredential()
    if kind == "managed":
        return ManagedIdentityCredential(client_id=value)
    if kind == "workload":
        return WorkloadIdentityCredential(client_id=value, **more)
    if kind == "certificate":
        tenant, client, file = [*value.split("/", 2), "", ""][:3]
        return CertificateCredential(tenant, client, file, **more)
    return DefaultAzureCredential(exclude_interactive_browser_credential=True, **more)


def _first(text: str) -> str:
    """One line of what may be a page: the chain of credentials tells of each one that it tried, and the reason of one
    that was refused says more than those of others that are not there."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    refusals = [line for line in lines if "AADSTS" in line or "Authentication failed" in line]
    return next(iter([*refusals, *lines]), text)


def _whose(token: str) -> tuple[str, str]:
    """Name and object id in a token's own words. They are not verified here: the store does that."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        person = next((str(claims[key]) for key in ("upn", "unique_name") if claims.get(key)), "")
        application = next((f"application {claims[key]}" for key in ("appid", "azp") if claims.get(key)), "")
        name = person or application or str(claims.get("oid") or "")
        return name, str(claims.get("oid") or claims.get("appid") or name)
    except (IndexError, ValueError, TypeError, AttributeError):
        return "", ""
