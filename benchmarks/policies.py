"""What the policies cost: the own analyzer beside pulumi-policy, on the same resources, in the pack's own environment.

`policies/venv/bin/python -m benchmarks.policies` measures and writes JSON; `make bench` runs it. Times are of the handlers
themselves (Remediate and Analyze of each resource, AnalyzeStack apart), of the whole call through gRPC, and from the start of
the process to its port. Numbers of one run are compared with each other only: machines differ.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SIZES = (250, 500, 1000, 2000)
SDK_RESOURCES = 30
"""pulumi-policy takes some hundred times as long a resource, so it gets fewer."""
LIMITS = {"start_to_port_s": 0.6, "resource_processor_ms": 1.0, "stack_processor_ms": 1.0, "linear": 1.5}
"""Seconds until the port; milliseconds of the processor a resource; how much more of them a resource may cost among 2,000 than
among 250."""


def large(i: int) -> dict[str, Any]:
    """The properties of a large bucket: ten lifecycle rules inline and twenty tags.

    Args:
        i: Which.
    """
    rule = {"enabled": True, "prefix": "runs/", "noncurrentVersionExpiration": {"days": 30}}
    return {
        "bucket": f"bucket-{i}",
        "tags": {f"tag-{n}": f"value {n}" for n in range(20)},
        "versioning": {"enabled": True},
        "lifecycleRules": [
            {**rule, "id": f"rule-{n}", "transitions": [{"days": 30 + n, "storageClass": "STANDARD_IA"}]}
            for n in range(10)
        ],
    }


def requests(count: int) -> list[Any]:
    """What the engine asks about that many large buckets.

    Args:
        count: How many.
    """
    from pulumi.runtime.proto import analyzer_pb2

    made = []
    for i in range(count):
        urn = f"urn:pulumi:bench::bench::aws:s3/bucket:Bucket::bucket-{i}"
        request = analyzer_pb2.AnalyzeRequest(type="aws:s3/bucket:Bucket", urn=urn, name=f"bucket-{i}")
        request.properties.update(large(i))
        made.append(request)
    return made


def stack_request(of: Sequence[Any]) -> Any:
    """The same resources, as AnalyzeStack gets them.

    Args:
        of: From `requests`.
    """
    from pulumi.runtime.proto import analyzer_pb2

    whole = analyzer_pb2.AnalyzeStackRequest()
    for one in of:
        whole.resources.add(type=one.type, urn=one.urn, name=one.name).properties.CopyFrom(one.properties)
    return whole


def own() -> Any:
    """The own analyzer with every rule."""
    from byob_components.policies import RULES, Session
    from byob_components.policies.serving.servicer import Analyzer

    return Analyzer(Session(RULES), "byob", "")


def sdk() -> Any:
    """pulumi-policy with every rule."""
    from pulumi_policy import EnforcementLevel
    from pulumi_policy.policy import _PolicyAnalyzerServicer

    from byob_components.policies import RULES, Session
    from byob_components.policies.serving.sdk import policies

    return _PolicyAnalyzerServicer("byob", "0.0.1", policies(Session(RULES)), EnforcementLevel.MANDATORY)


def handlers(make: Callable[[], Any], count: int) -> dict[str, float]:
    """Milliseconds a resource in the handlers: by the clock, and of the processor, which is less shaken by what else runs.

    Args:
        make: Makes the servicer.
        count: How many resources.
    """
    asked = requests(count)
    whole = stack_request(asked)
    servicer = make()
    marks = [(time.perf_counter(), time.process_time())]
    for request in asked:
        servicer.Remediate(request, None)
        servicer.Analyze(request, None)
    marks.append((time.perf_counter(), time.process_time()))
    servicer.AnalyzeStack(whole, None)
    marks.append((time.perf_counter(), time.process_time()))
    found = {}
    for what, before, after in (("resource", *marks[:2]), ("stack", *marks[1:])):
        found[f"{what}_ms"] = (after[0] - before[0]) / count * 1000
        found[f"{what}_processor_ms"] = (after[1] - before[1]) / count * 1000
    return found


def through_grpc(count: int) -> dict[str, float]:
    """Milliseconds a resource of the whole calls, transport included, and seconds until the port.

    Args:
        count: How many resources.
    """
    import grpc
    from pulumi.runtime.proto import analyzer_pb2_grpc

    begin = time.perf_counter()
    command = [sys.executable, "-u", str(ROOT / "policies" / "__main__.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        ready = time.perf_counter()
        asked = requests(count)
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            client = analyzer_pb2_grpc.AnalyzerStub(channel)
            client.Remediate(asked[0])
            start = time.perf_counter()
            for request in asked:
                client.Remediate(request)
                client.Analyze(request)
            end = time.perf_counter()
        process.terminate()
    return {"start_to_port_s": ready - begin, "transport_resource_ms": (end - start) / count * 1000}


def measure(rounds: int = 3) -> dict[str, Any]:
    """Everything, each number the median of some rounds.

    Args:
        rounds: How many.
    """
    by_size = {str(size): _median([handlers(own, size) for _ in range(rounds)]) for size in SIZES}
    slow = _median([handlers(sdk, SDK_RESOURCES)])
    fast = _median([handlers(own, SDK_RESOURCES) for _ in range(rounds)])
    whole = _median([through_grpc(500) for _ in range(rounds)])
    first, last = by_size[str(SIZES[0])], by_size[str(SIZES[-1])]
    linear = {name: last[name] / first[name] for name in first if "processor" in name}
    thousand = by_size["1000"]
    kept = {
        "start_to_port_s": whole["start_to_port_s"] < LIMITS["start_to_port_s"],
        **{name: thousand[name] < LIMITS[name] for name in ("resource_processor_ms", "stack_processor_ms")},
        "linear": max(linear.values()) < LIMITS["linear"],
    }
    return {
        "own": by_size,
        "own_through_grpc": whole,
        "sdk": slow,
        "sdk_over_own": {name: slow[name] / fast[name] for name in slow},
        "linear": linear,
        "limits": LIMITS,
        "kept": kept,
    }


def _median(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}


def main() -> None:
    sys.path.insert(0, str(ROOT))
    found = measure()
    json.dump(found, sys.stdout, indent=2)
    print()
    sys.exit(0 if all(found["kept"].values()) else 1)


if __name__ == "__main__":
    main()
