"""Data is unreadable without the key, and the key's policy decides who has it: on SeaweedFS, which asks a KMS for every object.

The KMS is ministack with its access checks on, called as W&B's user. So two servers that are not ours judge: one encrypts and
decrypts what is stored, the other allows or refuses the use of the key. Refusals reach the client as SeaweedFS' `InternalError`
(S3 itself says `KMS.DisabledException` or `AccessDenied`), so every refusal stands between two reads of the same object that work.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from byob_components.aws import AwsBucket, AwsKey
from byob_components.wandb.access import Access
from tests.data_plane.conftest import ADMIN, CUSTOMER, REGION, KeyHolders
from tests.mocks.aws import record

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("seaweedfs")]
PART = 5 * 1024 * 1024
NO_SUCH_KEY = f"arn:aws:kms:{REGION}:{CUSTOMER}:key/00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Store:
    """A bucket on the second server under a key of its own, both as the components register them.

    Args:
        s3: The owner's client.
        bucket: The bucket.
        key: The key's ARN.
        key_args: The arguments of its AwsKey.
    """

    s3: Any
    bucket: str
    key: str
    key_args: dict[str, Any]

    def put(self, name: str, body: bytes, **more: str) -> str:
        """Write an object, and its version."""
        return str(self.s3.put_object(Bucket=self.bucket, Key=name, Body=body, **more)["VersionId"])

    def get(self, name: str, **more: str) -> bytes:
        """What is in an object."""
        return bytes(self.s3.get_object(Bucket=self.bucket, Key=name, **more)["Body"].read())

    def refuses(self, call: Callable[..., object], *given: Any, **more: Any) -> bool:
        """Whether a call fails inside the server, which is how SeaweedFS passes on what the KMS says."""
        with pytest.raises(ClientError) as refused:
            call(*given, **more)
        return bool(refused.value.response["Error"]["Code"] == "InternalError")

    def names(self) -> set[str]:
        """What is in the bucket."""
        return {entry["Key"] for entry in self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])}


def key_inputs(args: dict[str, Any]) -> dict[str, Any]:
    """What an AwsKey registers."""
    return record(AwsKey, {"account_id": CUSTOMER, "region": REGION, **args}).one("Key").inputs


@pytest.fixture
def make(s3: Callable[..., Any], key_holders: KeyHolders) -> Callable[..., Store]:
    """Makes stores: `make()` as AwsKey and AwsBucket do with W&B's user as principal, or with other arguments of AwsKey."""

    def store(**key_args: Any) -> Store:
        given = {"principals": [key_holders.wandb.arn], **key_args}
        wanted = key_inputs(given)
        made = key_holders.administrator.kms.create_key(
            Policy=wanted["policy"], KeyUsage=wanted["keyUsage"], Description=wanted["description"]
        )
        key, bucket, owner = made["KeyMetadata"]["Arn"], f"store-{uuid.uuid4().hex[:12]}", s3(ADMIN)
        rules = record(AwsBucket, {"kms_key_arn": key}).one("BucketServerSideEncryptionConfiguration").inputs["rules"]
        default = rules[0]["applyServerSideEncryptionByDefault"]
        owner.create_bucket(Bucket=bucket)
        owner.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        owner.put_bucket_encryption(
            Bucket=bucket,
            ServerSideEncryptionConfiguration={
                "Rules": [
                    {
                        "ApplyServerSideEncryptionByDefault": {
                            "SSEAlgorithm": default["sseAlgorithm"],
                            "KMSMasterKeyID": default["kmsMasterKeyId"],
                        },
                        "BucketKeyEnabled": rules[0]["bucketKeyEnabled"],
                    }
                ]
            },
        )
        return Store(owner, bucket, key, given)

    return store


def test_what_is_written_under_the_key_reads_back_and_names_it(
    make: Callable[..., Store], data_files: Callable[[bytes], bool]
) -> None:
    store, marker = make(), uuid.uuid4().hex.encode()
    written = store.s3.put_object(Bucket=store.bucket, Key="a", Body=marker)
    assert (written["ServerSideEncryption"], written["SSEKMSKeyId"]) == ("aws:kms", store.key)
    head = store.s3.head_object(Bucket=store.bucket, Key="a")
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", store.key)
    assert store.get("a") == marker
    assert not data_files(marker)
    # The same search finds what is written without the key, so it would have found it.
    plain = store.bucket + "-plain"
    store.s3.create_bucket(Bucket=plain)
    store.s3.put_object(Bucket=plain, Key="a", Body=marker)
    assert data_files(marker)


