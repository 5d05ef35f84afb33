"""A resource monitor that sees what `pulumi.runtime.Mocks` hides: options, order, secrets and unknowns."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import grpc
import pulumi
from google.protobuf import struct_pb2
from pulumi.runtime import mocks as pulumi_mocks
from pulumi.runtime import resource as pulumi_resource
from pulumi.runtime import settings
from pulumi.runtime._callbacks import _CallbackServicer
from pulumi.runtime.proto import resource_pb2, source_pb2

PROJECT, STACK = "byob", "test"
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class _Unknown:
    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = _Unknown()
"""Stands in recorded inputs for a value that is not known yet."""


@dataclass(frozen=True)
class Secret:
    """Stands in recorded inputs for a value that is marked as secret."""

    value: Any


@dataclass(frozen=True)
class Registered:
    """One registration, as the engine would get it; URNs are shortened to `<type>::<name>`."""

    type: str
    name: str
    custom: bool
    inputs: dict[str, Any]
    parent: str
    protect: bool
    dependencies: frozenset[str]
    deleted_with: str
    retain_on_delete: bool | None
    ignore_changes: tuple[str, ...]
    secret_outputs: tuple[str, ...]
    provider: str
    property_dependencies: dict[str, frozenset[str]] = field(default_factory=dict)
    """Input to the resources that it comes from."""
    outputs: dict[str, Any] = field(default_factory=dict)
    """What a component registered as its outputs."""
    delete_before_replace: bool = False

    @property
    def key(self) -> str:
        """`<type>::<name>`."""
        return f"{self.type}::{self.name}"

    @property
    def kind(self) -> str:
        """The last part of the type."""
        return self.type.rpartition(":")[2]


@dataclass(frozen=True)
class Seen:
    """What an output of the program turned out to be."""

    value: Any
    known: bool
    secret: bool


@dataclass
class Run:
    """All that a program did."""

    resources: list[Registered]
    calls: list[tuple[str, dict[str, Any], str]]
    warnings: list[str]
    outputs: dict[str, Seen]
    registered_outputs: list[str]
    """The components that registered outputs, in order."""

    def one(self, kind: str, name: str | None = None) -> Registered:
        """The only resource of a kind (and name)."""
        found = [r for r in self.resources if r.kind == kind and name in (None, r.name)]
        assert len(found) == 1, f"{len(found)} resources of kind {kind} and name {name}: {[r.key for r in found]}"
        return found[0]

    def keys(self) -> list[str]:
        """`<kind>::<name>` of every registration, the stack and providers left out."""
        return [f"{r.kind}::{r.name}" for r in self.resources if not r.type.startswith("pulumi:")]

    def value(self, output: str) -> Any:
        """The value of an output."""
        return self.outputs[output].value


def plain(value: Any) -> Any:
    """A recorded value without the marks of secrets."""
    if isinstance(value, Secret):
        return plain(value.value)
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list) else value


def marks(value: Any) -> set[str]:
    """Which marks a recorded value has anywhere inside: `secret`, `unknown`."""
    if value is UNKNOWN:
        return {"unknown"}
    if isinstance(value, Secret):
        return {"secret"} | marks(value.value)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {mark for one in inner for mark in marks(one)}


def decode(value: Any) -> Any:
    """A protobuf value as plain data, with the marks of secrets and unknowns kept."""
    if isinstance(value, struct_pb2.Struct):
        made = {key: decode(inner) for key, inner in value.fields.items()}
        return Secret(made["value"]) if made.get(_SIGNATURE) == _SECRET else made
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return decode(value.struct_value)
    if kind == "list_value":
        return [decode(inner) for inner in value.list_value.values]
    if kind == "string_value":
        return UNKNOWN if value.string_value == _UNKNOWN else value.string_value
    if kind == "number_value":
        return int(value.number_value) if value.number_value.is_integer() else value.number_value
    return value.bool_value if kind == "bool_value" else None


class Refusal(grpc.RpcError):
    """How the engine hands on that a provider's function failed; mocks raise it.

    Args:
        details: The provider's message.
    """

    def __init__(self, details: str) -> None:
        super().__init__(details)
        self._details = details

    def code(self) -> grpc.StatusCode:
        """What gRPC says for an error of a provider."""
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        """The message."""
        return self._details


class RecordingMonitor(pulumi_mocks.MockMonitor):
    """Records every registration, refuses a repeated URN, and runs transforms as the engine does."""

    def __init__(self, mocks: pulumi_mocks.Mocks) -> None:
        super().__init__(mocks)
        self.recorded: dict[str, Registered] = {}
        self.calls: list[tuple[str, dict[str, Any], str]] = []
        self.registered_outputs: list[str] = []
        self.problems: list[str] = []
        self._transforms: dict[str, tuple[str, list[str]]] = {}
        self._lock = threading.RLock()

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """The URN with the whole chain of types, which the base class cuts to one."""
        chain = parent.split("::")[2] + "$" if parent and parent.split("::")[2] != "pulumi:pulumi:Stack" else ""
        return f"urn:pulumi:{STACK}::{PROJECT}::{chain}{type_}::{name}"

    def RegisterResource(self, request: Any) -> Any:
        if request.type != "pulumi:pulumi:Stack":
            urn = self.make_urn(request.parent, request.type, request.name)
            with self._lock:
                if urn in self.recorded:
                    self.problems.append(f"duplicate URN {urn}")
                    raise ValueError(f"duplicate URN {urn}")
                self._transforms[urn] = (request.parent, [callback.token for callback in request.transforms])
                self._run_transforms(urn, request)
                self.recorded[urn] = self._record(request)
        with _event_loop():
            answer = super().RegisterResource(request)
        for name, value in request.object.fields.items() if request.custom else ():
            # The base class loses inputs that are not known; a provider hands them back, marked as they came.
            if name not in answer.object.fields:
                answer.object.fields[name].CopyFrom(value)
        return answer

    def RegisterResourceOutputs(self, request: Any) -> Any:
        with self._lock:
            if request.urn in self.recorded:
                made = self.recorded[request.urn]
                if _short(request.urn) in self.registered_outputs:
                    self.problems.append(f"outputs registered twice: {request.urn}")
                self.registered_outputs.append(_short(request.urn))
                made.outputs.update(decode(request.outputs))
        return super().RegisterResourceOutputs(request)

    def Invoke(self, request: Any) -> Any:
        with self._lock:
            self.calls.append((request.tok, decode(request.args), _short(request.provider.rpartition("::")[0])))
        with _event_loop():
            return super().Invoke(request)

    def _run_transforms(self, urn: str, request: Any) -> None:
        callbacks = {
            token: fn for servicer in _CallbackServicer._servicers for token, fn in servicer._callbacks.items()
        }
        at = urn
        while at in self._transforms:
            parent, tokens = self._transforms[at]
            for token in tokens:
                asked = resource_pb2.TransformRequest(
                    type=request.type,
                    name=request.name,
                    custom=request.custom,
                    parent=request.parent,
                    properties=request.object,
                    options=resource_pb2.TransformResourceOptions(protect=request.protect),
                )
                answer: Any = asyncio.run(callbacks[token](asked.SerializeToString()))  # type: ignore[arg-type]
                request.object.CopyFrom(answer.properties)
                request.protect = answer.options.protect
            at = parent

    @staticmethod
    def _record(request: Any) -> Registered:
        return Registered(
            type=request.type,
            name=request.name,
            custom=request.custom,
            inputs=decode(request.object),
            parent=_short(request.parent),
            protect=request.protect,
            dependencies=frozenset(_short(urn) for urn in request.dependencies),
            deleted_with=_short(request.deletedWith),
            retain_on_delete=request.retainOnDelete if request.HasField("retainOnDelete") else None,
            ignore_changes=tuple(request.ignoreChanges),
            secret_outputs=tuple(request.additionalSecretOutputs),
            provider=_short(request.provider.rpartition("::")[0]),
            delete_before_replace=request.deleteBeforeReplace,
            property_dependencies={
                name: frozenset(_short(urn) for urn in found.urns)
                for name, found in request.propertyDependencies.items()
                if found.urns
            },
        )


@contextlib.contextmanager
def _event_loop() -> Iterator[None]:
    """A loop for the base class, which would make one in every thread of the pool and leave it open."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def _short(urn: str) -> str:
    if not urn:
        return ""
    kind, _, name = urn.partition("::")[2].partition("::")[2].partition("::")
    return f"{kind.rpartition('$')[2]}::{name}"


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            self.messages.append(record.getMessage())


