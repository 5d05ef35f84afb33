"""What is warned of: once, in the preview, and always in the hand-off."""

from typing import Any

import pytest

from byob_components.coreweave import CoreWeaveByob
from tests.mocks.aws import record

WANDB = "arn:aws:iam::wandb:static/wandb-integration"
STORE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "wandb_organization_id": "acme"}
DENY = {"Sid": "No", "Effect": "Deny", "Principal": {"CW": WANDB}, "Action": "s3:PutObject", "Resource": "*"}
EVERYBODY = {**DENY, "Sid": "All", "Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}

# what is given -> (a piece of the warning, where it stands in the hand-off)
TOLD: dict[str, tuple[dict[str, Any], str, str]] = {
    "nobody": ({"principals": []}, "nobody holds the grant (principals is empty)", "warnings"),
    "a deny": ({"bucket_policy_statements": [DENY]}, "the statement No of bucket_policy_statements denies", "warnings"),
    "a deny that may hit": ({"bucket_policy_statements": [EVERYBODY]}, "All (may, by its Condition)", "warnings"),
    "suspended": ({"suspended_paths": ["/"]}, "every path is suspended", "warnings"),
    "one path": (
        {"paths": ["a", "b"], "suspended_paths": ["b"], "access": "minimal"},
        "suspended, the data is kept and W&B cannot use it: b",
        "warnings",
    ),
    "unprotected": ({"protection": "unprotected"}, "protection is 'unprotected'", "loosened"),
    "released": ({"protection": "released"}, "protection is 'released'", "loosened"),
    "force": ({"protection": "unprotected", "force_destroy": True}, "force_destroy is on", "loosened"),
    "expiry": (
        {"allow_data_expiry": True, "lifecycle_rules": [{"id": "scratch", "expiration_days": 3}]},
        "lifecycle rules may expire current objects (scratch)",
        "loosened",
    ),
}


@pytest.mark.parametrize("case", TOLD)
def test_it_is_told_once_in_the_preview_and_in_every_hand_off(case: str) -> None:
    given, text, place = TOLD[case]
    told = record(CoreWeaveByob, {**STORE, **given}, preview=True).warnings
    assert len([one for one in told if text in one]) == 1
    seen = record(CoreWeaveByob, {**STORE, **given})
    assert seen.warnings == []
    for handoff in seen.value("handoffs").values():
        assert len([one for one in handoff[place] if text in one]) == 1


@pytest.mark.parametrize("deployment", ["multi_tenant", "dedicated", "self_managed"])
def test_the_preset_is_not_warned_of_as_the_organization_tells_customers_apart(deployment: str) -> None:
    assert record(CoreWeaveByob, {**STORE, "deployment": deployment}, preview=True).warnings == []
