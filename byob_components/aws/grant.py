"""W&B's rights on a bucket and a key: the statements, and a component for a bucket and key made elsewhere."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from byob_components.arguments import is_open, parse_args
from byob_components.aws import checks, combinations, policy
from byob_components.aws.policy import Statement
from byob_components.combinations import judge
from byob_components.errors import Fault
from byob_components.live_policy import live_policy, lost_statement
from byob_components.store import Protection, child_options, refuse, warn
from byob_components.wandb import access as wandb_access
from byob_components.wandb import principal as wandb_principal
from byob_components.wandb.access import Access
from byob_components.wandb.address import ROOT
from byob_components.wandb.deployment import Cloud, Deployment

OBJECT_SID = "WAndBObjectAccess"
TLS_SIDS = ("DenyInsecureTransport", "DenyOldTls")
CUSTOMER_KEY_SID = "DenyCustomerProvidedKeys"
GRANT_SIDS = (wandb_access.AWS_STATEMENT_SID, OBJECT_SID, *TLS_SIDS)
"""The Sids of the statements that AwsGrant writes into a bucket policy."""
RESERVED_SIDS = (*GRANT_SIDS, CUSTOMER_KEY_SID)
"""The Sids of the statements that AwsBucket writes into its bucket's policy."""


# ------------------------------------------------------------------------------------- the statements
def object_arns(bucket_arn: str, paths: Sequence[str]) -> list[str]:
    """ARN patterns of the objects below the paths; of all objects when there is none."""
    return [f"{bucket_arn}/{path}/*" for path in paths if path != ROOT] or [f"{bucket_arn}/*"]


def rights(bucket_arn: str, access: Access, paths: Sequence[str]) -> list[Statement]:
    """What W&B may do with the bucket, without saying who.

    Args:
        bucket_arn: The bucket.
        access: `documented` is the statement of W&B's page; `minimal` splits bucket from objects, lists every read
            action and keeps to the paths.
        paths: The paths in use; they matter to `minimal` only.
    """
    if access is Access.DOCUMENTED:
        return [
            {
                "Sid": wandb_access.AWS_STATEMENT_SID,
                "Effect": "Allow",
                "Action": list(wandb_access.AWS_S3_DOCUMENTED),
                "Resource": [bucket_arn, f"{bucket_arn}/*"],
            }
        ]
    return [
        {
            "Sid": wandb_access.AWS_STATEMENT_SID,
            "Effect": "Allow",
            "Action": list(wandb_access.AWS_S3_MINIMAL_BUCKET),
            "Resource": bucket_arn,
        },
        {
            "Sid": OBJECT_SID,
            "Effect": "Allow",
            "Action": list(wandb_access.AWS_S3_MINIMAL_OBJECT),
            "Resource": object_arns(bucket_arn, paths),
        },
    ]


def bucket_statements(
    bucket_arn: str, principals: Sequence[str], access: Access, paths: Sequence[str]
) -> list[Statement]:
    """The grant as it stands in the bucket policy; nothing when nobody holds it.

    Args:
        bucket_arn: The bucket.
        principals: W&B's identities.
        access: Which set of rights.
        paths: The paths in use.
    """
    if not principals:
        return []
    who = policy.aws_principals(principals)
    return [
        {"Sid": s["Sid"], "Effect": "Allow", "Principal": who, "Action": s["Action"], "Resource": s["Resource"]}
        for s in rights(bucket_arn, access, paths)
    ]


def transport_statements(bucket_arn: str) -> list[Statement]:
    """Refuse what is not TLS 1.2 or newer, to everybody."""
    everything = [bucket_arn, f"{bucket_arn}/*"]
    conditions = ({"Bool": {"aws:SecureTransport": "false"}}, {"NumericLessThan": {"s3:TlsVersion": "1.2"}})
    return [
        {
            "Sid": sid,
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": everything,
            "Condition": condition,
        }
        for sid, condition in zip(TLS_SIDS, conditions, strict=True)
    ]


