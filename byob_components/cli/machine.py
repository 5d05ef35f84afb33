"""What a machine has, as `byob doctor` looks at it: programs, packages, settings and files; nothing is called in a cloud."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?\s*(?P<bounds>[^;]*)(;\s*(?P<marker>.*))?")
_EXTRA = re.compile(r"""extra == ['"]([\w-]+)['"]""")
_TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class Requirement:
    """A package that another one asks for.

    Args:
        name: The package.
        bounds: For example `<2,>=1.40`.
        extra: The extra that asks for it; empty for every installation.
    """

    name: str
    bounds: str
    extra: str = ""


def _installed() -> dict[str, str]:
    found = {one.metadata["Name"]: one.version for one in metadata.distributions() if one.metadata["Name"]}
    return {_plain(name): version for name, version in found.items()}


def _requirements(name: str) -> tuple[Requirement, ...]:
    try:
        texts = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return ()
    return tuple(one for text in texts if (one := read_requirement(text)) is not None)


def _run(program: str, *arguments: str) -> str:
    """What a program prints; nothing when it does not run."""
    try:
        done = subprocess.run(
            [program, *arguments], capture_output=True, text=True, check=False, timeout=_TIMEOUT_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


@dataclass(frozen=True)
class Machine:
    """The machine that the command runs on; tests give another one.

    Args:
        python: Python's version.
        env: The environment.
        home: The user's folder.
        which: Finds a program.
        run: Runs one, and gives what it prints.
        installed: Package to version, in this environment.
        requirements: What a package asks for.
    """

    python: tuple[int, int, int] = field(default_factory=lambda: sys.version_info[:3])
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    home: Path = field(default_factory=Path.home)
    which: Callable[[str], str | None] = shutil.which
    run: Callable[..., str] = _run
    installed: Mapping[str, str] = field(default_factory=_installed)
    requirements: Callable[[str], tuple[Requirement, ...]] = _requirements

    def version(self, package: str) -> str:
        """A package's version; empty when it is not installed.

        Args:
            package: Its name.
        """
        return self.installed.get(_plain(package), "")

    def broken(self, package: str) -> list[str]:
        """What a package asks for and does not find, in words; its extras are not asked for here.

        Args:
            package: Its name.
        """
        asked = [one for one in self.requirements(package) if not one.extra]
        return [problem for one in asked if (problem := self.lacks(one))]

    def lacks(self, asked: Requirement) -> str:
        """What is wrong with a package that is asked for; empty when it fits.

        Args:
            asked: The package.
        """
        version = self.version(asked.name)
        if not version:
            return f"{asked.name} is not installed"
        return "" if fits(version, asked.bounds) else f"{asked.name} {version} is installed, {asked.bounds} is needed"


def read_requirement(text: str) -> Requirement | None:
    """A requirement of a package's metadata; nothing for one that only other machines have.

    Args:
        text: For example `boto3<2,>=1.40; extra == 'verify-aws'`.
    """
    found = _REQUIREMENT.fullmatch(text.strip())
    if found is None:
        return None
    extra = _EXTRA.search(found["marker"] or "")
    # A marker of another kind chooses between requirements by Python's version or the system: neither is judged here.
    if found["marker"] and (extra is None or " and " in found["marker"]):
        return None
    return Requirement(found["name"], found["bounds"].strip(" ()"), extra[1] if extra else "")


def number(version: str) -> tuple[int, ...]:
    """A version as numbers; what is no number ends it.

    Args:
        version: For example `v3.259.0`.
    """
    found = re.match(r"v?(\d+(?:\.\d+)*)", version)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def fits(version: str, bounds: str) -> bool:
    """Whether a version lies within bounds.

    Args:
        version: The version.
        bounds: Joined by commas; what is not understood is taken to fit.
    """
    return all(_fits(number(version), bound.strip()) for bound in bounds.split(",") if bound.strip())


def _fits(have: tuple[int, ...], bound: str) -> bool:
    sign, wanted = bound[:2].rstrip("0123456789"), number(bound.lstrip("<>=!~ "))
    size = max(len(have), len(wanted))
    mine, other = (part + (0,) * (size - len(part)) for part in (have, wanted))
    return {
        ">=": mine >= other,
        "<=": mine <= other,
        ">": mine > other,
        "<": mine < other,
        "==": mine == other,
        "!=": mine != other,
        "~=": mine >= other and mine[: len(wanted) - 1] == wanted[:-1],
    }.get(sign, True)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
