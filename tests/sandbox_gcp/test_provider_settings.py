"""A provider's settings: who it is, where it calls, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.providers.framework.resource import Refused
from sandbox.providers.gcp.cloud import Gcp
from sandbox.providers.gcp.plugin import PLUGIN
from tests.sandbox.providers.caller import Caller, Refusal, changed, pack, secret
from tests.sandbox_gcp.conftest import World

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("gcp")]

BUCKET = "gcp:storage/bucket:Bucket"
WHO = "gcp:organizations/getClientConfig:getClientConfig"


@pytest.fixture
def fresh(contracts: Path, trusted: None) -> Iterator[Caller]:
    """A provider that is not configured yet."""
    made = Caller(PLUGIN, contracts)
    yield made
    made.close()


def test_credentials_are_text_or_a_file_and_may_be_secret(
    world: World, fresh: Caller, settings: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "key.json").write_text(settings["credentials"])
    for given in (secret(settings["credentials"]), str(tmp_path / "key.json")):
        fresh.configure({**settings, "credentials": given})
        assert fresh.create(
            BUCKET, "b", {"name": f"by-{'text' if isinstance(given, dict) else 'file'}", "location": "US"}
        )
    token = world.accounts.deployer.google.token
    rest = {k: v for k, v in settings.items() if k != "credentials"}
    fresh.configure({**rest, "accessToken": token})
    assert fresh.invoke(WHO, {})["accessToken"] == token


def test_another_account_is_impersonated_when_that_is_granted(
    world: World, fresh: Caller, settings: dict[str, str]
) -> None:
    path, server = "projects/byob-customer/serviceAccounts", world.accounts.server
    given = {**settings, "impersonateServiceAccount": server.email}
    fresh.configure(given)
    with pytest.raises(Refusal, match=r"Error 403: Permission 'iam.serviceAccounts.getAccessToken' denied"):
        fresh.create(BUCKET, "b", {"name": "impersonated-bucket", "location": "US"})
    policy = {
        "bindings": [{"role": "roles/iam.serviceAccountTokenCreator", "members": [world.accounts.deployer.member]}]
    }
    world.call("POST", f"{path}/{server.email}:setIamPolicy", {"policy": policy})
    with pytest.raises(Refusal, match=f"Error 403: {server.email} does not have storage.buckets.create"):
        fresh.create(BUCKET, "b", {"name": "impersonated-bucket", "location": "US"})


def test_settings_are_held_to_the_real_ones(fresh: Caller, settings: dict[str, str]) -> None:
    from pulumi.runtime.proto import provider_pb2 as p

    given = {**settings, "regon": "europe-west1", "requestTimeout": "1s", "addPulumiAttributionLabel": "maybe"}
    found = fresh.call("CheckConfig", p.CheckRequest(urn="urn:pulumi:s::p::pulumi:providers:gcp::w", news=pack(given)))
    assert {f.property: f.reason for f in found.failures} == {
        "regon": "no such property; did you mean 'region'?",
        "requestTimeout": "a real property, but not carried out by this stand-in",
        "addPulumiAttributionLabel": "must be of type boolean, not string",
    }


def test_a_server_with_another_certificate_is_not_trusted(
    fresh: Caller, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    fresh.configure(settings)
    with pytest.raises(Refusal, match=r"creating Storage Bucket \(b\): .*certificate verify failed"):
        fresh.create(BUCKET, "b", {"name": "untrusted", "location": "US"})


def test_a_wrong_key_is_the_servers_refusal_and_is_not_told(
    world: World, fresh: Caller, settings: dict[str, str]
) -> None:
    mixed = {**json.loads(settings["credentials"]), "private_key": world.accounts.stranger.key_file["private_key"]}
    fresh.configure({**settings, "credentials": json.dumps(mixed)})
    with pytest.raises(Refusal, match="Invalid JWT Signature") as refused:
        fresh.create(BUCKET, "b", {"name": "wrong-key", "location": "US"})
    assert "PRIVATE KEY" not in str(refused.value)


@pytest.mark.parametrize("broken", ["s3cr3t", '{"private_key": "s3cr3t"}', '{"s3cr3t"', "[]", "/dev/null"])
def test_broken_credentials_are_not_told(fresh: Caller, settings: dict[str, str], broken: str) -> None:
    fresh.configure({**settings, "credentials": broken})
    with pytest.raises(Refusal, match=r"gcp:credentials is neither the JSON of a service account's key nor the path of such a file$") as refused:  # fmt: skip
        fresh.create(BUCKET, "b", {"name": "never-made", "location": "US"})
    assert "s3cr3t" not in str(refused.value)


def test_the_real_cloud_is_never_called(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "GOOGLE_PROJECT",
        "GOOGLE_CLOUD_PROJECT",
        "GOOGLE_CREDENTIALS",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "GOOGLE_OAUTH_ACCESS_TOKEN",
    ):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(Refused, match="could not find default credentials"):
        Gcp({"project": "p"})
    offline = Gcp({"accessToken": "t"})
    with pytest.raises(
        Refused, match="there is no storageCustomEndpoint, and this stand-in never calls the real cloud"
    ):
        offline.call("storage", "GET", "b/x")
    with pytest.raises(Refused, match="set gcp:project"):
        _ = offline.project


def test_default_labels_are_put_on_and_told_apart_from_the_programs_own(
    world: World, fresh: Caller, settings: dict[str, str]
) -> None:
    def configured(labels: dict[str, str], attribution: bool) -> None:
        fresh.configure(
            {**settings, "defaultLabels": json.dumps(labels), "addPulumiAttributionLabel": json.dumps(attribution)}
        )

    own = {"name": "labelled-bucket", "location": "US", "labels": {"env": "prod"}}
    configured({"team": "platform", "env": "dev"}, False)
    made = fresh.create(BUCKET, "b", own)
    assert world.call("GET", "b/labelled-bucket").json()["labels"] == {"team": "platform", "env": "prod"}
    assert made.outputs["labels"] == {"env": "prod"}
    assert made.outputs["pulumiLabels"] == secret({"team": "platform", "env": "prod"})
    again = fresh.read(made)
    assert again is not None
    assert again.inputs == made.inputs
    assert changed(fresh.diff(again, own)) == {}
    configured({"team": "storage"}, True)
    assert changed(fresh.diff(made, own)) == {"pulumiLabels": "UPDATE"}, (
        "the attribution label comes with a creation only"
    )
    made = fresh.update(made, own)
    assert world.call("GET", "b/labelled-bucket").json()["labels"] == {"team": "storage", "env": "prod"}
    assert changed(fresh.diff(made, own)) == {}
