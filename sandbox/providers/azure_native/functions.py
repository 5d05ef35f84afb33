"""The look-ups (invokes) that programs use."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from sandbox.clouds.azure.apis.tokens import unverified
from sandbox.providers.azure_native.cloud import Azure
from sandbox.providers.framework.resource import Props

_STORAGE = "2024-01-01"


def client_config(cloud: Azure, args: Props) -> Props:
    claims = unverified(cloud.token("https://management.azure.com"))
    return {
        "clientId": cloud.settings["clientId"],
        "objectId": claims["oid"],
        "subscriptionId": cloud.subscription,
        "tenantId": cloud.settings["tenantId"],
    }


def _account(cloud: Azure, args: Props) -> str:
    group, name = quote(args["resourceGroupName"]), quote(args["accountName"])
    return f"/subscriptions/{cloud.subscription}/resourceGroups/{group}/providers/Microsoft.Storage/storageAccounts/{name}"  # fmt: skip


def account_keys(cloud: Azure, args: Props) -> Props:
    return {"keys": cloud.call("POST", f"{_account(cloud, args)}/listKeys", _STORAGE)["keys"]}


FUNCTIONS: Mapping[str, Callable[[Any, Props], Props]] = {
    "azure-native:authorization:getClientConfig": client_config,
    "azure-native:storage:listStorageAccountKeys": account_keys,
}
