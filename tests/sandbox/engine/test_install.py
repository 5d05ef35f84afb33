"""The engine: which one is taken, when it is built again, and the environment it runs in."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.engine import install
from sandbox.engine.install import SetupError
from sandbox.providers import install as providers


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sandbox of the test's own, on a machine that has no pulumi."""
    monkeypatch.setattr(install, "BIN", tmp_path / "bin")
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    (tmp_path / "path").mkdir()
    return tmp_path / "bin"


@pytest.fixture
def go(bin_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A Go that builds at once; its command lines."""
    script(tmp_path / "path" / "go", "exit 0")
    ran: list[list[str]] = []

    def run(command: list[str], **_: Any) -> Any:
        ran.append(command)
        script(Path(command[command.index("-o") + 1]), "echo v3.259.0")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(install.subprocess, "run", run)
    return ran


def official(tmp_path: Path, version: str, *, host: bool = True) -> Path:
    found = script(tmp_path / "path" / "pulumi", f"echo {version}")
    if host:
        script(tmp_path / "path" / "pulumi-language-python", "exit 0")
    return found


@pytest.mark.parametrize("version", ["v3.259.0", "v3.272.1-alpha.5", "v4.0.0"])
def test_an_installed_engine_is_taken_when_it_is_new_enough(bin_folder: Path, tmp_path: Path, version: str) -> None:
    found = official(tmp_path, version)
    assert install.ensure_engine() == (found, "the installed one")
    assert not bin_folder.exists()


@pytest.mark.parametrize(("version", "host"), [("v3.258.9", True), ("v3.99.0", True), ("v3.272.0", False), ("garbage", True)])  # fmt: skip
def test_an_engine_that_is_too_old_or_has_no_python_host_is_left_alone(bin_folder: Path, tmp_path: Path, version: str, host: bool) -> None:  # fmt: skip
    official(tmp_path, version, host=host)
    assert install.installed_engine() is None


def test_without_an_engine_and_without_go_the_message_says_what_to_install(bin_folder: Path) -> None:
    with pytest.raises(SetupError, match=r"no Pulumi CLI 3\.259\.0 or newer, and no Go to build one"):
        install.ensure_engine()


def test_the_engine_is_built_once(go: list[list[str]], bin_folder: Path) -> None:
    assert install.ensure_engine() == (bin_folder / "pulumi", "3.259.0, built now")
    assert install.ensure_engine() == (bin_folder / "pulumi", "3.259.0, built before")
    assert len(go) == 1
    assert go[0][:2] == ["go", "build"]
    assert any("version.Version=v3.259.0" in argument for argument in go[0])


@pytest.mark.parametrize("spoil", [lambda b: (b / "pulumi").unlink(), lambda b: (b / "pulumi.made-of").write_text("another go.sum")])  # fmt: skip
def test_a_lost_or_outdated_engine_is_built_again(go: list[list[str]], bin_folder: Path, spoil: Callable[[Path], Any]) -> None:  # fmt: skip
    install.ensure_engine()
    spoil(bin_folder)
    assert install.ensure_engine()[1] == "3.259.0, built now"
    assert len(go) == 2


def test_another_version_is_another_build(go: list[list[str]], bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    install.ensure_engine()
    monkeypatch.setattr(install, "VERSION", "3.300.0")
    assert install.ensure_engine()[1] == "3.300.0, built now"


def test_a_build_that_fails_says_why_and_is_not_taken_for_done(go: list[list[str]], bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    failed = subprocess.CompletedProcess([], 1, "", "no space left on device")
    monkeypatch.setattr(install.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(SetupError, match="no space left on device"):
        install.ensure_engine()
    assert not (bin_folder / "pulumi.made-of").exists()


def test_our_language_host_stands_beside_the_built_engine(go: list[list[str]], bin_folder: Path) -> None:
    install.ensure_engine()
    host = bin_folder / "pulumi-language-python"
    assert host.stat().st_mode & 0o111 == 0o111
    assert host.read_text().rstrip().endswith('sandbox/engine/host.py" "$@"')


def test_the_engine_meets_nothing_of_the_users_own(go: list[list[str]], bin_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "a-token")
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "key.json")
    monkeypatch.setenv("ARM_CLIENT_SECRET", "hunter2")
    monkeypatch.setenv("EDITOR", "vi")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    env = install.engine_env(tmp_path / "sandbox" / "home")
    assert "PULUMI_ACCESS_TOKEN" not in env
    assert [name for name in env if name.startswith(("AWS_", "GOOGLE_", "ARM_", "AZURE_"))] == []
    assert env["EDITOR"] == "vi"
    assert env["PYTHONDONTWRITEBYTECODE"] == "", "or every command compiles our modules anew"
    assert env["PULUMI_HOME"] == str(tmp_path / "sandbox" / "home")
    assert env["PULUMI_BACKEND_URL"] == f"file://{tmp_path}/sandbox/state"
    assert env["PATH"].split(":")[0] == str(bin_folder)
    assert "PULUMI_SKIP_CHECKPOINTS" not in env, "a killed run must be recoverable"
    assert install.engine_env(tmp_path / "h", throw_away=True)["PULUMI_SKIP_CHECKPOINTS"] == "true"


class FakeEngine:
    """Installs a plugin as `pulumi plugin install --file` does, and counts."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.calls: list[str] = []

    def run(self, command: list[str], **_: Any) -> Any:
        package, release = command[command.index("resource") + 1 :][:2]
        self.calls.append(package)
        source = Path(command[command.index("--file") + 1])
        target = self.home / "plugins" / f"resource-{package}-v{release}"
        target.mkdir(parents=True, exist_ok=True)
        for file in source.iterdir():
            (target / file.name).write_bytes(file.read_bytes())
        return subprocess.CompletedProcess(command, 0, "", "")


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    engine = FakeEngine(tmp_path / "home")

    def write(folder: Path, python: Path, package: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"pulumi-resource-{package}").write_text(providers.launch_script(python, package))
        return folder

    monkeypatch.setattr(install, "ensure_engine", lambda: (tmp_path / "bin" / "pulumi", "fake"))
    monkeypatch.setattr(install.subprocess, "run", engine.run)
    monkeypatch.setattr(providers, "PACKAGES", {"aws": "pulumi-aws", "azure-native": "pulumi-azure-native"})
    monkeypatch.setattr(providers, "version", {"pulumi-aws": "7.51.1", "pulumi-azure-native": "3.29.0"}.__getitem__)
    monkeypatch.setattr(providers, "write_plugin", write)
    return engine


def test_each_plugin_is_installed_once_under_its_sdks_version(plugins: FakeEngine) -> None:
    both = "aws 7.51.1, azure-native 3.29.0"
    assert install.install_plugins(plugins.home) == f"{both}; installed now: aws, azure-native"
    assert install.install_plugins(plugins.home) == f"{both}; installed before"
    assert plugins.calls == ["aws", "azure-native"]


def test_a_plugin_is_installed_again_for_another_python_or_sdk_or_list_of_resources(
    plugins: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    install.install_plugins(plugins.home)
    monkeypatch.setattr(install, "python", lambda: Path("/elsewhere/python"))
    assert install.install_plugins(plugins.home).endswith("installed now: aws, azure-native")
    monkeypatch.setattr(providers, "version", {"pulumi-aws": "7.52.0", "pulumi-azure-native": "3.29.0"}.__getitem__)
    assert install.install_plugins(plugins.home) == "aws 7.52.0, azure-native 3.29.0; installed now: aws"
    monkeypatch.setattr(
        providers, "_made_of", lambda package: "another list" if package == "azure-native" else "the list"
    )
    install.install_plugins(plugins.home)
    assert plugins.calls[5:] == ["aws", "azure-native"]
    assert install.install_plugins(plugins.home).endswith("installed before")


def test_a_plugin_that_cannot_be_installed_says_why(plugins: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "error: disk is full")
    monkeypatch.setattr(install.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(SetupError, match="the provider plugin aws could not be installed:\nerror: disk is full"):
        install.install_plugins(plugins.home)
