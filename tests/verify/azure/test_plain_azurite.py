"""Azurite without anything of ours before it: what Microsoft's own emulator judges, and what it cannot show is said to be so."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AzureNamedKeyCredential
from azure.storage.blob import BlobServiceClient, CorsRule, RetentionPolicy

from byob_components.verify import AzureIdentity, AzureStore, Cast, State, verify_azure
from sandbox.clouds.azure.azurite import Azurite, ensure_azurite, new_key
from sandbox.clouds.certificates import write_certificates
from sandbox.loopback import free_ports

pytestmark = pytest.mark.server
MINE, OTHER = new_key(), new_key()
SHOWN = {"V02", "V05", "V08", "V09", "V10", "V11", "V12", "V13", "V15", "V16", "V17", "V19", "V19:the key of another account", "V21",
         "V23:shared-key", "V27"}  # fmt: skip
PAGE = "https://wandb.example.com"


@pytest.fixture(scope="module")
def place(require: Callable[[bool, str], None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Where it serves, and its authority."""
    try:
        ensure_azurite()
    except RuntimeError as problem:
        require(False, str(problem))
    folder = tmp_path_factory.mktemp("plain-azurite")
    ca, certificate, key = write_certificates(folder / "tls")
    (port,) = free_ports(1)
    running = Azurite(folder / "azurite", port, str(certificate), str(key))
    try:
        running.wait()
        running.put("acmewandb", (MINE, new_key()))
        running.put("otherteam", (OTHER, new_key()))
        yield f"https://localhost:{port}", ca
    finally:
        running.stop()


@pytest.fixture(scope="module")
def service(place: tuple[str, Path]) -> Iterator[Any]:
    key = AzureNamedKeyCredential("acmewandb", MINE)
    with BlobServiceClient(f"{place[0]}/acmewandb", credential=key, connection_verify=str(place[1])) as made:
        made.create_container("wandb")
        made.set_service_properties(
            cors=[CorsRule([PAGE], ["GET", "HEAD", "PUT"], allowed_headers=["*"], exposed_headers=["*"])],
            delete_retention_policy=RetentionPolicy(enabled=True, days=7),
        )
        yield made


def test_what_azurite_shows_by_itself(place: tuple[str, Path], service: Any) -> None:
    store = AzureStore(
        "acmewandb", "wandb", "westeurope", "access_key", path="vision", endpoint=f"{place[0]}/acmewandb",  # type: ignore[arg-type]
        ca_bundle=str(place[1]), cors_origins=(PAGE,), versioning=False, soft_delete_days=7,
    )  # fmt: skip
    cast = Cast(
        wandb=AzureIdentity("W&B", account_key=MINE),
        outsiders=(AzureIdentity("the key of another account", account_key=OTHER, account="otherteam"),),
    )
    report = verify_azure(store, cast)
    assert set(report.ids(State.PASS)) == SHOWN, report.to_text()
    assert set(report.ids(State.FAIL) + report.ids(State.WARN)) == set()
    because = {r.id: r.because for r in report.results if r.state is State.SKIP}
    assert because["V14:soft-delete"] == (
        "the account says that deleted blobs are kept, and this server cannot bring one back (501): it was not tried"
    )
    assert because["V14"] == "the store was declared without versioning"
    assert list(service.get_container_client("wandb").list_blobs(include=["uncommittedblobs"])) == []


def test_versions_that_were_declared_and_are_not_there_fail(place: tuple[str, Path], service: Any) -> None:
    store = AzureStore(
        "acmewandb", "wandb", "westeurope", "access_key", endpoint=f"{place[0]}/acmewandb", ca_bundle=str(place[1]), cors_origins=(PAGE,)
    )  # type: ignore[arg-type]  # fmt: skip
    report = verify_azure(store, Cast(wandb=AzureIdentity("W&B", account_key=MINE)))
    assert report.ids(State.FAIL) == ["V14"], report.to_text()
