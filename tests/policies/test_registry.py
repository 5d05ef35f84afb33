"""The rules as a whole: names, codes, frameworks, and that every type and property they speak of exists."""

from __future__ import annotations

import importlib
import re
from collections import Counter

import pytest

from byob_components.gcp.labels import STORE_LABEL
from byob_components.policies import RULES, Level, Severity, rules_for
from byob_components.policies.view import STORE_KEYS
from byob_components.store import STORE_TAG

ONLY_WANDB = {"cors", "requester", "denied", "upload", "link", "network", "archive"}
each = pytest.mark.parametrize("one", RULES, ids=lambda one: one.name)


def test_names_and_codes_are_each_once_and_in_order() -> None:
    for values in ([one.name for one in RULES], [one.code for one in RULES], [one.title for one in RULES]):
        assert [value for value, count in Counter(values).items() if count > 1] == []
    assert [one.code for one in RULES] == sorted(one.code for one in RULES)
    assert {one.cloud for one in RULES} <= {"aws", "gcp", "azure", "s3"}
    assert [len(rules_for(cloud)) for cloud in ("aws", "azure", "gcp", "s3")] == [45, 31, 37, 6]


@each
def test_a_rule_says_what_a_person_needs(one) -> None:  # type: ignore[no-untyped-def]
    assert re.fullmatch(r"byob-(aws|gcp|azure|s3)(-[a-z0-9]+)+", one.name)
    assert re.fullmatch(rf"BYOB-POL-{one.cloud.upper()}-\d{{3}}", one.code)
    assert one.title.endswith(".")
    assert one.title[0].isupper()
    assert len(one.why) > 30
    assert one.why.endswith(".")
    assert len(one.fix) > 10
    assert not one.fix.endswith(".")
    assert one.types
    assert isinstance(one.severity, Severity)
    assert one.level in (Level.ADVISORY, Level.MANDATORY)
    assert one.url == f"docs/policies.md#{one.name}"


@each
def test_the_finos_control_comes_first(one) -> None:  # type: ignore[no-untyped-def]
    if one.frameworks:
        assert re.fullmatch(r"CCC\.(ObjStor|Core)\.CN\d\d", one.frameworks[0].control)
        assert all(framework.version for framework in one.frameworks)
    else:
        # What only W&B needs is in no catalogue.
        assert set(one.name.split("-")[2:]) & ONLY_WANDB


def test_what_is_advice_only() -> None:
    advisory = {
        cloud: {
            one.name.removeprefix(f"byob-{cloud}-bucket-") for one in rules_for(cloud) if one.level is Level.ADVISORY
        }
        for cloud in ("aws", "azure", "gcp", "s3")
    }
    assert advisory["s3"] == {"versioning-missing", "tls", "noncurrent-missing"}
    assert advisory["azure"] == {
        f"byob-azure-{name}"
        for name in (
            "account-shared-key", "account-network", "cors-origins", "noncurrent-missing", "link", "account-contributor",
            "vault-rbac", "access-log-missing", "vault-network",
        )
    }  # fmt: skip
    assert advisory["gcp"] == {
        "network",
        "access-log",
        "cors-origins",
        "archive",
        "noncurrent-missing",
        "storage-admin",
        "shared-principal",
        "link",
    }
    assert advisory["aws"] == {
        "tls-version",
        "customer-keys",
        "shared-principal",
        "denied",
        "cors-origins",
        "noncurrent-missing",
        "access-log-missing",
        "link",
        "one-zone",
        "byob-aws-key-shared-principal",
    }


def resource_type(type_: str) -> str:
    """The type token of the SDK's class in the module that a token names; its own name in the SDK proves that it exists."""
    package, _, rest = type_.partition(":")
    module, _, cls = rest.partition(":")
    module = module if "/" in module else f"{module}/{cls}"
    package = package.replace("-", "_")
    folder, _, file = module.partition("/")
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", file.replace("iAM", "IAM")).lower()
    found = importlib.import_module(f"pulumi_{package}.{folder}.{snake}")
    return str(getattr(found, cls).pulumi_type)


@pytest.mark.parametrize(
    "type_",
    sorted(
        {
            type_
            for cloud in ("aws", "azure", "gcp", "s3")
            for one in rules_for(cloud)
            for type_ in (*one.types, *one.reads)
        }
    ),
)
def test_every_type_of_the_rules_is_one_of_the_sdk(type_: str) -> None:
    assert resource_type(type_) == type_


def test_the_tag_is_the_components() -> None:
    assert STORE_KEYS == (STORE_TAG, STORE_LABEL)
