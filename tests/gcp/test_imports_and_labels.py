"""What an import loads, and the label by which a half-made resource is found again."""

import subprocess
import sys
from pathlib import Path

import pulumi
import pytest

import byob_components
from byob_components.gcp.checks import labels as check_labels
from byob_components.gcp.labels import STORE_LABEL, store_value

ROOT = Path(__file__).parents[2]


def loaded(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "code", ["from byob_components.gcp import GcpByob", "import byob_components; byob_components.GcpByob"]
)
def test_no_other_clouds_sdk_is_loaded(code: str) -> None:
    found = loaded(code)
    assert "pulumi_gcp" in found
    assert not {"pulumi_aws", "pulumi_azure_native", "boto3", "google.cloud", "azure", "pydantic"} & found
    assert not {"pulumi_gcp.compute.instance", "pulumi_gcp.container.cluster", "pulumi_gcp.sql.database"} & found
    assert not {name for name in found if name.startswith("byob_components.aws")}


def test_aws_and_the_settings_load_no_gcp() -> None:
    assert "pulumi_gcp" not in loaded("from byob_components.aws import AwsByob\nimport byob_components.stack")


def test_a_missing_sdk_is_answered_with_the_line_that_installs_it() -> None:
    code = (
        "import sys; sys.modules['pulumi_gcp'] = None\n"
        "import byob_components\n"
        "try: byob_components.GcpByob\n"
        "except ModuleNotFoundError as told: print(told)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "GcpByob needs pulumi_gcp, which is not installed: pip install 'byob-components[gcp]'"


def test_every_public_name_is_there() -> None:
    names = [name for name in byob_components.__all__ if name.startswith("Gcp")]
    assert names == [
        "GcpBucket",
        "GcpBucketArgs",
        "GcpByob",
        "GcpByobArgs",
        "GcpCredential",
        "GcpCredentialArgs",
        "GcpGrant",
        "GcpGrantArgs",
        "GcpKey",
        "GcpKeyArgs",
        "GcpLifecycleRuleArgs",
        "GcpStorageClass",
    ]
    assert issubclass(byob_components.GcpByob, pulumi.ComponentResource)


@pytest.mark.parametrize(
    ("project", "stack", "name", "value"),
    [
        ("byob", "prod", "vision", "byob_prod_vision"),
        ("BYOB", "prod", "vision", "byob_prod_vision-b93d2c0b"),
        ("acme.byob", "prod", "vision", "acme-byob_prod_vision-fc6c03a9"),
        ("byob", "prod", "v" * 60, "byob_prod_" + "v" * 44 + "-a523004e"),
    ],
)
def test_the_label_fits_and_tells_stores_apart(project: str, stack: str, name: str, value: str) -> None:
    assert store_value(project, stack, name) == value
    assert check_labels({"x": value}, "labels") == []


def test_a_label_of_ours_cannot_be_given() -> None:
    assert [fault.code for fault in check_labels({STORE_LABEL: "x"}, "labels")] == ["BYOB-GCP-024"]
