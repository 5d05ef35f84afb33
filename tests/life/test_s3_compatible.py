"""The life of a store on an S3-compatible server."""

from __future__ import annotations

import pytest

from tests.life.contract import LifeOfAStore
from tests.life.s3 import LocalStore

pytestmark = [pytest.mark.engine, pytest.mark.server]


class TestS3Compatible(LifeOfAStore):
    local = LocalStore
