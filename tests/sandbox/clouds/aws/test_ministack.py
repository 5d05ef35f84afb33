"""The local AWS: it starts and ends without a trace, and its patched gate sees roles of other accounts as themselves."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from sandbox.clouds.aws.accounts import NODE_ROLE, Accounts, Credentials, client, seed
from sandbox.clouds.aws.ministack import Ministack
from sandbox.places import ROOT

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("ministack")]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ministack]:
    with Ministack.start(tmp_path_factory.mktemp("ministack")) as made:
        yield made


@pytest.fixture(scope="module")
def accounts(server: Ministack) -> Accounts:
    return seed(server)


def test_it_is_found_again_by_its_file_or_by_its_folder(server: Ministack, tmp_path: Path) -> None:
    server.save(tmp_path / "run" / "server.json")
    assert Ministack.load(tmp_path / "run" / "server.json") == server
    assert Ministack.load(tmp_path / "none.json") is None
    assert [found.pid for found in Ministack.left_in(server.directory)] == [server.pid]
    assert Ministack.left_in(tmp_path) == []


def test_only_its_own_authority_vouches_for_it(server: Ministack) -> None:
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(f"{server.endpoint}/_ministack/health", timeout=5)
    assert server.answers()


def test_a_server_that_was_not_told_to_stay_dies_with_who_started_it(tmp_path: Path) -> None:
    command = (
        "import os, sys; from pathlib import Path; from sandbox.clouds.aws.ministack import Ministack\n"
        "print(Ministack.start(Path(sys.argv[1])).plain_endpoint, flush=True); os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", command, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    assert done.stdout.startswith("http://localhost:")
    for _ in range(50):
        if not Ministack.left_in(tmp_path):
            break
        time.sleep(0.1)
    assert Ministack.left_in(tmp_path) == []


def test_secrets_of_the_accounts_are_for_the_owner_only_and_not_shown(accounts: Accounts, tmp_path: Path) -> None:
    accounts.save(tmp_path / "accounts.json")
    assert (tmp_path / "accounts.json").stat().st_mode & 0o777 == 0o600
    assert Accounts.load(tmp_path / "accounts.json") == accounts
    assert accounts.deployer.secret_key not in repr(accounts)


def may(server: Ministack, who: Credentials) -> bool:
    """Whether somebody may list the bucket; any other failure than a refusal is one of the test."""
    try:
        client(server, "s3", who).list_objects_v2(Bucket="gate")
    except ClientError as refused:
        if refused.response["Error"]["Code"] != "AccessDenied":
            raise
        return False
    return True


def test_a_policy_that_names_a_role_of_another_account_lets_in_that_role_and_nobody_else(server: Ministack, accounts: Accounts) -> None:  # fmt: skip
    s3 = client(server, "s3", accounts.deployer)
    s3.create_bucket(Bucket="gate", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    assert not may(server, accounts.wandb_dedicated)

    def allow(principal: str) -> None:
        statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::gate"}  # fmt: skip
        s3.put_bucket_policy(Bucket="gate", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))

    allow(NODE_ROLE)
    assert may(server, accounts.wandb_dedicated)
    others = (accounts.wandb_other_role, accounts.wandb_dedicated_user, accounts.wandb_multi_tenant, accounts.stranger)
    assert [may(server, who) for who in others] == [False, False, False, False]
    allow("arn:aws:iam::830241207209:root")
    assert [may(server, who) for who in (accounts.wandb_dedicated, *others)] == [True, True, True, False, False]


def test_sessions_of_roles_are_renewed(server: Ministack, accounts: Accounts) -> None:
    again = accounts.renewed(server)
    assert again.wandb_dedicated.session_token != accounts.wandb_dedicated.session_token
    assert client(server, "sts", again.wandb_dedicated).get_caller_identity()["Account"] == "830241207209"
    assert again.deployer == accounts.deployer
