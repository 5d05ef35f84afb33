"""What may be declared of a store, and what is refused before anything is called."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import certifi
import pytest

from byob_components.errors import ByobError
from byob_components.verify import GcsIdentity, GcsStore
from byob_components.wandb.access import Access

KEY = "projects/acme/locations/europe-west1/keyRings/vision/cryptoKeys/vision"
WHO = "w@acme.iam.gserviceaccount.com"
FILE = {"client_email": WHO, "private_key": "planted\nsecret", "token_uri": "https://oauth2.googleapis.com/token"}


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({"bucket": ""}, ["bucket"]),
        ({"location": ""}, ["location"]),
        ({"path": "vision/"}, ["path"]),
        ({"path": "a//b"}, ["path"]),
        ({"access": "everything"}, ["access"]),
        ({"kms_key_id": "vision"}, ["kms_key_id"]),
        ({"kms_key_id": f"{KEY}/cryptoKeyVersions/1"}, ["kms_key_id"]),
        ({"principals": [f"serviceAccount:{WHO}"]}, ["principals"]),
        ({"principals": ["deploy"]}, ["principals"]),
        ({"endpoint": "storage.example.com"}, ["endpoint"]),
        ({"endpoint": "https://storage.example.com/bucket"}, ["endpoint"]),
        ({"plain_endpoint": "https://storage.example.com"}, ["plain_endpoint"]),
        ({"kms_endpoint": "ftp://kms"}, ["kms_endpoint"]),
        ({"credentials_endpoint": "iam"}, ["credentials_endpoint"]),
        ({"ca_bundle": "/nowhere/ca.pem"}, ["ca_bundle"]),
        ({"noncurrent_days": -1}, ["noncurrent_days"]),
        ({"soft_delete_days": -1}, ["soft_delete_days"]),
        ({"cors_origins": []}, ["cors_origins"]),
        ({"cors_origins": ["wandb.example.com"]}, ["cors_origins"]),
        ({"bucket": "", "location": "", "noncurrent_days": -1}, ["bucket", "location", "noncurrent_days"]),
    ],
)
def test_declarations_that_make_no_sense(changes: dict[str, object], places: list[str]) -> None:
    with pytest.raises(ByobError) as refused:
        GcsStore(**{"bucket": "b", "location": "EU", **changes})  # type: ignore[arg-type]
    assert [fault.where for fault in refused.value.faults] == places
    assert all(fault.allowed for fault in refused.value.faults)
    shared = {"path", "cors_origins"}  # rules that every part of this library has
    assert all(f.code == "BYOB-VERIFY-011" for f in refused.value.faults if f.where not in shared)


def test_the_smallest_declaration_is_a_bucket_as_on_wandbs_page() -> None:
    store = GcsStore("b", "EU")
    assert (store.access, store.cors_origins, store.tls_only, store.signer) == (Access.DOCUMENTED, ("*",), False, False)
    assert (store.path, store.kms_key_id, store.noncurrent_days, store.soft_delete_days) == ("", "", 0, 0)
    assert (store.principals, store.restricted) == ((), False)


def test_text_becomes_the_enum_it_means(tmp_path: Path) -> None:
    shutil.copy(certifi.where(), tmp_path / "ca.pem")
    store = GcsStore(
        "b", "EU", path="/", access="minimal", cors_origins=["https://a.example"], ca_bundle=str(tmp_path / "ca.pem"), principals=[WHO]  # type: ignore[arg-type]
    )  # fmt: skip
    assert store.access is Access.MINIMAL
    assert (store.path, store.cors_origins, store.restricted) == ("", ("https://a.example",), True)
    assert store.subject() == {
        "bucket": "b", "location": "EU", "path": "/", "cloud": "gcp", "endpoint": "", "key": "", "access": "minimal",
        "principals": [WHO], "origins": ["https://a.example"],
    }  # fmt: skip


OUTPUTS: dict[str, Any] = {
    "bucketName": "vision-1234", "region": "europe-west1", "paths": ["vision", "vision2"], "kmsKeyId": KEY,
    "principals": [WHO], "storageAddresses": {"vision": "gs://vision-1234/vision", "vision2": "gs://vision-1234/vision2"},
}  # fmt: skip


def test_a_store_is_taken_from_the_outputs_of_its_stack() -> None:
    store = GcsStore.from_outputs(OUTPUTS, soft_delete_days=7, access="minimal")
    assert (store.bucket, store.location, store.path, store.kms_key_id) == (
        "vision-1234",
        "europe-west1",
        "vision",
        KEY,
    )
    assert (store.principals, store.soft_delete_days, store.access) == ((WHO,), 7, Access.MINIMAL)
    assert GcsStore.from_outputs(OUTPUTS, "vision2").path == "vision2"


def test_the_account_of_a_credential_is_a_principal_of_its_store() -> None:
    address = "gs://k%40acme.iam.gserviceaccount.com:secret@vision-1234"
    store = GcsStore.from_outputs(
        OUTPUTS | {"paths": ["/"], "principals": [], "storageAddresses": {"/": address}, "kmsKeyId": ""}
    )
    assert (store.path, store.principals) == ("", ("k@acme.iam.gserviceaccount.com",))
    assert "secret" not in str(store)


def test_an_identity_is_taken_from_a_key_file(tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text(json.dumps(FILE))
    who = GcsIdentity.from_key_file("me", tmp_path / "key.json")
    assert (who.name, who.email, who.login, who.key_file) == ("me", WHO, WHO, FILE)
    assert set(who.secrets()) == {"planted\nsecret", "planted\\nsecret", ""}


@pytest.mark.parametrize(
    ("credentials", "email", "found"),
    [
        (SimpleNamespace(service_account_email=WHO), "", WHO),
        (SimpleNamespace(service_account_email="default", signer_email=WHO), "", WHO),
        (SimpleNamespace(account="me@acme.example"), "", "me@acme.example"),
        (SimpleNamespace(service_account_email=WHO), "other@acme.example", "other@acme.example"),
    ],
)
def test_an_identity_is_taken_from_credentials(credentials: Any, email: str, found: str) -> None:
    who = GcsIdentity.from_credentials("me", credentials, email)
    assert (who.email, who.credentials, dict(who.key_file)) == (found, credentials, {})


def test_the_token_of_credentials_is_a_secret() -> None:
    assert "ya29.planted" in set(GcsIdentity("me", WHO, {}, SimpleNamespace(token="ya29.planted")).secrets())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("me", WHO), "holds no credentials, or two of them"),
        (("me", WHO, FILE, object()), "holds no credentials, or two of them"),
        (("me", "me", FILE), "names nobody"),
        (("me", WHO, {"type": "authorized_user", "refresh_token": "planted"}), "holds no service account's key"),
    ],
)
def test_an_identity_that_cannot_act_is_refused(arguments: tuple[Any, ...], said: str) -> None:
    with pytest.raises(ByobError, match=said) as refused:
        GcsIdentity(*arguments)
    assert [fault.code for fault in refused.value.faults] == ["BYOB-VERIFY-010"]
    assert "planted" not in str(refused.value)


def test_credentials_that_do_not_say_whose_they_are_are_refused() -> None:
    with pytest.raises(ByobError, match="BYOB-VERIFY-010 identity: 'me' names nobody"):
        GcsIdentity.from_credentials("me", SimpleNamespace(service_account_email="default"))


@pytest.mark.parametrize("content", ["{", None])
def test_a_file_that_is_no_key_file_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "key.json").write_text(content)
    with pytest.raises(ByobError, match="BYOB-VERIFY-010 key_file"):
        GcsIdentity.from_key_file("me", tmp_path / "key.json")


def test_keys_are_never_shown() -> None:
    shown = repr(GcsIdentity("me", WHO, FILE))
    assert shown == f"GcsIdentity(name='me', email='{WHO}')"
