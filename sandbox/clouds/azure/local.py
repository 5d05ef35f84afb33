"""The Azure that `make up` runs: one server that stays, the stack's configuration and its verification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sandbox.clouds.azure.accounts import LOCATION, SUBSCRIPTION, Credentials, credential, environment, provider_config
from sandbox.clouds.azure.server import AzureCloud
from sandbox.places import LOG, RUN

if TYPE_CHECKING:
    from byob_components.verify import AzureIdentity

SERVER = RUN / "azure.json"
FOLDER = LOG / "azure"
BROWSER = "chromium"
PAGE = "https://wandb.example.com"
_MODES = {"vision": "team_connector", "robotics": "keyless", "lidar": "access_key"}


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


def config() -> tuple[dict[str, Any], dict[str, str]]:
    """Three teams, one a mode: W&B's connector as its page has it; keyless with minimal access and a key of the team's own; an
    account key for W&B on another cloud."""
    accounts = loaded().accounts
    plain, secrets = provider()
    plain |= {
        "byob:deployment": "dedicated",
        "byob:level": "team",
        "byob:defaults": {"location": LOCATION},
        "byob:teams": {
            "vision": {"cloud": "azure", "oidcIssuerUrl": accounts.cluster.issuer},
            "robotics": {
                "cloud": "azure",
                "mode": "keyless",
                "access": "minimal",
                "paths": ["robotics"],
                "principals": [accounts.wandb_console.object_id],
                "identityClientId": accounts.wandb_console.client_id,
                "encryption": "new_key",
                "corsOrigins": [PAGE],
            },
            "lidar": {"cloud": "azure", "mode": "access_key"},
        },
    }
    return plain, secrets


def verify(outputs: dict[str, Any]) -> dict[str, Any]:
    """Every store as W&B's side sees it.

    Args:
        outputs: The stack's.
    """
    import shutil

    from byob_components.verify import AzureStore, Cast, verify_azure

    server = loaded()
    accounts, everybody = server.accounts, _everybody(server, outputs)
    reports = {}
    for team, store in outputs["teams"].items():
        account = store["accountName"]
        target = AzureStore.from_outputs(
            store,
            mode=_MODES[team],
            subscription_id=SUBSCRIPTION,
            endpoint=f"{server.blob}/{account}",
            plain_endpoint=f"{server.plain_blob}/{account}",
            arm_endpoint=server.arm,
            ca_bundle=str(server.ca_bundle),
            access="minimal" if team == "robotics" else "documented",
            cors_origins=(PAGE,) if team == "robotics" else ("*",),
            noncurrent_days=30,
            soft_delete_days=7,
            container_soft_delete_days=30,
        )
        outsiders = [
            _identity(server, "a stranger of the tenant", accounts.stranger),
            _identity(server, "another instance of W&B", accounts.wandb_other),
            *(who for other, who in everybody.items() if other != team),
        ]
        owner = _identity(server, "the storage administrator", accounts.storage_admin)
        cast = Cast(wandb=everybody[team], owner=owner, outsiders=tuple(outsiders))
        reports[team] = verify_azure(target, cast, browser=shutil.which(BROWSER))
    return reports


def _identity(server: AzureCloud, name: str, who: Credentials) -> AzureIdentity:
    from byob_components.verify import AzureIdentity

    return AzureIdentity(name, credential(server, who), who.client_id)


def _everybody(server: AzureCloud, outputs: dict[str, Any]) -> dict[str, AzureIdentity]:
    """W&B as each team lets it in: a pod that acts as the team's identity, the instance's identity, or who has the account key."""
    from byob_components.verify import AzureIdentity
    from byob_components.wandb.address import parse

    teams, console = outputs["teams"], server.accounts.wandb_console
    pod = server.accounts.identity(teams["vision"]["managedIdentityClientId"])
    key = parse(next(iter(teams["lidar"]["storageAddresses"].values()))).secret_key
    return {
        "vision": _identity(server, "a pod of W&B as the identity of team vision", pod),
        "robotics": _identity(server, "the identity of the W&B instance", console),
        "lidar": AzureIdentity("the account key of team lidar", account_key=key, account=teams["lidar"]["accountName"]),
    }


def env() -> Mapping[str, str]:
    """What the engine's environment needs besides."""
    return environment(loaded())
