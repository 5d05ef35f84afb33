"""What all tests share: how a test says that it needs something this machine may not have."""

import gc
import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

# The abstract suites are no test modules themselves; without this a failure in them would not show the values.
pytest.register_assert_rewrite("tests.conformance")

settings.register_profile("default", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "ci", deadline=None, max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_collection_finish() -> None:
    """What the imports have made stays to the end; a collector that goes through it again and again takes a fifth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def require() -> Callable[[bool, str], None]:
    """Skip with the reason on a user's machine; in CI nothing is skipped, and what is missing is a failure."""

    def need(present: bool, reason: str) -> None:
        if present:
            return
        if os.environ.get("CI"):
            pytest.fail(f"missing in CI: {reason}", pytrace=False)
        pytest.skip(reason)

    return need
