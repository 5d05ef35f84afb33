"""The life of a store at CoreWeave, on a gate of ours."""

from __future__ import annotations

import pytest

from tests.life.contract import LifeOfAStore
from tests.life.s3 import LocalCoreWeave

pytestmark = [pytest.mark.engine, pytest.mark.server]


class TestCoreWeave(LifeOfAStore):
    local = LocalCoreWeave
