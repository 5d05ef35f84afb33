"""The engine: an installed `pulumi` when it is new enough and brings its own Python host, else one built from the Go module."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from sandbox.places import BIN, HOME, ROOT, python

VERSION = "3.259.0"
"""The newest CLI that the Go module proxy serves."""
HERE = Path(__file__).resolve().parent
USERS_OWN = ("PULUMI_", "AWS_", "GOOGLE_", "GCLOUD_", "CLOUDSDK_", "ARM_", "AZURE_")
"""Beginnings of environment variables by which the engine and the clouds' clients find a user's own accounts."""


class SetupError(Exception):
    """Something this machine lacks; the message says what, and what to do."""


def installed_engine() -> Path | None:
    """An official CLI on PATH that is new enough and has its Python language host beside it."""
    found = shutil.which("pulumi")
    if found is None or Path(found).parent == BIN:
        return None
    folder = Path(found).resolve().parent
    text = subprocess.run([found, "version"], capture_output=True, text=True, check=False).stdout
    numbers = tuple(int(n) for n in re.findall(r"\d+", text)[:3])
    if numbers >= tuple(int(n) for n in VERSION.split(".")) and (folder / "pulumi-language-python").exists():
        return Path(found)
    return None


def ensure_engine() -> tuple[Path, str]:
    """The engine, built when it is missing.

    Returns:
        The binary, and what was done about it.

    Raises:
        SetupError: There is no engine and no Go to build one.
    """
    official = installed_engine()
    if official is not None:
        return official, "the installed one"
    binary, stamp = BIN / "pulumi", BIN / "pulumi.made-of"
    digest = hashlib.sha256((HERE / "go.sum").read_bytes() + VERSION.encode()).hexdigest()
    _write_host()
    if binary.exists() and stamp.exists() and stamp.read_text() == digest:
        return binary, f"{VERSION}, built before"
    if shutil.which("go") is None:
        raise SetupError(
            f"there is no Pulumi CLI {VERSION} or newer, and no Go to build one: install either "
            "(https://www.pulumi.com/docs/iac/download-install/ or https://go.dev/doc/install)"
        )
    flags = f"-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{VERSION}"
    command = ["go", "build", "-mod=readonly", "-trimpath", "-tags", "osusergo,grpcnotrace", "-ldflags", flags]
    BIN.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(
        [*command, "-o", str(binary), "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
        cwd=HERE, env={**os.environ, "CGO_ENABLED": "0"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise SetupError(f"the Pulumi CLI could not be built:\n{made.stderr.strip()[-2000:]}")
    stamp.write_text(digest)
    return binary, f"{VERSION}, built now"


def _write_host() -> None:
    """An executable `pulumi-language-python` beside the engine that runs our host with the sandbox's Python."""
    BIN.mkdir(parents=True, exist_ok=True)
    script = BIN / "pulumi-language-python"
    text = f'#!/bin/sh\nexec "${{BYOB_PYTHON:-{python()}}}" -u "{HERE / "host.py"}" "$@"\n'
    if script.exists() and script.read_text() == text:
        return
    # The file appears whole: another engine may be starting it just now ("text file busy").
    made = script.with_name(f"{script.name}.{os.getpid()}")
    made.write_text(text)
    made.chmod(0o755)
    made.replace(script)


def engine_env(home: Path = HOME, backend: Path | None = None, *, throw_away: bool = False) -> dict[str, str]:
    """The environment in which the engine meets nothing of the user's own Pulumi.

    Args:
        home: PULUMI_HOME, with the plugin cache.
        backend: The folder of the file backend; default `state` beside the home.
        throw_away: Write the state at the end only; faster, but a killed run cannot be recovered.
    """
    place = backend or home.parent / "state"
    for folder in (home, place):
        folder.mkdir(parents=True, exist_ok=True)
    engine, _ = ensure_engine()
    kept = {k: v for k, v in os.environ.items() if not k.startswith(USERS_OWN)}
    env = {
        **kept,
        "PATH": f"{engine.parent}{os.pathsep}{os.environ['PATH']}",
        "BYOB_PYTHON": str(python()),
        "PULUMI_HOME": str(home),
        "PULUMI_BACKEND_URL": f"file://{place}",
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
        "PULUMI_DISABLE_REGISTRY_RESOLVE": "1",
        "PULUMI_CREDENTIAL_STORE": "plaintext",
        "PULUMI_SUPPRESS_NEO_LINK": "1",
        "PULUMI_IGNORE_AMBIENT_PLUGINS": "1",
        "NO_COLOR": "1",
        # Many short processes: what Python has compiled once is kept, and Go's collector waits for more than a few MB.
        "PYTHONDONTWRITEBYTECODE": "",
        "GOGC": "400",
    }
    return {**env, "PULUMI_SKIP_CHECKPOINTS": "true"} if throw_away else env


def install_plugins(home: Path = HOME) -> str:
    """Put the stand-in providers into the plugin cache, each under the version of its installed SDK.

    Args:
        home: PULUMI_HOME.

    Returns:
        What was done.

    Raises:
        SetupError: The engine refused.
    """
    from sandbox.providers.install import PACKAGES, executable, launch_script, release, write_plugin

    new = []
    for package in PACKAGES:
        there = home / "plugins" / f"resource-{package}-v{release(package)}" / executable(package)
        if there.exists() and there.read_text() == launch_script(python(), package):
            continue
        made = write_plugin(home.parent / f"plugin-{package}", python(), package)
        engine, _ = ensure_engine()
        done = subprocess.run(
            [str(engine), "plugin", "install", "resource", package, release(package), "--reinstall", "--file", str(made)],
            env=engine_env(home), check=False, capture_output=True, text=True, cwd=ROOT,
        )  # fmt: skip
        if done.returncode:
            said = (done.stdout + done.stderr).strip()[-2000:]
            raise SetupError(f"the provider plugin {package} could not be installed:\n{said}")
        new.append(package)
    known = ", ".join(f"{package} {release(package)}" for package in PACKAGES)
    return f"{known}; {'installed now: ' + ', '.join(new) if new else 'installed before'}"
