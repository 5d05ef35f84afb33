"""W&B's rights on a bucket: the statements, and a component for a bucket made elsewhere."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from byob_components.arguments import together
from byob_components.aws import policy
from byob_components.aws.policy import Statement
from byob_components.combinations import judge
from byob_components.coreweave import checks, combinations
from byob_components.coreweave.refused import parse
from byob_components.errors import Fault
from byob_components.live_policy import live_policy, lost_statement
from byob_components.store import Protection, child_options, refuse
from byob_components.wandb import access as wandb_access
from byob_components.wandb import principal as wandb_principal
from byob_components.wandb.access import Access
from byob_components.wandb.address import ROOT
from byob_components.wandb.deployment import Cloud, Deployment

OBJECT_SID = "AllowWandbUserObjects"
RESERVED_SIDS = (wandb_access.COREWEAVE_STATEMENT_SID, OBJECT_SID, wandb_access.COREWEAVE_OWN_ORG_SID)
"""The Sids of the statements that are written here."""


# ------------------------------------------------------------------------------------- the statements
def _cw(principals: Sequence[str]) -> dict[str, Any]:
    """The `Principal` element, a single one as text, as W&B's page writes it."""
    return {wandb_access.COREWEAVE_PRINCIPAL_KEY: principals[0] if len(principals) == 1 else list(principals)}


def bucket_statements(
    bucket_arn: str, principals: Sequence[str], organization: str, access: Access, paths: Sequence[str]
) -> list[Statement]:
    """The grant as it stands in the bucket policy; nothing when nobody holds it.

    Args:
        bucket_arn: The bucket.
        principals: W&B's identities, which it uses for every customer.
        organization: The W&B organization; CoreWeave checks it with each request.
        access: `documented` is the statement of W&B's page; `minimal` splits bucket from objects and keeps to the paths.
        paths: The paths in use; they matter to `minimal` only.
    """
    if not principals:
        return []
    if access is Access.DOCUMENTED:
        resources: Any = [bucket_arn, f"{bucket_arn}/*"]
        parts = [(wandb_access.COREWEAVE_STATEMENT_SID, wandb_access.COREWEAVE_S3_DOCUMENTED, resources)]
    else:
        objects = [f"{bucket_arn}/{path}/*" for path in paths if path != ROOT] or [f"{bucket_arn}/*"]
        parts = [
            (wandb_access.COREWEAVE_STATEMENT_SID, wandb_access.COREWEAVE_S3_MINIMAL_BUCKET, bucket_arn),
            (OBJECT_SID, wandb_access.COREWEAVE_S3_MINIMAL_OBJECT, objects),
        ]
    return [
        {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": _cw(principals),
            "Action": list(actions),
            "Resource": where,
            "Condition": {"StringLike": {wandb_access.COREWEAVE_ORG_CONDITION: [organization]}},
        }
        for sid, actions, where in parts
    ]


def own_statement(bucket_arn: str, organization: str) -> Statement:
    """Everything, for the users of your own CoreWeave organization, as far as its organization access policy lets them.

    Args:
        bucket_arn: The bucket.
        organization: The CoreWeave organization.
    """
    return {
        "Sid": wandb_access.COREWEAVE_OWN_ORG_SID,
        "Effect": "Allow",
        "Principal": _cw([f"arn:aws:iam::{organization}:*"]),
        "Action": "s3:*",
        "Resource": [bucket_arn, f"{bucket_arn}/*"],
    }


