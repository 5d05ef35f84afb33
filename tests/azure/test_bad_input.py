"""Bad input is refused with every fault at once, with code, allowed values and a fix, and registers nothing."""

from typing import Any

import pytest

from byob_components.azure import AzureByob, AzureByobArgs, AzureContainer, AzureGrant, AzureKey
from byob_components.store import ByobRunError
from tests.azure.bad_input import COMBINED, ENCRYPTION, GROUP, ISSUER, KEY, NODE, SINGLE, STORE
from tests.conformance.bad_input import BadInputContract
from tests.mocks.azure import AzureMocks, record

PLACE = {"location": "westeurope", "resource_group_name": "acme"}
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acmewandb"
PARTS: list[Any] = [
    (AzureKey, {**PLACE, "location": "mars-1", "kms_rotation_days": 0}, ["BYOB-AZURE-002", "BYOB-AZURE-007"]),
    (AzureKey, {"location": "westeurope", "is_hns_enabled": True}, ["BYOB-ARG-002", "BYOB-AZURE-016"]),
    (
        AzureContainer,
        {**PLACE, "mode": "keyless", "soft_delete_days": 0, "encryption": "new_key"},
        ["BYOB-AZURE-008", "BYOB-AZURE-008", "BYOB-AZURE-011"],
    ),
    (
        AzureContainer,
        {**PLACE, "mode": "keyless", "kms_key_id": KEY, "kms_identity_id": ENCRYPTION},
        ["BYOB-AZURE-010", "BYOB-AZURE-010"],
    ),
    (AzureContainer, {**PLACE, "mode": "team_connector", "access": "minimal"}, ["BYOB-WANDB-004"]),
    (AzureContainer, {**PLACE, "mode": "keyless", "principals": [NODE], "paths": ["a"]}, ["BYOB-ARG-001"]),
    (
        AzureContainer,
        {"location": "westeurope", "mode": "team_connector", "access": "minimal", "encryption": "new_key"},
        ["BYOB-ARG-002", "BYOB-AZURE-008", "BYOB-AZURE-008", "BYOB-WANDB-004"],
    ),
    (AzureContainer, {**PLACE, "access": "minimal", "kms_key_id": KEY}, ["BYOB-ARG-002", "BYOB-AZURE-010"]),
    (
        AzureGrant,
        {"level": "team", "account_id": ACCOUNT, "container_name": 5, "kubernetes_namespace": "wandb"},
        ["BYOB-ARG-002", "BYOB-ARG-004", "BYOB-AZURE-019", "BYOB-AZURE-020", "BYOB-AZURE-020"],
    ),
    (
        AzureGrant,
        {"deployment": "dedicated", "account_id": ACCOUNT, "mode": "access_key", "access": "minimal"},
        ["BYOB-ARG-002", "BYOB-ARG-002", "BYOB-AZURE-018"],
    ),
    (
        AzureGrant,
        {"deployment": "multi_tenant", "level": "team", "account_id": "acme", "container_name": "W"},
        ["BYOB-AZURE-019", "BYOB-AZURE-020", "BYOB-AZURE-025", "BYOB-WANDB-001", "BYOB-WANDB-027"],
    ),
    (
        AzureGrant,
        {
            "deployment": "dedicated",
            "level": "team",
            "account_id": ACCOUNT,
            "container_name": "wandb",
            "mode": "access_key",
            "oidc_issuer_url": ISSUER,
        },
        ["BYOB-AZURE-018"],
    ),
]


class TestAzure(BadInputContract):
    composite = AzureByob
    arguments = AzureByobArgs
    mocks = AzureMocks
    store = STORE
    single = SINGLE
    combined = COMBINED
    parts = PARTS
    names = {"BYOB-AZURE-032": ["cv", "Vision", "research--nlp", "research_nlp", "a" * 64]}  # noqa: RUF012
    given_name = ("container_name", "vision")
    prefix = "BYOB-AZURE"
    elsewhere = frozenset({"BYOB-AZURE-031", "BYOB-AZURE-032", "BYOB-AZURE-033"})
    """They are about the resource's name, and the last about a question that nobody answers: test_account.py."""

    def test_a_resource_name_that_makes_no_keys_name(self) -> None:
        given = {**STORE, "container_name": "vision", "encryption": "new_key"}
        with pytest.raises(ByobRunError, match="BYOB-AZURE-031"):
            record(AzureByob, given, name="research_nlp")
        made = record(AzureByob, {**given, "kms_key_name": "wandb"}, name="research_nlp")
        assert made.value("kms_key_id").endswith("/keys/wandb")

    def test_reasons_are_given(self) -> None:
        assert "excludes blob versioning" in str(self.refused({"is_hns_enabled": True}))
        assert "where an account always goes with everything in it" in str(self.refused({"force_destroy": True}))
        assert "drop the version: a rotated key" in str(
            self.refused({"encryption": "existing_key", "kms_key_id": f"{KEY}/0123456789abcdef0123456789abcdef"})
        )
