"""A project, a stack and a file backend of their own for one test, and the real CLI run on them.

A test says `bench.write(program)` or starts from the repository's own programs, runs commands (`up`, `preview`, …) and
asks the `Run` what the engine did: one entry a resource, from the engine's own event log.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sandbox.engine.install import engine_env, ensure_engine
from sandbox.places import HOME, ROOT, python
from tests.engine import backend, warm_start

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""How the event log and previews show a value that is not known yet."""
QUIET = ("same", "read", "refresh")
"""Operations that change nothing."""


@dataclass(frozen=True)
class Step:
    """One operation of the engine on one resource.

    Args:
        op: For example `create`, `update`, `delete`, `same`, `refresh`.
        urn: The resource.
        inputs: What the program wants (or, for a delete, what was there), secrets masked by the engine.
        outputs: What the resource says, masked likewise.
        differs: The properties that differ.
        done: Whether the operation was carried out (in a preview: planned to the end).
    """

    op: str
    urn: str
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    differs: tuple[str, ...] = ()
    done: bool = False

    @property
    def name(self) -> str:
        """`Bucket vision`: the type without its package, and the resource's name."""
        return short(self.urn)


def short(urn: str) -> str:
    """`Bucket vision` for a URN of that type and name.

    Args:
        urn: A whole URN.
    """
    types, name = urn.split("::")[2:4]
    return f"{types.split('$')[-1].split(':')[-1]} {name}"


@dataclass(frozen=True)
class Run:
    """One command that has ended.

    Args:
        arguments: What `pulumi` was given.
        code: Its exit code.
        stdout: What it printed.
        stderr: What it complained.
        events: The engine's events of the last phase (`up` with a preview: of the update, or of a preview that failed).
    """

    arguments: tuple[str, ...]
    code: int
    stdout: str
    stderr: str
    events: tuple[dict[str, Any], ...] = ()

    @property
    def said(self) -> str:
        """All that a person saw."""
        return self.stdout + self.stderr

    @property
    def steps(self) -> list[Step]:
        """What the engine set out to do, in its order."""
        found: dict[tuple[str, str], Step] = {}
        for event in self.events:
            kind = next((k for k in ("resourcePreEvent", "resOutputsEvent") if k in event), None)
            if kind is None:
                continue
            meta = event[kind]["metadata"]
            state = meta.get("new") or meta.get("old") or {}
            step = Step(
                meta["op"],
                meta["urn"],
                state.get("inputs") or {},
                state.get("outputs") or {},
                tuple(sorted(meta.get("detailedDiff") or meta.get("diffs") or [])),
                kind == "resOutputsEvent",
            )
            known = found.get((step.urn, step.op))
            if known is None or step.done:
                differs = step.differs or (known.differs if known else ())
                found[step.urn, step.op] = Step(step.op, step.urn, step.inputs, step.outputs, differs, step.done)
        return list(found.values())

    def ops(self, *, without: Iterable[str] = QUIET) -> dict[str, str]:
        """`{"Bucket vision": "create"}`: each resource with what happens to it; stack and providers are left out.

        Args:
            without: Operations that are left out.
        """
        return {s.name: s.op for s in self.steps if s.op not in without and "::pulumi:p" not in s.urn}

    def step(self, name: str) -> Step:
        """The last step of a resource.

        Args:
            name: `Bucket vision`.
        """
        return [s for s in self.steps if s.name == name][-1]

    @property
    def failed(self) -> list[str]:
        """Resources whose operation failed."""
        return [short(e["resOpFailedEvent"]["metadata"]["urn"]) for e in self.events if "resOpFailedEvent" in e]

    def messages(self, severity: str) -> list[str]:
        """What was logged.

        Args:
            severity: `error`, `warning` or `info`.
        """
        found = (e["diagnosticEvent"] for e in self.events if "diagnosticEvent" in e)
        return [d["message"].strip() for d in found if d["severity"] == severity]

    @property
    def counts(self) -> dict[str, int]:
        """The engine's own summary: operation to number of resources."""
        found = [e["summaryEvent"]["resourceChanges"] for e in self.events if "summaryEvent" in e]
        return dict(found[-1] or {}) if found else {}

    def ok(self) -> Run:
        """This run, when it succeeded."""
        assert self.code == 0, f"pulumi {' '.join(self.arguments)} ended with {self.code}\n{self.said}"
        return self

    def refused(self, *words: str) -> Run:
        """This run, when it failed as a refusal should: an exit code that is not 0, no traceback, and these words.

        Args:
            words: What the message must hold.
        """
        assert self.code != 0, f"pulumi {' '.join(self.arguments)} was not refused\n{self.said}"
        assert "Traceback" not in self.said, self.said
        for word in words:
            assert word in self.said, f"{word!r} is missing in what pulumi said:\n{self.said}"
        return self


