"""A warm process behaves as the interpreter that it stands for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.places import python
from tests.engine import warm_start

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every process starts from nothing")
TALKS = """\
import json, os, sys
print(json.dumps([sys.argv[1:], os.getcwd(), os.environ["TOLD"], "HOME" in os.environ, sys.stdin.read(), sys.path[0]]))
print("complaint", file=sys.stderr)
sys.exit(int(os.environ["TOLD"]))
"""
WAITS = """\
import os, signal, subprocess, sys, time
child = subprocess.Popen(["sleep", "60"])
signal.signal(signal.SIGINT, lambda *_: os._exit(5))
print(os.getpid(), child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def interpreter() -> Iterator[Path]:
    """An interpreter of the test's own, which has nothing to import; it restores the worker's."""
    before = warm_start.interpreter
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warm_start, "SERVERS", {"script.py": ("json",), "program.py": ("json",)})
        with warm_start.servers():
            assert warm_start.interpreter is not None
            yield warm_start.interpreter
    warm_start.interpreter = before


def write(folder: Path, text: str, name: str = "script.py") -> Path:
    file = folder / name
    file.write_text(text)
    return file


@pytest.mark.parametrize("code", ["0", "7"])
def test_arguments_streams_environment_and_exit_code_are_those_of_a_process(
    interpreter: Path, tmp_path: Path, code: str
) -> None:
    script = write(tmp_path, TALKS)
    runs = [
        subprocess.run(
            [which, "-u", script, "--flag", "a b"], input="given", cwd=tmp_path, env={"TOLD": code}, text=True,
            capture_output=True, check=False,
        )
        for which in (interpreter, python())
    ]  # fmt: skip
    warm, cold = runs
    assert warm.stdout == f'[["--flag", "a b"], "{tmp_path}", "{code}", false, "given", "{tmp_path}"]\n'
    assert (warm.returncode, warm.stdout, warm.stderr) == (int(code), cold.stdout, cold.stderr)


def test_an_error_is_shown_and_the_next_run_does_not_know_of_it(interpreter: Path, tmp_path: Path) -> None:
    broken = write(tmp_path, "import json\njson.broken = True\nraise ValueError('no')\n")
    ran = subprocess.run([interpreter, broken], capture_output=True, text=True, check=False)
    assert (ran.returncode, "ValueError: no" in ran.stderr) == (1, True)
    sound = write(tmp_path, "import json\nprint(hasattr(json, 'broken'))\n")
    assert subprocess.run([interpreter, sound], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_script_that_no_server_waits_for_is_run_from_nothing(interpreter: Path, tmp_path: Path) -> None:
    other = write(tmp_path, "import os\nprint(os.getppid())", "other.py")
    ran = subprocess.run([interpreter, other], capture_output=True, text=True, check=True)
    assert int(ran.stdout) == os.getpid()


def test_a_program_meets_two_orders_of_a_set(interpreter: Path, tmp_path: Path) -> None:
    program = write(tmp_path, "print(list({'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}))", "program.py")
    said = {
        subprocess.run([interpreter, program], capture_output=True, text=True, check=True).stdout for _ in range(40)
    }
    assert len(said) == 2


def begin(interpreter: Path, script: Path) -> tuple[subprocess.Popen[str], list[int]]:
    process = subprocess.Popen([interpreter, script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, [int(pid) for pid in process.stdout.readline().split()]


def gone(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat")
    try:
        return state.read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def all_gone(pids: list[int]) -> bool:
    end = time.monotonic() + 20
    while not all(map(gone, pids)) and time.monotonic() < end:
        time.sleep(0.02)
    return all(map(gone, pids))


def test_a_signal_reaches_the_script_and_what_it_has_started(interpreter: Path, tmp_path: Path) -> None:
    process, pids = begin(interpreter, write(tmp_path, WAITS))
    with process:
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 5
    assert all_gone(pids)


def test_nothing_lives_on_when_the_client_is_killed(interpreter: Path, tmp_path: Path) -> None:
    process, pids = begin(interpreter, write(tmp_path, WAITS))
    with process:
        process.kill()
    assert all_gone(pids)


def test_a_script_that_is_killed_has_been_killed(interpreter: Path, tmp_path: Path) -> None:
    process, pids = begin(interpreter, write(tmp_path, WAITS))
    with process:
        os.kill(pids[0], signal.SIGKILL)
        assert process.wait(20) == -signal.SIGKILL
    os.kill(pids[1], signal.SIGKILL)
