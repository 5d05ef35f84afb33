"""A whole store on an S3-compatible server: the bucket, W&B's grant, and the address with its keys."""

from collections.abc import Mapping
from typing import Any

import pulumi

from byob_components.arguments import together
from byob_components.errors import Fault
from byob_components.s3_compatible import checks
from byob_components.s3_compatible.bucket import S3CompatibleBucket, S3CompatibleBucketArgs
from byob_components.s3_compatible.byob_args import S3CompatibleByobArgs, loosened, omitted, parse, warnings
from byob_components.s3_compatible.capability import S3CompatibleCapability, capabilities
from byob_components.server_outputs import server_env, server_secrets
from byob_components.store import on_demand, refuse, warn
from byob_components.wandb.access import Access
from byob_components.wandb.address import ROOT, StorageAddress, build
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.handoff import build_handoff
from byob_components.wandb.server import server_settings

__all__ = ["S3CompatibleByob", "S3CompatibleByobArgs", "check"]

_PLACEHOLDER = {"access_key": "placeholder", "secret_key": "placeholder"}
"""Stands for keys where only what is not secret is asked for."""


def check(args: S3CompatibleByobArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of an S3CompatibleByob.
    """
    return parse(args)[1]


class S3CompatibleByob(pulumi.ComponentResource):
    """A bucket on an S3-compatible server that W&B can use, and nobody else.

    Args:
        name: The resource name; the name of the team is a good one.
        args: See S3CompatibleByobArgs.
        opts: Resource options. The provider of the package `aws` must point at the server: see docs/s3-compatible.md.
            `protect` belongs to the argument `protection`, not here.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    storage_addresses: pulumi.Output[dict[str, str]]
    """Path (the bucket's root is `/`) to the address that W&B takes; secret, as it holds keys."""
    bucket_name: pulumi.Output[str]
    """The bucket's name."""
    paths: pulumi.Output[list[str]] = on_demand(lambda self: pulumi.Output.from_input(self._paths))
    """The paths that W&B uses, `/` for the root."""
    region: pulumi.Output[str]
    """The region in the address."""
    kms_key_id: pulumi.Output[str]
    """Always empty: the server sees to encryption, and W&B is told no key."""
    principals: pulumi.Output[list[str]] = on_demand(lambda self: pulumi.Output.from_input(self._values["principals"]))
    """The users of the store that the bucket's policy lets in."""
    principals_date: pulumi.Output[str] = on_demand(lambda self: pulumi.Output.from_input(""))
    """Always empty: W&B documents no identity for S3-compatible stores."""
    handoffs: pulumi.Output[dict[str, Any]] = on_demand(lambda self: self._handoffs())
    """Path to what the W&B administrator must enter or send; nothing in it is secret."""
    server_env: pulumi.Output[dict[str, str]] = on_demand(lambda self: self._server_env())
    """Environment of a self-managed W&B server, without secrets."""
    server_secrets: pulumi.Output[dict[str, str]] = on_demand(lambda self: self._server_secrets())
    """Environment of a self-managed W&B server that holds secrets."""

    def __init__(self, name: str, args: S3CompatibleByobArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = parse(args)
        refuse([*faults, *checks.resource_name(name, values)], f"S3CompatibleByob '{name}'")
        super().__init__("wandb-byob:index:S3CompatibleByob", name, {}, opts)
        of_bucket: Any = {k: v for k, v in values.items() if k in S3CompatibleBucketArgs.__annotations__}
        of_bucket["paths"] = values["granted"]
        bucket = S3CompatibleBucket(name, of_bucket, pulumi.ResourceOptions(parent=self))
        self.bucket_name = bucket.bucket_name
        self.region = pulumi.Output.from_input(values.get("region", bucket.region))
        self.kms_key_id = pulumi.Output.from_input("")
        self._values, self._paths = values, values.get("paths") or [ROOT]
        keys = {key: pulumi.Output.secret(values[key]) for key in _PLACEHOLDER}
        self.storage_addresses = self._addresses(keys)
        warn(self, [*warnings(values), *omitted(values, preview=True), *loosened(values)])
        self.register_outputs(
            {
                "storageAddresses": self.storage_addresses,
                "bucketName": self.bucket_name,
                "paths": self._paths,
                "region": self.region,
                "kmsKeyId": self.kms_key_id,
                "principals": values["principals"],
                "principalsDate": "",
            }
        )

    def _addresses(self, keys: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[Any]:
        values = self._values

        def addresses(bucket: str, **place: str) -> dict[str, str]:
            return {
                path: build(
                    StorageAddress(
                        cloud=Cloud.S3_COMPATIBLE,
                        bucket=bucket,
                        path="" if path == ROOT else path,
                        tls=values.get("tls", True),
                        force_path_style=values.get("path_style"),
                        **place,
                    )
                )
                for path in values.get("paths") or [ROOT]
            }

        return together(addresses, bucket=self.bucket_name, region=self.region, endpoint=values["endpoint"], **keys)

    def _server_env(self) -> pulumi.Output[dict[str, str]]:
        return server_env(self._values["deployment"], lambda: self._settings(self._addresses(_PLACEHOLDER)))

    def _server_secrets(self) -> pulumi.Output[dict[str, str]]:
        return server_secrets(self._values["deployment"], lambda: self._settings(self.storage_addresses))

    def _settings(self, addresses: pulumi.Output[Any]) -> pulumi.Output[Any]:
        values = self._values
        versioned = S3CompatibleCapability.VERSIONING in capabilities(values)
        return together(
            lambda addresses: server_settings(values["deployment"], values["level"], addresses, versioned=versioned),
            addresses=addresses,
        )

    def _handoffs(self) -> pulumi.Output[dict[str, Any]]:
        values = self._values
        has = capabilities(values)
        expires = S3CompatibleCapability.NONCURRENT_EXPIRY in has

        def build_all(bucket: str, region: str, endpoint: str, principals: list[str]) -> dict[str, Any]:
            return {
                path: build_handoff(
                    deployment=values["deployment"],
                    level=values["level"],
                    cloud=Cloud.S3_COMPATIBLE,
                    path=path,
                    bucket_name=bucket,
                    region=region,
                    endpoint=endpoint,
                    tls=values.get("tls", True),
                    force_path_style=values.get("path_style"),
                    principals=principals,
                    principals_are_preset=False,
                    has_credential=True,
                    access=values.get("access", Access.DOCUMENTED),
                    noncurrent_days=values.get("noncurrent_days", 30) if expires else None,
                    versioned=S3CompatibleCapability.VERSIONING in has,
                    warnings=[*warnings(values), *omitted(values)],
                    loosened=loosened(values),
                    team=self.pulumi_resource_name,
                ).to_dict()
                for path in self._paths
            }

        return together(
            build_all,
            bucket=self.bucket_name,
            region=self.region,
            endpoint=values["endpoint"],
            principals=values["principals"],
        )
