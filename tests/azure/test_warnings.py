"""What is warned of: once, in the preview, and always in the hand-off; and what silences it."""

from typing import Any

import pytest

from byob_components.azure import AzureByob, AzureGrant
from tests.mocks.azure import AzureMocks, record
from tests.mocks.monitor import run

NODE = "55555555-5555-5555-5555-555555555555"
CLIENT = "77777777-7777-7777-7777-777777777777"
STORE: dict[str, Any] = {
    "deployment": "dedicated",
    "level": "team",
    "location": "westeurope",
    "principals": [NODE],
    "identity_client_id": CLIENT,
    "access": "documented",
}
UNSAID: dict[str, Any] = {name: value for name, value in STORE.items() if name != "access"}
ACCOUNT = (
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/acme/providers/Microsoft.Storage/"
    "storageAccounts/acmewandb"
)

# what is given -> (a piece of the warning, where it stands in the hand-off)
TOLD: dict[str, tuple[dict[str, Any], str, str]] = {
    "the width of the documented roles": (
        UNSAID,
        "the documented roles Storage Account Contributor and Storage Blob Data Owner may do more on the account than W&B "
        "needs: delete it, change its settings, read its keys, and delete old versions",
        "warnings",
    ),
    "minimal with paths": (
        {**STORE, "mode": "keyless", "access": "minimal", "paths": ["vision"]},
        "access 'minimal' covers the whole container on Azure, and paths do not narrow it",
        "warnings",
    ),
    "nobody": ({**STORE, "principals": [], "identity_client_id": None}, "nobody holds the grant", "warnings"),
    "suspended": ({**STORE, "suspended_paths": ["/"]}, "every path is suspended", "warnings"),
    "unprotected": (
        {**STORE, "protection": "unprotected"},
        "protection is 'unprotected': removing the store deletes the account with everything in it",
        "loosened",
    ),
    "released": ({**STORE, "protection": "released"}, "protection is 'released'", "loosened"),
    "one data centre": ({**STORE, "redundancy": "LRS"}, "redundancy is 'LRS'", "loosened"),
    "containers of others": (
        {**STORE, "other_containers": True, "allow_account_wide": True},
        "allow_account_wide is on: W&B's rights hold for containers of others",
        "loosened",
    ),
    "data expiry": (
        {
            **STORE,
            "allow_data_expiry": True,
            "lifecycle_rules": [{"prefix": "tmp/", "expiration_days": 400}, {"noncurrent_days": 3}],
        },
        "lifecycle rules may expire current objects (below 'tmp/')",
        "loosened",
    ),
}


@pytest.mark.parametrize("case", TOLD)
def test_it_is_logged_once_in_the_preview_and_never_in_the_update(case: str) -> None:
    given, piece, _ = TOLD[case]
    assert len([text for text in record(AzureByob, given, preview=True).warnings if piece in text]) == 1
    assert record(AzureByob, given).warnings == []


@pytest.mark.parametrize("case", TOLD)
def test_it_stands_in_the_hand_off_always(case: str) -> None:
    given, piece, place = TOLD[case]
    for handoff in record(AzureByob, given).value("handoffs").values():
        assert len([text for text in handoff[place] if piece in text]) == 1


@pytest.mark.parametrize(
    "given",
    [
        STORE,
        {**UNSAID, "mode": "keyless"},
        {**UNSAID, "mode": "keyless", "access": "minimal"},
        {**UNSAID, "level": "instance"},
        {**UNSAID, "principals": None, "identity_client_id": None, "mode": "access_key"},
        {**STORE, "paths": ["vision"], "redundancy": "GZRS", "lock": True},
        {**STORE, "allow_account_wide": True},
    ],
)
def test_nothing_is_said_where_nothing_is_wrong_and_naming_a_thing_silences_its_warning(given: dict[str, Any]) -> None:
    assert record(AzureByob, given, preview=True).warnings == []
    done = record(AzureByob, given)
    assert [handoff["loosened"] for handoff in done.value("handoffs").values()] == [[] for _ in done.value("paths")]


def test_two_stores_warn_each_for_itself() -> None:
    def program() -> None:
        for name in ("speech", "vision"):
            AzureByob(name, UNSAID)  # type: ignore[arg-type]

    assert len(run(program, AzureMocks(preview=True), preview=True).warnings) == 2


def test_a_grant_warns_too() -> None:
    given = {
        "deployment": "dedicated",
        "level": "team",
        "account_id": ACCOUNT,
        "container_name": "wandb",
        "principals": [NODE],
        "identity_client_id": CLIENT,
        "allow_account_wide": True,
    }
    (told,) = record(AzureGrant, given, preview=True).warnings
    assert "Storage Account Contributor" in told
    assert record(AzureGrant, given).warnings == []
    assert record(AzureGrant, {**given, "access": "documented"}, preview=True).warnings == []
    assert record(AzureGrant, {**given, "principals": []}, preview=True).warnings == []
