"""One stack with teams on several clouds: one `up`, one list of stores for the server, and each team by itself."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from byob_components.wandb.address import parse
from byob_components.wandb.deployment import Cloud
from sandbox.clouds.aws.accounts import provider_config as aws_config
from sandbox.clouds.aws.accounts import seed
from sandbox.clouds.aws.ministack import Ministack
from sandbox.clouds.azure.accounts import provider_config as azure_config
from sandbox.clouds.azure.server import AzureCloud
from sandbox.clouds.gcp.accounts import provider_config as gcp_config
from sandbox.clouds.gcp.server import GoogleCloud
from sandbox.clouds.s3_compatible.accounts import Accounts as StoreAccounts
from sandbox.clouds.s3_compatible.accounts import provider_config as store_config
from sandbox.clouds.s3_compatible.accounts import start as start_store
from tests.engine.leaks import assert_nowhere, left_behind
from tests.engine.workbench import Workbench
from tests.life.gcp import LocalGoogle

pytestmark = [pytest.mark.engine, pytest.mark.server, pytest.mark.xdist_group("several-clouds")]
SERVER = "arn:aws:iam::111122223333:role/wandb-server"
TEAMS = {
    "vision": {"principals": [SERVER], "access": "documented"},
    "speech": {"credentialKeys": ["2026-11"], "encryption": "provider_managed"},
    "robotics": {"cloud": "gcp", "location": "europe-west1", "credentialKeys": ["2026-11"]},
    "drones": {"cloud": "azure", "location": "westeurope", "mode": "access_key"},
}
WITH_KEYS = ("speech", "robotics", "drones", "lidar")
"""The teams whose store the server cannot reach as itself."""


@pytest.fixture
def stack(
    engine: None, require: Callable[[bool, str], None], tmp_path: Path
) -> Iterator[tuple[Workbench, dict[str, Any], dict[str, str]]]:
    require(not LocalGoogle.missing(), LocalGoogle.missing())
    require(shutil.which("node") is not None and shutil.which("npm") is not None, "Node.js with npm")
    accounts = StoreAccounts.make()
    with (
        Ministack.start(tmp_path / "aws") as aws,
        GoogleCloud.start(tmp_path / "gcp") as google,
        AzureCloud.start(tmp_path / "azure") as azure,
        start_store(tmp_path / "store", accounts) as store,
    ):
        on_aws, on_google = aws_config(aws, seed(aws).deployer), gcp_config(google, google.accounts.deployer)
        on_azure = azure_config(azure, azure.accounts.deployer)
        secrets = {
            "aws:secretKey": on_aws.pop("secretKey"),
            "gcp:credentials": on_google.pop("credentials"),
            "azure-native:clientSecret": on_azure.pop("clientSecret"),
        }
        every = (("aws", on_aws), ("gcp", on_google), ("azure-native", on_azure))
        plain = {f"{package}:{key}": value for package, settings in every for key, value in settings.items()}
        plain |= {"byob:deployment": "self_managed", "byob:level": "team"}
        # Each local cloud has an authority of its own, and providers know one file.
        authorities = tmp_path / "authorities.pem"
        authorities.write_text("".join(Path(one.ca_bundle).read_text() for one in (google, azure)))
        env = {"SSL_CERT_FILE": str(authorities), "BYOB_SANDBOX_CALL_LOG": str(tmp_path / "calls")}
        bench = Workbench(tmp_path / "stack", plain, env=env)
        provider = {"cloud": "s3_compatible", **store_config(store, accounts.deployer)}
        secrets["byob:providers"] = json.dumps({"store": provider})
        for key, value in secrets.items():
            bench.set_secret(key, value)
        lidar = {
            "cloud": "s3_compatible",
            "provider": "store",
            "server": "seaweedfs",
            "endpoint": store.endpoint.removeprefix("https://"),
            "accessKey": accounts.wandb.access_key,
            "secretKey": accounts.wandb.secret_key,
            "principals": [accounts.wandb.arn],
        }
        teams = {**TEAMS, "lidar": lidar}
        planted = {"the store's administrator": accounts.deployer.secret_key, "AWS": secrets["aws:secretKey"]}
        planted["Azure"] = secrets["azure-native:clientSecret"]
        yield bench, teams, planted


def test_teams_on_several_clouds_in_one_stack(stack: tuple[Workbench, dict[str, Any], dict[str, str]]) -> None:
    bench, teams, planted = stack
    bench.set_secret("byob:teams", json.dumps(teams))
    first = bench.up(preview=True).ok()
    made = first.ops()
    assert {name.split()[0] for name in made if name.endswith("Byob vision")} == {"AwsByob"}
    assert {name for name in made if name.split()[0].endswith("Byob")} == {
        "AwsByob vision",
        "AwsByob speech",
        "GcpByob robotics",
        "AzureByob drones",
        "S3CompatibleByob lidar",
    }
    assert set(made.values()) == {"create"}

    # One list for the server: every store with keys, whatever its cloud, and none that the server reaches as itself.
    outputs = bench.outputs()
    addresses = {team: next(iter(store["storageAddresses"].values())) for team, store in outputs["teams"].items()}
    listed = outputs["supportedFileStores"].split(",")
    assert sorted(listed) == sorted(addresses[team] for team in WITH_KEYS)
    clouds = {team: parse(address).cloud for team, address in addresses.items()}
    assert clouds == {
        "vision": Cloud.AWS,
        "speech": Cloud.AWS,
        "robotics": Cloud.GCP,
        "drones": Cloud.AZURE,
        "lidar": Cloud.S3_COMPATIBLE,
    }
    assert "[secret]" in json.dumps(bench.masked_outputs()["supportedFileStores"])

    # No key of any of them is anywhere in clear text.
    keys = {team: parse(addresses[team]).secret_key for team in WITH_KEYS}
    assert all(len(key) > 12 for key in keys.values())
    assert_nowhere({**planted, **keys}, left_behind(bench, [first], bench.folder.parent / "calls"))

    # A change of one team is that team's, on any cloud.
    teams["robotics"] = {**teams["robotics"], "softDeleteDays": 14}
    bench.set_secret("byob:teams", json.dumps(teams))
    assert bench.preview().ok().ops() == {"Bucket robotics": "update"}
    bench.up().ok()
    assert bench.up().ok().ops() == {}

    # A team that goes without a word is refused, and the others are not touched.
    without = {team: store for team, store in teams.items() if team != "lidar"}
    bench.set(teams=without)  # none of what is left is a secret
    bench.preview().refused("cannot be deleted", "lidar")
