"""What the life-cycle tests need to know of Google Cloud."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from byob_components.wandb.address import parse
from sandbox.clouds.gcp.accounts import CUSTOMER, Credentials, environment, provider_config
from sandbox.clouds.gcp.server import GoogleCloud
from tests.life.cloud import ByHand, Change, LocalCloud, Made, Reading, Remainder, Suspension
from tests.sandbox_gcp.conftest import World

WANDB = "serviceAccount:deploy@wandb-production.iam.gserviceaccount.com"
"""The documented principal of Dedicated Cloud."""
INSTANCE = "sandbox-instance@wandb-production.iam.gserviceaccount.com"
"""The account of the customer's own instance, as W&B's System Console shows it."""
AGENT = "serviceAccount:service-111122223333@gs-project-accounts.iam.gserviceaccount.com"
"""Cloud Storage's own account, which encrypts for the project."""
ENCRYPTS = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
PLACES = ("europe-west1", "europe-west4")
OWNERS = {
    "roles/storage.legacyBucketOwner": ["projectEditor:byob-customer", "projectOwner:byob-customer"],
    "roles/storage.legacyBucketReader": ["projectViewer:byob-customer"],
    "roles/storage.legacyObjectOwner": ["projectEditor:byob-customer", "projectOwner:byob-customer"],
    "roles/storage.legacyObjectReader": ["projectViewer:byob-customer"],
}
"""What Google gives the customer's own project on every bucket."""
NO_KEYS = ("metageneration", "etag", "updated", "nextRotationTime")
"""What every change writes anew, and when the key rotates next, which counts from the last change of its period."""


def admin(team: str) -> str:
    return f"BucketIAMMember {team}-storage-admin-ae886aa6"


def lifecycle(noncurrent_days: int) -> dict[str, Any]:
    return {
        "rule": [
            {"action": {"type": "Delete"}, "condition": {"daysSinceNoncurrentTime": noncurrent_days, "isLive": False}},
            {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 7}},
        ]
    }


def cors(origin: str) -> list[dict[str, Any]]:
    methods = ["GET", "HEAD", "PUT"]
    return [{"origin": [origin], "method": methods, "responseHeader": ["*"], "maxAgeSeconds": 3000}]


def labels(team: str, **more: str) -> dict[str, str]:
    return {"goog-pulumi-provisioned": "true", "wandb-byob-store": f"byob_test_{team}", **more}


def grants(policy: Mapping[str, Any]) -> dict[str, list[str]]:
    return {one["role"]: sorted(one["members"]) for one in policy.get("bindings", [])}


