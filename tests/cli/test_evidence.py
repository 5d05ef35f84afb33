"""`byob evidence` as a person or a pipeline calls it."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

from click.testing import CliRunner

from byob_components.cli.commands import byob

STATES = Path(__file__).resolve().parents[1] / "evidence" / "states"
AWS, VERIFIED = str(STATES / "aws.json"), str(STATES / "aws-vision-verification.json")
WAIVER = """
[[waiver]]
code = "BYOB-POL-AWS-001"
resource = "BucketVersioning vision"
reason = "being moved"
by = "jane"
until = {until}
"""


def run(*arguments: str, stdin: str | None = None) -> tuple[int, str, str]:
    done = CliRunner().invoke(byob, ["evidence", *arguments], input=stdin)
    return done.exit_code, done.stdout, done.stderr


def test_the_stores_of_an_export_on_stdout() -> None:
    code, out, err = run(AWS, "--verification", VERIFIED)
    assert (code, err) == (0, "")
    assert out.count("# Evidence for the store ") == 2
    code, out, _ = run("-", "--format", "json", "--store", "vision", stdin=Path(AWS).read_text())
    assert code == 0
    (only,) = json.loads(out)
    assert only["store"]["bucket"] == "vision-47d4f61"
    today = datetime.datetime.now(datetime.UTC).date()
    assert only["date"] in (today.isoformat(), (today - datetime.timedelta(days=1)).isoformat())


def test_both_formats_are_written_to_a_folder(tmp_path: Path) -> None:
    code, out, err = run(AWS, "--into", str(tmp_path / "evidence" / "aws"))
    assert (code, err) == (0, "")
    written = sorted(Path(line) for line in out.splitlines())
    assert written == sorted((tmp_path / "evidence" / "aws").iterdir())
    assert [file.suffix for file in written] == [".json", ".md", ".json", ".md"]
    day = json.loads(written[0].read_text())["date"]
    assert written[0].name == f"lidar-aws-{day}.json"
    assert written[3].read_text().startswith(f"# Evidence for the store vision, {day}")


def test_a_broken_policy_ends_with_1_and_a_waiver_that_holds_with_0(tmp_path: Path) -> None:
    data = json.loads(Path(AWS).read_text())
    for resource in data["deployment"]["resources"]:
        if resource["urn"].endswith("BucketVersioning::vision"):
            resource["inputs"]["versioningConfiguration"]["status"] = "Suspended"
    text = json.dumps(data)
    assert run("-", stdin=text)[0] == 1
    assert run("-", "--store", "lidar", stdin=text)[0] == 0
    file = tmp_path / "waivers.toml"
    file.write_text(WAIVER.format(until=(datetime.date.today() + datetime.timedelta(days=30)).isoformat()))
    assert run("-", "--waivers", str(file), stdin=text)[0] == 0
    file.write_text(WAIVER.format(until="2020-01-01"))
    code, out, err = run("-", "--waivers", str(file), stdin=text)
    assert (code, out) == (2, "")
    assert "BYOB-REV-091" in err


def test_a_profile_of_the_pack_counts(tmp_path: Path) -> None:
    file = tmp_path / "regulated.json"
    file.write_text('{"byob-aws-bucket-cors-origins": "mandatory"}')
    code, out, _ = run(AWS, "--policy-config", str(file))
    assert code == 1
    assert "**Not in order: BYOB-POL-AWS-032.**" in out


def test_wrong_use_ends_with_2() -> None:
    assert "BYOB-EVD-001" in run("-", stdin="x")[2]
    assert run("-", stdin="x")[0] == 2
    assert "BYOB-EVD-003" in run(AWS, "--verification", AWS)[2]
    code, _, err = run(AWS, "--store", "speech")
    assert code == 2
    assert "there is lidar, vision, no speech" in err
