"""V27: whatever happens, what a verification wrote is removed, and nothing else is touched."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from byob_components.verify import Cast, Result, State, Trouble, clear_azure, verify_azure
from byob_components.verify.azure import cleanup, listing, multipart, presigned, settings, strangers, versions
from byob_components.verify.azure.stage import Stage
from byob_components.verify.masking import Mask
from byob_components.verify.result import Record
from sandbox.clouds.azure.accounts import blob_service, credential
from tests.verify.azure.stores import MakeStore, Store, only

OTHER_RUN = "0b0b0b0b-1111-4222-8333-444444444444"


@pytest.fixture
def store(make_store: MakeStore) -> Store:
    return make_store()


def at(code: str, problem: BaseException) -> Any:
    def stop(result: Result) -> None:
        if result.code == code:
            raise problem

    return stop


@pytest.mark.server
@pytest.mark.parametrize("code", ["V12", "V14", "V21"])
def test_an_interrupt_leaves_nothing(store: Store, code: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        verify_azure(store.store, store.cast, on_result=at(code, KeyboardInterrupt()))
    assert store.contents() == []


@pytest.mark.server
def test_an_interrupt_amid_an_upload_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[tuple[str, str]] = []

    def interrupted(*_: Any) -> Any:
        opened.extend(store.contents())
        raise KeyboardInterrupt

    monkeypatch.setattr(multipart, "commit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        verify_azure(store.store, store.cast)
    assert any(name.endswith("/blocks.bin") for name, _ in opened)
    assert store.contents() == []


@pytest.mark.server
def test_a_check_that_breaks_leaves_nothing_and_the_others_go_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(stage: Stage, record: Record) -> None:
        stage.plant("left-behind.txt")
        raise ZeroDivisionError("by a defect")

    only(monkeypatch, settings, versions, strangers)
    monkeypatch.setattr(versions, "delete", breaks)
    report = verify_azure(store.store, store.cast)
    broken = next(r for r in report.results if r.code == "V15")
    assert (broken.state, broken.trouble) == (State.SKIP, Trouble.DEFECT)
    assert broken.because == "the check itself broke: ZeroDivisionError: by a defect"
    assert report.ids(State.FAIL) == []
    assert not report.ok
    assert store.contents() == []


@pytest.mark.server
def test_what_others_keep_is_not_touched(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, presigned, multipart, versions)
    names = ("vision/run-1/media.png", "vision/.wandb-byob-verify-notes.txt", "vision/.wandb-byob-verify", "robotics/a",
             ".wandb-byob-verify/somebody.txt", f"vision/.wandb-byob-verify/{OTHER_RUN}/a.txt")  # fmt: skip
    cloud = store.azure.cloud
    with blob_service(cloud, store.store.account, credential(cloud, cloud.accounts.storage_admin)) as service:
        container = service.get_container_client("wandb")
        for name in names:
            container.upload_blob(name, b"1")
            container.upload_blob(name, b"2", overwrite=True)
        container.delete_blob(names[0])
        container.get_blob_client("vision/run-1/unfinished.bin").stage_block("MQ==", b"1")
    before = store.contents()
    report = verify_azure(store.store, store.cast)
    assert (report.ids(State.FAIL), report.ids(State.WARN)) == ([], ["V27"])
    assert store.contents() == before
    assert len(before) == 18


@pytest.mark.server
def test_what_a_killed_run_left_is_named_and_can_be_cleared(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, listing)
    with Stage(store.store, store.cast, OTHER_RUN, Mask()) as stage:
        stage.plant("one.txt")
        stage.plant("one.txt", b"again")
        stage.plant("two.txt")
        wandb = stage.wandb(Record())
        url = stage.sign(wandb, "PUT", f"{stage.prefix}three.bin")
        assert stage.web.send("PUT", f"{url}&comp=block&blockid=MQ==", body=b"1").ok
    report = verify_azure(store.store, store.cast)
    last = report.results[-1]
    assert (last.id, last.state) == ("V27", State.WARN)
    assert f"from other runs, ended too early or still going: {OTHER_RUN}" in last.evidence
    assert store.contents() != []
    cleared = clear_azure(store.store, store.cast, OTHER_RUN)
    assert [(r.id, r.state) for r in cleared.results] == [("V27", State.PASS)]
    assert store.contents() == []


@pytest.mark.server
def test_w_and_b_alone_leaves_old_versions_which_the_owner_clears(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, versions)
    report = verify_azure(store.store, Cast(wandb=store.cast.wandb))
    last = report.results[-1]
    assert (last.state, last.fix) == (
        State.WARN,
        "give the owner's identity, or let them be removed by their rule: W&B cannot delete versions",
    )
    assert last.evidence[0].startswith(f"old versions only, left below vision/.wandb-byob-verify/{report.run}/")
    assert store.contents() != []
    assert clear_azure(store.store, store.cast, report.run).ok
    assert store.contents() == []


@pytest.mark.parametrize("run", ["", "../other", "vision", "*"])
def test_only_a_run_can_be_cleared(run: str) -> None:
    with pytest.raises(ValueError, match="badly formed"):
        clear_azure(None, None, run)  # type: ignore[arg-type]


class Careless:
    """A container of a server that ignores the prefix: it lists everybody's blobs."""

    def __init__(self) -> None:
        self.deleted: list[str] = []
        self.names = ["vision/run-1/media.png", "ours/a.txt", "ours-not/b.txt"]

    def list_blobs(self, **_: Any) -> Iterator[Any]:
        yield from [SimpleNamespace(name=name, version_id="1") for name in self.names if name not in self.deleted]

    def delete_blob(self, name: str, **_: str) -> None:
        self.deleted.append(name)

    def get_blob_client(self, name: str) -> Any:
        return SimpleNamespace(delete_blob=lambda **_: self.deleted.append(name))

    def walk_blobs(self, **_: Any) -> Iterator[Any]:
        yield from [SimpleNamespace(name="vision/"), SimpleNamespace(name="ours/")]


def test_a_server_that_ignores_the_prefix_loses_nothing() -> None:
    container, record = Careless(), Record()
    service = SimpleNamespace(get_container_client=lambda name: container)
    actor = SimpleNamespace(service=service, container=container, name="owner")
    stage: Any = SimpleNamespace(
        has_owner=True, prefix="ours/", run="ours", containers=["wandb"], insiders=lambda: (actor,)
    )
    cleanup.clean_up(stage, record)
    assert container.deleted == ["ours/a.txt"]
    assert (record.state, record.evidence) == (
        State.PASS,
        ["1 blobs and versions removed; none is left, but for what soft delete keeps for its days"],
    )
