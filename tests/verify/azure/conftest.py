"""One local Azure for all tests of the Azure verification in a worker."""

import shutil
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from sandbox.clouds.azure.server import AzureCloud
from tests.verify.azure.stores import Azure, MakeStore, make


@pytest.fixture(scope="session")
def azure(require: Callable[[bool, str], None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azure]:
    require(shutil.which("node") is not None, "Node.js, which Azurite runs on")
    with AzureCloud.start(tmp_path_factory.mktemp("verify-azure")) as running:
        made = Azure(running)
        yield made
        made.close()


@pytest.fixture
def make_store(azure: Azure) -> MakeStore:
    return partial(make, azure)
