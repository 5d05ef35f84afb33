"""The stand-in provider's resource types through their whole life on the local Google Cloud, and what is special about them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.sandbox.providers.caller import UNKNOWN, Caller, Refusal, Thing, changed, secret
from tests.sandbox_gcp.conftest import World

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("gcp")]

PROJECT = "projects/byob-customer"
RINGS = f"{PROJECT}/locations/europe-west1/keyRings"
AGENT = "serviceAccount:service-111122223333@gs-project-accounts.iam.gserviceaccount.com"
USE = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
WANDB = "serviceAccount:deploy@wandb-production.iam.gserviceaccount.com"
ATTRIBUTION = {"goog-pulumi-provisioned": "true"}

BUCKET = "gcp:storage/bucket:Bucket"
BUCKET_MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember"
RING, KEY = "gcp:kms/keyRing:KeyRing", "gcp:kms/cryptoKey:CryptoKey"
KEY_MEMBER = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
ACCOUNT, ACCOUNT_KEY = "gcp:serviceaccount/account:Account", "gcp:serviceaccount/key:Key"
ACCOUNT_MEMBER = "gcp:serviceaccount/iAMMember:IAMMember"


@dataclass
class Life:
    """One type: what is asked for, then changed, and what must be seen in the cloud."""

    token: str
    inputs: Callable[[World], dict[str, Any]]
    change: dict[str, Any]
    look: Callable[[World, Thing], Any]
    before: Any
    after: Any
    gone: Any
    import_id: Callable[[Thing], str] = lambda thing: thing.id
    imported: dict[str, Any] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()


def ring(world: World, name: str) -> str:
    made: str = world.call("POST", RINGS, {}, keyRingId=name).json()["name"]
    return made


def key(world: World, name: str) -> str:
    made: str = world.call("POST", f"{ring(world, name)}/cryptoKeys", {"purpose": "ENCRYPT_DECRYPT"}, cryptoKeyId="k").json()["name"]  # fmt: skip
    return made


def account(world: World, id: str) -> str:
    made: str = world.call("POST", f"{PROJECT}/serviceAccounts", {"accountId": id}).json()["name"]
    return made


def members(policy: dict[str, Any], role: str) -> list[str]:
    return [m for b in policy["bindings"] if b["role"] == role for m in b["members"]]


def settings(world: World, thing: Thing) -> Any:
    found = world.call("GET", f"b/{thing.id}")
    if found.status_code != 200:
        return found.status_code
    body = found.json()
    return (body.get("versioning"), body.get("cors"), body.get("lifecycle"), body["softDeletePolicy"]["retentionDurationSeconds"],
            body["iamConfiguration"]["publicAccessPrevention"], body.get("labels"), body.get("logging"))  # fmt: skip


LIVES = {
    "bucket": Life(
        BUCKET,
        lambda w: {
            "name": "life-bucket", "location": "europe-west1", "uniformBucketLevelAccess": True, "publicAccessPrevention": "enforced",
            "softDeletePolicy": {"retentionDurationSeconds": 604800}, "versioning": {"enabled": True}, "labels": {"team": "vision"},
            "cors": [{"origins": ["*"], "methods": ["GET", "PUT"], "responseHeaders": ["*"], "maxAgeSeconds": 3000}],
            "lifecycleRules": [{"action": {"type": "Delete"}, "condition": {"daysSinceNoncurrentTime": 30, "withState": "ARCHIVED"}}],
        },
        {
            "softDeletePolicy": {"retentionDurationSeconds": 864000}, "versioning": {"enabled": False}, "labels": {"group": "vision"}, "cors": [],
            "lifecycleRules": [{"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 7}}], "logging": {"logBucket": "logs-of-all"},
        },
        settings,
        (
            {"enabled": True}, [{"origin": ["*"], "method": ["GET", "PUT"], "responseHeader": ["*"], "maxAgeSeconds": 3000}],
            {"rule": [{"action": {"type": "Delete"}, "condition": {"daysSinceNoncurrentTime": 30, "isLive": False}}]}, "604800", "enforced",
            {"team": "vision", **ATTRIBUTION}, None,
        ),
        (
            {"enabled": False}, None, {"rule": [{"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 7}}]}, "864000", "enforced",
            {"group": "vision", **ATTRIBUTION}, {"logBucket": "logs-of-all", "logObjectPrefix": "life-bucket"},
        ),
        404,
        imported={"forceDestroy": False, "location": "EUROPE-WEST1", "logging": {"logBucket": "logs-of-all", "logObjectPrefix": "life-bucket"}},
        unreadable=("cors",),
    ),
    "bucket member": Life(
        BUCKET_MEMBER,
        lambda w: {"bucket": w.bucket(), "role": "roles/storage.admin", "member": WANDB},
        {},
        lambda w, t: members(w.call("GET", f"b/{t.id.split('/')[1]}/iam").json(), "roles/storage.admin"),
        [WANDB],
        [WANDB],
        [],
        import_id=lambda t: f"{t.id.split('/')[1]} roles/storage.admin {WANDB}",
    ),
    "key ring": Life(
        RING,
        lambda w: {"name": "life-ring", "location": "europe-west1"},
        {},
        lambda w, t: w.call("GET", t.id).status_code,
        200,
        200,
        200,
    ),
    "key": Life(
        KEY,
        lambda w: {"name": "k", "keyRing": ring(w, "life-key"), "rotationPeriod": "7776000s", "destroyScheduledDuration": "2592000s", "labels": {"team": "vision"}},
        {"rotationPeriod": "8640000s", "labels": {"team": "robotics"}},
        lambda w, t: (w.call("GET", t.id).json().get("rotationPeriod"), w.call("GET", t.id).json()["labels"], w.call("GET", t.id).json()["primary"]["state"]),
        ("7776000s", {"team": "vision", **ATTRIBUTION}, "ENABLED"),
        ("8640000s", {"team": "robotics", **ATTRIBUTION}, "ENABLED"),
        (None, {"team": "robotics", **ATTRIBUTION}, "DESTROY_SCHEDULED"),
        imported={"versionTemplate": {"algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION", "protectionLevel": "SOFTWARE"}},
    ),
    "key member": Life(
        KEY_MEMBER,
        lambda w: {"cryptoKeyId": key(w, "life-key-member"), "role": USE, "member": AGENT},
        {},
        lambda w, t: members(w.call("GET", f"{RINGS}/life-key-member/cryptoKeys/k:getIamPolicy").json(), USE),
        [AGENT],
        [AGENT],
        [],
        import_id=lambda t: f"{RINGS}/life-key-member/cryptoKeys/k {USE} {AGENT}",
    ),
    "account": Life(
        ACCOUNT,
        lambda w: {"accountId": "life-account", "displayName": "one"},
        {"displayName": "two", "description": "why", "disabled": True},
        lambda w, t: [w.call("GET", t.id).json().get(k) for k in ("displayName", "description", "disabled")],
        ["one", "", None],
        ["two", "why", True],
        [None, None, None],
    ),
    "account key": Life(
        ACCOUNT_KEY,
        lambda w: {"serviceAccountId": account(w, "life-account-key")},
        {},
        lambda w, t: [k["name"] == t.id for k in w.call("GET", f"{t.id.rsplit('/', 1)[0]}").json()["keys"]],
        [True],
        [True],
        [],
    ),
    "account member": Life(
        ACCOUNT_MEMBER,
        lambda w: {"serviceAccountId": account(w, "life-account-member"), "role": "roles/iam.serviceAccountTokenCreator", "member": WANDB},
        {},
        lambda w, t: members(w.call("POST", f"{PROJECT}/serviceAccounts/life-account-member@byob-customer.iam.gserviceaccount.com:getIamPolicy", {}).json(), "roles/iam.serviceAccountTokenCreator"),
        [WANDB],
        [WANDB],
        [],
        import_id=lambda t: f"{PROJECT}/serviceAccounts/life-account-member@byob-customer.iam.gserviceaccount.com roles/iam.serviceAccountTokenCreator {WANDB}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LIVES)
def test_life(world: World, caller: Caller, name: str) -> None:
    life = LIVES[name]
    first = life.inputs(world)
    thing = caller.create(life.token, "thing", first)
    assert life.look(world, thing) == life.before
    again = caller.read(thing)
    assert again is not None
    assert again.inputs == thing.inputs, "a refresh of what was just made changes nothing"
    assert changed(caller.diff(thing, first)) == {}

    second = {**first, **life.change}
    labels = {"pulumiLabels"} if "labels" in life.change else set()
    assert set(changed(caller.diff(thing, second))) == set(life.change) | labels
    thing = caller.update(thing, second)
    assert life.look(world, thing) == life.after
    assert changed(caller.diff(thing, second)) == {}

    found = caller.imported(life.token, life.import_id(thing))
    assert found is not None
    want = {k: v for k, v in {**second, **life.imported}.items() if k not in life.unreadable}
    assert {k: v for k, v in found.inputs.items() if k in want} == want
    assert changed(caller.diff(found, second)) == {}

    caller.delete(thing)
    assert life.look(world, thing) == life.gone
    caller.delete(thing)  # what is gone already is no failure


def test_a_bucket_has_a_name_of_the_engines_making(caller: Caller) -> None:
    planned = caller.preview(BUCKET, "Store", {"location": "US"})
    assert planned["name"].startswith("store-")
    assert (planned["storageClass"], planned["url"], planned["project"]) == ("STANDARD", UNKNOWN, "byob-customer")
    assert planned["publicAccessPrevention"] == UNKNOWN, "what the cloud decides is not known yet"


@pytest.mark.parametrize(
    ("token", "inputs", "property", "reason"),
    [
        (BUCKET, {}, "location", "is required"),
        (BUCKET, {"location": "US", "versionning": {"enabled": True}}, "versionning", "no such property; did you mean 'versioning'?"),
        (BUCKET, {"location": "US", "retentionPolicy": {"retentionPeriod": "60"}}, "retentionPolicy", "a real property, but not carried out by this stand-in"),
        (BUCKET, {"location": "US", "requesterPays": True}, "requesterPays", "a real property, but not carried out by this stand-in"),
        (BUCKET, {"location": "US", "cors": [{"exposeHeaders": ["ETag"]}]}, "cors[0].exposeHeaders", "no such property; did you mean 'responseHeaders'?"),
        (BUCKET, {"location": "US", "softDeletePolicy": {"retentionDurationSeconds": "a week"}}, "softDeletePolicy.retentionDurationSeconds", "must be of type integer, not string"),
        (BUCKET, {"location": "US", "publicAccessPrevention": "on"}, "publicAccessPrevention", "must be one of inherited, enforced"),
        (BUCKET, {"location": "US", "deletionPolicy": "KEEP"}, "deletionPolicy", "must be one of DELETE, ABANDON, PREVENT"),
        (BUCKET_MEMBER, {"bucket": "b", "role": "r", "member": "deploy@x"}, "member", "must be of the form {type}:{principal}, such as serviceAccount:name@project.iam.gserviceaccount.com"),
        (KEY, {"keyRing": "r", "rotationPeriod": "90d"}, "rotationPeriod", "must be a number of seconds with the letter s behind it, such as 7776000s"),
        (KEY, {"keyRing": "r", "rotationPeriod": "3600s"}, "rotationPeriod", "must be at least 86400s, one day"),
        (ACCOUNT, {"accountId": "a"}, "accountId", "must have 6 to 30 characters: lower-case letters, digits and hyphens, beginning with a letter"),
    ],
)  # fmt: skip
def test_check(caller: Caller, token: str, inputs: dict[str, Any], property: str, reason: str) -> None:
    _, failures = caller.check(token, "x", inputs)
    assert failures.get(property) == reason


def test_unknown_settings_are_no_failure(caller: Caller) -> None:
    inputs = {"location": UNKNOWN, "cors": [{"origins": UNKNOWN}], "labels": UNKNOWN, "encryption": {"defaultKmsKeyName": UNKNOWN}, "softDeletePolicy": UNKNOWN}  # fmt: skip
    assert caller.check(BUCKET, "x", inputs)[1] == {}
    assert caller.preview(BUCKET, "x", {**inputs, "name": "x-bucket"})["location"] == UNKNOWN


@pytest.mark.parametrize(
    ("change", "replaced"),
    [
        ({"location": "EUROPE-WEST1"}, {}),
        ({"location": "US"}, {"location": "UPDATE_REPLACE"}),
        ({"name": "another-name"}, {"name": "UPDATE_REPLACE"}),
        ({"storageClass": "NEARLINE"}, {"storageClass": "UPDATE"}),
        ({"forceDestroy": True}, {"forceDestroy": "UPDATE"}),
        ({"project": "somebody-else"}, {"project": "UPDATE_REPLACE"}),
    ],
)
def test_what_replaces_a_bucket(caller: Caller, change: dict[str, Any], replaced: dict[str, str]) -> None:
    inputs = {"name": "replaced-bucket", "location": "europe-west1", "storageClass": "STANDARD", "forceDestroy": False}
    thing = Thing(BUCKET, "r", "replaced-bucket", inputs, {**inputs, "project": "byob-customer"})
    assert changed(caller.diff(thing, {**inputs, **change})) == replaced


def test_a_full_bucket_stays_unless_it_is_forced(world: World, caller: Caller) -> None:
    inputs = {
        "name": "full-bucket",
        "location": "US",
        "versioning": {"enabled": True},
        "uniformBucketLevelAccess": True,
    }
    made = caller.create(BUCKET, "full", inputs)
    blob = world.client().bucket("full-bucket").blob("kept")
    blob.upload_from_string("1")
    blob.upload_from_string("2")
    with pytest.raises(Refusal, match="Error trying to delete bucket full-bucket containing objects without `force_destroy` set to true"):  # fmt: skip
        caller.delete(made)
    assert blob.download_as_text() == "2"
    caller.delete(caller.update(made, {**inputs, "forceDestroy": True}))
    assert world.call("GET", "b/full-bucket").status_code == 404


@pytest.mark.parametrize(("policy", "there"), [("ABANDON", 200), ("PREVENT", 200), ("DELETE", 404)])
def test_deletion_policies(world: World, caller: Caller, policy: str, there: int) -> None:
    name = f"policy-{policy.lower()}"
    made = caller.create(BUCKET, "p", {"name": name, "location": "US", "deletionPolicy": policy})
    if policy == "PREVENT":
        with pytest.raises(Refusal, match="cannot destroy it without setting deletionPolicy"):
            caller.delete(made)
    else:
        caller.delete(made)
    assert world.call("GET", f"b/{name}").status_code == there


def test_a_member_is_added_to_what_is_there_and_only_it_is_taken_off(world: World, caller: Caller) -> None:
    bucket, other = world.bucket(), world.accounts.wandb_instance.member
    world.grant(bucket, world.accounts.wandb_instance, "roles/storage.objectUser")
    before = world.call("GET", f"b/{bucket}/iam").json()["bindings"]
    path = {"title": "vision", "expression": f"resource.name.startsWith('projects/_/buckets/{bucket}/objects/vision/')"}
    inputs = {"bucket": bucket, "role": "roles/storage.objectUser", "member": WANDB}
    plain = caller.create(BUCKET_MEMBER, "plain", inputs)
    scoped = caller.create(BUCKET_MEMBER, "scoped", {**inputs, "condition": path})
    assert plain.id == f"b/{bucket}/roles/storage.objectUser/{WANDB}"
    assert scoped.id == f"b/{bucket}/roles/storage.objectUser/{WANDB}/vision"
    bindings = world.call("GET", f"b/{bucket}/iam", optionsRequestedPolicyVersion=3).json()["bindings"]
    mine = [b for b in bindings if b["role"] == "roles/storage.objectUser"]
    assert mine == [
        {"role": "roles/storage.objectUser", "members": [other, WANDB]},
        {"role": "roles/storage.objectUser", "members": [WANDB], "condition": path},
    ]
    assert changed(caller.diff(scoped, {**inputs, "condition": {**path, "title": "t"}})) == {
        "condition": "UPDATE_REPLACE"
    }
    assert changed(caller.diff(plain, {**inputs, "bucket": f"b/{bucket}"})) == {}
    found = caller.imported(BUCKET_MEMBER, f"b/{bucket} roles/storage.objectUser {WANDB} vision")
    assert found is not None
    assert found.inputs["condition"] == path
    caller.delete(scoped)
    assert caller.read(scoped) is None
    assert caller.read(plain) is not None
    caller.delete(plain)
    assert world.call("GET", f"b/{bucket}/iam").json()["bindings"] == before


def test_many_members_at_a_time_lose_nobody(world: World, caller: Caller) -> None:
    from concurrent.futures import ThreadPoolExecutor

    bucket = world.bucket()
    roles = [f"roles/storage.{r}" for r in ("admin", "objectUser", "objectAdmin", "objectViewer", "objectCreator")]

    def add(role: str) -> Thing:
        return caller.create(BUCKET_MEMBER, role, {"bucket": bucket, "role": role, "member": WANDB})

    def by_hand(number: int) -> None:
        """Somebody else's writer, which reads and writes without our lock."""
        for _ in range(20):
            policy = world.call("GET", f"b/{bucket}/iam").json()
            who = (world.accounts.wandb_instance, world.accounts.stranger, world.accounts.server)[number].member
            policy["bindings"].append({"role": "roles/storage.bucketViewer", "members": [who]})
            if world.call("PUT", f"b/{bucket}/iam", policy).status_code == 200:
                return

    with ThreadPoolExecutor(8) as pool:
        done = [*pool.map(add, roles), *pool.map(by_hand, range(3))]
    assert len(done) == 8
    bindings = world.call("GET", f"b/{bucket}/iam").json()["bindings"]
    assert {b["role"] for b in bindings if WANDB in b["members"]} == set(roles)
    assert len([b for b in bindings if b["role"] == "roles/storage.bucketViewer"]) == 3


