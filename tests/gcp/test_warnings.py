"""What is warned of: once, in the preview, and always in the hand-off; and what silences it."""

from typing import Any

import pytest

from byob_components.gcp import GcpByob, GcpGrant
from tests.mocks.gcp import GcpMocks, record
from tests.mocks.monitor import run

STORE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "location": "EU", "access": "documented"}
UNSAID: dict[str, Any] = {name: value for name, value in STORE.items() if name != "access"}
NODE = "acme-node@wandb-production.iam.gserviceaccount.com"
SELF: dict[str, Any] = {**STORE, "deployment": "self_managed", "principals": [NODE]}

# what is given -> (a piece of the warning, where it stands in the hand-off)
TOLD: dict[str, tuple[dict[str, Any], str, str]] = {
    "a shared principal": (STORE, "one service account for Dedicated Cloud instances of several", "warnings"),
    "the principal of all customers": ({**STORE, "deployment": "multi_tenant"}, "serves all its customers", "warnings"),
    "the width of the documented role": (
        {**UNSAID, "principals": [NODE]},
        "the documented role roles/storage.admin may do more on the bucket than W&B needs: delete it, change its settings "
        "and who has access",
        "warnings",
    ),
    "the width in a credential": ({**UNSAID, "credential_keys": ["a"]}, "roles/storage.admin may do more", "warnings"),
    "minimal with paths": (
        {**STORE, "principals": [NODE], "access": "minimal", "paths": ["vision"]},
        "access 'minimal' covers the whole bucket on Google Cloud, and paths do not narrow it",
        "warnings",
    ),
    "a signer that nobody spoke of": (SELF, "roles/iam.serviceAccountTokenCreator on itself", "warnings"),
    "nobody": ({**STORE, "principals": []}, "nobody holds the grant", "warnings"),
    "suspended": ({**STORE, "principals": [NODE], "suspended_paths": ["/"]}, "every path is suspended", "warnings"),
    "unprotected": ({**STORE, "principals": [NODE], "protection": "unprotected"}, "protection is 'un", "loosened"),
    "released": ({**STORE, "principals": [NODE], "protection": "released"}, "protection is 'released'", "loosened"),
    "force_destroy": (
        {**STORE, "principals": [NODE], "protection": "unprotected", "force_destroy": True},
        "force_destroy is on",
        "loosened",
    ),
    "data expiry": (
        {
            **STORE,
            "principals": [NODE],
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
    assert len([text for text in record(GcpByob, given, preview=True).warnings if piece in text]) == 1
    assert record(GcpByob, given).warnings == []


@pytest.mark.parametrize("case", TOLD)
def test_it_stands_in_the_hand_off_always(case: str) -> None:
    given, piece, place = TOLD[case]
    for handoff in record(GcpByob, given).value("handoffs").values():
        assert len([text for text in handoff[place] if piece in text]) == 1


@pytest.mark.parametrize(
    "given",
    [
        {**STORE, "principals": [NODE]},
        {**STORE, "principals": ["deploy@wandb-production.iam.gserviceaccount.com"]},
        {**STORE, "credential_keys": ["a"]},
        {**STORE, "principals": [NODE], "access": "minimal"},
        {**STORE, "principals": [NODE], "paths": ["vision"]},
        {**SELF, "signer": True},
        {**SELF, "signer": False},
        {**UNSAID, "principals": [NODE], "access": "minimal", "soft_delete_days": 90},
    ],
)
def test_nothing_is_said_where_nothing_is_wrong_and_naming_a_thing_silences_its_warning(given: dict[str, Any]) -> None:
    assert record(GcpByob, given, preview=True).warnings == []
    done = record(GcpByob, given)
    assert [handoff["loosened"] for handoff in done.value("handoffs").values()] == [[] for _ in done.value("paths")]


def test_a_suspended_store_is_warned_of_that_alone() -> None:
    seen = record(GcpByob, {**UNSAID, "suspended_paths": ["/"]}, preview=True)
    assert seen.warnings == ["every path is suspended: the data is kept, and W&B cannot use the store"]


def test_two_stores_warn_each_for_itself() -> None:
    def program() -> None:
        for name in ("a", "b"):
            GcpByob(name, STORE)  # type: ignore[arg-type]

    assert len(run(program, GcpMocks(preview=True), preview=True).warnings) == 2


def test_a_grant_warns_too() -> None:
    told = record(GcpGrant, {"deployment": "dedicated", "bucket_name": "theirs"}, preview=True).warnings
    assert len(told) == 2
    assert "one service account for Dedicated Cloud instances" in told[0]
    assert "roles/storage.admin may do more" in told[1]
    given = {"deployment": "self_managed", "bucket_name": "theirs", "principals": [NODE], "access": "minimal"}
    (signer,) = record(GcpGrant, given, preview=True).warnings
    assert "set signer to true" in signer
    assert record(GcpGrant, given).warnings == []
