"""Runs a program under Pulumi's mocks and keeps what it registered: types, inputs, options, providers, outputs.

A resource that is registered twice under one URN is an error, as in the engine.
"""

from __future__ import annotations

import contextvars
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.runtime import rpc, set_all_config, set_mocks
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks

ACCOUNT = "111122223333"
_SECRET = "4dabf18193072939515e22adb298388d"  # how the wire marks a secret


@dataclass(frozen=True)
class Registered:
    """One resource as it was registered; `secret` names the inputs that were secret as a whole."""

    type: str
    name: str
    inputs: dict[str, Any]
    secret: frozenset[str]
    provider: str
    providers: dict[str, str]
    protect: bool | None
    retain: bool | None
    ignore_changes: tuple[str, ...]


@dataclass
class Recording:
    """What a program did."""

    resources: dict[str, Registered] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    secret_outputs: dict[str, bool] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def of(self, type_: str) -> dict[str, Registered]:
        """Resources of a type, by name."""
        return {r.name: r for r in self.resources.values() if r.type == type_}

    def policy(self, bucket: str) -> dict[str, Any]:
        """The statements of a bucket's policy, by Sid."""
        text = self.of("aws:s3/bucketPolicy:BucketPolicy")[bucket].inputs["policy"]
        return {statement["Sid"]: statement for statement in json.loads(text)["Statement"]}

    @property
    def names(self) -> list[str]:
        """`AwsByob vision` and so on, sorted."""
        return sorted(f"{r.type.rpartition(':')[2]} {r.name}" for r in self.resources.values())


def record(
    program: Callable[[], Mapping[str, Any] | None],
    *,
    preview: bool = False,
    config: Mapping[str, str] | None = None,
    secret_keys: list[str] | None = None,
) -> Recording:
    """Run a program; what it returns, or else exports, are the outputs.

    Args:
        program: The program.
        preview: Whether it runs as in `pulumi preview`.
        config: The stack's configuration, values as the engine hands them over.
        secret_keys: Which of its keys are secret.
    """
    made = Recording()
    contextvars.copy_context().run(_run, program, made, preview, config or {}, secret_keys or [])
    return made


def _run(
    program: Callable[[], Mapping[str, Any] | None],
    made: Recording,
    preview: bool,
    config: Mapping[str, str],
    secret_keys: list[str],
) -> None:
    pulumi.runtime.settings.ROOT.set(None)
    mocks = _Cloud(made)
    set_mocks(mocks, project="byob", stack="test", preview=preview, monitor=_Monitor(mocks, made))
    set_all_config(dict(config), secret_keys)
    warn = pulumi.log.warn
    pulumi.log.warn = lambda text, *_, **__: made.warnings.append(text)

    @pulumi.runtime.test
    def go() -> Any:
        before = dict(pulumi.runtime.get_root_resource().outputs)
        outputs = program()
        if outputs is None:
            outputs = {k: v for k, v in pulumi.runtime.get_root_resource().outputs.items() if k not in before}
        made.secret_outputs = dict.fromkeys(outputs, False)
        whole = pulumi.Output.from_input(dict(outputs)).apply(made.outputs.update)
        flags = [_flag(name, value, made) for name, value in outputs.items()]
        return pulumi.Output.all(whole, *flags)

    try:
        go()
    finally:
        pulumi.log.warn = warn


def _flag(name: str, value: Any, made: Recording) -> pulumi.Output[Any]:
    secret = pulumi.Output.from_input(pulumi.Output.from_input(value).is_secret())
    return secret.apply(lambda is_secret: made.secret_outputs.update({name: is_secret}))


class _Cloud(Mocks):
    """Answers as AWS would, where the components look."""

    def __init__(self, made: Recording) -> None:
        self.made = made

    def call(self, args: MockCallArgs) -> dict[str, Any]:
        self.made.calls.append((args.token, args.provider))
        return {
            "accountId": ACCOUNT,
            "arn": f"arn:aws:iam::{ACCOUNT}:user/deployer",
            "userId": "AIDAEXAMPLE",
            "id": ACCOUNT,
        }

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        kind, state = args.typ.rpartition(":")[2], dict(args.inputs)
        if kind == "Bucket":
            name = state.setdefault("bucket", f"{args.name}-1a2b3c4")
            state |= {"arn": f"arn:aws:s3:::{name}", "region": state.get("region", "eu-west-1")}
        elif kind == "Key":
            number = f"{sum(map(ord, args.name)):012d}"
            key_id = f"11111111-2222-4333-8444-{number}"
            state |= {"keyId": key_id, "arn": f"arn:aws:kms:{state.get('region', 'eu-west-1')}:{ACCOUNT}:key/{key_id}"}
        elif kind == "User":
            state |= {
                "name": f"{args.name}-1a2b3c4",
                "arn": f"arn:aws:iam::{ACCOUNT}:user/wandb-byob/{args.name}-1a2b3c4",
            }
        elif kind == "AccessKey":
            state |= {"secret": f"secret-of-{args.name}"}
            return f"AKIA{args.name.upper()}", state
        return f"{args.name}-id", state


class _Monitor(MockMonitor):
    def __init__(self, mocks: Mocks, made: Recording) -> None:
        super().__init__(mocks)
        self.made = made

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        chain = f"{parent.split('::')[2]}$" if parent and "pulumi:pulumi:Stack" not in parent else ""
        return f"urn:pulumi:test::byob::{chain}{type_}::{name}"

    def RegisterResource(self, request: Any) -> Any:
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type != "pulumi:pulumi:Stack":
            if urn in self.made.resources:
                raise ValueError(f"duplicate URN {urn}")
            self.made.resources[urn] = _registered(request)
        return super().RegisterResource(request)


def _registered(request: Any) -> Registered:
    wire = rpc.deserialize_properties(request.object, keep_unknowns=True)
    secret = frozenset(key for key, value in wire.items() if isinstance(value, dict) and _SECRET in value)
    return Registered(
        type=request.type,
        name=request.name,
        inputs={key: value["value"] if key in secret else value for key, value in wire.items()},
        secret=secret,
        provider=request.provider,
        providers=dict(request.providers),
        protect=request.protect if request.HasField("protect") else None,
        retain=request.retainOnDelete if request.HasField("retainOnDelete") else None,
        ignore_changes=tuple(request.ignoreChanges),
    )
