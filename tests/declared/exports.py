"""Exports of stacks as the engine writes them, small enough to read."""

from __future__ import annotations

import json
from typing import Any

SIGNATURE, IS_SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
STACK = "urn:pulumi:prod::shop"


def sealed() -> dict[str, str]:
    """A secret as an export without `--show-secrets` has it."""
    return {SIGNATURE: IS_SECRET, "ciphertext": "v1:c2VjcmV0"}


def shown(value: Any) -> dict[str, str]:
    """A secret as an export with `--show-secrets` has it."""
    return {SIGNATURE: IS_SECRET, "plaintext": json.dumps(value)}


def export(*resources: dict[str, Any]) -> str:
    """The whole."""
    return json.dumps({"version": 3, "deployment": {"manifest": {}, "resources": list(resources)}})


def provider(name: str, **inputs: Any) -> dict[str, Any]:
    return {
        "urn": f"{STACK}::pulumi:providers:aws::{name}",
        "type": "pulumi:providers:aws",
        "id": "1",
        "inputs": inputs,
    }


def stack(**teams: Any) -> dict[str, Any]:
    type_ = "pulumi:pulumi:Stack"
    return {"urn": f"{STACK}::{type_}::shop-prod", "type": type_, "outputs": {"teams": teams}}


def component(kind: str, name: str, **outputs: Any) -> dict[str, Any]:
    type_ = f"wandb-byob:index:{kind}"
    return {"urn": f"{STACK}::{type_}::{name}", "type": type_, "inputs": {}, "outputs": outputs}


def child(parent: dict[str, Any], type_: str, by: str = "", **inputs: Any) -> dict[str, Any]:
    name = parent["urn"].rpartition("::")[2]
    found = {
        "urn": f"{STACK}::{parent['type']}${type_}::{name}",
        "type": type_,
        "parent": parent["urn"],
        "id": name,
        "inputs": inputs,
    }
    return found | ({"provider": f"{STACK}::pulumi:providers:aws::{by}::1"} if by else {})


def policy(bucket: str, *, minimal: bool = False, tls: bool = True) -> str:
    """A bucket's policy as AwsBucket and S3CompatibleBucket write it, in what is read of it."""
    arn = f"arn:aws:s3:::{bucket}"
    deny = {
        "Sid": "DenyInsecureTransport",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    grant = {"Sid": "WAndBAccountAccess", "Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": arn}
    objects = {"Sid": "WAndBObjectAccess", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": f"{arn}/vision/*"}
    return json.dumps({"Statement": [*([deny] if tls else []), grant, *([objects] if minimal else [])]})


def aws(
    bucket: str = "vision-1234",
    region: str = "eu-west-1",
    paths: tuple[str, ...] = ("vision",),
    key: str = "",
    settings: dict[str, Any] | None = None,
    minimal: bool = False,
    origins: tuple[str, ...] = ("*",),
    name: str = "vision",
) -> list[dict[str, Any]]:
    """A store on AWS: provider, component and the children that declare something."""
    addresses = {path: f"s3://{bucket}" + ("" if path == "/" else f"/{path}") for path in paths}
    top = component(
        "AwsByob",
        name,
        bucketName=bucket,
        region=region,
        paths=list(paths),
        kmsKeyId=key,
        principals=["arn:aws:iam::830241207209:root"],
        storageAddresses=addresses,
    )
    default = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key} if key else {"sseAlgorithm": "AES256"}
    lifecycle = [
        {"id": "noncurrent-versions", "status": "Enabled", "filter": {}, "noncurrentVersionExpiration": {"noncurrentDays": 30}},
        {"id": "abort-uploads", "status": "Enabled", "filter": {}, "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}},
        {"id": "logs", "status": "Enabled", "filter": {"prefix": "logs/"}, "noncurrentVersionExpiration": {"noncurrentDays": 3}},
    ]  # fmt: skip
    children = {
        "aws:s3/bucket:Bucket": {"bucket": bucket},
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {"bucket": bucket, "blockPublicAcls": True},
        "aws:s3/bucketVersioning:BucketVersioning": {"versioningConfiguration": {"status": "Enabled"}},
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
            "rules": [{"applyServerSideEncryptionByDefault": default}]
        },
        "aws:s3/bucketPolicy:BucketPolicy": {"policy": policy(bucket, minimal=minimal)},
        "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": {
            "corsRules": [{"allowedMethods": ["GET", "HEAD", "PUT"], "allowedOrigins": list(origins)}]
        },
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {"rules": lifecycle},
    }
    return [provider("default", **(settings or {})), top, *(child(top, t, "default", **i) for t, i in children.items())]


def server(*, secrets: bool, name: str = "lidar") -> list[dict[str, Any]]:
    """A store on a server of one's own, whose address holds keys and whose provider is one secret."""
    hide = shown if secrets else lambda value: sealed()
    told = hide({"/": f"s3://wandb:s3cr3t@store.example:9000/{name}-1?region=local&tls=true"})
    top = component(
        "S3CompatibleByob",
        name,
        bucketName=f"{name}-1",
        region="us-east-1",
        paths=["/"],
        kmsKeyId="",
        principals=[],
        storageAddresses=told,
    )
    settings = {
        "endpoints": hide('[{"s3":"https://store.example:9000"}]'), "region": hide("local"), "s3UsePathStyle": hide("true"),
        "accessKey": hide("deployer"), "secretKey": hide("hidden"),
    }  # fmt: skip
    rules = [{"enabled": True, "noncurrentVersionExpiration": {"days": 30}}, {"abortIncompleteMultipartUploadDays": 7}]
    return [
        provider("store", **settings),
        top,
        child(top, "aws:s3/bucket:Bucket", "store", bucket=f"{name}-1", lifecycleRules=rules),
        child(
            top,
            "aws:s3/bucketVersioning:BucketVersioning",
            "store",
            versioningConfiguration={"status": "Enabled"},
        ),
        child(top, "aws:s3/bucketPolicy:BucketPolicy", "store", policy=policy(f"{name}-1")),
    ]
