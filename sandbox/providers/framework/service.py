"""The provider protocol: every call of the engine, for any cloud's handlers."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from sandbox.providers.framework import problems, wire
from sandbox.providers.framework.changes import difference, settle
from sandbox.providers.framework.contract import Contract, Failure, Shape, load
from sandbox.providers.framework.hooks import Hooks
from sandbox.providers.framework.protos import Empty, grpc, plugin_pb2, provider_pb2_grpc
from sandbox.providers.framework.protos import provider_pb2 as p
from sandbox.providers.framework.resource import Cloud, Created, Live, PartlyCreated, Props, Resource
from sandbox.providers.framework.schema import schema
from sandbox.providers.framework.wire import UNKNOWN, Secrets


@dataclass(frozen=True)
class Plugin:
    """One cloud's stand-in.

    Attributes:
        name: The package's name in Pulumi: `aws`.
        sdk: The SDK whose contract is kept: `pulumi_aws`.
        resources: The handlers.
        functions: Function token -> (cloud, arguments) -> results.
        settings: The provider settings that are carried out.
        configure: Settings -> Cloud.
        region_like: Inputs that every handler shares and that the provider fills in by itself.
        split_id: What an import was told beside the id: the id itself, and properties (`bucket@eu-west-1`).
    """

    name: str
    sdk: str
    resources: tuple[Resource, ...]
    functions: Mapping[str, Callable[[Any, Props], Props]]
    settings: Shape
    configure: Callable[[Props], Cloud]
    region_like: frozenset[str] = frozenset()
    split_id: Callable[[str], tuple[str, Props]] = lambda id: (id, {})

    @property
    def tokens(self) -> list[str]:
        return [r.token for r in self.resources]


_SHARED_SETTINGS = {"version", "pluginDownloadURL"}


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """The service.

    Args:
        plugin: The cloud's handlers.
        contracts: The folder of the contract files; default: as the environment says.
    """

    def __init__(self, plugin: Plugin, contracts: Path | None = None) -> None:
        self.plugin = plugin
        self.kinds = {r.token: r for r in plugin.resources}
        self.contract: Contract = load(plugin.sdk, plugin.tokens, contracts)
        self.cloud: Cloud | None = None
        self.hooks = Hooks()

    # -- the plugin itself
    def Handshake(self, r: Any, c: Any) -> Any:
        return p.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=False, supports_autonaming_configuration=True
        )

    def GetPluginInfo(self, r: Any, c: Any) -> Any:
        return plugin_pb2.PluginInfo(version=self.contract.version)

    def GetSchema(self, r: Any, c: Any) -> Any:
        return p.GetSchemaResponse(schema=json.dumps(schema(self.plugin.name, self.contract, self.plugin.tokens)))

    def Attach(self, r: Any, c: Any) -> Any:
        return Empty()

    def Cancel(self, r: Any, c: Any) -> Any:
        return Empty()

    # -- its settings
    def _settings(self, struct: Any) -> tuple[Props, Secrets]:
        """Settings that are not plain text arrive as JSON text, with or without the engine in between."""
        given, secrets = wire.reveal(wire.decode(struct))
        members = self.contract.provider["object"]
        for name, value in given.items():
            if isinstance(value, str) and members.get(name, "string") != "string":
                try:
                    given[name] = json.loads(value)
                except ValueError:
                    continue  # left as text: the check then says what it must be
        return {k: v for k, v in given.items() if k not in _SHARED_SETTINGS}, secrets

    def CheckConfig(self, r: Any, c: Any) -> Any:
        settings, _ = self._settings(r.news)
        found = self.contract.check_settings(settings, self.plugin.settings)
        return p.CheckResponse(inputs=r.news, failures=_failures(found))

    def DiffConfig(self, r: Any, c: Any) -> Any:
        # A provider's settings say how to reach things, not which: a change never replaces what they made. (The real
        # provider replaces on a changed region only when it cannot see the resource's own region; version 7 can.)
        old, new = wire.decode(r.old_inputs), wire.decode(r.news)
        names = sorted(k for k in set(old) | set(new) if old.get(k) != new.get(k))
        return p.DiffResponse(changes=p.DiffResponse.DIFF_SOME if names else p.DiffResponse.DIFF_NONE, diffs=names)

    def Configure(self, r: Any, c: Any) -> Any:
        settings, _ = self._settings(r.args)
        try:
            self.cloud = self.plugin.configure(settings)
        except Exception as e:
            problems.fail(c, problems.text(e, None, f"configuring the {self.plugin.name} provider"))
        return p.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptResources=False, supports_autonaming_configuration=True
        )

    def _cloud(self, c: Any) -> Cloud:
        if self.cloud is None:
            problems.fail(c, f"the {self.plugin.name} provider is not configured")
        return self.cloud

    def _implied(self, kind: Resource, c: Any) -> Props:
        """Inputs that the provider fills in by itself for this type."""
        members = self.contract.resources[kind.token]["inputs"]
        return {k: v for k, v in self._cloud(c).implied.items() if k in self.plugin.region_like and k in members}

    def _kind(self, urn: str, c: Any) -> Resource:
        token = urn.split("::")[2].split("$")[-1]
        if token in self.kinds:
            return self.kinds[token]
        real = token in self.contract.tokens
        why = "is a real type, but not carried out by this stand-in" if real else "is no type of this provider"
        c.abort(grpc.StatusCode.UNIMPLEMENTED, f"{token} {why} ({self.plugin.name} {self.contract.version})")
        raise AssertionError("abort returned")

    # -- resources
    def Check(self, r: Any, c: Any) -> Any:
        started, kind = time.time(), self._kind(r.urn, c)
        new, secrets = wire.reveal(wire.decode(r.news))
        old, _ = wire.reveal(wire.decode(r.olds))
        found = self.contract.check(kind.token, new, kind.carried_out)
        if not found:
            found = self._fill(kind, r, new, old) or kind.check(new, old)
        self.hooks.carried_out("Check", r.urn, started, True)
        return p.CheckResponse(inputs=wire.encode(secrets.hide(new)), failures=_failures(found))

    def _fill(self, kind: Resource, r: Any, new: Props, old: Props) -> list[Failure]:
        names = [k for k in kind.defaults if k not in new]
        new.update({k: kind.defaults[k] for k in names})
        new["__defaults"] = sorted(names)
        if kind.auto_name is None:
            return []
        mode, proposed = "propose", ""
        if r.HasField("autonaming"):
            modes = {r.autonaming.ENFORCE: "enforce", r.autonaming.DISABLE: "disable"}
            mode, proposed = modes.get(r.autonaming.mode, "propose"), r.autonaming.proposed_name
        return kind.auto_name.fill(new, old, r.name or r.urn.split("::")[-1], r.randomSeed, mode, proposed)

    def Diff(self, r: Any, c: Any) -> Any:
        started, kind = time.time(), self._kind(r.urn, c)
        state, _ = wire.reveal(wire.decode(r.olds))
        old, _ = wire.reveal(wire.decode(r.old_inputs)) if r.HasField("old_inputs") else (state, None)
        new, _ = wire.reveal(wire.decode(r.news))
        drifted = kind.drifted_outputs(self._cloud(c), new, state)
        # What nobody wrote down has a value all the same: the one the provider implies, or the one the cloud chose before.
        implied = self._implied(kind, c)
        before = {**{k: state[k] for k in kind.cloud_decides | set(implied) if k in state}, **old}
        found = difference(kind, before, {**implied, **new}, drifted, r.ignoreChanges)
        detail = {}
        for name, how in found.changed.items():
            number = {"add": p.PropertyDiff.ADD, "delete": p.PropertyDiff.DELETE, "update": p.PropertyDiff.UPDATE}[how]
            # Each kind is followed by its replacing twin.
            number += name in found.replaced
            detail[name] = p.PropertyDiff(kind=number, inputDiff=name not in found.from_outputs)
        self.hooks.carried_out("Diff", r.urn, started, True)
        return p.DiffResponse(
            changes=p.DiffResponse.DIFF_SOME if detail else p.DiffResponse.DIFF_NONE,
            diffs=list(detail),
            detailedDiff=detail,
            hasDetailedDiff=True,
            replaces=sorted(found.replaced),
            stables=sorted((kind.replace_on | (kind.computed - kind.changing)) - found.replaced),
            deleteBeforeReplace=found.delete_first,
        )

    def _read(self, kind: Resource, cloud: Cloud, id: str, inputs: Props, state: Props) -> tuple[Props, Props] | None:
        try:
            live: Live | None = kind.read(cloud, id, inputs, state)
        except Exception as e:
            if cloud.error_code(e) in kind.absent:
                return None
            raise
        return None if live is None else settle(kind, inputs, live, self.plugin.region_like)

    def Create(self, r: Any, c: Any) -> Any:
        started, kind, cloud = time.time(), self._kind(r.urn, c), self._cloud(c)
        new, secrets = wire.reveal(wire.decode(r.properties))
        if r.preview:
            unsure = dict.fromkeys(kind.computed | kind.cloud_decides, UNKNOWN)
            planned = {**unsure, **self._implied(kind, c), **_visible(new), **kind.planned(cloud, new)}
            self.hooks.carried_out("Create", r.urn, started, True)
            return p.CreateResponse(properties=wire.encode(secrets.hide(planned, kind.secret_outputs)))
        doing = f"creating {kind.title} ({r.name or r.urn.split('::')[-1]})"
        try:
            created = kind.create(cloud, new)
        except PartlyCreated as e:
            outputs = {**_visible(new), **kind.planned(cloud, new), **e.created.outputs}
            hidden = wire.encode(secrets.hide(outputs, kind.secret_outputs))
            message = problems.text(e, cloud, doing)
            self.hooks.carried_out("Create", r.urn, started, False, message)
            problems.fail_half_done(c, e.created.id, r.properties, hidden, message)
        except Exception as e:
            self._failed(c, "Create", r.urn, started, problems.text(e, cloud, doing))
        outputs = self._after(r, c, "Create", started, kind, cloud, created, new, secrets)
        self.hooks.carried_out("Create", r.urn, started, False)
        return p.CreateResponse(id=created.id, properties=outputs)

    def _after(
        self,
        r: Any,
        c: Any,
        method: str,
        started: float,
        kind: Resource,
        cloud: Cloud,
        created: Created,
        new: Props,
        secrets: Secrets,
    ) -> Any:
        """Outputs after a create or an update; a thing that cannot be read then is half done, not lost."""
        doing = f"reading {kind.title} ({created.id}) after {method.lower()}"
        try:
            found = self._read(kind, cloud, created.id, new, created.outputs)
            if found is None:
                raise LookupError("it is not there")
        except Exception as e:
            message = f"{doing}: {e}" if isinstance(e, LookupError) else problems.text(e, cloud, doing)
            self.hooks.carried_out(method, r.urn, started, False, message)
            plain = {**_visible(new), **created.outputs}
            problems.fail_half_done(
                c,
                created.id,
                wire.encode(secrets.hide(new)),
                wire.encode(secrets.hide(plain, kind.secret_outputs)),
                message,
            )
        return wire.encode(secrets.hide({**created.outputs, **found[1]}, kind.secret_outputs))

    def Read(self, r: Any, c: Any) -> Any:
        started, kind, cloud = time.time(), self._kind(r.urn, c), self._cloud(c)
        inputs, input_secrets = wire.reveal(wire.decode(r.inputs))
        state, state_secrets = wire.reveal(wire.decode(r.properties))
        secrets, id = input_secrets | state_secrets, r.id
        if not inputs and self._implied(kind, c):
            id, told = self.plugin.split_id(r.id)
            state = {**state, **told}
        try:
            found = self._read(kind, cloud, id, inputs, state)
        except Exception as e:
            self._failed(c, "Read", r.urn, started, problems.text(e, cloud, f"reading {kind.title} ({r.id})"))
        self.hooks.carried_out("Read", r.urn, started, False)
        if found is None:
            return p.ReadResponse()  # an empty id means: it is gone
        kept = {k: state[k] for k in kind.computed if k in state and k not in found[1]}
        return p.ReadResponse(
            id=id,
            inputs=wire.encode(secrets.hide(found[0])),
            properties=wire.encode(secrets.hide({**kept, **found[1]}, kind.secret_outputs)),
        )

    def Update(self, r: Any, c: Any) -> Any:
        started, kind, cloud = time.time(), self._kind(r.urn, c), self._cloud(c)
        state, state_secrets = wire.reveal(wire.decode(r.olds))
        old = wire.reveal(wire.decode(r.old_inputs))[0] if r.HasField("old_inputs") else state
        new, secrets = wire.reveal(wire.decode(r.news))
        secrets = secrets | Secrets((), state_secrets.values)
        kept = {k: state[k] for k in kind.computed - kind.changing if k in state}
        if r.preview:
            unsure = dict.fromkeys(kind.changing, UNKNOWN)
            decided = {k: state[k] for k in kind.cloud_decides if k in state}
            planned = {
                **unsure,
                **kept,
                **decided,
                **self._implied(kind, c),
                **_visible(new),
                **kind.planned(cloud, new),
            }
            self.hooks.carried_out("Update", r.urn, started, True)
            return p.UpdateResponse(properties=wire.encode(secrets.hide(planned, kind.secret_outputs)))
        try:
            kind.update(cloud, r.id, old, new)
        except Exception as e:
            self._failed(c, "Update", r.urn, started, problems.text(e, cloud, f"updating {kind.title} ({r.id})"))
        outputs = self._after(r, c, "Update", started, kind, cloud, Created(r.id, kept), new, secrets)
        self.hooks.carried_out("Update", r.urn, started, False)
        return p.UpdateResponse(properties=outputs)

    def Delete(self, r: Any, c: Any) -> Any:
        started, kind, cloud = time.time(), self._kind(r.urn, c), self._cloud(c)
        state, _ = wire.reveal(wire.decode(r.properties))
        try:
            kind.delete(cloud, r.id, state)
        except Exception as e:
            if cloud.error_code(e) not in kind.absent:
                self._failed(c, "Delete", r.urn, started, problems.text(e, cloud, f"deleting {kind.title} ({r.id})"))
        self.hooks.carried_out("Delete", r.urn, started, False)
        return Empty()

    def _failed(self, c: Any, method: str, urn: str, started: float, message: str) -> NoReturn:
        self.hooks.carried_out(method, urn, started, False, message)
        problems.fail(c, message)

    # -- functions
    def Invoke(self, r: Any, c: Any) -> Any:
        started, cloud = time.time(), self._cloud(c)
        if r.tok not in self.plugin.functions:
            c.abort(grpc.StatusCode.UNIMPLEMENTED, f"the function {r.tok} is not carried out by this stand-in")
        args, secrets = wire.reveal(wire.decode(r.args))
        try:
            found = self.plugin.functions[r.tok](cloud, args)
        except Exception as e:
            self._failed(c, "Invoke", r.tok, started, problems.text(e, cloud, f"calling {r.tok.split(':')[-1]}"))
        self.hooks.carried_out("Invoke", r.tok, started, False)
        return p.InvokeResponse(**{"return": wire.encode(secrets.hide(found))})


def _visible(props: Props) -> Props:
    return {k: v for k, v in props.items() if k != "__defaults"}


def _failures(found: list[Failure]) -> list[Any]:
    return [p.CheckFailure(property=f.property, reason=f.reason) for f in found]
