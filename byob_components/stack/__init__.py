"""Typed settings of a stack, and the builders that turn them into stores; for our programs and for anyone's."""

try:
    import pydantic  # noqa: F401 - only whether it is there
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(
        "byob_components.stack needs pydantic, which is not installed: pip install 'byob-components[stack]'",
        name=missing.name,
    ) from None

from byob_components.stack.builders import build, check
from byob_components.stack.loading import load, read_config
from byob_components.stack.settings import Settings, TeamState

__all__ = ["Settings", "TeamState", "build", "check", "load", "read_config"]
