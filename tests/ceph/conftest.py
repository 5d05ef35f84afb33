"""One Ceph gateway for the lane, and stacks of the repository's own programs on it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from sandbox.clouds.ceph.server import PACKAGES, REGION, Ceph, User, missing
from tests.engine.conftest import engine
from tests.engine.workbench import Workbench

__all__ = ["engine"]

DEPLOYER = User("deployer", "AKCEPHDEPLOYER", "secret-of-the-deployer")
WANDB = User("wandb-vision", "AKCEPHVISION", "secret-of-vision")
OTHER_TEAM = User("wandb-robotics", "AKCEPHROBOTICS", "secret-of-robotics")
STRANGER = User("stranger", "AKCEPHSTRANGER", "secret-of-the-stranger")


@pytest.fixture(scope="session")
def ceph(require: Callable[[bool, str], None]) -> Iterator[Ceph]:
    lacking = missing()
    require(not lacking, f"{', '.join(lacking)}: apt-get install --no-install-recommends {' '.join(PACKAGES)}")
    # The path of a socket has 107 characters at most, too few for pytest's folders.
    with (
        tempfile.TemporaryDirectory(prefix="ceph-") as folder,
        Ceph.start(Path(folder), (DEPLOYER, WANDB, OTHER_TEAM, STRANGER)) as server,
    ):
        yield server


def client(ceph: Ceph, who: User = DEPLOYER) -> Any:
    """boto3 for somebody; this version of Ceph takes no checksums behind a body."""
    return boto3.client(
        "s3", endpoint_url=ceph.endpoint, verify=str(ceph.ca_bundle), region_name=REGION, aws_access_key_id=who.access_key,
        aws_secret_access_key=who.secret_key,
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2}, request_checksum_calculation="when_required"),
    )  # fmt: skip


def provider_settings(ceph: Ceph, **more: Any) -> dict[str, Any]:
    """An `aws` provider on the gateway, as the documentation of S3-compatible stores has it."""
    return {
        "region": REGION,
        "accessKey": DEPLOYER.access_key,
        "secretKey": DEPLOYER.secret_key,
        "endpoints": [{"s3": ceph.endpoint}],
        "s3UsePathStyle": True,
        "customCaBundle": str(ceph.ca_bundle),
        "skipCredentialsValidation": True,
        "skipRequestingAccountId": True,
        "skipMetadataApiCheck": True,
        "skipRegionValidation": True,
        **more,
    }


def team(ceph: Ceph, who: User, **more: Any) -> dict[str, Any]:
    """A team's lines."""
    return {
        "cloud": "s3_compatible",
        "provider": "store",
        "server": "ceph",
        "endpoint": ceph.endpoint.removeprefix("https://"),
        "accessKey": who.access_key,
        "secretKey": who.secret_key,
        "principals": [who.arn],
        **more,
    }


Bench = Callable[[Mapping[str, Any]], Workbench]


@pytest.fixture
def bench(engine: None, ceph: Ceph, tmp_path: Path) -> Bench:
    """Makes a stack of the teams' program."""

    def make(teams: Mapping[str, Any]) -> Workbench:
        one = Workbench(tmp_path / "bench", {"byob:deployment": "self_managed", "byob:level": "team"})
        one.set_secret("byob:providers", json.dumps({"store": {"cloud": "s3_compatible", **provider_settings(ceph)}}))
        one.set_secret("byob:teams", json.dumps(teams))
        return one

    return make
