"""How each AWS rule on keys judges keys, key policies and grants: expected verdicts, written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from byob_components.policies.tree import UNKNOWN
from tests.policies.aws_documents import ACCOUNT, GRANT, NODE, USE, add, bucket, drop, key, put
from tests.policies.rows import Row

POLICY_UNKNOWN = ({"policy": UNKNOWN},)
KEY_TYPE = "aws:kms/key:Key"
GRANT_TYPE = "aws:kms/grant:Grant"


def guard(**condition: object) -> Callable[[list[dict[str, Any]]], object]:
    """A Deny to everybody of changing the policy."""
    with_condition = {"Condition": condition} if condition else {}
    return add(Effect="Deny", Principal={"AWS": "*"}, Action="kms:PutKeyPolicy", Resource="*", **with_condition)


ROWS: list[tuple[str, Row]] = [
    (
        "byob-aws-key-rotation",
        Row(
            KEY_TYPE,
            good=({"enableKeyRotation": True}, {"enableKeyRotation": True, "keyUsage": "ENCRYPT_DECRYPT", "customerMasterKeySpec": "SYMMETRIC_DEFAULT"}, {"enableKeyRotation": True, "rotationPeriodInDays": 365}),
            bad=(({"enableKeyRotation": False}, "enableKeyRotation"), ({}, "enableKeyRotation"), ({"enableKeyRotation": True, "rotationPeriodInDays": 366}, "rotationPeriodInDays")),
            unknown=({"enableKeyRotation": UNKNOWN},),
            spared=({"customerMasterKeySpec": "RSA_2048"}, {"keyUsage": "GENERATE_VERIFY_MAC"}, {"customKeyStoreId": "cks-1"}, {"xksKeyId": "x"}),
        ),
    ),
    (
        "byob-aws-key-deletion-window",
        Row(
            KEY_TYPE,
            good=({"deletionWindowInDays": 30}, {}),
            bad=(({"deletionWindowInDays": 29}, "deletionWindowInDays"), ({"deletionWindowInDays": 7}, "deletionWindowInDays")),
            unknown=({"deletionWindowInDays": UNKNOWN},),
        ),
    ),
    (
        "byob-aws-key-enabled",
        Row(KEY_TYPE, good=({}, {"isEnabled": True}), bad=(({"isEnabled": False}, "isEnabled"),), unknown=({"isEnabled": UNKNOWN},)),
    ),
    (
        "byob-aws-key-enabled",
        Row(
            "aws:kms/externalKey:ExternalKey",
            good=({"enabled": True, "keyState": "Enabled"},),
            bad=(
                ({"enabled": False}, "enabled"),
                ({"validTo": "2027-01-01T00:00:00Z"}, "validTo"),
                ({"keyState": "PendingDeletion"}, "keyState"),
                ({"keyState": "Disabled"}, "keyState"),
            ),
        ),
    ),
    ("byob-aws-key-protect", Row(KEY_TYPE, good=({},), bad=())),
    ("byob-aws-key-protect", Row("aws:kms/replicaKey:ReplicaKey", good=(), bad=(({}, "protect"),), protect=False)),
    (
        "byob-aws-key-administration",
        Row(
            KEY_TYPE,
            good=(
                key(),
                key(put(ACCOUNT, Principal={"AWS": "111122223333"})),
                key(guard(ArnNotLike={"aws:PrincipalArn": "arn:aws:iam::111122223333:role/admin"})),
                key(guard(StringNotEquals={"kms:CallerAccount": "111122223333"})),
                key(add(Effect="Deny", Principal={"AWS": "arn:aws:iam::111122223333:role/x"}, Action="kms:*", Resource="*")),
                key(add(Effect="Deny", Principal="*", Action="kms:ScheduleKeyDeletion", Resource="*")),
            ),
            bad=(
                (key(guard()), "policy.Statement[2]"),
                (key(guard(ArnNotEquals={"aws:PrincipalArn": "nobody"})), "policy.Statement[2]"),
                ({**key(), "bypassPolicyLockoutSafetyCheck": True}, "bypassPolicyLockoutSafetyCheck"),
                (key(drop(ACCOUNT)), "policy"),
                (key(put(ACCOUNT, Principal={"AWS": "arn:aws:iam::111122223333:role/deployer"})), "policy"),
                (key(put(ACCOUNT, Principal={"AWS": "arn:aws:iam::830241207209:root"})), "policy"),
                (key(put(ACCOUNT, Action=["kms:Encrypt", "kms:Decrypt"])), "policy"),
            ),
            unknown=POLICY_UNKNOWN,
            spared=({},),
        ),
    ),
    (
        "byob-aws-key-wildcard-principal",
        Row(
            "aws:kms/keyPolicy:KeyPolicy",
            good=(key(), key(put(USE, Principal="*", Condition={"StringEquals": {"kms:CallerAccount": "111122223333"}}))),
            bad=((key(put(USE, Principal={"AWS": "*"})), "policy.Statement[1].Principal.AWS"),),
            unknown=POLICY_UNKNOWN,
            spared=({},),
        ),
    ),
    (
        "byob-aws-key-grant-width",
        Row(
            KEY_TYPE,
            good=(key(), key(add(Effect="Allow", Principal={"AWS": "arn:aws:iam::111122223333:role/admin"}, Action="kms:Put*", Resource="*"))),
            bad=(
                (key(put(USE, Action="kms:*")), "policy.Statement[1].Action"),
                (key(put(USE, Action=["kms:Decrypt", "kms:ScheduleKeyDeletion"])), "policy.Statement[1].Action[1]"),
                (key(put(USE, Action="kms:CreateGrant", Principal={"AWS": "arn:aws:iam::444455556666:role/wandb"})), "policy.Statement[1].Action"),
            ),
            unknown=POLICY_UNKNOWN,
            spared=({},),
            changes={"principals": ("arn:aws:iam::444455556666:role/wandb",)},
        ),
    ),
    (
        "byob-aws-key-grant-width",
        Row(
            GRANT_TYPE,
            good=({"operations": ["Decrypt", "GenerateDataKey", "GenerateDataKeyPair", "DescribeKey"]},),
            bad=(({"operations": ["Decrypt", "CreateGrant"]}, "operations[1]"),),
            unknown=({"operations": [UNKNOWN]},),
        ),
    ),
    (
        "byob-aws-key-grant-principals",
        Row(
            KEY_TYPE,
            good=(key(), key(add(Effect="Allow", Principal={"AWS": ["arn:aws:iam::111122223333:role/etl", "arn:aws:iam::444455556666:role/wandb"]}, Action="kms:Decrypt", Resource="*"))),
            bad=(
                (key(put(USE, Principal={"AWS": [NODE, "arn:aws:iam::999900001111:role/x"]})), "policy.Statement[1].Principal.AWS[1]"),
                (key(put(USE, Principal={"Service": "logs.amazonaws.com"})), "policy.Statement[1].Principal.Service"),
                (key(put(ACCOUNT, Principal={"AWS": ["arn:aws:iam::111122223333:root", "999900001111"]})), "policy.Statement[0].Principal.AWS[1]"),
            ),
            unknown=POLICY_UNKNOWN,
            spared=({},),
            changes={"principals": ("arn:aws:iam::444455556666:role/wandb",)},
        ),
    ),
    *(
        (
            "byob-aws-key-shared-principal",
            Row(KEY_TYPE, good=(key(),), bad=((key(put(USE, Principal={"AWS": [NODE, who]})), "policy.Statement[1].Principal.AWS[1]"),), unknown=POLICY_UNKNOWN, spared=({},)),
        )
        for who in ("arn:aws:iam::830241207209:root", "arn:aws:iam::725579432336:role/WandbIntegration")
    ),
    (
        "byob-aws-key-shared-principal",
        Row(GRANT_TYPE, good=({"granteePrincipal": NODE},), bad=(({"granteePrincipal": "arn:aws:iam::830241207209:root"}, "granteePrincipal"),), unknown=({"granteePrincipal": UNKNOWN},)),
    ),
    (
        "byob-aws-credential-width",
        Row(
            "aws:iam/userPolicy:UserPolicy",
            good=(
                bucket(put(GRANT, Principal=None, Action=["s3:GetObject", "kms:Decrypt"])),
                bucket(put(GRANT, Principal=None, Resource="arn:aws:s3:::vision/team/*")),
                bucket(put(GRANT, Principal=None, Resource="arn:aws:kms:eu-west-1:111122223333:key/1", Action="kms:Decrypt")),
            ),
            bad=(
                (bucket(put(GRANT, Principal=None, Action="s3:*")), "policy.Statement[3].Action"),
                (bucket(put(GRANT, Principal=None, Action=["s3:GetObject", "iam:CreateAccessKey"])), "policy.Statement[3].Action[1]"),
                (bucket(put(GRANT, Principal=None, Resource=["arn:aws:s3:::vision", "*"])), "policy.Statement[3].Resource[1]"),
                (bucket(put(GRANT, Principal=None, Resource="arn:aws:s3:::vision-*")), "policy.Statement[3].Resource"),
                (bucket(put(GRANT, Principal=None, Resource="arn:aws:s3:::visio?/*")), "policy.Statement[3].Resource"),
                (bucket(put(GRANT, Principal=None, Resource="arn:aws:kms:eu-west-1:111122223333:key/*")), "policy.Statement[3].Resource"),
                (bucket(put(GRANT, Principal=None, Resource=None, NotResource="arn:aws:s3:::other")), "policy.Statement[3].NotResource"),
            ),
            unknown=POLICY_UNKNOWN,
            below="wandb-byob:index:AwsCredential",
        ),
    ),
    (
        "byob-aws-key-grant-principals",
        Row(
            GRANT_TYPE,
            good=({"granteePrincipal": NODE}, {"granteePrincipal": "arn:aws:iam::444455556666:role/wandb"}),
            bad=(({"granteePrincipal": "arn:aws:iam::999900001111:role/x"}, "granteePrincipal"), ({}, "granteePrincipal")),
            unknown=({"granteePrincipal": UNKNOWN},),
            changes={"principals": ("arn:aws:iam::444455556666:role/wandb",)},
        ),
    ),
    ("byob-aws-credential-width", Row("aws:iam/userPolicy:UserPolicy", good=(), bad=(), spared=(bucket(put(GRANT, Principal=None, Action="s3:*")),))),
]  # fmt: skip
