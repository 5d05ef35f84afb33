"""Speaks to a provider as the engine does: real gRPC, and the wire's own form of every value, made and read without the code under test."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import grpc
import pulumi  # noqa: F401 - the real one, before anything could put its protocol classes alone in its place
from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import provider_pb2 as p
from pulumi.runtime.proto import provider_pb2_grpc

from sandbox.providers.framework.service import Plugin, Provider
from sandbox.providers.framework.serving import start

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def secret(value: Any) -> dict[str, Any]:
    """A secret as the engine sends it."""
    return {SIGNATURE: SECRET, "value": value}


def pack(props: dict[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(props)
    return struct


def unpack(struct: struct_pb2.Struct) -> dict[str, Any]:
    def whole(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: whole(v) for k, v in value.items()}
        if isinstance(value, list):
            return [whole(v) for v in value]
        return int(value) if isinstance(value, float) and value.is_integer() else value

    found: dict[str, Any] = whole(json_format.MessageToDict(struct))
    return found


class Refusal(Exception):
    """A call that ended with an error; a half-made thing is in `half`."""

    def __init__(self, error: grpc.RpcError) -> None:
        super().__init__(error.details())
        self.code = error.code()
        self.half: p.ErrorResourceInitFailed | None = None
        for key, value in error.trailing_metadata() or ():
            if key == "grpc-status-details-bin":
                from pulumi.runtime.proto import status_pb2

                self.half = p.ErrorResourceInitFailed()
                status_pb2.Status.FromString(value).details[0].Unpack(self.half)


@dataclass
class Thing:
    """What the engine's state would say."""

    token: str
    name: str
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]


class Caller:
    """One served provider.

    Args:
        plugin: Which.
        contracts: The folder of its contract.
    """

    def __init__(self, plugin: Plugin, contracts: Any) -> None:
        self.server, port = start(Provider(plugin, contracts))
        self.channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.stub = provider_pb2_grpc.ResourceProviderStub(self.channel)

    def close(self) -> None:
        self.channel.close()
        self.server.stop(None).wait()

    def call(self, method: str, request: Any) -> Any:
        try:
            return getattr(self.stub, method)(request)
        except grpc.RpcError as error:
            raise Refusal(error) from None

    def configure(self, settings: dict[str, Any]) -> None:
        self.call("Configure", p.ConfigureRequest(args=pack(settings), acceptSecrets=True))

    @staticmethod
    def urn(token: str, name: str) -> str:
        return f"urn:pulumi:s::proj::{token}::{name}"

    def check(
        self, token: str, name: str, inputs: dict[str, Any], old: dict[str, Any] | None = None, **more: Any
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """The filled-in inputs, and the failures: property to reason."""
        found = self.call("Check", p.CheckRequest(urn=self.urn(token, name), name=name, type=token, news=pack(inputs), olds=pack(old or {}), randomSeed=b"\xab" * 32, **more))  # fmt: skip
        return unpack(found.inputs), {f.property: f.reason for f in found.failures}

    def create(self, token: str, name: str, inputs: dict[str, Any]) -> Thing:
        filled, failures = self.check(token, name, inputs)
        assert failures == {}
        made = self.call("Create", p.CreateRequest(urn=self.urn(token, name), name=name, type=token, properties=pack(filled)))  # fmt: skip
        return Thing(token, name, made.id, filled, unpack(made.properties))

    def preview(self, token: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
        filled, failures = self.check(token, name, inputs)
        assert failures == {}
        made = self.call("Create", p.CreateRequest(urn=self.urn(token, name), name=name, type=token, properties=pack(filled), preview=True))  # fmt: skip
        assert made.id == ""
        return unpack(made.properties)

    def diff(self, thing: Thing, inputs: dict[str, Any], ignored: tuple[str, ...] = ()) -> Any:
        filled, failures = self.check(thing.token, thing.name, inputs, thing.inputs)
        assert failures == {}
        return self.call("Diff", p.DiffRequest(id=thing.id, urn=self.urn(thing.token, thing.name), olds=pack(thing.outputs), old_inputs=pack(thing.inputs), news=pack(filled), ignoreChanges=ignored))  # fmt: skip

    def update(self, thing: Thing, inputs: dict[str, Any], preview: bool = False) -> Thing:
        filled, failures = self.check(thing.token, thing.name, inputs, thing.inputs)
        assert failures == {}
        made = self.call("Update", p.UpdateRequest(id=thing.id, urn=self.urn(thing.token, thing.name), olds=pack(thing.outputs), old_inputs=pack(thing.inputs), news=pack(filled), preview=preview))  # fmt: skip
        return Thing(thing.token, thing.name, thing.id, filled, unpack(made.properties))

    def read(self, thing: Thing) -> Thing | None:
        """As `refresh` does."""
        found = self.call("Read", p.ReadRequest(id=thing.id, urn=self.urn(thing.token, thing.name), inputs=pack(thing.inputs), properties=pack(thing.outputs)))  # fmt: skip
        return Thing(thing.token, thing.name, found.id, unpack(found.inputs), unpack(found.properties)) if found.id else None  # fmt: skip

    def imported(self, token: str, id: str) -> Thing | None:
        """As `import` does: there are no inputs and no state."""
        return self.read(Thing(token, "imported", id, {}, {}))

    def delete(self, thing: Thing) -> None:
        self.call("Delete", p.DeleteRequest(id=thing.id, urn=self.urn(thing.token, thing.name), properties=pack(thing.outputs)))  # fmt: skip

    def invoke(self, token: str, args: dict[str, Any]) -> dict[str, Any]:
        found = self.call("Invoke", p.InvokeRequest(tok=token, args=pack(args)))
        return unpack(getattr(found, "return"))


def changed(diff: Any) -> dict[str, str]:
    """Property to the kind of its change, as `detailedDiff` tells it: `ADD`, `UPDATE_REPLACE` …"""
    assert (diff.changes == p.DiffResponse.DIFF_SOME) == bool(diff.detailedDiff)
    return {re.sub(r"\[.*", "", k): p.PropertyDiff.Kind.Name(v.kind) for k, v in diff.detailedDiff.items()}
