"""What an import loads, which way imports point, and how large a file may be."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "byob_components"
SDKS = {"pulumi_aws", "pulumi_gcp", "pulumi_azure_native", "boto3", "botocore", "googleapiclient", "azure"}
CLOUDS = {"aws", "gcp", "azure", "s3_compatible", "coreweave"}
SPEAK_S3 = {"aws", "s3_compatible", "coreweave"}


def loaded(statement: str, hidden: str = "") -> set[str]:
    """The top-level modules that a statement loads in a fresh interpreter.

    Args:
        statement: What is run.
        hidden: A module that is not installed there.
    """
    hide = f"import sys; sys.modules[{hidden!r}] = None\n" if hidden else "import sys\n"
    code = f"{hide}{statement}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


# statement -> (what it must load, what it must not load)
LOADS: dict[str, tuple[set[str], set[str]]] = {
    "import byob_components": ({"byob_components"}, SDKS | {"pulumi", "pydantic", "grpc"}),
    "import byob_components; byob_components.Cloud, byob_components.Access, byob_components.ByobError": (
        {"byob_components"},
        SDKS | {"pulumi", "pydantic", "grpc"},
    ),
    "import byob_components; byob_components.Encryption": ({"pulumi"}, SDKS | {"pydantic"}),
    "from byob_components.aws import AwsByob": ({"pulumi", "pulumi_aws"}, (SDKS - {"pulumi_aws"}) | {"pydantic"}),
    "from byob_components import AwsByob": ({"pulumi", "pulumi_aws"}, (SDKS - {"pulumi_aws"}) | {"pydantic"}),
    **{
        f"from byob_components import {composite}": ({"pulumi", sdk}, (SDKS - {sdk}) | {"pydantic"})
        for composite, sdk in (
            ("GcpByob", "pulumi_gcp"),
            ("AzureByob", "pulumi_azure_native"),
            ("S3CompatibleByob", "pulumi_aws"),
            ("CoreWeaveByob", "pulumi_aws"),
        )
    },
    "import byob_components.stack": ({"pulumi", "pydantic"}, SDKS),
    "import byob_components.verify": ({"byob_components"}, SDKS | {"pulumi", "pydantic", "httpx"}),
    "import byob_components.cli.commands": ({"click"}, SDKS | {"pulumi", "pydantic", "google", "httpx"}),
    "import byob_components.verify.gcs.login": ({"google"}, SDKS | {"pulumi"}),
}


@pytest.mark.parametrize("statement", LOADS)
def test_an_import_loads_what_it_needs_and_nothing_else(statement: str) -> None:
    wanted, unwanted = LOADS[statement]
    found = loaded(statement)
    assert wanted <= found
    assert found & unwanted == set()


def test_wandb_loads_neither_pulumi_nor_an_sdk() -> None:
    modules = [path.stem for path in (PACKAGE / "wandb").glob("*.py") if path.stem != "__init__"]
    assert len(modules) > 5
    found = loaded("import " + ", ".join(f"byob_components.wandb.{name}" for name in modules))
    assert found & (SDKS | {"pulumi", "pydantic", "grpc"}) == set()


# ------------------------------------------------------------------------------------------ missing extras
@pytest.mark.parametrize(
    ("statement", "hidden", "line"),
    [
        ("from byob_components import AwsByob", "pulumi_aws", "pip install 'byob-components[aws]'"),
        ("from byob_components.aws import AwsByob", "pulumi_aws", "pip install 'byob-components[aws]'"),
        ("import byob_components.aws.byob", "pulumi_aws", "pip install 'byob-components[aws]'"),
        ("import byob_components.stack", "pydantic", "pip install 'byob-components[stack]'"),
        ("from byob_components.verify import verify_s3", "boto3", "pip install 'byob-components[verify-aws]'"),
    ],
)
def test_a_missing_extra_is_answered_with_the_line_that_installs_it(statement: str, hidden: str, line: str) -> None:
    code = f"import sys; sys.modules[{hidden!r}] = None\n{statement}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ModuleNotFoundError: ")
    assert hidden in last
    assert line in last


def test_what_needs_no_extra_works_without_any() -> None:
    hide = "; ".join(f"sys.modules[{name!r}] = None" for name in ("pulumi", "pulumi_aws", "pydantic", "boto3"))
    statement = "from byob_components import Cloud, Deployment, Level, Access, Fault; import byob_components.verify"
    code = f"import sys; {hide}; {statement}"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_another_missing_module_is_not_taken_for_a_missing_extra() -> None:
    code = "import sys; sys.modules['byob_components.aws.key'] = None; from byob_components import AwsByob"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert "byob_components.aws.key" in done.stderr.strip().splitlines()[-1]
    assert "pip install" not in done.stderr.strip().splitlines()[-1]


# ------------------------------------------------------------------------------------------ one-way imports
GROUND = {"errors"}
SHARED = {
    "arguments",
    "combinations",
    "key_choice",
    "lifecycle_faults",
    "limits",
    "questions",
    "server_outputs",
    "suspension",
}
"""What the components of all clouds share: how a call is held against its contract, what is asked, what a server takes."""
# part of the library -> the parts it may import
PARTS: dict[str, set[str]] = {
    "errors": set(),
    "wandb": GROUND,
    "store": GROUND | {"wandb"},
    "arguments": GROUND | {"store"},
    "limits": GROUND,
    "combinations": GROUND,
    "lifecycle_faults": GROUND | {"combinations"},
    "suspension": GROUND | {"wandb", "combinations"},
    "key_choice": GROUND | {"store", "arguments", "combinations"},
    "questions": GROUND | {"store"},
    "server_outputs": GROUND | {"wandb"},
    "live_policy": GROUND | {"questions"},
    **{cloud: GROUND | {"wandb", "store"} | SHARED for cloud in CLOUDS},
    **{cloud: GROUND | {"wandb", "store", "live_policy"} | SHARED for cloud in SPEAK_S3},
    "stack": GROUND | {"wandb", "store", "arguments"} | CLOUDS,
    "verify": GROUND | {"wandb"},
    "policies": GROUND | {"wandb"},
    "review": GROUND | {"wandb"},
    "evidence": GROUND | {"wandb", "policies", "review"},
    "declared": GROUND | {"wandb", "verify", "policies"},
    "cli": GROUND | {"wandb", "verify", "stack", "review", "policies", "evidence", "declared"},
    "__init__": GROUND,
}
PURE = {"policy", "checks", "lifecycle"}
"""What the S3-compatible clouds may take from `aws`: builders of plain data."""
THIRD_PARTY: dict[str, set[str]] = {
    "errors": set(),
    "wandb": set(),
    "store": {"pulumi"},
    "arguments": {"pulumi"},
    "limits": set(),
    "combinations": set(),
    "lifecycle_faults": set(),
    "suspension": set(),
    "key_choice": set(),
    "questions": {"pulumi"},
    "server_outputs": {"pulumi"},
    "live_policy": {"pulumi", "pulumi_aws"},
    "aws": {"pulumi", "pulumi_aws"},
    "gcp": {"pulumi", "pulumi_gcp"},
    "azure": {"pulumi", "pulumi_azure_native"},
    "s3_compatible": {"pulumi", "pulumi_aws"},
    "coreweave": {"pulumi", "pulumi_aws"},
    "stack": {"pulumi", "pydantic"},
    "review": set(),
    "evidence": set(),
    "declared": set(),
    "cli": {"click"},
    "__init__": set(),
}
FILES = sorted(PACKAGE.rglob("*.py"))


def part_of(module: str) -> str:
    """`byob_components.aws.key` -> `aws`."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def imports(file: Path) -> list[str]:
    """Every module that a file imports, in functions too; what only type checkers see is left out."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    unseen = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found: list[str] = []
    for node in ast.walk(tree):
        if id(node) in unseen:
            continue
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_imports_point_one_way(file: Path) -> None:
    here = file.relative_to(PACKAGE).parts
    part = here[0].removesuffix(".py")
    allowed = PARTS[part] | {part}
    for module in imports(file):
        top = module.split(".")[0]
        if top == "byob_components":
            other = part_of(module)
            pure = part in ("s3_compatible", "coreweave") and other == "aws" and module.split(".")[2] in PURE
            assert other in allowed or pure, f"{part} imports {module}"
        elif top not in sys.stdlib_module_names and part in THIRD_PARTY:
            assert top in THIRD_PARTY[part], f"{part} imports {module}"


def test_nothing_in_the_library_knows_the_local_cloud_or_the_tests() -> None:
    for file in FILES:
        assert not {module.split(".")[0] for module in imports(file)} & {"sandbox", "tests", "stacks", "benchmarks"}, (
            file
        )


def test_pure_builders_need_no_pulumi() -> None:
    for name in PURE:
        for module in imports(PACKAGE / "aws" / f"{name}.py"):
            assert module.split(".")[0] in {"byob_components", *sys.stdlib_module_names}, name
            assert module.split(".")[0] != "byob_components" or part_of(module) in {
                "errors",
                "limits",
                "combinations",
                "lifecycle_faults",
                "wandb",
                "aws",
            }, module


def test_components_have_real_annotations() -> None:
    """Pulumi's analyzer reads types, not text."""
    for file in FILES:
        if "pulumi" in {module.split(".")[0] for module in imports(file)} and file.parent.name in CLOUDS:
            assert "__future__.annotations" not in imports(file), file


# ------------------------------------------------------------------------------------------ size and names
FOLDERS = ("byob_components", "sandbox", "stacks", "policies", "tests", "benchmarks", "examples")
SOURCES = sorted(
    file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py") if "__pycache__" not in file.parts
)


def test_no_file_is_longer_than_400_lines() -> None:
    assert len(SOURCES) > 50
    lines = {str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in SOURCES}
    assert {file: count for file, count in lines.items() if count > 400} == {}


def test_a_thing_has_a_name_or_no_home() -> None:
    homeless = {"utils", "util", "helpers", "helper", "common", "base", "misc"}
    assert [str(file.relative_to(ROOT)) for file in SOURCES if homeless & {file.stem, file.parent.name}] == []


def test_tests_are_no_packages() -> None:
    """A folder called `aws` or `azure` with an `__init__.py` would shadow an SDK."""
    assert [*(ROOT / "tests").rglob("__init__.py")] == []
