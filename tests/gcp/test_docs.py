"""The table of defaults names every argument that a reader can find there, and none that does not exist."""

import re
from pathlib import Path

from byob_components.gcp import GcpByobArgs

PAGE = Path(__file__).parents[2] / "docs/defaults.md"
ELSEWHERE = {
    # named in the table of AWS, and the same here
    "protection",
    "force_destroy",
    "abort_upload_days",
    "noncurrent_versions",
    "lifecycle_rules",
    "allow_data_expiry",
    "bucket_name",
}
NO_DEFAULT_WORTH_A_ROW = {
    "project",
    "labels",
    "paths",
    "suspended_paths",
    "access_log_prefix",
    "kms_key_ring_name",
    "kms_key_name",
    "credential_account_id",
}


def test_the_table_and_the_arguments_agree() -> None:
    text = PAGE.read_text()
    section = text.partition("## Google Cloud\n")[2].partition("\n## ")[0]
    columns = [line.rpartition(" | ")[2] for line in section.splitlines() if line.startswith("| ")][1:]
    named = set(re.findall(r"`(\w+)`", " ".join(columns)))
    assert named <= GcpByobArgs.__annotations__.keys()
    named |= {"location", "deployment", "level"} & set(re.findall(r"`(\w+)`", section))
    assert named | ELSEWHERE | NO_DEFAULT_WORTH_A_ROW == set(GcpByobArgs.__annotations__)
    assert {name for name in ELSEWHERE if f"`{name}" not in text} == set()
