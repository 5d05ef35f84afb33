"""`byob review` as a person or a pipeline calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from byob_components.cli.commands import byob

PREVIEWS = Path(__file__).resolve().parents[1] / "review" / "previews"
WAIVERS = """
[[waiver]]
code = "BYOB-REV-006"
resource = "Bucket vision"
reason = "agreed"
by = "jane"
until = {until}
"""


def run(*arguments: str, stdin: str | None = None) -> tuple[int, str, str]:
    done = CliRunner().invoke(byob, ["review", *arguments], input=stdin)
    return done.exit_code, done.stdout, done.stderr


def test_nothing_at_risk_ends_with_0() -> None:
    code, out, err = run(str(PREVIEWS / "first_team.json"))
    assert (code, err) == (0, "")
    assert "Nothing puts data or access at risk." in out


def test_data_at_risk_ends_with_1_and_stdin_is_read() -> None:
    code, out, err = run("-", stdin=(PREVIEWS / "team_removed.json").read_text())
    assert (code, err) == (1, "")
    assert "BYOB-REV-001 data is deleted – Bucket vision" in out


def test_a_waiver_that_holds_turns_it_to_0(tmp_path: Path) -> None:
    import datetime

    file = tmp_path / "waivers.toml"
    file.write_text(WAIVERS.format(until=datetime.date.today().isoformat()))
    code, out, _ = run(str(PREVIEWS / "gcp_soft_delete_shorter.json"), "--waivers", str(file), "--format", "json")
    assert code == 0
    assert [one["waiver"]["by"] for one in json.loads(out)["findings"]] == ["jane"]
    file.write_text(WAIVERS.format(until="2020-01-01"))
    code, out, err = run(str(PREVIEWS / "gcp_soft_delete_shorter.json"), "--waivers", str(file))
    assert (code, out) == (2, "")
    assert "BYOB-REV-091 waiver[0].until: '2020-01-01' has passed" in err


def test_a_waiver_of_a_policy_that_is_kept_here_is_no_mistake(tmp_path: Path) -> None:
    import datetime

    file = tmp_path / "waivers.toml"
    waiver = WAIVERS.replace("BYOB-REV-006", "BYOB-POL-AWS-037").format(until=datetime.date.today().isoformat())
    file.write_text(waiver)
    code, out, _ = run(str(PREVIEWS / "first_team.json"), "--waivers", str(file), "--format", "json")
    assert code == 0
    assert [one["code"] for one in json.loads(out)["unused_waivers"]] == ["BYOB-POL-AWS-037"]
    file.write_text(waiver.replace("POL-AWS", "POL-OTHER"))
    assert run(str(PREVIEWS / "first_team.json"), "--waivers", str(file))[0] == 2


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("text", "Storage review of byob/test"),
        ("markdown", "<!-- byob-review -->"),
        ("json", "{"),
        ("sarif", "{"),
        ("junit", "<?xml"),
    ],
)
def test_every_format_is_written_to_stdout(form: str, begins: str) -> None:
    code, out, err = run(str(PREVIEWS / "suspended.json"), "--format", form)
    assert (code, err) == (1, "")
    assert out.startswith(begins)


def test_what_is_no_preview_ends_with_2_and_the_fix() -> None:
    code, out, err = run("-", stdin="{}")
    assert (code, out) == (2, "")
    assert "BYOB-REV-090" in err
    assert "pulumi preview --json" in err


def test_a_file_that_is_no_text_ends_with_2(tmp_path: Path) -> None:
    file = tmp_path / "preview.json"
    file.write_bytes(b"\xff\xfe\x00")
    assert run(str(file))[0] == 2
    assert run(str(tmp_path / "none.json"))[0] == 2


def test_without_click_the_line_that_installs_it_is_told() -> None:
    code = "import sys; sys.modules['click'] = None; from byob_components.cli.main import run; run()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "byob needs click, which is not installed: pip install 'byob-components[cli]'\n"