def _tell_once(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """The failure that ended a run stays in every output that waited for it, and the run has raised it.

    Left to itself, asyncio would tell of each again when it is collected, in the middle of any later test: formatting that
    traceback parses source, and a test that was parsing then fails (CPython 3.11).
    """
    if "never retrieved" not in context["message"]:
        loop.default_exception_handler(context)


@contextlib.contextmanager
def _unseen() -> Iterator[None]:
    """Spare what nobody looks at here and what takes a fifth of a run: where in the source each resource was made, for
    which the SDK reads the whole stack, with the frames of pytest; and messages of the level `debug`."""

    def say_nothing(*_: Any, **__: Any) -> None:
        pass

    nowhere = mock.patch.object(pulumi_resource, "_get_stack_trace", source_pb2.StackTrace)
    with nowhere, mock.patch.object(pulumi.log, "debug", say_nothing):
        yield


def run(program: Callable[[], Mapping[str, Any] | None], mocks: pulumi_mocks.Mocks, *, preview: bool = False) -> Run:
    """Run a program under mocks.

    Args:
        program: Registers resources and returns the outputs to look at.
        mocks: The cloud.
        preview: Whether it is a preview, in which computed values are unknown.

    Raises:
        BaseException: Whatever the program or a check inside `apply` raised.
    """
    # What an earlier run left behind must not be found again.
    settings.set_root_resource(None)  # type: ignore[arg-type]
    monitor, handler = RecordingMonitor(mocks), _Warnings()
    logger = logging.Logger("pulumi-under-test")  # not registered: each run has its own
    logger.addHandler(handler)
    pulumi.runtime.set_mocks(mocks, PROJECT, STACK, preview, logger, monitor)
    seen: dict[str, Seen] = {}

    @pulumi.runtime.test
    async def go() -> None:
        asyncio.get_running_loop().set_exception_handler(_tell_once)
        made = program()
        for name, output in (made or {}).items():
            one = pulumi.Output.from_input(output)
            known, secret = await one.is_known(), await one.is_secret()
            seen[name] = Seen(await one.future(with_unknowns=False), known, secret)

    with _unseen():
        go()
    assert not monitor.problems, monitor.problems
    resources = [*monitor.recorded.values()]
    return Run(resources, monitor.calls, handler.messages, seen, monitor.registered_outputs)
