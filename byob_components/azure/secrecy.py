"""What Azure's provider computes from a name is not marked as secret, even when the name was."""

from typing import Any

import pulumi

from byob_components.arguments import is_open, together


def as_secret_as(computed: pulumi.Output[str], given: pulumi.Input[Any] | None) -> pulumi.Output[str]:
    """A computed value, secret when what it was computed from is.

    Args:
        computed: The output of a resource.
        given: The input that it was computed from, when somebody gave one.
    """
    if not is_open(given):
        return computed
    return together(lambda computed, given: computed, computed=computed, given=given)
