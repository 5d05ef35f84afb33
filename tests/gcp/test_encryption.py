"""Every combination of encryption, key and component, settled before anything is registered; and Google's right on a key."""

import itertools
from typing import Any

import pulumi
import pytest

from byob_components import gcp
from byob_components.store import ByobRunError
from tests.mocks.gcp import GcpMocks, record
from tests.mocks.monitor import run

KEY = "projects/acme-keys/locations/europe-west4/keyRings/storage/cryptoKeys/wandb"
OWN = "projects/acme-storage/locations/europe-west4/keyRings/vision-a1b2c3d/cryptoKeys/vision-a1b2c3d"
AGENT = "service-111122223333@gs-project-accounts.iam.gserviceaccount.com"
NODE = "acme-node@wandb-production.iam.gserviceaccount.com"
STORE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "location": "europe-west4", "principals": [NODE]}
KEY_KINDS = {"GcpKey", "KeyRing", "CryptoKey", "CryptoKeyIAMMember"}

# (encryption, key given) -> code of the fault, or (key of the bucket, kms_key_id, kinds of key resources)
STORES: dict[tuple[str | None, bool], Any] = {
    (None, False): (None, "", set()),
    (None, True): "BYOB-GCP-010",
    ("new_key", False): (OWN, OWN, KEY_KINDS),
    ("new_key", True): "BYOB-GCP-010",
    ("existing_key", False): "BYOB-GCP-008",
    ("existing_key", True): (KEY, KEY, {"CryptoKeyIAMMember"}),
    ("provider_managed", False): (None, "", set()),
    ("provider_managed", True): "BYOB-GCP-010",
}
BUCKETS: dict[tuple[str | None, bool], Any] = {
    (None, False): (None, None, set()),
    (None, True): "BYOB-GCP-010",
    ("new_key", False): "BYOB-GCP-008",
    ("new_key", True): (KEY, None, set()),
    ("existing_key", False): "BYOB-GCP-008",
    ("existing_key", True): (KEY, None, set()),
    ("provider_managed", False): (None, None, set()),
    ("provider_managed", True): "BYOB-GCP-010",
}
COMPONENTS: dict[str, tuple[type[pulumi.ComponentResource], dict[str, Any], dict[tuple[str | None, bool], Any]]] = {
    "GcpByob": (gcp.GcpByob, STORE, STORES),
    "GcpBucket": (gcp.GcpBucket, {"location": "europe-west4", "principals": [NODE]}, BUCKETS),
}
CASES = [(name, *case) for name, (*_, table) in COMPONENTS.items() for case in table]


def arguments(name: str, encryption: str | None, with_key: bool, key: Any = KEY) -> dict[str, Any]:
    chosen = {} if encryption is None else {"encryption": encryption}
    return {**COMPONENTS[name][1], **chosen, **({"kms_key_id": key} if with_key else {})}


def test_no_combination_is_without_a_row() -> None:
    wanted = set(itertools.product([None, "new_key", "existing_key", "provider_managed"], [False, True]))
    assert set(STORES) == set(BUCKETS) == wanted


@pytest.mark.parametrize(("name", "encryption", "with_key"), CASES)
def test_a_combination_is_carried_out_or_refused(name: str, encryption: str | None, with_key: bool) -> None:
    cls, _, table = COMPONENTS[name]
    wanted = table[encryption, with_key]
    if isinstance(wanted, str):
        with pytest.raises(ByobRunError) as refused:
            record(cls, arguments(name, encryption, with_key))
        assert [fault.code for fault in refused.value.faults] == [wanted]
        return
    bucket_key, output, kinds = wanted
    seen = record(cls, arguments(name, encryption, with_key))
    assert seen.one("Bucket").inputs.get("encryption") == (bucket_key and {"defaultKmsKeyName": bucket_key})
    assert {r.kind for r in seen.resources} & KEY_KINDS == kinds
    if output is not None:
        assert seen.value("kms_key_id") == output


@pytest.mark.parametrize(("name", "encryption", "with_key"), [case for case in CASES if case[2]])
def test_a_key_that_is_not_known_yet_is_judged_the_same(name: str, encryption: str | None, with_key: bool) -> None:
    cls, _, table = COMPONENTS[name]

    def program() -> None:
        cls("vision", arguments(name, encryption, with_key, pulumi.Output.from_input(KEY)))  # type: ignore[arg-type, call-arg]

    if isinstance(table[encryption, with_key], str):
        with pytest.raises(ByobRunError, match=table[encryption, with_key]):
            run(program, GcpMocks())
    else:
        run(program, GcpMocks())


@pytest.mark.parametrize("encryption", ["existing_key", "provider_managed"])
@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("kms_key_ring_name", "wandb"),
        ("kms_key_name", "vision"),
        ("kms_deletion_window_days", 30),
        ("kms_rotation_days", 90),
    ],
)
def test_arguments_of_a_new_key_are_refused_without_one(encryption: str, argument: str, value: Any) -> None:
    given = arguments("GcpByob", encryption, encryption == "existing_key")
    with pytest.raises(ByobRunError) as refused:
        record(gcp.GcpByob, {**given, argument: value})
    assert [(fault.code, fault.where) for fault in refused.value.faults] == [("BYOB-GCP-009", argument)]


def test_google_may_use_an_existing_key_before_the_bucket_is_there_and_keeps_the_right() -> None:
    """Other buckets share the one member, and objects that were written with the key need it."""
    seen = record(gcp.GcpByob, arguments("GcpByob", "existing_key", True))
    right = seen.one("CryptoKeyIAMMember")
    assert right.inputs == {
        "cryptoKeyId": KEY,
        "role": "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        "member": f"serviceAccount:{AGENT}",
    }
    assert (right.protect, right.retain_on_delete, right.deleted_with) == (False, True, "")
    assert right.key in seen.one("GcpBucket").dependencies


def test_wandb_gets_no_right_on_the_key() -> None:
    for encryption, with_key in (("new_key", False), ("existing_key", True)):
        seen = record(gcp.GcpByob, arguments("GcpByob", encryption, with_key))
        assert [r.inputs["member"] for r in seen.resources if r.kind == "CryptoKeyIAMMember"] == [
            f"serviceAccount:{AGENT}"
        ]


def test_a_key_alone() -> None:
    seen = record(gcp.GcpKey, {"location": "EU"})
    assert seen.value("kms_key_id") == OWN.replace("europe-west4", "europe")
    assert seen.one("GcpKey").outputs == {"kmsKeyId": OWN.replace("europe-west4", "europe")}
    assert {r.kind: r.protect for r in seen.resources if r.custom and r.type.startswith("gcp:")} == {
        "KeyRing": True,
        "CryptoKey": True,
        "CryptoKeyIAMMember": False,
    }
