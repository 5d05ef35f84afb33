"""The policy pack over the stacks of the local cloud, through the real engine."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from byob_components.review.policies import PolicyFinding, read_policies
from sandbox import stacks
from sandbox.places import ROOT
from sandbox.stacks import LocalStack, StackError

PACK = ROOT / "policies"
PROFILES = tuple(sorted(file.stem for file in (PACK / "profiles").glob("*.json")))
"""The configurations that the pack comes with."""
LISTED: dict[str, dict[str, Any]] = {
    # The account of a credential is one of the customer's project: nobody but the customer can say that it is meant.
    "gcp": {"byob-gcp-bucket-grant-principals": {"principals": ["*@byob-customer.iam.gserviceaccount.com"]}},
}
"""Stack to what its owner has reviewed and lists, beside the profile."""


def judge(stack: LocalStack, profile: str) -> list[PolicyFinding]:
    """What the pack says of a stack: a preview of the root project, in which everything that exists is known.

    Args:
        stack: Which one; its servers run.
        profile: One of PROFILES.

    Returns:
        Every finding, the mandatory ones first.

    Raises:
        StackError: The preview failed for another reason than a mandatory finding.
    """
    chosen = ("--stack", stack.name, "--config-file", str(stack.config_file))
    configuration = json.loads((PACK / "profiles" / f"{profile}.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        log, written = Path(folder) / "events.json", Path(folder) / "policies.json"
        written.write_text(json.dumps(configuration | LISTED.get(stack.name, {})))
        pack = ("--policy-pack", str(PACK), "--policy-pack-config", str(written))
        failed = None
        try:
            stacks.pulumi(stack, "preview", *chosen, *pack, "--event-log", str(log))
        except StackError as problem:
            failed = problem
        found = read_policies(log.read_text(encoding="utf-8")) if log.exists() else []
    if failed and not any(one.mandatory for one in found):
        raise failed
    return sorted(found, key=lambda one: (not one.mandatory, one.code, one.resource))


def told(finding: PolicyFinding) -> str:
    """A finding in one line.

    Args:
        finding: From `judge`.
    """
    lines = finding.text.splitlines()
    said = next((line for line in lines if finding.code in line), lines[-1] if lines else "")
    return f"{'mandatory' if finding.mandatory else 'advisory '}  {finding.resource or 'the stack'}: {said.strip()}"
