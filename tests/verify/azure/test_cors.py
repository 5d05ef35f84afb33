"""V05, judged from plain data."""

from typing import Any

import pytest

from byob_components.verify import State
from byob_components.verify.azure.cors import judge_rules
from byob_components.verify.result import Record

PAGE, OTHER = "https://wandb.example.com", "https://other.example.com"


def rule(**changes: list[str]) -> dict[str, Any]:
    good = {
        "allowed_methods": ["GET", "HEAD", "PUT"],
        "allowed_origins": ["*"],
        "allowed_headers": ["*"],
        "exposed_headers": ["*"],
    }
    return {**good, **changes}


@pytest.mark.parametrize(
    ("rules", "origins"),
    [
        ([rule()], ["*"]),
        ([rule()], [PAGE]),
        ([rule(allowed_origins=[PAGE])], [PAGE]),
        ([rule(allowed_origins=["https://*.example.com"])], [PAGE, OTHER]),
        ([rule(allowed_headers=["content-*", "x-ms-*"])], ["*"]),
        ([rule(allowed_headers=["Content-Type", "Content-MD5", "x-ms-blob-type"])], ["*"]),
        ([rule(exposed_headers=["x-ms-request-id", "etag"])], ["*"]),
        ([rule(exposed_headers=["ETa*"])], ["*"]),
        ([rule(allowed_methods=["PUT"]), rule(allowed_methods=["GET", "HEAD"])], ["*"]),
        ([rule(allowed_origins=[OTHER]), rule(allowed_origins=[PAGE])], [PAGE, OTHER]),
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
        ([rule(allowed_methods=["GET", "HEAD"])], ["*"], "no rule for *: PUT"),
        ([rule(allowed_methods=["PUT"])], ["*"], "no rule for *: GET HEAD"),
        ([rule(allowed_origins=[PAGE])], ["*"], "no rule for *: GET HEAD PUT"),
        ([rule(allowed_origins=[PAGE])], [PAGE, OTHER], f"no rule for {OTHER}: GET HEAD PUT"),
        ([rule(allowed_origins=["http://wandb.example.com"])], [PAGE], f"no rule for {PAGE}: GET HEAD PUT"),
        ([rule(allowed_origins=["https://*.example.com"])], ["https://example.com"], "no rule for https://example.com: GET HEAD PUT"),
        ([rule(allowed_headers=["content-type", "content-md5"])], ["*"], "no rule for *: GET HEAD PUT"),
        ([rule(allowed_headers=[])], ["*"], "no rule for *: GET HEAD PUT"),
        ([rule(exposed_headers=[])], ["*"], "ETag is not exposed to *: GET HEAD PUT"),
        ([rule(allowed_origins=[PAGE], exposed_headers=["x-ms-*"])], [PAGE], f"ETag is not exposed to {PAGE}: GET HEAD PUT"),
        # Azure stops at the first rule that fits: a better one behind it is never seen.
        ([rule(allowed_methods=["GET"], exposed_headers=[]), rule()], ["*"], "ETag is not exposed to *: GET"),
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
        ([rule(allowed_origins=[PAGE], allowed_methods=["GET", "HEAD", "PUT", "DELETE", "POST"])],
         "pages may also DELETE, POST, which W&B's do not need"),
    ],
)  # fmt: skip
def test_rules_that_are_wider_than_declared_are_told(rules: list[dict[str, Any]], said: str) -> None:
    record = Record()
    judge_rules(record, rules, [PAGE])
    assert (record.state, record.evidence[0]) == (State.WARN, said)
