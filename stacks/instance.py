"""One store, for a whole W&B instance."""

import pulumi

from byob_components.stack import Settings, build


def run(settings: Settings) -> None:
    """Make the store of `byob:store` and export its outputs as `store`."""
    for name, value in build(settings).items():
        pulumi.export(name, value)
