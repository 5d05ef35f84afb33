"""Who holds the key and which key it is must agree, on every cloud, before anything is made."""

from collections.abc import Mapping, Sequence
from typing import Any

from byob_components.arguments import is_open
from byob_components.combinations import displayed
from byob_components.errors import Fault
from byob_components.store import Encryption


def check_key_choice(
    values: Mapping[str, Any],
    default: Encryption,
    key: str,
    kind: str,
    of_new_keys: Sequence[str],
    codes: tuple[str, str, str],
) -> list[Fault]:
    """What contradicts itself in a call's `encryption` and its key.

    Args:
        values: The arguments that were given.
        default: The cloud's `encryption` when none is given.
        key: The argument that names an existing key.
        kind: What that argument holds, for example `the ARN of a KMS key`.
        of_new_keys: The arguments that describe a key to be made.
        codes: Of a missing key, of an argument that describes a key to be made, and of a key too many.
    """
    encryption, given = values.get("encryption", default), key in values
    missing, idle, extra = codes
    faults = []
    if encryption is Encryption.EXISTING_KEY and not given:
        fix = f"give {key}, or let a key be made with encryption 'new_key'"
        faults.append(Fault(missing, key, "is missing, and encryption is 'existing_key'", None, kind, fix))
    if encryption is not Encryption.EXISTING_KEY and given:
        value = displayed(values, key)
        shown = None if is_open(value) else value
        allowed, fix = "encryption 'existing_key' with a key", f"set encryption to 'existing_key', or drop {key}"
        faults.append(Fault(extra, key, f"is given, and encryption is '{encryption}'", shown, allowed, fix))
    if encryption is not Encryption.NEW_KEY:
        what = f"describes a key to be made, and encryption is '{encryption}'"
        fix = "drop it, or set encryption to 'new_key'"
        faults += [Fault(idle, name, what, None, "encryption 'new_key'", fix) for name in of_new_keys if name in values]
    return faults
