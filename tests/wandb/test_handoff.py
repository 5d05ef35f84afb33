"""Hand-offs: each deployment, level and cloud that W&B offers, whole, beside this file in `handoffs/`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byob_components.errors import ByobError
from byob_components.wandb.access import Access
from byob_components.wandb.deployment import Cloud, Deployment, Level, offer
from byob_components.wandb.handoff import Handoff, build_handoff
from tests.mocks.golden import FLAG, assert_golden

D, L, C = Deployment, Level, Cloud
FILES = Path(__file__).parent / "handoffs"
KMS = "arn:aws:kms:eu-west-1:111122223333:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
CLOUDS: dict[Cloud, dict[str, Any]] = {
    C.AWS: {"bucket_name": "acme-wandb", "region": "eu-west-1", "kms_key_id": KMS},
    # A customer key on Google is nothing that W&B is told.
    C.GCP: {"bucket_name": "acme-wandb", "region": "EU", "kms_key_id": "projects/p/keys/k", "soft_delete_days": 7},
    C.AZURE: {
        "bucket_name": "wandb",
        "account_name": "acmewandb",
        "region": "westeurope",
        "soft_delete_days": 7,
        "azure_tenant_id": "11111111-1111-1111-1111-111111111111",
        "azure_client_id": "22222222-2222-2222-2222-222222222222",
    },
    C.S3_COMPATIBLE: {
        "bucket_name": "wandb",
        "region": "us-east-1",
        "endpoint": "minio.corp:9000",
        "tls": True,
        "has_credential": True,
    },
    C.COREWEAVE: {"bucket_name": "acme-wandb", "region": "US-EAST-04A"},
}
WHO: dict[tuple[Deployment, Cloud], list[str]] = {
    (D.MULTI_TENANT, C.AWS): ["arn:aws:iam::725579432336:role/WandbIntegration"],
    (D.MULTI_TENANT, C.GCP): ["wandb-integration@wandb-production.iam.gserviceaccount.com"],
    (D.MULTI_TENANT, C.COREWEAVE): ["arn:aws:iam::wandb:static/wandb-integration-public"],
    (D.DEDICATED, C.AWS): ["arn:aws:iam::830241207209:root"],
    (D.DEDICATED, C.GCP): ["deploy@wandb-production.iam.gserviceaccount.com"],
    (D.DEDICATED, C.COREWEAVE): ["arn:aws:iam::wandb:static/wandb-integration"],
    (D.SELF_MANAGED, C.COREWEAVE): ["arn:aws:iam::wandb:static/wandb-integration"],
}
NAMED = {
    C.AWS: ["arn:aws:iam::444455556666:role/wandb-node"],
    C.GCP: ["wandb@acme.iam.gserviceaccount.com"],
    C.AZURE: ["33333333-3333-3333-3333-333333333333"],
    C.S3_COMPATIBLE: [],
}
OFFERED = [
    (D.MULTI_TENANT, L.TEAM, C.AWS),
    (D.MULTI_TENANT, L.TEAM, C.GCP),
    (D.MULTI_TENANT, L.TEAM, C.COREWEAVE),
    *((deployment, level, cloud) for deployment in (D.DEDICATED, D.SELF_MANAGED) for level in L for cloud in C),
]


def handoff(deployment: Deployment, level: Level, cloud: Cloud, **more: Any) -> Handoff:
    preset = WHO.get((deployment, cloud))
    return build_handoff(
        **{
            "deployment": deployment,
            "level": level,
            "cloud": cloud,
            "path": "vision" if level is L.TEAM else "/",
            "team": "vision",
            "noncurrent_days": 30,
            "principals": preset or NAMED[cloud],
            "principals_date": "2026-08-19" if preset else "",
            "principals_are_preset": bool(preset),
            **CLOUDS[cloud],
            **more,
        }
    )


def assert_page(made: str, file: Path) -> None:
    """Hold a page against its file; see tests/mocks/golden.py for the flag."""
    old = file.read_text(encoding="utf-8") if file.exists() else ""
    if os.environ.get(FLAG) == "1" and made != old:
        file.write_text(made, encoding="utf-8")
        raise AssertionError(f"{file.name} is written anew: read the difference, then run without {FLAG}")
    assert old, f"{file.name} is missing: {FLAG}=1 writes it"
    assert made == old, f"{file.name} says otherwise; when the change is meant, {FLAG}=1 writes the file anew"


def test_every_offered_combination_is_here() -> None:
    assert set(OFFERED) == {(d, level, c) for d in D for level in L for c in C if offer(d, level, c).offered}
    assert len(OFFERED) == 23


@pytest.mark.parametrize(("deployment", "level", "cloud"), OFFERED)
def test_as_data(deployment: Deployment, level: Level, cloud: Cloud) -> None:
    made = handoff(deployment, level, cloud)
    assert_golden(made.to_dict(), FILES / f"{deployment}-{level}-{cloud}.json")
    assert json.loads(made.to_json()) == made.to_dict()


@pytest.mark.parametrize(("deployment", "level", "cloud"), OFFERED)
def test_as_a_page(deployment: Deployment, level: Level, cloud: Cloud) -> None:
    assert_page(handoff(deployment, level, cloud).to_markdown(), FILES / f"{deployment}-{level}-{cloud}.md")


KEYED = [
    (D.DEDICATED, L.TEAM, C.AWS),
    (D.DEDICATED, L.TEAM, C.AZURE),
    (D.SELF_MANAGED, L.INSTANCE, C.AWS),
    (D.SELF_MANAGED, L.INSTANCE, C.GCP),
    (D.SELF_MANAGED, L.INSTANCE, C.AZURE),
    (D.SELF_MANAGED, L.TEAM, C.AWS),
    (D.SELF_MANAGED, L.TEAM, C.GCP),
    (D.SELF_MANAGED, L.TEAM, C.AZURE),
    (D.SELF_MANAGED, L.TEAM, C.COREWEAVE),
]


@pytest.mark.parametrize(("deployment", "level", "cloud"), KEYED)
def test_with_keys(deployment: Deployment, level: Level, cloud: Cloud) -> None:
    made = handoff(deployment, level, cloud, has_credential=True, principals=[], principals_are_preset=False)
    assert_page(made.to_markdown(), FILES / f"{deployment}-{level}-{cloud}-keys.md")
    assert "****" in made.address
    assert "whoever has the address" in made.principal_meaning


def test_everything_weakened() -> None:
    made = handoff(
        D.DEDICATED,
        L.TEAM,
        C.AWS,
        access=Access.MINIMAL,
        noncurrent_versions=3,
        warnings=["the principal is shared"],
        loosened=["force_destroy is on"],
    )
    assert_page(made.to_markdown(), FILES / "weakened.md")
    assert made.erasure_days is None


# ------------------------------------------------------------------------------------------ order and content
def surfaces(made: Handoff) -> list[str]:
    return [step.surface for step in made.steps]


@pytest.mark.parametrize(
    ("deployment", "level", "cloud", "keyed", "order"),
    [
        (D.MULTI_TENANT, L.TEAM, C.AWS, False, ["check", "form", "api", "check"]),
        (D.MULTI_TENANT, L.TEAM, C.COREWEAVE, False, ["check", "check", "form", "api", "check"]),
        (D.DEDICATED, L.TEAM, C.GCP, False, ["check", "support", "form", "api", "check"]),
        (D.DEDICATED, L.INSTANCE, C.AZURE, False, ["check", "support", "check", "check"]),
        (D.SELF_MANAGED, L.TEAM, C.AWS, False, ["check", "environment", "form", "api", "check"]),
        (D.SELF_MANAGED, L.TEAM, C.AZURE, False, ["check", "form", "api", "check"]),
        (D.SELF_MANAGED, L.TEAM, C.AZURE, True, ["check", "environment", "form", "api", "check"]),
        (
            D.SELF_MANAGED,
            L.INSTANCE,
            C.AWS,
            False,
            ["check", "console", "console", "chart", "environment", "check", "check"],
        ),
        (D.SELF_MANAGED, L.INSTANCE, C.AWS, True, ["check", "chart", "environment", "check", "check"]),
        (D.SELF_MANAGED, L.INSTANCE, C.GCP, True, ["check", "environment", "check", "check"]),
        (D.SELF_MANAGED, L.INSTANCE, C.COREWEAVE, False, ["check", "check", "support", "check", "check"]),
    ],
)
def test_the_order_in_which_an_administrator_meets_the_steps(
    deployment: Deployment, level: Level, cloud: Cloud, keyed: bool, order: list[str]
) -> None:
    made = handoff(deployment, level, cloud, has_credential=keyed)
    assert surfaces(made) == order
    assert [step.number for step in made.steps] == list(range(1, len(order) + 1))
    assert "before you start" in made.steps[0].where
    for step in made.steps:
        if step.instead_of:
            assert step.action.startswith("Or ")
            assert made.steps[step.instead_of - 1].instead_of == 0
            assert step.instead_of < step.number


def fields(made: Handoff, surface: str) -> dict[str, str]:
    return {f.name: f.value for step in made.steps if step.surface == surface for f in step.fields}


@pytest.mark.parametrize(
    ("deployment", "cloud", "name"),
    [
        # Multi-tenant Cloud takes the name, the others the whole address; CoreWeave is a name everywhere.
        (D.MULTI_TENANT, C.AWS, "acme-wandb"),
        (D.MULTI_TENANT, C.GCP, "acme-wandb"),
        (D.DEDICATED, C.AWS, "s3://acme-wandb"),
        (D.SELF_MANAGED, C.GCP, "gs://acme-wandb"),
        (D.SELF_MANAGED, C.S3_COMPATIBLE, "s3://****:****@minio.corp:9000/wandb?region=us-east-1&tls=true"),
        (D.DEDICATED, C.COREWEAVE, "acme-wandb"),
    ],
)
def test_what_the_form_calls_the_name(deployment: Deployment, cloud: Cloud, name: str) -> None:
    form = fields(handoff(deployment, L.TEAM, cloud), "form")
    assert form["Name"] == name
    assert form["Path"] == "vision"
    assert form["Storage Type"] == "External storage"


@pytest.mark.parametrize(("deployment", "level", "cloud"), OFFERED)
def test_a_key_is_told_on_aws_only(deployment: Deployment, level: Level, cloud: Cloud) -> None:
    made = handoff(deployment, level, cloud)
    assert (KMS in made.to_json()) is (cloud is C.AWS)
    assert "projects/p/keys/k" not in made.to_json()


def test_one_team_of_a_shared_store() -> None:
    made = handoff(D.DEDICATED, L.TEAM, C.AWS, team="language").for_team("speech")
    assert made.title == "W&B storage for team speech, path vision"
    assert "language" not in made.to_json()
    named = [f.name for step in made.steps for f in step.fields if f.value == "speech"]
    assert named == ["Team", "Team name", "displayName"]


def test_a_store_without_an_address_makes_no_hand_off() -> None:
    with pytest.raises(ByobError, match="BYOB-WANDB-045"):
        handoff(D.DEDICATED, L.TEAM, C.S3_COMPATIBLE, endpoint="")


def test_chinas_endpoint() -> None:
    made = handoff(D.SELF_MANAGED, L.TEAM, C.AWS, has_credential=True, region="cn-north-1")
    assert made.address.startswith("s3://****:****@s3.cn-north-1.amazonaws.com.cn/acme-wandb/vision?")


@pytest.mark.parametrize(("deployment", "level", "cloud"), OFFERED)
def test_every_doubt_and_source_reaches_the_page(deployment: Deployment, level: Level, cloud: Cloud) -> None:
    made = handoff(deployment, level, cloud)
    page = made.to_markdown()
    assert made.doubts
    assert all(text in page for text in made.doubts)
    assert page.count("\nSource: ") == len(made.steps)


def test_it_comes_back_from_a_stack_output() -> None:
    made = handoff(D.SELF_MANAGED, L.INSTANCE, C.AWS, noncurrent_versions=2, warnings=["w"], loosened=["l"])
    assert Handoff.from_dict(made.to_dict()) == made
    # The engine makes floats of whole numbers and drops what is null.
    data = json.loads(made.to_json(), parse_int=float)
    del data["erasure_days"]
    back = Handoff.from_dict(data)
    assert back == made
    assert back.to_markdown() == made.to_markdown()


_TEXT = st.text(max_size=30)


@given(
    st.sampled_from(OFFERED), _TEXT, st.lists(_TEXT, max_size=2), st.integers(1, 400), st.integers(0, 3), st.booleans()
)
def test_any_text_stays_in_its_cell(
    where: tuple[Deployment, Level, Cloud], team: str, told: list[str], days: int, versions: int, preset: bool
) -> None:
    made = handoff(
        *where,
        team=team,
        warnings=told,
        noncurrent_days=days,
        noncurrent_versions=versions,
        principals_are_preset=preset,
    )
    assert Handoff.from_dict(made.to_dict()) == made
    for line in made.to_markdown().split("\n"):
        assert "\r" not in line
        if line.startswith("|"):
            assert line.replace("\\|", "").count("|") == 4


def test_keyless_storage_on_azure_says_what_it_takes_and_what_is_not_documented() -> None:
    instance = handoff(D.SELF_MANAGED, L.INSTANCE, C.AZURE, azure_keyless=True)
    assert instance.needs == "the Helm chart operator-wandb 0.44.0 or newer on its server"
    assert not [text for text in instance.doubts if "keyless storage on Azure for an instance only" in text]
    team = handoff(D.DEDICATED, L.TEAM, C.AZURE, azure_keyless=True)
    assert len([text for text in team.doubts if "keyless storage on Azure for an instance only" in text]) == 1
    assert "documents keyless" not in handoff(D.DEDICATED, L.TEAM, C.AZURE).to_json()


def test_an_identity_that_trusts_a_cluster_on_azure() -> None:
    issuer = "https://westeurope.oic.prod-aks.azure.com/1234-abcd/5678-ef01/"
    made = handoff(D.DEDICATED, L.TEAM, C.AZURE, azure_issuer=issuer, principals_date="2026-06-30")
    assert made.principal_meaning == (
        f"The grant goes to an identity of your own, as which service accounts of the cluster with the issuer {issuer} may "
        "act: who controls that cluster controls the data."
    )
    assert len([text for text in made.doubts if "Newer charts add some" in text]) == 1
    named = handoff(D.DEDICATED, L.TEAM, C.AZURE, azure_issuer=issuer, principals_date="")
    assert not [text for text in named.doubts if "Newer charts add some" in text]
