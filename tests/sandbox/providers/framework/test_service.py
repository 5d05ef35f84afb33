"""Every call of the protocol, over real gRPC, on a cloud that is kept in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2 as p

from sandbox.providers.framework import service
from tests.sandbox.providers.caller import UNKNOWN, Caller, Refusal, changed, pack, secret, unpack
from tests.sandbox.providers.framework.toy import CONTRACT, MADE, PLUGIN, THING, Cloud, CloudError

NOTE = {"name": "n", "note": "x"}


@pytest.fixture
def caller(monkeypatch: pytest.MonkeyPatch) -> Iterator[Caller]:
    monkeypatch.setattr(service, "load", lambda *_: CONTRACT)
    made = Caller(PLUGIN, None)
    made.configure({"region": "home"})
    yield made
    made.close()


@pytest.fixture
def cloud(caller: Caller) -> Cloud:
    return MADE[-1]


def test_what_the_plugin_is(caller: Caller) -> None:
    assert caller.call("GetPluginInfo", p.google_dot_protobuf_dot_empty__pb2.Empty()).version == "1.2.3"
    hello = caller.call("Handshake", p.ProviderHandshakeRequest())
    assert (hello.accept_secrets, hello.supports_autonaming_configuration) == (True, True)
    told = json.loads(caller.call("GetSchema", p.GetSchemaRequest()).schema)
    assert told["provider"]["inputProperties"]["region"] == {"type": "string"}
    assert told["resources"][THING]["requiredInputs"] == ["note"]
    assert told["resources"][THING]["properties"]["arn"] == {"type": "string"}
    assert told["resources"][THING]["inputProperties"]["tags"] == {"type": "object", "additionalProperties": {"type": "string"}}  # fmt: skip


def test_settings_that_are_no_text_come_as_json(caller: Caller) -> None:
    caller.configure({"region": "r", "fast": "true", "endpoints": '[{"s3": "http://x"}]', "version": "1.2.3"})
    assert MADE[-1].settings == {"region": "r", "fast": True, "endpoints": [{"s3": "http://x"}]}


def test_settings_that_cannot_work_end_in_one_line(caller: Caller) -> None:
    with pytest.raises(Refusal, match=r"^configuring the toy provider: there is no such region$"):
        caller.configure({"region": "nowhere"})


def test_changed_settings_never_replace_the_provider(caller: Caller) -> None:
    same = p.DiffRequest(urn="u", old_inputs=pack({"region": "a"}), news=pack({"region": "a"}))
    other = p.DiffRequest(urn="u", old_inputs=pack({"region": "a"}), news=pack({"region": "b"}))
    assert caller.call("DiffConfig", same).changes == p.DiffResponse.DIFF_NONE
    found = caller.call("DiffConfig", other)
    assert (found.changes, list(found.diffs), list(found.replaces)) == (p.DiffResponse.DIFF_SOME, ["region"], [])


def test_a_preview_creates_nothing_and_leaves_unknown_what_the_cloud_decides(caller: Caller, cloud: Cloud) -> None:
    assert caller.preview(THING, "t", {"name": "n", "note": UNKNOWN}) == {
        "name": "n",
        "note": UNKNOWN,
        "region": "home",
        "arn": UNKNOWN,
        "tagsAll": UNKNOWN,
        "token": secret(UNKNOWN),
    }
    assert cloud.things == {}


def test_a_life(caller: Caller, cloud: Cloud) -> None:
    made = caller.create(THING, "t", NOTE)
    assert (made.id, made.inputs) == ("n", {**NOTE, "__defaults": []})
    assert made.outputs == {**NOTE, "region": "home", "arn": "arn:n", "tagsAll": {}, "token": secret("t0ken")}
    assert caller.read(made) == made
    planned = caller.update(made, {"name": "n", "note": "y"}, preview=True)
    assert planned.outputs == {**made.outputs, "note": "y", "tagsAll": UNKNOWN}
    assert cloud.things["n"]["note"] == "x"
    changed_thing = caller.update(made, {"name": "n", "note": "y"})
    assert changed_thing.outputs == {**made.outputs, "note": "y"}
    assert cloud.things["n"]["note"] == "y"
    caller.delete(changed_thing)
    assert cloud.things == {}
    assert caller.read(changed_thing) is None
    caller.delete(changed_thing)


def test_a_creation_that_fails_leaves_nothing_behind(caller: Caller, cloud: Cloud) -> None:
    cloud.fail["create"] = CloudError("Denied")
    with pytest.raises(Refusal, match=r"^creating Toy Thing \(t\): api error Denied$") as refused:
        caller.create(THING, "t", NOTE)
    assert refused.value.half is None


def test_a_half_made_thing_is_recorded_with_its_secrets_hidden_and_repaired_by_an_update(caller: Caller, cloud: Cloud) -> None:  # fmt: skip
    cloud.fail["finish"] = CloudError("Busy")
    with pytest.raises(Refusal, match=r"^creating Toy Thing \(t\): api error Busy$") as refused:
        caller.create(THING, "t", {"name": "n", "note": secret("s3cr3t")})
    half = refused.value.half
    assert half is not None
    assert (half.id, list(half.reasons)) == ("n", ["creating Toy Thing (t): api error Busy"])
    assert unpack(half.inputs)["note"] == secret("s3cr3t")
    assert unpack(half.properties) == {"name": "n", "note": secret("s3cr3t"), "token": secret("t0ken")}


def test_a_thing_that_cannot_be_read_after_its_creation_is_half_made(caller: Caller, cloud: Cloud) -> None:
    cloud.fail["read"] = CloudError("Denied")
    with pytest.raises(Refusal, match=r"^reading Toy Thing \(n\) after create: api error Denied$") as refused:
        caller.create(THING, "t", NOTE)
    assert refused.value.half is not None
    assert refused.value.half.id == "n"
    assert unpack(refused.value.half.properties)["token"] == secret("t0ken")


def test_an_update_that_fails_is_one_line(caller: Caller, cloud: Cloud) -> None:
    made = caller.create(THING, "t", NOTE)
    cloud.fail["update"] = CloudError("Denied")
    with pytest.raises(Refusal, match=r"^updating Toy Thing \(n\): api error Denied$"):
        caller.update(made, {"name": "n", "note": "y"})


def test_a_deletion_that_fails_is_told(caller: Caller, cloud: Cloud) -> None:
    made = caller.create(THING, "t", NOTE)
    cloud.fail["delete"] = CloudError("NotEmpty")
    with pytest.raises(Refusal, match=r"^deleting Toy Thing \(n\): api error NotEmpty$"):
        caller.delete(made)
    assert "n" in cloud.things


def test_a_defect_of_the_stand_in_is_called_one(caller: Caller, cloud: Cloud, capfd: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    cloud.fail["create"] = ZeroDivisionError("oops")
    with pytest.raises(Refusal, match=r"the stand-in provider has a defect: ZeroDivisionError: oops$"):
        caller.create(THING, "t", NOTE)
    assert "Traceback" in capfd.readouterr().err


def test_secrets_stay_secret_through_every_call(caller: Caller, cloud: Cloud) -> None:
    inputs = {"name": "n", "note": secret("s3cr3t"), "tags": {"code": secret("l3af")}}
    planned = caller.preview(THING, "t", inputs)
    assert (planned["note"], planned["tags"]) == (secret("s3cr3t"), {"code": secret("l3af")})
    made = caller.create(THING, "t", inputs)
    assert cloud.things["n"]["note"] == "s3cr3t", "the cloud gets the value itself"
    for thing in (made, caller.read(made), caller.update(made, {**inputs, "note": secret("s3cr3t")})):
        assert thing is not None
        assert thing.outputs["note"] == secret("s3cr3t")
        assert thing.outputs["tagsAll"] == {"code": secret("l3af")}
        assert thing.outputs["token"] == secret("t0ken")
        assert thing.inputs["note"] == secret("s3cr3t")
    assert changed(caller.diff(made, {**inputs, "note": secret("s3cr3t")})) == {}
    assert changed(caller.diff(made, {**inputs, "note": secret("other")})) == {"note": "UPDATE"}


def test_the_region_that_the_provider_implies_is_no_change(caller: Caller) -> None:
    made = caller.create(THING, "t", NOTE)
    assert changed(caller.diff(made, {**NOTE, "region": "home"})) == {}
    assert changed(caller.diff(made, {**NOTE, "region": "away"})) == {"region": "UPDATE_REPLACE"}
    caller.configure({"region": "moved"})
    assert changed(caller.diff(made, NOTE)) == {"region": "UPDATE_REPLACE"}


def test_the_engines_automatic_names(caller: Caller) -> None:
    def named(mode: int, proposed: str) -> tuple[dict[str, object], dict[str, str]]:
        return caller.check(THING, "t", {"note": "x"}, autonaming=p.CheckRequest.AutonamingOptions(mode=mode, proposed_name=proposed))  # fmt: skip

    options = p.CheckRequest.AutonamingOptions
    assert named(options.PROPOSE, "dev-t")[0]["name"] == "dev-t"
    assert named(options.ENFORCE, "exactly")[0]["name"] == "exactly"
    assert named(options.DISABLE, "")[1] == {"name": "automatic naming is switched off for this resource: give a name"}


def test_functions(caller: Caller, cloud: Cloud) -> None:
    assert caller.invoke("toy:index/echo:echo", {"word": "a"}) == {"said": "a", "twice": "aa"}
    assert caller.invoke("toy:index/echo:echo", {"word": secret("s3cr3t")})["said"] == secret("s3cr3t")
    cloud.fail["invoke"] = CloudError("Denied")
    with pytest.raises(Refusal, match=r"^calling echo: api error Denied$"):
        caller.invoke("toy:index/echo:echo", {})


def test_what_is_not_there_is_told_by_the_status_too(caller: Caller) -> None:
    with pytest.raises(Refusal) as refused:
        caller.check("toy:index/other:Other", "x", {})
    assert refused.value.code == grpc.StatusCode.UNIMPLEMENTED
    assert str(refused.value) == "toy:index/other:Other is a real type, but not carried out by this stand-in (toy 1.2.3)"  # fmt: skip
