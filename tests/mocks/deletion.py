"""In which order the engine deletes, and what of that reaches the cloud.

The engine deletes in batches: what depends on nothing else that goes is last, what the longest chain leads to is first
(`ScheduleDeletes` in pulumi's pkg/resource/deploy/step_generator.go). A batch that fails is the last one. A resource that
is `deleted_with` another one that goes too, or retained, is only forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence

from tests.mocks.monitor import Registered


def batches(resources: Sequence[Registered]) -> list[list[Registered]]:
    """The batches in which these resources are deleted, the first first."""
    left = {r.key: r for r in resources}
    found: list[list[Registered]] = []
    while left:
        free = [r for r in left.values() if not needs(r) & left.keys()]
        for r in free:
            del left[r.key]
        found.insert(0, free)
    return found


def needs(resource: Registered) -> set[str]:
    """What a resource needs directly: parent, dependencies, and what it is deleted with."""
    return {resource.parent, resource.deleted_with, *resource.dependencies} - {""}


def all_needs(resource: Registered, resources: Sequence[Registered]) -> set[str]:
    """What a resource needs, through others too."""
    by_key = {r.key: r for r in resources}
    seen: set[str] = set()
    ahead = needs(resource)
    while ahead:
        key = ahead.pop()
        if key not in seen:
            seen.add(key)
            ahead |= needs(by_key[key]) if key in by_key else set()
    return seen


def reaches_cloud(resource: Registered, resources: Sequence[Registered]) -> bool:
    """Whether a deletion of all these resources really deletes this one."""
    goes_with = resource.deleted_with and resource.deleted_with in {r.key for r in resources}
    return resource.custom and not goes_with and not resource.retain_on_delete
