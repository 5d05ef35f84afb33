"""The page about the verification: its example runs, and it has a row for every check."""

import io
import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import byob_components.verify as verify
from byob_components.verify import Report, Result, State

PAGE = (Path(__file__).parents[2] / "docs" / "verify.md").read_text()
S3_PAGE, GCS_PAGE = (PAGE.partition("\n## Google Cloud Storage\n")[i].partition("\n## Azure")[0] for i in (0, 2))
AZURE_PAGE = PAGE.partition("\n## Azure Blob Storage\n")[2]
CODES = ["V02", "V03", "V04", "V05", "V06", "V07", "V08", "V09", "V10", "V11", "V12", "V13", "V14", "V15", "V16", "V16:browser",
         "V17, V17:browser", "V18", "V19", "V19:*name*", "V21", "V22", "V27"]  # fmt: skip
GCS_CODES = ["V02", "V03", "V04", "V05", "V06", "V07", "V08", "V09", "V10", "V11", "V12", "V13", "V14", "V14:soft-delete", "V15",
             "V16, V16:browser", "V17, V17:browser", "V18", "V19", "V19:*name*", "V19:policy", "V21", "V22", "V24", "V27"]  # fmt: skip

AZURE_CODES = ["V01", "V02", "V03", "V04", "V05", "V06", "V07", "V08", "V09", "V10", "V11", "V12", "V13", "V14", "V14:soft-delete", "V15",
               "V16, V16:browser", "V17, V17:browser", "V18", "V19", "V19:*name*", "V21", "V22", "V22:roles", "V23:delegation", "V23:shared-key",
               "V27"]  # fmt: skip


class Session:
    def __init__(self, profile_name: str) -> None:
        self.profile = profile_name

    def get_credentials(self) -> Any:
        keys = SimpleNamespace(access_key=f"AKIA-{self.profile}", secret_key="secret", token=None)
        return SimpleNamespace(get_frozen_credentials=lambda: keys)

    def client(self, service: str) -> Any:
        keys = {"AccessKeyId": "ASIA", "SecretAccessKey": "secret", "SessionToken": "token"}
        return SimpleNamespace(assume_role=lambda RoleArn, RoleSessionName: {"Credentials": keys})


@pytest.mark.parametrize(("state", "code"), [(State.PASS, 0), (State.FAIL, 1)])
def test_the_example_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], state: State, code: int
) -> None:
    example = re.findall(r"```python\n(.*?)```", S3_PAGE, re.DOTALL)[0]
    seen: list[Any] = []

    def verified(store: Any, cast: Any, browser: str | None, on_result: Any) -> Report:
        seen.extend((store, cast))
        result = Result("V02", "There", state, evidence=("seen",))
        on_result(result)
        return Report(store.subject(), "run", "now", 0.1, (result,))

    monkeypatch.setitem(sys.modules, "boto3", SimpleNamespace(Session=Session))
    monkeypatch.setattr(verify, "verify_s3", verified, raising=False)
    with pytest.raises(SystemExit) as ended:
        exec(compile(example, "docs/verify.md", "exec"), {})  # noqa: S102 - our own page
    assert ended.value.code == code
    store, cast = seen
    assert (store.bucket, store.path, cast.wandb.name, cast.owner.login) == (
        "acme-wandb-vision",
        "vision",
        "W&B's stand-in",
        "AKIA-storage-admin",
    )
    out, err = capsys.readouterr()
    assert "bucket acme-wandb-vision" in out
    assert err == f"V02 {state}\n"


