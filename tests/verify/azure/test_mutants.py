"""A good store is green; a store that is broken in one place fails in exactly the checks that look there."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from byob_components.verify import State, verify_azure
from byob_components.verify.azure import cors, encryption, lifecycle, roles, settings
from tests.verify.azure.stores import OTHER_INSTANCE, OTHER_KEY, STRANGER, MakeStore, Store, only, rule

pytestmark = pytest.mark.server

NOBODY_ELSE = {"V19", f"V19:{STRANGER}", f"V19:{OTHER_INSTANCE}", f"V19:{OTHER_KEY}"}
WITHOUT_BROWSER = {"V16:browser", "V17:browser"}
ALL = {f"V{number:02}" for number in (*range(1, 20), 21, 22, 27)} | NOBODY_ELSE
ALL |= {"V14:soft-delete", "V22:roles", "V23:delegation", "V23:shared-key"}
DATA = {"V08", "V09", "V10", "V11", "V12", "V13", "V14", "V15"}
SIGNED = {"V10", "V11", "V12", "V13"}
VISION = {"prefixMatch": ["wandb/vision/"]}


@pytest.mark.parametrize(
    ("how", "skipped"),
    [
        ({}, {"V17", "V22"}),
        ({"mode": "team_connector"}, {"V17", "V22"}),
        ({"mode": "access_key"}, {"V17", "V22", "V22:roles", "V23:delegation"}),
        ({"minimal": True}, set()),
        ({"customer_key": True}, {"V17", "V22"}),
    ],
)
def test_a_good_store_is_green(make_store: MakeStore, how: dict[str, object], skipped: set[str]) -> None:
    store = make_store(**how)
    report = verify_azure(store.store, store.cast)
    assert set(report.ids(State.SKIP)) == skipped | WITHOUT_BROWSER, report.to_text()
    assert set(report.ids(State.PASS)) == ALL - skipped
    assert report.ok
    assert store.contents() == []


def test_the_root_of_a_container_can_be_the_path(make_store: MakeStore) -> None:
    store = make_store()
    report = verify_azure(replace(store.store, path="/"), store.cast)
    assert (report.ok, report.ids(State.WARN), store.contents()) == (True, [], [])


def _declare(**changes: object) -> Callable[[Store], None]:
    def change(store: Store) -> None:
        store.store = replace(store.store, **changes)

    return change


def _without(*roles: str) -> Callable[[Store], None]:
    return lambda store: store.revoke(*roles)


def _as_well(role: str, who: str = "wandb_console") -> Callable[[Store], None]:
    return lambda s: s.grant(role, who=getattr(s.azure.cloud.accounts, who).object_id)


def _reader_only(store: Store) -> None:
    store.revoke("Storage Blob Data Contributor")
    store.grant("Storage Blob Data Reader")


def _public_container(store: Store) -> None:
    store.account(allowBlobPublicAccess=True)
    store.azure.call("PUT", store.container_id, {"properties": {"publicAccess": "Container"}})


def _soft_delete(**policy: object) -> Callable[[Store], None]:
    return lambda store: store.service(deleteRetentionPolicy=policy)


def _owner_cannot_delete_versions(store: Store) -> None:
    """An owner with the data role that W&B has, as an organization may keep its people."""
    accounts = store.azure.cloud.accounts
    for role in ("Reader", "Storage Blob Data Contributor"):
        store.azure.assign(store.id, role, accounts.wandb_other.object_id)
    owner = store.azure.identity("a careful owner", accounts.wandb_other)
    strangers = tuple(who for who in store.cast.outsiders if who.name != OTHER_INSTANCE)
    store.cast = replace(store.cast, owner=owner, outsiders=strangers)


def _data_role_for_everything(store: Store) -> None:
    store.revoke("Storage Blob Data Contributor")
    store.grant("Storage Blob Data Contributor")


def _key_disabled(store: Store) -> None:
    store.azure.vault_call("PATCH", store.key, {"attributes": {"enabled": False}})


# What no request for a blob can feel: these are judged without the checks of data, which take most of the time.
SETTINGS: dict[str, tuple[Callable[[Store], object], set[str]]] = {
    # CORS: the configuration (V05) and the server's answers (V16) are two witnesses of one thing.
    "CORS without PUT": (lambda s: s.cors(allowedMethods=["GET", "HEAD"]), {"V05", "V16"}),
    "CORS without HEAD": (lambda s: s.cors(allowedMethods=["GET", "PUT"]), {"V05", "V16"}),
    "CORS without GET": (lambda s: s.cors(allowedMethods=["HEAD", "PUT"]), {"V05", "V16"}),
    "CORS hides the ETag": (lambda s: s.cors(exposedHeaders=["x-ms-request-id"]), {"V05", "V16"}),
    "CORS for another page": (lambda s: s.cors(allowedOrigins=["https://intranet.example.com"]), {"V05", "V16"}),
    "CORS without x-ms-blob-type": (lambda s: s.cors(allowedHeaders=["content-type", "content-md5"]), {"V05", "V16"}),
    "no CORS": (lambda s: s.service(cors={"corsRules": []}), {"V05", "V16"}),
    "an old TLS": (lambda s: s.account(minimumTlsVersion="TLS1_0"), {"V01"}),
    "another region was declared": (_declare(region="northeurope"), {"V02"}),
    "soft delete for another time": (_soft_delete(enabled=True, days=14), {"V06"}),
    "containers are gone at once": (lambda s: s.service(containerDeleteRetentionPolicy={"enabled": False}), {"V06"}),
    "current blobs are removed": (
        lambda s: s.rules(rule("old", {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": 90}}}, **VISION)),
        {"V07"},
    ),
    "current blobs are archived": (
        lambda s: s.rules(rule("cold", {"baseBlob": {"tierToArchive": {"daysAfterModificationGreaterThan": 90}}})),
        {"V07"},
    ),
    "previous versions are removed too soon": (lambda s: s.rules(days=1), {"V07"}),
    "no lifecycle": (lambda s: s.azure.call("DELETE", f"{s.id}/managementPolicies/default"), {"V07"}),
    "a customer key was declared": (_declare(kms_key_id="https://acme.vault.azure.net/keys/wandb"), {"V04"}),
    "W&B has more than was declared": (_as_well("Storage Account Contributor"), {"V22:roles"}),
}
MUTANTS: dict[str, tuple[Callable[[Store], object], set[str]]] = {
    "plain HTTP is let in": (lambda s: s.account(supportsHttpsTrafficOnly=False), {"V01", "V18"}),
    # Public access
    "the account allows public containers": (lambda s: s.account(allowBlobPublicAccess=True), {"V03"}),
    # Where everybody may read, Azurite looks at no signature any more; Azure would still refuse one that is wrong.
    "a public container": (_public_container, {"V03", "V19", "V21"}),
    # Versions and deleted blobs
    "versioning off": (lambda s: s.service(isVersioningEnabled=False), {"V06", "V14"}),
    "soft delete off": (_soft_delete(enabled=False), {"V06", "V14:soft-delete"}),
    # The account's key
    "shared key access is on": (lambda s: s.account(allowSharedKeyAccess=True), {"V23:shared-key"}),
    # W&B's rights
    "W&B may not read settings": (_without("Reader"), {"V05", "V06", "V22:roles"}),
    "W&B may only read": (_reader_only, {"V10", "V12", "V13", "V15", "V22:roles", "V23:delegation"}),
    "W&B has no data role": (_without("Storage Blob Data Contributor"), DATA | {"V22:roles", "V23:delegation"}),
    "the grant is revoked": (
        _without("Reader", "Storage Blob Data Contributor"),
        DATA | {"V02", "V05", "V06", "V22:roles", "V23:delegation"},
    ),
    # Others
    "a stranger may read": (_as_well("Storage Blob Data Reader", "stranger"), {f"V19:{STRANGER}"}),
    "a stranger may get a delegation key": (_as_well("Storage Blob Delegator", "stranger"), {f"V19:{STRANGER}"}),
    "another instance of W&B is let in": (
        _as_well("Storage Blob Data Contributor", "wandb_other"),
        {f"V19:{OTHER_INSTANCE}"},
    ),
    # The clean-up
    "the owner cannot remove versions": (_owner_cannot_delete_versions, {"V27"}),
}
OTHER_MUTANTS: dict[str, tuple[dict[str, object], Callable[[Store], object], set[str]]] = {
    # By the account's key
    "the connector may not list keys": (
        {"mode": "team_connector"}, _without("Storage Account Contributor"),
        SIGNED | {"V05", "V06", "V22:roles", "V23:shared-key"}),
    "the connector's key is switched off": (
        {"mode": "team_connector"}, lambda s: s.account(allowSharedKeyAccess=False), SIGNED | {"V23:shared-key"}),
    # Minimal
    "CORS for everybody": ({"minimal": True}, lambda s: s.cors(allowedOrigins=["*"]), {"V17"}),
    "the data role is for the whole account": ({"minimal": True}, _data_role_for_everything, {"V22", "V22:roles"}),
    "W&B may not get a delegation key": (
        {"minimal": True}, _without("Storage Blob Delegator"), SIGNED | {"V22:roles", "V23:delegation"}),
    # The customer's key
    "another key was declared": ({"customer_key": True}, lambda s: _declare(kms_key_id=f"{s.key}2")(s), {"V04"}),
    "Microsoft's key was declared": ({"customer_key": True}, _declare(kms_key_id=""), {"V04"}),
    "the key is disabled": (
        {"customer_key": True}, _key_disabled, {"V04", "V09", "V10", "V12", "V23:delegation", "V27"}),
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_that_is_wrong_fails_and_nothing_else(
    make_store: MakeStore, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    only(monkeypatch, settings, encryption, cors, lifecycle, roles)
    change, expected = SETTINGS[name]
    store = make_store()
    change(store)
    _judge(store, expected)
    assert store.contents() == []


@pytest.mark.parametrize("name", [*MUTANTS, *OTHER_MUTANTS])
def test_what_is_broken_fails_and_nothing_else(make_store: MakeStore, name: str) -> None:
    how, change, expected = ({}, *MUTANTS[name]) if name in MUTANTS else OTHER_MUTANTS[name]
    store = make_store(**how)
    change(store)
    _judge(store, expected)
    if "V27" not in expected:
        assert store.contents() == []


def _judge(store: Store, expected: set[str]) -> None:
    report = verify_azure(store.store, store.cast)
    assert (set(report.ids(State.FAIL)), report.ok) == (expected, False), report.to_text()
    assert not report.troubles, report.to_text()
    assert all(result.fix and result.evidence for result in report.results if result.state is State.FAIL)
