"""V02, V03, V04 and V06, judged from plain data, and the encryption headers of V11."""

import datetime

import pytest

from byob_components.verify import State
from byob_components.verify.result import HopelessError, Record
from byob_components.verify.s3.encryption import judge_encryption, judge_key, same_key
from byob_components.verify.s3.presigned import judge_headers
from byob_components.verify.s3.settings import judge_location, judge_public_access, judge_versioning
from byob_components.verify.web import Answer
from byob_components.wandb.deployment import Cloud

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd"
OTHER = "arn:aws:kms:eu-west-1:999988887777:key/1234abcd"
ON = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}


@pytest.mark.parametrize(
    ("found", "declared", "cloud"),
    [
        ("eu-west-1", "eu-west-1", Cloud.AWS),
        (None, "us-east-1", Cloud.AWS),
        ("", "us-east-1", Cloud.AWS),
        ("EU", "eu-west-1", Cloud.AWS),
        (None, "default", Cloud.S3_COMPATIBLE),
        ("default", "us-east-1", Cloud.S3_COMPATIBLE),
        ("local", "local", Cloud.S3_COMPATIBLE),
    ],
)
def test_a_bucket_where_it_was_declared(found: str | None, declared: str, cloud: Cloud) -> None:
    record = Record()
    judge_location(record, found, declared, cloud)
    assert (record.state, len(record.evidence)) == (State.PASS, 1)


@pytest.mark.parametrize(
    ("found", "declared", "cloud"),
    [
        ("eu-central-1", "eu-west-1", Cloud.AWS),
        (None, "eu-west-1", Cloud.AWS),
    ],
)
def test_a_bucket_elsewhere_ends_the_verification(found: str | None, declared: str, cloud: Cloud) -> None:
    with pytest.raises(HopelessError, match=f"declared {declared}"):
        judge_location(Record(), found, declared, cloud)


@pytest.mark.parametrize(
    ("bucket", "account", "state", "said"),
    [
        (ON, {}, State.PASS, "on: BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets"),
        ({}, {}, State.FAIL, "off: BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets"),
        (ON | {"BlockPublicPolicy": False}, {}, State.FAIL, "off: BlockPublicPolicy"),
        ({}, ON, State.WARN, "held by the account's settings only, off on the bucket: BlockPublicAcls, IgnorePublicAcls, "
                             "BlockPublicPolicy, RestrictPublicBuckets"),
        (ON | {"BlockPublicPolicy": False}, ON | {"BlockPublicPolicy": False}, State.FAIL, "off: BlockPublicPolicy"),
        (ON | {"BlockPublicPolicy": False}, ON, State.WARN, "held by the account's settings only, off on the bucket: BlockPublicPolicy"),
    ],
)  # fmt: skip
def test_public_access(bucket: dict[str, bool], account: dict[str, bool], state: State, said: str) -> None:
    record = Record()
    judge_public_access(record, bucket, account)
    assert (record.state, record.evidence) == (state, [said])


@pytest.mark.parametrize(
    ("answer", "state", "said"),
    [
        ({"Status": "Enabled"}, State.PASS, ["versioning is enabled"]),
        ({"Status": "Enabled", "MFADelete": "Disabled"}, State.PASS, ["versioning is enabled"]),
        ({"Status": "Suspended"}, State.FAIL, ["versioning is suspended"]),
        ({}, State.FAIL, ["versioning is not set"]),
        (
            {"Status": "Enabled", "MFADelete": "Enabled"},
            State.WARN,
            ["versioning is enabled", "MFA delete is on: nobody removes a version without a code, and lifecycle rules cannot be set"],
        ),
    ],
)  # fmt: skip
def test_versioning(answer: dict[str, str], state: State, said: list[str]) -> None:
    record = Record()
    judge_versioning(record, answer)
    assert (record.state, record.evidence) == (state, said)


def default(**values: str) -> list[dict[str, object]]:
    return [{"ApplyServerSideEncryptionByDefault": values, "BucketKeyEnabled": True}]


