"""W&B's identities: who, since when, from where, shared with whom, and what is not one."""

from __future__ import annotations

import pytest

from byob_components.wandb.deployment import Cloud, Deployment
from byob_components.wandb.principal import (
    COREWEAVE_ORG_PAGES,
    check_principals,
    meaning,
    missing_preset,
    preset,
    shared_principals,
)

D, C = Deployment, Cloud
ROOT = "arn:aws:iam::830241207209:root"
ROLE = "arn:aws:iam::725579432336:role/WandbIntegration"
NODE = "arn:aws:iam::830241207209:role/acme-node"
GCP_MANY = "wandb-integration@wandb-production.iam.gserviceaccount.com"
GCP_DEPLOY = "deploy@wandb-production.iam.gserviceaccount.com"
CW_PUBLIC = "arn:aws:iam::wandb:static/wandb-integration-public"
CW = "arn:aws:iam::wandb:static/wandb-integration"

# deployment, cloud, principal, whether a warning is due and a word of it
PRESETS = [
    (D.MULTI_TENANT, C.AWS, ROLE, "serves all its customers"),
    (D.MULTI_TENANT, C.GCP, GCP_MANY, "serves all its customers"),
    (D.MULTI_TENANT, C.COREWEAVE, CW_PUBLIC, ""),
    (D.DEDICATED, C.AWS, ROOT, "root of the account in which W&B runs every Dedicated"),
    (D.DEDICATED, C.GCP, GCP_DEPLOY, "Dedicated Cloud instances of several customers"),
    (D.DEDICATED, C.COREWEAVE, CW, ""),
    (D.SELF_MANAGED, C.COREWEAVE, CW, ""),
]
NONE = [
    (D.MULTI_TENANT, C.AZURE),
    (D.MULTI_TENANT, C.S3_COMPATIBLE),
    (D.DEDICATED, C.AZURE),
    (D.DEDICATED, C.S3_COMPATIBLE),
    (D.SELF_MANAGED, C.AWS),
    (D.SELF_MANAGED, C.GCP),
    (D.SELF_MANAGED, C.AZURE),
    (D.SELF_MANAGED, C.S3_COMPATIBLE),
]


def test_the_tables_are_whole() -> None:
    assert {row[:2] for row in PRESETS} | set(NONE) == {(d, c) for d in D for c in C}


@pytest.mark.parametrize(("deployment", "cloud", "who", "warning"), PRESETS)
def test_presets(deployment: Deployment, cloud: Cloud, who: str, warning: str) -> None:
    found = preset(deployment, cloud)
    assert found is not None
    assert found.principals == (who,)
    assert found.date == "2026-08-19"
    assert found.source.ref == "wandb/docs:platform/hosting/data-security/secure-storage-connector.mdx@038eac90"
    assert found.shared is bool(warning)
    assert bool(found.warning) is bool(warning)
    assert warning in found.warning
    assert (who in found.warning) is bool(warning)
    assert check_principals(cloud, found.principals) == []


@pytest.mark.parametrize(("deployment", "cloud"), NONE)
def test_where_w_and_b_documents_nobody(deployment: Deployment, cloud: Cloud) -> None:
    assert preset(deployment, cloud) is None
    fault = missing_preset(deployment, cloud)
    assert (fault.code, fault.where, fault.value) == ("BYOB-WANDB-010", "principals", None)
    assert f"for {deployment} on {cloud} W&B documents no identity" in fault.what
    assert fault.allowed
    assert fault.fix.endswith("; or [] for nobody")


@pytest.mark.parametrize("partition", ["aws-us-gov", "aws-cn"])
@pytest.mark.parametrize("deployment", list(D))
def test_presets_are_in_the_aws_partition_only(deployment: Deployment, partition: str) -> None:
    assert preset(deployment, C.AWS, partition) is None
    fault = missing_preset(deployment, C.AWS, partition)
    assert fault.code == "BYOB-WANDB-010"
    assert partition in fault.what
    assert fault.allowed == f"ARNs of arn:{partition}:iam::…"


def test_the_identity_of_a_self_managed_server_is_asked_for_by_its_own_name() -> None:
    assert "node role or the role of its service account" in missing_preset(D.SELF_MANAGED, C.AWS).fix
    assert "service account your W&B server runs as" in missing_preset(D.SELF_MANAGED, C.GCP).fix
    assert "managed identity principal ID" in missing_preset(D.SELF_MANAGED, C.AZURE).fix


def test_shared_principals_are_those_of_the_cloud() -> None:
    assert shared_principals(C.AWS, [NODE, ROOT, ROLE]) == [ROOT, ROLE]
    assert shared_principals(C.GCP, [GCP_DEPLOY, GCP_MANY, ROOT]) == [GCP_DEPLOY, GCP_MANY]
    assert shared_principals(C.COREWEAVE, [CW, CW_PUBLIC]) == []


