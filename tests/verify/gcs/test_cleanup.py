"""V27: whatever happens, what a verification wrote is removed, and nothing else is touched."""

from typing import Any

import pytest

from byob_components.verify import Cast, Result, State, Trouble, clear_gcs, verify_gcs
from byob_components.verify.gcs import versions
from byob_components.verify.gcs.stage import Stage
from byob_components.verify.masking import Mask
from byob_components.verify.result import Record
from byob_components.verify.web import Answer, Web
from tests.verify.gcs.buckets import Bucket, MakeBucket

OTHER_RUN = "0b0b0b0b-1111-4222-8333-444444444444"


@pytest.fixture
def bucket(make_bucket: MakeBucket) -> Bucket:
    return make_bucket(minimal=True, cmek=False)


def at(code: str, problem: BaseException) -> Any:
    def stop(result: Result) -> None:
        if result.code == code:
            raise problem

    return stop


@pytest.mark.server
@pytest.mark.parametrize("code", ["V08", "V14", "V19"])
def test_an_interrupt_leaves_nothing(bucket: Bucket, code: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        verify_gcs(bucket.store, bucket.cast, on_result=at(code, KeyboardInterrupt()))
    assert bucket.contents() == []


@pytest.mark.server
def test_an_interrupt_amid_an_upload_cancels_it(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    send, seen = Web.send, []

    def interrupted(self: Web, method: str, url: str, *more: Any, **named: Any) -> Answer:
        answer = send(self, method, url, *more, **named)
        if "upload_id=" in url:
            seen.append((method, url, answer.status))
            if method == "PUT":
                raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(Web, "send", interrupted)
    with pytest.raises(KeyboardInterrupt):
        verify_gcs(bucket.store, bucket.cast)
    assert [(method, status) for method, _, status in seen] == [("PUT", 308), ("DELETE", 499)]
    assert seen[0][1] == seen[1][1]
    assert bucket.contents() == []


@pytest.mark.server
def test_a_check_that_breaks_leaves_nothing_and_the_others_go_on(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(stage: Stage, record: Record) -> None:
        stage.plant("left-behind.txt")
        raise ZeroDivisionError("by a defect")

    monkeypatch.setattr(versions, "delete", breaks)
    report = verify_gcs(bucket.store, bucket.cast)
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
    theirs = bucket.gcs.bucket(bucket.name)
    for name in names:
        theirs.blob(name).upload_from_string(b"1")
        theirs.blob(name).upload_from_string(b"2")
    theirs.blob(names[0]).delete()
    before = bucket.contents()
    report = verify_gcs(bucket.store, bucket.cast)
    assert (report.ids(State.FAIL), report.ids(State.WARN)) == ([], ["V27"])
    assert bucket.contents() == before
    assert len(before) == 12


@pytest.mark.server
def test_what_a_killed_run_left_is_named_and_can_be_cleared(bucket: Bucket) -> None:
    with Stage(bucket.store, bucket.cast, OTHER_RUN, Mask()) as stage:
        stage.plant("one.txt")
        stage.plant("one.txt", b"again")
        stage.plant("two.txt", first=stage.insiders()[1])
    report = verify_gcs(bucket.store, bucket.cast)
    last = report.results[-1]
    assert (last.id, last.state) == ("V27", State.WARN)
    assert f"from other runs, ended too early or still going: {OTHER_RUN}" in last.evidence
    assert len(bucket.contents()) == 3
    cleared = clear_gcs(bucket.store, bucket.cast, OTHER_RUN)
    assert [(r.id, r.state, r.evidence) for r in cleared.results] == [
        ("V27", State.PASS, ("3 objects and generations removed; none is left, but for the 7 days of soft delete",))
    ]
    assert bucket.contents() == []


@pytest.mark.server
def test_w_and_b_alone_removes_its_own_generations(bucket: Bucket) -> None:
    report = verify_gcs(bucket.store, Cast(wandb=bucket.cast.wandb))
    assert report.results[-1].state is State.PASS
    assert report.results[-1].actors == ("W&B",)
    assert bucket.contents() == []


@pytest.mark.parametrize("run", ["", "../other", "vision", "*"])
def test_only_a_run_can_be_cleared(run: str) -> None:
    with pytest.raises(ValueError, match="badly formed"):
        clear_gcs(None, None, run)  # type: ignore[arg-type]
