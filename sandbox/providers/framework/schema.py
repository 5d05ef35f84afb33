"""The package schema, made from the contract: `pulumi import`, `pulumi package` and YAML programs ask for it."""

from collections.abc import Iterable
from typing import Any

from sandbox.providers.framework.contract import Contract


def _type(kind: Any) -> dict[str, Any]:
    if isinstance(kind, str) and kind in ("string", "boolean", "integer", "number"):
        return {"type": kind}
    if isinstance(kind, dict) and "list" in kind:
        return {"type": "array", "items": _type(kind["list"])}
    if isinstance(kind, dict) and "map" in kind:
        return {"type": "object", "additionalProperties": _type(kind["map"])}
    if isinstance(kind, dict) and "enum" in kind:
        return {"type": "string"}
    # Nested objects would need named types; Check holds programs to them anyway.
    return {"$ref": "pulumi.json#/Any"}


def schema(name: str, contract: Contract, tokens: Iterable[str]) -> dict[str, Any]:
    """The schema of the resources that are carried out.

    Args:
        name: The package's name.
        contract: The real provider's contract.
        tokens: The resource types.
    """

    def props(members: dict[str, Any]) -> dict[str, Any]:
        return {k: _type(v) for k, v in sorted(members.items())}

    return {
        "name": name,
        "version": contract.version,
        "provider": {"inputProperties": props(contract.provider["object"])},
        "resources": {
            token: {
                "inputProperties": props(kind["inputs"]),
                "requiredInputs": kind["required"],
                "properties": props({**kind["inputs"], **kind["outputs"]}),
            }
            for token, kind in contract.resources.items()
            if token in set(tokens)
        },
    }
