"""Buckets on a local Google Cloud as a careful hand would make them, each ready to be broken in one place."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from google.oauth2.credentials import Credentials as AccessToken

from byob_components.verify import Cast, GcsIdentity, GcsStore
from sandbox.clouds.gcp.accounts import CUSTOMER, REGION, Accounts, Credentials, session, storage_client
from sandbox.clouds.gcp.server import GoogleCloud

ADMIN, USER, READER = "roles/storage.admin", "roles/storage.objectUser", "roles/storage.legacyBucketReader"
PAGE = "https://wandb.example.com"
STRANGER, OTHER_INSTANCE = "the owner of another project", "another instance of W&B"
_numbers = itertools.count(1)


@cache
def _clients(server: GoogleCloud) -> tuple[Any, Any]:
    """Google's storage client and an HTTP session of the customer's administrator."""
    who = server.accounts.deployer
    return storage_client(server, who), session(server, who)


_known: dict[tuple[str, str], GcsIdentity] = {}


def identity(name: str, who: Credentials) -> GcsIdentity:
    """The same identity each time: loading a private key takes longer than most requests."""
    place = (name, who.key_file["private_key_id"])
    return _known.setdefault(place, GcsIdentity(name, who.email, who.key_file))


@dataclass
class Bucket:
    """A bucket, what was declared of it, and who acts."""

    server: GoogleCloud
    accounts: Accounts
    name: str
    key: str
    gcs: Any
    http: Any
    store: GcsStore
    cast: Cast[GcsIdentity]

    def patch(self, **settings: Any) -> None:
        """Change settings, in the words of the JSON API."""
        answer = self.http.patch(f"{self.server.storage}/storage/v1/b/{self.name}", json=settings)
        assert answer.ok, answer.text

    def grant(self, *roles: str, who: Credentials | None = None, **more: Any) -> None:
        """Add members; W&B's by default."""
        self._policy(lambda held: [*held, *({"role": role, "members": {(who or self.accounts.wandb_dedicated).member}, **more} for role in roles)])  # fmt: skip

    def let_in(self, role: str, member: str) -> None:
        self._policy(lambda held: [*held, {"role": role, "members": {member}}])

    def revoke(self, who: Credentials | None = None) -> None:
        """Take everything from somebody; from W&B by default."""
        gone = (who or self.accounts.wandb_dedicated).member
        self._policy(lambda held: [{**one, "members": set(one["members"]) - {gone}} for one in held])

    def regrant(self, *roles: str) -> None:
        """Give W&B these roles in the place of those it has."""
        self.revoke()
        self.grant(*roles)

    def _policy(self, change: Callable[[list[Any]], list[Any]]) -> None:
        policy = self.gcs.bucket(self.name).get_iam_policy(requested_policy_version=3)
        policy.version = 3
        policy.bindings = change(policy.bindings)
        self.gcs.bucket(self.name).set_iam_policy(policy)

    def cors(self, **changes: Any) -> None:
        rule = {"origin": list(self.store.cors_origins), "method": ["GET", "HEAD", "PUT"], "responseHeader": ["*"], "maxAgeSeconds": 3000}  # fmt: skip
        self.patch(cors=[rule | changes])

    def lifecycle(self, *more: Mapping[str, Any], noncurrent: int = 30, abort: int = 7) -> None:
        rules = [
            {"action": {"type": "Delete"}, "condition": {"daysSinceNoncurrentTime": noncurrent, "isLive": False}},
            {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": abort}},
            *more,
        ]
        self.patch(lifecycle={"rule": rules})

    def version(self, verb: str = "", **body: Any) -> None:
        """Do something with the version of the bucket's key."""
        where = f"{self.server.apis}/v1/{self.key}/cryptoKeyVersions/1"
        if verb:
            answer = self.http.post(f"{where}:{verb}", json={})
        else:
            answer = self.http.patch(f"{where}?updateMask={','.join(body)}", json=body)
        assert answer.ok, answer.text

    def run_by_own_server(self, server: GcsIdentity) -> None:
        """Let a W&B server of the customer's own be W&B, in the place of W&B's account."""
        self.regrant()
        self.grant(ADMIN, who=self.accounts.server)
        self.store = replace(self.store, principals=(server.email,), signer=True)
        self.cast = replace(self.cast, wandb=server)

    def contents(self) -> list[tuple[str, int]]:
        """Every object and generation."""
        return sorted((blob.name, blob.generation) for blob in self.gcs.list_blobs(self.name, versions=True))


def signs_as_itself(bucket: Bucket, *, may: bool = True) -> GcsIdentity:
    """The customer's own W&B server as it runs in a cluster: a token, no private key, and by right a signature from IAM."""
    who = bucket.accounts.server
    where = f"{bucket.server.apis}/v1/projects/{CUSTOMER}/serviceAccounts/{who.email}:setIamPolicy"
    binding = {"role": "roles/iam.serviceAccountTokenCreator", "members": [who.member]}
    answer = bucket.http.post(where, json={"policy": {"bindings": [binding] if may else []}})
    assert answer.ok, answer.text
    known = session(bucket.server, who)
    known.credentials.refresh(known._auth_request)
    return GcsIdentity.from_credentials("the server", AccessToken(known.credentials.token), who.email)


MakeBucket = Callable[..., Bucket]


def make_key(server: GoogleCloud, http: Any, gcs: Any, name: str) -> str:
    """A key in the buckets' location, which Cloud Storage may use."""
    where = f"{server.apis}/v1/projects/{CUSTOMER}/locations/{REGION}/keyRings"
    ring = http.post(f"{where}?keyRingId={name}", json={}).json()["name"]
    body = {"purpose": "ENCRYPT_DECRYPT"}
    key: str = http.post(f"{server.apis}/v1/{ring}/cryptoKeys?cryptoKeyId=store", json=body).json()["name"]
    agent = gcs.get_service_account_email()
    binding = {"role": "roles/cloudkms.cryptoKeyEncrypterDecrypter", "members": [f"serviceAccount:{agent}"]}
    answer = http.post(f"{server.apis}/v1/{key}:setIamPolicy", json={"policy": {"bindings": [binding]}})
    assert answer.ok, answer.text
    return key


def make(server: GoogleCloud, accounts: Accounts, *, minimal: bool = False, cmek: bool = True) -> Bucket:
    """A good bucket with W&B's path `vision`: `documented` for everybody's pages, or `minimal` for one page."""
    gcs, http = _clients(server)
    name = f"verify-{os.getpid()}-{next(_numbers)}"
    key = make_key(server, http, gcs, name) if cmek else ""
    body = {
        "name": name, "location": REGION, "versioning": {"enabled": True}, "softDeletePolicy": {"retentionDurationSeconds": "604800"},
        "iamConfiguration": {"publicAccessPrevention": "enforced", "uniformBucketLevelAccess": {"enabled": True}},
        **({"encryption": {"defaultKmsKeyName": key}} if key else {}),
    }  # fmt: skip
    answer = http.post(f"{server.storage}/storage/v1/b?project={CUSTOMER}", json=body)
    assert answer.ok, answer.text
    store = GcsStore(
        bucket=name, location=REGION, path="vision", endpoint=server.storage, kms_endpoint=server.apis,
        credentials_endpoint=server.apis, ca_bundle=str(server.ca_bundle), kms_key_id=key, principals=(accounts.wandb_dedicated.email,),
        access="minimal" if minimal else "documented", cors_origins=(PAGE,) if minimal else ("*",), noncurrent_days=30, soft_delete_days=7,
    )  # fmt: skip
    cast = Cast(
        wandb=identity("W&B", accounts.wandb_dedicated),
        owner=identity("the owner", accounts.deployer),
        outsiders=(identity(STRANGER, accounts.stranger), identity(OTHER_INSTANCE, accounts.wandb_other_instance)),
    )
    made = Bucket(server, accounts, name, key, gcs, http, store, cast)
    made.grant(*((USER, READER) if minimal else (ADMIN,)))
    made.cors()
    made.lifecycle()
    return made
