"""The files of a stack in the file backend, read and written without a command of the engine for each.

A test asks for state and outputs at every turn, and a command takes a third of a second, most of it to make the key of the
passphrase. `test_backend.py` holds all of it against the commands.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SIGNATURE = "4dabf18193072939515e22adb298388d"


def stack_file(backend: Path, project: str, stack: str) -> Path:
    """Where a stack's state is.

    Args:
        backend: The backend's folder.
        project: The project's name.
        stack: The stack's name.
    """
    return backend / ".pulumi" / "stacks" / project / f"{stack}.json"


def begin(backend: Path, project: str, stack: str, salt: str) -> None:
    """What `pulumi stack init` leaves, for a stack whose configuration has its salt.

    Args:
        backend: The backend's folder.
        project: The project's name.
        stack: The stack's name.
        salt: The `encryptionsalt` line of the stack's configuration.
    """
    latest = {
        "manifest": {"time": "2026-01-01T00:00:00Z", "magic": "", "version": ""},
        "secrets_providers": {"type": "passphrase", "state": {"salt": salt}},
        "metadata": {},
    }
    checkpoint = {"stack": f"organization/{project}/{stack}", "latest": latest}
    file = stack_file(backend, project, stack)
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"version": 3, "checkpoint": checkpoint}))
    (backend / ".pulumi" / "meta.yaml").write_text("version: 1\n")


def deployment(backend: Path, project: str, stack: str) -> dict[str, Any]:
    """What `pulumi stack export` gives.

    Args:
        backend: The backend's folder.
        project: The project's name.
        stack: The stack's name.
    """
    checkpoint = json.loads(stack_file(backend, project, stack).read_text())["checkpoint"]
    found: dict[str, Any] = checkpoint["latest"]
    return found


def outputs(deployed: Mapping[str, Any]) -> dict[str, Any]:
    """What `pulumi stack output --json --show-secrets` gives; the passphrase is empty.

    Args:
        deployed: What `deployment` gave.
    """
    salt = deployed["secrets_providers"]["state"]["salt"]
    stacks = (r for r in deployed.get("resources", []) if r["type"] == "pulumi:pulumi:Stack")
    found: dict[str, Any] = _opened(next(stacks, {}).get("outputs", {}), salt)
    return found


def _opened(value: Any, salt: str) -> Any:
    if isinstance(value, list):
        return [_opened(one, salt) for one in value]
    if isinstance(value, dict):
        if "ciphertext" in value and SIGNATURE in value:
            return _opened(json.loads(decrypt(value["ciphertext"], salt)), salt)
        return {key: _opened(one, salt) for key, one in value.items()}
    return value


@functools.cache
def _key(salt: str) -> AESGCM:
    # sdk/go/common/resource/config/crypt.go
    return AESGCM(hashlib.pbkdf2_hmac("sha256", b"", base64.b64decode(salt.split(":")[1]), 1_000_000, 32))


def decrypt(text: str, salt: str) -> str:
    """A secret of the state.

    Args:
        text: `v1:<nonce>:<sealed>`.
        salt: The `encryptionsalt` line.
    """
    _, nonce, sealed = text.split(":")
    return _key(salt).decrypt(base64.b64decode(nonce), base64.b64decode(sealed), None).decode()
