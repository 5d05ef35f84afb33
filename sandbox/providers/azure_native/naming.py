"""How azure-native names what has no name: with eight hexadecimal digits, by the logical name itself, or by a UUID."""

import secrets
import uuid
from dataclasses import dataclass

from sandbox.providers.framework.contract import Failure
from sandbox.providers.framework.resource import AutoName, Props


@dataclass(frozen=True)
class Naming(AutoName):
    """A name in azure-native's ways.

    Attributes:
        way: `random`, `copy` or `uuid`.
    """

    limit: int = 260
    way: str = "random"

    def fill(self, new: Props, old: Props, name: str, seed: bytes, mode: str, proposed: str) -> list[Failure]:
        """Put a name into `new` when there is none; an old one is kept, whoever chose it."""
        if self.property in new:
            return []
        if old.get(self.property):
            new[self.property] = old[self.property]
        elif mode == "disable":
            return [Failure(self.property, f"missing required property '{self.property}'")]
        elif proposed and (mode == "enforce" or self.way != "uuid"):
            new[self.property] = proposed
        elif self.way == "copy":
            new[self.property] = name
        else:
            digits = seed.hex() if len(seed) >= 16 else secrets.token_hex(16)
            new[self.property] = str(uuid.UUID(digits[:32])) if self.way == "uuid" else f"{name}{digits[:8]}"
        if self.way != "copy":
            # A copied name stays the same, so that a replacement must delete first; the others make room by themselves.
            new["__defaults"] = sorted({*new.get("__defaults", []), self.property})
        return []
