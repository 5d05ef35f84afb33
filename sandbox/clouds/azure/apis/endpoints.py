"""The metadata that clients of a cloud other than the public one find everything else by (`/metadata/endpoints`)."""

from __future__ import annotations

from typing import Any


def metadata(address: str, tenant: str) -> dict[str, Any]:
    """What `metadataHost` of the azure-native provider leads to.

    Args:
        address: Where Resource Manager and sign-in are served.
        tenant: The tenant's id.
    """
    return {
        "name": "ByobLocalCloud",
        "resourceManager": f"{address}/",
        "authentication": {"loginEndpoint": f"{address}/", "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"], "tenant": tenant, "identityProvider": "AAD"},
        "suffixes": {"storage": "localhost", "keyVaultDns": "localhost"},
        "microsoftGraphResourceId": f"{address}/graph/", "graph": f"{address}/graph/", "portal": f"{address}/portal/",
    }  # fmt: skip
