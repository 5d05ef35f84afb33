"""S3: a bucket's tags, by the way that the real provider takes since 6.23 (commit 754afd80, issues #45576, #46122 and #46202).

It asks S3 Control, at `<account>.<endpoint>`, and falls back to the older calls of S3 in three cases only: it knows no account
(`skipRequestingAccountId`), the answer says that the caller is not authorized to do this very thing, or the method is not
allowed. What any other server answers, such as Ceph's bare `AccessDenied`, is a failure of the whole bucket.
"""

from collections.abc import Mapping
from typing import Any

from sandbox.providers.aws.cloud import Aws, error_text
from sandbox.providers.aws.handler import as_list, as_map
from sandbox.providers.framework.resource import Refused

_NO_TAGS = frozenset(
    {
        "NoSuchTagSet",
        "NoSuchTagSetError",
        "MethodNotAllowed",
        "NotImplemented",
        "XNotImplemented",
        "UnsupportedOperation",
    }
)
"""What GetBucketTagging answers where there is none, or where the server has no tags at all."""

_UNSUPPORTED = (
    "AccessDenied", "AuthorizationError", "InternalException", "InternalServiceError", "InvalidAction", "InvalidParameterException",
    "InvalidParameterValue", "InvalidRequest", "OperationDisabledException", "OperationNotPermitted", "UnknownOperationException",
    "UnsupportedFeatureException", "UnsupportedOperation", "ValidationException",
)  # fmt: skip
"""What means, outside the partition `aws`, that there are no tags (internal/errs, IsUnsupportedOperationInPartitionError)."""


class Tags:
    """The tags of one bucket.

    Args:
        cloud: The provider.
        s3: The client of the bucket's region.
        name: The bucket's name.
    """

    def __init__(self, cloud: Aws, s3: Any, name: str) -> None:
        self.cloud, self.s3, self.name = cloud, s3, name

    def read(self) -> dict[str, str]:
        """All tags, without those that AWS itself sets."""
        if not self.cloud.account_id:
            return self._plain()
        try:
            found = self._control().list_tags_for_resource(**self._whose())
        except Exception as e:
            if self._falls_back(e, "s3:ListTagsForResource"):
                return self._plain()
            if self._unsupported(e):
                return {}
            raise self._failed(f"listing tags for S3 (Simple Storage) Bucket ({self.name})", e) from e
        return as_map(found.get("Tags") or [])

    def add(self, wanted: Mapping[str, str]) -> None:
        """Put the tags on a new bucket, one by one call of S3.

        Args:
            wanted: All of them.
        """
        if wanted:
            self.s3.put_bucket_tagging(Bucket=self.name, Tagging={"TagSet": as_list(wanted)})

    def change(self, wanted: Mapping[str, str]) -> None:
        """Make the bucket's tags those that are wanted.

        Args:
            wanted: All of them.
        """
        have = self.read()
        if have == dict(wanted):
            return
        if not self.cloud.account_id:
            self._put(wanted)
            return
        gone = sorted(set(have) - set(wanted))
        new = {k: v for k, v in wanted.items() if have.get(k) != v}
        try:
            if gone:
                self._control().untag_resource(**self._whose(), TagKeys=gone)
            if new:
                self._control().tag_resource(**self._whose(), Tags=as_list(new))
        except Exception as e:
            if self._unsupported(e):
                return
            if not self._falls_back(e, "s3:TagResource", "s3:UntagResource"):
                raise self._failed(f"updating tags for S3 (Simple Storage) Bucket ({self.name})", e) from e
            self._put(wanted)

    def _put(self, wanted: Mapping[str, str]) -> None:
        if wanted:
            self.add(wanted)
        else:
            self.s3.delete_bucket_tagging(Bucket=self.name)

    def _plain(self) -> dict[str, str]:
        try:
            return as_map(self.s3.get_bucket_tagging(Bucket=self.name)["TagSet"])
        except Exception as e:
            if self.cloud.error_code(e) in _NO_TAGS:
                return {}
            raise

    def _control(self) -> Any:
        return self.cloud.client("s3control", self.s3.meta.region_name)

    def _whose(self) -> dict[str, str]:
        arn = f"arn:{self.cloud.partition}:s3:::{self.name}"
        return {"AccountId": self.cloud.account_id, "ResourceArn": arn}

    def _falls_back(self, problem: Exception, *actions: str) -> bool:
        told = str(problem)
        named = any(f"is not authorized to perform: {action}" in told for action in actions)
        return named or self.cloud.error_code(problem) == "MethodNotAllowed"

    def _unsupported(self, problem: Exception) -> bool:
        code = self.cloud.error_code(problem)
        odd = self.cloud.partition != "aws" and any(known in code for known in _UNSUPPORTED)
        return odd and "is not authorized to perform" not in str(problem)

    def _failed(self, doing: str, problem: Exception) -> Exception:
        told = error_text(problem) or (str(problem) if isinstance(problem, Refused) else "")
        return Refused(f"{doing}: {told}") if told else problem
