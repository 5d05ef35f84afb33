"""The rights of a static identity that W&B signs with from another cloud."""

from __future__ import annotations

from collections.abc import Iterator

from byob_components.policies import iam
from byob_components.policies.finding import Finding, not_applicable, unknown, violation
from byob_components.policies.rule import Rule, Settings, Severity, ccc
from byob_components.policies.view import Resource, Stack
from byob_components.wandb.access import AWS_KMS_DOCUMENTED, AWS_S3_DOCUMENTED

_OURS = "wandb-byob:index:AwsCredential"
"""Only below this component is it certain whose identity it is: other users of a program are no matter of W&B's."""
_USER = ("aws:iam/user:User",)


def _width(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if _OURS not in one.urn:
        yield not_applicable("the user is not one of an AwsCredential")
        return
    for statement in iam.statements(one.inputs.at("policy"), "Allow"):
        action = iam.beyond(statement, (*AWS_S3_DOCUMENTED, *AWS_KMS_DOCUMENTED))
        if action is not None:
            yield violation(action.path, "goes beyond the actions that W&B documents")
        if statement.at("NotResource").present:
            yield violation(statement.at("NotResource").path, "means everything but what it names")
        for resource in statement.at("Resource").items():
            if _is_wide(resource.text() or ""):
                yield violation(resource.path, "means more than one bucket or one key")


def _is_wide(resource: str) -> bool:
    """Whether an ARN may mean several buckets or keys; below a bucket, a path may have wildcards."""
    fixed = resource if ":kms:" in resource else resource.partition("/")[0]
    return "*" in fixed or "?" in fixed


def _principal(one: Resource, stack: Stack, _: Settings) -> Iterator[Finding]:
    if _OURS not in one.urn:
        yield not_applicable("it is not one of an AwsCredential")
        return
    link = stack.owner(one, "user", _USER, "name")
    if not link.known and not link.found:
        yield unknown("user")
    elif not link.found or not all(_OURS in user.urn for user in link.found):
        yield violation("user", "is not the user that the component makes")


RULES: tuple[Rule, ...] = (
    Rule(
        name="byob-aws-credential-width",
        code="BYOB-POL-AWS-050",
        title="The user whose access keys W&B holds may do no more than W&B documents.",
        why="Access keys leave your cloud: whoever reads them can do all that the user may.",
        fix="allow at most the actions of W&B's page, on one bucket and its key; give what your own people need to users of their own",
        types=("aws:iam/userPolicy:UserPolicy",),
        severity=Severity.HIGH,
        frameworks=(ccc("CCC.Core.CN05"),),
        check=_width,
    ),
    Rule(
        name="byob-aws-credential-principal",
        code="BYOB-POL-AWS-051",
        title="The rights and access keys of an AwsCredential are those of its own user.",
        why="W&B holds the access keys, outside of your cloud: with another user's keys it would be that user.",
        fix="take off the transformation that names another user; give what others need beside the component",
        types=("aws:iam/userPolicy:UserPolicy", "aws:iam/accessKey:AccessKey"),
        severity=Severity.CRITICAL,
        frameworks=(ccc("CCC.Core.CN05"),),
        check=_principal,
        stack=True,
        reads=_USER,
    ),
)
