"""Registered resources as the JSON of a Terraform plan, which scanners read.

The Pulumi providers for AWS, Google Cloud and others are made from the Terraform providers: types and properties are the
same in other spelling, and a block that may stand once or more is a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from tests.mocks.monitor import Registered, plain

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
}
SINGULAR = {"rules": "rule", "cors_rules": "cors_rule", "transitions": "transition"}
"""Pulumi gives a block that may stand several times its plural."""
MAPPINGS = {"tags"}
"""Properties that are mappings and not blocks."""
BUCKET_KEY = "bucket"


def plan(resources: Iterable[Registered]) -> dict[str, Any]:
    """The plan that would create these resources.

    Args:
        resources: Registrations; components are left out.

    Raises:
        KeyError: A type that the scanner would not see.
    """
    made = [r for r in resources if r.custom and not r.type.startswith("pulumi:")]
    addresses = {r.key: f"{TYPES[r.type]}.{_name(r)}" for r in made}
    planned, configured = [], []
    for resource in made:
        head = {
            "address": addresses[resource.key],
            "mode": "managed",
            "type": TYPES[resource.type],
            "name": _name(resource),
            "provider_name": "registry.terraform.io/hashicorp/aws",
        }
        values = _block(plain(resource.inputs))
        planned.append((head, values))
        configured.append(
            {**head, "provider_config_key": "aws", "expressions": _expressions(resource, values, addresses)}
        )
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {
            "root_module": {"resources": [{**head, "schema_version": 0, "values": values} for head, values in planned]}
        },
        "resource_changes": [
            {**head, "change": {"actions": ["create"], "before": None, "after": values, "after_unknown": {}}}
            for head, values in planned
        ],
        "configuration": {"root_module": {"resources": configured}},
    }


def _name(resource: Registered) -> str:
    return re.sub(r"[^a-zA-Z0-9_]", "_", resource.name)


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


def _expressions(resource: Registered, values: dict[str, Any], addresses: dict[str, str]) -> dict[str, Any]:
    """Where each value comes from: a scanner joins a bucket and its settings by these references."""
    found: dict[str, Any] = {key: {"constant_value": value} for key, value in values.items()}
    for name, keys in resource.property_dependencies.items():
        references = [addresses[key] for key in sorted(keys) if key in addresses]
        if references and _snake(name) in found:
            found[_snake(name)] = {"references": [ref for one in references for ref in (f"{one}.id", one)]}
    return found
