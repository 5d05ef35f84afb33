"""A good bucket is green; a bucket that is broken in one place fails in exactly the checks that look there."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from byob_components.verify import State, verify_s3
from sandbox.clouds.aws.accounts import client
from tests.verify.s3.buckets import BLOCKED, OTHER_ROLE, STRANGER, Bucket, MakeBucket

pytestmark = pytest.mark.server

NOBODY_ELSE = {"V19", f"V19:{STRANGER}", f"V19:{OTHER_ROLE}"}
WITHOUT_BROWSER = {"V16:browser", "V17:browser"}
ALL = {f"V{number:02}" for number in (*range(2, 20), 21, 22, 27)} | {f"V19:{STRANGER}", f"V19:{OTHER_ROLE}"}


@pytest.mark.parametrize(
    ("minimal", "encryption", "skipped"),
    [
        (False, "aws:kms", {"V17", "V22"}),
        (False, "AES256", {"V17", "V22"}),
        (True, "aws:kms", set()),
    ],
)
def test_a_good_bucket_is_green(make_bucket: MakeBucket, minimal: bool, encryption: str, skipped: set[str]) -> None:
    bucket = make_bucket(minimal=minimal, encryption=encryption)
    report = verify_s3(bucket.store, bucket.cast)
    assert set(report.ids(State.SKIP)) == skipped | WITHOUT_BROWSER
    assert set(report.ids(State.PASS)) == ALL - skipped
    assert report.ok
    assert bucket.contents() == []


def test_the_root_of_a_bucket_can_be_the_path(make_bucket: MakeBucket) -> None:
    bucket = make_bucket()
    report = verify_s3(replace(bucket.store, path="/"), bucket.cast)
    assert (report.ok, report.ids(State.WARN), bucket.contents()) == (True, [], [])


def _policy_without(action: str) -> Callable[[Bucket], None]:
    return lambda bucket: bucket.policy(bucket.tls(), *bucket.grant(without=action))


def _objects(pattern: str) -> Callable[[Bucket], None]:
    return lambda bucket: bucket.policy(bucket.tls(), *bucket.grant(objects=pattern))


def _declare(**changes: object) -> Callable[[Bucket], None]:
    def change(bucket: Bucket) -> None:
        bucket.store = replace(bucket.store, **changes)

    return change


def _open_to_everybody(bucket: Bucket) -> None:
    bucket.public_access(**dict.fromkeys(BLOCKED, False))
    bucket.policy(bucket.tls(), *bucket.grant(), *bucket.grant(who="*"))


def _open_to_the_stranger(bucket: Bucket) -> None:
    bucket.policy(bucket.tls(), *bucket.grant(), *bucket.grant(who={"AWS": "arn:aws:iam::444455556666:root"}))


def _listing_for_the_stranger(bucket: Bucket) -> None:
    who = {"AWS": "arn:aws:iam::444455556666:root"}
    listing = {"Sid": "List", "Effect": "Allow", "Principal": who, "Action": "s3:ListBucket", "Resource": bucket.arn}
    bucket.policy(bucket.tls(), *bucket.grant(), listing)


def _granted_to_the_whole_account(bucket: Bucket) -> None:
    bucket.policy(bucket.tls(), *bucket.grant(who={"AWS": "arn:aws:iam::830241207209:root"}))


def _no_tls_deny(bucket: Bucket) -> None:
    bucket.policy(*bucket.grant())


def _tls_deny_for_reads_of_the_bucket_only(bucket: Bucket) -> None:
    bucket.policy({**bucket.tls(), "Resource": bucket.arn}, *bucket.grant())


def _revoked(bucket: Bucket) -> None:
    bucket.policy(bucket.tls())


def _another_key(bucket: Bucket) -> None:
    bucket.encryption("aws:kms", bucket.kms.create_key()["KeyMetadata"]["Arn"])


def _owner_cannot_delete_versions(bucket: Bucket) -> None:
    """An owner who is kept from versions, as by an organization's guard rails."""
    iam = client(bucket.server, "iam", bucket.accounts.deployer)
    name = f"no-versions-{bucket.name}"
    arn = iam.create_user(UserName=name)["User"]["Arn"]
    document = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "s3:DeleteObjectVersion", "Resource": "*"}]}  # fmt: skip
    iam.put_user_policy(UserName=name, PolicyName="guarded", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    owner = replace(bucket.cast.owner, name=arn, access_key=key["AccessKeyId"], secret_key=key["SecretAccessKey"])
    bucket.cast = replace(bucket.cast, owner=owner)


MUTANTS: dict[str, tuple[Callable[[Bucket], object], set[str]]] = {
    # CORS: the configuration (V05) and the server's answers (V16) are two witnesses of one thing.
    "CORS without PUT": (lambda b: b.cors(AllowedMethods=["GET", "HEAD"]), {"V05", "V16"}),
    "CORS without HEAD": (lambda b: b.cors(AllowedMethods=["GET", "PUT"]), {"V05", "V16"}),
    "CORS without GET": (lambda b: b.cors(AllowedMethods=["HEAD", "PUT"]), {"V05", "V16"}),
    "CORS hides the ETag": (lambda b: b.cors(ExposeHeaders=["x-amz-request-id"]), {"V05", "V16"}),
    "CORS for another page": (lambda b: b.cors(AllowedOrigins=["https://intranet.example.com"]), {"V05", "V16"}),
    "CORS without Content-MD5": (lambda b: b.cors(AllowedHeaders=["content-type"]), {"V05", "V16"}),
    "no CORS": (lambda b: b.s3.delete_bucket_cors(Bucket=b.name), {"V05", "V16"}),
    # Versions
    "versioning suspended": (lambda b: b.versioning("Suspended"), {"V06", "V14"}),
    # Public access
    "public access block off": (lambda b: b.public_access(**dict.fromkeys(BLOCKED, False)), {"V03"}),
    "one public setting off": (lambda b: b.public_access(RestrictPublicBuckets=False), {"V03"}),
    "no public access block": (lambda b: b.s3.delete_public_access_block(Bucket=b.name), {"V03"}),
    "policy open to everybody": (_open_to_everybody, {"V03", *NOBODY_ELSE}),
    "policy open to another account": (_open_to_the_stranger, {f"V19:{STRANGER}"}),
    "another account may list": (_listing_for_the_stranger, {f"V19:{STRANGER}"}),
    "granted to W&B's whole account": (_granted_to_the_whole_account, {f"V19:{OTHER_ROLE}"}),
    # Transport
    "no TLS deny": (_no_tls_deny, {"V18"}),
    "TLS deny without the objects": (_tls_deny_for_reads_of_the_bucket_only, {"V18"}),
    # Lifecycle
    "current objects expire": (
        lambda b: b.lifecycle({"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "vision/"}, "Expiration": {"Days": 90}}),
        {"V07"},
    ),
    "current objects are archived": (
        lambda b: b.lifecycle(
            {"ID": "cold", "Status": "Enabled", "Filter": {}, "Transitions": [{"Days": 90, "StorageClass": "GLACIER"}]}
        ),
        {"V07"},
    ),
    "old versions expire too soon": (lambda b: b.lifecycle(noncurrent=1), {"V07"}),
    "uploads are dropped too soon": (lambda b: b.lifecycle(abort=1), {"V07"}),
    "no lifecycle": (lambda b: b.s3.delete_bucket_lifecycle(Bucket=b.name), {"V07"}),
    # Encryption
    "another key": (_another_key, {"V04", "V11"}),
    "the provider's key": (lambda b: b.encryption("AES256"), {"V04", "V11"}),
    "key disabled": (lambda b: b.kms.disable_key(KeyId=b.key), {"V04"}),
    "key pending deletion": (lambda b: b.kms.schedule_key_deletion(KeyId=b.key, PendingWindowInDays=7), {"V04"}),
    # W&B's rights, one missing at a time
    "W&B may not put": (_policy_without("s3:PutObject"), {"V10", "V12"}),
    "W&B may not get": (_policy_without("s3:GetObject"), {"V11", "V12"}),
    "W&B may not get versions": (_policy_without("s3:GetObjectVersion"), {"V14"}),
    "W&B may not delete": (_policy_without("s3:DeleteObject"), {"V15"}),
    "W&B may not abort": (_policy_without("s3:AbortMultipartUpload"), {"V13"}),
    "W&B may not list": (_policy_without("s3:ListBucket"), {"V08"}),
    "W&B may not list versions": (_policy_without("s3:ListBucketVersions"), {"V09"}),
    "W&B may not list uploads": (_policy_without("s3:ListBucketMultipartUploads"), {"V09"}),
    "W&B may not see the place": (_policy_without("s3:GetBucketLocation"), {"V02"}),
    "W&B may not see CORS": (_policy_without("s3:GetBucketCORS"), {"V05"}),
    "W&B may not see versioning": (_policy_without("s3:GetBucketVersioning"), {"V06"}),
    "W&B may not see encryption": (_policy_without("s3:GetEncryptionConfiguration"), {"V04"}),
    "W&B has another path": (_objects("robotics/*"), {"V10", "V11", "V12", "V13", "V14", "V15"}),
    "the grant is revoked": (_revoked, {"V02", "V04", "V05", "V06", *(f"V{n:02}" for n in range(8, 16))}),
    # What was declared
    "another region was declared": (_declare(region="eu-central-1"), {"V02"}),
    "other days were declared": (_declare(noncurrent_days=60), {"V07"}),
    # The clean-up
    "the owner cannot remove versions": (_owner_cannot_delete_versions, {"V27"}),
}  # fmt: skip
MINIMAL_MUTANTS: dict[str, tuple[Callable[[Bucket], object], set[str]]] = {
    "CORS for everybody": (lambda b: b.cors(AllowedOrigins=["*"]), {"V17"}),
    "objects of the whole bucket": (_objects("*"), {"V22"}),
    "objects of folders that begin alike": (_objects("vision*"), {"V22"}),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_what_is_broken_fails_and_nothing_else(make_bucket: MakeBucket, name: str) -> None:
    change, expected = MUTANTS[name]
    bucket = make_bucket()
    change(bucket)
    report = verify_s3(bucket.store, bucket.cast)
    assert (set(report.ids(State.FAIL)), report.ok) == (expected, False), report.to_text()
    assert not report.troubles, report.to_text()
    assert all(result.fix and result.evidence for result in report.results if result.state is State.FAIL)
    assert bucket.contents() == [] or "V27" in expected


@pytest.mark.parametrize("name", MINIMAL_MUTANTS)
def test_what_is_too_wide_under_minimal_fails(make_bucket: MakeBucket, name: str) -> None:
    change, expected = MINIMAL_MUTANTS[name]
    bucket = make_bucket(minimal=True)
    change(bucket)
    report = verify_s3(bucket.store, bucket.cast)
    assert set(report.ids(State.FAIL)) == expected, report.to_text()
    assert bucket.contents() == []
