"""The programs under `pulumi.runtime.set_mocks`: the SDK's work and ours, without an engine and without a provider."""

from __future__ import annotations

import gc
import json
import logging
import subprocess
import sys
import time
from dataclasses import asdict
from typing import Any

import pulumi
from pulumi.runtime import mocks, settings

from benchmarks.answers import called, computed
from benchmarks.measuring import Sample
from benchmarks.programs import programs
from sandbox.places import ROOT


class Cloud(mocks.Mocks):
    """Answers at once, with what the programs read."""

    def __init__(self) -> None:
        self.registered = 0

    def call(self, args: mocks.MockCallArgs) -> Any:
        return called(args.token)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.registered += 1
        return f"{args.name}-id", {**computed(args.typ, args.name), **args.inputs}


def run(name: str, cloud: str, stores: int) -> tuple[Sample, dict[str, Any]]:
    """Run one program, from its first line until everything it registered is settled.

    Args:
        name: The program.
        cloud: Whose.
        stores: How many stores.
    """
    local = Cloud()
    program = programs(cloud)[name]
    settings.set_root_resource(None)  # type: ignore[arg-type] - none is how a process begins
    mocks.set_mocks(local, "byob", "bench", False, logging.Logger("quiet"))
    gc.collect()
    begin, cpu = time.perf_counter(), time.process_time()
    pulumi.runtime.test(lambda: program(stores))()
    sample = Sample(time.perf_counter() - begin, time.process_time() - cpu)
    return sample, {"registrations": local.registered}


def fresh(name: str, cloud: str, stores: int) -> tuple[Sample, dict[str, Any]]:
    """Run one program in a process of its own: what an earlier run leaves behind would slow down the next.

    Args:
        name: The program.
        cloud: Whose.
        stores: How many stores.
    """
    command = [sys.executable, "-m", "benchmarks.under_mocks", name, cloud, str(stores)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    return Sample(**seen["sample"]), seen["facts"]


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2], 2)  # what is imported and cached at the first use belongs to no program
    taken, found = run(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    print(json.dumps({"sample": asdict(taken), "facts": found}))
