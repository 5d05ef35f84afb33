"""Every argument of every component: what it changes among the registered inputs, and that it changes nothing else."""

from byob_components import gcp
from tests.conformance.arguments import ArgumentsContract, Component
from tests.gcp.changes import (
    BUCKET,
    BUCKET_ONLY,
    CREDENTIAL,
    CREDENTIAL_CHANGES,
    GRANT,
    GRANT_CHANGES,
    KEY_CHANGES,
    PLACE,
    STORE,
    STORE_CHANGES,
)
from tests.mocks.gcp import record

COMPONENTS: dict[str, Component] = {
    "GcpByob": (gcp.GcpByob, gcp.GcpByobArgs, STORE, STORE_CHANGES),
    "GcpBucket": (gcp.GcpBucket, gcp.GcpBucketArgs, BUCKET, BUCKET_ONLY),
    "GcpKey": (gcp.GcpKey, gcp.GcpKeyArgs, PLACE, KEY_CHANGES),
    "GcpGrant": (gcp.GcpGrant, gcp.GcpGrantArgs, GRANT, GRANT_CHANGES),
    "GcpCredential": (gcp.GcpCredential, gcp.GcpCredentialArgs, CREDENTIAL, CREDENTIAL_CHANGES),
}


class TestGcp(ArgumentsContract):
    components = COMPONENTS
    record = staticmethod(record)
    named = frozenset({"BucketIAMMember"})
