"""What a self-managed server is told: variables, chart values, and where a secret may stand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from byob_components.wandb.address import StorageAddress, build
from byob_components.wandb.deployment import Cloud, Deployment, Level
from byob_components.wandb.server import helm_values, server_settings

KEY = "arn:aws:kms:eu-west-1:111122223333:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
GC = {"GORILLA_ARTIFACT_GC_ENABLED": "true"}
KEYED = "s3://AK:s%2Fk@s3.eu-west-1.amazonaws.com/acme/vision?region=eu-west-1"
MINIO = "s3://AK:sk@minio.corp:9000/wandb?region=us-east-1&tls=true"
STORES = "GORILLA_SUPPORTED_FILE_STORES"
Row = tuple[Level, dict[str, str], dict[str, str], dict[str, str], dict[str, str]]
ROWS: list[Row] = [
    # level, addresses, more arguments, env, secrets
    (
        Level.INSTANCE,
        {"/": "s3://acme"},
        {"region": "eu-west-1", "kms_key_id": KEY},
        {**GC, "BUCKET": "s3://acme", "AWS_REGION": "eu-west-1", "AWS_S3_KMS_ID": KEY},
        {},
    ),
    (Level.INSTANCE, {"runs": "s3://acme/runs"}, {}, {**GC, "BUCKET": "s3://acme/runs"}, {}),
    (Level.INSTANCE, {"/": KEYED}, {"region": "eu-west-1"}, {**GC, "AWS_REGION": "eu-west-1"}, {"BUCKET": KEYED}),
    (Level.INSTANCE, {"/": MINIO}, {"region": "us-east-1"}, {**GC, "BUCKET_QUEUE": "internal://"}, {"BUCKET": MINIO}),
    (Level.INSTANCE, {"/": "gs://acme"}, {"region": "EU", "kms_key_id": "k"}, {**GC, "BUCKET": "gs://acme"}, {}),
    (Level.INSTANCE, {"/": "gs://sa:p%0Am@acme"}, {}, GC, {"BUCKET": "gs://sa:p%0Am@acme"}),
    (Level.INSTANCE, {"/": "az://acme/wandb"}, {}, {**GC, "BUCKET": "az://acme/wandb"}, {}),
    # The account key has a variable of its own, and is not percent-encoded there.
    (
        Level.INSTANCE,
        {"/": "az://:k%2Fe%2By%3D%3D@acme/wandb"},
        {},
        {**GC, "BUCKET": "az://acme/wandb"},
        {"AZURE_STORAGE_KEY": "k/e+y=="},
    ),
    (Level.INSTANCE, {"/": "cw://acme"}, {}, {**GC, "BUCKET": "cw://acme"}, {}),
    (Level.TEAM, {"/": "s3://acme"}, {"region": "eu-west-1", "kms_key_id": KEY}, GC, {}),
    (
        Level.TEAM,
        {"vision": KEYED},
        {"region": "eu-west-1"},
        GC,
        {STORES: "s3://AK:s%2Fk@s3.eu-west-1.amazonaws.com/acme?region=eu-west-1"},
    ),
    (Level.TEAM, {"/": MINIO}, {}, GC, {STORES: MINIO}),
    (Level.TEAM, {"/": "gs://sa:p%0Am@acme"}, {}, GC, {STORES: "gs://sa:p%0Am@acme"}),
    (Level.TEAM, {"/": "az://:k%3D@acme/wandb"}, {}, GC, {STORES: "az://:k%3D@acme/wandb"}),
    (Level.TEAM, {"/": "az://acme/wandb"}, {}, GC, {}),
    (Level.TEAM, {"/": "cw://acme"}, {}, {**GC, STORES: "cw://"}, {}),
    (Level.TEAM, {"/": "cw://AK:sk@cwobject.com/acme?tls=true"}, {}, {**GC, STORES: "cw://"}, {}),
]


@pytest.mark.parametrize(("level", "addresses", "more", "env", "secrets"), ROWS, ids=[str(i) for i in range(len(ROWS))])
def test_variables(
    level: Level, addresses: dict[str, str], more: dict[str, str], env: dict[str, str], secrets: dict[str, str]
) -> None:
    made = server_settings(Deployment.SELF_MANAGED, level, addresses, **more)
    assert made.env == env
    assert made.secrets == secrets
    assert not any(value in repr(made) for value in secrets.values())


@pytest.mark.parametrize("deployment", [Deployment.DEDICATED, Deployment.MULTI_TENANT])
def test_a_server_that_w_and_b_runs_is_told_nothing(deployment: Deployment) -> None:
    made = server_settings(deployment, Level.TEAM, {"/": KEYED}, "eu-west-1", KEY)
    assert (made.env, made.secrets) == ({}, {})


def test_clean_up_waits_for_versions() -> None:
    made = server_settings(Deployment.SELF_MANAGED, Level.INSTANCE, {"/": "s3://acme"}, versioned=False)
    assert made.env == {"BUCKET": "s3://acme"}


A, C = StorageAddress, Cloud
HELM: list[tuple[StorageAddress, dict[str, Any], dict[str, str]]] = [
    (
        A(C.AWS, "acme", "runs"),
        {"region": "eu-west-1", "kms_key_id": KEY},
        {"provider": "s3", "name": "acme", "path": "runs", "region": "eu-west-1", "kmsKey": KEY},
    ),
    (A(C.AWS, "acme"), {"region": "eu-west-1"}, {"provider": "s3", "name": "acme", "region": "eu-west-1"}),
    (
        A(C.S3_COMPATIBLE, "wandb", "x", endpoint="h:9000", region="r", access_key="AK", secret_key="sk", tls=True),
        {"secret_name": "wandb-bucket"},
        {
            "provider": "s3",
            "name": "h:9000",
            "path": "wandb/x?tls=true",
            "region": "r",
            "kmsKey": "null",
            "secret.secretName": "wandb-bucket",
            "secret.accessKeyName": "ACCESS_KEY",
            "secret.secretKeyName": "SECRET_KEY",
        },
    ),
    (
        A(C.AWS, "acme", endpoint="s3.r.amazonaws.com", region="r", access_key="AK", secret_key="sk"),
        {"secret_name": "s"},
        {
            "provider": "s3",
            "name": "s3.r.amazonaws.com",
            "path": "acme",
            "region": "r",
            "secret.secretName": "s",
            "secret.accessKeyName": "ACCESS_KEY",
            "secret.secretKeyName": "SECRET_KEY",
        },
    ),
    (A(C.GCP, "acme", "runs"), {"region": "EU"}, {"provider": "gcs", "name": "acme", "path": "runs"}),
    (A(C.GCP, "acme", access_key="sa", secret_key="pem"), {"secret_name": "s"}, {}),
    (A(C.AZURE, "wandb", "x", account="acme"), {}, {"provider": "az", "name": "acme", "path": "wandb/x"}),
    # The chart reads the account key under the name of the access key.
    (
        A(C.AZURE, "wandb", account="acme", secret_key="k=="),
        {"secret_name": "s"},
        {
            "provider": "az",
            "name": "acme",
            "path": "wandb",
            "secret.secretName": "s",
            "secret.accessKeyName": "ACCESS_KEY",
        },
    ),
    (A(C.COREWEAVE, "acme", "runs"), {}, {"provider": "cw", "name": "acme", "path": "runs"}),
]


@pytest.mark.parametrize(("address", "more", "values"), HELM, ids=[str(i) for i in range(len(HELM))])
def test_chart_values(address: StorageAddress, more: dict[str, Any], values: dict[str, str]) -> None:
    assert helm_values(address, **more) == {f"global.bucket.{name}": value for name, value in values.items()}


def test_the_identity_of_keyless_azure_stands_beside_the_bucket() -> None:
    made = helm_values(A(C.AZURE, "wandb", account="acme"), azure_tenant_id="t", azure_client_id="c")
    assert made["global.azureStorageIdentity.tenantId"] == "t"
    assert made["global.azureStorageIdentity.clientId"] == "c"


@given(st.text("aZ09/+=:@?#%\n", min_size=6), st.sampled_from(["aws", "azure", "gcp"]), st.sampled_from(list(Level)))
def test_a_key_stands_in_secrets_only(key: str, cloud: str, level: Level) -> None:
    marked = f"TOPSECRET{key}"
    parts = {
        "aws": A(C.AWS, "acme", region="r", access_key="AK", secret_key=marked),
        "azure": A(C.AZURE, "wandb", account="acme", secret_key=marked),
        "gcp": A(C.GCP, "acme", access_key="sa", secret_key=marked),
    }[cloud]
    made = server_settings(Deployment.SELF_MANAGED, level, {"/": build(parts)}, "r")
    assert "TOPSECRET" not in str(made.env)
    assert "TOPSECRET" in str(made.secrets)
    assert "TOPSECRET" not in str(helm_values(parts, secret_name="s"))
