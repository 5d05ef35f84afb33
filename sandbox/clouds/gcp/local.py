"""The Google Cloud that `make up` runs: one server that stays, and the stack's configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.clouds.gcp.accounts import environment, provider_config
from sandbox.clouds.gcp.server import GoogleCloud
from sandbox.places import LOG, RUN

SERVER = RUN / "gcs.json"
FOLDER = LOG / "gcs"


def start() -> bool:
    """Start the server, unless it is there."""
    known = GoogleCloud.load(SERVER)
    if known is not None and known.answers():
        return False
    stop()
    GoogleCloud.start(FOLDER, daemon=True).save(SERVER)
    return True


def stop() -> None:
    """End the server, and any other that an interrupted start has left in its folder."""
    for server in GoogleCloud.left_in(FOLDER):
        server.stop()
    SERVER.unlink(missing_ok=True)


def running() -> str:
    """Where it serves."""
    known = GoogleCloud.load(SERVER)
    if known is None or not known.answers():
        return ""
    return f"Cloud Storage {known.storage}, KMS and IAM {known.apis}, pid {known.pid}"


def loaded() -> GoogleCloud:
    """The server that runs.

    Raises:
        RuntimeError: None does.
    """
    server = GoogleCloud.load(SERVER)
    if server is None:
        raise RuntimeError("the local Google Cloud is not running")
    return server


def provider() -> tuple[dict[str, Any], dict[str, str]]:
    """The `gcp:` configuration of a stack, and apart its secrets."""
    server = loaded()
    settings = provider_config(server, server.accounts.deployer)
    secret = settings.pop("credentials")
    return {f"gcp:{key}": value for key, value in settings.items()}, {"gcp:credentials": secret}


def env() -> Mapping[str, str]:
    """What the engine's environment needs besides."""
    return environment(loaded())
