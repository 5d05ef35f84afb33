"""The pages on configuration and life cycle: every key is there, and every example is accepted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from byob_components.stack import TeamState, load
from byob_components.stack.builders import OUTPUTS
from byob_components.stack.clouds import CLOUDS
from byob_components.stack.settings import ProviderSettings, Settings, StoreSettings, TeamSettings
from byob_components.stack.spelling import camel
from byob_components.wandb.deployment import Cloud

DOCS = Path(__file__).resolve().parents[2] / "docs"
CONFIGURATION, LIFECYCLE = (DOCS / "configuration.md").read_text(), (DOCS / "lifecycle.md").read_text()
EXAMPLES = [
    yaml.safe_load(block)["config"]
    for block in re.findall(r"^```yaml\n(config:.*?)^```", CONFIGURATION, re.DOTALL | re.MULTILINE)
]


def keys(value: Any) -> set[str]:
    """Every key anywhere in plain data."""
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in keys(inner)}
    return {key for inner in value for key in keys(inner)} if isinstance(value, list) else set()


def tabled() -> set[str]:
    """Keys in the first column of the page's tables."""
    cells = re.findall(r"^\| (`.*?) \|", CONFIGURATION, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([\w:-]+)`", cell)}


def settled() -> set[str]:
    return {"deployment", "level", "suspendedPaths"}


@pytest.mark.parametrize("number", range(4))
def test_the_examples_of_the_page_are_accepted(number: int) -> None:
    config = EXAMPLES[number]
    load({key.removeprefix("byob:"): value for key, value in config.items() if key.startswith("byob:")})
    assert len(EXAMPLES) == 4


def test_every_key_is_described_and_shown() -> None:
    arguments = {camel(name) for name in CLOUDS[Cloud.AWS].argument_names()} - settled()
    ours = {camel(name) for model in (StoreSettings, TeamSettings) for name in model.model_fields}
    top = {f"byob:{name}" for name in Settings.model_fields if name not in ("secret_keys", "unread")}
    assert tabled() >= arguments | ours | top
    assert {"cloud"} == set(ProviderSettings.model_fields)
    rules = CLOUDS[Cloud.AWS].argument_names()["lifecycle_rules"]
    assert rules is not None
    shown = {key for config in EXAMPLES for key in keys(config)}
    optional = {"credentialKeys"}  # shown by an example of its own in stacks/config, and below
    assert shown >= (arguments | ours | top | {camel(name) for name in rules}) - optional
    assert 'credentialKeys: ["2026-11", "2027-02"]' in LIFECYCLE


def test_no_key_is_described_that_is_none() -> None:
    arguments = {camel(name) for name in CLOUDS[Cloud.AWS].argument_names()} - settled()
    ours = {camel(name) for model in (StoreSettings, TeamSettings) for name in model.model_fields}
    top = {f"byob:{name}" for name in Settings.model_fields if name not in ("secret_keys", "unread")}
    outputs = {camel(name) for name in OUTPUTS}
    files = {p.name.removeprefix("Pulumi.").removesuffix(".yaml") for p in (DOCS.parent / "stacks/config").iterdir()}
    assert tabled() == arguments | ours | top | outputs | files


def test_the_life_cycle_page_has_every_state_and_links_that_lead_somewhere() -> None:
    assert all(f"state: {state}" in LIFECYCLE for state in TeamState)
    assert "Never skip the preview for a removal" in LIFECYCLE
    headings = {
        re.sub(r"[^\w -]", "", line[3:].lower()).strip().replace(" ", "-")
        for line in LIFECYCLE.splitlines()
        if line.startswith("## ")
    }
    for page in (CONFIGURATION, LIFECYCLE):
        for link in re.findall(r"\]\(([^)]+)\)", page):
            file, _, anchor = link.partition("#")
            assert (DOCS / file).exists(), link
            assert not anchor or anchor in headings, link
