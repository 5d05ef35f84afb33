"""Secrets that are planted in every argument that may hold one, looked for in everything a run leaves behind.

A name or an id cannot be secret (the cloud shows it, and the state keeps ids in the clear): the arguments below are those
whose value only passes through.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from sandbox.clouds.aws.accounts import provider_config
from tests.engine.conftest import Bench
from tests.engine.leaks import Watcher, assert_nowhere, left_behind
from tests.engine.readings import LocalAws

pytestmark = pytest.mark.engine

ODD = "/+=\"'%& é"
"""Characters that every encoding writes in its own way."""
PLANTED = {
    "tag": "planted-tag.:/=+-@-8d1c2f",  # only what AWS takes in a tag
    "origin": "https://planted-origin-8d1c2f.example.com",
    "logs": "planted-prefix-8d1c2f/",
    "admin": "arn:aws:iam::111122223333:role/planted-admin-8d1c2f",
    "user": "arn:aws:iam::111122223333:role/planted-user-8d1c2f",
    "principal": "arn:aws:iam::830241207209:role/planted-principal-8d1c2f",
}
PROGRAM = """
import pulumi
from byob_components.aws import AwsBucket, AwsByob

secrets = pulumi.Config("demo").require_secret_object("planted")
one = lambda name: secrets.apply(lambda all_: all_[name])
store = AwsByob("planted", {
    "deployment": "dedicated", "level": "team", "protection": "unprotected",
    "tags": {"owner": one("tag")},
    "cors_origins": [one("origin")],
    "principals": [one("principal")],
    "kms_key_admins": [one("admin")],
    "kms_key_users": [one("user")],
    "credential_keys": ["a", "b"],
})
pulumi.export("addresses", store.storage_addresses)
pulumi.export("serverSecrets", store.server_secrets)
pulumi.export("handoffs", store.handoffs)
pulumi.export("principals", store.principals)
logs = AwsBucket("planted-logs", {
    "encryption": "provider_managed", "protection": "unprotected", "tags": {"owner": one("tag")},
    "access_log_bucket": store.bucket_name, "access_log_prefix": one("logs"),
})
"""


def test_planted_secrets_stay_hidden(bench: Bench, aws: LocalAws, tmp_path: Path) -> None:
    log = tmp_path / "calls.log"
    stack = bench(PROGRAM, name="planted", throw_away=False, env={"BYOB_SANDBOX_CALL_LOG": str(log)})
    stack.set_secret("demo:planted", json.dumps(PLANTED))
    with Watcher() as watcher:
        runs = [
            stack.preview("--json"),
            stack.up("--diff", preview=True),
            stack.preview("--diff"),
            stack.refresh("--diff"),
        ]
        for run in runs:
            run.ok()
        shown = stack.run("stack", "output", "--json", "--stack", stack.name, "--non-interactive").ok()
        exported = stack.run("stack", "export", "--stack", stack.name, "--non-interactive").ok()
        out = stack.outputs()
        kept = left_behind(stack, [*runs, shown, exported], log)

    # They did arrive: this test would prove nothing if they had been lost on the way.
    bucket = next(b for b in _buckets(aws) if b.startswith("planted-") and "logs" not in b)
    assert aws.bucket(bucket)["tags"]["owner"] == PLANTED["tag"]
    assert (aws.cors(bucket) or [])[0]["AllowedOrigins"] == [PLANTED["origin"]]
    address = out["addresses"]["/"]
    key_id, secret_key = address.removeprefix("s3://").split("@")[0].split(":")
    assert key_id.startswith("AKIA")
    assert len(secret_key) >= 20

    made = {
        "the access key's secret": unquote(secret_key),
        "the deployer's secret key": aws.accounts.deployer.secret_key,
    }
    assert_nowhere({**PLANTED, **made} | {"address": address}, kept)
    assert watcher.seen
    argv = {"arguments of processes": "\n".join(watcher.seen).encode()}
    assert_nowhere({**PLANTED, **made, "odd": ODD}, argv)
    assert json.loads(shown.stdout)["addresses"] == "[secret]"
    # Nothing in the hand-off is secret, so all of it can be read.
    assert isinstance(json.loads(shown.stdout)["handoffs"], dict | str)
    stack.destroy().ok()
    assert_nowhere({**PLANTED, **made}, left_behind(stack, [], log))


def _buckets(aws: LocalAws) -> list[str]:
    return [b["Name"] for b in aws.client("s3").list_buckets()["Buckets"]]


def test_a_secret_that_is_refused_is_not_echoed(bench: Bench) -> None:
    """A wrong value of a secret: the message names the argument and the code, and never the value."""
    secret = "not-an-arn-" + ODD + "8d1c2f"
    program = """
import pulumi
from byob_components.aws import AwsByob
secret = pulumi.Config("demo").require_secret("planted")
AwsByob("planted", {"deployment": "dedicated", "level": "team", "%s": %s})
"""
    for argument, value in {
        "kms_key_users": "[secret]",
        "cors_origins": "[secret]",
        "tags": "{'aws:x': secret}",
    }.items():
        stack = bench(program % (argument, value), name="refused")
        stack.set_secret("demo:planted", secret)
        run = stack.preview()
        run.refused("BYOB-", argument)
        assert_nowhere({"planted": secret}, {"screen": run.said.encode(), "events": json.dumps(run.events).encode()})


def test_a_settings_error_does_not_echo_a_secret(bench: Bench, aws: LocalAws) -> None:
    """Secrets in the wrong place and of the wrong shape in `byob:`: refused without being shown."""
    secret = "hunter2-" + ODD + "8d1c2f"
    settings = provider_config(aws.server, aws.accounts.deployer)
    wrong = {
        "providers": {"lab": {"cloud": "aws", **settings, "secretKey": {"nested": secret}, "secretKy": secret}},
        "teams": {"vision": {"passwrod": secret, "encryption": [secret], "provider": "lab"}},
        "unknown": secret,
    }
    stack = bench(byob={"deployment": "dedicated", "level": "team", **wrong}, name="echo")
    run = stack.preview().refused("BYOB-SET-")
    # The engine's own events repeat the stack's plain configuration; what is ours are the messages.
    said = [message for severity in ("error", "warning", "info") for message in run.messages(severity)]
    assert len(run.messages("error")) >= 1
    places = {"screen": run.said.encode(), "messages": json.dumps(said, ensure_ascii=False).encode()}
    assert_nowhere({"planted": secret, "deployer": aws.accounts.deployer.secret_key}, places)


@pytest.mark.parametrize("before", ["", "a", "ab"])
def test_every_spelling_would_be_found(before: str) -> None:
    secret = "hunter2-" + ODD + "8d1c2f-and-longer"
    text = before + secret + "!"
    for written in (
        text,
        json.dumps({"k": text}),
        json.dumps({"k": json.dumps(text)}),
        f"https://x/{quote(text, safe='')}?",
        base64.b64encode(text.encode()).decode(),
        base64.urlsafe_b64encode(text.encode()).decode(),
    ):
        with pytest.raises(AssertionError, match="stands in"):
            assert_nowhere({"planted": secret}, {"place": written.encode()})
