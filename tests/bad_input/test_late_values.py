"""Values that are known during the run only: held against the same rules then, and never shown when they are secret."""

from __future__ import annotations

import asyncio
from typing import Any, get_args, get_origin, get_type_hints

import pulumi
import pytest

from byob_components import aws
from byob_components.arguments import guarded, parse_args
from byob_components.errors import Fault
from byob_components.store import ByobRunError
from tests.bad_input.rows import BASE, EVERY, NODE, OWN
from tests.mocks.aws import AwsMocks
from tests.mocks.monitor import run

MARK = "Topsecret"
# argument -> a bad value with the mark in it, code, place, part of what is allowed
LATE: dict[str, tuple[Any, str, str, str]] = {
    "account_id": (MARK, "BYOB-AWS-001", "account_id", "12 digits"),
    "partition": (MARK, "BYOB-AWS-002", "partition", "aws, aws-us-gov, aws-cn"),
    "region": (MARK, "BYOB-AWS-003", "region", "'eu-west-1'"),
    "kms_key_arn": (f"alias/{MARK}", "BYOB-AWS-004", "kms_key_arn", "arn:<partition>:kms:"),
    "kms_alias_name": (MARK, "BYOB-AWS-005", "kms_alias_name", "'alias/'"),
    "kms_key_admins": ([NODE, MARK], "BYOB-AWS-011", "kms_key_admins[1]", "…:role/<name>"),
    "kms_key_users": ([MARK], "BYOB-AWS-011", "kms_key_users[0]", "…:role/<name>"),
    "kms_key_guard": ([NODE, MARK], "BYOB-AWS-011", "kms_key_guard[1]", "…:role/<name>"),
    "principals": ([NODE, MARK], "BYOB-WANDB-012", "principals[1]", "…:role/<name>"),
    "tags": ({"team": f"{MARK}|"}, "BYOB-AWS-024", "tags", "at most 49 tags"),
    "bucket_name": (MARK, "BYOB-WANDB-027", "bucket_name", "3 to 63 lower-case"),
    "cors_origins": (["*", f"https://{MARK}/"], "BYOB-WANDB-031", "cors_origins[1]", "without a path"),
    "bucket_policy_statements": (
        [OWN, {**OWN, "Sid": "Two", "Effect": MARK}],
        "BYOB-AWS-018",
        "bucket_policy_statements[1].Effect",
        "'Allow', 'Deny'",
    ),
    "access_log_bucket": (MARK, "BYOB-WANDB-027", "access_log_bucket", "3 to 63 lower-case"),
    "access_log_prefix": (f"/{MARK}", "BYOB-AWS-023", "access_log_prefix", "without a leading '/'"),
}
BESIDE: dict[str, dict[str, Any]] = {
    "access_log_prefix": {"access_log_bucket": "acme-logs"},
    "kms_key_arn": {"encryption": "existing_key"},
}


def open_arguments(component: str) -> set[str]:
    """Arguments that take an Output, themselves or in their elements."""

    def takes(hint: Any) -> bool:
        return hint is pulumi.Output or get_origin(hint) is pulumi.Output or any(map(takes, get_args(hint)))

    kind = getattr(aws, f"{component}Args")
    hints = get_type_hints(kind, localns={"Output": pulumi.Output, "T": Any}, include_extras=True)
    return {name for name, hint in hints.items() if takes(hint)}


CASES = [(component, argument) for component in EVERY for argument in sorted(open_arguments(component))]


def _opened(value: Any, wrap: Any) -> Any:
    """The value, or the last element of a list, as an Output."""
    return [*value[:-1], wrap(value[-1])] if isinstance(value, list) else wrap(value)


def _call(component: str, argument: str, wrap: Any) -> None:
    known = getattr(aws, f"{component}Args").__annotations__
    beside = {name: value for name, value in BESIDE.get(argument, {}).items() if name in known}

    def program() -> None:
        args = {**BASE[component], **beside, argument: _opened(LATE[argument][0], wrap)}
        getattr(aws, component)("vision", args)

    run(program, AwsMocks())


def test_every_argument_that_can_be_late_has_a_row() -> None:
    assert {argument for _, argument in CASES} == LATE.keys()
    assert len(CASES) >= 40


@pytest.mark.parametrize(("component", "argument"), CASES)
def test_a_late_value_is_held_against_the_same_rules(component: str, argument: str) -> None:
    _, code, where, allowed = LATE[argument]
    with pytest.raises(ByobRunError) as caught:
        _call(component, argument, pulumi.Output.from_input)
    [fault] = caught.value.faults
    assert (fault.code, fault.where) == (code, where)
    assert allowed in fault.allowed
    assert MARK in str(caught.value)
    assert str(caught.value).splitlines()[0].endswith(": 1 fault")
    assert argument in str(caught.value).splitlines()[0]


