"""Registered resources of AWS and Google Cloud as those of Terraform.

Their Pulumi providers are made from the Terraform providers: types and properties are the same in other spelling, and a
block that may stand once or more is a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from tests.mocks.monitor import Registered, plain
from tests.scanners.terraform_plan import Resource, address

TYPES = {
    "aws:s3/bucket:Bucket": "aws_s3_bucket",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "aws_s3_bucket_public_access_block",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "aws_s3_bucket_ownership_controls",
    "aws:s3/bucketVersioning:BucketVersioning": "aws_s3_bucket_versioning",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        "aws_s3_bucket_server_side_encryption_configuration"
    ),
    "aws:s3/bucketPolicy:BucketPolicy": "aws_s3_bucket_policy",
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": "aws_s3_bucket_cors_configuration",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "aws_s3_bucket_lifecycle_configuration",
    "aws:s3/bucketLogging:BucketLogging": "aws_s3_bucket_logging",
    "aws:kms/key:Key": "aws_kms_key",
    "aws:kms/alias:Alias": "aws_kms_alias",
    "aws:kms/grant:Grant": "aws_kms_grant",
    "aws:iam/user:User": "aws_iam_user",
    "aws:iam/userPolicy:UserPolicy": "aws_iam_user_policy",
    "aws:iam/accessKey:AccessKey": "aws_iam_access_key",
    "gcp:storage/bucket:Bucket": "google_storage_bucket",
    "gcp:storage/bucketIAMMember:BucketIAMMember": "google_storage_bucket_iam_member",
    "gcp:kms/keyRing:KeyRing": "google_kms_key_ring",
    "gcp:kms/cryptoKey:CryptoKey": "google_kms_crypto_key",
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": "google_kms_crypto_key_iam_member",
    "gcp:serviceaccount/account:Account": "google_service_account",
    "gcp:serviceaccount/key:Key": "google_service_account_key",
    "gcp:serviceaccount/iAMMember:IAMMember": "google_service_account_iam_member",
}
SINGULAR = {
    "rules": "rule",
    "cors_rules": "cors_rule",
    "transitions": "transition",
    "lifecycle_rules": "lifecycle_rule",
    "origins": "origin",
    "methods": "method",
    "response_headers": "response_header",
}
"""Pulumi gives its plural to what may stand several times."""
MAPPINGS = {"tags", "labels"}
"""Properties that are mappings and not blocks."""


def translate(resources: Iterable[Registered]) -> list[Resource]:
    """The same resources in Terraform's spelling.

    Args:
        resources: Registrations; components are left out.

    Raises:
        KeyError: A type that the scanner would not see.
    """
    made = [r for r in resources if r.custom and not r.type.startswith("pulumi:")]
    addresses = {r.key: address(TYPES[r.type], r.name) for r in made}
    return [
        Resource(
            type=TYPES[r.type],
            name=r.name,
            values=_block(plain(r.inputs)),
            references={
                _snake(name): tuple(addresses[key] for key in sorted(keys) if key in addresses)
                for name, keys in r.property_dependencies.items()
            },
        )
        for r in made
    ]


def _snake(name: str) -> str:
    made = re.sub(r"([A-Z])", lambda letter: f"_{letter[1].lower()}", name)
    return SINGULAR.get(made, made)


def _block(inputs: dict[str, Any]) -> dict[str, Any]:
    return {_snake(key): _value(_snake(key), value) for key, value in inputs.items()}


def _value(key: str, value: Any) -> Any:
    if key in MAPPINGS:
        return value
    if isinstance(value, dict):
        return [_block(value)]
    if isinstance(value, list):
        return [_block(one) if isinstance(one, dict) else one for one in value]
    return value