def _written(store: Store) -> dict[str, Callable[[], bytes]]:
    """Write an object twice and one in parts; how each is read."""
    first = store.put("a", b"first")
    store.put("a", b"second")
    upload = store.s3.create_multipart_upload(Bucket=store.bucket, Key="parts")["UploadId"]
    where = {"Bucket": store.bucket, "Key": "parts", "UploadId": upload}
    parts = [
        {"PartNumber": n, "ETag": store.s3.upload_part(**where, PartNumber=n, Body=bytes([n]) * PART)["ETag"]}
        for n in (1, 2)
    ]
    store.s3.complete_multipart_upload(**where, MultipartUpload={"Parts": parts})
    head = store.s3.head_object(Bucket=store.bucket, Key="parts")
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", store.key)
    return {
        "the newest version": lambda: store.get("a"),
        "an older version": lambda: store.get("a", VersionId=first),
        "a range over two parts": lambda: store.get("parts", Range=f"bytes={PART - 2}-{PART + 1}"),
    }


READ = {
    "the newest version": b"second",
    "an older version": b"first",
    "a range over two parts": b"\x01\x01\x02\x02",
}


def _all_refused(store: Store, reads: dict[str, Callable[[], bytes]]) -> None:
    assert {what: store.refuses(read) for what, read in reads.items()} == dict.fromkeys(READ, True)
    assert store.refuses(store.put, "new", b"x")
    assert store.refuses(store.s3.copy_object, Bucket=store.bucket, Key="copy", CopySource=f"{store.bucket}/a")
    assert store.names() == {"a", "parts"}


def _all_works(store: Store, reads: dict[str, Callable[[], bytes]], name: str) -> None:
    assert {what: read() for what, read in reads.items()} == READ
    store.put(name, b"x")
    assert store.get(name) == b"x"


def test_without_the_key_nothing_is_read_or_written(make: Callable[..., Store], key_holders: KeyHolders) -> None:
    store, kms = make(), key_holders.administrator.kms
    reads = _written(store)
    assert {what: read() for what, read in reads.items()} == READ
    kms.disable_key(KeyId=store.key)
    _all_refused(store, reads)
    kms.enable_key(KeyId=store.key)
    _all_works(store, reads, "after")


def test_a_key_that_waits_for_its_deletion_is_gone_until_it_is_called_back(
    make: Callable[..., Store], key_holders: KeyHolders
) -> None:
    store, kms = make(), key_holders.administrator.kms
    reads = _written(store)
    window = key_inputs(store.key_args)["deletionWindowInDays"]
    assert window == 30
    ends = kms.schedule_key_deletion(KeyId=store.key, PendingWindowInDays=window)["DeletionDate"]
    left = ends - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(days=29, hours=23) < left <= datetime.timedelta(days=30)
    _all_refused(store, reads)
    kms.cancel_key_deletion(KeyId=store.key)
    # A key that is called back is disabled: the data is back only when somebody enables it.
    assert kms.describe_key(KeyId=store.key)["KeyMetadata"]["KeyState"] == "Disabled"
    _all_refused(store, reads)
    kms.enable_key(KeyId=store.key)
    _all_works(store, reads, "after")


def test_a_wrong_key_is_refused(make: Callable[..., Store], key_holders: KeyHolders) -> None:
    store, elsewhere = make(), make(principals=[])
    ssekms = {"ServerSideEncryption": "aws:kms"}
    for name, wrong in {"unknown": NO_SUCH_KEY, "foreign": elsewhere.key, "text": "no-key-at-all"}.items():
        assert store.refuses(store.put, name, b"x", **ssekms, SSEKMSKeyId=wrong), name
    assert store.names() == set()
    store.put("right", b"x", **ssekms, SSEKMSKeyId=store.key)
    assert store.get("right") == b"x"


def test_each_store_hangs_on_its_own_key(make: Callable[..., Store], key_holders: KeyHolders) -> None:
    one, other = make(), make()
    assert one.key != other.key
    for store in (one, other):
        store.put("a", b"x")
    key_holders.administrator.kms.disable_key(KeyId=one.key)
    assert one.refuses(one.get, "a")
    assert other.get("a") == b"x"


