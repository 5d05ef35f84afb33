"""Names that Azure takes. Pulumi puts eight hexadecimal digits behind the logical name of an account or a vault, with nothing
between, and gives a container and a key the logical name itself: so these logical names must fit."""

import hashlib
import re

_LIMIT = 16
"""Of 24 characters, less Pulumi's eight."""


def account_stem(name: str) -> str:
    """The logical name of a storage account: the store's, where the account's name can begin with it.

    Args:
        name: The store's resource name, for example `research-nlp`.

    Returns:
        1 to 16 lower-case letters and digits. Where the name had to be changed, the start of a hash stands behind it, so that
        no two stores share a logical name.
    """
    return name if re.fullmatch(r"[a-z0-9]{1,16}", name) else _fitted(name)


def vault_stem(name: str) -> str:
    """The logical name of a vault, which takes hyphens too, and wants a letter first.

    Args:
        name: The store's resource name.
    """
    if len(name) <= _LIMIT and re.fullmatch(r"[A-Za-z]([A-Za-z0-9]|-(?=[A-Za-z0-9]))*", name):
        return name
    return _fitted(name, "v")


def is_vault_name(name: str) -> bool:
    """Whether Key Vault takes a name for a vault.

    Args:
        name: The name.
    """
    return 3 <= len(name) <= 24 and re.fullmatch(r"[A-Za-z]([A-Za-z0-9]|-(?=[A-Za-z0-9]))*", name) is not None


def is_key_name(name: str) -> bool:
    """Whether Key Vault takes a name for a key.

    Args:
        name: The name.
    """
    return re.fullmatch(r"[0-9A-Za-z-]{1,127}", name) is not None


def _fitted(name: str, first: str = "") -> str:
    hashed = hashlib.sha256(name.encode()).hexdigest()[:4]
    kept = re.sub(r"[^a-z0-9]", "", name.lower())
    if first and kept[:1].isalpha():
        first = ""
    return f"{first}{kept}"[: _LIMIT - len(hashed)] + hashed
