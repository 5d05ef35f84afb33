"""The example configurations, each run by the program of the root project: what they make is written down here."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.stack.recording import Recording, record

ROOT = Path(__file__).resolve().parents[2]
STACKS = ROOT / "stacks"
EXAMPLES = STACKS / "config"
STORE = {
    "wandb-byob:index:AwsByob",
    "wandb-byob:index:AwsBucket",
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
}
"""A store with keys that Amazon manages."""
KEY = {"wandb-byob:index:AwsKey", "aws:kms/key:Key", "aws:kms/alias:Alias"}
LOGS = {"aws:s3/bucketLogging:BucketLogging"}
CREDENTIAL = {"wandb-byob:index:AwsCredential", "aws:iam/user:User", "aws:iam/userPolicy:UserPolicy"}
GCP_STORE = {"wandb-byob:index:GcpByob", "wandb-byob:index:GcpBucket", "gcp:storage/bucket:Bucket"}
GCP_KEY = {"wandb-byob:index:GcpKey", "gcp:kms/keyRing:KeyRing", "gcp:kms/cryptoKey:CryptoKey"}
GCP_MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember"

AZURE_STORE = {
    "wandb-byob:index:AzureByob",
    "wandb-byob:index:AzureContainer",
    "azure-native:storage:StorageAccount",
    "azure-native:storage:BlobServiceProperties",
    "azure-native:storage:BlobContainer",
    "azure-native:storage:ManagementPolicy",
}
AZURE_MADE = {"azure-native:resources:ResourceGroup", "azure-native:managedidentity:UserAssignedIdentity"}
AZURE_KEY = {"wandb-byob:index:AzureKey", "azure-native:keyvault:Vault", "azure-native:keyvault:Key"}
AZURE_ROLE = "azure-native:authorization:RoleAssignment"
AZURE_TRUST = "azure-native:managedidentity:FederatedIdentityCredential"
CONNECTOR = (
    "bufstream-service-account",
    "wandb-api",
    "wandb-app",
    "wandb-bucket-access",
    "wandb-console",
    "wandb-executor",
    "wandb-filemeta",
    "wandb-filestream",
    "wandb-glue",
    "wandb-parquet",
    "wandb-settings-migration-job",
    "wandb-weave",
    "wandb-weave-trace",
)
"""Service accounts of W&B's module for a team."""

S3_STORE = {
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
}
"""A bucket that is not at Amazon."""
COREWEAVE_STORE = S3_STORE | {"wandb-byob:index:CoreWeaveByob", "wandb-byob:index:CoreWeaveBucket"}
S3_COMPATIBLE = {"wandb-byob:index:S3CompatibleByob", "wandb-byob:index:S3CompatibleBucket"}

