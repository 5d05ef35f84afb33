"""The table of defaults names every argument that a reader can find there, and the page's matrix is W&B's."""

from byob_components.coreweave import CoreWeaveByobArgs
from byob_components.wandb.deployment import Cloud, Deployment, Level, offer
from tests.conformance.docs import DOCS, DefaultsPageContract


class TestCoreWeave(DefaultsPageContract):
    heading = "CoreWeave"
    composite = "CoreWeaveByob"
    arguments = CoreWeaveByobArgs
    elsewhere = frozenset(
        {
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
    )
    no_default_worth_a_row = frozenset({"paths", "suspended_paths", "bucket_policy_statements"})


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
