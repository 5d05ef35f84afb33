"""A composite of another cloud, as small as the Protocol allows, for tests of what the builders do with several clouds."""

from typing import Any, NotRequired, TypedDict

import pulumi

from byob_components.arguments import parse_args
from byob_components.errors import Fault
from byob_components.store import refuse
from byob_components.wandb.deployment import Deployment, Level


class OtherByobArgs(TypedDict):
    """Arguments of OtherByob."""

    deployment: Deployment
    """Where W&B itself runs."""
    level: Level
    """What the bucket serves."""
    bucket_name: NotRequired[str]
    """The bucket."""
    api_token: NotRequired[pulumi.Input[str]]
    """A secret."""
    zone: NotRequired[str]
    """Where the bucket is."""
    paths: NotRequired[list[str]]
    """The paths."""
    tags: NotRequired[dict[str, str]]
    """Tags."""


def check(args: OtherByobArgs) -> list[Fault]:
    return parse_args(OtherByobArgs, args, {})[1]


class OtherByob(pulumi.ComponentResource):
    """A store that registers nothing but itself."""

    def __init__(self, name: str, args: OtherByobArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = parse_args(OtherByobArgs, args, {})
        refuse(faults, f"OtherByob '{name}'")
        super().__init__("wandb-byob:index:OtherByob", name, {}, opts)
        self.made_of: dict[str, Any] = values
        token = pulumi.Output.from_input(values.get("api_token", ""))
        texts = {"bucket_name": name, "region": values.get("zone", ""), "kms_key_id": "", "principals_date": ""}
        for output, value in texts.items():
            setattr(self, output, pulumi.Output.from_input(value))
        self.paths = pulumi.Output.from_input(["/"])
        self.principals = pulumi.Output.from_input([])
        self.storage_addresses = pulumi.Output.from_input({"/": f"cw://bucket-{name}"})
        self.handoffs = self.server_env = pulumi.Output.from_input({})
        self.server_secrets = pulumi.Output.secret({})
        self.register_outputs({"tags": values.get("tags"), "zone": values.get("zone"), "apiToken": token})
