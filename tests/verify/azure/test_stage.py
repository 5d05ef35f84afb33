"""What is declared, who acts, and where requests go: addresses on Azure and on servers that have the account in their path."""

import base64
from types import SimpleNamespace
from typing import Any

import pytest

from byob_components.errors import ByobError
from byob_components.verify import Cast
from byob_components.verify.azure.actor import Actor
from byob_components.verify.azure.stage import Stage
from byob_components.verify.azure.store import AzureIdentity, AzureStore
from byob_components.verify.masking import Mask
from byob_components.verify.result import Record, UndecidedError

KEY = base64.b64encode(b"k" * 64).decode()
CREDENTIAL = SimpleNamespace(get_token=lambda *scopes, **more: SimpleNamespace(token="a-token", expires_on=0))
WANDB, OWNER = AzureIdentity("W&B", account_key=KEY), AzureIdentity("owner", CREDENTIAL, "o")
RESOURCE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acmewandb"


def declared(**more: Any) -> AzureStore:
    return AzureStore(
        **{"account": "acmewandb", "container": "wandb", "region": "westeurope", "mode": "access_key", **more}
    )


def stage(cast: Cast[AzureIdentity] | None = None, **more: Any) -> Stage:
    return Stage(declared(**more), cast or Cast(wandb=WANDB, owner=OWNER), "run", Mask())


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, "https://acmewandb.blob.core.windows.net/wandb/a%20b.txt"),
        ({"endpoint": "https://acmewandb.blob.core.usgovcloudapi.net/"}, "https://acmewandb.blob.core.usgovcloudapi.net/wandb/a%20b.txt"),
        ({"endpoint": "https://127.0.0.1:10000/acmewandb"}, "https://127.0.0.1:10000/acmewandb/wandb/a%20b.txt"),
    ],
)  # fmt: skip
def test_the_address_of_a_blob(given: dict[str, Any], url: str) -> None:
    with stage(**given) as made:
        assert made.url("a b.txt") == url


def test_urls_are_for_https_only_but_where_plain_http_is_tried() -> None:
    with stage() as made:
        actor = made.wandb(Record())
        assert "&spr=https&" in made.sign(actor, "GET", "k")
        plain = made.sign(actor, "GET", "k", endpoint="http://acmewandb.blob.core.windows.net")
        assert plain.startswith("http://acmewandb.blob.core.windows.net/wandb/k?sp=r&")
        assert "&spr=https%2Chttp&" in plain


@pytest.mark.parametrize(
    ("method", "key", "said"),
    [
        ("GET", "k", "sp=r&"),
        ("HEAD", "k", "sp=r&"),
        ("PUT", "k", "sp=cw&"),
        ("DELETE", "k", "sp=d&"),
        ("LIST", "", "sp=l&"),
    ],
)
def test_an_url_lets_its_holder_do_no_more_than_it_needs(method: str, key: str, said: str) -> None:
    with stage() as made:
        assert made.sign(made.wandb(Record()), method, key).partition("?")[2].startswith(said)


def test_uploads_say_that_they_are_block_blobs() -> None:
    with stage() as made:
        assert made.upload_headers(b"") == {
            "Content-Type": "application/octet-stream",
            "Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg==",
            "x-ms-blob-type": "BlockBlob",
        }


def test_an_identity_without_a_key_cannot_sign_in_the_mode_of_the_access_key() -> None:
    said = "mode 'access_key' signs with the account key, and owner holds none"
    with stage(Cast(wandb=OWNER)) as made, pytest.raises(UndecidedError, match=said):
        made.sign(made.wandb(Record()), "GET", "k")


