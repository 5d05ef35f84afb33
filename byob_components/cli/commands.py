"""The list of commands."""

from __future__ import annotations

import click

from byob_components.cli.evidence import evidence
from byob_components.cli.policy import policy
from byob_components.cli.review import review


@click.group()
@click.version_option(package_name="byob-components", prog_name="byob")
def byob() -> None:
    """Storage of your own for Weights & Biases: review, and more, from the command line."""


byob.add_command(evidence)
byob.add_command(policy)
byob.add_command(review)
