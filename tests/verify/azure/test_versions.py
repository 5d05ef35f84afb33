"""V14 where a server says that it keeps what is overwritten, and does not: only the account's word for it is left."""

from types import SimpleNamespace
from typing import Any

import pytest

from byob_components.verify import State
from byob_components.verify.azure.arm import ArmError
from byob_components.verify.azure.versions import old_versions
from byob_components.verify.result import Record, UndecidedError
from byob_components.verify.stage import Planted
from byob_components.verify.web import Answer


def stage(endpoint: str, said: Any) -> Any:
    """A stage on a server that names no version; the account says what it is told to say."""

    def blob_service() -> dict[str, Any]:
        if isinstance(said, Exception):
            raise said
        return {"properties": {"isVersioningEnabled": said}}

    actor = SimpleNamespace(reads_settings=True, arm=SimpleNamespace(blob_service=blob_service))
    return SimpleNamespace(
        store=SimpleNamespace(versioning=True, endpoint=endpoint),
        wandb=lambda record: actor,
        insiders=lambda: (actor,),
        plant=lambda name, body: Planted(name, body, ""),
    )


def test_a_server_without_versions_whose_account_says_that_it_has_them_decides_nothing() -> None:
    with pytest.raises(UndecidedError, match="this server names no version of what is put there: it has none to try"):
        old_versions(stage("https://localhost:10000/acme", True), Record())


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        ("", True),  # Azure itself: then it is no server without versions, but an account that lost one
        ("https://localhost:10000/acme", False),
        ("https://localhost:10000/acme", ArmError("GET", Answer(403))),
    ],
)
def test_everything_else_fails(endpoint: str, said: Any) -> None:
    record = Record()
    old_versions(stage(endpoint, said), record)
    assert (record.state, record.evidence) == (
        State.FAIL,
        ["an upload is answered without a version: what is overwritten is lost"],
    )