def bucket_policy(
    *,
    bucket_arn: str,
    principals: Sequence[str],
    organization: str,
    access: Access = Access.DOCUMENTED,
    paths: Sequence[str] = (),
    own_organization: str = "",
    statements: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The bucket's one policy. It refuses no plain HTTP: the endpoint takes TLS alone, and LOTA inside a cluster is HTTP.

    Args:
        bucket_arn: The bucket.
        principals: W&B's identities; with none the grant is left out.
        organization: The W&B organization.
        access: Which set of rights they get.
        paths: The paths in use; they narrow `minimal` only.
        own_organization: Your own CoreWeave organization, whose users get in too; empty: they do not by this policy.
        statements: The user's own.
    """
    return policy.document(
        [
            *bucket_statements(bucket_arn, principals, organization, access, paths),
            *([own_statement(bucket_arn, own_organization)] if own_organization else []),
            *(policy.placed(statement, bucket_arn) for statement in statements),
        ]
    )


def preset(values: dict[str, Any]) -> None:
    """Fill in whom W&B is, when nobody is named: CoreWeave has a preset for every deployment.

    Args:
        values: The arguments that were given; `principals` and `preset` are added.
    """
    if "principals" not in values:
        found = wandb_principal.preset(values["deployment"], Cloud.COREWEAVE)
        if found is not None:
            values["principals"], values["preset"] = list(found.principals), found


# --------------------------------------------------------------------------------------- the component
class CoreWeaveGrantArgs(TypedDict):
    """Arguments of CoreWeaveGrant."""

    deployment: Deployment
    """Where W&B itself runs."""
    wandb_organization_id: pulumi.Input[str]
    """Your organization at W&B: on Multi-tenant Cloud the organization ID that the team creation drawer shows, else the
    Customer Namespace at the bottom of System Console > Authentication. It keeps other customers of W&B out."""
    bucket_name: pulumi.Input[str]
    """The bucket, made elsewhere."""
    bucket_policy_statements: list[pulumi.Input[dict[str, Any]]]
    """Every statement that the bucket's policy shall hold beside ours, each with a Sid; `[]` says that there is none. A
    bucket has one policy: a statement found on the bucket that is neither here nor ours stops the run before it is lost.
    `{bucket_arn}` in a resource stands for the bucket's ARN."""
    storage_organization_id: NotRequired[pulumi.Input[str]]
    """Your organization at CoreWeave, whose users get every right on the bucket that its organization access policy leaves
    them; default none."""
    principals: NotRequired[list[pulumi.Input[str]]]
    """W&B's identities; default: the deployment's preset. `[]` revokes the grant."""
    access: NotRequired[Access]
    """Which set of rights; default `documented`."""
    paths: NotRequired[list[str]]
    """The paths that W&B uses; default the whole bucket. They narrow `minimal` only."""


CHECKS = {**checks.BY_NAME, "bucket_policy_statements": checks.statements(RESERVED_SIDS)}


def check(args: CoreWeaveGrantArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of a CoreWeaveGrant.
    """
    return _parse(args)[1]


def _parse(args: CoreWeaveGrantArgs) -> tuple[dict[str, Any], list[Fault]]:
    values, faults = parse(CoreWeaveGrantArgs, args, CHECKS)
    faults = judge(values, faults, combinations.GRANT)
    if not faults:
        preset(values)
    return values, faults


class CoreWeaveGrant(pulumi.ComponentResource):
    """W&B's rights on a bucket that was made elsewhere.

    The bucket policy is written whole: W&B's statements, your own organization's and the statements given. Destroying a
    CoreWeaveGrant leaves the policy as it is; to revoke, set `principals` to `[]` and run `pulumi up` first.

    Args:
        name: The resource name.
        args: See CoreWeaveGrantArgs.
        opts: Resource options.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    bucket_name: pulumi.Output[str]
    """The bucket."""
    principals: pulumi.Output[list[str]]
    """The W&B identities that hold the grant."""
    bucket_policy: pulumi.Output[str]
    """The policy document, as JSON text."""

    def __init__(self, name: str, args: CoreWeaveGrantArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = _parse(args)
        refuse(faults, f"CoreWeaveGrant '{name}'")
        super().__init__("wandb-byob:index:CoreWeaveGrant", name, {}, opts)
        bucket = pulumi.Output.from_input(values["bucket_name"])

        def kept(live: str, bucket: str, **known: Any) -> str:
            access, paths = values.get("access", Access.DOCUMENTED), values.get("paths", [])
            wanted = bucket_policy(bucket_arn=f"arn:aws:s3:::{bucket}", access=access, paths=paths, **known)
            _nothing_lost(live, wanted, name)
            return json.dumps(wanted)

        document = together(
            kept,
            live=live_policy(self, bucket, "BYOB-CW-033"),
            bucket=bucket,
            principals=values["principals"],
            organization=values["wandb_organization_id"],
            own_organization=values.get("storage_organization_id", ""),
            statements=values["bucket_policy_statements"],
        )
        written = aws.s3.BucketPolicy(
            name,
            bucket=bucket,
            policy=document,
            opts=child_options(self, Protection.UNPROTECTED, protect=False, retain_on_delete=True),
        )
        self.bucket_name = written.bucket
        self.principals = pulumi.Output.from_input(values["principals"])
        self.bucket_policy = written.policy
        self.register_outputs(
            {"bucketName": self.bucket_name, "principals": self.principals, "bucketPolicy": self.bucket_policy}
        )


def _nothing_lost(live: str, wanted: Mapping[str, Any], name: str) -> None:
    """Stop where writing the wanted policy would lose a statement that somebody else has put on the bucket."""
    if not live:
        return
    ours = {*RESERVED_SIDS, *(statement["Sid"] for statement in wanted["Statement"])}
    found = policy.as_list(json.loads(live)["Statement"])
    refuse([_foreign(one) for one in found if one.get("Sid") not in ours], f"CoreWeaveGrant '{name}'")


def _foreign(statement: Mapping[str, Any]) -> Fault:
    fix = "add the statement, with its Sid, to bucket_policy_statements; or remove it from the bucket yourself"
    return lost_statement(statement, "BYOB-CW-028", fix)
