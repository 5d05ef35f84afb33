"""What a killed run leaves, cleared: locks, half-written checkpoints, operations in the air."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.places import ROOT
from sandbox.recovery import Busy, alone, clear, held, pending

GOOD = {"version": 3, "checkpoint": {"stack": "organization/byob/aws", "latest": {"resources": []}}}


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    stacks = tmp_path / ".pulumi" / "stacks" / "byob"
    stacks.mkdir(parents=True)
    for name in ("aws.json", "aws.json.bak"):
        (stacks / name).write_text(json.dumps(GOOD))
        (stacks / f"{name}.attrs").write_text("{}")
    return tmp_path


def checkpoint(backend: Path) -> Path:
    return backend / ".pulumi" / "stacks" / "byob" / "aws.json"


def test_a_clean_backend_is_left_as_it_is(backend: Path) -> None:
    before = {f: f.read_bytes() for f in backend.rglob("*") if f.is_file()}
    assert clear(backend) == []
    assert {f: f.read_bytes() for f in backend.rglob("*") if f.is_file()} == before


def test_a_backend_that_is_not_there_needs_nothing(tmp_path: Path) -> None:
    assert clear(tmp_path / "none") == []
    assert pending(tmp_path / "none", "byob", "aws") == 0


def test_locks_of_killed_engines_are_removed(backend: Path) -> None:
    locks = backend / ".pulumi" / "locks" / "organization" / "byob" / "aws"
    locks.mkdir(parents=True)
    (locks / "one.json").write_text("{}")
    (locks / "one.json.attrs").write_text("{}")
    assert clear(backend) == ["removed the lock of a killed engine"]
    assert list(locks.iterdir()) == []


def test_an_empty_attributes_file_is_removed(backend: Path) -> None:
    empty = checkpoint(backend).with_name("aws.json.attrs")
    empty.write_text("")
    assert clear(backend) == ["removed an empty file beside a checkpoint"]
    assert not empty.exists()
    assert json.loads(checkpoint(backend).read_text()) == GOOD


@pytest.mark.parametrize("half", ["", '{"version": 3, "checkp', "[]"])
def test_a_checkpoint_written_by_half_is_replaced_by_its_backup(backend: Path, half: str) -> None:
    checkpoint(backend).write_text(half)
    assert clear(backend) == ["put the backup in the place of a checkpoint that was written by half"]
    assert json.loads(checkpoint(backend).read_text()) == GOOD
    assert not checkpoint(backend).with_name("aws.json.attrs").exists(), "its digest belongs to the lost text"


def test_operations_in_the_air_are_counted(backend: Path) -> None:
    assert pending(backend, "byob", "aws") == 0
    begun = {**GOOD, "checkpoint": {"latest": {"pending_operations": [{"type": "creating"}, {"type": "updating"}]}}}
    checkpoint(backend).write_text(json.dumps(begun))
    assert pending(backend, "byob", "aws") == 2


def test_one_command_at_a_time(tmp_path: Path) -> None:
    with alone(tmp_path / "new" / "lock"):
        assert len(held()) == 1
        with pytest.raises(Busy), alone(tmp_path / "new" / "lock", patience=0):
            pass
    assert held() == ()
    with alone(tmp_path / "new" / "lock"):
        pass


def test_an_engine_keeps_the_lock_of_a_command_that_was_killed(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    command = (
        "import os, subprocess, sys; from pathlib import Path; from sandbox.recovery import alone, held\n"
        "with alone(Path(sys.argv[1])):\n"
        "    engine = subprocess.Popen(['sleep', '60'], pass_fds=held(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "    print(engine.pid, flush=True); os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", command, str(lock)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    assert done.returncode == -9
    engine = int(done.stdout)
    try:
        with pytest.raises(Busy), alone(lock, patience=0):
            pass
    finally:
        os.kill(engine, 9)
    with alone(lock):
        pass
