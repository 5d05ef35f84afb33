"""`byob verify` against a real server, from an export to the report: what it reads, what it writes, and how it ends."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from click.testing import CliRunner

from byob_components.cli.commands import byob
from byob_components.verify.web import Web
from sandbox.clouds.aws.accounts import REGION, client
from tests.declared import exports
from tests.verify.s3.buckets import PAGE, Bucket, MakeBucket

RIGHTS = (Path(__file__).resolve().parents[3] / "docs" / "verify.md").read_text(encoding="utf-8")
pytestmark = pytest.mark.server


@pytest.fixture
def bucket(make_bucket: MakeBucket, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """A good bucket, and its owner logged in."""
    made = make_bucket(minimal=True)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", made.accounts.deployer.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", made.accounts.deployer.secret_key)
    for name in ("AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    return made


def user(bucket: Bucket, statement: dict[str, Any]) -> dict[str, str]:
    """Access keys of a new user of the bucket's account with a policy of one statement."""
    iam, name = client(bucket.server, "iam", bucket.accounts.deployer), f"reader-{uuid.uuid4()}"
    iam.create_user(UserName=name)
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName=name, PolicyName="reads", PolicyDocument=document)
    made: dict[str, str] = iam.create_access_key(UserName=name)["AccessKey"]
    return made


def verify(bucket: Bucket, *arguments: str) -> tuple[int, dict[str, str], str]:
    """The command over an export that declares the bucket: exit code, states by id, and all that was printed."""
    store = bucket.store
    endpoints = json.dumps([dict.fromkeys(("s3", "kms", "sts"), store.endpoint)])
    settings = {"endpoints": endpoints, "s3UsePathStyle": "true", "customCaBundle": store.ca_bundle}
    text = exports.export(
        *exports.aws(bucket.name, REGION, key=bucket.key, settings=settings, minimal=True, origins=(PAGE,))
    )
    done = CliRunner().invoke(byob, ["verify", "-", "--format", "json", *arguments], input=text, catch_exceptions=False)
    (report,) = json.loads(done.stdout)["reports"]
    return done.exit_code, {one["id"]: one["state"] for one in report["results"]}, done.stdout + done.stderr


def test_reading_settings_writes_nothing_and_finds_what_is_wrong(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []
    real = BaseClient._make_api_call

    def watched(self: Any, operation: str, arguments: Any) -> Any:
        called.append(operation)
        return real(self, operation, arguments)

    def never(*arguments: Any, **options: Any) -> Any:
        raise AssertionError("a request beside the reading of settings")

    monkeypatch.setattr(BaseClient, "_make_api_call", watched)
    monkeypatch.setattr(Web, "send", never)
    code, states, printed = verify(bucket)
    assert code == 0, printed
    assert {id for id, state in states.items() if state != "skip"} == {"V02", "V03", "V04", "V05", "V06", "V07"}
    assert set(states.values()) == {"pass", "skip"}
    assert "the owner (arn:aws:iam::111122223333:user/deployer)" in printed
    assert {name for name in called if not name.startswith(("Get", "List", "Describe"))} == set()
    bucket.versioning("Suspended")
    bucket.cors(AllowedMethods=["GET"])
    bucket.kms.schedule_key_deletion(KeyId=bucket.key, PendingWindowInDays=7)
    code, states, _ = verify(bucket)
    assert (code, [id for id, state in states.items() if state == "fail"]) == (1, ["V04", "V05", "V06"])


def test_writing_is_cleared_away_and_wandbs_stand_in_shows_the_grant(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stand_in, stranger = bucket.accounts.wandb_dedicated, bucket.accounts.stranger
    profiles = tmp_path / "credentials"
    profiles.write_text(
        "".join(
            f"[{name}]\naws_access_key_id={who.access_key}\naws_secret_access_key={who.secret_key}\n"
            + (f"aws_session_token={who.session_token}\n" if who.session_token else "")
            for name, who in (("stand-in", stand_in), ("elsewhere", stranger))
        )
    )
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(profiles))
    before = bucket.contents()
    code, states, printed = verify(
        bucket, "--write", "--browser", "none", "--as", "wandb=profile:stand-in", "--as", "outsider=profile:elsewhere"
    )
    assert code == 0, printed
    assert {id for id, state in states.items() if state == "skip"} == {"V16:browser", "V17:browser", "V18"}
    assert states["V22"] == states["V27"] == "pass"
    assert [state for id, state in states.items() if id.startswith("V19:")] == ["pass"]
    assert bucket.contents() == before == []
    assert stand_in.secret_key not in printed
    assert stranger.secret_key not in printed


def test_the_rights_that_the_page_lists_are_enough_to_read(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    row = next(line for line in RIGHTS.splitlines() if line.startswith("| AWS | `s3:GetBucketLocation`"))
    actions = re.findall(r"`((?:s3|kms):\w+)`", row.split("|")[2])
    assert len(actions) == 8
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    reader = user(bucket, statement)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", reader["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", reader["SecretAccessKey"])
    code, states, printed = verify(bucket)
    assert code == 0, printed
    assert [id for id, state in states.items() if state == "pass"] == ["V02", "V03", "V04", "V05", "V06", "V07"]
    for left_out, missed in (("s3:GetBucketCORS", "V05"), ("kms:DescribeKey", "V04")):
        fewer = user(bucket, statement | {"Action": [one for one in actions if one != left_out]})
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", fewer["AccessKeyId"])
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", fewer["SecretAccessKey"])
        code, states, _ = verify(bucket)
        assert (code, [id for id, state in states.items() if state == "fail"]) == (1, [missed]), left_out
