"""Names that Azure takes, what an import loads, and the public names."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

import byob_components
from byob_components.azure import AzureByob
from byob_components.azure.checks import tags as check_tags
from byob_components.azure.naming import account_stem, is_vault_name, vault_stem
from byob_components.store import STORE_TAG
from tests.mocks.azure import record

ROOT = Path(__file__).parents[2]
STORE: dict[str, Any] = {
    "deployment": "dedicated",
    "level": "instance",
    "location": "westeurope",
    "principals": ["55555555-5555-5555-5555-555555555555"],
    "encryption": "new_key",
}
HEX = "a1b2c3d4"
"""What Pulumi puts behind a logical name, with nothing between (azure-native, `random` autonaming)."""


@pytest.mark.parametrize(
    ("name", "account", "vault"),
    [
        ("vision", "vision", "vision"),
        ("research-nlp", "researchnlp1d3d", "research-nlp"),
        ("researchnlp", "researchnlp", "researchnlp"),
        ("3d-vision", "3dvision2a0a", "v3dvision2a0a"),
        ("computer-vision-and-graphics", "computervisi83d0", "computervisi83d0"),
        ("a" * 16, "a" * 16, "a" * 16),
        ("a" * 17, f"{'a' * 12}b860", f"{'a' * 12}b860"),
    ],
)
def test_names_are_the_stores_where_they_fit(name: str, account: str, vault: str) -> None:
    assert account_stem(name) == account
    assert vault_stem(name) == vault


@given(st.from_regex(r"[a-z0-9]([a-z0-9]|-(?=[a-z0-9])){2,62}", fullmatch=True))
def test_with_pulumis_digits_every_name_is_one_that_azure_takes(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]{3,24}", account_stem(name) + HEX)
    assert is_vault_name(vault_stem(name) + HEX)


@given(st.sets(st.from_regex(r"[a-z]([a-z0-9]|-(?=[a-z0-9])){2,20}", fullmatch=True), min_size=2, max_size=8))
def test_stores_keep_apart(names: set[str]) -> None:
    for stem in (account_stem, vault_stem):
        assert len({stem(name) for name in names}) == len(names)


def test_a_team_with_a_hyphen_gets_an_account_that_azure_takes() -> None:
    seen = record(AzureByob, STORE, name="research-nlp")
    assert seen.value("account_name") == "researchnlp1d3da1b2c3d4"
    assert seen.value("bucket_name") == "research-nlp"
    assert seen.value("kms_key_id") == "https://research-nlpa1b2c3d4.vault.azure.net/keys/research-nlp"
    others = {r.name for r in seen.resources if r.kind != "StorageAccount" and not r.type.startswith("pulumi:")}
    assert all(name.startswith("research-nlp") for name in others)


def test_naming_an_account_does_not_make_it_another_resource() -> None:
    keys = [
        {r.key for r in record(AzureByob, {**STORE, **more}, name="research-nlp").resources}
        for more in ({}, {"account_name": "acmenlp", "kms_vault_name": "acme-nlp"})
    ]
    assert keys[0] == keys[1]


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
    "code", ["from byob_components.azure import AzureByob", "import byob_components; byob_components.AzureByob"]
)
def test_no_other_clouds_sdk_is_loaded_and_no_module_that_is_not_used(code: str) -> None:
    found = loaded(code)
    assert "pulumi_azure_native" in found
    assert not {"pulumi_aws", "pulumi_gcp", "boto3", "google.cloud", "azure", "pydantic"} & found
    # The SDK puts a placeholder into `sys.modules` for each of its modules; what is loaded has files below it.
    assert not {name for name in found if name.startswith("pulumi_azure_native.network.")}
    assert not {name for name in found if name.startswith("pulumi_azure_native.compute.")}
    assert not {name for name in found if name.startswith(("byob_components.aws", "byob_components.gcp"))}


def test_making_a_store_loads_only_the_modules_it_uses() -> None:
    code = (
        "from tests.mocks.azure import record\nfrom byob_components.azure import AzureByob\n"
        f"record(AzureByob, {STORE!r})"
    )
    modules = {name.split(".")[1] for name in loaded(code) if re.fullmatch(r"pulumi_azure_native\.\w+\.\w+", name)}
    assert modules <= {"authorization", "keyvault", "managedidentity", "monitor", "resources", "storage", "config"}
    assert {"authorization", "keyvault", "managedidentity", "resources", "storage"} <= modules


def test_other_clouds_and_the_settings_load_no_azure() -> None:
    assert "pulumi_azure_native" not in loaded("from byob_components.aws import AwsByob\nimport byob_components.stack")


def test_a_missing_sdk_is_answered_with_the_line_that_installs_it() -> None:
    code = (
        "import sys; sys.modules['pulumi_azure_native'] = None\n"
        "import byob_components\n"
        "try: byob_components.AzureByob\n"
        "except ModuleNotFoundError as told: print(told)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == (
        "AzureByob needs pulumi_azure_native, which is not installed: pip install 'byob-components[azure]'"
    )


def test_every_public_name_is_there() -> None:
    names = [name for name in byob_components.__all__ if name.startswith("Azure")]
    assert names == [
        "AzureAccessTier",
        "AzureAccountKey",
        "AzureByob",
        "AzureByobArgs",
        "AzureContainer",
        "AzureContainerArgs",
        "AzureGrant",
        "AzureGrantArgs",
        "AzureKey",
        "AzureKeyArgs",
        "AzureLifecycleRuleArgs",
        "AzureMode",
        "AzureRedundancy",
    ]
    assert issubclass(byob_components.AzureByob, pulumi.ComponentResource)


def test_a_tag_of_ours_cannot_be_given() -> None:
    assert [fault.code for fault in check_tags({STORE_TAG: "x"}, "tags")] == ["BYOB-AZURE-024"]
    assert check_tags({f"t{i}": "x" for i in range(49)}, "tags") == []
