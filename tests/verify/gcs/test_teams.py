"""Stores of several teams: the account key of one team opens that team's store and no other."""

import base64
import json
from dataclasses import replace

import pytest

from byob_components.verify import Cast, GcsIdentity, State, verify_gcs
from sandbox.clouds.gcp.accounts import CUSTOMER, Credentials
from tests.verify.gcs.buckets import ADMIN, Bucket, MakeBucket, identity

pytestmark = pytest.mark.server


def credential(bucket: Bucket, team: str) -> GcsIdentity:
    """A service account of a team with a key and the grant, as GcpCredential makes it."""
    where = f"{bucket.server.apis}/v1/projects/{CUSTOMER}/serviceAccounts"
    made = bucket.http.post(where, json={"accountId": f"{team}-{bucket.name}"[-30:].strip("-")})
    assert made.ok, made.text
    email = made.json()["email"]
    key = bucket.http.post(f"{where}/{email}/keys", json={})
    assert key.ok, key.text
    who = Credentials(email, json.loads(base64.b64decode(key.json()["privateKeyData"])))
    bucket.regrant()
    bucket.grant(ADMIN, who=who)
    return identity(f"the account key of team {team}", who)


def test_a_teams_credential_opens_its_own_store_only(make_bucket: MakeBucket) -> None:
    buckets = {team: make_bucket(cmek=False) for team in ("vision", "robotics")}
    keys = {team: credential(bucket, team) for team, bucket in buckets.items()}
    for team, other in (("vision", "robotics"), ("robotics", "vision")):
        bucket = buckets[team]
        store = replace(bucket.store, principals=(keys[team].email,))
        report = verify_gcs(store, Cast(wandb=keys[team], owner=bucket.cast.owner, outsiders=(keys[other],)))
        assert report.ok, report.to_text()
        assert f"V19:the account key of team {other}" in report.ids(State.PASS)
        bucket.grant("roles/storage.objectViewer", who=Credentials(keys[other].email, {}))
        report = verify_gcs(store, Cast(wandb=keys[team], owner=bucket.cast.owner, outsiders=(keys[other],)))
        assert report.ids(State.FAIL) == [f"V19:the account key of team {other}"]
