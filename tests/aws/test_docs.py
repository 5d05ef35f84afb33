"""The table of defaults names every argument that a reader can find there, and none that does not exist."""

from byob_components.aws import AwsByobArgs
from tests.conformance.docs import DOCS, DefaultsPageContract


class TestAws(DefaultsPageContract):
    heading = "Defaults"
    composite = "AwsByob"
    arguments = AwsByobArgs
    elsewhere = frozenset()
    no_default_worth_a_row = frozenset(
        {
            "account_id",
            "partition",
            "region",
            "paths",
            "suspended_paths",
            "tags",
            "bucket_policy_statements",
            "access_log_prefix",
            "kms_key_users",
        }
    )

    def section(self) -> str:
        """The page's beginning: the other clouds' tables come after it."""
        return (DOCS / "defaults.md").read_text().partition("\n## ")[0]
