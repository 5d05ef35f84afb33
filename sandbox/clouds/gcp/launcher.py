"""The local Google Cloud as one process: the emulator behind the gate, and the APIs beside it. Run by the environment `gcs`.

`python -m sandbox.clouds.gcp.launcher FILE`, where FILE says on which ports, with which certificate, and who there is.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.clouds.gcp.apis import oauth, projects
from sandbox.clouds.gcp.apis.directory import Directory, Key, now
from sandbox.clouds.gcp.apis.iam import Iam
from sandbox.clouds.gcp.apis.kms import Kms
from sandbox.clouds.gcp.apis.web import Answer, Request, Router, serve
from sandbox.clouds.gcp.storage import emulator
from sandbox.clouds.gcp.storage.json_api import JsonApi
from sandbox.clouds.gcp.storage.store import Store
from sandbox.clouds.gcp.storage.xml_api import XmlApi

_JSON_API = ("/storage/v1/", "/upload/storage/v1/", "/download/storage/v1/")


def populate(directory: Directory, seed: dict[str, list[dict[str, str]]]) -> None:
    """Make the projects and accounts that are there from the beginning.

    Args:
        directory: Where.
        seed: `projects` (id, number) and `accounts` (email, project, key_id, public_key, role on the project).
    """
    for one in seed["projects"]:
        directory.add_project(one["id"], one["number"])
    for one in seed["accounts"]:
        account = directory.add_account(one["project"], one["email"])
        public = serialization.load_pem_public_key(one["public_key"].encode())
        assert isinstance(public, rsa.RSAPublicKey)
        account.keys[one["key_id"]] = Key(one["key_id"], public, now())
        if one.get("role"):
            policy = directory.policies.get(f"projects/{one['project']}")
            bindings = [*policy["bindings"], {"role": one["role"], "members": [f"serviceAccount:{one['email']}"]}]
            directory.policies.put(f"projects/{one['project']}", bindings)


def main() -> None:
    """Serve until SIGTERM."""
    if os.environ.get("BYOB_DIE_WITH_PARENT"):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    given = json.loads(Path(sys.argv[1]).read_text())
    directory = Directory()
    populate(directory, given)
    kms = Kms(directory)
    apis = Router()
    oauth.add_routes(apis, directory, given["token_uri"])
    Iam(directory, given["token_uri"]).add_routes(apis)
    kms.add_routes(apis)
    projects.add_routes(apis, directory)
    apis.add("GET", "/health", lambda request: Answer.of({"status": "serving"}))
    store = Store(directory, kms, emulator.start(), given["storage"])
    json_api, xml_api = JsonApi(store), XmlApi(store)

    def storage(request: Request) -> Answer:
        return json_api(request) if request.path.startswith(_JSON_API) else xml_api(request)

    serve(given["storage_port"], given["certificate"], given["key"], storage)
    serve(given["apis_port"], given["certificate"], given["key"], apis)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    ended.wait()


if __name__ == "__main__":
    main()
