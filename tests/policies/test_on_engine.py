"""The pack on the real engine: what a preview blocks, what only `up` can see, and an export without a login."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.engine.install import ensure_engine
from sandbox.engine.yaml_host import yaml_host
from sandbox.places import ROOT, python
from tests.engine import conftest as on_engine
from tests.engine.conftest import Bench
from tests.engine.workbench import Workbench

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("policies-on-engine")]

engine, aws = on_engine.engine, on_engine.aws
provider_settings, bench = on_engine.provider_settings, on_engine.bench
PACK = str(ROOT / "policies")
SPLIT = """
import pulumi, pulumi_aws as aws
bucket = aws.s3.Bucket("vision", opts=pulumi.ResourceOptions(protect=True))
aws.s3.BucketVersioning("vision", bucket=bucket.bucket, versioning_configuration={"status": "Suspended"})
aws.s3.Bucket("nlp", opts=pulumi.ResourceOptions(protect=True))
"""
INLINE = """
import pulumi, pulumi_aws as aws
aws.s3.Bucket("vision", versioning={"enabled": False}, opts=pulumi.ResourceOptions(protect=True))
aws.s3.Bucket("nlp", versioning={"enabled": True}, opts=pulumi.ResourceOptions(protect=True))
"""
YAML = """
vision:
  type: aws:s3:Bucket
  options: {protect: true}
nlp:
  type: aws:s3:Bucket
  options: {protect: true}
nlp-versioning:
  type: aws:s3:BucketVersioning
  properties:
    bucket: ${nlp.bucket}
    versioningConfiguration: {status: Enabled}
