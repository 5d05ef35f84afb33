"""`byob verify` as a person or a pipeline calls it, with the engine, the clouds' logins and the clouds themselves played."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import certifi
import pytest

import byob_components.verify as verification
from byob_components.cli.verify import verify
from byob_components.evidence import read_verifications
from byob_components.verify import Report, Result, State, Trouble
from byob_components.verify.login import WAYS
from byob_components.verify.report import LEFT_OUT
from tests.cli.played import AWS, DEPLOYER, STATES, Clouds, Engine, run
from tests.declared import exports

BOTH = exports.export(*exports.aws(), *exports.server(secrets=False))
BOTH_SHOWN = exports.export(*exports.aws(), *exports.server(secrets=True))


# ------------------------------------------------------------------------------------------ what is run, as whom
def test_by_default_settings_are_read_as_who_is_logged_in_and_no_secret_is_asked_for(
    clouds: Clouds, engine: Engine
) -> None:
    engine.plain = AWS
    code, out, err = run("--stack", "prod", "--cwd", ".")
    assert code == 0
    assert engine.asked == [["pulumi", "stack", "export", "--non-interactive", "--stack", "prod", "--cwd", "."]]
    (ran,) = clouds.ran
    assert (ran.store.bucket, ran.store.path, ran.read_only, ran.browser) == ("vision-1234", "vision", True, None)
    assert (ran.cast.wandb, ran.cast.owner.name, ran.cast.outsiders) == (None, f"the owner ({DEPLOYER})", ())
    assert ran.store.account_id == "111122223333", "for the account's own public access block"
    assert out == (
        "Store vision\n"
        "bucket vision-1234, region eu-west-1, path vision, cloud aws, encryption AES256, access documented, origins *\n"
        "\n"
        "PASS V05 CORS\n"
        "       as the owner\n"
        "       seen\n"
        "SKIP V10, V11, V12\n"
        f"       because {LEFT_OUT}\n"
        "\n"
        "1 passed, 3 skipped; the settings are as declared; whether W&B can use this store was not tried (0.5 s)\n"
        "\n"
        "1 store, nothing failed\n"
    )
    assert err == (
        "reading the state of prod\n\nvision (aws, path vision): settings only, nothing is written\n  V05            pass\n"
    )


def test_a_selected_stack_needs_no_option_and_quiet_is_quiet(clouds: Clouds, engine: Engine) -> None:
    engine.plain = AWS
    assert run("-q")[::2] == (0, "")
    assert engine.asked == [["pulumi", "stack", "export", "--non-interactive"]]


def test_an_export_is_read_from_a_file_or_stdin(clouds: Clouds, engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_text(AWS)
    assert run(str(file))[0] == run("-", stdin=AWS)[0] == 0
    assert engine.asked == []
    assert run(str(file), "--stack", "prod")[0] == 2


def test_to_write_is_said_and_every_chosen_role_is_told(
    clouds: Clouds, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.plain = AWS
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}" if name == "google-chrome" else None)
    ways = ("wandb=role:arn:aws:iam::4:role/w", "owner=profile:admin", "outsider=profile:a", "outsider=profile:b")
    code, _, err = run("--write", *(word for way in ways for word in ("--as", way)))
    assert code == 0
    (ran,) = clouds.ran
    assert (ran.read_only, ran.browser) == (False, "/bin/google-chrome")
    assert ran.cast.wandb.name == "W&B's stand-in (role:arn:aws:iam::4:role/w)"
    assert ran.cast.owner.name == "the owner (profile:admin)"
    assert [who.name for who in ran.cast.outsiders] == ["an outsider (profile:a)", "outsider 2 (profile:b)"]
    assert "writes below vision/.wandb-byob-verify/ and removes all of it at the end" in err


@pytest.mark.parametrize(("asked", "browser"), [("none", None), ("my-chromium", "/bin/my-chromium")])
def test_the_browser_is_chosen(
    clouds: Clouds, monkeypatch: pytest.MonkeyPatch, asked: str, browser: str | None
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    assert run("-", "--write", "--browser", asked, stdin=AWS)[0] == 0
    assert clouds.ran[0].browser == browser


def test_a_browser_that_is_not_there_is_wrong_use(clouds: Clouds) -> None:
    code, _, err = run("-", "--write", "--browser", "no-such-browser", stdin=AWS)
    assert (code, clouds.ran) == (2, [])
    assert "there is no program no-such-browser" in err


# ------------------------------------------------------------------------------------------ secrets
def test_keys_of_an_address_are_read_only_where_wandb_comes_with_them(clouds: Clouds, engine: Engine) -> None:
    engine.plain, engine.shown = BOTH, BOTH_SHOWN
    code, out, err = run("--stack", "prod", "--format", "json")
    assert code == 0
    assert ["--show-secrets" in command for command in engine.asked] == [False, True]
    lidar, vision = clouds.ran
    assert (lidar.store.endpoint, lidar.store.region) == ("https://store.example:9000", "local")
    assert (lidar.cast.wandb.name, lidar.cast.wandb.access_key) == ("W&B by the keys in the address of lidar", "wandb")
    assert lidar.cast.owner is None, "keys of this environment are AWS's, and not that server's"
    assert vision.cast.owner is not None
    assert "s3cr3t" not in out + err
    assert "hidden" not in out + err
    engine.asked.clear()
    assert run("--store", "vision")[0] == 0
    assert ["--show-secrets" in command for command in engine.asked] == [False], "the other store's do not matter"


def test_the_keys_of_the_stacks_own_provider_act_when_asked_for(clouds: Clouds, engine: Engine) -> None:
    engine.plain, engine.shown = BOTH, BOTH_SHOWN
    code, out, err = run("--store", "lidar", "--as", "owner=provider")
    assert code == 0
    (ran,) = clouds.ran
    assert (ran.cast.owner.name, ran.cast.owner.access_key) == (
        "the owner (the keys of the stack's provider)",
        "deployer",
    )
    assert (ran.cast.owner.secret_key, "hidden" in out + err) == ("hidden", False)


def test_keys_of_an_address_on_aws_are_read_only_to_write(clouds: Clouds, engine: Engine) -> None:
    address = "s3://AKIAWANDB:s3cr3t@s3.eu-west-1.amazonaws.com/vision-1234?region=eu-west-1"
    plain, shown = exports.aws(paths=("/",)), exports.aws(paths=("/",))
    plain[1]["outputs"]["storageAddresses"] = exports.sealed()
    shown[1]["outputs"]["storageAddresses"] = exports.shown({"/": address})
    engine.plain, engine.shown = exports.export(*plain), exports.export(*shown)
    assert run()[0] == 0
    code, out, err = run("--write", "--browser", "none")
    assert ["--show-secrets" in command for command in engine.asked] == [False, False, True]
    reads, writes = clouds.ran
    assert (reads.cast.wandb, writes.cast.wandb.access_key) == (None, "AKIAWANDB")
    assert (code, "s3cr3t" in out + err) == (0, False)


def test_an_export_without_secrets_says_what_is_missing(clouds: Clouds) -> None:
    code, _, err = run("-", stdin=BOTH)
    assert code == 2
    assert "this export does not show the keys of lidar: give --stack" in err
    assert "BYOB-CLI-004 stack: does not show where the server of 'lidar' is" in err


# ------------------------------------------------------------------------------------------ other clouds
def test_google_cloud_and_azure(clouds: Clouds) -> None:
    assert run("-", "--store", "robotics", stdin=(STATES / "gcp.json").read_text())[0] == 0
    assert run("-", stdin=(STATES / "azure.json").read_text())[0] == 0
    assert clouds.signed_in == [("gcs", "the owner", ""), ("azure", "the owner", "")]
    gcp, azure = (ran.store for ran in clouds.ran)
    assert (gcp.bucket, azure.container) == ("robotics-d98c7a1", "robotics")


def test_wandb_by_the_account_key_in_an_address_of_google_cloud_and_azure(clouds: Clouds) -> None:
    top = exports.component(
        "AzureByob", "lidar", accountName="acmelidar", bucketName="lidar", region="westeurope", paths=["/"], kmsKeyId="", principals=[],
        storageAddresses=exports.shown({"/": "az://:a2V5@acmelidar/lidar"}),
    )  # fmt: skip
    assert run("-", stdin=exports.export(top))[0] == 0
    bucket = {"name": "lidar-1", "location": "EU"}
    top = exports.component(
        "GcpByob", "lidar", bucketName="lidar-1", region="EU", paths=["/"], kmsKeyId="", principals=[],
        storageAddresses=exports.shown({"/": "gs://w%40acme.iam.gserviceaccount.com:PRIVATE@lidar-1"}),
    )  # fmt: skip
    code, out, err = run("-", stdin=exports.export(top, exports.child(top, "gcp:storage/bucket:Bucket", **bucket)))
    assert code == 0
    azure, gcp = (ran.cast.wandb for ran in clouds.ran)
    assert (azure.account_key, azure.account) == ("a2V5", "acmelidar")
    assert (gcp.email, gcp.key_file["private_key"]) == ("w@acme.iam.gserviceaccount.com", "PRIVATE")
    assert gcp.key_file["token_uri"] == "https://oauth2.googleapis.com/token"
    assert "PRIVATE" not in out + err


def test_who_acts_in_several_stores_signs_in_once(clouds: Clouds) -> None:
    two = exports.export(*exports.aws(), *exports.aws("robotics-1", name="robotics"))
    assert run("-", stdin=two)[0] == 0
    assert clouds.signed_in == [("s3", "the owner", "")]
    assert len(clouds.ran) == 2


# ------------------------------------------------------------------------------------------ how it ends
FAILED = Result("V06", "Versioning", State.FAIL, actors=("x",), evidence=("versioning is suspended",), fix="enable it")
WARNED = Result("V07", "Lifecycle", State.WARN, actors=("x",), evidence=("kept for ever",), fix="a rule")


def unclear(trouble: Trouble) -> Result:
    return Result("V02", "There", State.SKIP, actors=("x",), because="no answer", trouble=trouble)


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (WARNED, 0),
        (FAILED, 1),
        (unclear(Trouble.CREDENTIALS), 2),
        (unclear(Trouble.NETWORK), 3),
        (unclear(Trouble.DEFECT), 3),
        (unclear(Trouble.NONE), 3),
    ],
)
def test_exit_codes(clouds: Clouds, result: Result, code: int) -> None:
    clouds.result = result
    assert run("-", stdin=AWS)[0] == code


@pytest.mark.parametrize(
    ("arguments", "cleared", "told"),
    [
        ((), None, "interrupted; nothing was written\n"),
        (("--write",), State.PASS, "interrupted; 3 objects removed; none is left\n"),
        (("--write",), State.FAIL, "interrupted; the next run names what may be left below .wandb-byob-verify\n"),
        (("--write",), None, "interrupted; the next run names what may be left below .wandb-byob-verify\n"),
    ],
)
def test_ctrl_c_ends_without_a_traceback_and_says_what_is_left(
    clouds: Clouds,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    cleared: State | None,
    told: str,
) -> None:
    def interrupted(store: Any, cast: Any, browser: Any, on_result: Any, read_only: bool) -> Report:
        if cleared:
            on_result(Result("V27", "Clean", cleared, evidence=("3 objects removed; none is left",)))
        raise KeyboardInterrupt

    monkeypatch.setattr(verification, "verify_s3", interrupted, raising=False)
    code, out, err = run("-", *arguments, stdin=AWS)
    assert (code, out) == (130, "")
    assert err.endswith(told)


def test_a_certificate_that_is_not_trusted_is_answered_with_the_option(clouds: Clouds) -> None:
    clouds.result = Result(
        "V02", "There", State.SKIP, because="[SSL: CERTIFICATE_VERIFY_FAILED]", trouble=Trouble.NETWORK
    )
    assert "name it with --ca-bundle" in run("-", stdin=AWS)[2]


def test_authorities_by_option_or_environment(clouds: Clouds, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own, machine = tmp_path / "own.pem", tmp_path / "machine.pem"
    for file in (own, machine):
        shutil.copy(certifi.where(), file)
    monkeypatch.setenv("SSL_CERT_FILE", str(machine))
    run("-", stdin=AWS)
    run("-", "--ca-bundle", str(own), stdin=AWS)
    run("-", stdin=exports.export(*exports.aws(settings={"customCaBundle": str(own)})))
    assert [ran.store.ca_bundle for ran in clouds.ran] == [str(machine), str(own), str(own)]


# ------------------------------------------------------------------------------------------ formats
def test_json_is_what_evidence_reads(clouds: Clouds, tmp_path: Path) -> None:
    file = tmp_path / "new" / "verification.json"
    clouds.result = FAILED
    code, out, _ = run("-", "--format", "json", "--record", str(file), stdin=AWS)
    assert (code, file.read_text()) == (1, out)
    told = json.loads(out)
    assert (told["format"], told["ok"], [one["store"] for one in told["reports"]]) == (1, False, ["vision"])
    (read,) = read_verifications(out)
    assert (read.place, read.read_only, read.ok) == (("", "vision-1234", "vision"), True, False)
    assert [check["state"] for check in read.checks] == ["fail", "skip", "skip", "skip"]


def test_a_record_that_cannot_be_written_is_said(clouds: Clouds, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, _, err = run("-", "--record", str(tmp_path / "file" / "v.json"), stdin=AWS)
    assert code == 3
    assert "cannot be written" in err


def test_markdown(clouds: Clouds) -> None:
    clouds.result = FAILED
    assert run("-", "--format", "markdown", stdin=AWS)[1] == (
        "## Verification of the storage\n"
        "\n"
        "1 store, not right: vision.\n"
        "\n"
        "### vision: `vision-1234`, path `vision`\n"
        "\n"
        "not fit yet: V06.\n"
        "\n"
        "| check | | state | as whom | what was seen |\n"
        "|---|---|---|---|---|\n"
        "| V06 | Versioning | **FAIL** | x | versioning is suspended **Fix:** enable it |\n"
        "\n"
        f"Not tried: V10, V11, V12, because {LEFT_OUT}.\n"
    )


def test_junit(clouds: Clouds) -> None:
    for result, inside in (
        (FAILED, {"failure": "versioning is suspended; fix: enable it"}),
        (unclear(Trouble.NETWORK), {"error": "no answer"}),
        (unclear(Trouble.NONE), {"skipped": "no answer"}),
    ):
        clouds.result = result
        (suite,) = ElementTree.fromstring(run("-", "--format", "junit", stdin=AWS)[1])  # noqa: S314 - our own
        case, *left_out = suite
        assert {one.tag: one.get("message") for one in case} == inside
        assert case.get("name", "").startswith(result.code)
        assert [one[0].tag for one in left_out] == ["skipped"] * 3
        counts = {name: int(suite.get(name, "")) for name in ("tests", "failures", "errors", "skipped")}
        mine = next(iter(inside))
        assert counts == {
            "tests": 4,
            "failures": int(mine == "failure"),
            "errors": int(mine == "error"),
            "skipped": 3 + int(mine == "skipped"),
        }


def test_sarif(clouds: Clouds) -> None:
    clouds.result = FAILED
    (only,) = json.loads(run("-", "--format", "sarif", stdin=AWS)[1])["runs"]
    (finding,) = only["results"]
    assert (finding["ruleId"], finding["level"]) == ("V06", "error")
    assert finding["message"]["text"] == "vision: Versioning: versioning is suspended. Fix: enable it"
    assert [rule["id"] for rule in only["tool"]["driver"]["rules"]] == ["V06", "V10", "V11", "V12"]
    clouds.result = WARNED
    assert json.loads(run("-", "--format", "sarif", stdin=AWS)[1])["runs"][0]["results"][0]["level"] == "warning"


# ------------------------------------------------------------------------------------------ the page
PAGE = (Path(__file__).resolve().parents[2] / "docs" / "verify.md").read_text(encoding="utf-8")


def test_the_page_has_every_option_and_every_way_to_sign_in() -> None:
    told = PAGE.partition("## Run it")[2].partition("## From Python")[0]
    options = {
        option for one in verify.params for option in (*one.opts, *one.secondary_opts) if option.startswith("--")
    }
    assert set(re.findall(r"`(--[a-z-]+)", told)) == options | {"--show-secrets"}, "the last is the engine's"
    ways = {kind for known in WAYS.values() for kind in known}
    rows = told.partition("| HOW |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`([a-z-]+)(?::[^`]*)?`", rows)) == ways
