"""AWS as a program sees it through its provider: names made by Pulumi, computed values, unknown in a preview."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.runtime import mocks

from tests.mocks.monitor import Refusal, Run, run

ACCOUNT = "111122223333"
REGION = "eu-west-1"
KEY_ID = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"


class AwsMocks(mocks.Mocks):
    """Answers as the `aws` provider would.

    Args:
        preview: Leave computed values out, which the SDK takes as unknown.
        identity: The ARN of who deploys; its partition is the account's.
        live_policy: The policy that is already on every bucket; None says that there is none.
    """

    def __init__(
        self,
        *,
        preview: bool = False,
        identity: str = f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/session",
        live_policy: str | None = None,
    ) -> None:
        self.preview = preview
        self.identity = identity
        self.partition = identity.split(":")[1]
        self.live_policy = live_policy

    def call(self, args: mocks.MockCallArgs) -> Any:
        if args.token == "aws:index/getCallerIdentity:getCallerIdentity":
            account = self.identity.split(":")[4]
            return {"accountId": account, "arn": self.identity, "id": account, "userId": "AROAEXAMPLE"}
        if args.token == "aws:s3/getBucketPolicy:getBucketPolicy":
            if self.live_policy is None:
                raise Refusal(f"reading S3 Bucket ({args.args['bucket']}) Policy: couldn't find resource")
            return {"bucket": args.args["bucket"], "policy": self.live_policy, "id": args.args["bucket"]}
        raise AssertionError(f"no answer for {args.token}")

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        kind = args.typ.rpartition(":")[2]
        state = dict(args.inputs)
        named = {"Bucket": "bucket", "User": "name", "UserPolicy": "name", "Alias": "name"}
        if args.typ.startswith("aws:") and kind in named and named[kind] not in state:
            start = "alias/" if kind == "Alias" else ""
            state[named[kind]] = f"{start}{args.name}-a1b2c3d"
        if self.preview:
            return "", state
        state |= self._computed(kind, args.name, state)
        return f"{args.name}-id", state

    def _computed(self, kind: str, name: str, state: dict[str, Any]) -> dict[str, Any]:
        region = state.get("region", REGION)
        where = f"arn:{self.partition}"
        if kind == "Bucket":
            return {"arn": _joined(f"{where}:s3:::", state["bucket"]), "region": region}
        if kind == "Key":
            return {"arn": f"{where}:kms:{REGION}:{ACCOUNT}:key/{KEY_ID}", "keyId": KEY_ID, "region": region}
        if kind == "User":
            return {"arn": f"{where}:iam::{ACCOUNT}:user/wandb-byob/{state['name']}"}
        if kind == "AccessKey":
            return {"secret": f"secret+of/{name}=", "sesSmtpPasswordV4": "smtp"}
        return {}


def _joined(start: str, value: Any) -> Any:
    """Text joined to a value that may be marked as secret, which then the whole is."""
    if isinstance(value, dict):
        return {**value, "value": start + value["value"]}
    return start + value


def record(
    component: type[pulumi.ComponentResource],
    args: Mapping[str, Any],
    *,
    name: str = "vision",
    opts: pulumi.ResourceOptions | None = None,
    preview: bool = False,
    **answers: Any,
) -> Run:
    """Make one component and look at all its outputs.

    Args:
        component: The class.
        args: Its arguments.
        name: The resource name.
        opts: Resource options.
        preview: Whether it is a preview.
        answers: More arguments of AwsMocks.
    """

    def program() -> dict[str, Any]:
        made = component(name, dict(args), opts)  # type: ignore[arg-type, call-arg]
        return {output: getattr(made, output) for output in inspect.get_annotations(component)}

    return run(program, AwsMocks(preview=preview, **answers), preview=preview)
