"""What is warned of: once, in the preview, and always in the hand-off; and what silences it."""

from typing import Any

import pytest

from byob_components.s3_compatible import S3CompatibleByob, S3CompatibleGrant
from tests.mocks.aws import AwsMocks, record
from tests.mocks.monitor import run

USER = "arn:aws:iam::000000000000:user/wandb"
STORE: dict[str, Any] = {
    "deployment": "dedicated",
    "level": "team",
    "server": "seaweedfs",
    "endpoint": "store.acme.example:8333",
    "access_key": "id",
    "secret_key": "key",
    "principals": [USER],
}
UNSAID: dict[str, Any] = {name: value for name, value in STORE.items() if name != "principals"}
DENY = {"Sid": "No", "Effect": "Deny", "Principal": {"AWS": USER}, "Action": "s3:PutObject", "Resource": "*"}

# what is given -> (a piece of the warning, where it stands in the hand-off)
TOLD: dict[str, tuple[dict[str, Any], str, str]] = {
    "rights of the keys": (UNSAID, "what the store's own administration gave to the user of its keys", "warnings"),
    "no CORS": ({**UNSAID, "server": "minio"}, "no CORS rule is set on the bucket (minio: the community", "warnings"),
    "no policy": ({**UNSAID, "server": "aistor"}, "no bucket policy is set (aistor: MinIO's bucket policies", "warnings"),
    "no upload rule": ({**UNSAID, "server": "aistor"}, "no rule drops unfinished uploads (aistor", "warnings"),
    "no deny": ({**STORE, "server": "ceph"}, "plain HTTP is not refused by the bucket's policy (ceph", "warnings"),
    "fewer actions": ({**STORE, "server": "generic"}, "the grant leaves out s3:GetEncryptionConfiguration", "warnings"),
    "a deny": ({**STORE, "bucket_policy_statements": [DENY]}, "the statement No of bucket_policy_statements", "warnings"),
    "suspended": ({**STORE, "suspended_paths": ["/"]}, "every path is suspended", "warnings"),
    "one path": (
        {**STORE, "paths": ["a", "b"], "suspended_paths": ["b"], "access": "minimal"},
        "suspended, the data is kept and W&B cannot use it: b",
        "warnings",
    ),
    "plain HTTP": ({**STORE, "tls": False}, "tls is off", "loosened"),
    "unprotected": ({**STORE, "protection": "unprotected"}, "protection is 'unprotected'", "loosened"),
    "released": ({**STORE, "protection": "released"}, "protection is 'released'", "loosened"),
    "force": ({**STORE, "protection": "unprotected", "force_destroy": True}, "force_destroy is on", "loosened"),
    "expiry": (
        {**STORE, "allow_data_expiry": True, "lifecycle_rules": [{"id": "scratch", "expiration_days": 3}]},
        "lifecycle rules may expire current objects (scratch)",
        "loosened",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TOLD)
def test_it_is_told_once_in_the_preview_and_in_every_hand_off(case: str) -> None:
    given, text, place = TOLD[case]
    assert len([one for one in record(S3CompatibleByob, given, preview=True).warnings if text in one]) == 1
    seen = record(S3CompatibleByob, given)
    assert seen.warnings == []
    for handoff in seen.value("handoffs").values():
        assert len([one for one in handoff[place] if text in one]) == 1


@pytest.mark.parametrize("server", ["seaweedfs", "generic", "ceph", "minio", "aistor"])
def test_what_is_known_is_not_told_again_in_a_preview_and_stays_in_the_hand_off(server: str) -> None:
    given = {**UNSAID, "server": server, "principals": [], "capabilities": ["versioning"]}
    assert record(S3CompatibleByob, given, preview=True).warnings == []
    told = record(S3CompatibleByob, given).value("handoffs")["/"]["warnings"]
    assert [one.partition(" (")[0] for one in told] == [
        "no bucket policy is set",
        "plain HTTP is not refused by the bucket's policy",
        "no CORS rule is set on the bucket",
        "no rule expires noncurrent versions: they are kept, and cost, until a person deletes them",
        "no rule clears away delete markers",
        "no rule drops unfinished uploads",
    ]


def test_a_server_that_can_do_all_is_not_warned_of() -> None:
    assert record(S3CompatibleByob, STORE, preview=True).warnings == []


def test_what_does_not_matter_is_not_told() -> None:
    """Without versions their rules, and over plain HTTP its refusal."""
    told = record(S3CompatibleByob, {**STORE, "principals": [], "capabilities": [], "tls": False}).value("handoffs")[
        "/"
    ]
    assert [one.partition(" (")[0] for one in told["warnings"]] == [
        "versions are not kept: what is overwritten or deleted is gone, and W&B's clean-up stays off",
        "no bucket policy is set",
        "no CORS rule is set on the bucket",
        "no rule drops unfinished uploads",
    ]


def test_a_grant_tells_of_its_policy_alone() -> None:
    def program() -> None:
        given = {"server": "ceph", "bucket_name": "theirs", "principals": [USER], "bucket_policy_statements": []}
        S3CompatibleGrant("vision", given)  # type: ignore[arg-type]

    told = run(program, AwsMocks(preview=True), preview=True).warnings
    assert [one.partition(" (")[0] for one in told] == [
        "plain HTTP is not refused by the bucket's policy",
        "the grant leaves out s3:GetEncryptionConfiguration, s3:GetObjectAttributes, s3:GetObjectVersionAttributes",
    ]
