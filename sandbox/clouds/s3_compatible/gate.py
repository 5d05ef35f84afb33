"""Two things that SeaweedFS does and S3 does not, put right before it; sandbox/README.md names both as a gate of ours.

It deletes a bucket that holds nothing but versions, and it lets every page in where a bucket has no CORS rules.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from sandbox.clouds.s3_compatible.front import Answer, Request


class Gate:
    """Looks at requests on their way.

    Args:
        behind: Hands a request to the server.
        admin: A client of the server itself, which may do everything.
        admin_key: The access key of who may delete a bucket; everybody else's deletion is the server's to refuse.
    """

    def __init__(self, behind: Callable[[Request], Answer], admin: Any, admin_key: str) -> None:
        self.behind, self.admin, self.admin_key = behind, admin, admin_key

    def __call__(self, request: Request) -> Answer:
        """Answer a request.

        Args:
            request: The request.
        """
        bucket, key = request.place
        if request.method == "DELETE" and bucket and not key and not request.query:
            return self._delete(request, bucket)
        if request.header("Origin") and bucket and not self._has_cors(bucket):
            if request.method == "OPTIONS":
                return Answer.error(403, "AccessForbidden", "CORSResponse: CORS is not enabled for this bucket.")
            return self.behind(request).without_cors()
        return self.behind(request)

    def _delete(self, request: Request, bucket: str) -> Answer:
        if request.access_key == self.admin_key:
            try:
                found = self.admin.list_object_versions(Bucket=bucket, MaxKeys=1)
            except ClientError:
                found = {}  # no such bucket: the server says so
            if found.get("Versions") or found.get("DeleteMarkers"):
                return Answer.error(409, "BucketNotEmpty", "The bucket you tried to delete is not empty")
        return self.behind(request)

    def _has_cors(self, bucket: str) -> bool:
        try:
            self.admin.get_bucket_cors(Bucket=bucket)
        except ClientError:
            return False
        return True
