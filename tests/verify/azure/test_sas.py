"""Signatures: those that Microsoft's own library makes for the same thing, and what a signature must not show."""

import base64
import datetime
from types import SimpleNamespace
from urllib.parse import parse_qs

import azure.storage.blob._shared.shared_access_signature as theirs_of
import azure.storage.blob._shared_access_signature as theirs_of_blobs
import pytest

from byob_components.verify.azure.sas import DelegationKey, Signer, encode_name

KEY = base64.b64encode(b"k" * 64).decode()
START, END = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC), datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC)
NEWEST = theirs_of_blobs.X_MS_VERSION
DELEGATED = DelegationKey("oid", "tid", "2026-11-23T22:00:00Z", "2026-11-25T02:00:00Z", "b", "2026-04-06", KEY)


@pytest.mark.parametrize("blob", ["", "plain.txt", "a b/100%+ü&=?#.txt"])
@pytest.mark.parametrize("protocol", ["https", "https,http"])
def test_microsofts_library_signs_alike_with_the_accounts_key(blob: str, protocol: str) -> None:
    ours = Signer("acme", KEY).sign(
        "wandb", blob, permissions="r", start=START, expiry=END, protocol=protocol, version=NEWEST
    )
    made = theirs_of_blobs.BlobSharedAccessSignature("acme", KEY)
    how = {"permission": "r", "start": START, "expiry": END, "protocol": protocol}
    theirs = made.generate_blob("wandb", blob, **how) if blob else made.generate_container("wandb", **how)
    assert parse_qs(ours) == parse_qs(theirs)


@pytest.mark.parametrize("correlation", ["", "00000000-1111-2222-3333-444444444444"])
def test_microsofts_library_signs_alike_by_user_delegation(monkeypatch: pytest.MonkeyPatch, correlation: str) -> None:
    # The library writes its newest version only, in whose text stand four more empty lines than in ours.
    ours = Signer("acme", DELEGATED).sign(
        "wandb", "a b.txt", permissions="cw", start=START, expiry=END, correlation=correlation, version="2022-11-02"
    )
    monkeypatch.setattr(theirs_of_blobs, "X_MS_VERSION", "2022-11-02")
    signed: list[str] = []

    def older(key: str, text: str) -> str:
        lines = text.split("\n")
        assert (lines[13:15], lines[20:22]) == (["", ""], ["", ""])
        older = [*lines[:13], *lines[15:20], *lines[22:]]
        signed.append("\n".join(older))
        return theirs_of.sign_string(key, signed[0])

    monkeypatch.setattr(theirs_of_blobs, "sign_string", older)
    key = SimpleNamespace(
        signed_oid="oid", signed_tid="tid", signed_start=DELEGATED.start, signed_expiry=DELEGATED.expiry, signed_service="b",
        signed_version="2026-04-06", signed_delegated_user_tid=None, value=KEY,
    )  # fmt: skip
    made = theirs_of_blobs.BlobSharedAccessSignature("acme", user_delegation_key=key)
    theirs = made.generate_blob(
        "wandb",
        "a b.txt",
        permission="cw",
        start=START,
        expiry=END,
        protocol="https",
        correlation_id=correlation or None,
    )
    assert parse_qs(ours) == parse_qs(theirs)


def test_the_whole_of_a_signature() -> None:
    signed = Signer("acme", KEY).sign("wandb", "a.txt", permissions="r", start=START, expiry=END)
    assert signed.rpartition("&sig=")[0] == (
        "sp=r&st=2026-11-24T00%3A00%3A00Z&se=2026-11-25T00%3A00%3A00Z&spr=https&sv=2022-11-02&sr=b"
    )


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("plain/path.txt", "plain/path.txt"),
        ("100% a+b", "100%25%20a%2Bb"),
        ("q?x=1&y#z", "q%3Fx%3D1%26y%23z"),
        ("ü~", "%C3%BC~"),
    ],
)
def test_names_are_encoded_once(name: str, written: str) -> None:
    assert encode_name(name) == written


def test_a_signer_does_not_show_its_keys() -> None:
    assert repr(Signer("acme", KEY)) == "Signer(account='acme')"
    assert KEY not in repr(DELEGATED)
