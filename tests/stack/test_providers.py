"""Providers by name: whose they are, how their settings arrive, and what of them is secret."""

from __future__ import annotations

import json
from typing import Any

import pulumi_aws
import pytest

from byob_components.stack import build, load
from byob_components.stack.clouds import CLOUDS
from byob_components.wandb.deployment import Cloud
from tests.stack.recording import Recording, record

TEAM = {"deployment": "dedicated", "level": "team"}
LAB = {
    "cloud": "aws",
    "region": "us-east-1",
    "allowedAccountIds": ["444455556666"],
    "maxRetries": 5,
    "assumeRoles": [{"roleArn": "arn:aws:iam::444455556666:role/pulumi-deploy", "sessionName": "wandb"}],
    "defaultTags": {"tags": {"cost-center": "4711"}},
}
URN = "pulumi:providers:aws::lab"


def built(config: dict[str, Any], secret_keys: tuple[str, ...] = (), *, preview: bool = False) -> Recording:
    settings = load({**TEAM, **config}, secret_keys)
    return record(lambda: build(settings), preview=preview)


def test_a_store_uses_the_provider_it_names_and_the_others_the_default_one() -> None:
    made = built({"providers": {"lab": LAB}, "teams": {"vision": {}, "robotics": {"provider": "lab"}}})
    used = {(r.name, r.provider) for r in made.resources.values() if r.type.startswith("aws:")}
    assert used == {("vision", ""), ("robotics", URN)}
    # Each account is asked for its own id, once.
    assert sorted((token, provider) for token, _, provider in made.run.calls) == [
        ("aws:index/getCallerIdentity:getCallerIdentity", ""),
        ("aws:index/getCallerIdentity:getCallerIdentity", URN),
    ]


def test_a_shared_store_uses_its_provider() -> None:
    made = built(
        {
            "providers": {"lab": LAB},
            "stores": {"s": {"provider": "lab"}},
            "teams": {"a": {"store": "s", "path": "a"}, "b": {"store": "s", "path": "b"}},
        }
    )
    assert {r.provider for r in made.resources.values() if r.type.startswith("aws:")} == {URN}


def test_settings_arrive_as_the_sdk_sends_them_and_records_keep_their_names() -> None:
    made = built({"providers": {"lab": LAB}, "teams": {"a": {"provider": "lab"}}})
    provider = made.inputs("aws", "lab")
    assert provider["region"] == "us-east-1"
    assert provider["maxRetries"] == "5"
    assert json.loads(provider["allowedAccountIds"]) == ["444455556666"]
    assert json.loads(provider["assumeRoles"]) == [
        {"roleArn": "arn:aws:iam::444455556666:role/pulumi-deploy", "sessionName": "wandb"}
    ]
    assert json.loads(provider["defaultTags"]) == {"tags": {"cost-center": "4711"}}
    assert made.secret_inputs("aws", "lab") == set()


def test_settings_that_are_secrets_by_nature_are_secret_even_when_the_key_is_not() -> None:
    lab = {**LAB, "accessKey": "AKIA", "secretKey": "hunter2", "token": "t0ken"}
    made = built({"providers": {"lab": lab}, "teams": {}}, preview=True)
    assert made.secret_inputs("aws", "lab") == {"accessKey", "secretKey", "token"}
    assert made.run.warnings == [
        f"byob:providers.lab.{key} stands in clear text: pulumi config set --secret --path 'byob:providers.lab.{key}'"
        for key in ("accessKey", "secretKey", "token")
    ]
    assert built({"providers": {"lab": lab}, "teams": {}}).run.warnings == []  # the preview has said it


def test_the_whole_of_a_secret_key_is_secret() -> None:
    lab = {**LAB, "secretKey": "hunter2"}
    made = built({"providers": {"lab": lab}, "teams": {}}, ("providers",), preview=True)
    given = {"region", "allowedAccountIds", "maxRetries", "assumeRoles", "defaultTags", "secretKey"}
    assert made.secret_inputs("aws", "lab") == given
    assert made.run.warnings == []


def test_secret_arguments_of_a_store_are_secret_inputs(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    entry = replace(CLOUDS[Cloud.AWS], secret_arguments=frozenset({"access_log_prefix"}))
    monkeypatch.setitem(CLOUDS, Cloud.AWS, entry)
    team = {"accessLogBucket": "acme-logs", "accessLogPrefix": "hunter2/"}
    made = built({"teams": {"a": team}}, ("teams",), preview=True)
    assert made.secret_inputs("BucketLogging", "a") == {"targetPrefix"}
    assert made.inputs("BucketLogging", "a")["targetPrefix"] == "hunter2/"
    assert "clear text" not in str(made.run.warnings)
    clear = built({"teams": {"a": team}}, preview=True)
    assert "byob:teams.a.accessLogPrefix stands in clear text" in str(clear.run.warnings)


def test_every_setting_of_the_sdk_is_one_and_every_record_is_known() -> None:
    entry = CLOUDS[Cloud.AWS]
    known = entry.provider_settings()
    assert len(known) > 30
    assert (known["s3UsePathStyle"], known["assumeRoles"]) == ("s3_use_path_style", "assume_roles")
    records = {key for key in known if entry.nested_names(key)}
    assert records == {"assumeRoleWithWebIdentity", "assumeRoles", "defaultTags", "endpoints", "ignoreTags"}
    assert {"roleArn", "externalId", "sessionName"} <= entry.nested_names("assumeRoles")
    assert {"s3", "sts", "kms", "iam"} <= entry.nested_names("endpoints")
    # What the SDK itself holds as secret, here too.
    assert entry.secret_settings == {"accessKey", "secretKey", "token"} <= known.keys()
    assert pulumi_aws.ProviderArgs.__init__.__kwdefaults__.keys() == set(known.values())
