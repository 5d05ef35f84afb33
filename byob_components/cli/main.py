"""Where the command starts."""

from __future__ import annotations

import sys


def run() -> None:
    """Run `byob`; what is missing is answered with the line that installs it."""
    try:
        from byob_components.cli.commands import byob
    except ModuleNotFoundError as missing:
        if missing.name != "click":
            raise
        print("byob needs click, which is not installed: pip install 'byob-components[cli]'", file=sys.stderr)
        sys.exit(3)
    byob()