"""


@pytest.fixture(scope="module", autouse=True)
def pack(engine: None, pack_python: Path) -> None:
    """The engine, and the environment of the pack."""


def said(events: tuple[dict[str, Any], ...]) -> dict[str, set[tuple[str, str]]]:
    """Rule to the level and the name of each resource it spoke of."""
    found: dict[str, set[tuple[str, str]]] = {}
    for event in events:
        if "policyEvent" in event:
            one = event["policyEvent"]
            name = one.get("resourceUrn", "").rpartition("::")[2]
            found.setdefault(one["policyName"], set()).add((one["enforcementLevel"], name))
    return found


@pytest.fixture
def open_stack(tmp_path: Path, request: pytest.FixtureRequest) -> Workbench:
    """A stack whose provider takes every property of the real one."""
    env = {"BYOB_POLICY_SDK": "1"} if getattr(request, "param", "") == "sdk" else {}
    stack = Workbench(tmp_path / "bench", {}, program=SPLIT, env=env)
    use(stack, {"name": "python", "options": {"virtualenv": str(ROOT / ".venv")}})
    return stack


def install(folder: Path, root: Path, python: Path) -> Path:
    """Put the plugin into a folder that a project file names.

    Args:
        folder: Where.
        root: The repository.
        python: The interpreter.
    """
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "pulumi-resource-aws"
    script.write_text(
        f'#!/bin/sh\nexport PYTHONPATH="{root}"\nexec "{python}" -u -m tests.policies.open_provider "$@"\n'
    )
    script.chmod(0o755)
    return folder


def use(stack: Workbench, runtime: object, **more: object) -> None:
    """Write the project file of an open stack."""
    plugins = {"providers": [{"name": "aws", "path": str(install(stack.folder / "plugin", ROOT, python()))}]}
    project = {"name": "demo", "runtime": runtime, "plugins": plugins, **more}
    (stack.folder / "project" / "Pulumi.yaml").write_text(yaml.safe_dump(project))


@pytest.mark.parametrize("open_stack", ["own", "sdk"], indirect=True)
def test_a_preview_blocks_a_bucket_without_versioning(open_stack: Workbench, request: pytest.FixtureRequest) -> None:
    split = open_stack.preview("--policy-pack", PACK).refused("BYOB-POL-AWS-001", "BYOB-POL-AWS-002", "mandatory")
    assert said(split.events)["byob-aws-bucket-versioning"] == {("mandatory", "vision")}
    assert said(split.events)["byob-aws-bucket-versioning-missing"] == {("mandatory", "nlp")}
    if "sdk" in request.node.callspec.id:
        return
    # What can be mended is mended before it is made.
    mend = open_stack.folder / "mend.json"
    mend.write_text(json.dumps({"all": "advisory", "byob-aws-bucket-versioning": "remediate"}))
    mended = open_stack.preview("--policy-pack", PACK, "--policy-pack-config", str(mend)).ok()
    assert mended.step("BucketVersioning vision").inputs["versioningConfiguration"] == {"status": "Enabled"}
    assert "byob-aws-bucket-versioning" not in said(mended.events)
    open_stack.write(INLINE)
    inline = open_stack.preview("--policy-pack", PACK).refused("BYOB-POL-AWS-001 versioning.enabled")
    assert said(inline.events)["byob-aws-bucket-versioning"] == {("mandatory", "vision")}
    assert "byob-aws-bucket-versioning-missing" not in said(inline.events)
    # A profile turns the same into advice; a misspelt rule name is refused.
    development = ("--policy-pack-config", str(ROOT / "policies" / "profiles" / "development.json"))
    advised = open_stack.preview("--policy-pack", PACK, *development).ok()
    assert said(advised.events)["byob-aws-bucket-versioning"] == {("advisory", "vision")}
    wrong = open_stack.folder / "wrong.json"
    wrong.write_text(json.dumps({"byob-aws-bucket-versionning": "advisory"}))
    refused = open_stack.preview("--policy-pack", PACK, "--policy-pack-config", str(wrong))
    refused.refused("BYOB-POL-001 byob-aws-bucket-versionning: is not a rule of this pack")


def test_a_store_of_the_components_passes_and_up_sees_what_the_preview_could_not(bench: Bench) -> None:
    team = {"deployment": "dedicated", "level": "team"}
    stranger = "arn:aws:iam::444455556666:role/partner"
    node = "arn:aws:iam::830241207209:role/acme-node"
    stack = bench(byob={**team, "teams": {"vision": {"principals": [node]}}})
    made = stack.up("--policy-pack", PACK).ok()
    assert {
        rule for rule, found in said(made.events).items() if any(level == "mandatory" for level, _ in found)
    } == set()
    export = stack.export()
    analyzed(stack.folder, {"version": 3, "deployment": export})

    # The policy of a bucket that is not there yet holds its ARN: nobody knows it in the preview.
    stack.set(
        teams={
            "vision": {"principals": [node]},
            "speech": {"principals": [node, stranger], "encryption": "provider_managed"},
        }
    )
    preview = stack.preview("--policy-pack", PACK).ok()
    assert said(preview.events)["byob-aws-bucket-grant-principals"] == {("advisory", "speech")}
    assert "BYOB-POL-AWS-025 policy is not known yet; it is checked again by `pulumi up`" in preview.said
    up = stack.up("--policy-pack", PACK).refused("BYOB-POL-AWS-025 policy.Statement[3].Principal.AWS[1]")
    assert said(up.events)["byob-aws-bucket-grant-principals"] == {("mandatory", "speech")}
    assert up.ops()["Bucket speech"] == "create"
    assert "BucketPolicy speech" not in up.ops()


def analyzed(folder: Path, export: dict[str, Any]) -> None:
    """`pulumi policy analyze` on an export, without a login: good as it is, and bad after a change by hand."""
    engine_, _ = ensure_engine()
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PULUMI_", "AWS_"))}
    env |= {"PATH": f"{engine_.parent}{os.pathsep}{env['PATH']}", "PULUMI_HOME": str(folder / "nobody")}
    env |= {"PULUMI_SKIP_UPDATE_CHECK": "1", "NO_COLOR": "1", "BYOB_PYTHON": str(ROOT / ".venv" / "bin" / "python")}
    file = folder / "export.json"

    def run() -> subprocess.CompletedProcess[str]:
        file.write_text(json.dumps(export))
        command = [str(engine_), "policy", "analyze", "--policy-pack", PACK, "--file", str(file), "--non-interactive"]
        return subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=False, timeout=120)

    good = run()
    assert good.returncode == 0, good.stdout + good.stderr
    assert "mandatory" not in good.stdout
    for resource in export["deployment"]["resources"]:
        if resource["type"] == "aws:s3/bucketVersioning:BucketVersioning":
            resource["inputs"]["versioningConfiguration"]["status"] = "Suspended"
    bad = run()
    assert bad.returncode != 0
    assert "BYOB-POL-AWS-001 versioningConfiguration.status: is not 'Enabled'" in bad.stdout


@pytest.mark.parametrize("inline", [True, False], ids=["inline", "split"])
def test_a_yaml_program(open_stack: Workbench, require: Callable[[bool, str], None], inline: bool) -> None:
    require(yaml_host() is not None, "the YAML language host, or Go to build it: run `make setup`")
    buckets = yaml.safe_load(YAML)
    if inline:
        buckets["vision"]["properties"] = {"versioning": {"enabled": False}}
    use(open_stack, "yaml", resources=buckets)
    executable = str(ROOT / "policies" / "pulumi-analyzer-policy-byob")
    seen = said(open_stack.preview("--policy-pack", executable).refused("BYOB-POL-AWS").events)
    wrong = {rule: seen.get(f"byob-aws-bucket-{rule}") for rule in ("versioning", "versioning-missing")}
    blocked = {("mandatory", "vision")}
    assert wrong == {"versioning": blocked if inline else None, "versioning-missing": None if inline else blocked}
