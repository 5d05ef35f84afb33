"""`byob policy init` as a person calls it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from byob_components.cli.commands import byob

FILES = {
    ".gitignore",
    "PulumiPolicy.yaml",
    "__main__.py",
    "profiles/development.json",
    "profiles/production.json",
    "profiles/regulated.json",
    "requirements.txt",
}


def init(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(byob, ["policy", "init", *arguments])
    return done.exit_code, done.stdout, done.stderr


def files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def test_a_pack_is_written_and_what_comes_next_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "infra" / "my guard"
    code, out, err = init(str(folder))
    assert (code, err) == (0, "")
    assert files(folder) == FILES
    assert f"  python3 -m venv '{folder}'/venv\n" in out, "a name with a blank is quoted"
    assert out.endswith(
        f"  pulumi preview --policy-pack '{folder}' --policy-pack-config '{folder}'/profiles/production.json\n"
    )


@pytest.mark.parametrize("name", ["__main__.py", "profiles/regulated.json", "requirements.txt"])
def test_nothing_is_overwritten_and_then_nothing_is_written(tmp_path: Path, name: str) -> None:
    mine = tmp_path / name
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine")
    code, out, err = init(str(tmp_path))
    assert (code, out) == (2, "")
    assert f"BYOB-CLI-001 {tmp_path}: holds {name} already" in err
    assert files(tmp_path) == {name}
    assert mine.read_text() == "mine"


def test_a_folder_with_other_files_is_fine(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("ours")
    assert init(str(tmp_path))[0] == 0
    assert files(tmp_path) == FILES | {"README.md"}


def test_what_is_no_folder_ends_with_2_and_what_cannot_be_written_with_3(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert init(str(tmp_path / "file"))[0] == 2
    code, out, err = init(str(tmp_path / "file" / "pack"))
    assert (code, out) == (3, "")
    assert "cannot be written: Not a directory" in err
