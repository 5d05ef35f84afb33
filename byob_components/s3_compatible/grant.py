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
from byob_components.errors import Fault
from byob_components.live_policy import live_policy, lost_statement
from byob_components.s3_compatible import checks, combinations
from byob_components.s3_compatible.capability import (
    S3CompatibleCapability,
    S3CompatibleServer,
    capabilities,
    granted,
    omissions,
)
from byob_components.s3_compatible.refused import parse
from byob_components.store import Protection, child_options, refuse, warn
from byob_components.wandb import access as wandb_access
from byob_components.wandb.access import Access
from byob_components.wandb.address import ROOT

OBJECT_SID = "WAndBObjectAccess"
TLS_SID = "DenyInsecureTransport"
RESERVED_SIDS = (wandb_access.AWS_STATEMENT_SID, OBJECT_SID, TLS_SID)
"""The Sids of the statements that are written here."""


# ------------------------------------------------------------------------------------- the statements
def rights(bucket_arn: str, access: Access, paths: Sequence[str]) -> list[Statement]:
    """What W&B may do with the bucket, without saying who.

    Args:
        bucket_arn: The bucket.
        access: `documented` is the statement of W&B's page; `minimal` splits bucket from objects and keeps to the paths.
        paths: The paths in use; they matter to `minimal` only.
    """
    if access is Access.DOCUMENTED:
        resources: Any = [bucket_arn, f"{bucket_arn}/*"]
        parts = [(wandb_access.AWS_STATEMENT_SID, wandb_access.AWS_S3_DOCUMENTED, resources)]
    else:
        objects = [f"{bucket_arn}/{path}/*" for path in paths if path != ROOT] or [f"{bucket_arn}/*"]
        parts = [
            (wandb_access.AWS_STATEMENT_SID, wandb_access.AWS_S3_MINIMAL_BUCKET, bucket_arn),
            (OBJECT_SID, wandb_access.AWS_S3_MINIMAL_OBJECT, objects),
        ]
    return [{"Sid": sid, "Effect": "Allow", "Action": acts, "Resource": where} for sid, acts, where in parts]


def transport_statement(bucket_arn: str) -> Statement:
    """Refuse plain HTTP, to everybody."""
    return {
        "Sid": TLS_SID,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket_arn, f"{bucket_arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def bucket_policy(
    *,
    bucket_arn: str,
    principals: Sequence[str],
    access: Access = Access.DOCUMENTED,
    paths: Sequence[str] = (),
    statements: Sequence[Mapping[str, Any]] = (),
    server: S3CompatibleServer = S3CompatibleServer.GENERIC,
    secure_transport: bool = False,
    newer_actions: bool = False,
) -> dict[str, Any]:
    """The bucket's one policy: what is refused to everybody, W&B's grant, and the user's own statements.

    It has no `Id`: SeaweedFS gives it back without, and every refresh would show a change.

    Args:
        bucket_arn: The bucket.
        principals: The users whose keys W&B has; with none the grant is left out.
        access: Which set of rights they get.
        paths: The paths in use; they narrow `minimal` only.
        statements: The user's own.
        server: The software; it decides how actions are written.
        secure_transport: Whether plain HTTP is refused.
        newer_actions: Whether the server knows the actions that not all know.
    """
    who = policy.aws_principals(principals) if principals else None
    ours = rights(bucket_arn, access, paths) if who else []
    return policy.document(
        [
            *([transport_statement(bucket_arn)] if secure_transport else []),
            *({**s, "Principal": who, "Action": granted(s["Action"], server, newer_actions)} for s in ours),
            *(policy.placed(statement, bucket_arn) for statement in statements),
        ]
    )


def policy_settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """What of a call decides the policy, beside bucket, principals and the user's own statements.

    Args:
        values: The arguments that were given.
    """
    has = capabilities(values)
    return {
        "access": values.get("access", Access.DOCUMENTED),
        "server": values["server"],
        "secure_transport": S3CompatibleCapability.SECURE_TRANSPORT in has and values.get("tls", True),
        "newer_actions": S3CompatibleCapability.NEWER_ACTIONS in has,
    }


