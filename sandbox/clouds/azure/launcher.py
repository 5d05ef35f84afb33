"""The local Azure as one process: Resource Manager and sign-in, a port for each vault, and Azurite behind the gate.

`python -m sandbox.clouds.azure.launcher FILE`, where FILE says on which ports, with which certificate, and who there is.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.clouds.azure.apis.arm import Arm
from sandbox.clouds.azure.apis.authority import Assignments, Definitions, Groups, Locks
from sandbox.clouds.azure.apis.blob_services import BlobServices, Containers, ManagementPolicies, settings
from sandbox.clouds.azure.apis.directory import Directory
from sandbox.clouds.azure.apis.endpoints import metadata
from sandbox.clouds.azure.apis.identities import Federations, Identities
from sandbox.clouds.azure.apis.monitor import DiagnosticSettings
from sandbox.clouds.azure.apis.oauth import SignIn
from sandbox.clouds.azure.apis.storage import StorageAccounts
from sandbox.clouds.azure.apis.vault_data import VaultData
from sandbox.clouds.azure.apis.vaults import AllDeletedVaults, DeletedVaults, VaultKeys, Vaults
from sandbox.clouds.azure.apis.web import Answer, Request, serve
from sandbox.clouds.azure.azurite import Azurite
from sandbox.clouds.azure.storage.deleted_containers import DeletedContainers
from sandbox.clouds.azure.storage.gate import Gate
from sandbox.clouds.azure.storage.plain import PlainHttp
from sandbox.clouds.azure.storage.upstream import Upstream
from sandbox.clouds.azure.storage.versions import Versions
from sandbox.loopback import free_ports


def _directory(given: dict[str, Any]) -> Directory:
    issuers: dict[str, rsa.RSAPublicKey] = {}
    for issuer, pem in given["issuers"].items():
        key = serialization.load_pem_public_key(pem.encode())
        assert isinstance(key, rsa.RSAPublicKey)
        issuers[issuer] = key
    made = Directory(given["tenant"], issuers)
    for one in given["principals"]:
        made.add(one["name"], one["object_id"], one["client_id"], one["secret"], one["trusts"])
    return made


def main() -> None:
    """Serve until SIGTERM, or until Azurite is gone."""
    if os.environ.get("BYOB_DIE_WITH_PARENT"):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    given = json.loads(Path(sys.argv[1]).read_text())
    certificate, key = given["certificate"], given["key"]
    azurite = Azurite(Path(sys.argv[1]).parent / "azurite", given["azurite_port"], certificate, key)
    directory = _directory(given)
    arm = Arm(directory, given["subscription"], given["arm"])
    for person, role in given["roles"]:
        arm.authority.grant(person, role)

    def open_vault(name: str) -> str:
        """A vault's own address: clients take the name of a vault for a host, and a port is what can be had of that here."""
        for left in (2, 1, 0):
            (port,) = free_ports(1)
            try:
                serve(port, certificate, key, VaultData(arm, vaults, name, given["arm"]))
            except OSError:  # somebody took it between the choice and the start
                if not left:
                    raise
            else:
                return f"https://localhost:{port}/"
        raise AssertionError("not reached")

    vaults = Vaults(arm, open_vault)
    upstream = Upstream(given["azurite_port"], given["ca"], lambda name: accounts.key_values(name)[0])
    deleted = DeletedContainers(upstream, lambda account: settings(arm, account))
    versions = Versions(upstream)
    deleted.purged = versions.purged
    accounts = StorageAccounts(arm, azurite, given["blob"], vaults.usable_by, deleted.empty)
    arm.serve(
        Groups(arm), Identities(arm), Federations(arm), Assignments(arm), Definitions(arm), Locks(arm), DiagnosticSettings(arm), accounts,
        BlobServices(arm, upstream), Containers(arm, upstream, deleted), ManagementPolicies(arm), vaults, VaultKeys(arm, vaults), DeletedVaults(arm, vaults),
        AllDeletedVaults(arm, vaults),
    )  # fmt: skip
    sign_in = SignIn(directory, given["arm"])

    def control(request: Request) -> Answer:
        if request.path == "/health":
            return Answer.of({"status": "serving"})
        if request.path == "/metadata/endpoints":
            return Answer.of(metadata(given["arm"], given["tenant"]))
        return sign_in(request) or arm(request)

    azurite.wait()
    gate = Gate(arm, accounts, vaults, upstream, deleted, versions, given["blob"])
    serve(given["plain_port"], "", "", PlainHttp(gate, accounts))
    serve(given["blob_port"], certificate, key, gate)
    serve(given["arm_port"], certificate, key, control)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    while not ended.wait(1):
        if azurite.process.poll() is not None:
            sys.exit(f"Azurite has ended with {azurite.process.returncode}")
    azurite.stop()


if __name__ == "__main__":
    main()
