"""The language host of YAML programs, built from its Go module; only tests need it, which show the policies another language."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from sandbox.engine.install import HERE, VERSION, SetupError, ensure_engine
from sandbox.places import BIN

MODULE = HERE / "yaml"
"""A module of its own: in the engine's it would lift libraries that the engine is built with."""


def yaml_host() -> Path | None:
    """The host beside the engine, as far as it has been made."""
    found = ensure_engine()[0].parent / "pulumi-language-yaml"
    return found if found.exists() else None


def ensure_yaml_host() -> str:
    """Build the host when it is missing.

    Returns:
        What was done.

    Raises:
        SetupError: There is no Go to build it, or it could not be built.
    """
    if ensure_engine()[0].parent != BIN:
        return "the installed one" if yaml_host() else "not there"
    binary, stamp = BIN / "pulumi-language-yaml", BIN / "pulumi-language-yaml.made-of"
    digest = hashlib.sha256((MODULE / "go.sum").read_bytes() + VERSION.encode()).hexdigest()
    with (BIN / "pulumi-language-yaml.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if binary.exists() and stamp.exists() and stamp.read_text() == digest:
            return "built before"
        if shutil.which("go") is None:
            raise SetupError("there is no Go to build the YAML language host: install it (https://go.dev/doc/install)")
        # The engine's own flags, so that what both are made of is compiled once.
        flags = f"-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{VERSION}"
        command = ["go", "build", "-mod=readonly", "-trimpath", "-tags", "osusergo,grpcnotrace", "-ldflags", flags]
        made = subprocess.run(
            [*command, "-o", str(binary), "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"],
            cwd=MODULE, env={**os.environ, "CGO_ENABLED": "0"}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode:
            raise SetupError(f"the YAML language host could not be built:\n{made.stderr.strip()[-2000:]}")
        stamp.write_text(digest)
    return "built now"