EXPECTED: dict[str, set[tuple[str, str]]] = {
    "aws-dedicated-team": {(t, name) for t in STORE | KEY for name in ("vision", "robotics")},
    "aws-self-managed-instance": {(t, "wandb") for t in STORE | KEY | LOGS},
    "aws-multi-tenant-team": {(t, "research") for t in STORE | KEY},
    "aws-sse-s3-team": {(t, "vision") for t in STORE},
    "aws-cross-cloud-credential": {(t, "vision") for t in STORE | KEY | CREDENTIAL}
    | {("aws:iam/accessKey:AccessKey", "vision-2026-11")},
    "aws-shared-store": {(t, name) for t in STORE | KEY for name in ("language", "vision")},
    "aws-second-account": {(t, name) for t in STORE | KEY for name in ("vision", "robotics")}
    | {("pulumi:providers:aws", "research")},
    "azure-dedicated-team": {(t, name) for t in AZURE_STORE | AZURE_MADE for name in ("vision", "robotics")}
    | {(AZURE_TRUST, f"vision-{account}") for account in CONNECTOR}
    | {(AZURE_ROLE, f"vision-storage-{role}-0") for role in ("account-contributor", "blob-data-owner")}
    | {(AZURE_TRUST, "robotics-wandb-bucket-access")}
    | {(AZURE_ROLE, f"robotics-{role}-0") for role in ("reader", "storage-blob-data-contributor")}
    | {(t, "robotics") for t in AZURE_KEY}
    | {
        ("azure-native:managedidentity:UserAssignedIdentity", "robotics-encryption"),
        (AZURE_ROLE, "robotics-key-vault-crypto-service-encryption-user-encryption"),
    },
    "azure-self-managed-instance": {(t, "wandb") for t in AZURE_STORE | {"azure-native:monitor:DiagnosticSetting"}}
    | {(AZURE_ROLE, f"wandb-{role}-93c2fcf6") for role in ("reader", "storage-blob-data-contributor")},
    "coreweave-team": {(t, name) for t in COREWEAVE_STORE for name in ("vision", "robotics")}
    | {("pulumi:providers:aws", "coreweave")},
    "gcp-dedicated-team": {(t, name) for t in GCP_STORE for name in ("vision", "robotics")}
    | {(t, "robotics") for t in GCP_KEY | {"gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"}}
    | {
        (GCP_MEMBER, "vision-storage-admin-ae886aa6"),
        (GCP_MEMBER, "robotics-storage-objectUser-f555fdfa"),
        (GCP_MEMBER, "robotics-storage-legacyBucketReader-f555fdfa"),
    },
    "gcp-self-managed-instance": {(t, "wandb") for t in GCP_STORE}
    | {
        (GCP_MEMBER, "wandb-storage-admin-9effe8a6"),
        ("gcp:serviceaccount/iAMMember:IAMMember", "wandb-signer-9effe8a6"),
    },
    "several-clouds": {(t, "vision") for t in STORE | KEY}
    | {(t, "robotics") for t in GCP_STORE | {"wandb-byob:index:GcpCredential", "gcp:serviceaccount/account:Account"}}
    | {
        (GCP_MEMBER, "robotics-storage-admin-credential"),
        ("gcp:serviceaccount/key:Key", "robotics-2026-11"),
    },
    "s3-compatible-team": {(t, "vision") for t in S3_STORE | S3_COMPATIBLE}
    # MinIO has neither policies for users nor CORS for one bucket.
    | {(t, "archive") for t in S3_COMPATIBLE | {"aws:s3/bucket:Bucket", "aws:s3/bucketVersioning:BucketVersioning"}}
    | {("pulumi:providers:aws", name) for name in ("minio", "seaweedfs")},
}
"""Example to everything it registers: type and name."""


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the root project's program with an example's configuration, as the engine hands it over."""
    monkeypatch.syspath_prepend(str(STACKS))

    def go(name: str) -> Recording:
        for module in ("instance", "team"):
            sys.modules.pop(module, None)
        written = yaml.safe_load((EXAMPLES / f"Pulumi.{name}.yaml").read_text())["config"]
        config = {k: v if isinstance(v, str) else json.dumps(v) for k, v in written.items()}
        return record(lambda: runpy.run_path(str(STACKS), run_name="__main__") and None, config=config)

    return go


def test_every_example_has_its_expectation_and_a_comment() -> None:
    found = {file.name.removeprefix("Pulumi.").removesuffix(".yaml"): file.read_text() for file in EXAMPLES.iterdir()}
    assert found.keys() == EXPECTED.keys()
    assert all(text.startswith("# ") for text in found.values())


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_makes_exactly_this(name: str, run: Any) -> None:
    made = run(name)
    assert {(r.type, r.name) for r in made.resources.values()} == EXPECTED[name]
    assert len(made.resources) == len(EXPECTED[name])


def test_dedicated_team(run: Any) -> None:
    made = run("aws-dedicated-team")
    teams = made.outputs["teams"]
    assert teams["vision"]["storageAddresses"] == {"/": "s3://vision-a1b2c3d"}
    assert teams["robotics"]["storageAddresses"] == {"robotics": "s3://robotics-a1b2c3d/robotics"}
    assert teams["robotics"]["region"] == "eu-central-1"
    cors = made.of("BucketCorsConfiguration")
    assert cors["vision"].inputs["corsRules"][0]["allowedOrigins"] == ["*"]
    assert cors["robotics"].inputs["corsRules"][0]["allowedOrigins"] == ["https://acme.wandb.io"]
    tags = made.inputs("Bucket", "vision")["tags"]
    assert tags == {"owner": "ml-platform", "costCenter": "4711", "wandb-byob:store": "byob/test/vision"}
    assert teams["vision"]["handoffs"]["/"]["erasure_days"] == 30
    assert teams["robotics"]["handoffs"]["robotics"]["erasure_days"] == 14


def test_self_managed_instance(run: Any) -> None:
    made = run("aws-self-managed-instance")
    store = made.outputs["store"]
    assert store["storageAddresses"] == {"/": "s3://acme-wandb-production"}
    assert store["principals"] == ["arn:aws:iam::111122223333:role/wandb-server"]
    assert store["serverEnv"].keys() == {"GORILLA_ARTIFACT_GC_ENABLED", "AWS_REGION", "AWS_S3_KMS_ID", "BUCKET"}
    assert store["serverSecrets"] == {}
    logs = made.inputs("BucketLogging", "wandb")
    assert (logs["targetBucket"], logs["targetPrefix"]) == ("acme-access-logs", "wandb/production/")
    policy = json.loads(made.inputs("Key", "wandb")["policy"])
    admins = [s["Principal"]["AWS"] for s in policy["Statement"] if s["Sid"] == "KeyAdministration"]
    assert admins == ["arn:aws:iam::111122223333:role/security-operations"]


def test_multi_tenant_team(run: Any) -> None:
    made = run("aws-multi-tenant-team")
    research = made.outputs["teams"]["research"]
    assert research["principals"] == ["arn:aws:iam::725579432336:role/WandbIntegration"]
    assert research["principalsDate"] == ""  # named, and so no preset
    objects = [s for s in made.policy("research").values() if "research-a1b2c3d/research/*" in str(s["Resource"])]
    assert len(objects) == 1
    assert "s3:GetObject*" not in objects[0]["Action"]


def test_sse_s3_team(run: Any) -> None:
    made = run("aws-sse-s3-team")
    assert made.outputs["teams"]["vision"]["kmsKeyId"] == ""
    rules = made.of("BucketServerSideEncryptionConfiguration")
    assert rules["vision"].inputs["rules"] == [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]


def test_cross_cloud_credential(run: Any) -> None:
    made = run("aws-cross-cloud-credential")
    address = "s3://vision-2026-11-id:secret%2Bof%2Fvision-2026-11%3D@s3.eu-west-1.amazonaws.com/vision-a1b2c3d?region=eu-west-1"
    vision = made.outputs["teams"]["vision"]
    assert vision["storageAddresses"] == {"/": address}
    assert vision["principals"] == []
    assert vision["serverSecrets"] == {"GORILLA_SUPPORTED_FILE_STORES": address}
    assert made.outputs["supportedFileStores"] == address
    assert made.secret_outputs == {"teams": True, "supportedFileStores": True}


def test_shared_store(run: Any) -> None:
    teams = run("aws-shared-store").outputs["teams"]
    assert {team: store["storageAddresses"] for team, store in teams.items()} == {
        "speech": {"speech": "s3://language-a1b2c3d/speech"},
        "translation": {"translation": "s3://language-a1b2c3d/translation"},
        "vision": {"/": "s3://vision-a1b2c3d"},
    }


def test_second_account(run: Any) -> None:
    made = run("aws-second-account")
    provider = made.inputs("aws", "research")
    assert json.loads(provider["assumeRoles"]) == [
        {"roleArn": "arn:aws:iam::444455556666:role/pulumi-deploy", "sessionName": "wandb-storage"}
    ]
    urn = "pulumi:providers:aws::research"
    used = {(r.name, r.provider) for r in made.resources.values() if r.type.startswith("aws:")}
    assert used == {("vision", ""), ("robotics", urn)}


def test_gcp_dedicated_team(run: Any) -> None:
    made = run("gcp-dedicated-team")
    teams = made.outputs["teams"]
    assert teams["vision"]["storageAddresses"] == {"/": "gs://vision-a1b2c3d"}
    assert (teams["vision"]["kmsKeyId"], teams["vision"]["region"]) == ("", "europe-west4")
    ring = "projects/acme-storage/locations/europe-west4/keyRings/robotics-a1b2c3d"
    assert teams["robotics"]["kmsKeyId"] == f"{ring}/cryptoKeys/robotics-a1b2c3d"
    assert {name: store["handoffs"]["/"]["erasure_days"] for name, store in teams.items()} == {
        "vision": 37,
        "robotics": 44,
    }
    roles = {name: member.inputs["role"] for name, member in made.of("BucketIAMMember").items()}
    assert roles == {
        "vision-storage-admin-ae886aa6": "roles/storage.admin",
        "robotics-storage-objectUser-f555fdfa": "roles/storage.objectUser",
        "robotics-storage-legacyBucketReader-f555fdfa": "roles/storage.legacyBucketReader",
    }


def test_gcp_self_managed_instance(run: Any) -> None:
    made = run("gcp-self-managed-instance")
    store = made.outputs["store"]
    assert store["serverEnv"] == {"GORILLA_ARTIFACT_GC_ENABLED": "true", "BUCKET": "gs://wandb-a1b2c3d"}
    assert store["principals"] == ["wandb-server@acme-storage.iam.gserviceaccount.com"]
    signs = made.inputs("IAMMember", "wandb-signer-9effe8a6")
    assert signs["role"] == "roles/iam.serviceAccountTokenCreator"
    assert signs["member"] == "serviceAccount:wandb-server@acme-storage.iam.gserviceaccount.com"


def test_several_clouds(run: Any) -> None:
    made = run("several-clouds")
    teams = made.outputs["teams"]
    # The account's key is the one that the mock makes, percent-encoded as user information.
    address = (
        "gs://robotics-a1b2c3d%40acme-storage.iam.gserviceaccount.com:-----BEGIN%20PRIVATE%20KEY-----%0Aconfidential%2Bof%2F"
        "robotics-2026-11%3D%0A-----END%20PRIVATE%20KEY-----%0A@robotics-a1b2c3d"
    )
    assert teams["vision"]["storageAddresses"] == {"/": "s3://vision-a1b2c3d"}
    assert teams["robotics"]["storageAddresses"] == {"/": address}
    assert made.outputs["supportedFileStores"] == address
    assert made.secret_outputs == {"teams": True, "supportedFileStores": True}


def test_azure_dedicated_team(run: Any) -> None:
    made = run("azure-dedicated-team")
    teams = made.outputs["teams"]
    assert teams["vision"]["storageAddresses"] == {"/": "az://visiona1b2c3d4/vision"}
    assert teams["vision"]["principalsDate"] == "2026-06-30"
    assert teams["robotics"]["kmsKeyId"] == "https://roboticsa1b2c3d4.vault.azure.net/keys/robotics"
    assert teams["robotics"]["handoffs"]["/"]["erasure_days"] == 44
    shared = {name: r.inputs["allowSharedKeyAccess"] for name, r in made.of("StorageAccount").items()}
    assert shared == {"vision": True, "robotics": False}
    assert "0.44.0 or newer" in teams["robotics"]["handoffs"]["/"]["needs"]


def test_azure_self_managed_instance(run: Any) -> None:
    made = run("azure-self-managed-instance")
    store = made.outputs["store"]
    assert store["serverEnv"] == {"GORILLA_ARTIFACT_GC_ENABLED": "true", "BUCKET": "az://wandba1b2c3d4/wandb"}
    assert store["serverSecrets"] == {}
    assert store["principals"] == ["88888888-7777-6666-5555-444444444444"]
    assert made.inputs("StorageAccount", "wandb")["resourceGroupName"] == "acme-wandb"
    (chart,) = [step for step in store["handoffs"]["/"]["steps"] if step["surface"] == "chart"]
    values = {f["name"]: f["value"] for f in chart["fields"]}
    assert values["global.azureStorageIdentity.clientId"] == "99999999-7777-6666-5555-444444444444"
    assert values["global.azureStorageIdentity.tenantId"] == "22222222-2222-2222-2222-222222222222"


def test_a_mistake_ends_the_program_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    import pulumi

    monkeypatch.syspath_prepend(str(STACKS))
    config = {"byob:deployment": "dedicated", "byob:level": "team", "byob:teams": '{"vision": {"regoin": "x"}}'}
    told: list[pulumi.RunError] = []

    def program() -> None:
        try:
            runpy.run_path(str(STACKS), run_name="__main__")
        except pulumi.RunError as error:  # the engine prints the text of these, and nothing else
            told.append(error)

    assert record(program, config=config).resources == {}
    assert str(told[0]) == (
        "stack configuration: 1 fault\n"
        "  BYOB-SET-001 byob:teams.vision.regoin: is not a setting; fix: did you mean `region`?"
    )


def test_the_project_file_is_what_the_engine_and_the_docs_expect() -> None:
    assert yaml.safe_load((ROOT / "Pulumi.yaml").read_text()) == {
        "name": "byob",
        "description": "Storage for Weights & Biases in your own account, one stack an environment",
        "runtime": {"name": "python", "options": {"virtualenv": ".venv"}},
        "main": "stacks",
        "stackConfigDir": "stacks/config",
    }


def test_s3_compatible_team(run: Any) -> None:
    made = run("s3-compatible-team")
    teams = made.outputs["teams"]
    addresses = {
        "vision": "s3://wandb-vision:set-with-secret@seaweed.acme.example/vision-a1b2c3d?region=us-east-1&tls=true",
        "archive": "s3://wandb-archive:set-with-secret@minio.acme.example:9000/archive-a1b2c3d?region=eu-1&tls=true",
    }
    assert {team: store["storageAddresses"]["/"] for team, store in teams.items()} == addresses
    assert made.outputs["supportedFileStores"] == ",".join([addresses["vision"], addresses["archive"]])
    assert made.secret_outputs == {"teams": True, "supportedFileStores": True}
    used = {(r.name, r.provider) for r in made.resources.values() if r.type.startswith("aws:")}
    assert used == {("vision", "pulumi:providers:aws::seaweedfs"), ("archive", "pulumi:providers:aws::minio")}
    for name in ("seaweedfs", "minio"):
        assert made.secret_inputs("aws", name) >= {"accessKey", "secretKey"}
        assert made.inputs("aws", name)["skipRequestingAccountId"] == "true"
    told = " ".join(teams["archive"]["handoffs"]["/"]["warnings"])
    assert "MINIO_API_CORS_ALLOW_ORIGIN" in told
    assert teams["vision"]["handoffs"]["/"]["warnings"] == []


def test_coreweave_team(run: Any) -> None:
    made = run("coreweave-team")
    teams = made.outputs["teams"]
    assert teams["vision"]["storageAddresses"] == {"/": "cw://vision-a1b2c3d"}
    assert teams["robotics"]["storageAddresses"] == {"robotics": "cw://robotics-a1b2c3d/robotics"}
    assert "supportedFileStores" not in made.outputs  # Multi-tenant Cloud has no list
    (wandb,) = made.policy("vision").values()
    assert wandb["Principal"] == {"CW": "arn:aws:iam::wandb:static/wandb-integration-public"}
    assert wandb["Condition"] == {"StringLike": {"wandb:OrgID": ["acme"]}}
    assert sorted(made.policy("robotics")) == ["AllowUsersInOrg", "AllowWandbUser", "AllowWandbUserObjects"]
    assert "s3UsePathStyle" not in made.inputs("aws", "coreweave")
