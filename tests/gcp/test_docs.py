"""The table of defaults names every argument that a reader can find there, and none that does not exist."""

from byob_components.gcp import GcpByobArgs
from tests.conformance.docs import DefaultsPageContract


class TestGcp(DefaultsPageContract):
    heading = "Google Cloud"
    composite = "GcpByob"
    arguments = GcpByobArgs
    elsewhere = frozenset(
        {
            "protection",
            "force_destroy",
            "abort_upload_days",
            "noncurrent_versions",
            "lifecycle_rules",
            "allow_data_expiry",
            "bucket_name",
        }
    )
    no_default_worth_a_row = frozenset(
        {
            "project",
            "labels",
            "paths",
            "suspended_paths",
            "access_log_prefix",
            "kms_key_ring_name",
            "kms_key_name",
            "credential_account_id",
        }
    )
