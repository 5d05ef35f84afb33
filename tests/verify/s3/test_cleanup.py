"""V27: whatever happens, what a verification wrote is removed, and nothing else is touched."""

from collections.abc import Iterator
from typing import Any

import pytest

from byob_components.verify import Cast, Result, State, Trouble, clear_s3, verify_s3
from byob_components.verify.masking import Mask
from byob_components.verify.result import Record
from byob_components.verify.s3 import cleanup, versions
from byob_components.verify.s3.stage import Stage
from byob_components.verify.web import Answer
from tests.verify.s3.buckets import Bucket, MakeBucket

OTHER_RUN = "0b0b0b0b-1111-4222-8333-444444444444"


@pytest.fixture
def bucket(make_bucket: MakeBucket) -> Bucket:
    return make_bucket(minimal=True)


def at(code: str, problem: BaseException) -> Any:
    def stop(result: Result) -> None:
        if result.code == code:
            raise problem

    return stop


@pytest.mark.server
@pytest.mark.parametrize("code", ["V08", "V12", "V14", "V19", "V22"])
def test_an_interrupt_leaves_nothing(bucket: Bucket, code: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        verify_s3(bucket.store, bucket.cast, on_result=at(code, KeyboardInterrupt()))
    assert bucket.contents() == []


@pytest.mark.server
def test_an_interrupt_amid_an_upload_leaves_nothing(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    call, opened = Stage.call, []

    def interrupted(self: Stage, actor: Any, method: str, key: str = "", **more: Any) -> Answer:
        answer = call(self, actor, method, key, **more)
        if (more.get("query") or {}).get("partNumber") == "1":
            opened.extend(bucket.contents())
            raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(Stage, "call", interrupted)
    with pytest.raises(KeyboardInterrupt):
        verify_s3(bucket.store, bucket.cast)
    assert any(key.endswith("/parts.bin") for key, _ in opened)
    assert bucket.contents() == []


@pytest.mark.server
def test_a_check_that_breaks_leaves_nothing_and_the_others_go_on(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(stage: Stage, record: Record) -> None:
        stage.plant("left-behind.txt")
        raise ZeroDivisionError("by a defect")

    monkeypatch.setattr(versions, "delete", breaks)
    report = verify_s3(bucket.store, bucket.cast)
    broken = next(r for r in report.results if r.code == "V15")
    assert (broken.state, broken.trouble) == (State.SKIP, Trouble.DEFECT)
    assert broken.because == "the check itself broke: ZeroDivisionError: by a defect"
    assert report.ids(State.FAIL) == []
    assert not report.ok
    assert bucket.contents() == []


@pytest.mark.server
def test_what_others_keep_is_not_touched(bucket: Bucket) -> None:
    names = ("vision/run-1/media.png", "vision/.wandb-byob-verify-notes.txt", "vision/.wandb-byob-verify", "robotics/a",
             ".wandb-byob-verify/somebody.txt", f"vision/.wandb-byob-verify/{OTHER_RUN}/a.txt")  # fmt: skip
    for name in names:
        bucket.s3.put_object(Bucket=bucket.name, Key=name, Body=b"1")
        bucket.s3.put_object(Bucket=bucket.name, Key=name, Body=b"2")
    bucket.s3.delete_object(Bucket=bucket.name, Key=names[0])
    bucket.s3.create_multipart_upload(Bucket=bucket.name, Key="vision/run-1/unfinished.bin")
    before = bucket.contents()
    report = verify_s3(bucket.store, bucket.cast)
    assert (report.ids(State.FAIL), report.ids(State.WARN)) == ([], ["V27"])
    assert bucket.contents() == before
    assert len(before) == 14


@pytest.mark.server
def test_what_a_killed_run_left_is_named_and_can_be_cleared(bucket: Bucket) -> None:
    with Stage(bucket.store, bucket.cast, OTHER_RUN, Mask()) as stage:
        stage.plant("one.txt")
        stage.plant("one.txt", b"again")
        stage.plant("two.txt", prefix=stage.outside[0], first=stage.insiders()[1])
    report = verify_s3(bucket.store, bucket.cast)
    last = report.results[-1]
    assert (last.id, last.state) == ("V27", State.WARN)
    assert f"from other runs, ended too early or still going: {OTHER_RUN}" in last.evidence
    assert len(bucket.contents()) == 3
    cleared = clear_s3(bucket.store, bucket.cast, OTHER_RUN)
    assert [(r.id, r.state, r.evidence) for r in cleared.results] == [
        ("V27", State.PASS, ("3 objects, versions, delete markers and uploads removed; none is left",))
    ]
    assert bucket.contents() == []


@pytest.mark.server
def test_w_and_b_alone_leaves_old_versions_which_the_owner_clears(bucket: Bucket) -> None:
    report = verify_s3(bucket.store, Cast(wandb=bucket.cast.wandb))
    last = report.results[-1]
    assert (last.state, last.fix) == (
        State.WARN,
        "give the owner's identity, or let them expire: W&B cannot delete versions",
    )
    assert last.evidence[0].startswith(f"old versions only, left below vision/.wandb-byob-verify/{report.run}/")
    assert bucket.contents() != []
    assert clear_s3(bucket.store, bucket.cast, report.run).ok
    assert bucket.contents() == []


@pytest.mark.parametrize("run", ["", "../other", "vision", "*"])
def test_only_a_run_can_be_cleared(run: str) -> None:
    with pytest.raises(ValueError, match="badly formed"):
        clear_s3(None, None, run)


class Careless:
    """A server that ignores the prefix: it lists everybody's objects."""

    def __init__(self) -> None:
        self.deleted: list[str] = []
        self.keys = ["vision/run-1/media.png", "ours/a.txt", "ours-not/b.txt"]

    def get_paginator(self, name: str) -> "Careless":
        self.listing = name
        return self

    def paginate(self, **_: Any) -> Iterator[dict[str, Any]]:
        if self.listing == "list_object_versions":
            yield {"Versions": [{"Key": key, "VersionId": "1"} for key in self.keys if key not in self.deleted]}
        else:
            yield {"Uploads": [{"Key": key, "UploadId": "1"} for key in self.keys if key not in self.deleted]}

    def delete_object(self, **where: str) -> None:
        self.deleted.append(where["Key"])

    abort_multipart_upload = delete_object

    def list_object_versions(self, **_: Any) -> dict[str, Any]:
        return {"CommonPrefixes": [{"Prefix": "vision/"}, {"Prefix": "ours/"}]}


class FakeActor:
    def __init__(self, s3: Careless) -> None:
        self.s3, self.name = s3, "owner"


class FakeStage:
    has_owner, prefix, outside, run = True, "ours/", (), "ours"
    store = type("Store", (), {"bucket": "b"})

    def __init__(self, actor: FakeActor) -> None:
        self.actor = actor

    def insiders(self) -> tuple[FakeActor, ...]:
        return (self.actor,)


def test_a_server_that_ignores_the_prefix_loses_nothing() -> None:
    server, record = Careless(), Record()
    cleanup.clean_up(FakeStage(FakeActor(server)), record)
    assert server.deleted == ["ours/a.txt"]
    assert (record.state, record.evidence) == (
        State.PASS,
        ["1 objects, versions, delete markers and uploads removed; none is left"],
    )
