"""Google Cloud as a program sees it through its provider: names made by Pulumi, computed values, unknown in a preview."""

from __future__ import annotations

import base64
import inspect
import json
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.runtime import mocks

from tests.mocks.monitor import Run, run

PROJECT = "acme-storage"
AGENT = "service-111122223333@gs-project-accounts.iam.gserviceaccount.com"
PRIVATE_KEY = "-----BEGIN PRIVATE KEY-----\nconfidential+of/{name}=\n-----END PRIVATE KEY-----\n"
"""What stands in the key that the mock makes; `{name}` is the resource's name."""
_NAMED = {"Bucket": "name", "KeyRing": "name", "CryptoKey": "name", "Account": "accountId"}


class GcpMocks(mocks.Mocks):
    """Answers as the `gcp` provider would.

    Args:
        preview: Leave computed values out, which the SDK takes as unknown.
    """

    def __init__(self, *, preview: bool = False) -> None:
        self.preview = preview

    def call(self, args: mocks.MockCallArgs) -> Any:
        if args.token == "gcp:storage/getProjectServiceAccount:getProjectServiceAccount":
            project = args.args.get("project") or PROJECT
            return {"emailAddress": AGENT, "id": AGENT, "member": f"serviceAccount:{AGENT}", "project": project}
        raise AssertionError(f"no answer for {args.token}")

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        kind = args.typ.rpartition(":")[2]
        state = dict(args.inputs)
        if args.typ.startswith("gcp:") and kind in _NAMED and _NAMED[kind] not in state:
            state[_NAMED[kind]] = f"{args.name}-a1b2c3d"
        if self.preview:
            return "", state
        state |= self._computed(kind, args.name, state)
        return self._id(kind, args.name, state), state

    @staticmethod
    def _id(kind: str, name: str, state: dict[str, Any]) -> str:
        if kind == "KeyRing":
            project = _shown(state.get("project") or PROJECT)
            return f"projects/{project}/locations/{_shown(state['location'])}/keyRings/{_shown(state['name'])}"
        if kind == "CryptoKey":
            return f"{_shown(state['keyRing'])}/cryptoKeys/{_shown(state['name'])}"
        return f"{name}-id"

    def _computed(self, kind: str, name: str, state: dict[str, Any]) -> dict[str, Any]:
        if kind == "Bucket":
            # Google writes locations in capitals.
            return {"location": _changed(state["location"], str.upper)}
        if kind == "Account":
            project = _shown(state.get("project") or PROJECT)
            email = _changed(state["accountId"], lambda known: f"{known}@{project}.iam.gserviceaccount.com")
            return {
                "email": email,
                "name": _changed(email, lambda known: f"projects/{project}/serviceAccounts/{known}"),
            }
        if kind == "Key":
            file = json.dumps({"type": "service_account", "private_key": PRIVATE_KEY.replace("{name}", name)})
            return {"privateKey": base64.b64encode(file.encode()).decode()}
        return {}


def _shown(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) else value


def _changed(value: Any, change: Any) -> Any:
    """Text made of a value that may be marked as secret, which then the whole is."""
    if isinstance(value, dict):
        return {**value, "value": change(value["value"])}
    return change(value)


def record(
    component: type[pulumi.ComponentResource],
    args: Mapping[str, Any],
    *,
    name: str = "vision",
    opts: pulumi.ResourceOptions | None = None,
    preview: bool = False,
) -> Run:
    """Make one component and look at all its outputs.

    Args:
        component: The class.
        args: Its arguments.
        name: The resource name.
        opts: Resource options.
        preview: Whether it is a preview.
    """

    def program() -> dict[str, Any]:
        made = component(name, dict(args), opts)  # type: ignore[arg-type, call-arg]
        return {output: getattr(made, output) for output in inspect.get_annotations(component)}

    return run(program, GcpMocks(preview=preview), preview=preview)
