"""The SeaweedFS process: where it listens, that it ends with its parent, and what is said when it does not start."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from sandbox.clouds.seaweedfs import server as server_module
from sandbox.clouds.seaweedfs.server import SeaweedFS, User
from sandbox.loopback import free_ports
from sandbox.places import ROOT, VENVS, python

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("seaweedfs")]
USERS = (User("admin", "AKIAADMIN00000000001", "secret", ("Admin",)),)
PARENT = """
import sys, time
from pathlib import Path
from sandbox.clouds.seaweedfs.server import SeaweedFS, User
server = SeaweedFS.start(Path(sys.argv[1]), (User("admin", "AKIAADMIN00000000001", "secret", ("Admin",)),))
print(server.process.pid, flush=True)
time.sleep(120)
"""


@pytest.fixture(autouse=True)
def installed(require: Callable[[bool, str], None]) -> None:
    require((VENVS / "seaweedfs" / "made-of").exists(), "the environment of seaweedfs: run `make setup`")


def test_it_listens_on_the_loopback_address_only_and_ends_with_its_parent(tmp_path: Path) -> None:
    parent = subprocess.Popen([str(python()), "-c", PARENT, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert parent.stdout is not None
        server = psutil.Process(int(parent.stdout.readline()))
        listening = {c.laddr.ip for c in server.net_connections() if c.status == psutil.CONN_LISTEN}
        assert listening == {"127.0.0.1"}
        assert server.name() == "weed"
    finally:
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        parent.stdout.close()
    deadline = time.monotonic() + 20
    while server.is_running() and server.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE
    assert (tmp_path / "seaweedfs.log").stat().st_size > 0


def test_a_server_that_does_not_answer_in_time_is_ended_and_its_log_shown(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="SeaweedFS does not answer on https://localhost:"):
        SeaweedFS.start(tmp_path, USERS, timeout=0)
    assert [p.pid for p in psutil.process_iter(["cmdline"]) if f"-dir={tmp_path}" in str(p.info["cmdline"])] == []


def test_a_port_that_somebody_takes_meanwhile_costs_only_another_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = []

    def first_one_taken(count: int) -> list[int]:
        ports = free_ports(count)
        if not chosen:
            ports[0] = taken.getsockname()[1]
        chosen.append(ports)
        return ports

    monkeypatch.setattr(server_module, "free_ports", first_one_taken)
    with socket.create_server(("127.0.0.1", 0)) as taken, SeaweedFS.start(tmp_path, USERS) as server:
        assert server.answers()
    assert len(chosen) == 2
