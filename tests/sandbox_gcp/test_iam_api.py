"""Service accounts, their keys and tokens, and acting as one of them."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sandbox.clouds.gcp.accounts import Credentials
from tests.sandbox_gcp.conftest import World

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("gcp")]

ACCOUNTS = "projects/byob-customer/serviceAccounts"


def account(world: World, id: str) -> str:
    made = world.call("POST", ACCOUNTS, {"accountId": id, "serviceAccount": {"displayName": "d"}})
    assert made.status_code == 200, made.text
    email: str = made.json()["email"]
    return email


def own_key(world: World, email: str) -> Credentials:
    made = world.call("POST", f"{ACCOUNTS}/{email}/keys", {})
    assert made.status_code == 200
    return Credentials(email, json.loads(base64.b64decode(made.json()["privateKeyData"])))


def test_an_account(world: World) -> None:
    email = account(world, "plain-account")
    assert email == "plain-account@byob-customer.iam.gserviceaccount.com"
    found = world.call("GET", f"projects/-/serviceAccounts/{email}").json()
    assert (found["name"], found["projectId"], found["displayName"]) == (f"{ACCOUNTS}/{email}", "byob-customer", "d")
    assert world.call("GET", f"{ACCOUNTS}/{found['uniqueId']}").json() == found
    assert world.call("POST", ACCOUNTS, {"accountId": "plain-account"}).status_code == 409
    assert world.call("POST", ACCOUNTS, {"accountId": "Bad"}).status_code == 400
    world.call("PATCH", f"{ACCOUNTS}/{email}", {"serviceAccount": {"displayName": "e"}, "updateMask": "displayName"})
    assert world.call("GET", f"{ACCOUNTS}/{email}").json()["displayName"] == "e"
    assert world.call("GET", f"{ACCOUNTS}/{email}", who=world.accounts.stranger).status_code == 403
    assert world.call("DELETE", f"{ACCOUNTS}/{email}").status_code == 200
    assert world.call("GET", f"{ACCOUNTS}/{email}").status_code == 404


def test_a_key_signs_until_it_is_deleted(world: World) -> None:
    email, bucket = account(world, "key-owner"), world.bucket()
    who = own_key(world, email)
    assert who.key_file["token_uri"] == f"{world.server.apis}/token"
    world.grant(bucket, who, "roles/storage.objectUser")
    url = world.url(who, "PUT", bucket, "signed")
    assert world.anonymous().put(url, data=b"x").status_code == 200
    key = world.call("GET", f"{ACCOUNTS}/{email}/keys").json()["keys"][0]["name"]
    public = world.call("GET", key, publicKeyType="TYPE_X509_PEM_FILE").json()
    assert "privateKeyData" not in public
    assert base64.b64decode(public["publicKeyData"]).startswith(b"-----BEGIN PUBLIC KEY-----")
    assert world.call("DELETE", key).status_code == 200
    assert world.anonymous().put(url, data=b"x").status_code == 403


def test_a_disabled_or_deleted_account_is_nobody(world: World) -> None:
    email, bucket = account(world, "switched-off"), world.bucket()
    who = own_key(world, email)
    world.grant(bucket, who, "roles/storage.objectUser")
    listing = f"{world.server.storage}/storage/v1/b/{bucket}/o"
    assert world.session(who).get(listing).status_code == 200
    url = world.url(who, "PUT", bucket, "signed")
    world.call("POST", f"{ACCOUNTS}/{email}:disable", {})
    token = who.google.token
    asked = {"Authorization": f"Bearer {token}"}
    assert world.anonymous().get(listing, headers=asked).status_code == 401
    assert world.anonymous().put(url, data=b"x").status_code == 403
    world.call("POST", f"{ACCOUNTS}/{email}:enable", {})
    assert world.anonymous().get(listing, headers=asked).status_code == 200
    world.call("DELETE", f"{ACCOUNTS}/{email}")
    assert world.anonymous().get(listing, headers=asked).status_code == 401


def test_tokens_are_given_to_who_signs_with_a_known_key(world: World) -> None:
    from google.auth import jwt
    from google.auth.crypt import RSASigner

    who, other = world.accounts.wandb_dedicated, world.accounts.stranger
    now = datetime.now(UTC)

    def ask(signer: Any, **claims: Any) -> tuple[int, str]:
        whole = {
            "iss": who.email,
            "aud": f"{world.server.apis}/token",
            "iat": now,
            "exp": now + timedelta(hours=1),
            **claims,
        }
        whole |= {k: int(v.timestamp()) for k, v in whole.items() if isinstance(v, datetime)}
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": jwt.encode(signer, whole).decode(),
        }
        answer = world.anonymous().post(f"{world.server.apis}/token", data=form)
        return answer.status_code, answer.json().get("error_description", "")

    mine, theirs = (RSASigner.from_service_account_info(c.key_file) for c in (who, other))
    assert ask(mine) == (200, "")
    assert ask(theirs) == (400, "Invalid JWT Signature.")
    assert ask(mine, iss="nobody@x.iam.gserviceaccount.com") == (400, "Invalid JWT Signature.")
    assert ask(mine, exp=now - timedelta(seconds=1))[0] == 400
    assert ask(mine, aud="https://elsewhere.example.com/token")[0] == 400
    assert world.anonymous().post(f"{world.server.apis}/token", data={"grant_type": "password"}).status_code == 400


def test_signing_as_oneself_must_be_granted(world: World) -> None:
    email = account(world, "self-signer")
    who = own_key(world, email)
    name, blob = f"{ACCOUNTS}/{email}", {"payload": base64.b64encode(b"text").decode()}
    assert world.call("POST", f"{name}:signBlob", blob, who).status_code == 403
    assert world.call("POST", f"{name}:signBlob", blob).status_code == 403, "not even the project's owner"
    policy = {"bindings": [{"role": "roles/iam.serviceAccountTokenCreator", "members": [who.member]}]}
    assert world.call("POST", f"{name}:setIamPolicy", {"policy": policy}).status_code == 200
    assert world.call("POST", f"{name}:signBlob", blob).status_code == 403
    signed = world.call("POST", f"projects/-/serviceAccounts/{email}:signBlob", blob, who)
    assert signed.status_code == 200
    assert len(base64.b64decode(signed.json()["signedBlob"])) == 256


def test_signed_urls_without_a_key_file(world: World) -> None:
    """What a W&B server does on Google Kubernetes Engine: it has a token, and lets Google sign."""
    from google.auth.iam import Signer

    email, bucket = account(world, "keyless-server"), world.bucket()
    who = own_key(world, email)
    world.grant(bucket, who, "roles/storage.objectUser")
    policy = {"bindings": [{"role": "roles/iam.serviceAccountTokenCreator", "members": [who.member]}]}
    world.call("POST", f"{ACCOUNTS}/{email}:setIamPolicy", {"policy": policy})

    class Local(Signer):  # type: ignore[misc]
        def sign(self, message: bytes) -> bytes:
            body = {"payload": base64.b64encode(message).decode()}
            answer = world.call("POST", f"{ACCOUNTS}/{email}:signBlob", body, who).json()
            return base64.b64decode(answer["signedBlob"])

    class Keyless:
        signer_email = email

        def sign_bytes(self, message: bytes) -> bytes:
            return Local(None, None, email).sign(message)

    from google.auth.credentials import Signing

    Signing.register(Keyless)
    url = world.client(who).bucket(bucket).blob("keyless").generate_signed_url(
        version="v4", expiration=timedelta(minutes=5), method="PUT", credentials=Keyless(), api_access_endpoint=world.server.storage
    )  # fmt: skip
    assert world.anonymous().put(url, data=b"x").status_code == 200


def test_acting_as_another_account_must_be_granted(world: World) -> None:
    email, bucket = account(world, "impersonated"), world.bucket()
    server = world.accounts.server
    path, body = f"projects/-/serviceAccounts/{email}:generateAccessToken", {"scope": ["x"], "lifetime": "300s"}
    assert world.call("POST", path, body, server).status_code == 403
    policy = {"bindings": [{"role": "roles/iam.serviceAccountTokenCreator", "members": [server.member]}]}
    world.call("POST", f"{ACCOUNTS}/{email}:setIamPolicy", {"policy": policy})
    token = world.call("POST", path, body, server).json()["accessToken"]
    answer = world.anonymous().get(
        f"{world.server.storage}/storage/v1/b/{bucket}", headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 403
    assert email in answer.json()["error"]["message"]


def test_the_project_and_its_storage_account(world: World) -> None:
    assert world.call("GET", "projects/byob-customer").json()["projectNumber"] == "111122223333"
    assert world.call("GET", "projects/byob-customer", who=world.accounts.stranger).status_code == 403
    assert world.call("GET", "projects/no-such-project").status_code == 403
    agent = world.session(world.accounts.deployer).get(
        f"{world.server.storage}/storage/v1/projects/byob-customer/serviceAccount"
    )
    assert agent.json()["email_address"] == "service-111122223333@gs-project-accounts.iam.gserviceaccount.com"
