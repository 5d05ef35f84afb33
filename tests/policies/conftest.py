"""The environment of the policy pack."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.places import VENVS
from sandbox.venvs import ensure_venv


@pytest.fixture(scope="session")
def pack_python(require: Callable[[bool, str], None]) -> Path:
    """The interpreter of the pack's own environment, made once whatever the number of workers."""
    VENVS.mkdir(parents=True, exist_ok=True)
    with (VENVS / "policy.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        python, _ = ensure_venv("policy")
    require(python.exists(), "the environment of the policy pack: run `make setup`")
    return python