# --------------------------------------------------------------------------------------- the component
class S3CompatibleGrantArgs(TypedDict):
    """Arguments of S3CompatibleGrant."""

    server: S3CompatibleServer
    """The software that speaks S3; it decides what can be set on a bucket."""
    bucket_name: pulumi.Input[str]
    """The bucket, made elsewhere."""
    principals: list[pulumi.Input[str]]
    """The users of the store whose keys W&B has, as its policies name them, for example
    `arn:aws:iam::<account or tenant>:user/<name>`. `[]` revokes the grant."""
    bucket_policy_statements: list[pulumi.Input[dict[str, Any]]]
    """Every statement that the bucket's policy shall hold beside W&B's, each with a Sid; `[]` says that there is none.
    A bucket has one policy: a statement found on the bucket that is neither here nor W&B's stops the run before it is
    lost. `{bucket_arn}` in a resource stands for the bucket's ARN."""
    access: NotRequired[Access]
    """Which set of rights; default `documented`."""
    paths: NotRequired[list[str]]
    """The paths that W&B uses; default the whole bucket. They narrow `minimal` only."""
    tls: NotRequired[bool]
    """Whether the store is reached over TLS; default true. Then plain HTTP is refused, where the server can."""
    capabilities: NotRequired[list[S3CompatibleCapability]]
    """What the server can do, in the place of its preset; default the preset of `server`."""


CHECKS = {**checks.BY_NAME, "bucket_policy_statements": checks.statements(RESERVED_SIDS)}


def check(args: S3CompatibleGrantArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of an S3CompatibleGrant.
    """
    return _parse(args)[1]


def _parse(args: S3CompatibleGrantArgs) -> tuple[dict[str, Any], list[Fault]]:
    values, faults = parse(S3CompatibleGrantArgs, args, CHECKS)
    return values, judge(values, faults, combinations.GRANT)


class S3CompatibleGrant(pulumi.ComponentResource):
    """W&B's rights on a bucket that was made elsewhere, on a server whose policies know its users.

    The bucket policy is written whole: W&B's statements, the refusal of plain HTTP and the statements given. Destroying an
    S3CompatibleGrant leaves the policy as it is; to revoke, set `principals` to `[]` and run `pulumi up` first.

    Args:
        name: The resource name.
        args: See S3CompatibleGrantArgs.
        opts: Resource options.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    bucket_name: pulumi.Output[str]
    """The bucket."""
    principals: pulumi.Output[list[str]]
    """The users that hold the grant."""
    bucket_policy: pulumi.Output[str]
    """The policy document, as JSON text."""

    def __init__(self, name: str, args: S3CompatibleGrantArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = _parse(args)
        refuse(faults, f"S3CompatibleGrant '{name}'")
        super().__init__("wandb-byob:index:S3CompatibleGrant", name, {}, opts)
        bucket = pulumi.Output.from_input(values["bucket_name"])
        settings = policy_settings(values)

        def kept(live: str, bucket: str, principals: list[str], statements: list[Any]) -> str:
            wanted = bucket_policy(
                bucket_arn=f"arn:aws:s3:::{bucket}",
                principals=principals,
                paths=values.get("paths", []),
                statements=statements,
                **settings,
            )
            _nothing_lost(live, wanted, name)
            return json.dumps(wanted)

        document = together(
            kept,
            live=live_policy(self, bucket, "BYOB-S3C-033"),
            bucket=bucket,
            principals=values["principals"],
            statements=values["bucket_policy_statements"],
        )
        written = aws.s3.BucketPolicy(
            name,
            bucket=bucket,
            policy=document,
            opts=child_options(self, Protection.UNPROTECTED, protect=False, retain_on_delete=True),
        )
        if "capabilities" not in values:
            policies = (S3CompatibleCapability.SECURE_TRANSPORT, S3CompatibleCapability.NEWER_ACTIONS)
            warn(self, omissions(values, policies))
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
    by_sid = {statement["Sid"]: statement for statement in wanted["Statement"]}
    found = policy.as_list(json.loads(live)["Statement"])
    refuse([_foreign(one) for one in found if not _is_kept(one, by_sid)], f"S3CompatibleGrant '{name}'")


def _is_kept(statement: Statement, wanted: Mapping[str, Statement]) -> bool:
    sid = statement.get("Sid", "")
    if sid == TLS_SID:
        # A common name, which others use too, now and then for more than is denied here.
        return sid in wanted and policy.says_the_same(statement, wanted[sid])
    return sid in wanted or sid in RESERVED_SIDS


def _foreign(statement: Mapping[str, Any]) -> Fault:
    fix = "add the statement, with a Sid of its own, to bucket_policy_statements; or remove it from the bucket yourself"
    return lost_statement(statement, "BYOB-S3C-028", fix)
