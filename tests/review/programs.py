"""Programs that know nothing of our components, and their next versions: what `byob review` must understand all the same."""

from __future__ import annotations

AWS_FIRST = """
import json
import pulumi
import pulumi_aws as aws

protect = pulumi.ResourceOptions(protect=True)
key = aws.kms.Key("data", description="data", enable_key_rotation=True, deletion_window_in_days=30, opts=protect)
bucket = aws.s3.Bucket("data", bucket="acme-data", opts=protect)
aws.s3.BucketPublicAccessBlock("data", bucket=bucket.bucket, block_public_acls=True, block_public_policy=True,
                               ignore_public_acls=True, restrict_public_buckets=True)
aws.s3.BucketVersioning("data", bucket=bucket.bucket, versioning_configuration={"status": "Enabled"})
aws.s3.BucketServerSideEncryptionConfiguration("data", bucket=bucket.bucket, rules=[
    {"apply_server_side_encryption_by_default": {"sse_algorithm": "aws:kms", "kms_master_key_id": key.arn}}])
aws.s3.BucketCorsConfiguration("data", bucket=bucket.bucket, cors_rules=[
    {"allowed_methods": ["GET", "HEAD", "PUT"], "allowed_headers": ["*"], "allowed_origins": ["*"], "expose_headers": ["ETag"]}])
aws.s3.BucketLifecycleConfiguration("data", bucket=bucket.bucket, rules=[
    {"id": "old", "status": "Enabled", "filter": {}, "noncurrent_version_expiration": {"noncurrent_days": 30}}])
WANDB = {"Sid": "WandB", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::725579432336:role/WandbIntegration"},
         "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::acme-data/*"}
TLS = {"Sid": "Tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::acme-data/*",
       "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
aws.s3.BucketPolicy("data", bucket=bucket.bucket, policy=json.dumps({"Version": "2012-10-17", "Statement": [WANDB, TLS]}))
"""
_OPEN = '"Statement": [WANDB, TLS, {"Sid": "All", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-data/*"}]'


def _with(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


AWS_LATER = {
    "other_tags": _with(AWS_FIRST, ('bucket="acme-data", opts', 'bucket="acme-data", tags={"owner": "ml"}, opts')),
    "other_versioning_suspended": _with(AWS_FIRST, ('"status": "Enabled"})\naws.s3.BucketServer', '"status": "Suspended"})\naws.s3.BucketServer')),
    "other_opened": _with(
        AWS_FIRST,
        ('"Statement": [WANDB, TLS]', _OPEN),
        ("block_public_policy=True,", "block_public_policy=False,"),
        ("restrict_public_buckets=True", "restrict_public_buckets=False"),
    ),
    "other_without_refusal_and_wandb": _with(AWS_FIRST, ('"Statement": [WANDB, TLS]', '"Statement": [{**WANDB, "Principal": {"AWS": "111122223333"}}]')),
    "other_expiry_and_archive": _with(
        AWS_FIRST,
        ('{"noncurrent_days": 30}}])', '{"noncurrent_days": 7}, "expiration": {"days": 90},\\n     "transitions": [{"days": 30, "storage_class": "GLACIER"}]}])'.replace("\\n", "\n")),
    ),
    "other_cors_without_put": _with(AWS_FIRST, ('["GET", "HEAD", "PUT"]', '["GET"]'), (', "expose_headers": ["ETag"]', "")),
    "other_key_weaker": _with(
        AWS_FIRST,
        ("enable_key_rotation=True, deletion_window_in_days=30", "enable_key_rotation=False, deletion_window_in_days=7"),
        ('{"sse_algorithm": "aws:kms", "kms_master_key_id": key.arn}', '{"sse_algorithm": "AES256"}'),
    ),
}  # fmt: skip
"""Name of the recording to the next version."""

GCP_FIRST = """
import pulumi
import pulumi_gcp as gcp

bucket = gcp.storage.Bucket(
    "data", name="acme-data", location="EU", uniform_bucket_level_access=True, public_access_prevention="enforced",
    versioning={"enabled": True}, soft_delete_policy={"retention_duration_seconds": 2592000},
    lifecycle_rules=[{"action": {"type": "Delete"}, "condition": {"days_since_noncurrent_time": 30, "with_state": "ARCHIVED"}}],
    cors=[{"origins": ["*"], "methods": ["GET", "HEAD", "PUT"], "response_headers": ["*"], "max_age_seconds": 3000}])
gcp.storage.BucketIAMMember("wandb", bucket=bucket.name, role="roles/storage.admin",
                            member="serviceAccount:wandb-integration@wandb-production.iam.gserviceaccount.com")
"""
GCP_LATER = {
    "other_gcp_loosened": _with(
        GCP_FIRST,
        ('public_access_prevention="enforced"', 'public_access_prevention="inherited"'),
        ('versioning={"enabled": True}', 'versioning={"enabled": False}'),
        ('"retention_duration_seconds": 2592000', '"retention_duration_seconds": 604800'),
        ('"GET", "HEAD", "PUT"', '"GET", "HEAD"'),
        (
            '"with_state": "ARCHIVED"}}]',
            '"with_state": "ARCHIVED"}},\n                     {"action": {"type": "Delete"}, "condition": {"age": 365}}]',
        ),
    ),
    "other_gcp_without_wandb": GCP_FIRST.partition("gcp.storage.BucketIAMMember")[0],
}
"""The same on Google Cloud."""
