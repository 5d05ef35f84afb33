"""What the first line of a program costs, and which SDKs it loads: each import in a fresh interpreter."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from benchmarks.measuring import Comparison, Sample, paired
from sandbox.places import ROOT

ROOMS = "pulumi_aws.s3.Bucket, pulumi_aws.kms.Key, pulumi_aws.get_caller_identity_output"
LINES = {
    "composite": "from byob_components.aws import AwsByob",
    "composite, in use": f"from byob_components.aws import AwsByob; import pulumi_aws; {ROOMS}",
    "by hand": f"import json, pulumi, pulumi_aws; {ROOMS}",
    "pulumi alone": "import pulumi",
}
"""`pulumi_aws` loads a room when it is first entered, so a program that makes a store pays for what the second line loads."""
PROBE = """
import json, sys, time, types
before, begin, cpu = set(sys.modules), time.perf_counter(), time.process_time()
exec(sys.argv[1])
seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
# pulumi_aws registers its rooms without loading them; a room that was not entered is of another class than a module.
loaded = sorted(name for name in set(sys.modules) - before if type(sys.modules[name]) is types.ModuleType)
print(json.dumps({"seconds": seconds, "cpu_seconds": cpu, "loaded": loaded}))
"""
SDKS = (
    "azure", "boto3", "botocore", "click", "google.cloud", "httpx", "pulumi_aws", "pulumi_azure_native", "pulumi_gcp", "pulumi_policy",
    "pydantic", "rich",
)  # fmt: skip
"""What a program with one store on AWS could load by mistake, and `pulumi_aws`, which it must."""


def load(line: str) -> tuple[Sample, dict[str, Any]]:
    """Run one line in a fresh interpreter.

    Args:
        line: The code.
    """
    done = subprocess.run([sys.executable, "-c", PROBE, line], cwd=ROOT, capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    loaded = seen["loaded"]
    rooms = {name.split(".")[1] for name in loaded if name.count(".") == 2 and name.startswith("pulumi_aws.")}
    facts = {
        "modules": len(loaded),
        "sdks": [sdk for sdk in SDKS if any(name == sdk or name.startswith(f"{sdk}.") for name in loaded)],
        "pulumi_aws": sorted(rooms),
    }
    return Sample(seen["seconds"], seen["cpu_seconds"]), facts


def compare(rounds: int, allowance: float) -> Comparison:
    """All imports side by side.

    Args:
        rounds: How many rounds.
        allowance: Seconds for all of them.
    """
    for line in LINES.values():  # bytecode is written, files are in the cache
        load(line)
    return paired("import", 0, list(LINES), lambda name: load(LINES[name]), rounds, allowance)
