"""Every argument that is only passed through may be unknown or secret: nothing crashes, unknown stays unknown, and a
secret is secret wherever it goes, and only there."""

import asyncio
import functools
import inspect
import json
from typing import Any, get_args, get_origin, get_type_hints

import pulumi
import pytest

from byob_components import coreweave
from byob_components.store import ByobRunError
from tests.mocks.aws import AwsMocks, record
from tests.mocks.monitor import Run, marks, run

WANDB = "arn:aws:iam::wandb:static/wandb-integration"
WHO = {"CW": "arn:aws:iam::ab1cd2:coreweave/confidential"}
OWN = {"Sid": "Own", "Effect": "Allow", "Principal": WHO, "Action": "s3:GetObject", "Resource": "*"}
BASE: dict[str, Any] = {"deployment": "self_managed", "level": "team", "wandb_organization_id": "acme"}

VALUES: dict[str, Any] = {
    "wandb_organization_id": "confidential",
    "storage_organization_id": "confidential",
    "principals": ["arn:aws:iam::wandb:static/confidential"],
    "bucket_name": "confidential-name",
    "cors_origins": ["https://confidential.example.com"],
    "bucket_policy_statements": [OWN],
}
"""A good value of every argument that is passed through."""

# argument -> (what goes with it, the inputs it lands in, the outputs it lands in)
Row = tuple[dict[str, Any], set[str], set[str]]
BY_NAME = {"storage_addresses", "bucket_name", "handoffs", "server_env", "server_secrets"}
NAMED = {"Bucket.bucket", "BucketVersioning.bucket", "BucketPolicy.bucket", "BucketCorsConfiguration.bucket"}
STORE: dict[str, Row] = {
    "wandb_organization_id": ({}, {"BucketPolicy.policy"}, set()),
    "storage_organization_id": ({}, {"BucketPolicy.policy"}, set()),
    "principals": ({}, {"BucketPolicy.policy"}, {"principals", "handoffs"}),
    "bucket_name": ({}, {*NAMED, "BucketPolicy.policy"}, BY_NAME),
    "cors_origins": ({}, {"BucketCorsConfiguration.corsRules"}, set()),
    "bucket_policy_statements": ({}, {"BucketPolicy.policy"}, set()),
}
BUCKET: dict[str, Row] = {
    **{name: (more, inputs, set()) for name, (more, inputs, _) in STORE.items()},
    "bucket_name": ({}, {*NAMED, "BucketPolicy.policy"}, {"bucket_name", "bucket_arn"}),
}
GRANT: dict[str, Row] = {
    "bucket_name": ({}, {"BucketPolicy.bucket", "BucketPolicy.policy"}, {"bucket_name", "bucket_policy"}),
    "principals": ({}, {"BucketPolicy.policy"}, {"principals", "bucket_policy"}),
    **{
        argument: ({}, {"BucketPolicy.policy"}, {"bucket_policy"})
        for argument in ("bucket_policy_statements", "storage_organization_id", "wandb_organization_id")
    },
}
COMPONENTS: dict[str, tuple[type[pulumi.ComponentResource], type, dict[str, Any], dict[str, Row]]] = {
    "CoreWeaveByob": (coreweave.CoreWeaveByob, coreweave.CoreWeaveByobArgs, BASE, STORE),
    "CoreWeaveBucket": (
        coreweave.CoreWeaveBucket,
        coreweave.CoreWeaveBucketArgs,
        {"wandb_organization_id": "acme", "principals": [WANDB]},
        BUCKET,
    ),
    "CoreWeaveGrant": (
        coreweave.CoreWeaveGrant,
        coreweave.CoreWeaveGrantArgs,
        {
            "deployment": "dedicated",
            "wandb_organization_id": "acme",
            "bucket_name": "theirs",
            "bucket_policy_statements": [],
        },
        GRANT,
    ),
}
ALWAYS_SECRET = {"CoreWeaveByob": {"server_secrets"}}


def passed_through(kind: type) -> set[str]:
    """The arguments that may be an Output, at any depth, from the types."""
    hints = get_type_hints(kind, localns={"Output": pulumi.Output, "T": Any})

    def takes_output(hint: Any) -> bool:
        return hint is pulumi.Output or get_origin(hint) is pulumi.Output or any(map(takes_output, get_args(hint)))

    return {name for name, hint in hints.items() if takes_output(hint)}


CASES = [(c, argument) for c, (_, kind, *_) in COMPONENTS.items() for argument in sorted(passed_through(kind))]
SHAPES = [(*case, "whole") for case in CASES]
"""An Output is the argument itself, or the element of a list."""


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

    return run(program, AwsMocks(preview=preview), preview=preview)


@functools.cache
def plainly(component: str, argument: str, preview: bool = False) -> Run:
    cls, _, base, rows = COMPONENTS[component]
    return record(cls, {**base, **rows[argument][0], argument: VALUES[argument]}, preview=preview)


def always(component: str, argument: str) -> set[str]:
    """Outputs that are secret whatever is given."""
    return ALWAYS_SECRET.get(component, set())


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
    assert landed(seen, "secret") == inputs
    assert secrets(seen) == outputs | always(component, argument)
    assert not [text for text in seen.warnings if "confidential" in text]


@pytest.mark.parametrize(("component", "argument", "shape"), SHAPES)
def test_an_output_that_is_known_gives_what_a_plain_value_gives(component: str, argument: str, shape: str) -> None:
    seen = make(component, argument, shape, pulumi.Output.from_input)
    wanted = plainly(component, argument)

    def inputs(one: Run) -> list[Any]:
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
    assert secrets(seen) == outputs | always(component, argument)


def test_a_bad_value_is_told_later_without_its_value_when_secret() -> None:
    with pytest.raises(ByobRunError) as refused:
        record(coreweave.CoreWeaveByob, {**BASE, "wandb_organization_id": pulumi.Output.secret("confidential id")})
    assert "BYOB-CW-001" in str(refused.value)
    assert "confidential" not in str(refused.value)
