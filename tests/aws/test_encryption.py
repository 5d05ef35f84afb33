"""Every combination of encryption, key and component, settled before anything is registered."""

import itertools
from typing import Any

import pulumi
import pytest

from byob_components import aws
from byob_components.store import ByobRunError
from tests.mocks.aws import AwsMocks, record
from tests.mocks.monitor import run

KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
OWN_KEY = "arn:aws:kms:eu-west-1:111122223333:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
ROLE = "arn:aws:iam::830241207209:role/acme-node"
STORE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "principals": [ROLE]}

# (encryption, key given) -> code of the fault, or (algorithm, key of the bucket, kms_key_id, kinds of key resources)
STORES: dict[tuple[str | None, bool], Any] = {
    (None, False): ("aws:kms", OWN_KEY, OWN_KEY, {"AwsKey", "Key", "Alias"}),
    (None, True): "BYOB-AWS-010",
    ("new_key", False): ("aws:kms", OWN_KEY, OWN_KEY, {"AwsKey", "Key", "Alias"}),
    ("new_key", True): "BYOB-AWS-010",
    ("existing_key", False): "BYOB-AWS-008",
    ("existing_key", True): ("aws:kms", KEY, KEY, {"Grant"}),
    ("provider_managed", False): ("AES256", None, "", set()),
    ("provider_managed", True): "BYOB-AWS-010",
}
BUCKETS: dict[tuple[str | None, bool], Any] = {
    (None, False): "BYOB-AWS-008",
    (None, True): ("aws:kms", KEY, None, set()),
    ("new_key", False): "BYOB-AWS-008",
    ("new_key", True): ("aws:kms", KEY, None, set()),
    ("existing_key", False): "BYOB-AWS-008",
    ("existing_key", True): ("aws:kms", KEY, None, set()),
    ("provider_managed", False): ("AES256", None, None, set()),
    ("provider_managed", True): "BYOB-AWS-010",
}
COMPONENTS: dict[str, tuple[type[pulumi.ComponentResource], dict[str, Any], dict[tuple[str | None, bool], Any]]] = {
    "AwsByob": (aws.AwsByob, STORE, STORES),
    "AwsBucket": (aws.AwsBucket, {"principals": [ROLE]}, BUCKETS),
}
CASES = [(name, *case) for name, (*_, table) in COMPONENTS.items() for case in table]


def arguments(name: str, encryption: str | None, with_key: bool, key: Any = KEY) -> dict[str, Any]:
    chosen = {} if encryption is None else {"encryption": encryption}
    return {**COMPONENTS[name][1], **chosen, **({"kms_key_arn": key} if with_key else {})}


def test_no_combination_is_without_a_row() -> None:
    wanted = set(itertools.product([None, "new_key", "existing_key", "provider_managed"], [False, True]))
    assert set(STORES) == set(BUCKETS) == wanted


@pytest.mark.parametrize(("name", "encryption", "with_key"), CASES)
def test_a_combination_is_carried_out_or_refused(name: str, encryption: str | None, with_key: bool) -> None:
    cls, _, table = COMPONENTS[name]
    wanted = table[encryption, with_key]
    if isinstance(wanted, str):
        with pytest.raises(ByobRunError) as refused:
            record(cls, arguments(name, encryption, with_key))
        assert [fault.code for fault in refused.value.faults] == [wanted]
        return
    algorithm, bucket_key, output, kinds = wanted
    seen = record(cls, arguments(name, encryption, with_key))
    rule: dict[str, Any] = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": algorithm}}
    if bucket_key:
        rule["applyServerSideEncryptionByDefault"]["kmsMasterKeyId"] = bucket_key
        rule["bucketKeyEnabled"] = True
    assert seen.one("BucketServerSideEncryptionConfiguration").inputs["rules"] == [rule]
    assert {r.kind for r in seen.resources} & {"AwsKey", "Key", "Alias", "Grant"} == kinds
    if output is not None:
        assert seen.value("kms_key_id") == output


@pytest.mark.parametrize(("name", "encryption", "with_key"), [case for case in CASES if case[2]])
def test_a_key_that_is_not_known_yet_is_judged_the_same(name: str, encryption: str | None, with_key: bool) -> None:
    cls, _, table = COMPONENTS[name]

    def program() -> None:
        cls("vision", arguments(name, encryption, with_key, pulumi.Output.from_input(KEY)))  # type: ignore[arg-type, call-arg]

    if isinstance(table[encryption, with_key], str):
        with pytest.raises(ByobRunError, match=table[encryption, with_key]):
            run(program, AwsMocks())
    else:
        run(program, AwsMocks())


@pytest.mark.parametrize("encryption", ["existing_key", "provider_managed"])
@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("kms_alias_name", "alias/x"),
        ("kms_deletion_window_days", 30),
        ("kms_rotation_days", 365),
        ("kms_key_admins", [ROLE]),
        ("kms_key_users", [ROLE]),
        ("kms_key_guard", [ROLE]),
    ],
)
def test_arguments_of_a_new_key_are_refused_without_one(encryption: str, argument: str, value: Any) -> None:
    given = arguments("AwsByob", encryption, encryption == "existing_key")
    with pytest.raises(ByobRunError) as refused:
        record(aws.AwsByob, {**given, argument: value})
    assert [(fault.code, fault.where) for fault in refused.value.faults] == [("BYOB-AWS-009", argument)]


def test_a_refused_store_registers_nothing() -> None:
    seen: list[str] = []

    class Watching(AwsMocks):
        def new_resource(self, args: Any) -> Any:
            seen.append(args.typ)
            return super().new_resource(args)

    def program() -> None:
        with pytest.raises(ByobRunError):
            aws.AwsByob("vision", arguments("AwsByob", "existing_key", False))  # type: ignore[arg-type]

    run(program, Watching())
    assert seen == []


def test_several_principals_hold_a_grant_on_an_existing_key_each() -> None:
    more = [ROLE, "arn:aws:iam::444455556666:role/eu", "arn:aws:iam::444455556666:user/us"]
    seen = record(aws.AwsByob, {**arguments("AwsByob", "existing_key", True), "principals": more})
    grants = {r.name: r.inputs["granteePrincipal"] for r in seen.resources if r.kind == "Grant"}
    # The names come from the principals, so that adding or reordering one leaves the others alone.
    assert grants == {
        "vision-712c24b2": "arn:aws:iam::830241207209:role/acme-node",
        "vision-dd88b882": "arn:aws:iam::444455556666:role/eu",
        "vision-3889d0b8": "arn:aws:iam::444455556666:user/us",
    }
