"""One local AWS for all tests of the S3 verification in a worker."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest

from sandbox.clouds.aws.accounts import Accounts, seed
from sandbox.clouds.aws.ministack import Ministack
from sandbox.places import VENVS
from tests.verify.s3.buckets import MakeBucket, make


@pytest.fixture(scope="session")
def server(require: Callable[[bool, str], None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ministack]:
    require((VENVS / "ministack").exists(), "the environment of ministack: make setup")
    with Ministack.start(tmp_path_factory.mktemp("verify-ministack")) as running:
        yield running


@pytest.fixture(scope="session")
def accounts(server: Ministack) -> Accounts:
    return seed(server)


@pytest.fixture
def make_bucket(server: Ministack, accounts: Accounts) -> MakeBucket:
    return partial(make, server, accounts)
