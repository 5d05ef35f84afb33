"""The policy pack over the stacks of the local cloud, through the real engine."""

from __future__ import annotations

import tempfile
from pathlib import Path

from byob_components.review.policies import PolicyFinding, read_policies
from sandbox import stacks
from sandbox.places import ROOT
from sandbox.stacks import LocalStack, StackError

PACK = ROOT / "policies"
PROFILES = tuple(sorted(file.stem for file in (PACK / "profiles").glob("*.json")))
"""The configurations that the pack comes with."""


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
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "events.json"
        pack = ("--policy-pack", str(PACK), "--policy-pack-config", str(PACK / "profiles" / f"{profile}.json"))
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
