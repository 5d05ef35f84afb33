"""What a self-managed W&B server takes, as outputs of a store: what is not secret, and apart what is."""

from collections.abc import Callable
from typing import Any

import pulumi

from byob_components.wandb.deployment import Deployment
from byob_components.wandb.server import is_configured_by_customer


def server_env(deployment: Deployment, settings: Callable[[], pulumi.Output[Any]]) -> pulumi.Output[dict[str, str]]:
    """Environment without secrets; empty where W&B runs the server, and then nothing of the cloud is waited for.

    Args:
        deployment: Where W&B runs.
        settings: Makes the server's settings without the store's keys, so that nothing has to be declared harmless afterwards.
    """
    return settings().apply(lambda s: s.env) if is_configured_by_customer(deployment) else pulumi.Output.from_input({})


def server_secrets(deployment: Deployment, settings: Callable[[], pulumi.Output[Any]]) -> pulumi.Output[dict[str, str]]:
    """Environment that holds secrets, itself a secret; empty where W&B runs the server.

    Args:
        deployment: Where W&B runs.
        settings: Makes the server's settings.
    """
    if not is_configured_by_customer(deployment):
        return pulumi.Output.secret({})
    return pulumi.Output.secret(settings().apply(lambda s: s.secrets))
