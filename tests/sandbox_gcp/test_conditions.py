"""Conditions that scope a grant to a path."""

from __future__ import annotations

import pytest

from sandbox.clouds.gcp.apis.conditions import Subject, Unsupported, evaluate

OBJECT = Subject("projects/_/buckets/b/objects/vision/run/1", "storage.googleapis.com/Object")
BUCKET = Subject("projects/_/buckets/b", "storage.googleapis.com/Bucket", "vision/")
UNDER = 'resource.name.startsWith("projects/_/buckets/b/objects/vision/")'
LISTS = "api.getAttribute('storage.googleapis.com/objectListPrefix', '').startsWith('vision/')"


@pytest.mark.parametrize(
    ("expression", "on_object", "on_bucket"),
    [
        (UNDER, True, False),
        (LISTS, False, True),
        (f"{UNDER} || {LISTS}", True, True),
        (f"{UNDER} && {LISTS}", False, False),
        (f"!{UNDER}", False, True),
        ("resource.type == 'storage.googleapis.com/Bucket'", False, True),
        ("resource.type != 'storage.googleapis.com/Bucket'", True, False),
        (f"(resource.type == 'storage.googleapis.com/Bucket' || {UNDER}) && resource.name != 'x'", True, True),
        ("resource.name.startsWith('projects/_/buckets/b/objects/visio')", True, False),
        ("resource.name == 'projects/_/buckets/b'", False, True),
    ],
)
def test_conditions(expression: str, on_object: bool, on_bucket: bool) -> None:
    assert evaluate(expression, OBJECT) is on_object
    assert evaluate(expression, BUCKET) is on_bucket


@pytest.mark.parametrize(
    "expression",
    [
        "", "resource.name", "true", "request.time < timestamp('2030-01-01T00:00:00Z')", "resource.name.endsWith('x')", "resource.name.startsWith(x)",
        f"{UNDER} ||", f"{UNDER} {UNDER}", "resource.service == 'storage.googleapis.com'", f"{UNDER} || request.auth == 'x'",
        "api.getAttribute('other', '') == ''", f"({UNDER}",
    ],
)  # fmt: skip
def test_what_is_not_evaluated_is_refused_and_never_true(expression: str) -> None:
    with pytest.raises(Unsupported):
        evaluate(expression, OBJECT)
