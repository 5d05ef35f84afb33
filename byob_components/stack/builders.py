"""Settings turned into composites: all are checked before the first is registered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from byob_components.errors import Fault
from byob_components.stack.plan import (
    INSTANCE_NAME,
    PlannedProvider,
    PlannedStore,
    clear_secrets,
    plan_providers,
    plan_stores,
)
from byob_components.stack.settings import Settings
from byob_components.stack.spelling import camel
from byob_components.store import Store, refuse
from byob_components.wandb.address import supported_file_stores
from byob_components.wandb.deployment import Level
from byob_components.wandb.handoff import Handoff

OUTPUTS = (
    "storage_addresses",
    "bucket_name",
    "paths",
    "region",
    "kms_key_id",
    "principals",
    "principals_date",
    "handoffs",
    "server_env",
    "server_secrets",
)
"""The outputs of every store, as the Protocol has them; a cloud may have more (`CloudEntry.more_outputs`)."""


def build(settings: Settings) -> dict[str, Any]:
    """Make every store of the settings.

    Args:
        settings: From `load` or `read_config`.

    Returns:
        What a stack exports. At instance level `store`, the store's outputs; at team level `teams`, each team's outputs,
        and, when a store has to be listed on the server, `supportedFileStores`, a secret. Names are in camelCase.

    Raises:
        ByobRunError: With every fault of every store; nothing is registered then.
    """
    planned, faults = plan_stores(settings)
    providers, found = plan_providers(settings)
    refuse([*faults, *found], "stack configuration")
    if pulumi.runtime.is_dry_run():
        for where in clear_secrets(settings):
            pulumi.log.warn(f"{where} stands in clear text: pulumi config set --secret --path '{where}'")
    made = {name: _provider(name, provider) for name, provider in providers.items()}
    stores = {plan.name: _store(plan, made) for plan in planned}
    if settings.level is Level.INSTANCE:
        return {"store": _outputs(stores[INSTANCE_NAME], planned[0])}
    return _team_outputs(planned, stores)


def check(settings: Settings) -> list[Fault]:
    """What is wrong with the stores and providers of the settings, without making any.

    Args:
        settings: From `load`.
    """
    return [*plan_stores(settings)[1], *plan_providers(settings)[1]]


# ------------------------------------------------------------------------------------------ making
def _provider(name: str, planned: PlannedProvider) -> pulumi.ProviderResource:
    # Secrets were plain for the checks only; from here on they are secret outputs.
    settings = {key: _guard(value, key in planned.secret) for key, value in planned.settings.items()}
    made: pulumi.ProviderResource = planned.entry.provider_class()(name, **settings)
    return made


def _store(planned: PlannedStore, providers: Mapping[str, pulumi.ProviderResource]) -> Store:
    chosen = None if planned.provider is None else {planned.entry.package: providers[planned.provider]}
    secret = planned.entry.secret_arguments
    args = {name: _guard(value, name in secret) for name, value in planned.args.items()}
    made: Store = planned.entry.make()(planned.name, args, pulumi.ResourceOptions(providers=chosen))
    return made


def _guard(value: Any, secret: bool) -> Any:
    return pulumi.Output.secret(value) if secret else value


# ------------------------------------------------------------------------------------------ outputs
def _outputs(store: Store, planned: PlannedStore) -> dict[str, Any]:
    return {camel(name): getattr(store, name) for name in (*OUTPUTS, *planned.entry.more_outputs)}


def _team_outputs(planned: list[PlannedStore], stores: Mapping[str, Store]) -> dict[str, Any]:
    teams: dict[str, Any] = {}
    for plan in planned:
        whole = _outputs(stores[plan.name], plan)
        if plan.teams is None:
            teams[plan.name] = whole
        for team, path in (plan.teams or {}).items():
            teams[team] = _share(whole, team, path)
    outputs: dict[str, Any] = {"teams": teams}
    listed = [stores[plan.name].storage_addresses for plan in planned if plan.entry.listed(plan.args)]
    if listed:
        # W&B's server takes one list for all stores, whatever their clouds.
        addresses = pulumi.Output.all(*listed)
        outputs["supportedFileStores"] = pulumi.Output.secret(
            addresses.apply(lambda maps: supported_file_stores([a for one in maps for a in one.values()]))
        )
    return outputs


def _share(whole: Mapping[str, Any], team: str, path: str) -> dict[str, Any]:
    """What of a shared store is one team's."""
    return {
        **whole,
        "paths": [path],
        "storageAddresses": whole["storageAddresses"].apply(lambda known: {path: known[path]}),
        "handoffs": whole["handoffs"].apply(lambda known: {path: _named(known[path], team)}),
    }


def _named(handoff: Mapping[str, Any], team: str) -> dict[str, Any]:
    """The composite knows the store's name only; a hand-off is for a team."""
    return Handoff.from_dict(handoff).for_team(team).to_dict()
