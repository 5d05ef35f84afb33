"""Runs in the environment of ministack: its IAM evaluator judges the requests on stdin, one verdict each.

AWS gives a role's session the role's own ARN as `aws:PrincipalArn`; ministack gives what is passed as the caller. So a
role calls here by the ARN of the role.
"""

import json
import sys
from typing import Any

from ministack.core import iam_evaluator as iam

VERDICTS = {"Allow": "allow", "Deny": "deny", "ImplicitDeny": "no"}


def judge(request: dict[str, Any]) -> str:
    """The verdict on one request: `allow`, `deny` (by a statement) or `no` (nothing allows it)."""
    who: str = request["who"]
    context = iam.EvalContext(
        principal_arn=who,
        principal_type="Root" if who.endswith(":root") else "User" if ":user/" in who else "AssumedRole",
        principal_account=who.split(":")[4],
        action=request["action"],
        resource_arn=request["resource"],
        region=request["region"],
        secure_transport=request["secure"],
        source_ip="203.0.113.7",
        service_context=request["context"],
    )
    identity = iam.evaluate(context, [iam.parse_policy_document(document) for document in request["identity"]])
    found = iam.combine_resource_policy(
        identity, context, request["policy"], request["owner"], required=request["action"].startswith("kms:")
    )
    return VERDICTS[found.decision]


if __name__ == "__main__":
    requests = json.load(sys.stdin)
    for request in requests:
        problem = iam.validate_policy_document(request["policy"])
        assert problem is None, problem
    json.dump([judge(request) for request in requests], sys.stdout)
