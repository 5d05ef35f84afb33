"""Every argument that is only passed through may be unknown or secret: nothing crashes, unknown stays unknown, and a
secret is secret wherever it goes, and only there."""

import asyncio
import functools
import inspect
import json
from collections.abc import Mapping
from typing import Any, get_args, get_origin, get_type_hints

import pulumi
import pulumi_gcp
import pytest

from byob_components import gcp
from byob_components.store import ByobRunError
from tests.mocks.gcp import GcpMocks, record
from tests.mocks.monitor import Run, marks, plain, run

NODE = "acme-node@wandb-production.iam.gserviceaccount.com"
AGENT = "service-444455556666@gs-project-accounts.iam.gserviceaccount.com"
KEY = "projects/acme-keys/locations/europe-west4/keyRings/storage/cryptoKeys/wandb"
SELF = {"deployment": "self_managed", "level": "instance", "location": "europe-west4", "principals": [NODE]}
NEW = {"encryption": "new_key"}

VALUES: dict[str, Any] = {
    "location": "europe-west4",
    "principals": [NODE],
    "project": "confidential-project",
    "labels": {"team": "confidential"},
    "storage_service_agent": AGENT,
    "kms_key_id": KEY,
    "kms_key_ring_name": "confidential-ring",
    "kms_key_name": "confidential-key",
    "bucket_name": "confidential-name",
    "cors_origins": ["https://confidential.example.com"],
    "access_log_bucket": "confidential-logs",
    "access_log_prefix": "confidential/vision",
    "credential_account_id": "confidential-account",
}
"""A good value of every argument that is passed through."""

# argument -> (what goes with it, the inputs it lands in, the outputs it lands in)
Row = tuple[dict[str, Any], set[str], set[str]]
BY_NAME = {"storage_addresses", "bucket_name", "handoffs", "server_env", "server_secrets"}
STORE: dict[str, Row] = {
    "location": (NEW, {"Bucket.location", "KeyRing.location"}, {"region", "handoffs"}),
    "principals": ({}, {"BucketIAMMember.member"}, {"principals", "handoffs"}),
    "project": ({}, {"Bucket.project"}, set()),
    "labels": (NEW, {"Bucket.labels", "CryptoKey.labels"}, set()),
    "storage_service_agent": (NEW, {"CryptoKeyIAMMember.member"}, set()),
    "kms_key_id": (
        {"encryption": "existing_key"},
        {"Bucket.encryption", "CryptoKeyIAMMember.cryptoKeyId"},
        {"kms_key_id"},
    ),
    "kms_key_ring_name": (NEW, {"KeyRing.name"}, set()),
    "kms_key_name": (NEW, {"CryptoKey.name"}, set()),
    "bucket_name": ({}, {"Bucket.name", "BucketIAMMember.bucket"}, BY_NAME),
    "cors_origins": ({}, {"Bucket.cors"}, set()),
    "access_log_bucket": ({}, {"Bucket.logging"}, set()),
    "access_log_prefix": ({"access_log_bucket": "acme-logs"}, {"Bucket.logging"}, set()),
    "credential_account_id": ({"credential_keys": ["a"]}, {"Account.accountId"}, set()),
}
BUCKET: dict[str, Row] = {
    **{name: (more, inputs, set()) for name, (more, inputs, _) in STORE.items()},
    "location": ({}, {"Bucket.location"}, {"region"}),
    "labels": ({}, {"Bucket.labels"}, set()),
    "kms_key_id": ({"encryption": "existing_key"}, {"Bucket.encryption"}, set()),
    "bucket_name": ({}, {"Bucket.name", "BucketIAMMember.bucket"}, {"bucket_name"}),
}
KEYS: dict[str, Row] = {
    "location": ({}, {"KeyRing.location"}, set()),
    "project": ({"storage_service_agent": AGENT}, {"KeyRing.project"}, set()),
    "labels": ({}, {"CryptoKey.labels"}, set()),
    "storage_service_agent": ({}, {"CryptoKeyIAMMember.member"}, set()),
    "kms_key_ring_name": ({}, {"KeyRing.name"}, set()),
    "kms_key_name": ({}, {"CryptoKey.name"}, set()),
}
GRANT: dict[str, Row] = {
    "bucket_name": ({}, {"BucketIAMMember.bucket"}, {"bucket_name"}),
    "principals": (
        {"signer": True},
        {"BucketIAMMember.member", "IAMMember.member", "IAMMember.serviceAccountId"},
        {"principals"},
    ),
}
CREDENTIAL: dict[str, Row] = {
    "bucket_name": ({}, {"BucketIAMMember.bucket"}, set()),
    "project": ({}, {"Account.project"}, set()),
    "credential_account_id": ({}, {"Account.accountId"}, {"service_account_email"}),
}
COMPONENTS: dict[str, tuple[type[pulumi.ComponentResource], type, dict[str, Any], dict[str, Row]]] = {
    "GcpByob": (gcp.GcpByob, gcp.GcpByobArgs, SELF, STORE),
    "GcpBucket": (gcp.GcpBucket, gcp.GcpBucketArgs, {"location": "europe-west4", "principals": [NODE]}, BUCKET),
    "GcpKey": (gcp.GcpKey, gcp.GcpKeyArgs, {"location": "europe-west4"}, KEYS),
    "GcpGrant": (
        gcp.GcpGrant,
        gcp.GcpGrantArgs,
        {"deployment": "self_managed", "bucket_name": "theirs", "principals": [NODE]},
        GRANT,
    ),
    "GcpCredential": (
        gcp.GcpCredential,
        gcp.GcpCredentialArgs,
        {"bucket_name": "theirs", "credential_keys": ["a"]},
        CREDENTIAL,
    ),
}
ALWAYS_SECRET = {"GcpByob": {"server_secrets"}, "GcpCredential": {"private_key"}}
KEYED = {"storage_addresses", "server_secrets"}
"""What holds keys is secret in a store with a credential."""


