"""The policy that is on a bucket now, for grants on buckets made elsewhere: whoever writes a bucket's one policy must lose nothing
of it. For every store that speaks S3."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from byob_components.errors import Fault, shown
from byob_components.questions import answered

_NONE = ("NoSuchBucketPolicy", "couldn't find resource", "does not have a bucket policy")
"""What the provider says of a bucket without a policy."""


def live_policy(
    parent: pulumi.Resource, bucket: pulumi.Output[str], code: str, region: pulumi.Input[str] | None = None
) -> pulumi.Output[str]:
    """The policy's text; empty when there is none.

    Args:
        parent: The component that asks; its provider does.
        bucket: The bucket's name.
        code: The cloud's code for a question without an answer.
        region: Where the bucket is; default the provider's.
    """
    options = pulumi.InvokeOutputOptions(parent=parent)
    found = aws.s3.get_bucket_policy_output(bucket=bucket, region=region, opts=options)
    text: pulumi.Output[str] = pulumi.Output.from_input(found.policy)
    what, fix = "are held against the bucket's own policy, which could not be read", "reading it is a right of its own"
    return answered(text, code, "bucket_policy_statements", what, fix, otherwise=_no_policy)


def lost_statement(statement: Mapping[str, Any], code: str, fix: str) -> Fault:
    """The fault of a call that would lose a statement.

    Args:
        statement: The statement that is on the bucket.
        code: The cloud's code for it.
        fix: What to do.
    """
    sid = statement.get("Sid")
    named = f"holds the statement {shown(sid)}" if sid else "holds a statement without a Sid"
    text = json.dumps(statement, sort_keys=True)
    what = f"does not have what the bucket's policy {named}, which would be lost: {text}"
    return Fault(code, "bucket_policy_statements", what, fix=fix)


def _no_policy(problem: Exception) -> str | None:
    return "" if any(word in str(problem) for word in _NONE) else None
