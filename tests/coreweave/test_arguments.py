"""Every argument of every component: what it changes among the registered inputs, and that it changes nothing else."""

from byob_components import coreweave
from tests.conformance.arguments import ArgumentsContract, Component
from tests.coreweave.changes import (
    BUCKET,
    BUCKET_CHANGES,
    GRANT,
    GRANT_CHANGES,
    STORE,
    STORE_CHANGES,
)
from tests.mocks.aws import record

COMPONENTS: dict[str, Component] = {
    "CoreWeaveByob": (coreweave.CoreWeaveByob, coreweave.CoreWeaveByobArgs, STORE, STORE_CHANGES),
    "CoreWeaveBucket": (
        coreweave.CoreWeaveBucket,
        coreweave.CoreWeaveBucketArgs,
        BUCKET,
        BUCKET_CHANGES,
    ),
    "CoreWeaveGrant": (coreweave.CoreWeaveGrant, coreweave.CoreWeaveGrantArgs, GRANT, GRANT_CHANGES),
}


class TestCoreWeave(ArgumentsContract):
    components = COMPONENTS
    record = staticmethod(record)
    by_sid = True
