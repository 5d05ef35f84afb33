"""The table of defaults names every argument that a reader can find there, and the page's matrix is W&B's."""

import re
from pathlib import Path

from byob_components.coreweave import CoreWeaveByobArgs
from byob_components.wandb.deployment import Cloud, Deployment, Level, offer

DOCS = Path(__file__).parents[2] / "docs"
ELSEWHERE = {
    # named in the table of AWS, and the same here
    "protection",
    "force_destroy",
    "noncurrent_days",
    "abort_upload_days",
    "lifecycle_rules",
    "allow_data_expiry",
    "bucket_name",
    "cors_origins",
    "cors_max_age_seconds",
}
NO_DEFAULT_WORTH_A_ROW = {"paths", "suspended_paths", "bucket_policy_statements"}


def test_the_table_and_the_arguments_agree() -> None:
    text = (DOCS / "defaults.md").read_text()
    section = text.partition("## CoreWeave\n")[2].partition("\n## ")[0]
    columns = [line.rpartition(" | ")[2] for line in section.splitlines() if line.startswith("| ")][1:]
    named = set(re.findall(r"`(\w+)`", " ".join(columns))) | {"deployment", "level"}
    assert named <= CoreWeaveByobArgs.__annotations__.keys()
    assert CoreWeaveByobArgs.__required_keys__ <= set(re.findall(r"`(\w+)`", section.partition("|")[0]))  # type: ignore[attr-defined]
    assert named | ELSEWHERE | NO_DEFAULT_WORTH_A_ROW == set(CoreWeaveByobArgs.__annotations__)
    assert {name for name in ELSEWHERE if f"`{name}" not in text} == set()


def test_the_pages_matrix_says_what_wandb_offers() -> None:
    text = (DOCS / "coreweave.md").read_text()
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| ")]
    names = {
        "Multi-tenant Cloud": Deployment.MULTI_TENANT,
        "Dedicated Cloud": Deployment.DEDICATED,
        "self-managed": Deployment.SELF_MANAGED,
    }
    told = {names[row[0]]: row[1:] for row in rows if row[0] in names}
    assert told.keys() == set(Deployment)
    for deployment, (team, instance, needs) in told.items():
        for level, cell in ((Level.TEAM, team), (Level.INSTANCE, instance)):
            assert (cell != "no") is offer(deployment, level, Cloud.COREWEAVE).offered
        wanted = offer(deployment, Level.TEAM, Cloud.COREWEAVE).needs
        assert needs == wanted.replace("server version ", "server ").replace("deployed with ", "")
