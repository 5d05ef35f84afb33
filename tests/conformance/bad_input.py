"""Bad input is refused with every fault at once, with code, allowed values and a fix, and registers nothing.

One class for the clouds whose folder holds rows of bad calls; AWS has more columns in its rows, in `tests/bad_input`.
"""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pulumi
import pytest
from pulumi.runtime import mocks

from byob_components.store import ByobRunError
from tests.mocks.monitor import run

Row = tuple[dict[str, Any], list[str]]
"""What is given on top of a good call, and the faults, as `<code> <where>`, sorted."""
ROOT = Path(__file__).parents[2]


class BadInputContract:
    """The contract; not collected by itself."""

    composite: ClassVar[type[pulumi.ComponentResource]]
    """The class of the composite."""
    arguments: ClassVar[type]
    """Its TypedDict."""
    mocks: ClassVar[Callable[..., mocks.Mocks]]
    """Makes the cloud."""
    store: ClassVar[Mapping[str, Any]]
    """A good call."""
    single: ClassVar[Mapping[str, Sequence[Row]]]
    """Rows by the argument they are about."""
    combined: ClassVar[Sequence[Row]]
    """Rows of several faults."""
    least: ClassVar[int] = 60
    """How many rows there are at least."""
    planted: ClassVar[tuple[str, ...]] = ()
    """Parts of secrets in the rows, which no message may show."""
    parts: ClassVar[Sequence[tuple[type[pulumi.ComponentResource], dict[str, Any], list[str]]]]
    """Bad calls of the parts by themselves, and the codes of their faults, sorted."""
    names: ClassVar[Mapping[str, Sequence[str]]]
    """Code -> resource names that it is about, which no bucket could have."""
    given_name: ClassVar[tuple[str, str]]
    """The argument that mends such a resource name, and a good value of it."""
    prefix: ClassVar[str]
    """What the cloud's codes begin with."""
    elsewhere: ClassVar[frozenset[str]]
    """Codes without a row, because they are about other things than arguments, and tested apart."""

    # ------------------------------------------------------------------------------------------ making
    @classmethod
    def rows(cls) -> list[Row]:
        """All rows."""
        return [row for rows in cls.single.values() for row in rows] + list(cls.combined)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Spread the rows."""
        if "row" in metafunc.fixturenames:
            rows = self.rows()
            metafunc.parametrize("row", range(len(rows)), ids=[str(given)[:60] for given, _ in rows])
        if "bad_name" in metafunc.fixturenames:
            bad = [(code, name) for code, names in self.names.items() for name in names]
            metafunc.parametrize(("code", "bad_name"), bad)
        if "part" in metafunc.fixturenames:
            ids = [f"{component.__name__}-{','.join(codes)}" for component, _, codes in self.parts]
            metafunc.parametrize("part", self.parts, ids=ids)

    @classmethod
    def refused(
        cls,
        given: Mapping[str, Any],
        name: str = "vision",
        component: type[pulumi.ComponentResource] | None = None,
    ) -> ByobRunError:
        """The error of one bad call, which may not register anything: of the composite, or all arguments of a part."""
        errors: list[ByobRunError] = []

        def program() -> None:
            args = dict(given) if component else {**cls.store, **given}
            with pytest.raises(ByobRunError) as raised:
                (component or cls.composite)(name, args)  # type: ignore[arg-type, call-arg]
            errors.append(raised.value)

        assert run(program, cls.mocks()).resources == []
        return errors[0]

    @classmethod
    @functools.cache
    def outcomes(cls) -> tuple[dict[str, ByobRunError], list[str]]:
        """All rows in one program, each under a name of its own: name to error, and the names of what was registered."""
        errors: dict[str, ByobRunError] = {}

        def program() -> None:
            for i, (given, _) in enumerate(cls.rows()):
                try:
                    cls.composite(f"row{i}", {**cls.store, **given})  # type: ignore[arg-type, call-arg]
                except ByobRunError as error:
                    errors[f"row{i}"] = error

        return errors, [r.name for r in run(program, cls.mocks()).resources]

    # ------------------------------------------------------------------------------------------ tests
    def test_no_argument_is_without_a_row(self) -> None:
        assert sorted(self.single) == sorted(self.arguments.__annotations__)
        for argument, rows in self.single.items():
            assert rows, argument
            assert all(argument in given for given, _ in rows), argument
        assert len(self.rows()) >= self.least

    def test_every_fault_is_told_with_what_is_allowed_or_how_to_mend_it(self, row: int) -> None:
        given, faults = self.rows()[row]
        errors, registered = self.outcomes()
        assert f"row{row}" in errors, "the call was accepted"
        assert f"row{row}" not in {name.partition("-")[0] for name in registered}
        error = errors[f"row{row}"]
        assert faults
        assert sorted(f"{fault.code} {fault.where}" for fault in error.faults) == faults
        for fault in error.faults:
            assert fault.allowed or fault.fix
            assert fault.code in str(error)
        for secret in self.planted:
            assert secret not in str(error)
        check = sys.modules[self.composite.__module__].check
        assert [str(fault) for fault in check({**self.store, **given})] == [str(fault) for fault in error.faults]

    def test_no_row_registers_anything(self) -> None:
        assert self.outcomes()[1] == []

    def test_a_resource_name_that_makes_no_name_in_the_cloud(self, code: str, bad_name: str) -> None:
        assert [fault.code for fault in self.refused({}, bad_name).faults] == [code]
        argument, value = self.given_name

        def program() -> dict[str, Any]:
            made = self.composite(bad_name, {**self.store, argument: value})  # type: ignore[arg-type, call-arg]
            return {"bucket_name": made.bucket_name}  # type: ignore[attr-defined]

        assert run(program, type(self).mocks()).value("bucket_name") == value

    def test_the_parts_refuse_by_themselves(
        self, part: tuple[type[pulumi.ComponentResource], dict[str, Any], list[str]]
    ) -> None:
        component, given, codes = part
        assert sorted(fault.code for fault in self.refused(given, component=component).faults) == codes

    def test_every_code_has_its_entry_in_the_docs_and_a_row_here(self) -> None:
        folder = ROOT.joinpath(*self.composite.__module__.split(".")).parent
        source = "".join(path.read_text() for path in folder.glob("*.py"))
        codes = set(re.findall(rf"{self.prefix}-\d{{3}}", source))
        told = set(re.findall(rf"{self.prefix}-\d{{3}}", (ROOT / "docs/errors.md").read_text()))
        assert codes
        assert codes == told
        assert codes - {fault.split()[0] for _, faults in self.rows() for fault in faults} == self.elsewhere
