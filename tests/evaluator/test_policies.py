"""Who may do what: the policies as written down, judged by an IAM evaluator that is not ours.

`allow` and `deny` are said by a statement; `no` says that nothing allows it. The verdicts are those of AWS' own rules:
across accounts both sides must allow, a key's policy must allow even its own account, and a deny wins.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.evaluator.request import BY_S3, Request, judge

SSE_C = {"s3:x-amz-server-side-encryption-customer-algorithm": "AES256"}
TLS_11 = {"s3:tlsversion": "1.1"}
TLS_12 = {"s3:tlsversion": "1.2"}
BY_S3_ELSEWHERE = {"kms:viaservice": "s3.us-east-1.amazonaws.com"}
BY_EBS = {"kms:viaservice": "ec2.eu-west-1.amazonaws.com"}


def r(policy: str, who: str, action: str, resource: str = "", **more: Any) -> Request:
    return Request(policy, who, action, resource, **more)


DOCUMENTED = "bucket-documented"
PATHS = "bucket-minimal-paths"
# ------------------------------------------------------------------------------------------ the bucket, documented
BUCKET: list[tuple[Request, str]] = [
    (r(DOCUMENTED, "W&B", "s3:GetObject", "run/1"), "allow"),
    (r(DOCUMENTED, "W&B", "s3:GetObjectVersion", "run/1"), "allow"),
    (r(DOCUMENTED, "W&B", "s3:GetObjectAcl", "run/1"), "allow"),  # by the star of W&B's page
    (r(DOCUMENTED, "W&B", "s3:PutObject", "run/1"), "allow"),
    (r(DOCUMENTED, "W&B", "s3:DeleteObject", "run/1"), "allow"),
    (r(DOCUMENTED, "W&B", "s3:AbortMultipartUpload", "run/1"), "allow"),
    (r(DOCUMENTED, "W&B", "s3:ListBucket"), "allow"),
    (r(DOCUMENTED, "W&B", "s3:ListBucketVersions"), "allow"),
    (r(DOCUMENTED, "W&B", "s3:ListBucketMultipartUploads"), "allow"),
    (r(DOCUMENTED, "W&B", "s3:GetBucketCORS"), "allow"),
    (r(DOCUMENTED, "W&B", "s3:GetBucketLocation"), "allow"),
    (r(DOCUMENTED, "W&B", "s3:GetBucketVersioning"), "allow"),
    (r(DOCUMENTED, "W&B", "s3:GetEncryptionConfiguration"), "allow"),
    (r(DOCUMENTED, "W&B", "s3:DeleteObjectVersion", "run/1"), "no"),
    (r(DOCUMENTED, "W&B", "s3:PutObjectAcl", "run/1"), "no"),
    (r(DOCUMENTED, "W&B", "s3:PutBucketPolicy"), "no"),
    (r(DOCUMENTED, "W&B", "s3:PutBucketCORS"), "no"),
    (r(DOCUMENTED, "W&B", "s3:PutBucketVersioning"), "no"),
    (r(DOCUMENTED, "W&B", "s3:DeleteBucket"), "no"),
    (r(DOCUMENTED, "W&B", "s3:GetBucketPolicy"), "no"),
    # who else
    (r(DOCUMENTED, "W&B, another instance", "s3:GetObject", "run/1"), "no"),
    (r(DOCUMENTED, "W&B, another instance", "s3:ListBucket"), "no"),
    (r(DOCUMENTED, "W&B, root", "s3:GetObject", "run/1"), "no"),
    (r(DOCUMENTED, "stranger", "s3:GetObject", "run/1"), "no"),
    (r(DOCUMENTED, "stranger", "s3:ListBucket"), "no"),
    (r(DOCUMENTED, "stranger", "s3:PutObject", "run/1"), "no"),
    (r(DOCUMENTED, "owner's developer", "s3:GetObject", "run/1"), "no"),
    (r(DOCUMENTED, "owner's admin", "s3:GetObject", "run/1"), "allow"),
    (r(DOCUMENTED, "owner's admin", "s3:DeleteObjectVersion", "run/1"), "allow"),
    # an account's root as the principal lets all of that account's roles in: what the warning is about
    (r("bucket-documented-account-root", "W&B", "s3:GetObject", "run/1"), "allow"),
    (r("bucket-documented-account-root", "W&B, another instance", "s3:GetObject", "run/1"), "allow"),
    (r("bucket-documented-account-root", "stranger", "s3:GetObject", "run/1"), "no"),
    # several principals, and nobody
    (r("bucket-documented-two-principals", "W&B", "s3:PutObject", "run/1"), "allow"),
    (r("bucket-documented-two-principals", "W&B, second", "s3:PutObject", "run/1"), "allow"),
    (r("bucket-documented-two-principals", "W&B, another instance", "s3:PutObject", "run/1"), "no"),
    (r("bucket-nobody", "W&B", "s3:GetObject", "run/1"), "no"),
    (r("bucket-nobody", "W&B", "s3:ListBucket"), "no"),
    (r("bucket-gov", "W&B in GovCloud", "s3:GetObject", "run/1"), "allow"),
    (r("bucket-gov", "W&B", "s3:GetObject", "run/1"), "no"),
]
# ------------------------------------------------------------------------------------------ transport and SSE-C
TRANSPORT: list[tuple[Request, str]] = [
    (request, verdict)
    for policy in (DOCUMENTED, PATHS)
    for request, verdict in [
        (r(policy, "W&B", "s3:GetObject", "vision/1", secure=False), "deny"),
        (r(policy, "W&B", "s3:ListBucket", secure=False), "deny"),
        (r(policy, "owner's admin", "s3:GetObject", "vision/1", secure=False), "deny"),
        (r(policy, "owner's root", "s3:PutBucketPolicy", secure=False), "deny"),
        (r(policy, "W&B", "s3:GetObject", "vision/1", context=TLS_11), "deny"),
        (r(policy, "W&B", "s3:ListBucket", context=TLS_11), "deny"),
        (r(policy, "owner's admin", "s3:PutObject", "vision/1", context=TLS_11), "deny"),
        (r(policy, "W&B", "s3:GetObject", "vision/1", context=TLS_12), "allow"),
        (r(policy, "W&B", "s3:PutObject", "vision/1", context=SSE_C), "deny"),
        (r(policy, "owner's admin", "s3:PutObject", "vision/1", context=SSE_C), "deny"),
    ]
]
# ------------------------------------------------------------------------------------------ the bucket, minimal
MINIMAL: list[tuple[Request, str]] = [
    (r(PATHS, "W&B", "s3:GetObject", "vision/run/1"), "allow"),
    (r(PATHS, "W&B", "s3:PutObject", "research/nlp/run/1"), "allow"),
    (r(PATHS, "W&B", "s3:DeleteObject", "vision/run/1"), "allow"),
    (r(PATHS, "W&B", "s3:AbortMultipartUpload", "vision/run/1"), "allow"),
    (r(PATHS, "W&B", "s3:GetObjectVersion", "vision/run/1"), "allow"),
    (r(PATHS, "W&B", "s3:GetObjectAttributes", "vision/run/1"), "allow"),
    (r(PATHS, "W&B", "s3:ListBucket"), "allow"),
    (r(PATHS, "W&B", "s3:GetBucketCORS"), "allow"),
    (r(PATHS, "W&B", "s3:GetObject", "other/run/1"), "no"),
    (r(PATHS, "W&B", "s3:GetObject", "vision2/run/1"), "no"),
    (r(PATHS, "W&B", "s3:GetObject", "vision"), "no"),
    (r(PATHS, "W&B", "s3:PutObject", "research/cv/run/1"), "no"),
    (r(PATHS, "W&B", "s3:PutObject", "run/1"), "no"),
    (r(PATHS, "W&B", "s3:DeleteObject", "other/run/1"), "no"),
    (r(PATHS, "W&B", "s3:DeleteObjectVersion", "vision/run/1"), "no"),
    (r(PATHS, "W&B", "s3:GetObjectAcl", "vision/run/1"), "no"),
    (r(PATHS, "W&B", "s3:GetObjectTagging", "vision/run/1"), "no"),
    (r(PATHS, "W&B, another instance", "s3:GetObject", "vision/run/1"), "no"),
    (r(PATHS, "stranger", "s3:GetObject", "vision/run/1"), "no"),
    (r("bucket-minimal", "W&B", "s3:GetObject", "any/thing"), "allow"),
    (r("bucket-minimal", "W&B", "s3:GetObjectRetention", "any/thing"), "no"),
]
# ------------------------------------------------------------------------------------------ the key
KEYS: list[tuple[Request, str]] = [
    *(
        (r("key-documented", "W&B", f"kms:{action}"), "allow")
        for action in (
            "Decrypt",
            "DescribeKey",
            "Encrypt",
            "ReEncryptFrom",
            "ReEncryptTo",
            "GenerateDataKey",
            "GenerateDataKeyWithoutPlaintext",
        )
    ),
    *(
        (r("key-documented", "W&B", f"kms:{action}"), "no")
        for action in (
            "CreateGrant",
            "PutKeyPolicy",
            "DisableKey",
            "ScheduleKeyDeletion",
            "GetKeyPolicy",
            "TagResource",
        )
    ),
    (r("key-documented", "W&B, another instance", "kms:Decrypt"), "no"),
    (r("key-documented", "stranger", "kms:Decrypt"), "no"),
    (r("key-documented", "stranger", "kms:DescribeKey"), "no"),
    (r("key-nobody", "W&B", "kms:Decrypt"), "no"),
    # the account administers, by its own IAM
    (r("key-documented", "owner's root", "kms:PutKeyPolicy"), "allow"),
    (r("key-documented", "owner's admin", "kms:ScheduleKeyDeletion"), "allow"),
    (r("key-documented", "owner's admin", "kms:Decrypt"), "allow"),
    (r("key-documented", "owner's developer", "kms:Decrypt"), "no"),
    (r("key-documented", "owner's developer", "kms:PutKeyPolicy"), "no"),
    # minimal: through S3 only, in the key's region
    (r("key-minimal-region", "W&B", "kms:Decrypt", context=BY_S3), "allow"),
    (r("key-minimal-region", "W&B", "kms:GenerateDataKey", context=BY_S3), "allow"),
    (r("key-minimal-region", "W&B", "kms:Decrypt"), "no"),
    (r("key-minimal-region", "W&B", "kms:Encrypt"), "no"),
    (r("key-minimal-region", "W&B", "kms:Decrypt", context=BY_S3_ELSEWHERE), "no"),
    (r("key-minimal-region", "W&B", "kms:Decrypt", context=BY_EBS), "no"),
    (r("key-minimal-region", "W&B", "kms:DescribeKey"), "allow"),
    (r("key-minimal-region", "W&B", "kms:GenerateDataKeyPair", context=BY_S3), "no"),
    (r("key-minimal-region", "W&B, another instance", "kms:Decrypt", context=BY_S3), "no"),
    (r("key-minimal", "W&B", "kms:Decrypt", context=BY_S3), "allow"),
    (r("key-minimal", "W&B", "kms:Decrypt", context=BY_EBS), "no"),
    (r("key-minimal", "W&B", "kms:Decrypt"), "no"),
    # further administrators and users
    (r("key-everything", "key admin", "kms:EnableKeyRotation"), "allow"),
    (r("key-everything", "key admin", "kms:Decrypt"), "no"),
    (r("key-everything", "key admin", "kms:GenerateDataKey"), "no"),
    (r("key-everything", "key user", "kms:Decrypt"), "allow"),
    (r("key-everything", "key user", "kms:PutKeyPolicy"), "deny"),
    (r("key-everything", "W&B, second", "kms:Decrypt", context=BY_S3), "allow"),
    # the guard holds against everybody but the break-glass role
    *(
        (r("key-everything", who, f"kms:{action}"), "deny")
        for who in ("owner's root", "owner's admin", "key admin")
        for action in ("DisableKey", "ScheduleKeyDeletion", "DeleteImportedKeyMaterial", "PutKeyPolicy")
    ),
    (r("key-everything", "W&B", "kms:PutKeyPolicy"), "deny"),
    (r("key-everything", "break glass", "kms:PutKeyPolicy"), "allow"),
    (r("key-everything", "break glass", "kms:ScheduleKeyDeletion"), "allow"),
    (r("key-everything", "break glass", "kms:DisableKey"), "allow"),
    (r("key-everything", "owner's admin", "kms:CancelKeyDeletion"), "allow"),
    (r("key-everything", "owner's admin", "kms:EnableKey"), "allow"),
    (r("key-guard", "key admin", "kms:ScheduleKeyDeletion"), "no"),  # a break-glass role still needs rights of its own
]
# ------------------------------------------------------------------------------------------ the credential
CREDENTIAL: list[tuple[Request, str]] = [
    (r("bucket-nobody", "credential", "s3:GetObject", "run/1"), "allow"),
    (r("bucket-nobody", "credential", "s3:PutObject", "run/1"), "allow"),
    (r("bucket-nobody", "credential", "s3:ListBucket"), "allow"),
    (r("bucket-nobody", "credential", "s3:DeleteObjectVersion", "run/1"), "no"),
    (r("bucket-nobody", "credential", "s3:PutBucketPolicy"), "no"),
    (r("bucket-nobody", "credential", "s3:GetObject", "run/1", secure=False), "deny"),
    (r("bucket-nobody", "credential", "s3:PutObject", "run/1", context=SSE_C), "deny"),
    (r("bucket-nobody", "minimal credential", "s3:GetObject", "vision/run/1"), "allow"),
    (r("bucket-nobody", "minimal credential", "s3:GetObject", "nlp/run/1"), "no"),
    (r("key-nobody", "credential", "kms:Decrypt"), "allow"),
    (r("key-nobody", "credential", "kms:ScheduleKeyDeletion"), "no"),
    (r("key-nobody", "credential", "kms:CreateGrant"), "no"),
    (r("key-nobody", "minimal credential", "kms:Decrypt", context=BY_S3), "allow"),
    (r("key-nobody", "minimal credential", "kms:Decrypt"), "no"),
]
TABLES = {
    "bucket": BUCKET,
    "transport": TRANSPORT,
    "minimal": MINIMAL,
    "key": KEYS,
    "credential": CREDENTIAL,
}
# ------------------------------------------------------------------------------------------ mutants
# a request, the statement that decides it, the verdict with it and without it
MUTANTS: list[tuple[Request, str, str, str]] = [
    (r(DOCUMENTED, "W&B", "s3:GetObject", "run/1"), "WAndBAccountAccess", "allow", "no"),
    (r(DOCUMENTED, "W&B", "s3:GetObject", "run/1", secure=False), "DenyInsecureTransport", "deny", "allow"),
    (r(DOCUMENTED, "W&B", "s3:GetObject", "run/1", context=TLS_11), "DenyOldTls", "deny", "allow"),
    (r(DOCUMENTED, "W&B", "s3:PutObject", "run/1", context=SSE_C), "DenyCustomerProvidedKeys", "deny", "allow"),
    (r(PATHS, "W&B", "s3:GetObject", "vision/1"), "WAndBObjectAccess", "allow", "no"),
    (r(PATHS, "W&B", "s3:ListBucket"), "WAndBAccountAccess", "allow", "no"),
    (r("key-everything", "owner's root", "kms:PutKeyPolicy"), "KeyGuard", "deny", "allow"),
    (r("key-everything", "owner's admin", "kms:EnableKey"), "AccountAdministration", "allow", "no"),
    (r("key-everything", "key admin", "kms:EnableKeyRotation"), "KeyAdministration", "allow", "no"),
    (r("key-everything", "key user", "kms:Decrypt"), "KeyUse", "allow", "no"),
    (r("key-everything", "W&B", "kms:Decrypt", context=BY_S3), "WAndBKeyUse", "allow", "no"),
    (r("key-everything", "W&B", "kms:DescribeKey"), "WAndBKeyDescribe", "allow", "no"),
]


@pytest.mark.parametrize("table", TABLES)
def test_the_verdicts_are_those_written_down(table: str, evaluator: Path) -> None:
    requests = [request for request, _ in TABLES[table]]
    found = judge(evaluator, requests)
    wrong = [
        f"{request.policy}: {request.who} {request.action} {request.resource} {request.context} "
        f"{'' if request.secure else '(plain HTTP) '}-> {verdict}, not {wanted}"
        for (request, wanted), verdict in zip(TABLES[table], found, strict=True)
        if verdict != wanted
    ]
    assert wrong == []


def test_each_statement_decides_something(evaluator: Path) -> None:
    whole = judge(evaluator, [request for request, *_ in MUTANTS])
    broken = judge(evaluator, [request.without(sid) for request, sid, *_ in MUTANTS])
    assert list(zip(whole, broken, strict=True)) == [(with_it, without) for *_, with_it, without in MUTANTS]


def test_no_request_is_asked_twice_and_there_are_enough() -> None:
    asked = [str(request.as_asked()) for table in TABLES.values() for request, _ in table]
    assert len(set(asked)) == len(asked) >= 60
