"""A store as one process: the gate in it, SeaweedFS below it. Run by the project's environment.

`python -m sandbox.clouds.s3_compatible.launcher FILE`, where FILE says on which ports, with which certificate, and who there is.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import ssl
import sys
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sandbox.clouds.coreweave.gate import CoreWeaveGate
from sandbox.clouds.s3_compatible.front import Upstream, serve
from sandbox.clouds.s3_compatible.gate import Gate
from sandbox.clouds.seaweedfs.server import SeaweedFS, User


def _client(server: SeaweedFS, user: User, region: str) -> Any:
    import boto3
    from botocore.config import Config

    session = boto3.Session(aws_access_key_id=user.access_key, aws_secret_access_key=user.secret_key)
    return session.client(
        "s3", region_name=region, endpoint_url=server.endpoint, verify=str(server.ca_bundle),
        config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2}),
    )  # fmt: skip


def main() -> None:
    """Serve until SIGTERM."""
    if os.environ.get("BYOB_DIE_WITH_PARENT"):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    file = Path(sys.argv[1])
    given = json.loads(file.read_text())
    users = tuple(User(**{**user, "actions": tuple(user["actions"])}) for user in given["users"])
    # SeaweedFS asks the kernel to end it with the thread that started it, which is this process's first one.
    with SeaweedFS.start(file.parent / "seaweedfs", users, domain=given["domain"]) as server:
        behind = Upstream(_port(server.endpoint), _port(server.plain_endpoint), str(server.ca_bundle))
        owner = users[0]
        admin = _client(server, owner, given["region"])
        rule = (
            CoreWeaveGate(behind, admin, owner.access_key, given["principals"])
            if given["flavour"] == "coreweave"
            else Gate(behind, admin, owner.access_key)
        )
        minimum = ssl.TLSVersion.TLSv1_3 if given["flavour"] == "coreweave" else ssl.TLSVersion.TLSv1_2
        tls = given["certificate"], given["key"]
        serve(given["secure_port"], rule, given["domain"], tls, minimum)
        if given["plain_port"]:
            serve(given["plain_port"], rule, given["domain"])
        ended.wait()


def _port(endpoint: str) -> int:
    found = urlsplit(endpoint).port
    assert found
    return found


if __name__ == "__main__":
    main()
