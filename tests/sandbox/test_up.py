"""`make up` and `make down` from end to end, with a local cloud of the test's own beside the one that may run already."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.engine.install import installed_engine
from sandbox.places import BIN, ROOT
from sandbox.stacks import STACKS

pytestmark = [pytest.mark.engine, pytest.mark.server]
CLOUDS = ("aws", "gcp", "azure", "s3_compatible", "coreweave")
"""The stacks of `make up`, in their order."""


class LocalCloud:
    def __init__(self, live: Path) -> None:
        self.live = live

    def run(self, command: str, cloud: str = "aws", **env: str) -> subprocess.CompletedProcess[str]:
        chosen = {"BYOB_SANDBOX_LIVE": str(self.live), "CLOUD": cloud, **env}
        return subprocess.run(
            [sys.executable, "-m", "sandbox", command], cwd=ROOT, env={**os.environ, **chosen},
            capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip

    @property
    def server(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.live / "run" / "ministack.json").read_text())
        return found

    @property
    def secrets(self) -> list[str]:
        """Every secret key and session token of everybody on the local AWS."""
        everybody = json.loads((self.live / "run" / "aws-accounts.json").read_text()).values()
        return [keys[name] for keys in everybody for name in ("secret_key", "session_token") if keys[name]]


def said(done: subprocess.CompletedProcess[str], step: str) -> str:
    """What became of a step; a dot stands for each quarter of a minute that it took."""
    found = re.search(rf"^{step} +\.*(.*) \(\d+\.\d s\)$", done.stderr, re.MULTILINE)
    assert found, done.stderr[-3000:]
    return found[1]


def runs(pid: int) -> bool:
    """Whether the process still does anything; one that only waits to be collected by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def cloud(tmp_path: Path, require: Callable[[bool, str], None]) -> Iterator[LocalCloud]:
    require(installed_engine() is not None or (BIN / "pulumi").exists(), "the Pulumi CLI: run `make setup`")
    made = LocalCloud(tmp_path / "live")
    yield made
    assert made.run("down", cloud="").returncode == 0


def test_up_is_repeatable_recovers_from_kills_and_goes_down_without_a_trace(cloud: LocalCloud) -> None:
    # The engine dies by SIGKILL after its ninth change; an empty file stays beside the checkpoint, as it sometimes does.
    killed = cloud.run("up", BYOB_SANDBOX_KILL_AFTER="9")
    assert killed.returncode == 3
    assert "ended with -9" in killed.stderr
    assert "Traceback" not in killed.stderr
    (cloud.live / "state" / "aws" / ".pulumi" / "stacks" / "byob" / "aws.json.attrs").write_text("")

    recovered = cloud.run("up")
    assert recovered.returncode == 0, recovered.stdout[-3000:] + recovered.stderr[-3000:]
    assert said(recovered, "Servers of aws").startswith("running: ministack https://localhost:")
    assert said(recovered, "State of aws").startswith("removed the lock of a killed engine; removed an empty file")
    assert said(recovered, "Verification of aws") == "3 stores, all right"
    assert "| Cloud provider | `AWS` |" in recovered.stdout, "the hand-off"
    assert recovered.stdout.count("W&B can use this store") == 3

    again = cloud.run("up")
    assert again.returncode == 0
    assert said(again, "Servers of aws").startswith("running")
    assert said(again, "State of aws") == "kept"
    assert said(again, "Configuration of aws") == "as before"
    assert again.stdout.count("41 unchanged") == 2, "the preview and the update"

    judged = cloud.run("policy")
    assert judged.returncode == 0, judged.stdout[-3000:] + judged.stderr[-3000:]
    assert said(judged, "Policies on aws").startswith("0 mandatory, ")
    assert "aws: passes\n  advisory   " in judged.stdout
    regulated = cloud.run("policy", PROFILE="regulated")
    assert regulated.returncode == 1, "advice is mandatory there, and one violation blocks"
    assert said(regulated, "Policies on aws").endswith(" mandatory, 0 advisory")
    assert (
        "  mandatory  Bucket robotics: BYOB-POL-AWS-037: nothing in the stack declares an access log"
        in regulated.stdout
    )

    secrets = cloud.secrets
    assert len(secrets) > 8
    kept = [f.read_text(errors="replace") for part in ("state", "config") for f in (cloud.live / part).rglob("*") if f.is_file()]  # fmt: skip
    runs_of_ours = (killed, recovered, again, judged, regulated)
    for text in (*(text for one in runs_of_ours for text in (one.stdout, one.stderr)), *kept):
        assert not any(secret in text for secret in secrets)

    os.kill(int(cloud.server["pid"]), 9)
    assert cloud.run("status").stdout == "".join(f"{name}: not running\n" for name in CLOUDS)
    anew = cloud.run("up")
    assert anew.returncode == 0, anew.stderr[-3000:]
    assert said(anew, "Servers of aws").startswith("started")
    assert said(anew, "State of aws") == "new servers: the old state was dropped"
    assert anew.stdout.count("41 created") == 1

    server = cloud.server
    assert cloud.run("down").stdout == "aws: stopped\n"
    assert not runs(int(server["pid"]))
    for address in (server["endpoint"], server["plain_endpoint"]):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", int(address.rsplit(":", 1)[1]))) != 0
    assert cloud.run("down").stdout == "aws: was not running\n"
    nothing = cloud.run("policy")
    assert (nothing.returncode, nothing.stdout) == (3, "")
    assert "no stack of the local cloud is up: run `make up` first" in nothing.stderr


@pytest.mark.parametrize(
    ("name", "stores", "resources", "handed_off"),
    [
        ("gcp", 3, 21, "| Cloud provider | `Google Cloud` |"),
        ("azure", 3, 46, "| Cloud provider | `Azure` |"),
        ("s3_compatible", 2, 14, "| Cloud provider | `S3-compatible` |"),
        ("coreweave", 2, 14, "| Cloud provider | `CoreWeave` |"),
    ],
)
def test_each_other_cloud_comes_up_is_proved_and_goes_down(
    cloud: LocalCloud, name: str, stores: int, resources: int, handed_off: str
) -> None:
    first = cloud.run("up", name)
    assert first.returncode == 0, first.stdout[-3000:] + first.stderr[-3000:]
    assert said(first, f"Verification of {name}") == f"{stores} stores, all right"
    assert first.stdout.count("W&B can use this store") == stores
    assert first.stdout.count(handed_off) == stores
    assert first.stdout.count(f"{resources} created") == 1
    assert "Servers of aws" not in first.stderr, "only the one that was asked for"

    again = cloud.run("up", name)
    assert again.returncode == 0, again.stdout[-3000:] + again.stderr[-3000:]
    assert said(again, f"State of {name}") == "kept"
    assert said(again, f"Configuration of {name}") == "as before"
    assert again.stdout.count(f"{resources} unchanged") == 2, "the preview and the update"

    judged = cloud.run("policy", name)
    assert judged.returncode == 0, judged.stdout[-3000:] + judged.stderr[-3000:]
    assert judged.stdout.startswith(f"{name}: passes\n  advisory   "), "what is shared or open to every site is advice"

    assert cloud.run("down", name).stdout == f"{name}: stopped\n"
    assert cloud.run("status").stdout == "".join(f"{one}: not running\n" for one in CLOUDS)
    assert not (cloud.live / "state" / name).exists()


def test_every_stack_of_the_local_cloud_is_brought_up_by_a_test() -> None:
    assert tuple(STACKS) == CLOUDS