def test_tokens_are_hidden_as_soon_as_they_are_known() -> None:
    mask = Mask()
    with Stage(declared(), Cast(wandb=WANDB, owner=OWNER), "run", mask) as made:
        owner: Actor = made.owner(Record())
        assert owner.token("https://storage.azure.com/.default") == "a-token"
        assert mask("Bearer a-token") == "Bearer ****"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"account": "Acme"}, "account: 'Acme' is not the name of a storage account"),
        ({"container": "x"}, "container: 'x' is not the name of a container"),
        ({"container": "a--b"}, "container: 'a--b' is not the name of a container"),
        ({"other_container": "wandb"}, "other_container: 'wandb' is the container itself"),
        ({"region": ""}, "region: is empty"),
        ({"mode": "keys"}, "mode: 'keys' is none of the choices; allowed: 'team_connector', 'keyless', 'access_key'"),
        ({"access": "all"}, "access: 'all' is none of the choices"),
        ({"resource_id": "/subscriptions/s"}, "resource_id: '/subscriptions/s' is not the account's"),
        ({"resource_id": RESOURCE.replace("acmewandb", "other")}, "is not the account's"),
        ({"endpoint": "https://host/a/b"}, "endpoint: 'https://host/a/b' is not an account's address"),
        ({"endpoint": "ftp://host"}, "endpoint: 'ftp://host' is not an account's address"),
        ({"plain_endpoint": "https://host"}, "plain_endpoint: 'https://host' is not an account's address"),
        ({"arm_endpoint": "management.azure.com"}, "arm_endpoint: 'management.azure.com' is not a server's address"),
        ({"kms_key_id": "wandb"}, "kms_key_id: 'wandb' is not a key's address"),
        ({"ca_bundle": "/nowhere"}, "ca_bundle: '/nowhere' is not a file"),
        ({"soft_delete_days": -1}, "soft_delete_days: -1 is negative"),
        ({"path": "a//b"}, "path: 'a//b' has an empty segment"),
        ({"cors_origins": []}, "cors_origins: [] is empty"),
    ],
)  # fmt: skip
def test_a_declaration_that_makes_no_sense_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ByobError) as refused:
        declared(**changes)
    assert said in str(refused.value)


def test_what_is_good_is_taken() -> None:
    store = declared(
        resource_id=RESOURCE, path="/", region="West Europe", kms_key_id="https://v.vault.azure.net/keys/k"
    )
    assert (store.path, store.region, store.restricted, store.roles.shared_key) == ("", "westeurope", False, True)
    assert declared(mode="keyless").roles.shared_key is False
    assert KEY not in str(store.subject())


def test_an_identity_has_a_credential_or_a_key() -> None:
    for given in ({}, {"credential": CREDENTIAL, "account_key": KEY}, {"account_key": "not Base64"}):
        with pytest.raises(ByobError, match="BYOB-VERIFY-010") as refused:
            AzureIdentity("somebody", **given)
        assert KEY not in str(refused.value)
        assert "not Base64" not in str(refused.value)
    assert KEY not in repr(WANDB)
    assert KEY not in WANDB.login


def test_an_outsider_with_w_and_bs_key_is_none() -> None:
    with pytest.raises(ByobError, match="BYOB-VERIFY-003"):
        Cast(wandb=WANDB, outsiders=(AzureIdentity("the same", account_key=KEY),))


def test_a_store_is_declared_by_the_outputs_of_its_stack() -> None:
    outputs = {
        "storageAddresses": {"vision": "az://:a2V5@acmewandb/vision/vision"}, "bucketName": "vision", "region": "westeurope", "paths": ["vision", "robotics"],
        "kmsKeyId": "https://v.vault.azure.net/keys/k", "principals": ["p-1"],
    }  # fmt: skip
    store = AzureStore.from_outputs(outputs, mode="team_connector", soft_delete_days=7)
    assert store == AzureStore(
        "acmewandb", "vision", "westeurope", "team_connector", path="vision", kms_key_id="https://v.vault.azure.net/keys/k",
        principals=("p-1",), soft_delete_days=7,
    )  # fmt: skip
    assert AzureStore.from_outputs(outputs, "robotics", mode="keyless").path == "robotics"
