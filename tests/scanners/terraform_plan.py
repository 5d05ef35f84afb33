"""The JSON of a Terraform plan, which scanners read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Resource:
    """One resource as Terraform would plan it.

    Args:
        type: For example `aws_s3_bucket`.
        name: The logical name.
        values: Its attributes; a block is a list of mappings.
        references: Attribute to the addresses that its value comes from.
    """

    type: str
    name: str
    values: Mapping[str, Any]
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """How other resources name it."""
        return address(self.type, self.name)


def address(type_: str, name: str) -> str:
    """How a plan names a resource.

    Args:
        type_: Terraform's type.
        name: The logical name, in any spelling.
    """
    return f"{type_}.{re.sub(r'[^a-zA-Z0-9_]', '_', name)}"


def plan(provider: str, resources: Iterable[Resource]) -> dict[str, Any]:
    """The plan that would create these resources.

    Args:
        provider: For example `aws`.
        resources: In any order.
    """
    planned, configured = [], []
    for resource in resources:
        head = {
            "address": resource.address,
            "mode": "managed",
            "type": resource.type,
            "name": resource.address.partition(".")[2],
            "provider_name": f"registry.terraform.io/hashicorp/{provider}",
        }
        values = dict(resource.values)
        planned.append((head, values))
        configured.append({**head, "provider_config_key": provider, "expressions": _expressions(resource)})
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {
            "root_module": {"resources": [{**head, "schema_version": 0, "values": values} for head, values in planned]}
        },
        "resource_changes": [
            {**head, "change": {"actions": ["create"], "before": None, "after": values, "after_unknown": {}}}
            for head, values in planned
        ],
        "configuration": {"root_module": {"resources": configured}},
    }


def _expressions(resource: Resource) -> dict[str, Any]:
    """Where each value comes from: a scanner joins a bucket and its settings by these references."""
    found: dict[str, Any] = {key: {"constant_value": value} for key, value in resource.values.items()}
    for attribute, addresses in resource.references.items():
        if addresses and attribute in found:
            found[attribute] = {"references": [ref for one in addresses for ref in (f"{one}.id", one)]}
    return found
