"""A policy pack's folder for any project, as text: what `byob policy init` writes."""

from __future__ import annotations

import json

from byob_components.policies.registry import RULES
from byob_components.policies.rule import Level

PROFILES: dict[str, dict[str, str]] = {
    "development": {"all": str(Level.ADVISORY)},
    "production": {},
    "regulated": {rule.name: str(Level.MANDATORY) for rule in RULES if rule.level is Level.ADVISORY},
}
"""Name to the configuration: advice only; every rule at its own level; all advice mandatory."""
_PROJECT = """\
description: Guards buckets and keys that Weights & Biases stores data in
version: {version}
runtime:
  name: python
  options:
    # An environment of the pack's own, because pulumi-policy holds protobuf at 5 and programs need not.
    virtualenv: venv
"""
_PROGRAM = '''\
"""The policy pack: `pulumi preview --policy-pack <this folder>`."""

from byob_components.policies.serving.pack import serve

serve()
'''
_REQUIREMENTS = """\
# One version, so that rules come with a change that somebody reviews.
byob-components[policy]=={version}
"""


def pack_files(version: str) -> dict[str, str]:
    """The files of a pack, by their path in its folder.

    Args:
        version: Of this library.
    """
    profiles = {f"profiles/{name}.json": json.dumps(made, indent=2) + "\n" for name, made in PROFILES.items()}
    return {
        "PulumiPolicy.yaml": _PROJECT.format(version=version),
        "__main__.py": _PROGRAM,
        "requirements.txt": _REQUIREMENTS.format(version=version),
        ".gitignore": "venv/\n__pycache__/\n",
        **profiles,
    }
