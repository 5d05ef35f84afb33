"""What arguments of components on Azure must be to each other, in the order in which it is told."""

from collections.abc import Mapping
from typing import Any

from byob_components.arguments import is_open
from byob_components.azure import lifecycle
from byob_components.azure.identity import OF_MADE, OF_NAMED, mode_of
from byob_components.combinations import Combination, displayed
from byob_components.errors import Fault
from byob_components.key_choice import check_key_choice
from byob_components.store import Encryption
from byob_components.suspension import of_this_store, paths_left, some_are_suspended
from byob_components.wandb import deployment as availability
from byob_components.wandb import principal as wandb_principal
from byob_components.wandb.access import Access, AzureMode, check_access
from byob_components.wandb.deployment import Cloud, Level

Values = Mapping[str, Any]
KEY_ONLY = ("kms_deletion_window_days", "kms_key_name", "kms_rotation_days", "kms_vault_name")
"""Arguments that describe a key to be made."""


def _by_key(values: Values) -> bool:
    """Whether W&B comes by the account key, which is no level's default."""
    return values.get("mode") is AzureMode.ACCESS_KEY


# ------------------------------------------------------------------------------------- what W&B offers
def _offer(values: Values) -> list[Fault]:
    return availability.check_offer(values["deployment"], values["level"], Cloud.AZURE)


def _access(values: Values) -> list[Fault]:
    # On Azure the mode decides, and not the level.
    return check_access(values.get("access", Access.DOCUMENTED), Level.TEAM, Cloud.AZURE, [], mode_of(values))


def _connector(values: Values) -> list[Fault]:
    if values.get("mode") is not AzureMode.TEAM_CONNECTOR or values["level"] is not Level.INSTANCE:
        return []
    what = "is W&B's connector for teams, and level is 'instance'"
    fix = "leave mode out for 'keyless', or take 'access_key' where the server's chart is older than 0.44.0"
    return [Fault("BYOB-AZURE-018", "mode", what, str(values["mode"]), "'keyless' or 'access_key'", fix)]


# ------------------------------------------------------------------------------------- whom W&B is
def _no_identity(values: Values) -> list[Fault]:
    if not _by_key(values):
        return []
    what = "is about an identity, and mode is 'access_key': whoever has the key needs none"
    return [
        Fault("BYOB-AZURE-020", name, what, None, "without it", "drop it, or choose another mode")
        for name in ("principals", "oidc_issuer_url", *OF_MADE, *OF_NAMED)
        if name in values
    ]


def _of_made(values: Values) -> list[Fault]:
    return _idle(values, OF_MADE, "the cluster", "oidc_issuer_url")


def _of_named(values: Values) -> list[Fault]:
    return _idle(values, OF_NAMED, "an identity of yours", "principals")


def _idle(values: Values, arguments: tuple[str, ...], about: str, without: str) -> list[Fault]:
    if _by_key(values) or without in values:
        return []
    what, fix = f"is about {about}, and {without} is missing", f"give {without}, or drop it"
    return [Fault("BYOB-AZURE-020", name, what, None, f"with {without}", fix) for name in arguments if name in values]


def _one_identity(values: Values) -> list[Fault]:
    if _by_key(values) or "oidc_issuer_url" not in values or "principals" not in values:
        return []
    what = "names the cluster that an identity to be made trusts, and principals names an identity"
    fix = "drop principals to have one made, or oidc_issuer_url to take yours"
    return [Fault("BYOB-AZURE-020", "oidc_issuer_url", what, None, "one of the two", fix)]


def _somebody(values: Values) -> list[Fault]:
    if _by_key(values) or "oidc_issuer_url" in values or "principals" in values:
        return []
    if mode_of(values) is AzureMode.KEYLESS and values["level"] is Level.INSTANCE:
        return [wandb_principal.missing_preset(values["deployment"], Cloud.AZURE)]
    what = "is missing, and no identity is named: W&B's service accounts act as an identity that trusts their cluster"
    allowed = "the OIDC issuer of the cluster that W&B runs in, or principals with identity_client_id"
    fix = (
        "ask W&B for your instance's issuer, or `az aks show --query oidcIssuerProfile.issuerUrl`; or give [] as principals "
        "for nobody"
    )
    return [Fault("BYOB-AZURE-020", "oidc_issuer_url", what, None, allowed, fix)]


def _client_id(values: Values) -> list[Fault]:
    if "identity_client_id" in values or not values.get("principals"):
        return []
    if _by_key(values) or values["level"] is not Level.TEAM:
        return []
    what, fix = "is missing, and W&B's form for a team asks for it", "give it: `az identity show --query clientId`"
    return [Fault("BYOB-AZURE-020", "identity_client_id", what, None, "the client id of the identity", fix)]


# ------------------------------------------------------------------------------------- account and container
def _key_expiry(values: Values) -> list[Fault]:
    if "account_key_expiry_days" not in values or mode_of(values) is not AzureMode.KEYLESS:
        return []
    what, fix = "is about the account key, which mode 'keyless' switches off", "drop it, or choose another mode"
    return [Fault("BYOB-AZURE-022", "account_key_expiry_days", what, None, "another mode", fix)]


def _logs_elsewhere(values: Values) -> list[Fault]:
    own, logs = values.get("account_name"), values.get("access_log_account_id")
    if not isinstance(own, str) or not isinstance(logs, str) or not logs.lower().endswith(f"/storageaccounts/{own}"):
        return []
    what, fix = "is the account itself: each log would be logged", "keep logs in an account of their own"
    return [Fault("BYOB-AZURE-023", "access_log_account_id", what, logs, "another account", fix)]


