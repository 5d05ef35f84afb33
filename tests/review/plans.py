"""Small previews, written by hand: one change each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from byob_components.review.reading import Preview, read_preview

BUCKET = "aws:s3/bucket:Bucket"


def step(
    kind: str,
    op: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    *,
    name: str = "data",
    protect: tuple[bool, bool] = (False, False),
    retained: bool = False,
    parent: str = "",
    **more: Any,
) -> dict[str, Any]:
    """One step as the engine writes it.

    Args:
        kind: The type token.
        op: The operation.
        before: Inputs that are there.
        after: Inputs that shall be there.
        name: Of the resource.
        protect: Before and after.
        retained: Whether it stays in the cloud when its lines go.
        parent: URN of the resource above.
        more: Further keys of the step.
    """
    made: dict[str, Any] = {"op": op, "urn": f"urn:pulumi:prod::shop::{kind}::{name}", **more}
    for side, inputs, protected in (("oldState", before, protect[0]), ("newState", after, protect[1])):
        if inputs is not None:
            state = {"type": kind, "inputs": {"__defaults": [], **inputs}, "protect": protected, "parent": parent}
            made[side] = {**state, "retainOnDelete": True} if retained else state
    return made


def plan(*steps: Mapping[str, Any], **more: Any) -> Preview:
    """A preview of these steps.

    Args:
        steps: From `step`.
        more: Further keys of the preview.
    """
    return read_preview(json.dumps({"steps": list(steps), "changeSummary": {}, **more}))