class Workbench:
    """One stack with its project, its backend and its environment.

    Args:
        folder: An empty folder of the test.
        config: The stack's configuration, as its file has it; secrets already encrypted for `salt`.
        salt: The `encryptionsalt` line of the stack file; empty: the engine makes one.
        program: The text of `__main__.py`; None: the repository's own programs in `stacks/`.
        name: The stack's name.
        throw_away: Write the state at the end of each command only, and start from warm processes. Not where something is
            killed, or looked at as a process.
        env: More environment, for example the windows of `sandbox.providers.framework.hooks`.
    """

    def __init__(
        self,
        folder: Path,
        config: Mapping[str, Any],
        *,
        salt: str = "",
        program: str | None = None,
        name: str = "test",
        throw_away: bool = True,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.folder, self.name = folder, name
        self.backend, self.config_file = folder / "backend", folder / "project" / f"Pulumi.{name}.yaml"
        self.env = {
            **engine_env(HOME, self.backend, throw_away=throw_away),
            "PULUMI_DEBUG_COMMANDS": "true",  # shows the flag --event-log, changes nothing else
            **({"BYOB_PYTHON": str(warm_start.interpreter)} if throw_away and warm_start.interpreter else {}),
            **(env or {}),
        }
        own = program is not None
        self.project = "demo" if own else "byob"
        self.cwd = folder / "project" if own else ROOT
        self.config_file.parent.mkdir(parents=True, exist_ok=True)
        virtualenv = {"name": "python", "options": {"virtualenv": str(python().parent.parent)}}
        (folder / "project" / "Pulumi.yaml").write_text(yaml.safe_dump({"name": self.project, "runtime": virtualenv}))
        if program is not None:
            self.write(program)
        self.configure(config, salt=salt)
        if salt:
            backend.begin(self.backend, self.project, name, salt)
            return
        # In the project folder of our own, so that nothing is written into the repository's stacks/config.
        self.run("stack", "init", name, "--no-select", "--non-interactive", cwd=folder / "project").ok()

    # -- what is written
    def write(self, program: str) -> None:
        """Replace the program.

        Args:
            program: The text of `__main__.py`.
        """
        (self.folder / "project" / "__main__.py").write_text(program)

    def configure(self, config: Mapping[str, Any], *, salt: str = "") -> None:
        """Replace the stack's configuration.

        Args:
            config: As the stack's file has it.
            salt: The `encryptionsalt` line; empty keeps the one that is there.
        """
        written = yaml.safe_load(self.config_file.read_text()) if self.config_file.exists() else {}
        head = {"encryptionsalt": salt or written.get("encryptionsalt")}
        self.config_file.write_text(
            yaml.safe_dump({**{k: v for k, v in head.items() if v}, "config": dict(config)}, sort_keys=False)
        )

    def set(self, **keys: Any) -> None:
        """Change keys of `byob:` and leave the others; None takes a key away.

        Args:
            keys: Name, without `byob:`, to value.
        """
        config = yaml.safe_load(self.config_file.read_text()).get("config", {})
        config |= {f"byob:{key}": value for key, value in keys.items()}
        self.configure({k: v for k, v in config.items() if v is not None})

    def set_secret(self, key: str, value: str) -> None:
        """Write a secret configuration value; it goes by stdin, never through arguments.

        Args:
            key: The whole key, `aws:secretKey`.
            value: The secret.
        """
        chosen = ("--stack", self.name, "--config-file", str(self.config_file))
        self.run("config", "set", "--secret", key, *chosen, "--non-interactive", stdin=value).ok()

    # -- what is run
    def begin(
        self, *arguments: str, cwd: Path | None = None, stdin: int | None = subprocess.DEVNULL
    ) -> subprocess.Popen[str]:
        """Start `pulumi` in a process group of its own and do not wait.

        Args:
            arguments: Of `pulumi`, complete.
            cwd: Where; default the project.
            stdin: As for Popen.
        """
        engine, _ = ensure_engine()
        return subprocess.Popen(
            [str(engine), *arguments], cwd=cwd or self.cwd, env=self.env, text=True, stdin=stdin,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments: str, cwd: Path | None = None, stdin: str | None = None, log: Path | None = None) -> Run:
        """Run `pulumi` and wait.

        Args:
            arguments: Of `pulumi`, complete.
            cwd: Where; default the project.
            stdin: What it reads.
            log: The event log that it was told to write.
        """
        with self.begin(*arguments, cwd=cwd, stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE) as process:
            out, err = process.communicate(stdin, timeout=240)
        return Run(arguments, process.returncode, out, err, read_events(log) if log else ())

    def arguments(self, command: str, *arguments: str, log: Path | None = None) -> tuple[str, ...]:
        """A command of the engine with what it always gets.

        Args:
            command: `up`, `preview`, `refresh`, `destroy` or `import`.
            arguments: More of them.
            log: Where the events go.
        """
        always = ["--stack", self.name, "--config-file", str(self.config_file), "--non-interactive"]
        if command != "preview":
            always.append("--yes")
        if log:
            always += ["--event-log", str(log)]
        return (command, *always, *arguments)

    def _operate(self, command: str, *arguments: str) -> Run:
        log = self.folder / "events.json"
        log.unlink(missing_ok=True)
        return self.run(*self.arguments(command, *arguments, log=log), log=log)

    def preview(self, *arguments: str) -> Run:
        """`pulumi preview`."""
        return self._operate("preview", *arguments)

    def up(self, *arguments: str, preview: bool = False) -> Run:
        """`pulumi up`, without its preview unless that is the topic.

        Args:
            arguments: More arguments.
            preview: Have one first, as the command does by itself.
        """
        return self._operate("up", *([] if preview else ["--skip-preview"]), *arguments)

    def refresh(self, *arguments: str) -> Run:
        """`pulumi refresh`."""
        return self._operate("refresh", "--skip-preview", *arguments)

    def destroy(self, *arguments: str, preview: bool = False) -> Run:
        """`pulumi destroy`, without its preview unless that is the topic."""
        return self._operate("destroy", *([] if preview else ["--skip-preview"]), *arguments)

    def import_file(self, resources: Mapping[str, Any]) -> Run:
        """`pulumi import --file`, with what our docs always pass.

        Args:
            resources: The import file.
        """
        file = self.folder / "import.json"
        file.write_text(json.dumps(resources))
        return self._operate("import", "--file", str(file), "--generate-code=false", "--skip-preview")

    # -- what is known afterwards
    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets shown."""
        return backend.outputs(self.export())

    def masked_outputs(self) -> dict[str, Any]:
        """The stack's outputs as everybody sees them."""
        read = self.run("stack", "output", "--json", "--stack", self.name, "--non-interactive").ok()
        found: dict[str, Any] = json.loads(read.stdout)
        return found

    def export(self) -> dict[str, Any]:
        """The stack's state."""
        return backend.deployment(self.backend, self.project, self.name)

    def state(self) -> dict[str, dict[str, Any]]:
        """The resources in the state, by `Bucket vision`; the stack itself is left out."""
        resources = self.export().get("resources", [])
        return {short(r["urn"]): r for r in resources if r["type"] != "pulumi:pulumi:Stack"}

    def settings(self) -> dict[str, Any]:
        """The stack's configuration, as its file has it."""
        found: dict[str, Any] = yaml.safe_load(self.config_file.read_text())
        return found


def read_events(log: Path) -> tuple[dict[str, Any], ...]:
    """The engine's events; none when the command ended before there was an engine, and without a line that a kill cut.

    Args:
        log: The event log.
    """
    if not log.exists():
        return ()
    lines = log.read_text().split("\n")
    return tuple(json.loads(line) for line in lines[:-1] if line)


def installed_engine_exists() -> bool:
    """Whether this machine has an engine, or could build one."""
    from shutil import which

    from sandbox.engine.install import installed_engine
    from sandbox.places import BIN

    return (
        (BIN / "pulumi").exists()
        or installed_engine() is not None
        or which("go") is not None
        or bool(os.environ.get("CI"))
    )
