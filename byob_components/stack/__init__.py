"""Typed settings of a stack, and the builders that turn them into stores; for our programs and for anyone's."""

from byob_components.stack.builders import build, check
from byob_components.stack.settings import Settings, TeamState, load, read_config

__all__ = ["Settings", "TeamState", "build", "check", "load", "read_config"]