COMPUTED = {("GcpCredential", "credential_account_id"): {"service_account_email"}}
"""What the provider computes, which is marked as secret as soon as it is known, and not in a preview."""


def passed_through(kind: type) -> set[str]:
    """The arguments that may be an Output, at any depth, from the types."""
    hints = get_type_hints(kind, localns={"Output": pulumi.Output, "T": Any})

    def takes_output(hint: Any) -> bool:
        return hint is pulumi.Output or get_origin(hint) is pulumi.Output or any(map(takes_output, get_args(hint)))

    return {name for name, hint in hints.items() if takes_output(hint)}


CASES = [(c, argument) for c, (_, kind, *_) in COMPONENTS.items() for argument in sorted(passed_through(kind))]
SHAPES = [(*case, "whole") for case in CASES] + [(*case, "inside") for case in CASES if case[1] == "labels"]
"""An Output is the argument itself (or the element of a list), or a value inside a mapping."""


def opened(value: Any, shape: str, wrap: Any) -> Any:
    """The value with an Output in the place of itself, or, in a list, of its elements."""
    if isinstance(value, list):
        return [wrap(one) for one in value]
    if isinstance(value, dict) and shape == "inside":
        return {key: wrap(one) for key, one in value.items()}
    return wrap(value)


def landed(seen: Run, mark: str) -> set[str]:
    return {f"{r.kind}.{field}" for r in seen.resources for field, v in r.inputs.items() if mark in marks(v)}


def secrets(seen: Run) -> set[str]:
    return {name for name, one in seen.outputs.items() if one.secret}


def make(component: str, argument: str, shape: str, wrap: Any, preview: bool = False) -> Run:
    cls, _, base, rows = COMPONENTS[component]
    # Wrapped inside the program: an Output belongs to one run.
    args = {**base, **rows[argument][0]}

    def program() -> dict[str, Any]:
        made = cls("vision", {**args, argument: opened(VALUES[argument], shape, wrap)})  # type: ignore[call-arg, arg-type]
        return {output: getattr(made, output) for output in inspect.get_annotations(cls)}

    return run(program, GcpMocks(preview=preview), preview=preview)


@functools.cache
def plainly(component: str, argument: str, preview: bool = False) -> Run:
    cls, _, base, rows = COMPONENTS[component]
    return record(cls, {**base, **rows[argument][0], argument: VALUES[argument]}, preview=preview)


def always(component: str, argument: str) -> set[str]:
    """Outputs that are secret whatever is given."""
    keyed = KEYED if COMPONENTS[component][3][argument][0].get("credential_keys") else set()
    return ALWAYS_SECRET.get(component, set()) | keyed


def unknown(value: Any) -> pulumi.Output[Any]:
    """The value as another resource's computed property would be: unknown in a preview."""
    data: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    data.set_result(None)
    no: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    no.set_result(False)
    return pulumi.Output(set(), data, no).apply(lambda _: value)


