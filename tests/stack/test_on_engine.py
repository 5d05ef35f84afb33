"""The programs of the root project on the real engine: an instance, teams in a shared store, a second account."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest
from botocore.exceptions import ClientError

from sandbox.clouds.aws.accounts import CUSTOMER, NODE_ROLE, STRANGER, client, provider_config
from tests.engine.conftest import Bench
from tests.engine.readings import LocalAws

pytestmark = pytest.mark.engine

TEAM = {"deployment": "dedicated", "level": "team"}
KINDS = (
    "Alias",
    "AwsBucket",
    "AwsByob",
    "AwsKey",
    "Bucket",
    "BucketCorsConfiguration",
    "BucketLifecycleConfiguration",
    "BucketOwnershipControls",
    "BucketPolicy",
    "BucketPublicAccessBlock",
    "BucketServerSideEncryptionConfiguration",
    "BucketVersioning",
    "Key",
)


def test_an_instance_is_one_store(bench: Bench, aws: LocalAws) -> None:
    store = {"principals": ["arn:aws:iam::111122223333:role/wandb-server"], "encryption": "provider_managed"}
    stack = bench(byob={"deployment": "self_managed", "level": "instance", "store": store})
    made = stack.up().ok().ops()
    assert made == {f"{kind} wandb": "create" for kind in KINDS if kind not in ("AwsKey", "Key", "Alias")}
    out = stack.outputs()
    assert out.keys() == {"store"}
    bucket = out["store"]["bucketName"]
    assert bucket.startswith("wandb-")
    assert out["store"]["storageAddresses"] == {"/": f"s3://{bucket}"}
    assert (out["store"]["kmsKeyId"], out["store"]["region"]) == ("", "eu-west-1")
    assert out["store"]["serverEnv"]["BUCKET"] == f"s3://{bucket}"
    assert aws.bucket(bucket)["versioning"] == "Enabled"
    # A mistake is told with its config path, and ends the command before anything is planned.
    stack.set(store={**store, "regoin": "eu-central-1"})
    refused = stack.preview().refused("BYOB-SET-001 byob:store.regoin: is not a setting; fix: did you mean `region`?")
    assert refused.ops() == {}


def test_teams_share_a_store_with_a_path_each(bench: Bench, aws: LocalAws) -> None:
    teams: dict[str, Any] = {
        "speech": {"store": "language", "path": "speech"},
        "translation": {"store": "language", "path": "translation"},
    }
    stores = {"language": {"access": "minimal", "principals": [NODE_ROLE]}}
    stack = bench(byob={**TEAM, "stores": stores, "teams": teams})
    assert stack.up().ok().ops() == {f"{kind} language": "create" for kind in KINDS}
    out = stack.outputs()["teams"]
    bucket = out["speech"]["bucketName"]
    assert out["speech"]["storageAddresses"] == {"speech": f"s3://{bucket}/speech"}
    assert out["translation"]["storageAddresses"] == {"translation": f"s3://{bucket}/translation"}

    # W&B may use the paths of the teams, and nothing beside them.
    wandb = client(aws.server, "s3", aws.accounts.renewed(aws.server).wandb_dedicated)
    for path in ("speech", "translation"):
        wandb.put_object(Bucket=bucket, Key=f"{path}/run.json", Body=b"{}")
    with pytest.raises(ClientError, match="AccessDenied"):
        wandb.put_object(Bucket=bucket, Key="other/run.json", Body=b"{}")

    # A further team is that team only; `vision:` with nothing behind it is enough.
    stack.set(teams={"vision": None, **teams})
    assert stack.preview().ok().ops() == {f"{kind} vision": "create" for kind in KINDS}

    # One team suspended: the policy changes, and W&B loses that path only.
    stack.set(teams={**teams, "translation": {**teams["translation"], "state": "suspended"}})
    # (a component shows a new output, and no operation of its own)
    assert stack.up().ok().ops() == {"BucketPolicy language": "update"}
    wandb.put_object(Bucket=bucket, Key="speech/run.json", Body=b"{}")
    with pytest.raises(ClientError, match="AccessDenied"):
        wandb.get_object(Bucket=bucket, Key="translation/run.json")


def test_a_second_account_and_region_by_provider(bench: Bench, aws: LocalAws) -> None:
    deployer = aws.accounts.deployer
    _role_for(aws, deployer.arn)
    local = provider_config(aws.server, deployer, region="us-east-1")
    secret = local.pop("secretKey")
    lab = {
        "cloud": "aws",
        **local,
        "allowedAccountIds": [STRANGER],
        "assumeRoles": [{"roleArn": f"arn:aws:iam::{STRANGER}:role/pulumi-deploy", "sessionName": "wandb"}],
    }
    teams = {"vision": {}, "robotics": {"provider": "lab"}, "lidar": {"region": "eu-central-1"}}
    stack = bench(byob={**TEAM, "teams": teams, "providers": {"lab": lab}})
    where = ("--stack", stack.name, "--config-file", str(stack.config_file), "--non-interactive")
    stack.run("config", "set", "--secret", "--path", "byob:providers.lab.secretKey", *where, stdin=secret).ok()
    up = stack.up().ok()
    assert len(up.ops()) == 39

    out = stack.outputs()["teams"]
    assert {team: store["kmsKeyId"].split(":")[3:5] for team, store in out.items()} == {
        "vision": ["eu-west-1", CUSTOMER],
        "robotics": ["us-east-1", STRANGER],
        "lidar": ["eu-central-1", CUSTOMER],
    }
    assert {team: store["region"] for team, store in out.items()} == {
        "vision": "eu-west-1",
        "robotics": "us-east-1",
        "lidar": "eu-central-1",
    }
    theirs = client(aws.server, "s3", aws.accounts.stranger).list_buckets()["Buckets"]
    assert out["robotics"]["bucketName"] in [bucket["Name"] for bucket in theirs]
    assert not aws.bucket_exists(out["robotics"]["bucketName"])
    assert aws.bucket_exists(out["lidar"]["bucketName"])

    # The secret is nowhere in clear, nor is anything else of the key that holds it.
    state = stack.run("stack", "export", "--stack", stack.name, "--non-interactive").ok().stdout
    seen = state + up.said + json.dumps(up.events) + json.dumps(stack.masked_outputs())
    for spelling in (
        secret,
        base64.b64encode(secret.encode()).decode(),
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
    ):
        assert spelling not in seen
    assert "role/pulumi-deploy" not in state
    assert "role/pulumi-deploy" in stack.config_file.read_text()

    stack.preview("--expect-no-changes").ok()


def _role_for(aws: LocalAws, deployer: str) -> None:
    """A role in the other account that the customer's deployer may assume."""
    iam = client(aws.server, "iam", aws.accounts.stranger)
    allow = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": deployer}}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.create_role(RoleName="pulumi-deploy", AssumeRolePolicyDocument=trust)
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    iam.put_role_policy(RoleName="pulumi-deploy", PolicyName="all", PolicyDocument=json.dumps(everything))
