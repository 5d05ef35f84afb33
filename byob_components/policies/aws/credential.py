"""The rights of a static identity that W&B signs with from another cloud."""

from __future__ import annotations

from collections.abc import Iterator

from byob_components.policies import iam
from byob_components.policies.finding import Finding, not_applicable, violation
from byob_components.policies.rule import Rule, Settings, Severity, ccc
from byob_components.policies.view import Resource, Stack
from byob_components.wandb.access import AWS_KMS_DOCUMENTED, AWS_S3_DOCUMENTED

_OURS = "wandb-byob:index:AwsCredential"
"""Only below this component is it certain whose identity it is: other users of a program are no matter of W&B's."""


def _width(one: Resource, _: Stack, __: Settings) -> Iterator[Finding]:
    if _OURS not in one.urn:
        yield not_applicable("the user is not one of an AwsCredential")
        return
    for statement in iam.statements(one.inputs.at("policy"), "Allow"):
        action = iam.beyond(statement, (*AWS_S3_DOCUMENTED, *AWS_KMS_DOCUMENTED))
        if action is not None:
            yield violation(action.path, "goes beyond the actions that W&B documents")


RULES: tuple[Rule, ...] = (
    Rule(
        name="byob-aws-credential-width",
        code="BYOB-POL-AWS-050",
        title="The user whose access keys W&B holds may do no more than W&B documents.",
        why="Access keys leave your cloud: whoever reads them can do all that the user may.",
        fix="allow at most the actions of W&B's page; give what your own people need to users of their own",
        types=("aws:iam/userPolicy:UserPolicy",),
        severity=Severity.HIGH,
        frameworks=(ccc("CCC.Core.CN05"),),
        check=_width,
    ),
)
