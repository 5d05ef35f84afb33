"""The verifier loads neither Pulumi nor a component, and says how to get what is missing."""

import subprocess
import sys

import pytest


def _python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)


def test_it_works_where_pulumi_is_not_installed() -> None:
    program = """
import sys
class NoPulumi:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0].startswith("pulumi"):
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, NoPulumi())
from byob_components.verify import Cast, Identity, S3Store, verify_s3, clear_s3
from byob_components.verify import GcsIdentity, GcsStore, verify_gcs, clear_gcs
from byob_components.verify import AzureIdentity, AzureStore, verify_azure, clear_azure
loaded = [name for name in sys.modules if name.startswith("byob_components.") and name.split(".")[1] in ("aws", "azure", "gcp", "store", "stack")]
print(loaded)
"""
    done = _python(program)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize(
    ("name", "missing", "installed", "extra"),
    [
        ("verify_s3", "boto3", "boto3", "verify-aws"),
        ("verify_s3", "botocore", "botocore", "verify-aws"),
        ("verify_s3", "httpx", "httpx", "verify-aws"),
        ("verify_gcs", "google.cloud.storage", "google-cloud-storage", "verify-gcp"),
        ("verify_gcs", "google", "google-cloud-storage", "verify-gcp"),
        ("verify_gcs", "requests", "requests", "verify-gcp"),
        ("clear_gcs", "httpx", "httpx", "verify-gcp"),
    ],
)
def test_a_missing_extra_is_answered_with_the_line_that_installs_it(
    name: str, missing: str, installed: str, extra: str
) -> None:
    program = f"""
import sys
sys.modules[{missing!r}] = None
from byob_components.verify import Cast, GcsIdentity, GcsStore, Identity, S3Store
try:
    from byob_components.verify import {name}
except ModuleNotFoundError as problem:
    print(problem)
"""
    done = _python(program)
    expected = f"{name} needs {installed}, which is not installed: pip install 'byob-components[{extra}]'\n"
    assert (done.stdout, done.stderr) == (expected, "")


def test_what_is_not_there_is_said_plainly() -> None:
    import byob_components.verify as verify

    with pytest.raises(AttributeError, match="has no attribute 'verify_ftp'"):
        _ = verify.verify_ftp
    assert {
        "Cast",
        "Identity",
        "S3Store",
        "verify_s3",
        "clear_s3",
        "AzureIdentity",
        "AzureStore",
        "verify_azure",
        "clear_azure",
    } <= set(dir(verify))