@pytest.mark.parametrize(("state", "code"), [(State.PASS, 0), (State.FAIL, 1)])
def test_the_example_for_google_cloud_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, state: State, code: int
) -> None:
    example = re.findall(r"```python\n(.*?)```", GCS_PAGE, re.DOTALL)[0]
    seen: list[Any] = []
    outputs = {
        "bucketName": "vision-1234", "region": "europe-west1", "paths": ["vision"], "kmsKeyId": "", "principals": ["w@acme.iam.gserviceaccount.com"],
        "storageAddresses": {"vision": "gs://vision-1234/vision"},
    }  # fmt: skip

    def verified(store: Any, cast: Any, browser: str | None) -> Report:
        seen.extend((store, cast))
        return Report(store.subject(), "run", "now", 0.1, (Result("V02", "There", state, evidence=("seen",)),))

    def ran(command: list[str], **options: Any) -> Any:
        assert command == ["pulumi", "stack", "output", "--json", "--show-secrets"]
        return SimpleNamespace(stdout=json.dumps({"teams": {"vision": outputs}}))

    for name in ("stand-in", "elsewhere"):
        key = {
            "client_email": f"{name}@acme.iam.gserviceaccount.com",
            "private_key": "secret",
            "token_uri": "https://token",
        }
        (tmp_path / f"{name}.json").write_text(json.dumps(key))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("subprocess.run", ran)
    monkeypatch.setattr("google.auth.default", lambda scopes: (SimpleNamespace(token=None), None))
    monkeypatch.setattr(verify, "verify_gcs", verified, raising=False)
    with pytest.raises(SystemExit) as ended:
        exec(compile(example, "docs/verify.md", "exec"), {})  # noqa: S102 - our own page
    assert ended.value.code == code
    store, cast = seen
    assert (store.bucket, store.path, store.principals) == (
        "vision-1234",
        "vision",
        ("w@acme.iam.gserviceaccount.com",),
    )
    assert [who.login for who in (cast.wandb, cast.owner, *cast.outsiders)] == [
        "stand-in@acme.iam.gserviceaccount.com", "storage-admin@acme.example", "elsewhere@acme.iam.gserviceaccount.com",
    ]  # fmt: skip
    assert "bucket vision-1234" in capsys.readouterr().out


@pytest.mark.parametrize(("state", "code"), [(State.PASS, 0), (State.FAIL, 1)])
def test_the_example_for_azure_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], state: State, code: int
) -> None:
    example = re.findall(r"```python\n(.*?)```", AZURE_PAGE, re.DOTALL)[0]
    seen: list[Any] = []
    outputs = {
        "storageAddresses": {"vision": "az://visionacme/vision/vision"}, "bucketName": "vision", "region": "westeurope", "paths": ["vision"], "kmsKeyId": "", "principals": ["p-1"],
    }  # fmt: skip

    def verified(store: Any, cast: Any, browser: str | None) -> Report:
        seen.extend((store, cast))
        return Report(store.subject(), "run", "now", 0.1, (Result("V02", "There", state, evidence=("seen",)),))

    def ran(command: list[str], **options: Any) -> Any:
        assert command == ["pulumi", "stack", "output", "--json", "--show-secrets"]
        return SimpleNamespace(stdout=json.dumps({"teams": {"vision": outputs}}))

    monkeypatch.setattr("azure.identity.CertificateCredential", lambda tenant, client, file: SimpleNamespace(file=file))
    monkeypatch.setattr("subprocess.run", ran)
    monkeypatch.setattr("sys.stdin", io.StringIO("a2V5\n"))
    monkeypatch.setattr(verify, "verify_azure", verified, raising=False)
    with pytest.raises(SystemExit) as ended:
        exec(compile(example, "docs/verify.md", "exec"), {})  # noqa: S102 - our own page
    assert ended.value.code == code
    store, cast = seen
    assert (store.account, store.container, store.path, store.mode, store.principals) == (
        "visionacme",
        "vision",
        "vision",
        "team_connector",
        ("p-1",),
    )
    assert (cast.owner.login, cast.outsiders[0].account) == ("storage-admin@acme.example", "acmeother")
    assert "account visionacme" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("page", "codes"),
    [(S3_PAGE, CODES), (GCS_PAGE, GCS_CODES), (AZURE_PAGE, AZURE_CODES)],
    ids=["S3", "Google Cloud", "Azure"],
)
def test_every_check_has_its_row(page: str, codes: list[str]) -> None:
    assert re.findall(r"^\| (V\d\d[^|]*?) \|", page, re.MULTILINE) == codes
