"""S3: what the real provider asks a server about a bucket before it believes it: every older inline setting, one by one.

An answer that neither holds a setting nor says that there is none fails the bucket, whatever the program uses of it. So a
server that answers one of these calls in a way of its own cannot be used with the `aws` provider, and not with this stand-in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.providers.aws.cloud import Aws, error_text
from sandbox.providers.framework.resource import Props, Refused

_NOT_THERE = frozenset({"MethodNotAllowed", "NotImplemented", "XNotImplemented"})
"""What a server says that does not know the setting; the real provider's list."""


@dataclass(frozen=True)
class Asked:
    """One call.

    Args:
        call: boto3's name.
        title: What the provider's message calls it.
        absent: Codes that mean that nothing is set, beside those for every setting.
    """

    call: str
    title: str
    absent: frozenset[str] = frozenset()


_CALLS = (
    Asked("get_bucket_policy", "policy", frozenset({"NoSuchBucketPolicy"})),
    Asked("get_bucket_acl", "ACL"),
    Asked("get_bucket_cors", "CORS configuration", frozenset({"NoSuchCORSConfiguration"})),
    Asked("get_bucket_website", "website configuration", frozenset({"NoSuchWebsiteConfiguration"})),
    Asked("get_bucket_versioning", "versioning"),
    Asked(
        "get_bucket_accelerate_configuration",
        "accelerate configuration",
        frozenset({"UnsupportedArgument", "UnsupportedOperation"}),
    ),
    Asked("get_bucket_request_payment", "request payment configuration"),
    Asked("get_bucket_logging", "logging"),
    Asked("get_bucket_lifecycle_configuration", "lifecycle configuration", frozenset({"NoSuchLifecycleConfiguration"})),
    Asked("get_bucket_replication", "replication configuration", frozenset({"ReplicationConfigurationNotFoundError"})),
    Asked(
        "get_bucket_encryption",
        "server-side encryption configuration",
        frozenset({"ServerSideEncryptionConfigurationNotFoundError", "UnsupportedOperation"}),
    ),
    Asked(
        "get_object_lock_configuration",
        "object lock configuration",
        frozenset({"ObjectLockConfigurationNotFoundError", "ObjectLockConfigurationNotFound"}),
    ),
)


def settings(cloud: Aws, s3: Any, name: str) -> Mapping[str, Props]:
    """Ask for every setting.

    Args:
        cloud: The provider.
        s3: The client of the bucket's region.
        name: The bucket's name.

    Returns:
        The answers by the name of the call, empty where nothing is set.

    Raises:
        Refused: An answer is neither.
    """
    found: dict[str, Props] = {}
    for asked in _CALLS:
        try:
            found[asked.call] = getattr(s3, asked.call)(Bucket=name)
        except Exception as e:
            code = cloud.error_code(e)
            if code in ("NoSuchBucket", "404"):
                raise
            # Outside these two partitions any answer about object locks will do.
            strict = asked.call != "get_object_lock_configuration" or cloud.partition in ("aws", "aws-us-gov")
            if strict and code not in _NOT_THERE | asked.absent:
                told = error_text(e)
                if not told:
                    raise
                raise Refused(f"reading S3 Bucket ({name}) {asked.title}: {told}") from e
            found[asked.call] = {}
    return found
