"""Bad input on the engine: every fault with its code, no traceback, nothing registered; and faults that only `up` can know."""

from __future__ import annotations

import pytest

from tests.engine.conftest import Bench

pytestmark = pytest.mark.engine

THREE_FAULTS = """
import pulumi
from byob_components.aws import AwsByob

pulumi.ComponentResource("demo:index:Before", "before")
AwsByob("vision", {
    "deployment": "dedicated",
    "level": "team",
    "encryption": "existing_key",
    "kms_deletion_window_days": 3,
    "paths": ["/vision"],
    "cors_origins": ["wandb.example.com"],
})
"""


def test_faults_known_beforehand_are_told_together_and_nothing_is_registered(bench: Bench) -> None:
    run = (
        bench(THREE_FAULTS)
        .up()
        .refused("AwsByob 'vision': 3 faults", "kms_deletion_window_days", "paths", "cors_origins")
    )
    assert run.code == 1
    assert run.ops() == {"Before before": "create"}
    assert "AwsByob vision" not in str(run.events).replace("AwsByob 'vision'", "")
