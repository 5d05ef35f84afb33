"""Who acts on the local AWS: the customer, W&B in its own accounts, and strangers; all with real IAM keys."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from sandbox.clouds.aws.ministack import ROOT_SECRET, Ministack

CUSTOMER = "111122223333"
WANDB_DEDICATED = "830241207209"
WANDB_MULTI_TENANT = "725579432336"
STRANGER = "444455556666"
REGION = "eu-west-1"
NODE_ROLE = f"arn:aws:iam::{WANDB_DEDICATED}:role/sandbox-node"
"""The node role of a Dedicated Cloud instance, as W&B's console would show it."""
OTHER_ROLE = f"arn:aws:iam::{WANDB_DEDICATED}:role/another-customer-node"
"""The node role of another customer's instance."""
INTEGRATION_ROLE = f"arn:aws:iam::{WANDB_MULTI_TENANT}:role/WandbIntegration"
_EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})


@dataclass(frozen=True)
class Credentials:
    """Somebody's keys.

    Args:
        arn: Who it is: a user, or the role that was assumed.
        access_key: The access key id.
        secret_key: The secret.
        session_token: For an assumed role.
    """

    arn: str
    access_key: str
    secret_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Accounts:
    """Everybody on the local AWS."""

    deployer: Credentials
    """The customer's administrator, who runs Pulumi."""
    wandb_dedicated: Credentials
    """W&B: the node role of the customer's Dedicated Cloud instance."""
    wandb_other_role: Credentials
    """W&B's account, but the node role of another customer's instance."""
    wandb_multi_tenant: Credentials
    """W&B: the role of Multi-tenant Cloud."""
    stranger: Credentials
    """A user of another account who may do everything there."""
    wandb_dedicated_user: Credentials
    """The user of W&B's account who assumes the node roles."""
    wandb_multi_tenant_user: Credentials
    """The user of W&B's account who assumes the integration role."""

    def renewed(self, server: Ministack) -> Accounts:
        """The same accounts with fresh sessions of the roles; a session lives for an hour.

        Args:
            server: The local AWS.
        """
        return replace(
            self,
            wandb_dedicated=_session(server, self.wandb_dedicated_user, NODE_ROLE),
            wandb_other_role=_session(server, self.wandb_dedicated_user, OTHER_ROLE),
            wandb_multi_tenant=_session(server, self.wandb_multi_tenant_user, INTEGRATION_ROLE),
        )

    def save(self, file: Path) -> None:
        """Write them down; readable by the owner only.

        Args:
            file: Where to.
        """
        half = file.with_suffix(".half")
        half.touch(mode=0o600)
        half.write_text(json.dumps(asdict(self), indent=2))
        half.replace(file)

    @classmethod
    def load(cls, file: Path) -> Accounts:
        """The accounts that were written down.

        Args:
            file: Where.
        """
        return cls(**{name: Credentials(**keys) for name, keys in json.loads(file.read_text()).items()})


def client(server: Ministack, service: str, who: Credentials, region: str = REGION) -> Any:
    """A boto3 client for somebody, over TLS.

    Args:
        server: The local AWS.
        service: For example `s3`.
        who: Whose keys.
        region: The region.
    """
    return _client(server, service, who.access_key, who.secret_key, who.session_token, region)


def _client(server: Ministack, service: str, key: str, secret: str, token: str | None, region: str = REGION) -> Any:
    import boto3
    from botocore.config import Config

    session = boto3.Session(aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token)
    return session.client(
        service, region_name=region, endpoint_url=server.endpoint, verify=str(server.ca_bundle),
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2}, signature_version="s3v4" if service == "s3" else None),
    )  # fmt: skip


def seed(server: Ministack) -> Accounts:
    """Make the accounts.

    Args:
        server: A fresh local AWS.
    """
    wandb = _user(server, WANDB_DEDICATED, "node")
    integration = _user(server, WANDB_MULTI_TENANT, "integration")
    return Accounts(
        deployer=_user(server, CUSTOMER, "deployer"),
        wandb_dedicated=_role(server, wandb, NODE_ROLE),
        wandb_other_role=_role(server, wandb, OTHER_ROLE),
        wandb_multi_tenant=_role(server, integration, INTEGRATION_ROLE),
        stranger=_user(server, STRANGER, "stranger"),
        wandb_dedicated_user=wandb,
        wandb_multi_tenant_user=integration,
    )


def _user(server: Ministack, account: str, name: str) -> Credentials:
    iam = _client(server, "iam", account, ROOT_SECRET, None)
    arn = iam.create_user(UserName=name)["User"]["Arn"]
    iam.put_user_policy(UserName=name, PolicyName="everything", PolicyDocument=_EVERYTHING)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return Credentials(arn, key["AccessKeyId"], key["SecretAccessKey"])


def _role(server: Ministack, who: Credentials, arn: str) -> Credentials:
    account, name = arn.split(":")[4], arn.rsplit("/", 1)[1]
    iam = client(server, "iam", who)
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "sts:AssumeRole"}]}  # fmt: skip
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    iam.put_role_policy(RoleName=name, PolicyName="everything", PolicyDocument=_EVERYTHING)
    return _session(server, who, arn)


def _session(server: Ministack, who: Credentials, arn: str) -> Credentials:
    keys = client(server, "sts", who).assume_role(RoleArn=arn, RoleSessionName="wandb", DurationSeconds=3600)[
        "Credentials"
    ]
    return Credentials(arn, keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])


def provider_config(server: Ministack, who: Credentials, region: str = REGION) -> dict[str, Any]:
    """The `aws:` configuration of a stack that runs on the local AWS.

    Args:
        server: The local AWS.
        who: Who runs Pulumi.
        region: The default region.
    """
    services = ("iam", "kms", "s3", "s3control", "sqs", "sts")
    return {
        "region": region,
        "accessKey": who.access_key,
        "secretKey": who.secret_key,
        "endpoints": [dict.fromkeys(services, server.endpoint)],
        "s3UsePathStyle": True,
        "customCaBundle": str(server.ca_bundle),
        "skipMetadataApiCheck": True,
        "skipCredentialsValidation": True,
    }
