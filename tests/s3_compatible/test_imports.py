"""What an import loads, and which names are public."""

import subprocess
import sys
from pathlib import Path

import pytest

import byob_components

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "code",
    [
        "from byob_components.s3_compatible import S3CompatibleByob",
        "import byob_components; byob_components.S3CompatibleByob",
        "from byob_components.coreweave import CoreWeaveByob",
        "import byob_components; byob_components.CoreWeaveByob",
    ],
)
def test_no_other_clouds_sdk_is_loaded(code: str) -> None:
    found = _loaded(code)
    assert "pulumi_aws" in found
    assert not {"pulumi_gcp", "pulumi_azure_native", "boto3", "google.cloud", "azure", "pydantic"} & found
    assert not {"pulumi_aws.ec2.instance", "pulumi_aws.eks.cluster", "pulumi_aws.rds.instance"} & found
    other = {"s3_compatible": "coreweave", "coreweave": "s3_compatible"}[
        "coreweave" if "CoreWeave" in code else "s3_compatible"
    ]
    assert not {name for name in found if name.startswith((f"byob_components.{other}", "byob_components.gcp"))}


def _loaded(code: str) -> set[str]:
    whole = f"{code}\nimport sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("code", "who"),
    [
        ("import byob_components; byob_components.S3CompatibleByob", "S3CompatibleByob"),
        ("import byob_components; byob_components.CoreWeaveByob", "CoreWeaveByob"),
        ("import byob_components.s3_compatible.byob", "byob_components.s3_compatible"),
        ("import byob_components.coreweave.byob", "byob_components.coreweave"),
    ],
)
def test_a_missing_sdk_is_answered_with_the_line_that_installs_it(code: str, who: str) -> None:
    whole = f"import sys; sys.modules['pulumi_aws'] = None\n{code}"
    done = subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, check=False, cwd=ROOT)
    told = f"{who} needs pulumi_aws, which is not installed: pip install 'byob-components[aws]'"
    assert done.stderr.strip().splitlines()[-1] == f"ModuleNotFoundError: {told}"


def test_every_public_name_is_there() -> None:
    names = [name for name in byob_components.__all__ if name.startswith(("S3Compatible", "CoreWeave"))]
    assert names == [
        "CoreWeaveBucket",
        "CoreWeaveBucketArgs",
        "CoreWeaveByob",
        "CoreWeaveByobArgs",
        "CoreWeaveGrant",
        "CoreWeaveGrantArgs",
        "CoreWeaveLifecycleRuleArgs",
        "S3CompatibleBucket",
        "S3CompatibleBucketArgs",
        "S3CompatibleByob",
        "S3CompatibleByobArgs",
        "S3CompatibleCapability",
        "S3CompatibleGrant",
        "S3CompatibleGrantArgs",
        "S3CompatibleLifecycleRuleArgs",
        "S3CompatibleServer",
    ]
    assert all(getattr(byob_components, name) for name in names)
