"""Every fact has its source, every doubt says what to do, and nothing here needs Pulumi."""

from __future__ import annotations

import datetime
import importlib
import pkgutil
import re
import subprocess
import sys

from byob_components import wandb
from byob_components.wandb import doubt, source
from byob_components.wandb.doubt import Doubt
from byob_components.wandb.source import Source

MODULES = [importlib.import_module(f"byob_components.wandb.{m.name}") for m in pkgutil.iter_modules(wandb.__path__)]


def test_sources_can_be_looked_up_again() -> None:
    found = [value for value in vars(source).values() if isinstance(value, Source)]
    assert len(found) >= 15
    for one in found:
        assert one.title
        # A file at a commit, or a numbered change.
        assert re.search(r"^wandb/[a-z-]+:.+@[0-9a-f]{7,8}$|^wandb/[a-z-]+#\d+", one.ref), one
        datetime.date.fromisoformat(one.date)


def test_doubts_are_sentences_with_a_source() -> None:
    found = [value for value in vars(doubt).values() if isinstance(value, Doubt)]
    assert len(found) >= 10
    for one in found:
        assert one.text.endswith(".")
        assert len(one.text) > 60
        assert isinstance(one.inferred_from, Source)


def test_modules_of_facts_name_where_they_come_from() -> None:
    silent = {"__init__", "source", "names", "erasure", "handoff", "handoff_steps"}
    for module in MODULES:
        name = module.__name__.rpartition(".")[2]
        if name not in silent:
            held = [v for v in vars(module).values() if isinstance(v, Source)]
            assert held, f"{name} imports no source"


def test_neither_pulumi_nor_a_cloud_sdk_is_loaded() -> None:
    names = ", ".join(module.__name__ for module in MODULES)
    code = f"import sys, {names}; print(sorted({{m.split('.')[0] for m in sys.modules}} & {set(BANNED)!r}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


BANNED = {"pulumi", "pulumi_aws", "boto3", "botocore", "pydantic", "google", "azure"}
