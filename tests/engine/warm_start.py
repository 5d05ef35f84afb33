"""The engine starts three or four Python processes at every command, and most of their time is imports.

For the many commands of the life-cycle tests the imports are done once a worker: `interpreter` is an executable that stands for
Python, and has a process that is already warm fork a copy of itself for language host, program or provider plugin. Each is still
a process of its own, with its own arguments, environment, streams and signals, that ends with its command. What shall be seen
from nothing is run without: the kills, the examples, the policy packs, `make up`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sandbox.places import ROOT, python

HERE = Path(__file__).resolve().parent / "warm"
WIRE = ("proto_only", "grpc", "google.protobuf.json_format", "google.protobuf.empty_pb2", "pulumi.runtime.proto")
SERVERS: Mapping[str, Sequence[str]] = {
    "host.py": (*WIRE, "pulumi.runtime.proto.language_pb2_grpc", "pulumi.runtime.proto.analyzer_pb2"),
    "program.py": (
        "pulumi",
        "byob_components.stack",
        "byob_components.aws",
        "byob_components.gcp",
        "byob_components.azure",
        "byob_components.s3_compatible",
        "byob_components.coreweave",
    ),
    "sandbox.providers": (
        *WIRE,
        "sandbox.providers.framework.serving",
        "sandbox.providers.aws.plugin",
        "sandbox.providers.gcp.plugin",
        "sandbox.providers.azure_native.plugin",
        "boto3",
    ),
}
"""What is run, to what it imports."""
TWICE = "program.py"
"""Two processes go through a set in different orders; a program must not care, so it meets two orders here as well."""

interpreter: Path | None = None
"""The executable that stands for Python in this worker, while its servers run."""


@contextmanager
def servers() -> Iterator[None]:
    """Start the servers of this worker, where the system can tell that forking them is safe."""
    global interpreter
    if sys.platform != "linux":
        yield
        return
    # The names of sockets are bounded, so this is no folder of pytest's.
    with TemporaryDirectory(prefix="byob-warm-") as name, ExitStack() as started:
        folder, sockets = Path(name), []
        for script, modules in SERVERS.items():
            for number in range(1 + (script == TWICE)):
                sockets.append(folder / f"{script}.{number}")
                started.enter_context(_server(sockets[-1], modules, str(number + 1)))
        client = folder / "python"
        client.write_text(
            f"#!{python()} -IS\nimport sys\nsys.path.insert(0, {str(HERE)!r})\nimport client\n"
            f"client.main({name!r}, {str(python())!r}, sys.argv[1:])\n"
        )
        client.chmod(0o755)
        end = time.monotonic() + 120
        while not all(socket.exists() for socket in sockets):
            if time.monotonic() > end:
                said = "".join(log.read_text() for log in folder.glob("*.log"))
                raise TimeoutError(f"a warm process did not start: {said}")
            time.sleep(0.05)
        interpreter = client
        try:
            yield
        finally:
            interpreter = None


@contextmanager
def _server(socket: Path, modules: Sequence[str], seed: str) -> Iterator[None]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": ""}
    with (
        Path(f"{socket}.log").open("w") as log,
        subprocess.Popen(
            [str(python()), "-u", str(HERE / "server.py"), str(socket), *modules],
            env=env, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True,
        ) as process,
    ):  # fmt: skip
        try:
            yield
        finally:
            assert process.stdin is not None
            process.stdin.close()  # it ends by itself
            process.wait(10)