@pytest.mark.parametrize("component", COMPONENTS)
def test_no_pass_through_argument_is_without_a_row(component: str) -> None:
    _, kind, _, rows = COMPONENTS[component]
    wanted = passed_through(kind)
    assert wanted
    assert wanted <= VALUES.keys()
    assert wanted <= rows.keys()


@pytest.mark.parametrize(("component", "argument", "shape"), SHAPES)
def test_a_secret_stays_secret_where_it_lands_and_nothing_else_becomes_one(
    component: str, argument: str, shape: str
) -> None:
    _, inputs, outputs = COMPONENTS[component][3][argument]
    seen = make(component, argument, shape, pulumi.Output.secret)
    assert inputs <= landed(seen, "secret")
    # What the provider computes from a secret input it hands back as one.
    assert landed(seen, "secret") <= inputs | {"BucketIAMMember.member", "Key.serviceAccountId"}
    assert secrets(seen) == outputs | always(component, argument)
    assert not [text for text in seen.warnings if "confidential" in text]


@pytest.mark.parametrize(("component", "argument", "shape"), SHAPES)
def test_an_output_that_is_known_gives_what_a_plain_value_gives(component: str, argument: str, shape: str) -> None:
    seen = make(component, argument, shape, pulumi.Output.from_input)
    wanted = plainly(component, argument)

    def inputs(one: Run) -> list[Any]:
        # A member is named by its principal when that is known.
        return sorted((r.kind, json.dumps(r.inputs, sort_keys=True)) for r in one.resources)

    assert inputs(seen) == inputs(wanted)
    assert {name: one.value for name, one in seen.outputs.items()} == {
        name: one.value for name, one in wanted.outputs.items()
    }


@pytest.mark.parametrize(("component", "argument", "shape"), SHAPES)
def test_unknown_stays_unknown_in_a_preview(component: str, argument: str, shape: str) -> None:
    _, inputs, outputs = COMPONENTS[component][3][argument]
    seen = make(component, argument, shape, unknown, preview=True)
    known = plainly(component, argument, preview=True)
    assert sorted(r.type for r in seen.resources) == sorted(r.type for r in known.resources)
    assert landed(seen, "unknown") == landed(known, "unknown") | inputs
    still = {name for name, one in known.outputs.items() if one.known} - outputs
    assert {name for name, one in seen.outputs.items() if one.known} == still
    assert not any(marks(r.inputs) & {"secret"} for r in seen.resources)


@pytest.mark.parametrize(("component", "argument"), CASES)
def test_an_unknown_secret_is_still_marked_as_secret(component: str, argument: str) -> None:
    _, inputs, outputs = COMPONENTS[component][3][argument]
    seen = make(component, argument, "whole", lambda value: pulumi.Output.secret(unknown(value)), preview=True)
    assert inputs <= landed(seen, "secret")
    later = COMPUTED.get((component, argument), set())
    assert secrets(seen) == (outputs - later) | always(component, argument)


def test_a_bad_value_is_told_later_without_its_value_when_secret() -> None:
    with pytest.raises(ByobRunError) as refused:
        record(gcp.GcpKey, {"location": pulumi.Output.secret("confidential location")})
    assert "BYOB-GCP-002" in str(refused.value)
    assert "confidential" not in str(refused.value)


def test_real_resources_outputs_can_be_passed() -> None:
    """The case all of this is for: the log bucket and the server's account made in the same program."""

    def program() -> Mapping[str, Any]:
        logs = pulumi_gcp.storage.Bucket("acme-logs", location="EU")
        server = pulumi_gcp.serviceaccount.Account("server")
        args = {**SELF, "access_log_bucket": logs.name, "principals": [server.email], "signer": True}
        made = gcp.GcpByob("vision", args)  # type: ignore[arg-type]
        return {"principals": made.principals}

    seen = run(program, GcpMocks())
    assert plain(seen.one("Bucket", "vision").inputs["logging"]) == {"logBucket": "acme-logs-a1b2c3d"}
    assert "gcp:storage/bucket:Bucket::acme-logs" in seen.one("Bucket", "vision").dependencies
    (member,) = [r for r in seen.resources if r.kind == "BucketIAMMember"]
    assert member.inputs["member"] == "serviceAccount:server-a1b2c3d@acme-storage.iam.gserviceaccount.com"
    assert member.name == "vision-storage-admin-0"