@pytest.mark.parametrize(
    ("deployment", "cloud", "principals", "says"),
    [
        (D.DEDICATED, C.AWS, [], "Nobody at W&B holds a grant"),
        (D.DEDICATED, C.AWS, [ROOT], "Dedicated Cloud instances of several customers"),
        (D.DEDICATED, C.AWS, [NODE, ROOT], "Dedicated Cloud instances of several customers"),
        (D.DEDICATED, C.GCP, [GCP_DEPLOY], "Dedicated Cloud instances of several customers"),
        (D.DEDICATED, C.AWS, [NODE], "they should be those of your own Dedicated Cloud instance"),
        (D.MULTI_TENANT, C.AWS, [ROLE], "Multi-tenant Cloud serves all its customers"),
        (D.MULTI_TENANT, C.GCP, [GCP_MANY], "Multi-tenant Cloud serves all its customers"),
        (D.MULTI_TENANT, C.COREWEAVE, [CW_PUBLIC], "condition on your organization keeps them apart"),
        (D.SELF_MANAGED, C.COREWEAVE, [CW], "condition on your organization keeps them apart"),
        (D.SELF_MANAGED, C.AWS, [NODE], "who controls that server controls the data"),
    ],
)
def test_what_the_grant_means(deployment: Deployment, cloud: Cloud, principals: list[str], says: str) -> None:
    assert says in meaning(deployment, cloud, principals)


def test_where_coreweaves_organization_is_found() -> None:
    assert "organization ID" in COREWEAVE_ORG_PAGES[D.MULTI_TENANT]
    assert "Customer Namespace" in COREWEAVE_ORG_PAGES[D.DEDICATED]
    assert "Customer Namespace" in COREWEAVE_ORG_PAGES[D.SELF_MANAGED]


GOOD = [
    (C.AWS, ROOT),
    (C.AWS, "arn:aws-us-gov:iam::111122223333:role/path/to/wandb+node=1,2.3@x_y-z"),
    (C.AWS, "arn:aws-cn:iam::111122223333:user/wandb"),
    (C.GCP, "wandb-node@acme-1.iam.gserviceaccount.com"),
    (C.AZURE, "0f8fad5b-d9cb-469f-a165-70867728950e"),
    (C.COREWEAVE, CW),
    (C.S3_COMPATIBLE, "arn:aws:iam:::user/wandb"),
    (C.S3_COMPATIBLE, "arn:aws:iam::tenant-1:user/wandb"),
]


@pytest.mark.parametrize(("cloud", "who"), GOOD)
def test_what_is_a_principal(cloud: Cloud, who: str) -> None:
    assert check_principals(cloud, [who]) == []


BAD = [
    (C.AWS, "830241207209", "BYOB-WANDB-012", "arn:aws:iam::830241207209:root"),
    (C.AWS, "arn:aws:sts::830241207209:assumed-role/acme-node/session", "BYOB-WANDB-012", "give the role's own"),
    (C.AWS, "arn:aws:iam::83024120720:root", "BYOB-WANDB-012", "copy the identity"),
    (C.AWS, "arn:aws:iam::830241207209:group/x", "BYOB-WANDB-012", "copy the identity"),
    (C.AWS, f"{ROOT}\n", "BYOB-WANDB-012", "copy the identity"),
    (C.AWS, "arn:aws:iam::٨٣٠٢٤١٢٠٧٢٠٩:root", "BYOB-WANDB-012", "copy the identity"),
    (C.AWS, "s3.amazonaws.com", "BYOB-WANDB-012", "copy the identity"),
    (C.AWS, "*", "BYOB-WANDB-011", "name W&B's identity"),
    (C.GCP, "allUsers", "BYOB-WANDB-011", "name W&B's identity"),
    (C.GCP, "allAuthenticatedUsers", "BYOB-WANDB-011", "name W&B's identity"),
    (C.GCP, "serviceAccount:a@b.iam.gserviceaccount.com", "BYOB-WANDB-012", "copy the identity"),
    (C.GCP, "jane@example.com", "BYOB-WANDB-012", "copy the identity"),
    (C.AZURE, "wandb-identity", "BYOB-WANDB-012", "copy the identity"),
    (C.COREWEAVE, "arn:aws:iam::wandb:*", "BYOB-WANDB-012", "copy the identity"),
    (C.COREWEAVE, "arn:aws:iam::wandb:static/*", "BYOB-WANDB-012", "copy the identity"),
    # The page's placeholder replaced by the page's own value, which holds the whole ARN already.
    (C.COREWEAVE, f"arn:aws:iam::wandb:static/{CW}", "BYOB-WANDB-012", "copy the identity"),
    (C.S3_COMPATIBLE, "wandb", "BYOB-WANDB-012", "copy the identity"),
]


@pytest.mark.parametrize(("cloud", "who", "code", "fix"), BAD)
def test_what_is_not(cloud: Cloud, who: str, code: str, fix: str) -> None:
    [fault] = check_principals(cloud, [who], "principals")
    assert (fault.code, fault.where, fault.value) == (code, "principals", who)
    assert fix in fault.fix
    assert fault.allowed


def test_principals_of_another_partition_and_doubles() -> None:
    [fault] = check_principals(C.AWS, [ROOT], "principals", "aws-us-gov")
    assert (fault.code, fault.value, fault.allowed) == ("BYOB-WANDB-013", ROOT, "arn:aws-us-gov:iam::…")
    assert check_principals(C.AWS, [ROOT], "principals", "aws") == []
    [fault] = check_principals(C.AWS, [ROOT, NODE, ROOT])
    assert (fault.code, fault.value) == ("BYOB-WANDB-014", ROOT)
    assert check_principals(C.AWS, []) == []
