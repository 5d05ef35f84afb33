"""The tables of defaults name every argument that a reader can find there, and the page's table of capabilities is true."""

import re
from pathlib import Path

from byob_components.s3_compatible import S3CompatibleByobArgs
from byob_components.s3_compatible.capability import PRESETS, S3CompatibleCapability, S3CompatibleServer

DOCS = Path(__file__).parents[2] / "docs"
ELSEWHERE = {
    # named in the table of AWS, and the same here
    "protection",
    "force_destroy",
    "abort_upload_days",
    "lifecycle_rules",
    "allow_data_expiry",
    "bucket_name",
}
NO_DEFAULT_WORTH_A_ROW = {"paths", "suspended_paths", "bucket_policy_statements"}


def test_the_table_and_the_arguments_agree() -> None:
    text = (DOCS / "defaults.md").read_text()
    section = text.partition("## S3-compatible servers\n")[2].partition("\n## ")[0]
    columns = [line.rpartition(" | ")[2] for line in section.splitlines() if line.startswith("| ")][1:]
    named = set(re.findall(r"`(\w+)`", " ".join(columns)))
    assert named <= S3CompatibleByobArgs.__annotations__.keys()
    required = set(re.findall(r"`(\w+)`", section.partition("|")[0]))
    assert required - {"S3CompatibleByob"} == S3CompatibleByobArgs.__required_keys__  # type: ignore[attr-defined]
    assert named | required - {"S3CompatibleByob"} | ELSEWHERE | NO_DEFAULT_WORTH_A_ROW == set(
        S3CompatibleByobArgs.__annotations__
    )
    assert {name for name in ELSEWHERE if f"`{name}" not in text} == set()


def test_the_pages_table_of_capabilities_says_what_the_presets_say() -> None:
    text = (DOCS / "s3-compatible.md").read_text()
    section = text.partition("## What the server can do\n")[2].partition("\n## ")[0]
    rows = [[cell.strip().strip("`") for cell in line.split("|")[1:-1]] for line in section.splitlines() if "|" in line]
    servers = [S3CompatibleServer(name) for name in rows[0][1:-1]]
    assert servers == list(S3CompatibleServer)
    told = {row[0]: row[1:-1] for row in rows[2:]}
    assert list(told) == [str(one) for one in S3CompatibleCapability]
    for capability, cells in told.items():
        has = [S3CompatibleCapability(capability) in PRESETS[server].has for server in servers]
        assert cells == ["yes" if one else "no" for one in has], capability
