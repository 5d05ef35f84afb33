"""The life of a store on an S3-compatible server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.life.contract import LifeOfAStore
from tests.life.s3 import LocalStore, cors
from tests.life.secrets import SecretsStayHidden

pytestmark = [pytest.mark.engine, pytest.mark.server]


class TestS3Compatible(LifeOfAStore):
    local = LocalStore


class TestS3CompatibleSecrets(SecretsStayHidden):
    """W&B's keys stand in the address. Principals are not among the secrets: the server shows its policies."""

    local = LocalStore
    program = """
import pulumi_aws as aws
from byob_components.s3_compatible import S3CompatibleByob

settings = pulumi.Config("byob").require_secret_object("providers").apply(lambda all_: all_["store"])


def of(name):
    return settings.apply(lambda known: known[name])


server = aws.Provider(
    "store", region="local", access_key=of("accessKey"), secret_key=of("secretKey"), endpoints=of("endpoints"),
    custom_ca_bundle=of("customCaBundle"), s3_use_path_style=True, skip_credentials_validation=True,
    skip_requesting_account_id=True, skip_metadata_api_check=True, skip_region_validation=True,
)
store = S3CompatibleByob("planted", {
    "deployment": "self_managed", "level": "team", "server": "seaweedfs", "protection": "unprotected",
    "endpoint": "store.acme.example", "region": "local", "access_key": one("access"), "secret_key": one("secret"),
    "principals": ["arn:aws:iam::000000000000:user/wandb-vision"], "cors_origins": [one("origin")],
}, pulumi.ResourceOptions(providers=[server]))
pulumi.export("bucket", store.bucket_name)
pulumi.export("addresses", store.storage_addresses)
pulumi.export("serverEnv", store.server_env)
pulumi.export("serverSecrets", store.server_secrets)
pulumi.export("handoffs", store.handoffs)
"""
    planted = {  # noqa: RUF012
        "access": "AKPLANTED8D1C2F",
        "secret": "planted-secret-of-wandbs-user-8d1c2f",
        "origin": "https://planted-origin-8d1c2f.example.com",
    }
    masked = frozenset({"addresses", "serverSecrets"})

    def arrived(self, cloud: Any, outputs: Mapping[str, Any]) -> None:
        rules = cloud.s3.get_bucket_cors(Bucket=outputs["bucket"])["CORSRules"]
        assert rules == cors(self.planted["origin"])
        assert outputs["addresses"] == {
            "/": f"s3://{self.planted['access']}:{self.planted['secret']}@store.acme.example/{outputs['bucket']}?region=local&tls=true"
        }

    def made(self, cloud: Any, outputs: Mapping[str, Any]) -> dict[str, str]:
        (address,) = outputs["addresses"].values()
        assert address in json.dumps(outputs["serverSecrets"])
        return {"the address": address, "the deployer's secret key": cloud.accounts.deployer.secret_key}