# ------------------------------------------------------------------------------------ what the key's policy says
def _change_policy(store: Store, key_holders: KeyHolders, **args: Any) -> None:
    policy = key_inputs({**store.key_args, **args})["policy"]
    key_holders.administrator.kms.put_key_policy(KeyId=store.key, PolicyName="default", Policy=policy)


def test_who_holds_no_grant_in_the_key_policy_reads_nothing(
    make: Callable[..., Store], key_holders: KeyHolders
) -> None:
    store = make()
    store.put("a", b"x")
    _change_policy(store, key_holders, principals=[])
    assert store.refuses(store.get, "a")
    assert store.refuses(store.put, "b", b"x")
    _change_policy(store, key_holders, principals=[key_holders.break_glass.arn])
    assert store.refuses(store.get, "a")
    _change_policy(store, key_holders, principals=[key_holders.wandb.arn])
    assert store.get("a") == b"x"
    _change_policy(store, key_holders, principals=[], kms_key_users=[key_holders.wandb.arn])
    assert store.get("a") == b"x"


def test_the_documented_grant_uses_the_key_and_does_not_administer_it(
    make: Callable[..., Store], key_holders: KeyHolders
) -> None:
    store, wandb = make(), key_holders.wandb.kms
    secret = wandb.encrypt(KeyId=store.key, Plaintext=b"x")["CiphertextBlob"]
    assert wandb.decrypt(CiphertextBlob=secret)["Plaintext"] == b"x"
    assert wandb.describe_key(KeyId=store.key)["KeyMetadata"]["Arn"] == store.key
    policy = key_inputs(store.key_args)["policy"]
    for call, given in (
        (wandb.disable_key, {}),
        (wandb.schedule_key_deletion, {"PendingWindowInDays": 7}),
        (wandb.put_key_policy, {"PolicyName": "default", "Policy": policy}),
        (wandb.get_key_policy, {"PolicyName": "default"}),
        (wandb.create_grant, {"GranteePrincipal": key_holders.wandb.arn, "Operations": ["Decrypt"]}),
    ):
        assert _denied(call, KeyId=store.key, **given), call
    assert store.s3.put_object(Bucket=store.bucket, Key="a", Body=b"x")["SSEKMSKeyId"] == store.key


def test_the_minimal_grant_admits_no_use_beside_s3(make: Callable[..., Store], key_holders: KeyHolders) -> None:
    # `kms:ViaService` names S3; neither server sets it, so here every use is one beside S3. That S3's own use passes is not shown.
    store, wandb = make(), key_holders.wandb.kms
    store.put("a", b"x")
    _change_policy(store, key_holders, access=Access.MINIMAL)
    assert store.refuses(store.get, "a")
    assert _denied(wandb.encrypt, KeyId=store.key, Plaintext=b"x")
    assert wandb.describe_key(KeyId=store.key)["KeyMetadata"]["Arn"] == store.key
    _change_policy(store, key_holders)
    assert store.get("a") == b"x"


def test_the_guard_keeps_the_key_from_everybody_but_the_named(
    make: Callable[..., Store], key_holders: KeyHolders
) -> None:
    store = make(kms_key_guard=[key_holders.break_glass.arn])
    store.put("a", b"x")
    administrator, glass = key_holders.administrator.kms, key_holders.break_glass.kms
    unguarded = key_inputs({"principals": [key_holders.wandb.arn]})["policy"]
    assert _denied(administrator.disable_key, KeyId=store.key)
    assert _denied(administrator.schedule_key_deletion, KeyId=store.key, PendingWindowInDays=7)
    assert _denied(administrator.put_key_policy, KeyId=store.key, PolicyName="default", Policy=unguarded)
    assert store.get("a") == b"x"
    assert administrator.get_key_rotation_status(KeyId=store.key)["KeyRotationEnabled"] is False  # other calls are free
    glass.disable_key(KeyId=store.key)
    assert store.refuses(store.get, "a")
    glass.enable_key(KeyId=store.key)
    glass.put_key_policy(KeyId=store.key, PolicyName="default", Policy=unguarded)
    administrator.disable_key(KeyId=store.key)
    assert store.refuses(store.get, "a")


def _denied(call: Callable[..., object], **given: Any) -> bool:
    with pytest.raises(ClientError) as refused:
        call(**given)
    return bool(refused.value.response["Error"]["Code"] == "AccessDeniedException")
