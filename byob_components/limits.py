"""Limits that every cloud has, each with numbers and a code of its own: whole numbers in a range, and live keys at a time."""

import re

from byob_components.errors import Check, Fault


def between(code: str, low: int, high: int, unit: str, why: str) -> Check:
    """A check that a whole number lies in a range.

    Args:
        code: The fault's code.
        low: The smallest number allowed.
        high: The largest number allowed.
        unit: What is counted, for example `days`.
        why: Why the range is what it is, a clause.
    """

    def check(value: int, where: str) -> list[Fault]:
        if low <= value <= high:
            return []
        what, fix = f"is out of range: {why}", f"give a whole number of {unit} in the range"
        return [Fault(code, where, what, value, f"{low} to {high} {unit}", fix)]

    return check


def live_keys(code: str, why: str) -> Check:
    """A check of the labels of static keys: one is in use, and a second one during a rotation.

    Args:
        code: The fault's code.
        why: Why there are no more than two, a clause.
    """

    def check(values: list[str], where: str) -> list[Fault]:
        faults = []
        if not 1 <= len(values) <= 2:
            allowed = "1 label, or 2 during a rotation, the newest last"
            fix = "remove the oldest label first, run `pulumi up`, then add the new one"
            faults.append(Fault(code, where, f"holds {len(values)} labels: {why}", values, allowed, fix))
        allowed, fix = "1 to 32 letters, digits or '-'", "use the month of issue, for example '2026-11'"
        faults += [
            Fault(code, f"{where}[{i}]", "is not a label", value, allowed, fix)
            for i, value in enumerate(values)
            if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}", value)
        ]
        if len(set(values)) < len(values):
            fix = "give each key a label of its own"
            faults.append(Fault(code, where, "names a label twice", values, "different labels", fix))
        return faults

    return check
