"""What only the whole stack shows on Google Cloud: whose a grant is, and whether Cloud Storage may use the bucket's key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from byob_components.policies import Scope
from byob_components.policies.view import Resource
from tests.policies.gcp_rows import AGENT, BUCKET, KEY, KEY_MEMBER, KEY_ROLE, MEMBER, NODE, grant
from tests.policies.made import UNKNOWN, judged_stack, made, outcome, secret, session, urn

KEY_ID = "projects/acme/locations/europe-west4/keyRings/wandb/cryptoKeys/vision"
LINK, AGENT_RULE = "byob-gcp-bucket-link", "byob-gcp-key-agent"


def a_bucket(name: str = "vision", key: Any = None, links: Mapping[str, Any] | None = None) -> Resource:
    """A bucket."""
    encryption = {} if key is None else {"encryption": {"defaultKmsKeyName": key}}
    return made(BUCKET, {"name": name, **encryption}, name, links=links)


def a_key() -> Resource:
    """A key of the stack."""
    return made(KEY, {"name": "vision"}, outputs={"name": "vision", "id": KEY_ID})


def a_right(
    who: Any = AGENT, role: Any = KEY_ROLE, key: Any = KEY_ID, links: Mapping[str, Any] | None = None
) -> Resource:
    """A grant on the key."""
    return made(KEY_MEMBER, {"cryptoKeyId": key, "role": role, "member": who}, "right", links=links)


LINKED = {"encryption": [f"{KEY}::vision"]}
FROM_KEY = {"cryptoKeyId": [f"{KEY}::vision"]}


def test_cloud_storage_may_use_the_key() -> None:
    for good in (
        [a_bucket(key=KEY_ID), a_key(), a_right()],
        [a_right(key=UNKNOWN, links=FROM_KEY), a_key(), a_bucket(key=UNKNOWN, links=LINKED)],
        [a_bucket(key="projects/other"), a_right(key="projects/other")],
    ):
        assert outcome(judged_stack(AGENT_RULE, good)) == "fine"
    for bad in (
        [a_bucket(key=KEY_ID), a_key()],
        [a_bucket(key=UNKNOWN, links=LINKED), a_key()],
        [a_bucket(key=KEY_ID), a_key(), a_right(NODE)],
        [a_bucket(key=KEY_ID), a_key(), a_right(role="roles/cloudkms.viewer")],
        [a_bucket(key=KEY_ID), a_key(), a_right(key="projects/other")],
    ):
        answer = judged_stack(AGENT_RULE, bad)
        assert [one.urn for one in answer.violations] == [urn(BUCKET, "vision")]
    hidden = [
        made(one.type, secret(one.inputs.value), one.name, outputs=secret(one.outputs.value))
        for one in (a_bucket(key=KEY_ID), a_key(), a_right())
    ]
    assert outcome(judged_stack(AGENT_RULE, hidden)) == "fine"
    assert outcome(judged_stack(AGENT_RULE, hidden[:2])) == "violation"


def test_a_key_that_cannot_be_judged_is_said() -> None:
    assert outcome(judged_stack(AGENT_RULE, [a_bucket(key="projects/other")])) == "unknown"
    assert outcome(judged_stack(AGENT_RULE, [a_bucket(key=KEY_ID), a_key(), a_right(UNKNOWN)])) == "unknown"
    assert outcome(judged_stack(AGENT_RULE, [a_bucket(key=UNKNOWN), a_key()])) == "unknown"
    assert outcome(judged_stack(AGENT_RULE, [a_bucket()])) == "not applicable"
    assert outcome(judged_stack(AGENT_RULE, [a_bucket(key=KEY_ID), a_key()], exclude=("vision",))) == "not applicable"
    assert outcome(judged_stack(AGENT_RULE, [a_bucket(key=KEY_ID), a_key()], scope=Scope.BYOB)) == "not applicable"


def test_whose_a_grant_is() -> None:
    two = {"bucket": [f"{BUCKET}::vision", f"{BUCKET}::other"]}
    assert outcome(judged_stack(LINK, [a_bucket(), made(MEMBER, grant())])) == "fine"
    ambiguous = judged_stack(LINK, [a_bucket(), a_bucket("other"), made(MEMBER, {**grant(), "bucket": "x"}, links=two)])
    external = judged_stack(LINK, [made(MEMBER, grant())])
    assert "ambiguous" in ambiguous.violations[0].message
    assert "external" in external.violations[0].message
    assert outcome(judged_stack(LINK, [made(MEMBER, {**grant(), "bucket": UNKNOWN})])) == "unknown"
    assert outcome(judged_stack(LINK, [a_bucket()])) == "not applicable"
    assert outcome(judged_stack(LINK, [made(MEMBER, grant())], exclude=("vision",))) == "not applicable"
    assert outcome(judged_stack(LINK, [made(MEMBER, secret(grant()))])) == "violation"
    one = session()
    one.see(made(MEMBER, grant()).urn, made(MEMBER, grant()))
    fetched = one.stack([a_bucket(), made(MEMBER, grant())])
    assert "fetched" in one.judge_stack(one.rules[LINK], fetched).violations[0].message
