"""The schema of all components, as Pulumi's own analyzer reads it: what YAML, TypeScript and Go users get."""

import inspect
import json
from enum import StrEnum
from pathlib import Path
from typing import Any, TypedDict

import pulumi
import pytest
from pulumi.provider.experimental.component import ComponentProvider

import byob_components
from tests.mocks.golden import assert_golden

COMPONENTS = [
    found
    for name in byob_components.__all__
    if inspect.isclass(found := getattr(byob_components, name)) and issubclass(found, pulumi.ComponentResource)
]
GOLDEN = Path(__file__).parent / "wandb-byob.json"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    provider = ComponentProvider(COMPONENTS, "wandb-byob", version="0.0.0")
    found: dict[str, Any] = json.loads(provider.schema)
    return found


def test_the_schema_is_the_one_written_down(schema: dict[str, Any]) -> None:
    assert_golden(schema, GOLDEN)


def test_every_public_component_has_its_token(schema: dict[str, Any]) -> None:
    assert sorted(schema["resources"]) == sorted(f"wandb-byob:index:{c.__name__}" for c in COMPONENTS)
    assert len(COMPONENTS) >= 5


def test_every_argument_and_output_is_described(schema: dict[str, Any]) -> None:
    """The analyzer reads the string under a field of the class itself, and none that is inherited."""
    bare = [
        f"{name}.{field}"
        for name, found in {**schema["resources"], **schema["types"]}.items()
        for group in ("inputProperties", "properties")
        for field, one in found.get(group, {}).items()
        if not one.get("description")
    ]
    bare += [
        f"{name}.{one['name']}"
        for name, found in schema["types"].items()
        for one in found.get("enum", [])
        if not one.get("description")
    ]
    bare += [name for name, found in {**schema["resources"], **schema["types"]}.items() if not found.get("description")]
    assert bare == []


def _arguments(component: type) -> type:
    found: type = inspect.get_annotations(component.__init__)["args"]
    return found


def test_arguments_are_one_flat_typed_dict_named_after_the_component() -> None:
    for component in COMPONENTS:
        kind = _arguments(component)
        assert kind.__name__ == f"{component.__name__}Args"
        assert kind.__orig_bases__ == (TypedDict,)  # type: ignore[attr-defined]


