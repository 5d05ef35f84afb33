"""The table of defaults names every argument that a reader can find there, and none that does not exist."""

from byob_components.azure import AzureByobArgs
from tests.conformance.docs import DefaultsPageContract


class TestAzure(DefaultsPageContract):
    heading = "Azure"
    composite = "AzureByob"
    arguments = AzureByobArgs
    elsewhere = frozenset(
        {
            "protection",
            "lifecycle_rules",
            "allow_data_expiry",
        }
    )
    no_default_worth_a_row = frozenset(
        {
            "tags",
            "paths",
            "suspended_paths",
            "subscription_id",
            "tenant_id",
            "kms_vault_name",
            "kms_key_name",
        }
    )


def test_every_reason_of_the_refused_is_told() -> None:
    text = TestAzure().section()
    for word in ("immutability", "hierarchical namespace", "closed networks", "public blobs", "`force_destroy`"):
        assert word in text
