"""The good stacks are good, and every generated mutant of them breaks the rules that are declared for it, no more and no less.

The declarations stand in `declared/<cloud>.txt`, the mutants that survive among them, each under the reason why.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from byob_components.policies import RULES, Level, Rule, rules_for
from byob_components.policies.view import Resource
from tests.policies import good
from tests.policies.made import answers, handed, session
from tests.policies.mutants import mutants

ADVICE = {
    "aws": {"bucket-cors-origins", "bucket-access-log-missing"},
    "azure": {"cors-origins", "account-shared-key", "account-contributor", "access-log-missing"},
    "gcp": {"bucket-cors-origins", "bucket-access-log", "bucket-storage-admin"},
    "s3": {"aws-bucket-cors-origins", "bucket-versioning-missing", "bucket-noncurrent-missing", "bucket-tls"},
}
"""The advice that good stacks get: each is the composite's default, or W&B's page."""
UNDECIDED = {"byob-aws-key-wandb", "byob-azure-key-reader", "byob-gcp-key-agent"}
"""What a store with a key made elsewhere leaves open."""
STORES = [(cloud, store) for cloud, stores in good.stacks().items() for store in stores]


@cache
def declared(cloud: str) -> dict[tuple[str, str], frozenset[str]]:
    """Mutant and store (empty for every store) to the rules that must fire."""
    text = (Path(__file__).parent / "declared" / f"{cloud}.txt").read_text(encoding="utf-8")
    found: dict[tuple[str, str], frozenset[str]] = {}
    rules: frozenset[str] = frozenset()
    for line in filter(None, text.splitlines()):
        if line.startswith("#"):
            continue
        section = re.fullmatch(r"\[(?:survives: (.{10,})|([a-z0-9 -]+))\]", line)
        if section:
            rules = frozenset((section[2] or "").split())
            continue
        key, _, stores = line.partition(" {")
        for store in stores.removesuffix("}").split(", "):
            assert (key, store) not in found, f"declared twice: {line}"
            found[key, store] = rules
    return found


def rules_of(cloud: str) -> tuple[Rule, ...]:
    """The rules that may speak of a cloud's stores: S3-compatible servers have the types of AWS."""
    return (*rules_for("aws"), *rules_for("s3")) if cloud == "s3" else rules_for(cloud)


def short(name: str, cloud: str) -> str:
    """A rule's name without its beginning, as it stands in the declarations."""
    return name.removeprefix(f"byob-{cloud}-").removeprefix("byob-")


class Judge:
    """What a stack breaks, and what its mutants break: only what a mutant changes is judged again."""

    def __init__(self, cloud: str, stack: tuple[Resource, ...]) -> None:
        self.cloud, self.rules = cloud, session(good.LISTED, rules_of(cloud))
        self.before = {id(one): self.of_resource(one) for one in stack}

    def of_resource(self, one: Resource) -> frozenset[str]:
        """What the resource rules find on one resource."""
        found = (each for each in rules_of(self.cloud) if not each.stack and one.type in each.types)
        return frozenset(each.name for each in found if self.rules.judge(each, one).violations)

    def whole(self, stack: tuple[Resource, ...]) -> set[str]:
        """What all rules find, without the beginning of their names."""
        rules = session(good.LISTED, rules_of(self.cloud))
        for one in stack:
            rules.see(one.urn, one)
        view = rules.stack(handed(stack))
        found = {each.name for each in rules_of(self.cloud) if each.stack and rules.judge_stack(each, view).violations}
        for one in stack:
            found |= self.before.get(id(one)) or self.of_resource(one)
        return {short(name, self.cloud) for name in found}


def judged(cloud: str, store: str) -> Iterator[tuple[str, set[str]]]:
    """Each mutant of a store, and the rules that it breaks beside those that the store breaks."""
    stack = good.stacks()[cloud][store]
    judge = Judge(cloud, stack)
    before = judge.whole(stack)
    for mutant in mutants(stack):
        yield mutant.key, judge.whole(mutant.stack) - before


@pytest.mark.parametrize(("cloud", "store"), STORES)
def test_a_good_stack_is_good(cloud: str, store: str) -> None:
    found = answers(good.stacks()[cloud][store], good.LISTED)
    broken = {short(name, cloud) for name, answer in found if answer.violations}
    assert broken <= ADVICE[cloud]
    mandatory = {one.name for one in RULES if one.level is Level.MANDATORY}
    assert not {name for name, answer in found if answer.violations} & mandatory
    assert {name for name, answer in found if answer.undecided} <= UNDECIDED


@pytest.mark.parametrize(("cloud", "store"), STORES)
def test_every_mutant_breaks_what_is_declared_for_it(cloud: str, store: str) -> None:
    wrong = []
    for key, broken in judged(cloud, store):
        wanted = declared(cloud).get((key, store), declared(cloud).get((key, "")))
        if wanted is None or broken != set(wanted):
            wrong.append((key, sorted(broken), None if wanted is None else sorted(wanted)))
    assert wrong == []


@pytest.mark.parametrize("cloud", good.stacks())
def test_what_is_declared_is_there_and_every_rule_is_broken_by_a_mutant(cloud: str) -> None:
    keys = {mutant.key for stack in good.stacks()[cloud].values() for mutant in mutants(stack)}
    assert {key for key, _ in declared(cloud)} - keys == set()
    assert len(keys) > {"aws": 520, "azure": 310, "gcp": 190, "s3": 220}[cloud]
    broken = Counter(rule for rules in declared(cloud).values() for rule in rules)
    unbroken = {short(one.name, cloud) for one in rules_for(cloud)} - set(broken)
    # What the components never register, not even with a property changed, or break in every store already.
    assert (
        unbroken
        == {
            "aws": {"bucket-acl", "bucket-object-lock", "bucket-requester-pays", "key-enabled"},
            "azure": {"immutability", "key-enabled", "expiry", "account-contributor"},
            "gcp": {"bucket-acl", "bucket-retention", "bucket-requester-pays", "bucket-network", "key-enabled"},
            "s3": set(),
        }[cloud]
    )