def test_an_accounts_key_is_secret_told_once_and_works(world: World, caller: Caller) -> None:
    name = account(world, "key-from-pulumi")
    made = caller.create(ACCOUNT_KEY, "k", {"serviceAccountId": name})
    value = made.outputs["privateKey"]["value"]
    assert made.outputs["privateKey"] == secret(value)
    file = json.loads(base64.b64decode(value))
    assert (file["client_email"], file["token_uri"]) == ("key-from-pulumi@byob-customer.iam.gserviceaccount.com", f"{world.server.apis}/token")  # fmt: skip
    assert base64.b64decode(made.outputs["publicKey"]).startswith(b"-----BEGIN PUBLIC KEY-----")
    found = caller.read(made)
    assert found is not None
    assert found.outputs["privateKey"] == secret(value), "a refresh keeps what cannot be read again"


def test_a_bucket_with_a_key_and_the_order_that_it_needs(world: World, caller: Caller) -> None:
    name = key(world, "provider-cmek")
    inputs = {"name": "cmek-bucket", "location": "europe-west1", "encryption": {"defaultKmsKeyName": name}}
    with pytest.raises(
        Refusal, match=r"creating Storage Bucket \(b\): googleapi: Error 403: Permission denied on Cloud KMS key"
    ):
        caller.create(BUCKET, "b", inputs)
    caller.create(KEY_MEMBER, "use", {"cryptoKeyId": name, "role": USE, "member": AGENT})
    made = caller.create(BUCKET, "b", inputs)
    without = {k: v for k, v in inputs.items() if k != "encryption"}
    assert changed(caller.diff(made, without)) == {"encryption": "DELETE"}
    assert "encryption" not in caller.update(made, without).outputs
    assert "encryption" not in world.call("GET", "b/cmek-bucket").json()


