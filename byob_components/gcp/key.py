"""The Cloud KMS key that encrypts a store."""

from typing import NotRequired, TypedDict

import pulumi
import pulumi_gcp as gcp

from byob_components.arguments import together
from byob_components.errors import Fault
from byob_components.gcp import checks
from byob_components.gcp.agent import storage_agent
from byob_components.gcp.grant import agent_member
from byob_components.gcp.labels import store_labels
from byob_components.gcp.refused import parse
from byob_components.store import Protection, child_options, refuse

_DAY = 86400


class GcpKeyArgs(TypedDict):
    """Arguments of GcpKey."""

    location: pulumi.Input[str]
    """Where the bucket is: a region such as `europe-west4`, `US`, `EU`, `ASIA` or a dual-region. It can never change, and
    where data may lie is nobody's default."""
    project: NotRequired[pulumi.Input[str]]
    """The id of the project; default the provider's."""
    labels: NotRequired[pulumi.Input[dict[str, pulumi.Input[str]]]]
    """Labels on every resource that has labels; one of ours is added, `wandb-byob-store`."""
    protection: NotRequired[Protection]
    """What happens to the data when its lines leave the program; default `protected`."""
    storage_service_agent: NotRequired[pulumi.Input[str]]
    """The e-mail address of the project's Cloud Storage service agent, which encrypts; default: looked up, once a provider
    and project."""
    kms_key_ring_name: NotRequired[pulumi.Input[str]]
    """The name of the key ring; default: made from the resource name by Pulumi. A ring can never be deleted, and its name
    never used again."""
    kms_key_name: NotRequired[pulumi.Input[str]]
    """The key's name in its ring; default: made from the resource name by Pulumi."""
    kms_deletion_window_days: NotRequired[int]
    """Days between the key's destruction and its end, 1 to 120; default 30."""
    kms_rotation_days: NotRequired[int]
    """Days between rotations, at least 1; default 90. Old versions stay, and go on decrypting."""


def check(args: GcpKeyArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of a GcpKey.
    """
    return parse(GcpKeyArgs, args, checks.BY_NAME)[1]


class GcpKey(pulumi.ComponentResource):
    """A Cloud KMS key in the bucket's location, in a ring of its own, which Cloud Storage may use.

    W&B gets no right on the key: Google encrypts and decrypts with the project's own service agent. Destroying the key
    destroys its versions after the window; the ring and the key's name stay for ever, as Cloud KMS deletes neither.

    Args:
        name: The resource name.
        args: See GcpKeyArgs.
        opts: Resource options.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    kms_key_id: pulumi.Output[str]
    """The key's resource name, `projects/…/cryptoKeys/…`."""

    def __init__(self, name: str, args: GcpKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = parse(GcpKeyArgs, args, checks.BY_NAME)
        refuse(faults, f"GcpKey '{name}'")
        super().__init__("wandb-byob:index:GcpKey", name, {}, opts)
        protection = values.get("protection", Protection.PROTECTED)
        agent = storage_agent(self, values.get("storage_service_agent"), values.get("project"))
        # The look-up comes first: an engine that refuses the ring while a question of the program is open ends the program
        # with a traceback beside the refusal.
        asked = pulumi.ResourceOptions(depends_on=agent.apply(lambda _: []))
        ring = gcp.kms.KeyRing(
            name,
            name=values.get("kms_key_ring_name"),
            location=together(checks.key_location, value=values["location"]),
            project=values.get("project"),
            opts=pulumi.ResourceOptions.merge(child_options(self, protection, protect=True), asked),
        )
        key = gcp.kms.CryptoKey(
            name,
            name=values.get("kms_key_name"),
            key_ring=ring.id,
            purpose="ENCRYPT_DECRYPT",
            rotation_period=f"{values.get('kms_rotation_days', 90) * _DAY}s",
            destroy_scheduled_duration=f"{values.get('kms_deletion_window_days', 30) * _DAY}s",
            labels=store_labels(name, values.get("labels")),
            opts=child_options(self, protection, protect=True),
        )
        # Not protected, like every grant, and of no use without the key.
        agent_member(name, key.id, agent, child_options(self, protection, protect=False, deleted_with=key))
        self.kms_key_id = key.id
        self.register_outputs({"kmsKeyId": self.kms_key_id})
