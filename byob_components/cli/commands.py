"""The list of commands."""

from __future__ import annotations

import click

from byob_components.cli.address import address
from byob_components.cli.doctor import doctor
from byob_components.cli.evidence import evidence
from byob_components.cli.handoff import handoff
from byob_components.cli.policy import policy
from byob_components.cli.review import review
from byob_components.cli.verify import verify


@click.group()
@click.version_option(package_name="byob-components", prog_name="byob")
def byob() -> None:
    """Storage of your own for Weights & Biases: what to hand over, whether it works, what a change means, a record."""


byob.add_command(address)
byob.add_command(doctor)
byob.add_command(evidence)
byob.add_command(handoff)
byob.add_command(policy)
byob.add_command(review)
byob.add_command(verify)
