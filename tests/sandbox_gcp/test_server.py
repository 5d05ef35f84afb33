"""The local Google Cloud as a process: it starts, is found again, and ends without a trace."""

from __future__ import annotations

import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from sandbox.clouds.gcp import local
from sandbox.clouds.gcp.server import GoogleCloud
from sandbox.places import ROOT
from tests.sandbox_gcp.conftest import World

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("gcp")]


def test_only_its_own_authority_vouches_for_it(world: World) -> None:
    for address in (world.server.storage, world.server.apis):
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(address, timeout=5, context=ssl.create_default_context())
    assert world.server.answers()


def test_plain_http_is_not_spoken(world: World) -> None:
    with pytest.raises((urllib.error.URLError, OSError)):
        urllib.request.urlopen(world.server.storage.replace("https", "http"), timeout=5)


def test_it_is_found_again_by_its_file_or_by_its_folder(world: World, tmp_path: Path) -> None:
    world.server.save(tmp_path / "run" / "gcs.json")
    assert GoogleCloud.load(tmp_path / "run" / "gcs.json") == world.server
    assert GoogleCloud.load(tmp_path / "none.json") is None
    assert [found.pid for found in GoogleCloud.left_in(world.server.directory)] == [world.server.pid]
    assert GoogleCloud.left_in(tmp_path) == []


def test_private_keys_are_for_their_owner_only(world: World) -> None:
    assert (world.server.directory / "accounts.json").stat().st_mode & 0o77 == 0
    assert "PRIVATE KEY" not in (world.server.directory / "settings.json").read_text()


def test_a_server_that_was_not_told_to_stay_dies_with_who_started_it(world: World, tmp_path: Path) -> None:
    command = (
        "import os, sys; from pathlib import Path; from sandbox.clouds.gcp.server import GoogleCloud\n"
        "print(GoogleCloud.start(Path(sys.argv[1])).pid, flush=True); os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", command, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    assert int(done.stdout) > 0
    for _ in range(50):
        if not GoogleCloud.left_in(tmp_path):
            break
        time.sleep(0.05)
    assert GoogleCloud.left_in(tmp_path) == []


def test_the_one_that_stays(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "SERVER", tmp_path / "run" / "gcs.json")
    monkeypatch.setattr(local, "FOLDER", tmp_path / "gcs")
    assert local.running() == ""
    with pytest.raises(RuntimeError, match="the local Google Cloud is not running"):
        local.provider()
    begin = "import sys; from pathlib import Path; from sandbox.clouds.gcp import local; local.SERVER, local.FOLDER = map(Path, sys.argv[1:])\n"
    command = [
        sys.executable,
        "-c",
        begin + "print(local.start(), local.start())",
        str(local.SERVER),
        str(local.FOLDER),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "True False\n"
    try:
        known = local.loaded()
        assert local.running() == f"Cloud Storage {known.storage}, KMS and IAM {known.apis}, pid {known.pid}"
        plain, secrets = local.provider()
        assert set(secrets) == {"gcp:credentials"}
        assert plain["gcp:project"] == "byob-customer"
        assert plain["gcp:storageCustomEndpoint"] == f"{known.storage}/storage/v1/"
        assert "PRIVATE KEY" not in str(plain)
        assert local.env() == {"SSL_CERT_FILE": str(known.ca_bundle)}
    finally:
        local.stop()
    assert local.running() == ""
    assert GoogleCloud.left_in(local.FOLDER) == []
