"""The Azure that `make up` runs: one server that stays, and the stack's configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.clouds.azure.accounts import environment, provider_config
from sandbox.clouds.azure.server import AzureCloud
from sandbox.places import LOG, RUN

SERVER = RUN / "azure.json"
FOLDER = LOG / "azure"


def start() -> bool:
    """Start the server, unless it is there."""
    known = AzureCloud.load(SERVER)
    if known is not None and known.answers():
        return False
    stop()
    AzureCloud.start(FOLDER, daemon=True).save(SERVER)
    return True


def stop() -> None:
    """End the server, and any other that an interrupted start has left in its folder."""
    for server in AzureCloud.left_in(FOLDER):
        server.stop()
    SERVER.unlink(missing_ok=True)


def running() -> str:
    """Where it serves."""
    known = AzureCloud.load(SERVER)
    if known is None or not known.answers():
        return ""
    return f"Resource Manager {known.arm}, blobs {known.blob}, pid {known.pid}"


def loaded() -> AzureCloud:
    """The server that runs.

    Raises:
        RuntimeError: None does.
    """
    server = AzureCloud.load(SERVER)
    if server is None:
        raise RuntimeError("the local Azure is not running")
    return server


def provider() -> tuple[dict[str, Any], dict[str, str]]:
    """The `azure-native:` configuration of a stack, and apart its secrets."""
    server = loaded()
    settings = provider_config(server, server.accounts.deployer)
    secret = settings.pop("clientSecret")
    return {f"azure-native:{key}": value for key, value in settings.items()}, {"azure-native:clientSecret": secret}


def env() -> Mapping[str, str]:
    """What the engine's environment needs besides."""
    return environment(loaded())