@pytest.mark.parametrize(("component", "argument"), CASES)
def test_a_secret_is_not_shown(component: str, argument: str) -> None:
    _, code, where, allowed = LATE[argument]
    with pytest.raises(ByobRunError) as caught:
        _call(component, argument, pulumi.Output.secret)
    [fault] = caught.value.faults
    assert (fault.code, fault.where, fault.value) == (code, where, None)
    assert fault.what == "holds a secret value that is not accepted"
    assert allowed in fault.allowed
    assert fault.fix == "correct the value where it comes from"
    assert MARK.lower() not in str(caught.value).lower()


def _unknown(value: Any) -> pulumi.Output[Any]:
    """What another resource's computed property is in a preview."""
    loop = asyncio.get_running_loop()
    data: asyncio.Future[Any] = loop.create_future()
    data.set_result(None)
    known: asyncio.Future[bool] = loop.create_future()
    known.set_result(False)
    return pulumi.Output(set(), data, known).apply(lambda _: value)


@pytest.mark.parametrize("component", EVERY)
@pytest.mark.parametrize("with_key", [False, True])
def test_what_is_not_known_is_not_judged(component: str, with_key: bool) -> None:
    names = open_arguments(component)
    # A store has a key of its own or somebody's, so that the arguments of the two never come together.
    chosen = {n for n in names if ("kms_key_arn" in n) is with_key}

    def program() -> None:
        beside = {"encryption": "existing_key"} if with_key and component in ("AwsByob", "AwsBucket") else {}
        late = {name: _opened(LATE[name][0], _unknown) for name in chosen}
        getattr(aws, component)("vision", {**BASE[component], **beside, **late})

    registered = run(program, AwsMocks(preview=True), preview=True).keys()
    assert f"{component}::vision" in registered


@pytest.mark.parametrize(
    ("component", "argument", "value"),
    [
        ("AwsByob", "principals", [NODE]),
        ("AwsByob", "cors_origins", ["*"]),
        ("AwsKey", "kms_key_guard", [NODE]),
        ("AwsGrant", "bucket_policy_statements", [OWN]),
    ],
)
def test_a_list_that_is_late_as_a_whole(component: str, argument: str, value: Any) -> None:
    """How many there are decides what is registered."""

    def program() -> None:
        with pytest.raises(ByobRunError) as caught:
            getattr(aws, component)("vision", {**BASE[component], argument: pulumi.Output.from_input(value)})
        [fault] = caught.value.faults
        assert (fault.code, fault.where) == ("BYOB-ARG-003", argument)

    assert run(program, AwsMocks()).keys() == []


@pytest.mark.parametrize("argument", ["cors_origins", "kms_key_guard", "principals"])
def test_a_list_of_late_elements_only_is_not_empty(argument: str) -> None:
    good = {"cors_origins": "https://wandb.ai"}.get(argument, NODE)

    def program() -> None:
        aws.AwsByob("vision", {**BASE["AwsByob"], argument: [pulumi.Output.from_input(good)]})  # type: ignore[typeddict-item]

    assert "AwsByob::vision" in run(program, AwsMocks()).keys()  # noqa: SIM118 not a dict


def test_a_late_and_a_known_fault_do_not_wait_for_each_other() -> None:
    def program() -> None:
        late = pulumi.Output.from_input("Ireland")
        aws.AwsByob("vision", {**BASE["AwsByob"], "region": late, "noncurrent_days": 0})  # type: ignore[typeddict-item]

    with pytest.raises(ByobRunError) as caught:
        run(program, AwsMocks())
    assert caught.value.faults[0].code in ("BYOB-AWS-012", "BYOB-AWS-003")


def test_a_value_inside_a_statement_is_judged_when_it_is_known() -> None:
    def program() -> None:
        everybody = {**OWN, "Effect": "Allow", "Principal": pulumi.Output.from_input("*")}
        aws.AwsByob("vision", {**BASE["AwsByob"], "bucket_policy_statements": [OWN, {**everybody, "Sid": "Two"}]})  # type: ignore[typeddict-item]

    with pytest.raises(ByobRunError) as caught:
        run(program, AwsMocks())
    [fault] = caught.value.faults
    assert (fault.code, fault.where) == ("BYOB-AWS-020", "bucket_policy_statements[1].Principal")


def test_a_good_value_passes_unchanged() -> None:
    def program() -> dict[str, Any]:
        return {"made": guarded(pulumi.Output.from_input(5), "number", lambda _value, _where: [], "Thing 'x'")}

    assert run(program, AwsMocks()).value("made") == 5


def test_the_same_function_judges_at_both_times() -> None:
    judged: list[Any] = []

    def check(value: Any, where: str) -> list[Fault]:
        judged.append((value, where))
        return []

    def program() -> dict[str, Any]:
        late = {**BASE["AwsKey"], "region": pulumi.Output.from_input("eu-west-1")}
        return {"late": parse_args(aws.AwsKeyArgs, late, {"region": check})[0]["region"]}

    parse_args(aws.AwsKeyArgs, {"region": "eu-west-1"}, {"region": check})
    run(program, AwsMocks())
    assert judged == [("eu-west-1", "region")] * 2
