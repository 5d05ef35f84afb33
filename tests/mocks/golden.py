"""Files that hold what is right, and the one explicit way to write them anew."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

FLAG = "BYOB_UPDATE_GOLDEN"
"""Environment variable: with `1` the files are written, and the test that wrote one fails, so that nobody takes it for a
passing run."""


def assert_golden(made: Any, file: Path) -> None:
    """Hold data against its file.

    Args:
        made: What the code made; plain data.
        file: The JSON file that says what is right.
    """
    text = json.dumps(made, indent=2, ensure_ascii=False) + "\n"
    old = _old(text, file)
    assert made == json.loads(old), (
        f"{file.name} says otherwise; when the change is meant, {FLAG}=1 writes the file anew"
    )
    assert text == old, f"{file.name} has another order or layout; {FLAG}=1 writes the file anew"


def assert_golden_text(made: str, file: Path) -> None:
    """Hold a text against its file.

    Args:
        made: What the code made.
        file: The file that says what is right.
    """
    old = _old(made, file)
    assert made == old, f"{file.name} says otherwise; when the change is meant, {FLAG}=1 writes the file anew"


def _old(text: str, file: Path) -> str:
    """What the file says; it is written, and the test fails, when that was asked for."""
    old = file.read_text(encoding="utf-8") if file.exists() else ""
    if os.environ.get(FLAG) == "1" and text != old:
        file.write_text(text, encoding="utf-8")
        raise AssertionError(f"{file.name} is written anew: read the difference, then run without {FLAG}")
    assert old, f"{file.name} is missing: {FLAG}=1 writes it"
    return old