def customer_key_statement(bucket_arn: str) -> Statement:
    """Refuse SSE-C: an object encrypted with a key that a client holds is unreadable to everybody else, W&B too."""
    return {
        "Sid": CUSTOMER_KEY_SID,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"{bucket_arn}/*",
        "Condition": {"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}},
    }


def via_service(region: str | None, partition: str) -> dict[str, Any]:
    """The condition that a key is used through S3 only.

    Args:
        region: The key's region; every region when it is not known, which is no wider, because a key has only one.
        partition: The key's partition.
    """
    domain = "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"
    operator = "StringEquals" if region else "StringLike"
    return {operator: {"kms:ViaService": f"s3.{region or '*'}.{domain}"}}


def key_rights(access: Access, region: str | None, partition: str, resource: str = "*") -> list[Statement]:
    """What W&B may do with the key, without saying who.

    Args:
        access: `documented` is W&B's page; `minimal` allows the data operations through S3 only.
        region: The key's region, where it is known.
        partition: The key's partition.
        resource: The key's ARN; in a key policy `*` means the key itself.
    """
    if access is Access.DOCUMENTED:
        return [
            {
                "Sid": "WAndBKeyUse",
                "Effect": "Allow",
                "Action": list(wandb_access.AWS_KMS_DOCUMENTED),
                "Resource": resource,
            }
        ]
    return [
        {
            "Sid": "WAndBKeyUse",
            "Effect": "Allow",
            "Action": list(wandb_access.AWS_KMS_MINIMAL_DATA),
            "Resource": resource,
            "Condition": via_service(region, partition),
        },
        {
            "Sid": "WAndBKeyDescribe",
            "Effect": "Allow",
            "Action": list(wandb_access.AWS_KMS_MINIMAL_FREE),
            "Resource": resource,
        },
    ]


# ------------------------------------------------------------------------------- grants on a key made elsewhere
def key_grants(
    component: pulumi.Resource,
    name: str,
    protection: Protection,
    key_arn: pulumi.Input[str],
    principals: Sequence[pulumi.Input[str]],
    region: pulumi.Input[str] | None,
) -> list[aws.kms.Grant]:
    """A KMS grant for each principal: additive, it leaves the key's policy alone.

    A grant is neither protected, because principals must stay rotatable, nor deleted_with the bucket: it would be left
    on a key that outlives the store. A store's bucket depends on its grants, so a removal that is refused, or fails, at
    the bucket has not touched them yet.

    Args:
        component: The parent.
        name: The component's name; each grant's name adds a part made from its principal.
        protection: The store's protection.
        key_arn: The key.
        principals: W&B's identities.
        region: The key's region, when it is not the provider's.
    """
    return [
        aws.kms.Grant(
            f"{name}-{i if is_open(who) else hashlib.sha256(str(who).encode()).hexdigest()[:8]}",
            key_id=key_arn,
            grantee_principal=who,
            operations=list(wandb_access.AWS_KMS_GRANT_OPERATIONS),
            region=region,
            opts=child_options(component, protection, protect=False),
        )
        for i, who in enumerate(principals)
    ]


MINIMAL_ON_EXISTING_KEY = (
    "access 'minimal' cannot be kept on a key made elsewhere: a KMS grant takes no kms:ViaService condition, so W&B may "
    "use the key directly too; put the condition in the key's own policy if that matters"
)


# --------------------------------------------------------------------------------------- the component
class AwsGrantArgs(TypedDict):
    """Arguments of AwsGrant."""

    deployment: Deployment
    """Where W&B itself runs."""
    bucket_name: pulumi.Input[str]
    """The bucket, made elsewhere."""
    bucket_policy_statements: list[pulumi.Input[dict[str, Any]]]
    """Every statement that the bucket's policy shall hold beside W&B's, each with a Sid; `[]` says that there is none.
    A bucket has one policy: a statement found on the bucket that is neither here nor W&B's stops the run before it is
    lost. `{bucket_arn}` in a resource stands for the bucket's ARN."""
    principals: NotRequired[list[pulumi.Input[str]]]
    """W&B's identities (ARNs); default: the deployment's preset. `[]` revokes the grant."""
    access: NotRequired[Access]
    """Which set of rights; default `documented`."""
    paths: NotRequired[list[str]]
    """The paths that W&B uses; default the whole bucket. They narrow `minimal` only."""
    kms_key_arn: NotRequired[pulumi.Input[str]]
    """The key that encrypts the bucket, made elsewhere; it gets a KMS grant for each principal. Default: none."""
    region: NotRequired[pulumi.Input[str]]
    """The region of bucket and key; default the provider's."""
    partition: NotRequired[pulumi.Input[str]]
    """The AWS partition, for the bucket's ARN; default: told by `region`, else `aws`."""


CHECKS = {
    **checks.BY_NAME,
    "bucket_policy_statements": lambda value, where: policy.check_statements(value, where, GRANT_SIDS),
}


def check(args: AwsGrantArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of an AwsGrant.
    """
    return _parse(args)[1]


def _parse(args: AwsGrantArgs) -> tuple[dict[str, Any], list[Fault]]:
    values, faults = parse_args(AwsGrantArgs, args, CHECKS)
    faults = judge(values, faults, combinations.GRANT)
    if not faults and "principals" not in values:
        partition = combinations.partition_told(values) or "aws"
        preset = wandb_principal.preset(values["deployment"], Cloud.AWS, partition)
        if preset is not None:
            values["principals"], values["preset"] = list(preset.principals), preset
    return values, faults


class AwsGrant(pulumi.ComponentResource):
    """W&B's rights on a bucket, and on its key, that were made elsewhere.

    The bucket policy is written whole: W&B's statements, the TLS deny and the statements given. Destroying an AwsGrant
    leaves the policy as it is; to revoke, set `principals` to `[]` and run `pulumi up` first.

    Args:
        name: The resource name.
        args: See AwsGrantArgs.
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

    def __init__(self, name: str, args: AwsGrantArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = _parse(args)
        refuse(faults, f"AwsGrant '{name}'")
        super().__init__("wandb-byob:index:AwsGrant", name, {}, opts)
        principals, access = values["principals"], values.get("access", Access.DOCUMENTED)
        others, region = values["bucket_policy_statements"], values.get("region")
        bucket = pulumi.Output.from_input(values["bucket_name"])
        partition = values.get("partition") or checks.known_partition(None, region) or "aws"
        arn = pulumi.Output.format("arn:{0}:s3:::{1}", partition, bucket)
        wanted = pulumi.Output.all(arn=arn, principals=principals, others=others).apply(
            lambda v: policy.document(
                [
                    *transport_statements(v["arn"]),
                    *bucket_statements(v["arn"], v["principals"], access, values.get("paths", [])),
                    *(policy.placed(statement, v["arn"]) for statement in v["others"]),
                ],
                wandb_access.AWS_POLICY_ID,
            )
        )
        kept = pulumi.Output.all(live_policy(self, bucket, "BYOB-AWS-033", region), wanted).apply(
            lambda v: _nothing_lost(v[0], v[1], name)
        )
        written = aws.s3.BucketPolicy(
            name,
            bucket=bucket,
            policy=kept.apply(json.dumps),
            region=region,
            opts=child_options(self, Protection.UNPROTECTED, protect=False, retain_on_delete=True),
        )
        if "kms_key_arn" in values:
            key_grants(self, name, Protection.UNPROTECTED, values["kms_key_arn"], principals, region)
        plain = [p for p in principals if not is_open(p)]
        told = [values["preset"].warning] if "preset" in values and values["preset"].warning else []
        told += [
            f"the statement {sid} of the bucket policy denies what W&B needs"
            for sid in policy.denies_wandb([s for s in others if not is_open(s)], plain)
        ]
        if access is Access.MINIMAL and "kms_key_arn" in values and principals:
            told.append(MINIMAL_ON_EXISTING_KEY)
        warn(self, told)
        self.bucket_name = written.bucket
        self.principals = pulumi.Output.from_input(principals)
        self.bucket_policy = written.policy
        self.register_outputs(
            {"bucketName": self.bucket_name, "principals": self.principals, "bucketPolicy": self.bucket_policy}
        )


def _nothing_lost(live: str, wanted: dict[str, Any], name: str) -> dict[str, Any]:
    """The wanted policy, unless writing it would lose a statement that somebody else has put on the bucket."""
    if not live:
        return wanted
    kept = {s["Sid"]: s for s in wanted["Statement"]}
    foreign = [s for s in policy.as_list(json.loads(live)["Statement"]) if not _is_kept(s, kept)]
    refuse([_foreign(statement) for statement in foreign], f"AwsGrant '{name}'")
    return wanted


def _is_kept(statement: Statement, wanted: Mapping[str, Statement]) -> bool:
    """Whether nothing of a statement on the bucket is lost when the wanted ones are written."""
    sid = statement.get("Sid", "")
    if sid in TLS_SIDS:
        # Common names, which others use too, now and then for more than we deny: TLS 1.3, or a further condition.
        return policy.says_the_same(statement, wanted[sid])
    return sid in wanted or sid in (wandb_access.AWS_STATEMENT_SID, OBJECT_SID)


def _foreign(statement: Mapping[str, Any]) -> Fault:
    fix = "add the statement, with its Sid, to bucket_policy_statements; or remove it from the bucket yourself"
    if statement.get("Sid") in TLS_SIDS:
        fix = (
            "give the statement another Sid on the bucket and add it to bucket_policy_statements; or remove it yourself"
        )
    return lost_statement(statement, "BYOB-AWS-028", fix)
