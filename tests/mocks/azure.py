"""Azure as a program sees it through its provider: names made by Pulumi, computed values, unknown in a preview."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.runtime import mocks

from tests.mocks.monitor import Run, run

SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"
TENANT = "22222222-2222-2222-2222-222222222222"
CLIENT = "33333333-3333-3333-3333-333333333333"
OBJECT = "44444444-4444-4444-4444-444444444444"
ACCOUNT_KEY = "confidential+of/{account}/{key}=="
"""What stands in an account's keys; `{account}` is its name, `{key}` is `key1` or `key2`."""
_RANDOM = {
    "StorageAccount": "accountName",
    "Vault": "vaultName",
    "ResourceGroup": "resourceGroupName",
    "UserAssignedIdentity": "resourceName",
}
"""Kind to the input that gets the logical name and eight hexadecimal digits, with nothing between."""
_COPIED = {
    "BlobContainer": "containerName",
    "Key": "keyName",
    "FederatedIdentityCredential": "federatedIdentityCredentialResourceName",
    "ManagementLockByScope": "lockName",
    "DiagnosticSetting": "name",
}
"""Kind to the input that gets the logical name itself."""
_PROVIDERS = {
    "StorageAccount": "Microsoft.Storage/storageAccounts",
    "Vault": "Microsoft.KeyVault/vaults",
    "UserAssignedIdentity": "Microsoft.ManagedIdentity/userAssignedIdentities",
}


class AzureMocks(mocks.Mocks):
    """Answers as the `azure-native` provider would.

    Args:
        preview: Leave computed values out, which the SDK takes as unknown.
    """

    def __init__(self, *, preview: bool = False) -> None:
        self.preview = preview

    def call(self, args: mocks.MockCallArgs) -> Any:
        if args.token == "azure-native:authorization:getClientConfig":
            return {"subscriptionId": SUBSCRIPTION, "tenantId": TENANT, "clientId": CLIENT, "objectId": OBJECT}
        if args.token == "azure-native:storage:listStorageAccountKeys":
            values = {
                name: ACCOUNT_KEY.replace("{account}", args.args["accountName"]).replace("{key}", name)
                for name in ("key1", "key2")
            }
            made = {"creationTime": "2026-11-01T00:00:00Z", "permissions": "FULL"}
            return {"keys": [{"keyName": name, "value": value, **made} for name, value in values.items()]}
        raise AssertionError(f"no answer for {args.token}")

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        kind = args.typ.rpartition(":")[2]
        state = dict(args.inputs)
        if args.typ.startswith("azure-native:"):
            if kind in _RANDOM:
                state.setdefault(_RANDOM[kind], f"{args.name}a1b2c3d4")
            if kind in _COPIED:
                state.setdefault(_COPIED[kind], args.name)
        if kind == "StorageAccount" and "identity" in state:
            # A list as an input, a mapping as an output.
            held = _shown(state["identity"])
            ids = {} if self.preview else {_shown(one): {} for one in _shown(held["userAssignedIdentities"])}
            state["identity"] = {"type": held["type"], "userAssignedIdentities": ids}
        if self.preview:
            return "", state
        state |= self._computed(kind, args.name, state)
        return self._id(kind, args.name, state), state

    @staticmethod
    def _id(kind: str, name: str, state: dict[str, Any]) -> str:
        group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{_shown(state.get('resourceGroupName', ''))}"
        if kind == "ResourceGroup":
            return group
        if kind in _PROVIDERS:
            return f"{group}/providers/{_PROVIDERS[kind]}/{_shown(state['name'])}"
        if kind == "BlobContainer":
            account = f"{group}/providers/Microsoft.Storage/storageAccounts/{_shown(state['accountName'])}"
            return f"{account}/blobServices/default/containers/{_shown(state['name'])}"
        if kind == "Key":
            return (
                f"{group}/providers/Microsoft.KeyVault/vaults/{_shown(state['vaultName'])}/keys/{_shown(state['name'])}"
            )
        return f"{name}-id"

    def _computed(self, kind: str, name: str, state: dict[str, Any]) -> dict[str, Any]:
        named = _RANDOM.get(kind) or _COPIED.get(kind)
        # Not marked as secret, even when the name was.
        found: dict[str, Any] = {"name": _shown(state[named])} if named in state else {}
        if kind == "UserAssignedIdentity":
            found |= {"principalId": principal_of(name), "clientId": client_of(name), "tenantId": TENANT}
        if kind == "Key":
            vault = _shown(state["vaultName"])
            found["keyUri"] = f"https://{vault}.vault.azure.net/keys/{_shown(state['keyName'])}"
        return found


def principal_of(name: str) -> str:
    """The object id of an identity that the mock makes.

    Args:
        name: Its resource name.
    """
    return f"aaaaaaaa-0000-0000-0000-{sum(name.encode()):012d}"


def client_of(name: str) -> str:
    """The client id of an identity that the mock makes.

    Args:
        name: Its resource name.
    """
    return f"cccccccc-0000-0000-0000-{sum(name.encode()):012d}"


def _shown(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) and "value" in value else value


def record(
    component: type[pulumi.ComponentResource],
    args: Mapping[str, Any],
    *,
    name: str = "vision",
    opts: pulumi.ResourceOptions | None = None,
    preview: bool = False,
) -> Run:
    """Make one component and look at all its outputs.

    Args:
        component: The class.
        args: Its arguments.
        name: The resource name.
        opts: Resource options.
        preview: Whether it is a preview.
    """

    def program() -> dict[str, Any]:
        made = component(name, dict(args), opts)  # type: ignore[arg-type, call-arg]
        return {output: getattr(made, output) for output in inspect.get_annotations(component)}

    return run(program, AzureMocks(preview=preview), preview=preview)
