"""What every declaration of a store is held to, whatever the cloud."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import certifi
import pytest

from byob_components.errors import Fault
from byob_components.verify.declaration import check_choice, check_endpoints, check_given, check_shared


def places(faults: Sequence[Fault]) -> list[tuple[str, str]]:
    return [(fault.code, fault.where) for fault in faults]


def test_what_must_be_given() -> None:
    assert places(check_given({"bucket": "", "region": "eu"})) == [("BYOB-VERIFY-011", "bucket")]


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ("", False),
        ("https://s3.example.com", False),
        ("http://127.0.0.1:9000/", False),
        ("s3.example.com", True),
        ("https://s3.example.com/bucket", True),
        ("https://s3.example.com?x=1", True),
        ("https://", True),
        ("ftp://s3.example.com", True),
    ],
)
def test_what_is_a_servers_address(value: str, wrong: bool) -> None:
    assert places(check_endpoints({"endpoint": value})) == ([("BYOB-VERIFY-011", "endpoint")] if wrong else [])


def test_a_plain_address_is_plain() -> None:
    assert places(check_endpoints({"plain_endpoint": "https://x"})) == [("BYOB-VERIFY-011", "plain_endpoint")]
    assert check_endpoints({"plain_endpoint": "http://x"}) == []


def test_a_choice_tells_the_choices() -> None:
    assert check_choice("access", "minimal", ("documented", "minimal")) == []
    (found,) = check_choice("access", "all", ("", "documented", "minimal"))
    assert (found.where, found.allowed) == ("access", "'documented', 'minimal'")


def test_what_all_stores_have(tmp_path: Path) -> None:
    shutil.copy(certifi.where(), tmp_path / "ca.pem")
    (tmp_path / "readme.md").write_text("no certificate")
    assert check_shared("vision", ["*"], str(tmp_path / "ca.pem"), {"days": 0}) == []
    assert check_shared("/", ["https://wandb.example.com"], "", {"days": 30}) == []
    found = check_shared("a//b", ["wandb.example.com"], str(tmp_path / "none.pem"), {"days": -1})
    assert [fault.where for fault in found] == ["ca_bundle", "days", "path", "cors_origins"]
    (found_too,) = check_shared("", ["*"], str(tmp_path / "readme.md"), {})
    assert (found_too.where, found_too.what) == ("ca_bundle", "holds no certificate")
