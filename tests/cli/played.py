"""The engine, the clouds' logins and the clouds themselves, played for `byob verify`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from click.testing import CliRunner

from byob_components.cli.commands import byob
from byob_components.errors import ByobError
from byob_components.verify import AzureIdentity, GcsIdentity, Identity, Report, Result, State
from byob_components.verify.report import LEFT_OUT
from byob_components.verify.s3.login import Login
from tests.declared import exports

STATES = Path(__file__).resolve().parents[1] / "evidence" / "states"
AWS = exports.export(*exports.aws())
DEPLOYER = "arn:aws:iam::111122223333:user/deployer"


class Clouds:
    """Logins and verifications that are played."""

    def __init__(self) -> None:
        self.signed_in: list[tuple[str, str, str]] = []
        self.ran: list[Any] = []
        self.result = Result("V05", "CORS", State.PASS, actors=("the owner",), evidence=("seen",), seconds=0.25)
        self.refuse: Callable[[str, str], ByobError | None] = lambda role, way: None

    def sign_in(self, family: str) -> Callable[..., Any]:
        def signed_in(role: str, way: str, store: Any, *more: Any) -> Any:
            self.signed_in.append((family, role, way))
            if problem := self.refuse(role, way):
                raise problem
            name = f"{role} ({way or DEPLOYER})"
            if family == "s3":
                return Login(Identity(name, f"AKIA{role}{way}", "hidden"), "111122223333")
            if family == "gcs":
                return GcsIdentity(name, f"{role.split()[-1]}@acme.example", credentials=SimpleNamespace(token=None))
            return AzureIdentity(name, SimpleNamespace(get_token=None), role)

        return signed_in

    def verify(self, store: Any, cast: Any, browser: str | None, on_result: Any, read_only: bool) -> Report:
        self.ran.append(SimpleNamespace(store=store, cast=cast, browser=browser, read_only=read_only))
        results = [self.result]
        if read_only:
            results += [Result(f"V{i}", "Written", State.SKIP, because=LEFT_OUT) for i in (10, 11, 12)]
        for result in results:
            on_result(result)
        return Report(store.subject(), "run-1", "2026-11-25T04:00:00+00:00", 0.5, tuple(results), read_only)


class Engine:
    """An engine that is played: what it was asked for, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.plain, self.shown, self.error = "", "", ""

    def run(self, command: list[str], **options: Any) -> Any:
        self.asked.append(command)
        if self.error:
            return SimpleNamespace(returncode=255, stdout="", stderr=self.error)
        return SimpleNamespace(
            returncode=0, stdout=self.shown if "--show-secrets" in command else self.plain, stderr=""
        )


def run(*arguments: str, stdin: str | None = None) -> tuple[int, str, str]:
    done = CliRunner().invoke(byob, ["verify", *arguments], input=stdin, catch_exceptions=False)
    return done.exit_code, done.stdout, done.stderr
