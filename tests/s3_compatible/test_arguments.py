"""Every argument of every component: what it changes among the registered inputs, and that it changes nothing else."""

from byob_components import s3_compatible
from tests.conformance.arguments import ArgumentsContract, Component
from tests.mocks.aws import record
from tests.s3_compatible.changes import (
    BUCKET,
    BUCKET_CHANGES,
    GRANT,
    GRANT_CHANGES,
    STORE,
    STORE_CHANGES,
)

COMPONENTS: dict[str, Component] = {
    "S3CompatibleByob": (s3_compatible.S3CompatibleByob, s3_compatible.S3CompatibleByobArgs, STORE, STORE_CHANGES),
    "S3CompatibleBucket": (
        s3_compatible.S3CompatibleBucket,
        s3_compatible.S3CompatibleBucketArgs,
        BUCKET,
        BUCKET_CHANGES,
    ),
    "S3CompatibleGrant": (s3_compatible.S3CompatibleGrant, s3_compatible.S3CompatibleGrantArgs, GRANT, GRANT_CHANGES),
}


class TestS3Compatible(ArgumentsContract):
    components = COMPONENTS
    record = staticmethod(record)
    by_sid = True
