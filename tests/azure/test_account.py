"""One look-up of subscription and tenant a provider, none when they are given or not needed."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_azure_native
import pytest
from pulumi.runtime.mocks import MockCallArgs

from byob_components.azure import AzureByob, AzureKey
from byob_components.store import ByobRunError
from tests.mocks.azure import AzureMocks
from tests.mocks.monitor import Refusal, run

NODE = "55555555-5555-5555-5555-555555555555"
STORE: dict[str, Any] = {
    "deployment": "dedicated",
    "level": "instance",
    "location": "westeurope",
    "principals": [NODE],
    "encryption": "new_key",
}
GIVEN = {"subscription_id": NODE, "tenant_id": NODE}


def lookups(program: Callable[[], Any]) -> list[str]:
    """The provider of each look-up."""
    seen = run(lambda: program() and None, AzureMocks())
    assert {token for token, *_ in seen.calls} <= {"azure-native:authorization:getClientConfig"}
    return sorted(provider for *_, provider in seen.calls)


def test_many_stores_on_one_provider_ask_once() -> None:
    assert lookups(lambda: [AzureByob(f"team{i}", STORE) for i in range(4)]) == [""]  # type: ignore[arg-type]


def test_each_provider_is_asked_once() -> None:
    def program() -> None:
        there = pulumi_azure_native.Provider("there", subscription_id=NODE)
        for i in range(2):
            opts = pulumi.ResourceOptions(providers={"azure-native": there})
            AzureByob(f"there{i}", STORE, opts)  # type: ignore[arg-type]
            AzureByob(f"here{i}", STORE)  # type: ignore[arg-type]

    assert lookups(program) == ["", "pulumi:providers:azure-native::there"]


def test_a_second_run_in_the_same_process_asks_again() -> None:
    for _ in range(2):
        assert lookups(lambda: AzureByob("vision", STORE)) == [""]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, 1),
        (GIVEN, 0),
        ({"subscription_id": NODE}, 1),
        ({"subscription_id": NODE, "encryption": None}, 0),
        ({"principals": [], "encryption": None}, 0),
        ({"principals": None, "mode": "access_key", "tenant_id": NODE}, 1),
    ],
)
def test_nobody_is_asked_for_what_is_given_or_not_needed(given: dict[str, Any], asked: int) -> None:
    def program() -> dict[str, Any]:
        made = AzureByob("vision", {**STORE, **given})  # type: ignore[typeddict-item]
        return {"name": made.account_name}

    seen = run(program, AzureMocks())
    assert len([token for token, *_ in seen.calls if token.endswith("getClientConfig")]) == asked


def test_a_key_alone_asks_for_both_at_once() -> None:
    place: Any = {"location": "westeurope", "resource_group_name": "acme"}
    assert lookups(lambda: AzureKey("vision", place)) == [""]
    assert lookups(lambda: AzureKey("vision", {**place, **GIVEN})) == []


@pytest.mark.parametrize(
    ("asked", "given", "where", "preview"),
    [
        ("getClientConfig", {}, "subscription_id", True),
        ("getClientConfig", {}, "subscription_id", False),
        ("listStorageAccountKeys", {"principals": None, "mode": "access_key", **GIVEN}, "account_key", False),
    ],
)
def test_a_question_without_an_answer_is_told_without_a_traceback(
    asked: str, given: dict[str, Any], where: str, preview: bool
) -> None:
    """Wrong credentials, and a question that is open while the engine ends a run that it refuses."""

    class Deaf(AzureMocks):
        def call(self, args: MockCallArgs) -> Any:
            if args.token.endswith(asked):
                raise Refusal("grpc: the client connection is closing")
            return super().call(args)

    def program() -> dict[str, Any]:
        made = AzureByob("vision", {**STORE, **given})  # type: ignore[typeddict-item]
        return {"addresses": made.storage_addresses}

    with pytest.raises(ByobRunError, match="connection is closing") as refused:
        run(program, Deaf(preview=preview), preview=preview)
    assert [(fault.code, fault.where) for fault in refused.value.faults] == [("BYOB-AZURE-033", where)]
