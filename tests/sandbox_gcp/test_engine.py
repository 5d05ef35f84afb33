"""The stand-in provider under the real engine: a store with its key, its grant and a signer, from preview to destroy and up again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.clouds.gcp.accounts import environment, provider_config
from sandbox.engine.install import engine_env, ensure_engine
from sandbox.providers.framework.contract import write
from sandbox.providers.gcp.plugin import PLUGIN
from sandbox.providers.install import launch_script
from tests.engine.workbench import UNKNOWN, Workbench, installed_engine_exists
from tests.sandbox_gcp.conftest import Require, World

pytestmark = [pytest.mark.server, pytest.mark.engine, pytest.mark.xdist_group("gcp")]

PROGRAM = """
import pulumi
import pulumi_gcp as gcp

config = pulumi.Config()
wandb, days = config.require("wandb"), config.get_int("days") or 7
agent = gcp.storage.get_project_service_account()
ring = gcp.kms.KeyRing("ring", location="europe-west1")
key = gcp.kms.CryptoKey("key", key_ring=ring.id, rotation_period="7776000s", destroy_scheduled_duration="2592000s")
use = gcp.kms.CryptoKeyIAMMember(
    "use", crypto_key_id=key.id, role="roles/cloudkms.cryptoKeyEncrypterDecrypter", member=agent.member)
store = gcp.storage.Bucket(
    "store", location="EUROPE-WEST1", uniform_bucket_level_access=True, public_access_prevention="enforced",
    soft_delete_policy={"retention_duration_seconds": days * 86400}, versioning={"enabled": True},
    lifecycle_rules=[
        {"action": {"type": "Delete"}, "condition": {"days_since_noncurrent_time": 30, "with_state": "ARCHIVED"}},
        {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 7}}],
    cors=[{"origins": ["*"], "methods": ["GET", "HEAD", "PUT"], "response_headers": ["*"], "max_age_seconds": 3000}],
    encryption={"default_kms_key_name": key.id}, labels={"team": "vision"}, opts=pulumi.ResourceOptions(depends_on=[use]))
under = store.name.apply(lambda n: f"resource.name.startsWith('projects/_/buckets/{n}/objects/vision/')")
gcp.storage.BucketIAMMember("reader", bucket=store.name, role="roles/storage.legacyBucketReader", member=wandb)
gcp.storage.BucketIAMMember("user", bucket=store.name, role="roles/storage.objectUser", member=wandb,
                            condition={"title": "vision", "expression": under})
signer = gcp.serviceaccount.Account("signer-of-urls")
signer_key = gcp.serviceaccount.Key("signer-key", service_account_id=signer.name)
gcp.serviceaccount.IAMMember("signs", service_account_id=signer.name, role="roles/iam.serviceAccountTokenCreator", member=signer.member)
if adopted := config.get("adopted"):
    gcp.storage.Bucket("adopted", name=adopted, location="europe-west1", uniform_bucket_level_access=True)
