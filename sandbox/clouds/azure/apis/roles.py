"""The built-in roles that W&B's storage needs, from Azure's role reference; a role that is not here cannot be granted.

Source: learn.microsoft.com/azure/role-based-access-control/built-in-roles.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
_CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers"
_DELEGATE = "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action"
_KEYS = "Microsoft.KeyVault/vaults/keys"


@dataclass(frozen=True)
class Role:
    """What a role lets its holders do.

    Args:
        name: For people.
        actions: On resources.
        data: On the data in them.
        not_actions: Left out of the actions.
    """

    name: str
    actions: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()

    def allows(self, action: str, data: bool) -> bool:
        """Whether an action is in it; capitals do not matter."""
        asked = action.lower()
        given = self.data if data else self.actions
        held = any(fnmatchcase(asked, one.lower()) for one in given)
        return held and (data or not any(fnmatchcase(asked, one.lower()) for one in self.not_actions))


_COMMON = ("Microsoft.Authorization/*/read", "Microsoft.Insights/alertRules/*", "Microsoft.Resources/deployments/*", "Microsoft.Resources/subscriptions/resourceGroups/read", "Microsoft.Support/*")  # fmt: skip

# fmt: off
BUILT_IN: dict[str, Role] = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": Role("Owner", ("*",)),
    "b24988ac-6180-42a0-ab88-20f7382dd24c": Role("Contributor", ("*",), (), ("Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write", "Microsoft.Authorization/elevateAccess/Action")),
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": Role("Reader", ("*/read",)),
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": Role("User Access Administrator", ("*/read", "Microsoft.Authorization/*", "Microsoft.Support/*")),
    "17d1049b-9a84-46fb-8f53-869881c3d3ab": Role("Storage Account Contributor", (*_COMMON, "Microsoft.Insights/diagnosticSettings/*", "Microsoft.ResourceHealth/availabilityStatuses/read", "Microsoft.Storage/storageAccounts/*")),
    "81a9662b-bebf-436f-a333-f67b29880f12": Role("Storage Account Key Operator Service Role", ("Microsoft.Storage/storageAccounts/listkeys/action", "Microsoft.Storage/storageAccounts/regeneratekey/action")),
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": Role("Storage Blob Data Owner", (f"{_CONTAINERS}/*", _DELEGATE), (f"{_BLOBS}/*",)),
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": Role(
        "Storage Blob Data Contributor",
        (f"{_CONTAINERS}/delete", f"{_CONTAINERS}/read", f"{_CONTAINERS}/write", _DELEGATE),
        (f"{_BLOBS}/delete", f"{_BLOBS}/read", f"{_BLOBS}/write", f"{_BLOBS}/move/action", f"{_BLOBS}/add/action"),
    ),
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": Role("Storage Blob Data Reader", (f"{_CONTAINERS}/read", _DELEGATE), (f"{_BLOBS}/read",)),
    "db58b8e5-c6ad-4a2a-8342-4190687cbf4a": Role("Storage Blob Delegator", (_DELEGATE,)),
    "e147488a-f6f5-4113-8e2d-b22465e65bf6": Role("Key Vault Crypto Service Encryption User", ("Microsoft.EventGrid/eventSubscriptions/*",), (f"{_KEYS}/read", f"{_KEYS}/wrap/action", f"{_KEYS}/unwrap/action")),
    "14b46e9e-c2b7-41b4-b07b-48a6ebf60603": Role("Key Vault Crypto Officer", (*_COMMON, "Microsoft.KeyVault/checkNameAvailability/read", "Microsoft.KeyVault/deletedVaults/read", "Microsoft.KeyVault/vaults/read"), (f"{_KEYS}/*", "Microsoft.KeyVault/vaults/keyrotationpolicies/*")),
    "00482a5a-887f-4fb3-b363-3b7fe8e74483": Role("Key Vault Administrator", (*_COMMON, "Microsoft.KeyVault/deletedVaults/read", "Microsoft.KeyVault/vaults/read"), ("Microsoft.KeyVault/vaults/*",)),
    "21090545-7ca7-4776-b22c-e363652d74d2": Role("Key Vault Reader", (*_COMMON, "Microsoft.KeyVault/vaults/read"), ("Microsoft.KeyVault/vaults/*/read",)),
    "12338af0-0e69-4776-bea7-57ae8d297424": Role("Key Vault Crypto User", (), (f"{_KEYS}/read", f"{_KEYS}/update/action", f"{_KEYS}/backup/action", f"{_KEYS}/encrypt/action", f"{_KEYS}/decrypt/action", f"{_KEYS}/wrap/action", f"{_KEYS}/unwrap/action", f"{_KEYS}/sign/action", f"{_KEYS}/verify/action")),
}
"""Role definition id -> role."""
# fmt: on


def by_name(name: str) -> str:
    """The id of a built-in role."""
    return next(id for id, role in BUILT_IN.items() if role.name == name)
