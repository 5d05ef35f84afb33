"""The real provider's contract at run time: loaded from a file, and what a program's properties break of it."""

import difflib
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from sandbox.providers.framework.wire import UNKNOWN, Asset

_FORMAT = 1
"""Raised when the generator writes something else: older files are then not used."""
DIRECTORY = "BYOB_SANDBOX_CONTRACTS"
"""The environment variable that names the folder of the files."""

Shape = dict[str, Any]
"""Which properties a stand-in carries out: name -> Shape of the nested ones, or {} for all of it."""


@dataclass(frozen=True)
class Failure:
    """What is wrong with one property; `property` is a path such as `rules[0].filter.prefix`."""

    property: str
    reason: str


def shape(text: str) -> Shape:
    """Read a list of property names with nested ones in braces: `bucket rules{id filter{prefix}}`.

    Args:
        text: Names separated by blanks. A name without braces stands for the property with all that is in it.
    """
    found: Shape = {}
    stack = [found]
    last = ""
    for token in re.findall(r"\w+|[{}]", text):
        if token == "{":
            stack.append(stack[-1][last])
        elif token == "}":
            stack.pop()
        else:
            stack[-1][token] = {}
            last = token
    return found


@dataclass(frozen=True)
class Contract:
    """One SDK's types, as `introspect.build` writes them."""

    package: str
    version: str
    tokens: frozenset[str]
    resources: Mapping[str, Any]
    provider: Mapping[str, Any]

    def check(self, token: str, props: Mapping[str, Any], carried_out: Shape) -> list[Failure]:
        """What a resource's inputs break.

        Args:
            token: The resource type.
            props: Plain inputs, with UNKNOWN where nothing is known yet.
            carried_out: What the stand-in does; any other real property is refused, never silently accepted.
        """
        kind = self.resources[token]
        members = {k: v for k, v in props.items() if k != "__defaults"}
        return _check_object(members, kind["inputs"], kind["required"], carried_out, "")

    def check_settings(self, props: Mapping[str, Any], carried_out: Shape) -> list[Failure]:
        """What the provider's own settings break.

        Args:
            props: Plain settings, JSON texts already read.
            carried_out: What the stand-in does.
        """
        return _check_object(props, self.provider["object"], self.provider["required"], carried_out, "")


def _check_object(
    props: Mapping[str, Any], members: Mapping[str, Any], required: Sequence[str], carried: Shape, path: str
) -> list[Failure]:
    found = []
    for name in sorted(props):
        where = f"{path}.{name}" if path else name
        if name not in members:
            close = difflib.get_close_matches(name, members, 1)
            found.append(Failure(where, "no such property" + (f"; did you mean {close[0]!r}?" if close else "")))
        elif carried and name not in carried:
            found.append(Failure(where, "a real property, but not carried out by this stand-in"))
        else:
            found += _check_value(props[name], members[name], carried.get(name, {}), where)
    found += [Failure(f"{path}.{k}" if path else k, "is required") for k in required if props.get(k) is None]
    return found


_PYTHON = {"string": str, "boolean": bool, "integer": int, "number": (int, float), "asset": Asset}


def _check_value(value: Any, kind: Any, carried: Shape, path: str) -> list[Failure]:
    if value is UNKNOWN or value is None or kind == "any":
        return []
    if isinstance(kind, str):
        right = isinstance(value, _PYTHON[kind]) and (kind == "boolean" or not isinstance(value, bool))
        return [] if right else [Failure(path, f"must be of type {kind}, not {_name(value)}")]
    if "enum" in kind:
        if not isinstance(value, type(kind["enum"][0])):
            return [Failure(path, f"must be of type {_name(kind['enum'][0])}, not {_name(value)}")]
        wrong = not kind["open"] and value not in kind["enum"]
        return [Failure(path, f"must be one of {', '.join(map(str, kind['enum']))}")] if wrong else []
    if "list" in kind:
        if not isinstance(value, list):
            return [Failure(path, f"must be a list, not {_name(value)}")]
        return [f for i, v in enumerate(value) for f in _check_value(v, kind["list"], carried, f"{path}[{i}]")]
    if not isinstance(value, Mapping):
        return [Failure(path, f"must be an object, not {_name(value)}")]
    if "map" in kind:
        return [f for k, v in value.items() for f in _check_value(v, kind["map"], {}, f"{path}.{k}")]
    return _check_object(value, kind["object"], kind["required"], carried, path)


def _name(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "list", Asset: "asset"}
    return next((name for cls, name in names.items() if isinstance(value, cls)), "object")


def file_name(package: str, tokens: Iterable[str]) -> str:
    """The file of a contract: another SDK version or other handlers make another file.

    Args:
        package: The SDK's root module name.
        tokens: The resource types described in it.
    """
    digest = hashlib.sha256(json.dumps([_FORMAT, sorted(tokens)]).encode()).hexdigest()[:8]
    return f"contract-{package}-{metadata.version(package)}-{digest}.json"


def write(directory: Path, package: str, tokens: Iterable[str], python: str = sys.executable) -> Path:
    """Generate the contract of the installed SDK; a file that is there is kept.

    Args:
        directory: Where to; made when absent.
        package: The SDK's root module name.
        tokens: The resource types to describe.
        python: The Python whose SDK is read; it must have the version that this one has.

    Raises:
        RuntimeError: When the SDK cannot be read.
    """
    tokens = sorted(tokens)
    path = directory / file_name(package, tokens)
    if path.exists():
        return path
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [python, "-m", "sandbox.providers.framework.introspect", package, *tokens],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=root,
    )
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise RuntimeError(f"the SDK {package} cannot be read: {last[0]}")
    directory.mkdir(parents=True, exist_ok=True)
    # Two plugins may start at once: the file appears whole or not at all.
    with tempfile.NamedTemporaryFile("w", dir=directory, suffix=".tmp", delete=False) as out:
        out.write(done.stdout)
    os.replace(out.name, path)
    return path


def directory() -> Path:
    """Where contracts are kept: the folder that the environment names, else one inside PULUMI_HOME."""
    if named := os.environ.get(DIRECTORY):
        return Path(named)
    return Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi") / "byob-contracts"


def load(package: str, tokens: Iterable[str], where: Path | None = None) -> Contract:
    """The contract of the installed SDK, generated first when no file is there.

    Args:
        package: The SDK's root module name.
        tokens: The resource types needed.
        where: The folder; default: `directory()`.
    """
    raw = json.loads(write(where or directory(), package, tokens).read_text())
    return Contract(raw["package"], raw["version"], frozenset(raw["tokens"]), raw["resources"], raw["provider"])
