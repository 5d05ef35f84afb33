"""Every argument that is only passed through may be unknown or secret: nothing crashes, unknown stays unknown, and a
secret is secret wherever it goes, and only there."""

import asyncio
import functools
import inspect
import json
from collections.abc import Mapping
from typing import Any, get_args, get_origin, get_type_hints

import pulumi
import pulumi_aws
import pytest

from byob_components import aws
from byob_components.store import ByobRunError
from tests.mocks.aws import AwsMocks, record
from tests.mocks.monitor import Run, marks, plain, run

ROLE = "arn:aws:iam::830241207209:role/acme-node"
ADMIN = "arn:aws:iam::111122223333:role/security"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
OWN = {"Sid": "Own", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "{bucket_arn}"}
LIVE = '{"Version": "2012-10-17", "Statement": []}'
SELF = {"deployment": "self_managed", "level": "instance", "principals": [ROLE]}

SETTINGS = (
    "BucketPublicAccessBlock",
    "BucketOwnershipControls",
    "BucketVersioning",
    "BucketServerSideEncryptionConfiguration",
    "BucketPolicy",
    "BucketCorsConfiguration",
    "BucketLifecycleConfiguration",
)
ALL_BUCKET = {f"{kind}.bucket" for kind in SETTINGS} | {"Bucket.bucket", "BucketPolicy.policy"}
ALL_REGION = {f"{kind}.region" for kind in ("Bucket", *SETTINGS)}

VALUES: dict[str, Any] = {
    "principals": [ROLE],
    "region": "eu-west-1",
    "tags": {"team": "confidential"},
    "account_id": "444455556666",
    "partition": "aws",
    "kms_alias_name": "alias/confidential",
    "kms_key_admins": [ADMIN],
    "kms_key_users": [ADMIN],
    "kms_key_guard": [ADMIN],
    "kms_key_arn": KEY,
    "bucket_name": "confidential-name",
    "cors_origins": ["https://confidential.example.com"],
    "bucket_policy_statements": [OWN],
    "access_log_bucket": "confidential-logs",
    "access_log_prefix": "confidential/",
}
"""A good value of every argument that is passed through."""