class LocalGoogle(LocalCloud):
    """The Google Cloud of the sandbox."""

    stack = {"deployment": "dedicated"}  # noqa: RUF012
    team = {"cloud": "gcp", "location": "europe-west1"}  # noqa: RUF012
    whole = {"encryption": "new_key"}  # noqa: RUF012
    whole_store = frozenset(
        {
            "GcpByob vision", "GcpKey vision", "KeyRing vision", "CryptoKey vision", "CryptoKeyIAMMember vision",
            "GcpBucket vision", "Bucket vision", admin("vision"),
        }
    )  # fmt: skip
    first = {  # noqa: RUF012
        "paths": ["/"],
        "region": "europe-west1",
        "principals": ["deploy@wandb-production.iam.gserviceaccount.com"],
        "principalsDate": "2026-08-19",
        "serverEnv": {},
    }
    unknown = frozenset({"kmsKeyId"})
    planned = {  # noqa: RUF012
        "Bucket vision": {"location": "europe-west1", "publicAccessPrevention": "enforced"},
        "CryptoKeyIAMMember vision": {"member": AGENT},  # the agent is looked up in a preview too
    }
    settled = {  # noqa: RUF012
        "versioning": {"enabled": True},
        "softDeletePolicy": "604800",
        "cors": cors("*"),
        "lifecycle": lifecycle(30),
        "labels": labels("vision"),
        "iamConfiguration": {
            "bucketPolicyOnly": {"enabled": True},
            "publicAccessPrevention": "enforced",
            "uniformBucketLevelAccess": {"enabled": True},
        },
        "grants": {**OWNERS, "roles/storage.admin": [WANDB]},
        "has the store's key": True,
        "key grants": {ENCRYPTS: [AGENT]},
        "key rotation": "7776000s",
    }
    changes = (
        # Rights hold for the whole bucket; only the address knows the path.
        Change({"paths": ["vision"]}, {}, {}, ("vision",)),
        Change(
            {"corsOrigins": ["https://wandb.example.com"]},
            {"Bucket vision": "update"},
            {"cors": cors("https://wandb.example.com")},
            ("vision",),
        ),
        Change(
            {"access": "minimal", "principals": [INSTANCE], "paths": ["vision", "nlp"]},
            {
                admin("vision"): "delete",
                "BucketIAMMember vision-storage-objectUser-77ce1359": "create",
                "BucketIAMMember vision-storage-legacyBucketReader-77ce1359": "create",
            },
            {
                "grants": {
                    **OWNERS,
                    "roles/storage.legacyBucketReader": ["projectViewer:byob-customer", f"serviceAccount:{INSTANCE}"],
                    "roles/storage.objectUser": [f"serviceAccount:{INSTANCE}"],
                }
            },
            ("vision", "nlp"),
        ),
        Change(
            {"softDeleteDays": 14, "noncurrentDays": 5, "kmsRotationDays": 30, "labels": {"cost": "ml"}},
            {"Bucket vision": "update", "CryptoKey vision": "update"},
            {
                "softDeletePolicy": "1209600",
                "lifecycle": lifecycle(5),
                "key rotation": "2592000s",
                "labels": labels("vision", cost="ml"),
                "key labels": labels("vision", cost="ml"),
            },
            ("vision", "nlp"),
        ),
    )
    replacing = (
        ({"bucketName": "fixed-elsewhere"}, "gcp:storage/bucket:Bucket"),
        ({"kmsDeletionWindowDays": 7}, "gcp:kms/cryptoKey:CryptoKey"),
        ({"location": "europe-west4"}, "gcp:kms/keyRing:KeyRing"),
    )
    drifted = (
        {
            "Bucket drift": "update", admin("drift"): "delete",
            "CryptoKey drift": "update", "CryptoKeyIAMMember drift": "delete",
        },
        {
            "Bucket drift": "update", admin("drift"): "create",
            "CryptoKey drift": "update", "CryptoKeyIAMMember drift": "create",
        },
    )  # fmt: skip
    forgets = frozenset({"BucketIAMMember"})
    suspended = {  # noqa: RUF012
        "vision": Suspension({admin("vision"): "delete"}, {admin("vision"): "create"}, frozenset({"grants"})),
        "robotics": Suspension({"Account robotics": "update"}, {"Account robotics": "update"}, frozenset({"account"})),
    }
    shared = {"access": "minimal"}  # noqa: RUF012
    apart = "BYOB-GCP-030"
    leaving = {"encryption": "new_key", "credentialKeys": ["2026-11"], "paths": ["vision"]}  # noqa: RUF012
    leaving_store = frozenset(
        {
            "KeyRing vision", "CryptoKey vision", "CryptoKeyIAMMember vision", "Bucket vision", "Account vision",
            "Key vision-2026-11", "BucketIAMMember vision-storage-admin-credential",
        }
    )  # fmt: skip
    not_empty = "containing objects without `force_destroy` set to true"
    refusing = frozenset({"Bucket"})
    put_again = {admin("vision"): "create"}  # noqa: RUF012
    bad = ({"softDeleteDays": 0, "location": "europe-west1-b"}, ("BYOB-GCP-011", "BYOB-GCP-002"))

    def __init__(self, server: GoogleCloud) -> None:
        self.server, self.world = server, World(server)

    # -- servers
    @classmethod
    def missing(cls) -> str:
        there = all(importlib.util.find_spec(name) for name in ("google", "google.cloud", "google.cloud.storage"))
        return "" if there else "google-cloud-storage in the environment"

    @classmethod
    def start(cls, folder: Path) -> LocalGoogle:
        return cls(GoogleCloud.start(folder))

    def stop(self) -> None:
        self.server.stop()

    def config(self) -> tuple[dict[str, Any], dict[str, str]]:
        found = provider_config(self.server, self.server.accounts.deployer)
        secret = found.pop("credentials")
        return {f"gcp:{key}": value for key, value in found.items()}, {"gcp:credentials": secret}

    def env(self) -> Mapping[str, str]:
        return environment(self.server)

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """An API, called by the customer's administrator."""
        answer = self.world.call(method, path, body, **query)
        assert answer.status_code in (200, 204), f"{method} {path}: {answer.text}"
        return answer.json() if answer.content else {}

    # -- reads
    def read(self, made: Made) -> Reading:
        bucket = self.call("GET", f"b/{made.bucket}")
        policy = self.call("GET", f"b/{made.bucket}/iam", optionsRequestedPolicyVersion=3)
        objects = self.call("GET", f"b/{made.bucket}/o", versions="true").get("items") or []
        key = (bucket.get("encryption") or {}).get("defaultKmsKeyName", "")
        reading = {
            **{name: value for name, value in bucket.items() if name not in NO_KEYS},
            "softDeletePolicy": (bucket.get("softDeletePolicy") or {}).get("retentionDurationSeconds"),
            "grants": grants(policy),
            "objects": sorted(
                (one["name"], one["generation"], one["md5Hash"], one.get("timeDeleted")) for one in objects
            ),
            "has the store's key": key == made.outputs["kmsKeyId"] != "",
        }
        if key:
            found = self.call("GET", key)
            reading |= {
                "key": {k: v for k, v in found.items() if k not in (*NO_KEYS, "labels", "rotationPeriod")},
                "key labels": found.get("labels"),
                "key rotation": found.get("rotationPeriod"),
                "key versions": self.call("GET", f"{key}/cryptoKeyVersions")["cryptoKeyVersions"],
                "key grants": grants(self.call("GET", f"{key}:getIamPolicy")),
            }
        for name, account in made.ids.items():
            if name.startswith("Account "):
                if f"serviceAccount:{account.rsplit('/', 1)[1]}" not in str(reading["grants"]):
                    continue  # another team's
                keys = self.call("GET", f"{account}/keys")["keys"]
                reading |= {"account": self.call("GET", account), "account keys": sorted(one["name"] for one in keys)}
        return reading

    def inventory(self) -> dict[str, str]:
        found = {f"bucket {one['name']}": "" for one in self.call("GET", "b", project=CUSTOMER).get("items") or []}
        for one in self.call("GET", f"projects/{CUSTOMER}/serviceAccounts")["accounts"]:
            found[f"account {one['email']}"] = "disabled" if one.get("disabled") else ""
        for place in PLACES:
            for ring in self.call("GET", f"projects/{CUSTOMER}/locations/{place}/keyRings").get("keyRings") or []:
                found[f"ring {ring['name']}"] = ""
                for key in self.call("GET", f"{ring['name']}/cryptoKeys").get("cryptoKeys") or []:
                    rotation = f", rotated after {key['rotationPeriod']}" if "rotationPeriod" in key else ""
                    found[f"key {key['name']}"] = key["primary"]["state"] + rotation
        return found

    def wandb_reads(self, made: Made, key: str) -> bool:
        told = parse(next(iter(made.outputs["storageAddresses"].values())))
        who = self.server.accounts.wandb_dedicated
        if told.access_key:
            rest = {name: who.key_file[name] for name in ("token_uri", "type")}
            keys = {"client_email": told.access_key, "private_key": told.secret_key, "project_id": CUSTOMER}
            who = Credentials(told.access_key, {**rest, **keys})
        answer = self.world.anonymous().get(self.world.url(who, "GET", made.bucket, key))
        assert answer.status_code in (200, 403), answer.text
        return bool(answer.status_code == 200)

    def address(self, made: Made, path: str) -> str:
        return f"gs://{made.bucket}" + ("" if path == "/" else f"/{path}")

    # -- writes behind Pulumi's back
    def put(self, made: Made, key: str, body: bytes = b"data") -> None:
        self.world.client().bucket(made.bucket).blob(key).upload_from_string(body)

    def empty(self, made: Made) -> None:
        for blob in self.world.client().list_blobs(made.bucket, versions=True):
            blob.delete()

    def foreign(self, made: Made) -> None:
        self.call("PATCH", f"b/{made.bucket}", {"labels": {"cost-centre": "7"}})
        self.world.grant(made.bucket, self.server.accounts.wandb_instance, "roles/storage.objectViewer")

    def drift(self, made: Made) -> None:
        self.call(
            "PATCH",
            f"b/{made.bucket}",
            {
                "cors": [],
                "versioning": {"enabled": False},
                "softDeletePolicy": {"retentionDurationSeconds": "0"},
                "lifecycle": {"rule": []},
                "labels": {"wandb-byob-store": "somebody_elses"},
                "iamConfiguration": {"publicAccessPrevention": "inherited"},
            },
        )
        for path, get, put in (
            (f"b/{made.bucket}/iam", ("GET", ""), ("PUT", "")),
            (made.outputs["kmsKeyId"], ("GET", ":getIamPolicy"), ("POST", ":setIamPolicy")),
        ):
            policy = self.call(get[0], path + get[1])
            policy["bindings"] = [one for one in policy["bindings"] if not {WANDB, AGENT} & set(one["members"])]
            self.call(put[0], path + put[1], policy if put[0] == "PUT" else {"policy": policy})
        mask = {"updateMask": "rotationPeriod,nextRotationTime"}
        later = {"rotationPeriod": "31536000s", "nextRotationTime": "2031-01-01T00:00:00Z"}
        self.call("PATCH", made.outputs["kmsKeyId"], later, **mask)

    def own_key(self, name: str) -> str:
        """A key of the customer's own."""
        ring = self.call("POST", f"projects/{CUSTOMER}/locations/europe-west1/keyRings", {}, keyRingId=f"ring-{name}")
        body = {"purpose": "ENCRYPT_DECRYPT"}
        made: str = self.call("POST", f"{ring['name']}/cryptoKeys", body, cryptoKeyId="own")["name"]
        return made

    def ways(self, purpose: str) -> dict[str, dict[str, Any]]:
        own = {"encryption": "existing_key", "kmsKeyId": self.own_key(purpose), "access": "minimal"}
        return {
            "vision": {**self.team, **self.whole},
            "robotics": {**self.team, **self.whole, "credentialKeys": ["2026-10", "2026-11"]},
            "audio": {**self.team, **own, "principals": [INSTANCE]},
        }

    def by_hand(self, name: str) -> ByHand:
        key = self.own_key(name)
        policy = {"bindings": [{"role": ENCRYPTS, "members": [AGENT]}]}
        self.call("POST", f"{key}:setIamPolicy", {"policy": policy})
        self.call(
            "POST",
            "b",
            {
                "name": name,
                "location": "europe-west1",
                "versioning": {"enabled": True},
                "softDeletePolicy": {"retentionDurationSeconds": "0"},
                "encryption": {"defaultKmsKeyName": key},
                "labels": {"owner": "ml"},
                "cors": [{"origin": ["https://old.example.com"], "method": ["GET"], "maxAgeSeconds": 60}],
            },
            project=CUSTOMER,
        )
        theirs = self.server.accounts.wandb_instance
        self.world.grant(name, theirs, "roles/storage.objectViewer")
        settings = {"bucketName": name, "encryption": "existing_key", "kmsKeyId": key, "labels": {"owner": "ml"}}
        return ByHand(
            settings,
            Made({"bucketName": name, "kmsKeyId": key}, {}),
            {"Bucket": name, "CryptoKeyIAMMember": f"{key} {ENCRYPTS} {AGENT}"},
            {"Bucket vision": "update", admin("vision"): "create"},
            frozenset({"labels", "cors", "softDeletePolicy", "lifecycle", "iamConfiguration", "grants"}),
            {"labels": {"owner": "ml"}, "grants": {"roles/storage.objectViewer": [theirs.member]}},
        )

    def adopting(self, name: str) -> dict[str, Any]:
        return {**self.whole, "bucketName": name, "kmsKeyRingName": f"{name}-ring", "kmsKeyName": f"{name}-key"}

    def import_id(self, kind: str, resource: Mapping[str, Any]) -> str:
        given = resource["inputs"]
        if kind == "BucketIAMMember":
            return f"{given['bucket']} {given['role']} {given['member']}"
        if kind == "CryptoKeyIAMMember":
            return f"{given['cryptoKeyId']} {given['role']} {given['member']}"
        return super().import_id(kind, resource)

    def remainders(self, made: Made) -> dict[str, Remainder]:
        return {
            f"ring {made.ids['KeyRing vision']}": Remainder("", "Cloud KMS deletes no key ring"),
            f"key {made.ids['CryptoKey vision']}": Remainder(
                "DESTROY_SCHEDULED", "Cloud KMS deletes no key; its versions end after the window, and none is added"
            ),
        }
