"""A provider plugin that takes every property of the real one, where the local cloud's refuses what it does not carry out.

The pack judges what a program asks for, before any cloud sees it: legacy inline properties, older names of types, and other
languages are shown to it this way. A process of its own: it makes pulumi importable without its package, for all that follows.
"""

from __future__ import annotations

import json
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


if __name__ == "__main__":
    run(OpenProvider())
