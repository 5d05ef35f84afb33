"""The plugin as the engine meets it: an executable that tells its port, and ends when it is told to or its engine is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2_grpc

from sandbox.places import python
from sandbox.providers.install import launch_script, write_plugin


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_plugin(tmp_path_factory.mktemp("plugin"), python())


def gone(pid: int) -> bool:
    """Whether the process ends within some seconds."""
    for _ in range(60):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.1)
    return False


def test_the_folder_holds_the_executable_and_the_contract(folder: Path) -> None:
    assert sorted(f.name.split("-")[0] for f in folder.iterdir()) == ["contract", "pulumi"]
    script = folder / "pulumi-resource-aws"
    assert script.stat().st_mode & 0o111 == 0o111
    assert script.read_text() == launch_script(python())


def test_the_plugin_tells_its_port_serves_and_ends_at_sigint(folder: Path, tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    process = subprocess.Popen([str(folder / "pulumi-resource-aws"), "127.0.0.1:1"], env=env, cwd=tmp_path, stdout=subprocess.PIPE, text=True)  # fmt: skip
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            told = provider_pb2_grpc.ResourceProviderStub(channel).GetPluginInfo(Empty(), timeout=10)
        assert told.version.startswith("7.")
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 0
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
    assert list(tmp_path.iterdir()) == [], "the contract was beside the executable: nothing was generated"


def test_the_plugin_does_not_outlive_its_engine(folder: Path, tmp_path: Path) -> None:
    engine = "import subprocess, sys; p = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE); p.stdout.readline(); print(p.pid)"  # fmt: skip
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", engine, str(folder / "pulumi-resource-aws")], env=env, capture_output=True, text=True, timeout=60, check=True)  # fmt: skip
    assert gone(int(done.stdout))