# argument -> (what goes with it, the inputs it lands in, the outputs it lands in)
Row = tuple[dict[str, Any], set[str], set[str]]
BY_NAME = {"storage_addresses", "bucket_name", "bucket_arn", "handoffs", "server_env"}
STORE: dict[str, Row] = {
    "principals": ({}, {"Key.policy", "BucketPolicy.policy"}, {"principals", "handoffs"}),
    "region": (
        {},
        ALL_REGION | {"Key.region", "Key.policy", "Alias.region"},
        {"region", "storage_addresses", "handoffs", "server_env"},
    ),
    "tags": ({}, {"Key.tags", "Bucket.tags"}, set()),
    "account_id": ({}, {"Key.policy"}, set()),
    "partition": ({}, {"Key.policy"}, set()),
    "kms_alias_name": ({}, {"Alias.name"}, set()),
    "kms_key_admins": ({}, {"Key.policy"}, set()),
    "kms_key_users": ({}, {"Key.policy"}, set()),
    "kms_key_guard": ({}, {"Key.policy"}, set()),
    "kms_key_arn": (
        {"encryption": "existing_key"},
        {"Grant.keyId", "BucketServerSideEncryptionConfiguration.rules"},
        {"kms_key_id", "handoffs", "server_env"},
    ),
    "bucket_name": ({}, ALL_BUCKET, BY_NAME),
    "cors_origins": ({}, {"BucketCorsConfiguration.corsRules"}, set()),
    "bucket_policy_statements": ({}, {"BucketPolicy.policy"}, set()),
    "access_log_bucket": ({}, {"BucketLogging.targetBucket"}, set()),
    "access_log_prefix": ({"access_log_bucket": "acme-logs"}, {"BucketLogging.targetPrefix"}, set()),
}
BUCKET: dict[str, Row] = {
    **{name: (more, inputs, set()) for name, (more, inputs, _) in STORE.items()},
    "principals": ({}, {"BucketPolicy.policy"}, set()),
    "region": ({}, ALL_REGION, {"region"}),
    "tags": ({}, {"Bucket.tags"}, set()),
    "kms_key_arn": ({}, {"BucketServerSideEncryptionConfiguration.rules"}, set()),
    "bucket_name": ({}, ALL_BUCKET, {"bucket_name", "bucket_arn"}),
}
KEYS: dict[str, Row] = {
    **{name: (more, inputs, set()) for name, (more, inputs, _) in STORE.items()},
    "principals": ({}, {"Key.policy"}, set()),
    "region": ({}, {"Key.region", "Key.policy", "Alias.region"}, set()),
    "tags": ({}, {"Key.tags"}, set()),
    "kms_alias_name": ({}, {"Alias.name"}, {"kms_alias_name"}),
}
GRANT: dict[str, Row] = {
    "bucket_name": ({}, {"BucketPolicy.bucket", "BucketPolicy.policy"}, {"bucket_name", "bucket_policy"}),
    "bucket_policy_statements": ({}, {"BucketPolicy.policy"}, {"bucket_policy"}),
    "principals": (
        {"kms_key_arn": KEY},
        {"BucketPolicy.policy", "Grant.granteePrincipal"},
        {"principals", "bucket_policy"},
    ),
    "kms_key_arn": ({}, {"Grant.keyId"}, set()),
    "region": (
        {"kms_key_arn": KEY},
        {"BucketPolicy.region", "BucketPolicy.policy", "Grant.region"},
        {"bucket_policy"},
    ),
    "partition": ({}, {"BucketPolicy.policy"}, {"bucket_policy"}),
}
CREDENTIAL: dict[str, Row] = {
    "bucket_name": ({}, {"UserPolicy.policy"}, set()),
    "kms_key_arn": ({}, {"UserPolicy.policy"}, set()),
    "region": ({"kms_key_arn": KEY, "access": "minimal"}, {"UserPolicy.policy"}, set()),
    "partition": ({}, {"UserPolicy.policy"}, set()),
    "tags": ({}, {"User.tags"}, set()),
}
COMPONENTS: dict[str, tuple[type[pulumi.ComponentResource], type, dict[str, Any], dict[str, Row]]] = {
    "AwsByob": (aws.AwsByob, aws.AwsByobArgs, SELF, STORE),
    "AwsBucket": (aws.AwsBucket, aws.AwsBucketArgs, {"kms_key_arn": KEY, "principals": [ROLE]}, BUCKET),
    "AwsKey": (aws.AwsKey, aws.AwsKeyArgs, {"principals": [ROLE]}, KEYS),
    "AwsGrant": (
        aws.AwsGrant,
        aws.AwsGrantArgs,
        {"deployment": "dedicated", "bucket_name": "theirs", "bucket_policy_statements": [], "principals": [ROLE]},
        GRANT,
    ),
    "AwsCredential": (
        aws.AwsCredential,
        aws.AwsCredentialArgs,
        {"bucket_name": "theirs", "credential_keys": ["a"]},
        CREDENTIAL,
    ),
}
ALWAYS_SECRET = {"AwsByob": {"server_secrets"}, "AwsCredential": {"secret_access_key"}}


def passed_through(kind: type) -> set[str]:
    """The arguments that may be an Output, at any depth, from the types."""
    hints = get_type_hints(kind, localns={"Output": pulumi.Output, "T": Any})

    def takes_output(hint: Any) -> bool:
        return hint is pulumi.Output or get_origin(hint) is pulumi.Output or any(map(takes_output, get_args(hint)))

    return {name for name, hint in hints.items() if takes_output(hint)}


