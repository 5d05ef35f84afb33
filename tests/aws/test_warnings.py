"""What is warned of: once, in the preview, and always in the hand-off; and what silences it."""

from typing import Any

import pytest

from byob_components.aws import AwsByob, AwsGrant
from byob_components.aws.policy import denies_wandb
from tests.mocks.aws import AwsMocks, record
from tests.mocks.monitor import run

STORE: dict[str, Any] = {"deployment": "dedicated", "level": "team"}
NODE = "arn:aws:iam::830241207209:role/acme-node"
MULTI_TENANT = "arn:aws:iam::725579432336:role/WandbIntegration"
ROOT = "arn:aws:iam::830241207209:root"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
DENY: dict[str, Any] = {
    "Sid": "NoReads",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": "{bucket_arn}/*",
}

# what is given -> (a piece of the warning, where it stands in the hand-off)
TOLD: dict[str, tuple[dict[str, Any], str, str]] = {
    "a shared principal": ({}, "every Dedicated Cloud instance", "warnings"),
    "the principal of all customers": ({"deployment": "multi_tenant"}, "serves all its customers", "warnings"),
    "a deny that hits W&B": (
        {"principals": [NODE], "bucket_policy_statements": [DENY]},
        "the statement NoReads of bucket_policy_statements denies what W&B needs",
        "warnings",
    ),
    "minimal on a key made elsewhere": (
        {"principals": [NODE], "access": "minimal", "encryption": "existing_key", "kms_key_arn": KEY},
        "access 'minimal' cannot be kept on a key made elsewhere",
        "warnings",
    ),
    "nobody": ({"principals": []}, "nobody holds the grant", "warnings"),
    "suspended": ({"principals": [NODE], "suspended_paths": ["/"]}, "every path is suspended", "warnings"),
    "partly suspended": (
        {"principals": [NODE], "access": "minimal", "paths": ["a", "b"], "suspended_paths": ["b"]},
        "suspended, the data is kept and W&B cannot use it: b",
        "warnings",
    ),
    "unprotected": ({"principals": [NODE], "protection": "unprotected"}, "protection is 'unprotected'", "loosened"),
    "released": ({"principals": [NODE], "protection": "released"}, "protection is 'released'", "loosened"),
    "force_destroy": (
        {"principals": [NODE], "protection": "unprotected", "force_destroy": True},
        "force_destroy is on",
        "loosened",
    ),
    "data expiry": (
        {
            "principals": [NODE],
            "allow_data_expiry": True,
            "lifecycle_rules": [{"id": "gone", "expiration_days": 400}],
        },
        "lifecycle rules may expire or archive current objects (gone)",
        "loosened",
    ),
}


@pytest.mark.parametrize("case", TOLD)
def test_it_is_logged_once_in_the_preview_and_never_in_the_update(case: str) -> None:
    given, piece, _ = TOLD[case]
    assert len([text for text in record(AwsByob, {**STORE, **given}, preview=True).warnings if piece in text]) == 1
    assert record(AwsByob, {**STORE, **given}).warnings == []


@pytest.mark.parametrize("case", TOLD)
def test_it_stands_in_the_hand_off_always(case: str) -> None:
    given, piece, place = TOLD[case]
    for handoff in record(AwsByob, {**STORE, **given}).value("handoffs").values():
        assert len([text for text in handoff[place] if piece in text]) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"principals": [NODE]},
        {"principals": [ROOT]},
        {"credential_keys": ["a"]},
        {"principals": [NODE], "noncurrent_days": 1},
        {"principals": [NODE], "access": "minimal"},
        {"deployment": "multi_tenant", "principals": [MULTI_TENANT]},
    ],
)
def test_nothing_is_said_where_nothing_is_wrong_and_naming_the_principal_silences_its_warning(
    given: dict[str, Any],
) -> None:
    seen = record(AwsByob, {**STORE, **given}, preview=True)
    assert seen.warnings == []
    done = record(AwsByob, {**STORE, **given})
    assert [handoff["loosened"] for handoff in done.value("handoffs").values()] == [[]]


def test_two_stores_warn_each_for_itself() -> None:
    def program() -> None:
        for name in ("a", "b"):
            AwsByob(name, STORE)  # type: ignore[arg-type]

    assert len(run(program, AwsMocks(preview=True), preview=True).warnings) == 2


def test_a_grant_warns_too() -> None:
    given: dict[str, Any] = {
        "deployment": "dedicated",
        "bucket_name": "theirs",
        "bucket_policy_statements": [{**DENY, "Resource": "arn:aws:s3:::theirs/*"}],
        "access": "minimal",
        "kms_key_arn": KEY,
    }
    told = record(AwsGrant, given, preview=True).warnings
    assert len(told) == 3
    assert "every Dedicated Cloud instance" in told[0]
    assert told[1] == "the statement NoReads of the bucket policy denies what W&B needs"
    assert "cannot be kept on a key made elsewhere" in told[2]
    assert record(AwsGrant, given).warnings == []


# a Deny statement's elements, W&B's principals -> whether it is told
DENIES: list[tuple[dict[str, Any], list[str], list[str]]] = [
    ({}, [NODE], ["NoReads"]),
    ({"Condition": {"Bool": {"aws:SecureTransport": "false"}}}, [NODE], ["NoReads (may, by its Condition)"]),
    ({"Effect": "Allow"}, [NODE], []),
    ({"Action": "s3:*"}, [NODE], ["NoReads"]),
    ({"Action": ["s3:PutBucketPolicy", "s3:Get*"]}, [NODE], ["NoReads"]),
    ({"Action": "s3:DeleteBucket"}, [NODE], []),
    ({"Action": "S3:PUTOBJECT"}, [NODE], ["NoReads"]),
    ({"Principal": {"AWS": NODE}}, [NODE], ["NoReads"]),
    ({"Principal": {"AWS": "830241207209"}}, [NODE], ["NoReads"]),
    ({"Principal": {"AWS": ROOT}}, [NODE], ["NoReads"]),
    ({"Principal": {"AWS": NODE}}, [ROOT], ["NoReads"]),
    ({"Principal": {"AWS": "arn:aws:iam::444455556666:role/other"}}, [NODE], []),
    ({"Principal": {"AWS": "arn:aws:iam::444455556666:root"}}, [NODE, ROOT], []),
    ({"Principal": {"Service": "cloudfront.amazonaws.com"}}, [NODE], []),
    ({}, [], ["NoReads"]),
]


@pytest.mark.parametrize(("change", "principals", "told"), DENIES)
def test_which_denies_are_told(change: dict[str, Any], principals: list[str], told: list[str]) -> None:
    assert denies_wandb([{**DENY, **change}], principals) == told


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ({"NotPrincipal": {"AWS": NODE}}, []),
        ({"NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}}, ["NoReads"]),
        ({"Principal": "*", "NotAction": ["s3:*"]}, []),
        ({"Principal": "*", "NotAction": ["s3:GetObject*"]}, ["NoReads"]),
    ],
)
def test_denies_by_exclusion(statement: dict[str, Any], told: list[str]) -> None:
    whole = {"Sid": "NoReads", "Effect": "Deny", "Resource": "*", **statement}
    if "NotAction" not in whole:
        whole["Action"] = "s3:GetObject"
    assert denies_wandb([whole], [NODE]) == told
