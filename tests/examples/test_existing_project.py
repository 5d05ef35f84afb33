"""examples/existing-project on the real engine: somebody else's project, with the built wheel in its own environment."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.engine.install import engine_env, ensure_engine
from sandbox.places import HOME
from tests.engine.readings import LocalAws
from tests.examples.conftest import ROOT, Environment

EXAMPLE = ROOT / "examples" / "existing-project"
EXPECTED = {
    ("aws:s3/bucket:Bucket", "datasets", ""),
    ("aws:iam/role:Role", "training", ""),
    ("wandb-byob:index:AwsByob", "vision", ""),
    ("wandb-byob:index:AwsKey", "vision", "AwsByob"),
    ("aws:kms/key:Key", "vision", "AwsKey"),
    ("aws:kms/alias:Alias", "vision", "AwsKey"),
    ("wandb-byob:index:AwsBucket", "vision", "AwsByob"),
    ("aws:s3/bucket:Bucket", "vision", "AwsBucket"),
    ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "vision", "AwsBucket"),
    ("aws:s3/bucketOwnershipControls:BucketOwnershipControls", "vision", "AwsBucket"),
    ("aws:s3/bucketVersioning:BucketVersioning", "vision", "AwsBucket"),
    (
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "vision",
        "AwsBucket",
    ),
    ("aws:s3/bucketPolicy:BucketPolicy", "vision", "AwsBucket"),
    ("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration", "vision", "AwsBucket"),
    ("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "vision", "AwsBucket"),
}
"""Type, name, and the parent's kind."""


class Project:
    """The example, copied, with an environment and a stack of its own."""

    def __init__(self, folder: Path, config: dict[str, Any], salt: str) -> None:
        self.folder = folder
        self.env = engine_env(HOME, folder.parent / "state", throw_away=True)
        own = yaml.safe_load((folder / "Pulumi.dev.yaml").read_text())["config"]
        text = yaml.safe_dump({"encryptionsalt": salt, "config": {**config, **own}})
        (folder / "Pulumi.dev.yaml").write_text(text)
        self.pulumi("stack", "init", "dev")

    def pulumi(self, *arguments: str) -> str:
        """Run a command; what it printed."""
        engine, _ = ensure_engine()
        done = subprocess.run(
            [str(engine), *arguments, *([] if "init" in arguments else ["--stack", "dev"]), "--non-interactive"],
            cwd=self.folder,
            env={key: value for key, value in self.env.items() if not key.startswith("PYTHON")},
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def test_the_readme_lists_what_is_expected() -> None:
    rows = re.findall(r"^\| `(\S+)` \| (\w+) \| (\w*) ?\|$", (EXAMPLE / "README.md").read_text(), re.MULTILINE)
    assert set(rows) == EXPECTED


def test_the_example_installs_the_wheel_with_the_extra_it_needs() -> None:
    lines = [line for line in (EXAMPLE / "requirements.txt").read_text().splitlines() if not line.startswith("#")]
    assert lines == ["--find-links ../../dist", "byob-components[aws]>=0.1,<1"]
    assert yaml.safe_load((EXAMPLE / "Pulumi.yaml").read_text())["runtime"]["options"] == {"virtualenv": "venv"}


@pytest.mark.engine
def test_up_adds_a_store_beside_the_projects_own_resources(
    environment: Environment, provider_settings: tuple[str, dict[str, Any]], aws: LocalAws, tmp_path: Path
) -> None:
    salt, config = provider_settings
    folder = tmp_path / "existing-project"
    shutil.copytree(EXAMPLE, folder)
    (folder / "venv").symlink_to(environment.folder)
    project = Project(folder, config, salt)
    project.pulumi("up", "--yes", "--skip-preview")

    resources = json.loads(project.pulumi("stack", "export"))["deployment"]["resources"]
    made = {_named(r) for r in resources if not r["type"].startswith("pulumi:")}
    assert made == EXPECTED
    outputs = json.loads(project.pulumi("stack", "output", "--json"))
    bucket = next(r["id"] for r in resources if r["type"] == "aws:s3/bucket:Bucket" and "vision" in r["urn"])
    assert outputs["wandb"]["addresses"] == {"vision": f"s3://{bucket}/vision"}
    assert outputs["handoff"]["vision"]["title"] == "W&B storage for team vision, path vision"
    training = next(r["outputs"]["arn"] for r in resources if r["type"] == "aws:iam/role:Role")
    users = [s for s in aws.key(outputs["wandb"]["kmsKey"])["policy"]["Statement"] if s["Sid"] == "KeyUse"]
    assert [s["Principal"]["AWS"] for s in users] == [training]
    assert aws.bucket(bucket)["versioning"] == "Enabled"

    project.pulumi("preview", "--expect-no-changes")


def _named(resource: dict[str, Any]) -> tuple[str, str, str]:
    parent = resource.get("parent", "").split("::")[2:3]
    kind = parent[0].rpartition(":")[2] if parent and "pulumi:pulumi:Stack" not in parent[0] else ""
    return resource["type"], resource["urn"].rpartition("::")[2], kind
