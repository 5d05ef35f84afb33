"""What the tests of `byob verify` play."""

from __future__ import annotations

import importlib

import pytest

import byob_components.verify as verification
from byob_components.cli import stack_state
from tests.cli.played import Clouds, Engine


@pytest.fixture
def clouds(monkeypatch: pytest.MonkeyPatch) -> Clouds:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    played = Clouds()
    for family in ("s3", "gcs", "azure"):
        monkeypatch.setattr(
            importlib.import_module(f"byob_components.verify.{family}.login"), "sign_in", played.sign_in(family)
        )
        monkeypatch.setattr(verification, f"verify_{family}", played.verify, raising=False)
    return played


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    played = Engine()
    monkeypatch.setattr(stack_state.subprocess, "run", played.run)
    return played