def test_an_argument_that_two_components_have_is_described_alike() -> None:
    """Said twice, because the analyzer wants it so; said in the same words, unless it means another thing there."""
    different = {
        ("principals", "AwsByobArgs"),
        ("principals", "AwsGrantArgs"),
        ("access", "AwsGrantArgs"),
        ("access", "AwsCredentialArgs"),
        ("region", "AwsGrantArgs"),
        ("region", "AwsCredentialArgs"),
        ("tags", "AwsCredentialArgs"),
        ("protection", "AwsCredentialArgs"),
        ("partition", "AwsGrantArgs"),
        ("partition", "AwsCredentialArgs"),
        ("encryption", "AwsBucketArgs"),
        ("kms_key_arn", "AwsByobArgs"),
        ("kms_key_arn", "AwsGrantArgs"),
        ("kms_key_arn", "AwsCredentialArgs"),
        ("bucket_name", "AwsGrantArgs"),
        ("bucket_name", "AwsCredentialArgs"),
        ("paths", "AwsGrantArgs"),
        ("paths", "AwsCredentialArgs"),
        ("bucket_policy_statements", "AwsGrantArgs"),
        ("credential_keys", "AwsCredentialArgs"),
        ("principals", "GcpByobArgs"),
        ("principals", "GcpGrantArgs"),
        ("access", "GcpGrantArgs"),
        ("access", "GcpCredentialArgs"),
        ("protection", "GcpCredentialArgs"),
        ("encryption", "GcpBucketArgs"),
        ("kms_key_id", "GcpByobArgs"),
        ("bucket_name", "GcpGrantArgs"),
        ("bucket_name", "GcpCredentialArgs"),
        ("credential_keys", "GcpCredentialArgs"),
        ("location", "AzureGrantArgs"),
        ("mode", "AzureByobArgs"),
        ("mode", "AzureContainerArgs"),
        ("principals", "AzureByobArgs"),
        ("principals", "AzureContainerArgs"),
        ("access", "AzureGrantArgs"),
        ("resource_group_name", "AzureByobArgs"),
        ("resource_group_name", "AzureGrantArgs"),
        ("tags", "AzureGrantArgs"),
        ("protection", "AzureGrantArgs"),
        ("encryption", "AzureContainerArgs"),
        ("kms_key_id", "AzureByobArgs"),
        ("container_name", "AzureGrantArgs"),
        ("principals", "S3CompatibleByobArgs"),
        ("principals", "S3CompatibleGrantArgs"),
        ("access", "S3CompatibleGrantArgs"),
        ("bucket_name", "S3CompatibleGrantArgs"),
        ("bucket_policy_statements", "S3CompatibleGrantArgs"),
        ("paths", "S3CompatibleGrantArgs"),
        ("principals", "CoreWeaveByobArgs"),
        ("principals", "CoreWeaveGrantArgs"),
        ("access", "CoreWeaveGrantArgs"),
        ("bucket_name", "CoreWeaveGrantArgs"),
        ("bucket_policy_statements", "CoreWeaveGrantArgs"),
        ("paths", "CoreWeaveGrantArgs"),
    }
    known = {(field, _arguments(c).__name__) for c in COMPONENTS for field in _arguments(c).__annotations__}
    assert different <= known
    said: dict[str, set[str]] = {}
    analyzer = ComponentProvider(COMPONENTS, "wandb-byob").analyzer
    for component in COMPONENTS:
        kind = _arguments(component)
        for field in kind.__annotations__:
            if (field, kind.__name__) not in different:
                said.setdefault(f"{kind.__name__[:3]} {field}", set()).add(str(analyzer.get_docstring(kind, field)))
    assert {field: texts for field, texts in said.items() if len(texts) > 1} == {}


def test_enums_are_text(schema: dict[str, Any]) -> None:
    for name, found in schema["types"].items():
        if "enum" in found:
            assert found["type"] == "string", name
    public = [getattr(byob_components, name) for name in byob_components.__all__]
    enums = [one for one in public if inspect.isclass(one) and issubclass(one, StrEnum)]
    assert {f"wandb-byob:index:{one.__name__}" for one in enums} >= {
        name for name, found in schema["types"].items() if "enum" in found
    }


def test_types_of_one_cloud_begin_with_its_name(schema: dict[str, Any]) -> None:
    shared = {"Access", "Protection", "Encryption", "Deployment", "Level"}
    clouds = ("Aws", "Gcp", "Azure", "S3Compatible", "CoreWeave")
    for token in [*schema["types"], *schema["resources"]]:
        name = token.rpartition(":")[2]
        assert name in shared or name.startswith(clouds), name


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda c: c.__name__)
def test_the_hosted_form_hands_over_what_the_class_takes(component: type) -> None:
    """Names come back from camelCase, and Outputs stay Outputs, for every argument that may be one."""
    provider = ComponentProvider(COMPONENTS, "wandb-byob")
    definition = provider._component_defs[component.__name__]
    one = pulumi.Output.from_input("x")
    given = {
        wire: one
        for wire, prop in definition.inputs.items()
        if not prop.plain and prop.ref is None and prop.additional_properties is None and prop.items is None
    }
    plain = {
        "deployment": "dedicated",
        "level": "team",
        "credentialKeys": ["a"],
        "bucketPolicyStatements": [],
        "mode": "keyless",
        "server": "ceph",
        "principals": [],
    }
    required = {wire: plain[wire] for wire, prop in definition.inputs.items() if not prop.optional and wire in plain}
    mapped = provider.map_inputs({**given, **required}, definition)
    kind = _arguments(component)
    assert set(mapped) <= set(kind.__annotations__)
    assert {definition.inputs_mapping[wire] for wire in given} <= set(mapped)
    for wire in given:
        assert mapped[definition.inputs_mapping[wire]] is one
