"""The KMS key that encrypts a store."""

import json
from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from byob_components.arguments import guarded, is_open, parse_args, together
from byob_components.aws import checks, combinations, policy
from byob_components.aws.account import account
from byob_components.aws.grant import key_rights
from byob_components.combinations import judge
from byob_components.errors import Fault
from byob_components.store import Protection, child_options, refuse, store_tag
from byob_components.wandb.access import AWS_KMS_DOCUMENTED, Access
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.principal import check_principals

ADMIN_ACTIONS = (
    "kms:Create*",
    "kms:Describe*",
    "kms:Enable*",
    "kms:List*",
    "kms:Put*",
    "kms:Update*",
    "kms:Revoke*",
    "kms:Disable*",
    "kms:Get*",
    "kms:Delete*",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:ScheduleKeyDeletion",
    "kms:CancelKeyDeletion",
    "kms:RotateKeyOnDemand",
)
"""What a key administrator may do, without using the key (AWS KMS developer guide, the default policy's statement for
administrators)."""
GUARDED_ACTIONS = ("kms:DisableKey", "kms:ScheduleKeyDeletion", "kms:DeleteImportedKeyMaterial", "kms:PutKeyPolicy")
"""What makes data unreadable, at once or later."""


class AwsKeyArgs(TypedDict):
    """Arguments of AwsKey."""

    principals: NotRequired[list[pulumi.Input[str]]]
    """W&B's identities (ARNs of an account root, a role or a user); default `[]`, nobody."""
    access: NotRequired[Access]
    """Which set of rights they get; default `documented`, W&B's page."""
    region: NotRequired[pulumi.Input[str]]
    """The AWS region; default the provider's."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags on every resource that has tags; one of ours is added, `wandb-byob:store`."""
    protection: NotRequired[Protection]
    """What happens to the data when its lines leave the program; default `protected`."""
    account_id: NotRequired[pulumi.Input[str]]
    """The 12-digit account of the key; default: looked up, once a provider."""
    partition: NotRequired[pulumi.Input[str]]
    """The AWS partition; default: looked up with the account; when only `account_id` is given, told by `region`."""
    kms_alias_name: NotRequired[pulumi.Input[str]]
    """The alias, starting with `alias/`; default: made from the resource name by Pulumi."""
    kms_deletion_window_days: NotRequired[int]
    """Days between the key's deletion and its end, 7 to 30; default 30."""
    kms_rotation_days: NotRequired[int]
    """Days between rotations, 90 to 2560; default 365."""
    kms_key_admins: NotRequired[list[pulumi.Input[str]]]
    """ARNs that administer the key without using it, beside the account's own IAM; default none."""
    kms_key_users: NotRequired[list[pulumi.Input[str]]]
    """ARNs that may encrypt and decrypt, beside W&B; default none."""
    kms_key_guard: NotRequired[list[pulumi.Input[str]]]
    """Break-glass ARNs. When given, nobody else may disable the key, delete it or change its policy, not even the
    account's root; the identity that deploys must be among them, or KMS refuses the policy. Default: no guard."""


def key_policy(
    *,
    account_id: str,
    partition: str,
    principals: Sequence[str] = (),
    access: Access = Access.DOCUMENTED,
    region: str | None = None,
    admins: Sequence[str] = (),
    users: Sequence[str] = (),
    guard: Sequence[str] = (),
) -> dict[str, Any]:
    """The key's policy.

    The account administers it, so that its own IAM decides who else does, and never the identity that happens to
    deploy: an assumed role's session would be gone tomorrow, and the key with it.

    Args:
        account_id: The key's account.
        partition: The key's partition.
        principals: W&B's identities; they may use the key.
        access: Which set of rights W&B gets.
        region: The key's region, where it is known.
        admins: Further administrators.
        users: Further users of the key.
        guard: Break-glass ARNs; none means no guard.
    """
    root = f"arn:{partition}:iam::{account_id}:root"
    statements: list[policy.Statement] = [
        {
            "Sid": "AccountAdministration",
            "Effect": "Allow",
            "Principal": {"AWS": root},
            "Action": "kms:*",
            "Resource": "*",
        }
    ]
    if admins:
        statements.append(
            {
                "Sid": "KeyAdministration",
                "Effect": "Allow",
                "Principal": policy.aws_principals(admins),
                "Action": list(ADMIN_ACTIONS),
                "Resource": "*",
            }
        )
    if principals:
        who = policy.aws_principals(principals)
        statements += [
            {
                "Sid": s["Sid"],
                "Effect": "Allow",
                "Principal": who,
                **{k: v for k, v in s.items() if k not in ("Sid", "Effect")},
            }
            for s in key_rights(access, region, partition)
        ]
    if users:
        statements.append(
            {
                "Sid": "KeyUse",
                "Effect": "Allow",
                "Principal": policy.aws_principals(users),
                "Action": list(AWS_KMS_DOCUMENTED),
                "Resource": "*",
            }
        )
    if guard:
        statements.append(
            {
                "Sid": "KeyGuard",
                "Effect": "Deny",
                "Principal": {"AWS": "*"},
                "Action": list(GUARDED_ACTIONS),
                "Resource": "*",
                "Condition": {"ArnNotEquals": {"aws:PrincipalArn": list(guard)}},
            }
        )
    return policy.document(statements)


