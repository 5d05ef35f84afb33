"""A rule as plain data, independent of how it is run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from byob_components.policies.finding import Finding
from byob_components.policies.view import Resource, Stack

PAGE = "docs/policies.md"
"""The page that describes every rule, one heading a rule."""


class Level(StrEnum):
    """How a violation counts; the engine's own words."""

    ADVISORY = "advisory"
    """It is shown."""
    MANDATORY = "mandatory"
    """It blocks."""
    REMEDIATE = "remediate"
    """It is mended where the rule can, and blocks where it cannot."""
    DISABLED = "disabled"
    """The rule does not run."""


class Severity(StrEnum):
    """How much is at stake."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    """Access or recovery is at risk."""
    CRITICAL = "critical"
    """Data can be lost, or strangers let in."""


@dataclass(frozen=True)
class Framework:
    """A control of a published catalogue.

    Args:
        name: The catalogue.
        version: Its version; ids are renumbered between versions.
        control: The control's id there.
    """

    name: str
    version: str
    control: str

    def __str__(self) -> str:
        return f"{self.name} {self.version} {self.control}"


def ccc(control: str) -> Framework:
    """A control of the FINOS Common Cloud Controls, the spine of this catalogue.

    Args:
        control: For example `CCC.ObjStor.CN05`.
    """
    return Framework("FINOS CCC", "v2025.10", control)


def cis_aws(control: str) -> Framework:
    """A control of the CIS Amazon Web Services Foundations Benchmark.

    Args:
        control: For example `3.1.1`.
    """
    return Framework("CIS AWS", "7.0", control)


def fsbp(control: str) -> Framework:
    """A control of AWS Foundational Security Best Practices.

    Args:
        control: For example `S3.5`. The catalogue is not versioned as a whole.
    """
    return Framework("AWS FSBP", "2026", control)


def cis_gcp(control: str) -> Framework:
    """A control of the CIS Google Cloud Platform Foundation Benchmark.

    Args:
        control: For example `5.2`.
    """
    return Framework("CIS GCP", "5.0", control)


def cis_azure(control: str) -> Framework:
    """A control of the CIS Microsoft Azure Foundations Benchmark.

    Args:
        control: For example `9.3.4`.
    """
    return Framework("CIS Azure", "6.0", control)


class Scope(StrEnum):
    """Which resources a rule looks at."""

    ALL = "all"
    """Every one of its types: the default, because a bucket written by hand is what a guard is for."""
    BYOB = "byob"
    """Those below a component of this library, those with its tag, and settings of such a bucket."""


@dataclass(frozen=True)
class Settings:
    """How a rule is configured.

    Args:
        level: How a violation counts.
        scope: Which resources it looks at.
        include: Patterns of resource names; empty means every name.
        exclude: Patterns of resource names that are left out.
        principals: Further identities that the rule accepts.
        minimum_days: The least number of days that the rule accepts.
    """

    level: Level
    scope: Scope = Scope.ALL
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()
    minimum_days: int = 0


Check = Callable[[Resource, Stack, Settings], Iterable[Finding]]
"""Looks at one resource. A resource rule is given an empty stack."""
Remedy = Callable[[Resource, Settings], Mapping[tuple[str, ...], Any]]
"""Gives the values that mend a resource, by their place in its properties; nothing when nothing is to be mended."""


@dataclass(frozen=True)
class Rule:
    """One rule.

    Args:
        name: `byob-<cloud>-<what>`, its name in configurations.
        code: `BYOB-POL-<CLOUD>-<NNN>`, stable for ever.
        title: What holds when the rule is kept, one sentence.
        why: What happens when it is not, one or two sentences.
        fix: What to do, steps as one paragraph.
        types: The resource types it looks at.
        severity: How much is at stake.
        frameworks: The controls it serves, the FINOS one first; none when only W&B needs the rule.
        check: The rule itself.
        level: How a violation counts by default.
        stack: Whether it needs the other resources of the stack, and so runs after them.
        reads: Further resource types that a stack rule reads and does not judge; a run converts no others.
        principals: What `principals` means in its configuration; empty when it takes none.
        minimum_days: The default of `minimumDays` in its configuration; None when it takes none.
        s3_compatible: Whether it also holds for servers that only speak S3; None when it holds for nothing else.
        remedy: How it mends a resource; None when it cannot safely.
    """

    name: str
    code: str
    title: str
    why: str
    fix: str
    types: tuple[str, ...]
    severity: Severity
    frameworks: tuple[Framework, ...]
    check: Check
    level: Level = Level.MANDATORY
    stack: bool = False
    reads: tuple[str, ...] = ()
    principals: str = ""
    minimum_days: int | None = None
    s3_compatible: bool | None = True
    remedy: Remedy | None = None

    @property
    def cloud(self) -> str:
        """The cloud in its name."""
        return self.name.split("-")[1]

    @property
    def url(self) -> str:
        """Where it is described."""
        return f"{PAGE}#{self.name}"
