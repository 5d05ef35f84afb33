"""The stand-in provider's own settings: where it calls, how it signs in, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime.proto import provider_pb2 as p

from sandbox.clouds.azure.accounts import SUBSCRIPTION, TENANT, provider_config
from sandbox.providers.azure_native.plugin import PLUGIN
from tests.sandbox.providers.caller import Caller, Refusal, pack
from tests.sandbox_azure.conftest import World

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("azure")]
CONFIG, FUNCTION = "azure-native", "azure-native:authorization:getClientConfig"


@pytest.fixture
def fresh(contracts: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Caller]:
    """A provider that is not configured, in an environment that knows the authority and nothing else."""
    monkeypatch.setenv("SSL_CERT_FILE", str(world.server.ca_bundle))
    made = Caller(PLUGIN, contracts)
    yield made
    made.close()


@pytest.fixture
def settings(world: World) -> dict[str, Any]:
    found = provider_config(world.server, world.accounts.deployer)
    return {k: v if isinstance(v, str) else str(v).lower() for k, v in found.items()}


def test_the_same_from_the_environment(world: World, fresh: Caller, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    for variable, name in (("ARM_METADATA_HOSTNAME", "metadataHost"), ("ARM_TENANT_ID", "tenantId"), ("ARM_SUBSCRIPTION_ID", "subscriptionId"), ("ARM_CLIENT_ID", "clientId"), ("ARM_CLIENT_SECRET", "clientSecret")):  # fmt: skip
        monkeypatch.setenv(variable, settings[name])
    fresh.configure({})
    assert fresh.invoke(FUNCTION, {})["objectId"] == world.accounts.deployer.object_id


def test_signing_in_with_a_token_of_an_issuer(world: World, fresh: Caller, tmp_path: Path) -> None:
    who = world.accounts.wandb_console
    file = tmp_path / "token"
    file.write_text(world.accounts.cluster.token())
    fresh.configure({"metadataHost": world.server.arm.removeprefix("https://"), "tenantId": TENANT, "subscriptionId": SUBSCRIPTION, "clientId": who.client_id, "useOidc": "true", "oidcTokenFilePath": str(file)})  # fmt: skip
    assert fresh.invoke(FUNCTION, {}) == {"clientId": who.client_id, "objectId": who.object_id, "subscriptionId": SUBSCRIPTION, "tenantId": TENANT}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"metadataHost": ""}, "there is no azure-native:metadataHost, and this stand-in never calls the real cloud"),
        ({"subscriptionId": ""}, "subscriptionId missing"),
        ({"clientId": "", "tenantId": ""}, "tenantId, clientId missing"),
    ],
)
def test_settings_that_are_not_enough(fresh: Caller, settings: dict[str, Any], change: dict[str, str], words: str) -> None:  # fmt: skip
    with pytest.raises(Refusal, match=words):
        fresh.configure({**settings, **change})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"clientSecret": "not-it"}, 'Code="invalid_client" Message="AADSTS7000215: Invalid client secret provided."'),
        ({"clientSecret": ""}, "azure-native:clientSecret is missing"),
        ({"useOidc": "true"}, "azure-native:useOidc needs oidcToken or oidcTokenFilePath"),
        ({"metadataHost": "localhost:1"}, "calling getClientConfig: .*[Cc]onnect"),
    ],
)
def test_who_cannot_sign_in(fresh: Caller, settings: dict[str, Any], change: dict[str, str], words: str) -> None:
    fresh.configure({**settings, **change})
    with pytest.raises(Refusal, match=words) as caught:
        fresh.invoke(FUNCTION, {})
    assert settings["clientSecret"] not in str(caught.value)
    assert "not-it" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"subscription": "x"}, "no such property; did you mean 'subscriptionId'?"),
        ({"useMsi": "true"}, "a real property, but not carried out by this stand-in"),
        ({"disableInstanceDiscovery": "perhaps"}, "must be of type boolean, not string"),
    ],
)
def test_settings_that_are_refused(fresh: Caller, settings: dict[str, Any], change: dict[str, str], reason: str) -> None:  # fmt: skip
    answer = fresh.call("CheckConfig", p.CheckRequest(urn="urn:pulumi:s::p::pulumi:providers:azure-native::x", news=pack({**settings, **change})))  # fmt: skip
    assert [f.reason for f in answer.failures] == [reason]


def test_without_the_authority_nothing_is_trusted(fresh: Caller, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.delenv("SSL_CERT_FILE")
    fresh.configure(settings)
    with pytest.raises(Refusal, match="CERTIFICATE_VERIFY_FAILED"):
        fresh.invoke(FUNCTION, {})
