"""A static identity with exactly the grant's rights, for a store that W&B reaches from another cloud."""

import json
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_aws as aws

from byob_components.arguments import parse_args
from byob_components.aws import checks, combinations, policy
from byob_components.aws.grant import key_rights, rights
from byob_components.combinations import judge
from byob_components.errors import Fault
from byob_components.store import Protection, child_options, refuse, store_tag
from byob_components.wandb.access import Access


class AwsCredentialArgs(TypedDict):
    """Arguments of AwsCredential."""

    bucket_name: pulumi.Input[str]
    """The bucket the identity may use."""
    credential_keys: list[str]
    """Labels of the live access keys, the newest last: one, or two during a rotation."""
    kms_key_arn: NotRequired[pulumi.Input[str]]
    """The key that encrypts the bucket; default none."""
    access: NotRequired[Access]
    """Which set of rights; default `documented`."""
    paths: NotRequired[list[str]]
    """The paths in use; they narrow `minimal` only. Default the whole bucket."""
    region: NotRequired[pulumi.Input[str]]
    """The region of bucket and key, for the `kms:ViaService` condition of `minimal`; default any."""
    partition: NotRequired[pulumi.Input[str]]
    """The AWS partition; default: told by `region`, else `aws`."""
    tags: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Tags on the user; one of ours is added, `wandb-byob:store`."""
    suspended: NotRequired[bool]
    """Whether the access keys are switched off, which takes W&B's access and keeps everything else; default false."""
    protection: NotRequired[Protection]
    """What happens to the user when its lines leave the program; default `protected`. Access keys stay rotatable."""


def identity_policy(
    *, bucket_arn: str, kms_key_arn: str | None, access: Access, paths: list[str], region: str | None, partition: str
) -> dict[str, Any]:
    """What the identity may do: the grant's statements, on its bucket and its key only.

    Args:
        bucket_arn: The bucket.
        kms_key_arn: The key, if there is one.
        access: Which set of rights.
        paths: The paths in use.
        region: The key's region, where it is known.
        partition: The partition.
    """
    statements = rights(bucket_arn, access, paths)
    if kms_key_arn:
        statements = [*statements, *key_rights(access, region, partition, kms_key_arn)]
    return policy.document(statements)


def check(args: AwsCredentialArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of an AwsCredential.
    """
    return _parse(args)[1]


def _parse(args: AwsCredentialArgs) -> tuple[dict[str, Any], list[Fault]]:
    values, faults = parse_args(AwsCredentialArgs, args, checks.BY_NAME)
    return values, judge(values, faults, combinations.CREDENTIAL)


class AwsCredential(pulumi.ComponentResource):
    """An IAM user with the grant's rights and up to two live access keys.

    Rotation: add a label, `pulumi up`, give W&B the new address, then drop the old label and `pulumi up` again. The user
    and its policy are protected: whoever removes them cuts W&B off from the data.

    Args:
        name: The resource name.
        args: See AwsCredentialArgs.
        opts: Resource options.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    user_arn: pulumi.Output[str]
    """The user."""
    access_key_id: pulumi.Output[str]
    """The newest access key's id."""
    secret_access_key: pulumi.Output[str]
    """The newest access key's secret; a secret output."""

    def __init__(self, name: str, args: AwsCredentialArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = _parse(args)
        refuse(faults, f"AwsCredential '{name}'")
        super().__init__("wandb-byob:index:AwsCredential", name, {}, opts)
        protection = values.get("protection", Protection.PROTECTED)
        partition = values.get("partition") or checks.known_partition(None, values.get("region")) or "aws"
        # Nothing here is deleted_with the bucket: what is deleted_with something else stays in the cloud, and a live
        # key that Pulumi has forgotten is the one thing that must not be left behind.
        user = aws.iam.User(
            name,
            path="/wandb-byob/",
            force_destroy=True,
            tags=store_tag(name, values.get("tags")),
            opts=child_options(self, protection, protect=True),
        )
        keys = [
            aws.iam.AccessKey(
                f"{name}-{label}",
                user=user.name,
                status="Inactive" if values.get("suspended") else "Active",
                opts=child_options(self, protection, protect=False),
            )
            for label in values["credential_keys"]
        ]
        document = pulumi.Output.all(
            bucket_arn=pulumi.Output.format("arn:{0}:s3:::{1}", partition, values["bucket_name"]),
            kms_key_arn=values.get("kms_key_arn"),
            region=values.get("region"),
            partition=partition,
        ).apply(
            lambda known: json.dumps(
                identity_policy(access=values.get("access", Access.DOCUMENTED), paths=values.get("paths", []), **known)
            )
        )
        # Made last, so deleted first: a removal is refused here, while the keys still stand in cloud and state. They
        # cannot be protected themselves, because a rotation removes one. Not deleted_with the user: IAM deletes no
        # user that still has a policy.
        aws.iam.UserPolicy(
            name,
            user=user.name,
            policy=document,
            opts=child_options(self, protection, protect=True, depends_on=keys),
        )
        self.access_keys: list[pulumi.Resource] = [*keys]
        self.user_arn, self.access_key_id = user.arn, keys[-1].id
        self.secret_access_key = pulumi.Output.secret(keys[-1].secret)
        self.register_outputs(
            {"userArn": self.user_arn, "accessKeyId": self.access_key_id, "secretAccessKey": self.secret_access_key}
        )