pulumi.export("bucket", store.name)
pulumi.export("key", signer_key.private_key)
"""
ALL = {
    "KeyRing ring", "CryptoKey key", "CryptoKeyIAMMember use", "Bucket store", "BucketIAMMember reader", "BucketIAMMember user",
    "Account signer-of-urls", "Key signer-key", "IAMMember signs",
}  # fmt: skip


@pytest.fixture
def bench(world: World, contracts: Path, require: Require, tmp_path: Path) -> Workbench:
    require(installed_engine_exists(), "the Pulumi CLI, or Go to build it: run `make setup`")
    plugin, home = tmp_path / "plugin", tmp_path / "home"
    plugin.mkdir()
    script = plugin / "pulumi-resource-gcp"
    script.write_text(launch_script(Path(sys.executable), "gcp"))
    script.chmod(0o755)
    write(plugin, PLUGIN.sdk, PLUGIN.tokens)
    release = json.loads(next(plugin.glob("contract-*.json")).read_text())["version"]
    engine, _ = ensure_engine()
    subprocess.run(
        [str(engine), "plugin", "install", "resource", "gcp", release, "--file", str(plugin)],
        env=engine_env(home, tmp_path / "state"), check=True, capture_output=True,
    )  # fmt: skip
    settings = provider_config(world.server, world.accounts.deployer)
    secret = settings.pop("credentials")
    config = {**{f"gcp:{k}": v for k, v in settings.items()}, "demo:wandb": world.accounts.wandb_dedicated.member}
    made = Workbench(
        tmp_path / "bench", config, program=PROGRAM, env={"PULUMI_HOME": str(home), **environment(world.server)}
    )
    made.set_secret("gcp:credentials", secret)
    return made


def configured(bench: Workbench, **more: str) -> None:
    bench.configure({**bench.settings()["config"], **{f"demo:{k}": v for k, v in more.items()}})


def test_life(world: World, bench: Workbench) -> None:
    planned = bench.preview().ok()
    assert planned.ops() == dict.fromkeys(ALL, "create")
    assert planned.step("Bucket store").inputs["encryption"] == {"defaultKmsKeyName": UNKNOWN}
    assert planned.step("BucketIAMMember user").inputs["condition"]["title"] == "vision"
    assert bench.up().ok().ops() == dict.fromkeys(ALL, "create")
    found = bench.outputs()
    bucket, who = found["bucket"], world.accounts.wandb_dedicated
    body = world.call("GET", f"b/{bucket}").json()
    assert (body["location"], body["labels"]["team"], body["versioning"]) == (
        "EUROPE-WEST1",
        "vision",
        {"enabled": True},
    )
    assert "/cryptoKeys/key-" in body["encryption"]["defaultKmsKeyName"]
    session = world.anonymous()
    assert session.put(world.url(who, "PUT", bucket, "vision/a"), data=b"data").status_code == 200
    assert session.put(world.url(who, "PUT", bucket, "robotics/a"), data=b"data").status_code == 403

    bench.preview("--expect-no-changes").ok()
    bench.refresh("--expect-no-changes").ok()
    state = json.dumps(bench.export())
    assert "PRIVATE KEY" not in state
    assert found["key"] not in state

    # Somebody changes it behind Pulumi's back; their own label and member are left alone.
    world.call("PATCH", f"b/{bucket}", {"cors": [], "labels": {"cost": "7"}})
    world.grant(bucket, world.accounts.wandb_instance, "roles/storage.objectViewer")
    assert bench.up("--refresh").ok().ops() == {"Bucket store": "update"}
    body = world.call("GET", f"b/{bucket}").json()
    assert body["cors"] == [
        {"origin": ["*"], "method": ["GET", "HEAD", "PUT"], "responseHeader": ["*"], "maxAgeSeconds": 3000}
    ]
    assert body["labels"]["cost"] == "7"

    made = world.bucket(location="europe-west1")
    imported = {"resources": [{"type": "gcp:storage/bucket:Bucket", "name": "adopted", "id": made}]}
    bench.import_file(imported).ok()
    configured(bench, adopted=made)
    assert bench.up("--refresh").ok().ops() == {}
    bench.preview("--expect-no-changes").ok()
    configured(bench, days="14")
    assert bench.up().ok().step("Bucket store").differs == ("softDeletePolicy",)
    assert world.call("GET", f"b/{bucket}").json()["softDeletePolicy"]["retentionDurationSeconds"] == "1209600"

    # What holds data stays, with every setting; what only the state knows is listed.
    refused = bench.destroy()
    assert refused.code != 0
    assert f"Error trying to delete bucket {bucket} containing objects" in refused.said
    assert world.client().bucket(bucket).blob("vision/a").download_as_bytes() == b"data"
    for blob in world.client().list_blobs(bucket, versions=True):
        blob.delete()
    bench.destroy().ok()
    assert world.call("GET", f"b/{bucket}").status_code == 404
    key = body["encryption"]["defaultKmsKeyName"]
    assert world.call("GET", key).json()["primary"]["state"] == "DESTROY_SCHEDULED", (
        "a key is never deleted, only its versions"
    )
    assert bench.up().ok().ops() == dict.fromkeys([*ALL, "Bucket adopted"], "create")
    assert bench.outputs()["bucket"] != bucket
    bench.destroy().ok()
