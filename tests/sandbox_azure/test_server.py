"""The local Azure as a process: it starts, is found again, and ends without a trace."""

from __future__ import annotations

import json
import re
import shutil
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from sandbox.clouds.azure import azurite, local
from sandbox.clouds.azure.server import AzureCloud
from sandbox.places import ROOT
from tests.sandbox_azure.conftest import World

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("azure")]
HERE = ROOT / "sandbox" / "clouds" / "azure"


def test_only_its_own_authority_vouches_for_it(world: World) -> None:
    for address in (world.server.arm, world.server.blob):
        with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen(address, timeout=5, context=ssl.create_default_context())
    assert world.server.answers()


def test_it_is_found_again_by_its_file_or_by_its_folder(world: World, tmp_path: Path) -> None:
    world.server.save(tmp_path / "run" / "azure.json")
    assert AzureCloud.load(tmp_path / "run" / "azure.json") == world.server
    assert AzureCloud.load(tmp_path / "none.json") is None
    assert [found.pid for found in AzureCloud.left_in(world.server.directory)] == [world.server.pid]
    assert AzureCloud.left_in(tmp_path) == []


def test_secrets_are_for_their_owner_only(world: World) -> None:
    account = world.account()
    folder = world.server.directory
    assert (folder / "accounts.json").stat().st_mode & 0o77 == 0
    assert (folder / "azurite" / "accounts.json").stat().st_mode & 0o77 == 0
    said = (folder / "settings.json").read_text() + (folder / "azure.log").read_text()
    assert "PRIVATE KEY" not in said
    assert world.accounts.deployer.secret not in said
    assert world.key(account) not in said
    assert "sig=" not in said


def test_a_server_that_was_not_told_to_stay_dies_with_who_started_it(world: World, tmp_path: Path) -> None:
    command = (
        "import os, sys; from pathlib import Path; from sandbox.clouds.azure.server import AzureCloud\n"
        "print(AzureCloud.start(Path(sys.argv[1])).pid, flush=True); os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", command, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    assert int(done.stdout) > 0
    for _ in range(100):
        if not AzureCloud.left_in(tmp_path) and not _azurites(tmp_path):
            break
        time.sleep(0.05)
    assert AzureCloud.left_in(tmp_path) == []
    assert _azurites(tmp_path) == []


def _azurites(folder: Path) -> list[str]:
    """The processes of Azurite that keep their data below a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().decode()
        except OSError:
            continue
        if f"{folder}/azurite/data" in command:
            found.append(entry.name)
    return found


def test_the_one_that_stays(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "SERVER", tmp_path / "run" / "azure.json")
    monkeypatch.setattr(local, "FOLDER", tmp_path / "azure")
    assert local.running() == ""
    with pytest.raises(RuntimeError, match="the local Azure is not running"):
        local.provider()
    begin = "import sys; from pathlib import Path; from sandbox.clouds.azure import local; local.SERVER, local.FOLDER = map(Path, sys.argv[1:])\n"
    command = [sys.executable, "-c", begin + "print(local.start(), local.start())", str(local.SERVER), str(local.FOLDER)]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "True False\n"
    try:
        known = local.loaded()
        assert local.running() == f"Resource Manager {known.arm}, blobs {known.blob}, pid {known.pid}"
        plain, secrets = local.provider()
        assert set(secrets) == {"azure-native:clientSecret"}
        assert plain["azure-native:metadataHost"] == known.arm.removeprefix("https://")
        assert secrets["azure-native:clientSecret"] not in str(plain)
        assert local.env() == {"SSL_CERT_FILE": str(known.ca_bundle)}
    finally:
        local.stop()
    assert local.running() == ""
    assert AzureCloud.left_in(local.FOLDER) == []
    assert _azurites(local.FOLDER) == []


def test_where_everything_is_follows_from_one_host(world: World) -> None:
    found = world.web.get(f"{world.server.arm}/metadata/endpoints?api-version=2022-09-01").json()
    assert found["resourceManager"] == f"{world.server.arm}/"
    assert found["authentication"]["loginEndpoint"] == f"{world.server.arm}/"
    assert found["authentication"]["audiences"] == ["https://management.core.windows.net/", "https://management.azure.com/"]  # fmt: skip


def test_azurite_is_installed_once() -> None:
    folder, _ = azurite.ensure_azurite()
    assert (folder / "package.json").exists()
    assert azurite.ensure_azurite() == (folder, False)
    assert json.loads((folder / "package.json").read_text())["version"] == "3.37.0"


def test_the_lock_names_every_package_by_its_checksum_and_none_by_an_address() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text())
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert len(packages) > 100
    assert [name for name, one in packages.items() if not one["integrity"].startswith("sha512-")] == []
    assert [name for name, one in packages.items() if "resolved" in one] == []
    assert re.findall(r"registry\.", (HERE / "package-lock.json").read_text()) == []


@pytest.mark.parametrize("missing", ["node", "npm"])
def test_what_is_missing_is_named(missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(azurite, "FOLDER", tmp_path / "npm" / "azurite")
    real = shutil.which
    monkeypatch.setattr(azurite.shutil, "which", lambda name: None if name == missing else real("sh"))
    with pytest.raises(RuntimeError, match=f"the local Azure needs (N|n){'ode' if missing == 'node' else 'pm'}"):
        azurite.ensure_azurite()
