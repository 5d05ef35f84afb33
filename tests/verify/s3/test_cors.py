"""V05, judged from plain data."""

from typing import Any

import pytest

from byob_components.verify import State
from byob_components.verify.result import Record
from byob_components.verify.s3.cors import judge_rules

PAGE, OTHER = "https://wandb.example.com", "https://other.example.com"


def rule(**changes: Any) -> dict[str, Any]:
    return {
        "AllowedMethods": ["GET", "HEAD", "PUT"],
        "AllowedOrigins": ["*"],
        "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag"],
        **changes,
    }


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in rule().items() if key != name}


@pytest.mark.parametrize(
    ("rules", "origins"),
    [
        ([rule()], ["*"]),
        ([rule()], [PAGE]),
        ([rule(AllowedOrigins=[PAGE])], [PAGE]),
        ([rule(AllowedOrigins=["https://*.example.com"])], [PAGE, OTHER]),
        ([rule(AllowedHeaders=["content-*"])], ["*"]),
        ([rule(AllowedHeaders=["Content-Type", "Content-MD5"])], ["*"]),
        ([rule(ExposeHeaders=["x-amz-id-2", "etag"])], ["*"]),
        ([rule(AllowedMethods=["PUT"]), rule(AllowedMethods=["GET", "HEAD"])], ["*"]),
        ([rule(AllowedOrigins=[OTHER]), rule(AllowedOrigins=[PAGE])], [PAGE, OTHER]),
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
        ([rule(AllowedMethods=["GET", "HEAD"])], ["*"], "no rule for *: PUT"),
        ([rule(AllowedMethods=["PUT"])], ["*"], "no rule for *: GET HEAD"),
        ([rule(AllowedOrigins=[PAGE])], ["*"], "no rule for *: GET HEAD PUT"),
        ([rule(AllowedOrigins=[PAGE])], [PAGE, OTHER], f"no rule for {OTHER}: GET HEAD PUT"),
        ([rule(AllowedOrigins=["http://wandb.example.com"])], [PAGE], f"no rule for {PAGE}: GET HEAD PUT"),
        ([rule(AllowedOrigins=["https://*.example.com"])], ["https://example.com"], "no rule for https://example.com: GET HEAD PUT"),
        ([rule(AllowedHeaders=["content-type"])], ["*"], "no rule for *: GET HEAD PUT"),
        ([without("AllowedHeaders")], ["*"], "no rule for *: GET HEAD PUT"),
        ([without("ExposeHeaders")], ["*"], "ETag is not exposed to *: GET HEAD PUT"),
        ([rule(AllowedOrigins=[PAGE], ExposeHeaders=["x-amz-id-2"])], [PAGE], f"ETag is not exposed to {PAGE}: GET HEAD PUT"),
        # S3 stops at the first rule that fits: a better one behind it is never seen.
        ([rule(AllowedMethods=["GET"], ExposeHeaders=[]), rule()], ["*"], "ETag is not exposed to *: GET"),
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
        ([rule(AllowedOrigins=[PAGE], AllowedMethods=["GET", "HEAD", "PUT", "DELETE", "POST"])],
         "pages may also DELETE, POST, which W&B's do not need"),
    ],
)  # fmt: skip
def test_rules_that_are_wider_than_declared_are_told(rules: list[dict[str, Any]], said: str) -> None:
    record = Record()
    judge_rules(record, rules, [PAGE])
    assert (record.state, record.evidence[0]) == (State.WARN, said)
