"""`byob handoff` as a person or a pipeline calls it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from byob_components.cli.commands import byob
from byob_components.wandb.deployment import Cloud, Deployment, Level
from byob_components.wandb.handoff import build_handoff


def run(*arguments: str, stdin: str | None = None) -> tuple[int, str, str]:
    done = CliRunner().invoke(byob, ["handoff", *arguments], input=stdin)
    return done.exit_code, done.stdout, done.stderr


def handed(team: str, cloud: Cloud = Cloud.AWS) -> dict[str, Any]:
    """A hand-off as a stack's output has it: numbers came back as floats."""
    made = build_handoff(
        deployment=Deployment.DEDICATED, level=Level.TEAM, cloud=cloud, path="/", bucket_name=f"acme-{team}",
        noncurrent_days=30, region="eu-west-1", team=team, has_credential=team == "lidar",
    ).to_dict()  # fmt: skip
    return {**made, "erasure_days": 30.0}


TEAMS = {
    "teams": {
        "lidar": {"handoffs": {"/": handed("lidar")}, "storageAddresses": "[secret]", "bucketName": "acme-lidar"},
        "vision": {"handoffs": {"/": handed("vision")}, "bucketName": "acme-vision"},
    },
    "supportedFileStores": "[secret]",
}


def test_every_hand_off_as_a_page() -> None:
    code, out, err = run("-", stdin=json.dumps(TEAMS))
    assert (code, err) == (0, "")
    assert [line for line in out.splitlines() if line.startswith("# ")] == [
        "# W&B storage for team lidar",
        "# W&B storage for team vision",
    ]
    assert "Storage address: `s3://****:****@s3.eu-west-1.amazonaws.com/acme-lidar?region=eu-west-1`" in out


def test_one_team_as_data(tmp_path: Path) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps(TEAMS))
    code, out, _ = run(str(file), "--team", "vision", "--format", "json")
    assert code == 0
    (only,) = json.loads(out)
    assert (only["address"], only["erasure_days"]) == ("s3://acme-vision", 30)


@pytest.mark.parametrize(
    "outputs",
    [
        {"store": TEAMS["teams"]["vision"]},
        {"handoffs": {"/": handed("vision")}},
        {"handoff": handed("vision")},
    ],
    ids=["an instance", "a program's own", "one alone"],
)
def test_wherever_a_program_exports_it(outputs: dict[str, Any]) -> None:
    code, out, _ = run("-", stdin=json.dumps(outputs))
    assert code == 0
    assert out.startswith("# W&B storage for team vision\n")


@pytest.mark.parametrize(
    ("stdin", "arguments", "said"),
    [
        ("x", (), "cannot be read"),
        ("{}", (), "hold no hand-off"),
        ('{"handoffs": "[secret]"}', (), "hold no hand-off"),
        ('{"a": {"title": "", "address": "", "steps": []}}', (), "cannot be read"),
        (json.dumps(TEAMS), ("--team", "speech"), "hold no hand-off of speech"),
        (json.dumps(TEAMS), ("--team", "vision", "--team", "speech"), "hold no hand-off of speech"),
    ],
)
def test_what_holds_none_ends_with_2(stdin: str, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = run("-", *arguments, stdin=stdin)
    assert (code, out) == (2, "")
    assert f"BYOB-CLI-002 outputs: {said};" in err
    assert "pulumi stack output --json" in err
