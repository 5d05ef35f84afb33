"""The programs through the real engine, with a provider that answers at once: `pulumi up` of a new stack, from start to end."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import yaml

from benchmarks.measuring import Sample
from sandbox.engine.install import engine_env, ensure_engine
from sandbox.places import ROOT, python
from sandbox.providers.install import PACKAGES, executable, release

PROGRAM = """import pulumi

from benchmarks.programs import programs

settings = pulumi.Config("bench")
programs(settings.require("cloud"))[settings.require("program")](settings.require_int("stores"))
"""


class Engine:
    """A PULUMI_HOME of its own with the null provider under every SDK's version, a project and a backend.

    Args:
        folder: Where they are; nobody else's.
    """

    def __init__(self, folder: Path) -> None:
        self.binary, _ = ensure_engine()
        self.project, self.backend = folder / "project", folder / "state"
        self.project.mkdir(parents=True)
        (self.project / "Pulumi.yaml").write_text("name: byob\nruntime: python\n")
        (self.project / "__main__.py").write_text(PROGRAM)
        # State is written at the end only: writing it after each step takes longer than everything measured here.
        self.env = {**engine_env(folder / "home", self.backend, throw_away=True), "PYTHONPATH": str(ROOT)}
        for package in PACKAGES:
            self._install(folder / package, package)

    def _install(self, plugin: Path, package: str) -> None:
        plugin.mkdir()
        script = plugin / executable(package)
        script.write_text(
            f'#!/bin/sh\nexport PYTHONPATH="{ROOT}"\nexec "{python()}" -u -m benchmarks.null_provider "$@"\n'
        )
        script.chmod(0o755)
        self("plugin", "install", "resource", package, release(package), "--reinstall", "--file", str(plugin))

    def __call__(self, *arguments: str) -> str:
        done = subprocess.run(
            [str(self.binary), *arguments, "--non-interactive"], cwd=self.project, env=self.env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            said = (done.stdout + done.stderr).strip()[-3000:]
            raise RuntimeError(f"`pulumi {' '.join(arguments)}` ended with {done.returncode}:\n{said}")
        return done.stdout

    def run(self, name: str, cloud: str, stores: int) -> tuple[Sample, dict[str, Any]]:
        """Bring up a new stack of one program.

        Args:
            name: The program.
            cloud: Whose.
            stores: How many stores.
        """
        shutil.rmtree(self.backend, ignore_errors=True)
        self.backend.mkdir()
        settings = self.project / "Pulumi.bench.yaml"
        settings.unlink(missing_ok=True)
        self("stack", "init", "bench")
        _configure(settings, {"bench:cloud": cloud, "bench:program": name, "bench:stores": str(stores)})
        begin, cpu = time.perf_counter(), _cpu()
        self("up", "--yes", "--skip-preview", "--suppress-outputs", "--suppress-progress", "--stack", "bench")
        sample = Sample(time.perf_counter() - begin, _cpu() - cpu)
        state = json.loads(self("stack", "export", "--stack", "bench"))["deployment"]["resources"]
        made = [one for one in state if not one["type"].startswith("pulumi:")]
        return sample, {"registrations": len(made)}


def _configure(file: Path, settings: dict[str, str]) -> None:
    known = yaml.safe_load(file.read_text()) if file.exists() else None
    file.write_text(yaml.safe_dump({**(known or {}), "config": settings}))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
