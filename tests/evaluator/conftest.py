"""The environment of the evaluator."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.places import VENVS


@pytest.fixture(scope="session")
def evaluator(require: Callable[[bool, str], None]) -> Path:
    """The interpreter of ministack's environment, which `make setup` makes."""
    python = VENVS / "ministack" / "bin" / "python"
    require(python.exists(), "the environment of ministack: run `make setup`")
    return python
