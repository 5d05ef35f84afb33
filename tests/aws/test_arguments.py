"""Every argument of every component: what it changes among the registered inputs, and that it changes nothing else."""

from byob_components import aws
from tests.aws.changes import BUCKET, KEY_CHANGES, ROLE, STORE, STORE_CHANGES
from tests.aws.changes_apart import BUCKET_ONLY, CREDENTIAL, CREDENTIAL_CHANGES, GRANT, GRANT_CHANGES
from tests.conformance.arguments import ArgumentsContract, Component
from tests.mocks.aws import record

COMPONENTS: dict[str, Component] = {
    "AwsByob": (aws.AwsByob, aws.AwsByobArgs, STORE, STORE_CHANGES),
    "AwsBucket": (aws.AwsBucket, aws.AwsBucketArgs, {**BUCKET, "principals": [ROLE]}, BUCKET_ONLY),
    "AwsKey": (aws.AwsKey, aws.AwsKeyArgs, {"principals": [ROLE]}, KEY_CHANGES),
    "AwsGrant": (aws.AwsGrant, aws.AwsGrantArgs, GRANT, GRANT_CHANGES),
    "AwsCredential": (aws.AwsCredential, aws.AwsCredentialArgs, CREDENTIAL, CREDENTIAL_CHANGES),
}


class TestAws(ArgumentsContract):
    components = COMPONENTS
    record = staticmethod(record)