@pytest.mark.parametrize(
    ("rules", "algorithm", "key", "state", "said"),
    [
        (default(SSEAlgorithm="aws:kms", KMSMasterKeyID=KEY), "aws:kms", KEY, State.PASS, f"default encryption aws:kms with {KEY}"),
        (default(SSEAlgorithm="aws:kms", KMSMasterKeyID="1234abcd"), "aws:kms", KEY, State.PASS, f"default encryption aws:kms with {KEY}"),
        (default(SSEAlgorithm="AES256"), "AES256", "", State.PASS, "default encryption AES256"),
        (default(SSEAlgorithm="aws:kms", KMSMasterKeyID=OTHER), "aws:kms", KEY, State.FAIL, f"default key {OTHER}, declared {KEY}"),
        (default(SSEAlgorithm="aws:kms"), "aws:kms", KEY, State.FAIL,
         f"default key aws/s3, a key that no other account can use, declared {KEY}"),
        (default(SSEAlgorithm="AES256"), "aws:kms", KEY, State.FAIL, "default encryption AES256, declared aws:kms"),
        (default(SSEAlgorithm="aws:kms:dsse", KMSMasterKeyID=KEY), "aws:kms", KEY, State.FAIL,
         "default encryption aws:kms:dsse, declared aws:kms"),
        (default(SSEAlgorithm="aws:kms", KMSMasterKeyID=KEY), "AES256", "", State.FAIL, "default encryption aws:kms, declared AES256"),
        ([], "AES256", "", State.FAIL, "default encryption not set, declared AES256"),
        ([{"BucketKeyEnabled": True}], "AES256", "", State.FAIL, "default encryption not set, declared AES256"),
    ],
)  # fmt: skip
def test_encryption(rules: list[dict[str, object]], algorithm: str, key: str, state: State, said: str) -> None:
    record = Record()
    judge_encryption(record, rules, algorithm, key)
    assert (record.state, record.evidence) == (state, [said])


@pytest.mark.parametrize(
    ("key", "state", "said"),
    [
        ({"KeyState": "Enabled", "Enabled": True, "KeyUsage": "ENCRYPT_DECRYPT"}, State.PASS,
         ["the key is enabled, ENCRYPT_DECRYPT, not pending deletion"]),
        ({"KeyState": "Disabled", "Enabled": False, "KeyUsage": "ENCRYPT_DECRYPT"}, State.FAIL,
         ["the key is Disabled: nothing can be read or written"]),
        ({"KeyState": "PendingImport", "Enabled": False, "KeyUsage": "ENCRYPT_DECRYPT"}, State.FAIL,
         ["the key is PendingImport: nothing can be read or written"]),
        ({"KeyState": "PendingDeletion", "Enabled": False, "KeyUsage": "ENCRYPT_DECRYPT",
          "DeletionDate": datetime.datetime(2026, 12, 24, tzinfo=datetime.UTC)}, State.FAIL,
         ["the key is pending deletion, deleted on 2026-12-24: every object is lost with it"]),
        ({"KeyState": "Enabled", "Enabled": True, "KeyUsage": "SIGN_VERIFY"}, State.FAIL,
         ["the key's usage is SIGN_VERIFY, S3 needs ENCRYPT_DECRYPT"]),
        ({}, State.FAIL, ["the key is not enabled: nothing can be read or written", "the key's usage is None, S3 needs ENCRYPT_DECRYPT"]),
    ],
)  # fmt: skip
def test_the_state_of_a_key(key: dict[str, object], state: State, said: list[str]) -> None:
    record = Record()
    judge_key(record, key)
    assert (record.state, record.evidence) == (state, said)


@pytest.mark.parametrize(
    ("found", "declared", "same"),
    [
        (KEY, KEY, True),
        ("1234abcd", KEY, True),
        (KEY, "1234abcd", True),
        (KEY, OTHER, False),
        ("", KEY, False),
        (KEY, "", False),
        ("34abcd", KEY, False),
    ],
)
def test_when_two_names_mean_one_key(found: str, declared: str, same: bool) -> None:
    assert same_key(found, declared) is same


@pytest.mark.parametrize(
    ("algorithm", "key", "declared", "state"),
    [
        ("aws:kms", KEY, ("aws:kms", KEY), State.PASS),
        ("AES256", "", ("AES256", ""), State.PASS),
        ("", "", ("", ""), State.PASS),
        ("aws:kms", OTHER, ("aws:kms", KEY), State.FAIL),
        ("aws:kms", "", ("aws:kms", KEY), State.FAIL),
        ("AES256", "", ("aws:kms", KEY), State.FAIL),
        ("", "", ("AES256", ""), State.FAIL),
    ],
)
def test_what_an_object_says_of_its_encryption(
    algorithm: str, key: str, declared: tuple[str, str], state: State
) -> None:
    names = {"x-amz-server-side-encryption": algorithm, "x-amz-server-side-encryption-aws-kms-key-id": key}
    record = Record()
    judge_headers(record, Answer(200, {name: value for name, value in names.items() if value}), *declared)
    assert record.state is state
