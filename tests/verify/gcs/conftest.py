"""One local Google Cloud for all tests of the GCS verification in a worker."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from sandbox.clouds.gcp.accounts import Accounts
from sandbox.clouds.gcp.server import GoogleCloud
from sandbox.places import VENVS
from tests.verify.gcs.buckets import MakeBucket, make


@pytest.fixture(scope="session")
def server(require: Callable[[bool, str], None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoogleCloud]:
    require((VENVS / "gcs").exists(), "the environment of the local Google Cloud: make setup")
    with GoogleCloud.start(tmp_path_factory.mktemp("verify-gcs")) as running:
        yield running


@pytest.fixture(scope="session")
def accounts(server: GoogleCloud) -> Accounts:
    return server.accounts


@pytest.fixture
def make_bucket(server: GoogleCloud, accounts: Accounts) -> MakeBucket:
    return partial(make, server, accounts)
