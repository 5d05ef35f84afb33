"""One look-up of the service agent a provider and project, none when it is given or not needed."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_gcp
import pytest
from pulumi.runtime.mocks import MockCallArgs

from byob_components.gcp import GcpByob, GcpKey
from byob_components.store import ByobRunError
from tests.mocks.gcp import GcpMocks
from tests.mocks.monitor import Refusal, run

STORE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "location": "EU", "encryption": "new_key"}
AGENT = "service-444455556666@gs-project-accounts.iam.gserviceaccount.com"
KEY = "projects/acme-keys/locations/europe/keyRings/storage/cryptoKeys/wandb"


def lookups(program: Callable[[], Any]) -> list[tuple[str, str]]:
    """Provider and project of each look-up."""
    seen = run(lambda: program() and None, GcpMocks())
    return sorted((provider, args.get("project", "")) for _, args, provider in seen.calls)


def test_many_stores_on_one_provider_ask_once() -> None:
    assert lookups(lambda: [GcpByob(f"team{i}", STORE) for i in range(5)]) == [("", "")]  # type: ignore[arg-type]


def test_each_provider_and_project_is_asked_once() -> None:
    def program() -> None:
        there = pulumi_gcp.Provider("there", project="acme-there")
        for i in range(2):
            GcpByob(f"there{i}", STORE, pulumi.ResourceOptions(providers={"gcp": there}))  # type: ignore[arg-type]
            GcpByob(f"here{i}", STORE)  # type: ignore[arg-type]
            GcpByob(f"other{i}", {**STORE, "project": "acme-other"})  # type: ignore[typeddict-item]

    assert lookups(program) == [("", ""), ("", "acme-other"), ("pulumi:providers:gcp::there", "")]


def test_a_project_that_is_not_known_yet_is_asked_for_itself() -> None:
    def program() -> None:
        for name in ("a", "b"):
            GcpKey(name, {"location": "EU", "project": pulumi.Output.from_input(f"acme-team-{name}")})

    assert lookups(program) == [("", "acme-team-a"), ("", "acme-team-b")]


def test_a_second_run_in_the_same_process_asks_again() -> None:
    for _ in range(2):
        assert lookups(lambda: GcpByob("vision", STORE)) == [("", "")]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "args",
    [
        {"storage_service_agent": AGENT},
        {"encryption": "provider_managed"},
        {"encryption": "existing_key", "kms_key_id": KEY, "storage_service_agent": AGENT},
    ],
)
def test_nobody_is_asked_when_the_agent_is_given_or_not_needed(args: dict[str, Any]) -> None:
    assert lookups(lambda: GcpByob("vision", {**STORE, **args})) == []  # type: ignore[arg-type]


def test_an_existing_key_asks_for_the_buckets_project() -> None:
    given = {**STORE, "encryption": "existing_key", "kms_key_id": KEY, "project": "acme-other"}
    assert lookups(lambda: GcpByob("vision", given)) == [("", "acme-other")]  # type: ignore[arg-type]


@pytest.mark.parametrize("preview", [True, False])
def test_a_look_up_without_an_answer_is_told_without_a_traceback(preview: bool) -> None:
    class Deaf(GcpMocks):
        def call(self, args: MockCallArgs) -> Any:
            raise Refusal("Error 401: Request had invalid authentication credentials")

    with pytest.raises(ByobRunError, match="invalid authentication") as refused:
        run(lambda: GcpByob("vision", STORE) and None, Deaf(preview=preview), preview=preview)  # type: ignore[arg-type]
    assert [(fault.code, fault.where) for fault in refused.value.faults] == [("BYOB-GCP-033", "storage_service_agent")]
