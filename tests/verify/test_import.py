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
from byob_components.verify import AzureIdentity, AzureStore, verify_azure, clear_azure
loaded = [name for name in sys.modules if name.startswith("byob_components.") and name.split(".")[1] in ("aws", "azure", "gcp", "store", "stack")]
print(loaded)
"""
    done = _python(program)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize("missing", ["boto3", "botocore", "httpx"])
def test_a_missing_extra_is_answered_with_the_line_that_installs_it(missing: str) -> None:
    program = f"""
import sys
sys.modules[{missing!r}] = None
from byob_components.verify import Cast, Identity, S3Store
try:
    from byob_components.verify import verify_s3
except ModuleNotFoundError as problem:
    print(problem)
"""
    done = _python(program)
    expected = f"verify_s3 needs {missing}, which is not installed: pip install 'byob-components[verify-aws]'\n"
    assert (done.stdout, done.stderr) == (expected, "")


@pytest.mark.parametrize(("missing", "package"), [("azure", "azure-storage-blob"), ("httpx", "httpx")])
def test_a_missing_client_of_azure_is_answered_with_its_extra(missing: str, package: str) -> None:
    program = f"""
import sys
sys.modules[{missing!r}] = None
from byob_components.verify import AzureIdentity, AzureStore, Cast
try:
    from byob_components.verify import verify_azure
except ModuleNotFoundError as problem:
    print(problem)
"""
    done = _python(program)
    expected = f"verify_azure needs {package}, which is not installed: pip install 'byob-components[verify-azure]'\n"
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
