"""Who may act together."""

import pytest

from byob_components.errors import ByobError
from byob_components.verify import Cast, Identity

WANDB = Identity("W&B", "AKIAWANDB", "wandb-secret-value")
OWNER = Identity("owner", "AKIAOWNER", "owner-secret-value", "owner-token-value")
OTHER = Identity("other", "AKIAOTHER", "other-secret-value")


@pytest.mark.parametrize(
    ("cast", "codes"),
    [
        ({"wandb": None, "owner": None}, ["BYOB-VERIFY-001"]),
        ({"wandb": WANDB, "owner": Identity("W&B", "AKIAX", "x")}, ["BYOB-VERIFY-002"]),
        ({"wandb": WANDB, "outsiders": (OTHER, OTHER)}, ["BYOB-VERIFY-002"]),
        ({"wandb": WANDB, "outsiders": (Identity("mallory", "AKIAWANDB", "wandb-secret-value"),)}, ["BYOB-VERIFY-003"]),
        ({"wandb": WANDB, "owner": OWNER, "outsiders": (OWNER,)}, ["BYOB-VERIFY-002", "BYOB-VERIFY-003"]),
    ],
)
def test_casts_that_make_no_sense(cast: dict[str, object], codes: list[str]) -> None:
    with pytest.raises(ByobError) as refused:
        Cast(**cast)
    assert [fault.code for fault in refused.value.faults] == codes
    assert "secret-value" not in str(refused.value)


def test_anybody_may_be_missing_but_not_everybody() -> None:
    assert Cast(wandb=WANDB).owner is None
    assert Cast(wandb=None, owner=OWNER).outsiders == ()


def test_nobody_shows_keys() -> None:
    assert repr(Cast(wandb=None, owner=OWNER)) == "Cast(wandb=None, owner=Identity(name='owner'), outsiders=())"
