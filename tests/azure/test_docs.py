"""The table of defaults names every argument that a reader can find there, and none that does not exist."""

import re
from pathlib import Path

from byob_components.azure import AzureByobArgs

PAGE = Path(__file__).parents[2] / "docs/defaults.md"
ELSEWHERE = {
    # named in the table of AWS, and the same here
    "protection",
    "lifecycle_rules",
    "allow_data_expiry",
}
NO_DEFAULT_WORTH_A_ROW = {
    "tags",
    "paths",
    "suspended_paths",
    "subscription_id",
    "tenant_id",
    "kms_vault_name",
    "kms_key_name",
}


def test_the_table_and_the_arguments_agree() -> None:
    text = PAGE.read_text()
    section = text.partition("## Azure\n")[2].partition("\n## ")[0]
    columns = [line.rpartition(" | ")[2] for line in section.splitlines() if line.startswith("| ")][1:]
    named = set(re.findall(r"`(\w+)`", " ".join(columns)))
    assert named <= AzureByobArgs.__annotations__.keys()
    named |= {"location", "deployment", "level"} & set(re.findall(r"`(\w+)`", section))
    assert named | ELSEWHERE | NO_DEFAULT_WORTH_A_ROW == set(AzureByobArgs.__annotations__)
    assert {name for name in ELSEWHERE if f"`{name}" not in text} == set()


def test_every_reason_of_the_refused_is_told() -> None:
    text = PAGE.read_text().partition("## Azure\n")[2].partition("\n## ")[0]
    for word in ("immutability", "hierarchical namespace", "closed networks", "public blobs", "`force_destroy`"):
        assert word in text