def test_drift_is_seen_and_foreign_labels_are_left_alone(world: World, caller: Caller) -> None:
    inputs = {"name": "drifted-bucket", "location": "US", "labels": {"team": "vision"}, "versioning": {"enabled": True}}
    made = caller.create(BUCKET, "d", inputs)
    world.call("PATCH", "b/drifted-bucket", {"versioning": {"enabled": False}, "labels": {"cost": "7"}})
    found = caller.read(made)
    assert found is not None
    assert found.inputs["versioning"] == {"enabled": False}
    assert found.inputs["labels"] == {"team": "vision"}
    assert found.outputs["effectiveLabels"] == secret({"team": "vision", "cost": "7", **ATTRIBUTION})
    assert changed(caller.diff(found, inputs)) == {"versioning": "UPDATE"}
    caller.update(found, inputs)
    body = world.call("GET", "b/drifted-bucket").json()
    assert (body["versioning"], body["labels"]) == ({"enabled": True}, {"team": "vision", "cost": "7", **ATTRIBUTION})
    world.call("DELETE", "b/drifted-bucket")
    assert caller.read(found) is None


def test_functions(caller: Caller) -> None:
    found = caller.invoke("gcp:storage/getProjectServiceAccount:getProjectServiceAccount", {})
    assert (found["member"], found["project"]) == (AGENT, "byob-customer")
    assert caller.invoke("gcp:organizations/getProject:getProject", {})["number"] == "111122223333"
    client = caller.invoke("gcp:organizations/getClientConfig:getClientConfig", {})
    assert (client["project"], client["region"]) == ("byob-customer", "europe-west1")
    with pytest.raises(Refusal, match="googleapi: Error 403: Permission denied on resource project other-project"):
        caller.invoke("gcp:organizations/getProject:getProject", {"projectId": "other-project"})
