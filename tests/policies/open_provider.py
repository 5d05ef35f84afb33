"""A provider plugin that takes every property of the real one, where the local cloud's refuses what it does not carry out.

The pack judges what a program asks for, before any cloud sees it: legacy inline properties, older names of types, and other
languages are shown to it this way.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.null_provider import NullProvider, run
from sandbox.providers.framework.protos import provider_pb2 as p

ANY = {"$ref": "pulumi.json#/Any"}
SCHEMA: dict[str, Any] = {
    "name": "aws",
    "version": "7.51.1",
    "provider": {"inputProperties": {"region": {"type": "string"}}},
    "resources": {
        "aws:s3/bucket:Bucket": {
            "inputProperties": {"versioning": ANY, "tags": ANY},
            "properties": {"versioning": ANY, "tags": ANY, "bucket": {"type": "string"}},
        },
        "aws:s3/bucketVersioning:BucketVersioning": {
            "inputProperties": {"bucket": {"type": "string"}, "versioningConfiguration": ANY},
            "properties": {"bucket": {"type": "string"}, "versioningConfiguration": ANY},
            "requiredInputs": ["bucket", "versioningConfiguration"],
        },
    },
}
"""What a YAML program is held to."""


class OpenProvider(NullProvider):
    """Says yes to everything, and has a schema."""

    def GetSchema(self, r: Any, c: Any) -> Any:
        return p.GetSchemaResponse(schema=json.dumps(SCHEMA))


def install(folder: Path, root: Path, python: Path) -> Path:
    """Put the plugin into a folder that a project file names.

    Args:
        folder: Where.
        root: The repository.
        python: The interpreter.
    """
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "pulumi-resource-aws"
    script.write_text(
        f'#!/bin/sh\nexport PYTHONPATH="{root}"\nexec "{python}" -u -m tests.policies.open_provider "$@"\n'
    )
    script.chmod(0o755)
    return folder


if __name__ == "__main__":
    run(OpenProvider())