def check(args: AwsKeyArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of an AwsKey.
    """
    return _parse(args)[1]


def _parse(args: AwsKeyArgs) -> tuple[dict[str, Any], list[Fault]]:
    values, faults = parse_args(AwsKeyArgs, args or {}, checks.BY_NAME)
    return values, judge(values, faults, combinations.KEY)


class AwsKey(pulumi.ComponentResource):
    """A customer-managed KMS key that W&B may use, with an alias.

    Args:
        name: The resource name.
        args: See AwsKeyArgs.
        opts: Resource options.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    kms_key_arn: pulumi.Output[str]
    """The key's ARN: what W&B takes as KMS key."""
    kms_alias_name: pulumi.Output[str]
    """The alias, for people of your own account."""

    def __init__(self, name: str, args: AwsKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = _parse(args)
        refuse(faults, f"AwsKey '{name}'")
        super().__init__("wandb-byob:index:AwsKey", name, {}, opts)
        protection = values.get("protection", Protection.PROTECTED)
        region = values.get("region")
        where = account(self, values.get("account_id"), values.get("partition"), region)
        access, subject = values.get("access", Access.DOCUMENTED), f"AwsKey '{name}'"

        def written(partition: str, principals: list[str], **known: Any) -> str:
            refuse(check_principals(Cloud.AWS, principals, "principals", partition), subject)
            return json.dumps(key_policy(access=access, partition=partition, principals=principals, **known))

        document = together(
            written,
            account_id=where.account_id,
            partition=where.partition,
            principals=_of_partition(where.partition, values.get("principals", []), subject),
            region=region,
            admins=values.get("kms_key_admins", []),
            users=values.get("kms_key_users", []),
            guard=values.get("kms_key_guard", []),
        )
        key = aws.kms.Key(
            name,
            description=f"Encrypts the W&B storage {name}",
            key_usage="ENCRYPT_DECRYPT",
            policy=document,
            enable_key_rotation=True,
            rotation_period_in_days=values.get("kms_rotation_days", 365),
            deletion_window_in_days=values.get("kms_deletion_window_days", 30),
            region=region,
            tags=store_tag(name, values.get("tags")),
            opts=child_options(self, protection, protect=True),
        )
        # Not deleted_with the key: a key scheduled for deletion keeps its alias, which would block the next one.
        alias = aws.kms.Alias(
            name,
            name=values.get("kms_alias_name"),
            target_key_id=key.key_id,
            region=region,
            opts=child_options(self, protection, protect=True),
        )
        self.kms_key_arn = key.arn
        self.kms_alias_name = alias.name
        self.register_outputs({"kmsKeyArn": self.kms_key_arn, "kmsAliasName": self.kms_alias_name})


def _of_partition(
    partition: pulumi.Output[str], principals: Sequence[pulumi.Input[str]], subject: str
) -> pulumi.Input[Any]:
    """The principals, refused when they are of another partition: KMS would answer with a riddle.

    Plain ones are checked where the policy is made; one that may be secret must not be shown in the message.
    """
    if not any(is_open(principal) for principal in principals):
        return principals
    return partition.apply(
        lambda known: guarded(
            pulumi.Output.from_input(list(principals)),
            "principals",
            lambda value, where: check_principals(Cloud.AWS, value, where, known),
            subject,
        )
    )
