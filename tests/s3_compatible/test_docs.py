"""The tables of defaults name every argument that a reader can find there, and the page's table of capabilities is true."""

from byob_components.s3_compatible import S3CompatibleByobArgs
from byob_components.s3_compatible.capability import PRESETS, S3CompatibleCapability, S3CompatibleServer
from tests.conformance.docs import DOCS, DefaultsPageContract


class TestS3Compatible(DefaultsPageContract):
    heading = "S3-compatible servers"
    composite = "S3CompatibleByob"
    arguments = S3CompatibleByobArgs
    elsewhere = frozenset(
        {
            "protection",
            "force_destroy",
            "abort_upload_days",
            "lifecycle_rules",
            "allow_data_expiry",
            "bucket_name",
        }
    )
    no_default_worth_a_row = frozenset({"paths", "suspended_paths", "bucket_policy_statements"})


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
