"""Policy documents for the AWS rows: one that every rule accepts, and what can be done to it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

BUCKET_ARN = "arn:aws:s3:::vision"
NODE = "arn:aws:iam::830241207209:role/acme-node"
EVERYTHING = [BUCKET_ARN, f"{BUCKET_ARN}/*"]
BUCKET: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Tls",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": EVERYTHING,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Sid": "TlsVersion",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": ["s3:*"],
            "Resource": EVERYTHING,
            "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        },
        {
            "Sid": "OwnKeys",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:PutObject",
            "Resource": f"{BUCKET_ARN}/*",
            "Condition": {"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}},
        },
        {
            "Sid": "Wandb",
            "Effect": "Allow",
            "Principal": {"AWS": NODE},
            "Action": ["s3:GetObject*", "s3:ListBucket", "s3:PutObject", "s3:GetBucketCORS"],
            "Resource": EVERYTHING,
        },
    ],
}
KEY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Account",
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
            "Action": "kms:*",
            "Resource": "*",
        },
        {
            "Sid": "Wandb",
            "Effect": "Allow",
            "Principal": {"AWS": [NODE]},
            "Action": ["kms:Decrypt", "kms:Describe*", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"],
            "Resource": "*",
        },
    ],
}
TLS, TLS_VERSION, OWN_KEYS, GRANT = range(4)
ACCOUNT, USE = range(2)


def changed(document: dict[str, Any], change: Callable[[list[dict[str, Any]]], object]) -> dict[str, str]:
    """`{"policy": …}` with a document whose statements were changed.

    Args:
        document: The document.
        change: Is given its statements.
    """
    mine = copy.deepcopy(document)
    change(mine["Statement"])
    return {"policy": json.dumps(mine)}


def bucket(change: Callable[[list[dict[str, Any]]], object] = lambda statements: None) -> dict[str, str]:
    """A bucket policy as the inputs of its resource."""
    return changed(BUCKET, change)


def key(change: Callable[[list[dict[str, Any]]], object] = lambda statements: None) -> dict[str, str]:
    """A key policy as the inputs of its resource."""
    return changed(KEY, change)


def put(index: int, **elements: Any) -> Callable[[list[dict[str, Any]]], object]:
    """A change that gives a statement other elements.

    Args:
        index: Which statement.
        elements: Name to value; None drops the element.
    """

    def change(statements: list[dict[str, Any]]) -> None:
        for name, value in elements.items():
            if value is None:
                statements[index].pop(name, None)
            else:
                statements[index][name] = value

    return change


def add(**elements: Any) -> Callable[[list[dict[str, Any]]], object]:
    """A change that adds a statement.

    Args:
        elements: Of the statement.
    """
    return lambda statements: statements.append(elements)


def drop(index: int) -> Callable[[list[dict[str, Any]]], object]:
    """A change that drops a statement.

    Args:
        index: Which.
    """
    return lambda statements: statements.pop(index)
