"""What the policies cost in a real preview: the same large buckets through the engine, without the pack and with it.

`python -m benchmarks.policies_on_engine` measures and writes JSON; `make bench` runs it. The difference is the pack's start,
its handlers, the transport and what the engine does for it; benchmarks/policies.py takes the first three apart.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.policies import large
from benchmarks.through_engine import Engine
from sandbox.places import ROOT

SIZES = (50, 250)
ROUNDS = 3
PACK = ROOT / "policies"
PROGRAM = """import pulumi
import pulumi_aws as aws

from benchmarks.policies_on_engine import arguments

for i in range(pulumi.Config("bench").require_int("buckets")):
    aws.s3.Bucket(f"bucket-{i}", **arguments(i), opts=pulumi.ResourceOptions(protect=True))
"""


def arguments(i: int) -> dict[str, Any]:
    """A large bucket, as a program gives it.

    Args:
        i: Which.
    """
    given = large(i)
    rules = given.pop("lifecycleRules")
    return {**given, "lifecycle_rules": rules}


def preview(engine: Engine, buckets: int, *more: str) -> float:
    """Seconds of a first preview.

    Args:
        engine: Where.
        buckets: How many.
        more: Options.
    """
    shutil.rmtree(engine.backend, ignore_errors=True)
    engine.backend.mkdir()
    (engine.project / "Pulumi.bench.yaml").unlink(missing_ok=True)
    engine("stack", "init", "bench")
    engine("config", "set", "bench:buckets", str(buckets), "--stack", "bench")
    begin = time.perf_counter()
    engine("preview", "--suppress-outputs", "--suppress-progress", "--stack", "bench", *more)
    return time.perf_counter() - begin


def measure(rounds: int = ROUNDS) -> dict[str, Any]:
    """Previews without and with the pack, in turn.

    Args:
        rounds: How many of each.
    """
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(Path(folder))
        (engine.project / "__main__.py").write_text(PROGRAM)
        # What the buckets lack is advised and not refused, so that the whole preview runs.
        configuration = Path(folder) / "advisory.json"
        configuration.write_text(json.dumps({"all": {"enforcementLevel": "advisory"}}))
        pack = ("--policy-pack", str(PACK), "--policy-pack-config", str(configuration))
        for buckets in SIZES:
            pairs = [(preview(engine, buckets), preview(engine, buckets, *pack)) for _ in range(rounds)]
            without, with_pack = (statistics.median(column) for column in zip(*pairs, strict=True))
            more = statistics.median(late - early for early, late in pairs)
            found[str(buckets)] = {"without_s": without, "with_pack_s": with_pack, "more_s": more}
    first, last = (found[str(size)]["more_s"] for size in SIZES)
    found["resource_ms"] = (last - first) / (SIZES[1] - SIZES[0]) * 1000
    return found


def main() -> None:
    json.dump(measure(), sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
