"""Whom an Azure identity of W&B trusts."""

from __future__ import annotations

import pytest

from byob_components.wandb import azure_identity as identity


def test_presets() -> None:
    assert len(identity.CONNECTOR.names) == 13
    assert (identity.CONNECTOR.names[0], identity.CONNECTOR.names[-1]) == ("wandb-app", "wandb-bucket-access")
    assert "bufstream-service-account" in identity.CONNECTOR.names
    assert identity.SHARED.names == ("wandb-bucket-access",)
    for preset in (identity.CONNECTOR, identity.SHARED):
        assert identity.check_service_accounts(preset.names) == []
        assert preset.date == preset.source.date != ""
    assert identity.AUDIENCE == "api://AzureADTokenExchange"


def test_subjects() -> None:
    assert identity.subjects(["wandb-app", "x"]) == (
        "system:serviceaccount:default:wandb-app",
        "system:serviceaccount:default:x",
    )
    assert identity.subjects(["wandb-app"], "wandb") == ("system:serviceaccount:wandb:wandb-app",)


@pytest.mark.parametrize(
    ("issuer", "fits"),
    [
        ("https://westeurope.oic.prod-aks.azure.com/1234-abcd/5678-ef01/", True),
        ("https://oidc.example.com/", True),
        # Azure compares byte for byte: the slash at the end belongs to it.
        ("https://westeurope.oic.prod-aks.azure.com/1234-abcd/5678-ef01", False),
        ("http://oidc.example.com/", False),
        ("https://oidc.example.com/a b/", False),
        ("oidc.example.com/", False),
        ("", False),
    ],
)
def test_issuers(issuer: str, fits: bool) -> None:
    faults = identity.check_issuer(issuer)
    assert [(f.code, f.where, f.value) for f in faults] == (
        [] if fits else [("BYOB-WANDB-015", "oidc_issuer_url", issuer)]
    )


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (["wandb-app"], 0),
        ([f"worker-{i}" for i in range(20)], 0),
        ([f"worker-{i}" for i in range(21)], 1),
        ([], 1),
        (["a", "a"], 1),
        (["default:wandb-app"], 1),
        (["Wandb", "wandb_app"], 2),
    ],
)
def test_service_accounts(names: list[str], codes: int) -> None:
    faults = identity.check_service_accounts(names)
    assert [f.code for f in faults] == ["BYOB-WANDB-016"] * codes
    assert all(f.allowed and f.fix and f.where == "service_accounts" for f in faults)