def _others_data(values: Values) -> list[Fault]:
    return _account_wide(values) if values.get("other_containers") else []


def _account_wide(values: Values) -> list[Fault]:
    """Refuse rights on data of others."""
    if values.get("allow_account_wide"):
        return []
    mode = mode_of(values)
    if mode is AzureMode.KEYLESS and values.get("access") is Access.MINIMAL:
        return []
    how = "the account key opens" if mode is AzureMode.ACCESS_KEY else "W&B's documented roles hold for"
    narrower = "access 'minimal', or an account of its own" if mode is AzureMode.KEYLESS else "an account of its own"
    what = f"is not set, and {how} the whole account, containers of others included"
    fix = (
        "give W&B an account of its own, or set allow_account_wide to true if W&B may read and delete all that is in it"
    )
    return [Fault("BYOB-AZURE-019", "allow_account_wide", what, None, narrower, fix)]


# ------------------------------------------------------------------------------------- keys
def _account_key(values: Values) -> list[Fault]:
    if "account_key" not in values:
        return []
    mode = mode_of(values)
    if mode is AzureMode.ACCESS_KEY:
        return []
    what, fix = f"names a key for W&B, and mode is '{mode}'", "drop it, or set mode to 'access_key'"
    return [Fault("BYOB-AZURE-022", "account_key", what, None, "with mode 'access_key'", fix)]


def _encryption(values: Values) -> list[Fault]:
    codes = ("BYOB-AZURE-008", "BYOB-AZURE-009", "BYOB-AZURE-010")
    kind = "the identifier of a key in a vault, without a version"
    return check_key_choice(values, Encryption.PROVIDER_MANAGED, "kms_key_id", kind, KEY_ONLY, codes)


def _encryption_identity(values: Values) -> list[Fault]:
    """A key that exists already wants an identity that may use it, and no other does."""
    existing, given = values.get("encryption") is Encryption.EXISTING_KEY, "kms_identity_id" in values
    if existing is given:
        return []
    if existing:
        what = "is missing, and encryption is 'existing_key': Azure Storage uses a key by an identity"
        fix = "give a user-assigned identity with the role Key Vault Crypto Service Encryption User on the key"
        return [Fault("BYOB-AZURE-008", "kms_identity_id", what, None, "the id of such an identity", fix)]
    value = displayed(values, "kms_identity_id")
    shown = None if is_open(value) else value
    what, fix = "goes with a key that exists already", "drop it, or set encryption to 'existing_key'"
    return [Fault("BYOB-AZURE-010", "kms_identity_id", what, shown, "encryption 'existing_key'", fix)]


def _container_key(values: Values) -> list[Fault]:
    """A container by itself makes neither a key nor the identity that may use it."""
    encryption = values.get("encryption", Encryption.PROVIDER_MANAGED)
    provider, faults = encryption is Encryption.PROVIDER_MANAGED, []
    for name in ("kms_key_id", "kms_identity_id"):
        if provider and name in values:
            what, fix = "is given, and the provider manages the key", f"drop {name}, or set encryption"
            faults.append(Fault("BYOB-AZURE-010", name, what, None, "another encryption", fix))
        if not provider and name not in values:
            what, fix = f"is missing, and encryption is '{encryption}'", f"give {name}, or leave encryption out"
            faults.append(Fault("BYOB-AZURE-008", name, what, None, "a key and the identity that may use it", fix))
    return faults


# ------------------------------------------------------------------------------------- suspension
def _lock(values: Values) -> list[Fault]:
    if not values.get("lock") or paths_left(values):
        return []
    what = "keeps W&B's roles from being taken away, and every path is suspended"
    return [
        Fault("BYOB-AZURE-021", "lock", what, True, "false", "set lock to false for as long as the store is suspended")
    ]


def _suspended_together(values: Values) -> list[Fault]:
    if not some_are_suspended(values):
        return []
    what = "names some paths, and on Azure rights hold for the whole container, with 'minimal' access too"
    fix = "suspend every path, or give the team a container of its own"
    return [Fault("BYOB-AZURE-030", "suspended_paths", what, values["suspended_paths"], "every path, or none", fix)]


# ------------------------------------------------------------------------------------- the grant
def _grant_by_key(values: Values) -> list[Fault]:
    if not _by_key(values):
        return []
    what, fix = "needs no grant: whoever has the account key has everything", "leave it out, or drop the grant"
    return [Fault("BYOB-AZURE-018", "mode", what, str(values["mode"]), "'team_connector' or 'keyless'", fix)]


def _grant_access(values: Values) -> list[Fault]:
    return [] if _by_key(values) else _access(values)


def _grant_account_wide(values: Values) -> list[Fault]:
    """An account made elsewhere may hold containers of others."""
    return [] if _by_key(values) else _account_wide(values)


# ------------------------------------------------------------------------------------- the tables
_WHO: tuple[Combination, ...] = (_connector, _of_made, _one_identity, _of_named, _somebody, _client_id)
_IN_CONTAINER: tuple[Combination, ...] = (lifecycle.check_rules, _key_expiry, _logs_elsewhere, _others_data)
STORE: tuple[Combination, ...] = (
    _offer,
    _access,
    _no_identity,
    *_WHO,
    *_IN_CONTAINER,
    _encryption,
    _encryption_identity,
    _account_key,
    of_this_store("BYOB-AZURE-029"),
    _lock,
    _suspended_together,
)
"""Of AzureByob."""
CONTAINER: tuple[Combination, ...] = (_access, *_IN_CONTAINER, _container_key)
"""Of AzureContainer."""
GRANT: tuple[Combination, ...] = (_offer, _grant_by_key, _grant_access, *_WHO, _grant_account_wide)
"""Of AzureGrant."""
