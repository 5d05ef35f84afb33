"""A whole store at CoreWeave: the bucket and W&B's grant."""

from typing import Any

import pulumi

from byob_components.arguments import together
from byob_components.coreweave import checks
from byob_components.coreweave.bucket import CoreWeaveBucket, CoreWeaveBucketArgs
from byob_components.coreweave.byob_args import CoreWeaveByobArgs, loosened, parse, warnings
from byob_components.errors import Fault
from byob_components.server_outputs import server_env, server_secrets
from byob_components.store import on_demand, refuse, warn
from byob_components.wandb.access import Access
from byob_components.wandb.address import ROOT, StorageAddress, build
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.handoff import build_handoff
from byob_components.wandb.server import server_settings

__all__ = ["CoreWeaveByob", "CoreWeaveByobArgs", "check"]


def check(args: CoreWeaveByobArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of a CoreWeaveByob.
    """
    return parse(args)[1]


class CoreWeaveByob(pulumi.ComponentResource):
    """A bucket at CoreWeave that W&B can use for your organization, and nobody else.

    Args:
        name: The resource name; the name of the team is a good one.
        args: See CoreWeaveByobArgs.
        opts: Resource options. The provider of the package `aws` must point at CoreWeave: see docs/s3-compatible.md.
            `protect` belongs to the argument `protection`, not here.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    storage_addresses: pulumi.Output[dict[str, str]]
    """Path (the bucket's root is `/`) to the address that W&B takes."""
    bucket_name: pulumi.Output[str]
    """The bucket's name."""
    paths: pulumi.Output[list[str]] = on_demand(lambda self: pulumi.Output.from_input(self._paths))
    """The paths that W&B uses, `/` for the root."""
    region: pulumi.Output[str]
    """The Availability Zone, which is the provider's region."""
    kms_key_id: pulumi.Output[str]
    """Always empty: CoreWeave sees to encryption."""
    principals: pulumi.Output[list[str]] = on_demand(lambda self: pulumi.Output.from_input(self._values["principals"]))
    """The W&B identities that hold the grant."""
    principals_date: pulumi.Output[str] = on_demand(lambda self: pulumi.Output.from_input(self._date))
    """The date of the preset the principals came from; empty when they were given by name."""
    handoffs: pulumi.Output[dict[str, Any]] = on_demand(lambda self: self._handoffs())
    """Path to what the W&B administrator must enter or send; nothing in it is secret."""
    server_env: pulumi.Output[dict[str, str]] = on_demand(lambda self: self._server_env())
    """Environment of a self-managed W&B server, without secrets."""
    server_secrets: pulumi.Output[dict[str, str]] = on_demand(lambda self: self._server_secrets())
    """Environment of a self-managed W&B server that holds secrets."""

    def __init__(self, name: str, args: CoreWeaveByobArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = parse(args)
        refuse([*faults, *checks.resource_name(name, values)], f"CoreWeaveByob '{name}'")
        super().__init__("wandb-byob:index:CoreWeaveByob", name, {}, opts)
        of_bucket: Any = {k: v for k, v in values.items() if k in CoreWeaveBucketArgs.__annotations__}
        of_bucket["paths"] = values["granted"]
        bucket = CoreWeaveBucket(name, of_bucket, pulumi.ResourceOptions(parent=self))
        self.bucket_name, self.region = bucket.bucket_name, bucket.region
        self.kms_key_id = pulumi.Output.from_input("")
        self._values, self._paths = values, values.get("paths") or [ROOT]
        self._date = values["preset"].date if "preset" in values else ""
        self.storage_addresses = together(_addresses, bucket=self.bucket_name, paths=self._paths)
        warn(self, [*warnings(values), *loosened(values)])
        self.register_outputs(
            {
                "storageAddresses": self.storage_addresses,
                "bucketName": self.bucket_name,
                "paths": self._paths,
                "region": self.region,
                "kmsKeyId": self.kms_key_id,
                "principals": values["principals"],
                "principalsDate": self._date,
            }
        )

    def _server_env(self) -> pulumi.Output[dict[str, str]]:
        return server_env(self._values["deployment"], lambda: self._settings())

    def _server_secrets(self) -> pulumi.Output[dict[str, str]]:
        return server_secrets(self._values["deployment"], lambda: self._settings())

    def _settings(self) -> pulumi.Output[Any]:
        """What a self-managed server takes."""
        deployment, level = self._values["deployment"], self._values["level"]
        return self.storage_addresses.apply(lambda known: server_settings(deployment, level, known))

    def _handoffs(self) -> pulumi.Output[dict[str, Any]]:
        values = self._values

        def build_all(bucket: str, region: str, principals: list[str]) -> dict[str, Any]:
            return {
                path: build_handoff(
                    deployment=values["deployment"],
                    level=values["level"],
                    cloud=Cloud.COREWEAVE,
                    path=path,
                    bucket_name=bucket,
                    region=region,
                    principals=principals,
                    principals_date=self._date,
                    principals_are_preset="preset" in values,
                    access=values.get("access", Access.DOCUMENTED),
                    noncurrent_days=values.get("noncurrent_days", 30),
                    warnings=warnings(values),
                    loosened=loosened(values),
                    team=self.pulumi_resource_name,
                ).to_dict()
                for path in self._paths
            }

        return together(build_all, bucket=self.bucket_name, region=self.region, principals=values["principals"])


def _addresses(bucket: str, paths: list[str]) -> dict[str, str]:
    """The address of each path."""
    return {
        path: build(StorageAddress(cloud=Cloud.COREWEAVE, bucket=bucket, path="" if path == ROOT else path))
        for path in paths
    }
