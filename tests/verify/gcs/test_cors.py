"""V05, judged from plain data."""

from typing import Any

import pytest

from byob_components.verify import State
from byob_components.verify.gcs.cors import judge_rules
from byob_components.verify.result import Record

PAGE, OTHER = "https://wandb.example.com", "https://other.example.com"


def rule(**changes: Any) -> dict[str, Any]:
    return {"origin": ["*"], "method": ["GET", "HEAD", "PUT"], "responseHeader": ["*"], "maxAgeSeconds": 3000} | changes


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in rule().items() if key != name}


@pytest.mark.parametrize(
    ("rules", "origins"),
    [
        ([rule()], ["*"]),
        ([rule()], [PAGE]),
        ([rule(origin=[PAGE])], [PAGE]),
        ([rule(responseHeader=["Content-Type", "content-md5", "etag"])], ["*"]),
        ([rule(method=["*"])], ["*"]),
        ([rule(method=["PUT"]), rule(method=["GET", "HEAD"])], ["*"]),
        ([rule(origin=[OTHER]), rule(origin=[PAGE])], [PAGE, OTHER]),
    ],
)
def test_rules_that_let_the_pages_in(rules: list[dict[str, Any]], origins: list[str]) -> None:
    record = Record()
    judge_rules(record, rules, origins)
    assert record.state in (State.PASS, State.WARN)
    assert record.evidence[-1] == f"GET, HEAD, PUT from {', '.join(origins)}; ETag exposed"


@pytest.mark.parametrize(
    ("rules", "origins", "said"),
    [
        ([], ["*"], "no CORS rule"),
        ([rule(method=["GET", "HEAD"])], ["*"], "no rule for * PUT"),
        ([rule(method=["PUT"])], ["*"], "no rule for * GET, * HEAD"),
        ([rule(origin=[PAGE])], ["*"], "no rule for * GET, * HEAD, * PUT"),
        ([rule(origin=[PAGE])], [PAGE, OTHER], f"no rule for {OTHER} GET, {OTHER} HEAD, {OTHER} PUT"),
        ([rule(origin=["http://wandb.example.com"])], [PAGE], f"no rule for {PAGE} GET, {PAGE} HEAD, {PAGE} PUT"),
        ([without("responseHeader")], ["*"], "responseHeader lacks Content-Type, Content-MD5, ETag"),
        # W&B's page: enough for reading, and no page can upload with it.
        ([rule(responseHeader=["Content-Type"])], ["*"], "responseHeader lacks Content-MD5, ETag"),
        # Google stops at the first rule that fits: a better one behind it is never seen.
        ([rule(method=["GET"], responseHeader=["ETag"]), rule()], ["*"], "responseHeader lacks Content-Type, Content-MD5"),
    ],
)  # fmt: skip
def test_rules_that_stop_a_page(rules: list[dict[str, Any]], origins: list[str], said: str) -> None:
    record = Record()
    judge_rules(record, rules, origins)
    assert (record.state, record.evidence) == (State.FAIL, [said])


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([rule()], "a rule lets every origin in, declared are some"),
        ([rule(origin=[PAGE], method=["GET", "HEAD", "PUT", "DELETE", "POST"])],
         "pages may also DELETE, POST, which W&B's do not need"),
    ],
)  # fmt: skip
def test_rules_that_are_wider_than_declared_are_told(rules: list[dict[str, Any]], said: str) -> None:
    record = Record()
    judge_rules(record, rules, [PAGE])
    assert (record.state, record.evidence[0]) == (State.WARN, said)
