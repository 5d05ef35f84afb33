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

from benchmarks.measuring import Sample
from benchmarks.programs import PROGRAMS
from sandbox.places import ROOT

ACCOUNT, REGION = "111122223333", "eu-west-1"


class Cloud(mocks.Mocks):
    """Answers at once, with what the programs read."""

    def __init__(self) -> None:
        self.registered = 0

    def call(self, args: mocks.MockCallArgs) -> Any:
        return {"accountId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:user/deployer", "id": ACCOUNT, "userId": "AIDA"}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.registered += 1
        key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
        arn = key if args.typ == "aws:kms/key:Key" else f"arn:aws:s3:::{args.name}"
        made = {"bucket": args.name, "arn": arn, "region": REGION, "keyId": args.name}
        return f"{args.name}-id", {**made, **args.inputs}


def run(name: str, stores: int) -> tuple[Sample, dict[str, Any]]:
    """Run one program, from its first line until everything it registered is settled.

    Args:
        name: The program.
        stores: How many stores.
    """
    cloud = Cloud()
    settings.set_root_resource(None)  # type: ignore[arg-type] - none is how a process begins
    mocks.set_mocks(cloud, "byob", "bench", False, logging.Logger("quiet"))
    gc.collect()
    begin, cpu = time.perf_counter(), time.process_time()
    pulumi.runtime.test(lambda: PROGRAMS[name](stores))()
    sample = Sample(time.perf_counter() - begin, time.process_time() - cpu)
    return sample, {"registrations": cloud.registered}


def fresh(name: str, stores: int) -> tuple[Sample, dict[str, Any]]:
    """Run one program in a process of its own: what an earlier run leaves behind would slow down the next.

    Args:
        name: The program.
        stores: How many stores.
    """
    command = [sys.executable, "-m", "benchmarks.under_mocks", name, str(stores)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    return Sample(**seen["sample"]), seen["facts"]


if __name__ == "__main__":
    run(sys.argv[1], 2)  # what is imported and cached at the first use belongs to no program
    taken, found = run(sys.argv[1], int(sys.argv[2]))
    print(json.dumps({"sample": asdict(taken), "facts": found}))
