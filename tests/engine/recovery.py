"""What docs/recovery.md tells a person to do after a killed run, step by step, and what the cloud and the state hold then."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import ClientError

from tests.engine.readings import LocalAws
from tests.engine.workbench import Run, Workbench, short

TAG = "wandb-byob:store"


def unlock(stack: Workbench) -> None:
    """Step 1: `pulumi cancel`; an empty attributes file that the kill left beside a good checkpoint goes first.

    Args:
        stack: Whose run was killed.
    """
    for attributes in stack.backend.rglob("*.attrs"):
        if attributes.stat().st_size == 0:
            attributes.unlink()
    stack.run("cancel", "--yes", "--stack", stack.name, "--non-interactive").ok()


def pending(state: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Step 2: the pending operations of a state, `Bucket vision` to the inputs of what was being made.

    Args:
        state: What `pulumi stack export` gives, after `unlock`.
    """
    found = state.get("pending_operations") or []
    return {short(o["resource"]["urn"]): o["resource"].get("inputs", {}) for o in found if o["type"] == "creating"}


def forget_pending(stack: Workbench) -> Run:
    """Step 4: drop what was found and dealt with from the state.

    Args:
        stack: After a second `up`.
    """
    return stack.refresh("--clear-pending-creates")


def adopt(stack: Workbench, cut: dict[str, Any], found: str) -> Run:
    """Or, instead of a second one: take what was made into the state, where the program expects it.

    Args:
        stack: After `forget_pending`.
        cut: The resource of the pending operation.
        found: The id in the cloud.
    """
    parent, provider = cut["parent"], cut["provider"].rsplit("::", 1)[0]
    return stack.import_file(
        {
            "nameTable": {"parent": parent, "provider": provider},
            "resources": [
                {
                    "type": cut["type"],
                    "name": cut["urn"].rsplit("::", 1)[1],
                    "id": found,
                    "parent": "parent",
                    "provider": "provider",
                }
            ],
        }
    )


def tagged(aws: LocalAws, prefix: str, gone: set[str] | None = None) -> tuple[dict[str, str], dict[str, str]]:
    """Step 3: everything in the cloud that carries the tag of this stack: buckets and usable keys, name to tag.

    Args:
        aws: Where.
        prefix: `<project>/<stack>/`.
        gone: Keys that are known to be scheduled for deletion, or another stack's; what is found is added.
    """
    s3, kms = aws.client("s3"), aws.client("kms")
    buckets: dict[str, str] = {}
    keys: dict[str, str] = {}
    gone = set() if gone is None else gone
    for bucket in s3.list_buckets()["Buckets"]:
        try:
            tags = {t["Key"]: t["Value"] for t in s3.get_bucket_tagging(Bucket=bucket["Name"])["TagSet"]}
        except ClientError:
            continue
        if tags.get(TAG, "").startswith(prefix):
            buckets[bucket["Name"]] = tags[TAG]
    for page in kms.get_paginator("list_keys").paginate():
        for key in page["Keys"]:
            if key["KeyId"] in gone:
                continue
            tags = {t["TagKey"]: t["TagValue"] for t in kms.list_resource_tags(KeyId=key["KeyId"])["Tags"]}
            state = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"]
            if state == "Enabled" and tags.get(TAG, "").startswith(prefix):
                keys[key["KeyArn"]] = tags[TAG]
            else:
                gone.add(key["KeyId"])
    return buckets, keys


def plant(aws: LocalAws, bucket: str, count: int) -> None:
    """Put objects with two versions each.

    Args:
        aws: Where.
        bucket: The bucket.
        count: How many objects.
    """
    s3 = aws.client("s3")

    def put(i: int) -> None:
        for version in (1, 2):
            s3.put_object(Bucket=bucket, Key=f"runs/{i:04}/history", Body=f"object {i} version {version}".encode() * 20)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(count)))


def listing(aws: LocalAws, bucket: str) -> list[tuple[str, str, str]]:
    """Key, version and ETag of every version.

    Args:
        aws: Where.
        bucket: The bucket.
    """
    pages = aws.client("s3").get_paginator("list_object_versions").paginate(Bucket=bucket)
    return sorted((v["Key"], v["VersionId"], v["ETag"]) for page in pages for v in page.get("Versions", []))


def hashes(aws: LocalAws, bucket: str) -> dict[tuple[str, str], str]:
    """SHA-256 of the bytes of every version, read back.

    Args:
        aws: Where.
        bucket: The bucket.
    """
    s3 = aws.client("s3")

    def digest(entry: tuple[str, str, str]) -> tuple[tuple[str, str], str]:
        body = s3.get_object(Bucket=bucket, Key=entry[0], VersionId=entry[1])["Body"].read()
        return entry[:2], hashlib.sha256(body).hexdigest()

    with ThreadPoolExecutor(8) as pool:
        return dict(pool.map(digest, listing(aws, bucket)))