CASES = [(c, argument) for c, (_, kind, *_) in COMPONENTS.items() for argument in sorted(passed_through(kind))]
SHAPES = [(*case, "whole") for case in CASES]
SHAPES += [(*case, "inside") for case in CASES if case[1] in ("tags", "bucket_policy_statements")]
"""An Output is the argument itself (or the element of a list), or a value inside a mapping."""
COMPUTED = {
    ("AwsByob", "bucket_name"): {"BucketPolicy.policy", "bucket_arn"},
    ("AwsBucket", "bucket_name"): {"BucketPolicy.policy", "bucket_arn"},
    ("AwsGrant", "region"): {"BucketPolicy.policy", "bucket_policy"},
}
"""What hangs on something the provider computes, which is marked as secret as soon as it is known, and not in a preview."""


def opened(value: Any, shape: str, wrap: Any) -> Any:
    """The value with an Output in the place of itself, or, in a list, of its elements."""
    if isinstance(value, list):
        return [opened(one, shape, wrap) for one in value] if shape == "inside" else [wrap(one) for one in value]
    if isinstance(value, dict) and shape == "inside":
        return {key: wrap(one) if key in ("team", "Principal", "Resource") else one for key, one in value.items()}
    return wrap(value)


def landed(seen: Run, mark: str) -> set[str]:
    return {f"{r.kind}.{field}" for r in seen.resources for field, v in r.inputs.items() if mark in marks(v)}


def make(component: str, argument: str, shape: str, wrap: Any, preview: bool = False) -> Run:
    cls, _, base, rows = COMPONENTS[component]
    # Wrapped inside the program: an Output belongs to one run.
    args = {**base, **rows[argument][0]}

    def program() -> dict[str, Any]:
        made = cls("vision", {**args, argument: opened(VALUES[argument], shape, wrap)})  # type: ignore[call-arg, arg-type]
        return {output: getattr(made, output) for output in inspect.get_annotations(cls)}

    return run(program, AwsMocks(preview=preview, live_policy=LIVE), preview=preview)


@functools.cache
def plainly(component: str, argument: str, preview: bool = False) -> Run:
    cls, _, base, rows = COMPONENTS[component]
    args = {**base, **rows[argument][0], argument: VALUES[argument]}
    return record(cls, args, preview=preview, live_policy=LIVE)


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
    assert landed(seen, "secret") == inputs
    assert {name for name, one in seen.outputs.items() if one.secret} == outputs | ALWAYS_SECRET.get(component, set())
    assert not [text for text in seen.warnings if "confidential" in text]


@pytest.mark.parametrize(("component", "argument", "shape"), SHAPES)
def test_an_output_that_is_known_gives_what_a_plain_value_gives(component: str, argument: str, shape: str) -> None:
    seen = make(component, argument, shape, pulumi.Output.from_input)
    wanted = plainly(component, argument)

    def inputs(one: Run) -> list[Any]:
        # A grant on a key is named by its principal when that is known.
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
    later = COMPUTED.get((component, argument), set())
    assert landed(seen, "secret") == inputs - later
    secret = {name for name, one in seen.outputs.items() if one.secret}
    assert secret == (outputs - later) | ALWAYS_SECRET.get(component, set())


def test_a_principal_of_the_wrong_partition_is_told_later_without_its_value_when_secret() -> None:
    secret = "arn:aws-cn:iam::830241207209:role/confidential"
    with pytest.raises(ByobRunError) as refused:
        record(aws.AwsKey, {"principals": [pulumi.Output.secret(secret)]})
    assert "BYOB-WANDB-013" in str(refused.value)
    assert "confidential" not in str(refused.value)


def test_real_resources_outputs_can_be_passed() -> None:
    """The case all of this is for: the log bucket and a role made in the same program."""

    def program() -> Mapping[str, Any]:
        logs = pulumi_aws.s3.Bucket("logs")
        made = aws.AwsByob("vision", {**SELF, "access_log_bucket": logs.bucket})  # type: ignore[typeddict-item, arg-type]
        return {"bucket_name": made.bucket_name}

    seen = run(program, AwsMocks())
    assert plain(seen.one("BucketLogging").inputs["targetBucket"]) == "logs-a1b2c3d"
    assert "aws:s3/bucket:Bucket::logs" in seen.one("BucketLogging").dependencies
