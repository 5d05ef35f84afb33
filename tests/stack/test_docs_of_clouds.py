"""Each cloud's own page: every key of a store stands in its table, none that does not exist, and its examples are accepted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from byob_components.stack import load
from byob_components.stack.clouds import CLOUDS
from byob_components.stack.settings import StoreSettings
from byob_components.stack.spelling import camel
from byob_components.wandb.deployment import Cloud

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {
    Cloud.AZURE: "azure.md",
    Cloud.COREWEAVE: "coreweave.md",
    Cloud.GCP: "gcp.md",
    Cloud.S3_COMPATIBLE: "s3-compatible.md",
}
"""AWS has the page of all clouds, configuration.md."""
SETTLED = {"deployment", "level", "suspendedPaths"}
"""What the stack decides for every store."""
each_page = pytest.mark.parametrize("cloud", PAGES)


def read(cloud: Cloud) -> str:
    return (DOCS / PAGES[cloud]).read_text(encoding="utf-8")


def configurations(text: str) -> list[dict[str, Any]]:
    found = re.findall(r"^```yaml\n(config:.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [yaml.safe_load(block)["config"] for block in found]


def test_every_cloud_has_a_page() -> None:
    assert PAGES.keys() == CLOUDS.keys() - {Cloud.AWS}


@each_page
def test_the_table_and_the_arguments_agree(cloud: Cloud) -> None:
    section = read(cloud).partition("## A store\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    named = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    arguments = {camel(name) for name in CLOUDS[cloud].argument_names()} - SETTLED
    ours = {camel(name) for name in StoreSettings.model_fields}
    assert named == arguments | ours


@each_page
def test_the_examples_are_accepted(cloud: Cloud) -> None:
    found = configurations(read(cloud))
    assert found
    for config in found:
        load({key.removeprefix("byob:"): value for key, value in config.items() if key.startswith("byob:")})


@each_page
def test_every_link_and_every_copied_file_is_there(cloud: Cloud) -> None:
    text = read(cloud)
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text)]
    assert links
    assert all((DOCS / link).exists() for link in links if "://" not in link)
    copied = re.findall(r"cp (stacks/config/\S+)", text)
    assert copied
    assert all((DOCS.parent / file).exists() for file in copied)
