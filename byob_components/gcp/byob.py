"""A whole store on Google Cloud: key, bucket, grant and, for W&B on another cloud, a credential."""

from collections.abc import Callable, Mapping
from typing import Any

import pulumi

from byob_components.arguments import together
from byob_components.errors import Fault
from byob_components.gcp import checks, grant
from byob_components.gcp.agent import storage_agent
from byob_components.gcp.bucket import DEFAULT_SOFT_DELETE_DAYS, GcpBucket, GcpBucketArgs
from byob_components.gcp.byob_args import GcpByobArgs, loosened, parse, warnings
from byob_components.gcp.credential import GcpCredential, GcpCredentialArgs
from byob_components.gcp.key import GcpKey, GcpKeyArgs
from byob_components.server_outputs import server_env, server_secrets
from byob_components.store import Encryption, Protection, child_options, on_demand, refuse, warn
from byob_components.wandb.access import Access
from byob_components.wandb.address import ROOT, StorageAddress, build
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.handoff import build_handoff
from byob_components.wandb.server import server_settings

__all__ = ["GcpByob", "GcpByobArgs", "check"]

_PLACEHOLDER = {"access_key": "placeholder", "secret_key": "placeholder"}
"""Stands for keys where only what is not secret is asked for."""


def check(args: GcpByobArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of a GcpByob.
    """
    return parse(args)[1]


class GcpByob(pulumi.ComponentResource):
    """A bucket on Google Cloud that W&B can use, and nobody else.

    Args:
        name: The resource name; the name of the team is a good one.
        args: See GcpByobArgs. Only `deployment`, `level` and `location` are required.
        opts: Resource options. `protect` belongs to the argument `protection`, not here.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    storage_addresses: pulumi.Output[dict[str, str]]
    """Path (the bucket's root is `/`) to the address that W&B takes; secret when the addresses hold keys."""
    bucket_name: pulumi.Output[str]
    """The bucket's name."""
    paths: pulumi.Output[list[str]] = on_demand(lambda self: pulumi.Output.from_input(self._paths))
    """The paths that W&B uses, `/` for the root."""
    region: pulumi.Output[str]
    """Where the bucket is, in lower case: a region, a multi-region or a dual-region."""
    kms_key_id: pulumi.Output[str]
    """The key's resource name; empty when Google manages the key. W&B is not told it: Google encrypts."""
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

    def __init__(self, name: str, args: GcpByobArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = parse(args)
        refuse([*faults, *checks.resource_name(name, values)], f"GcpByob '{name}'")
        super().__init__("wandb-byob:index:GcpByob", name, {}, opts)
        before, key_id = self._key(name, values)
        bucket_args = _only(GcpBucketArgs, values)
        if key_id is not None:
            bucket_args["kms_key_id"] = key_id
        credential: GcpCredential | None = None
        if "credential_keys" in values:
            later: tuple[pulumi.Output[str], Callable[[pulumi.Output[str]], None]] = pulumi.deferred_output()
            bucket_name, tell_name = later
            of_credential = _only(GcpCredentialArgs, values) | {
                "bucket_name": bucket_name,
                "suspended": values["all_suspended"],
            }
            credential = GcpCredential(name, of_credential, pulumi.ResourceOptions(parent=self))
            before = [*before, *credential.account_keys]
        # The bucket waits for the key and for W&B's account keys, so that a destroy that stops at the bucket leaves the
        # key of its data alone, and the address that W&B has in use.
        bucket = GcpBucket(name, bucket_args, pulumi.ResourceOptions(parent=self, depends_on=before))
        if credential is not None:
            tell_name(bucket.bucket_name)
        if values.get("signer"):
            protection = values.get("protection", Protection.PROTECTED)
            grant.signers(name, grant.endings(values["principals"]), grant.signer_options(self, protection))
        self.bucket_name, self.region = bucket.bucket_name, bucket.region
        self.kms_key_id = pulumi.Output.from_input("" if key_id is None else key_id)
        self._values, self._paths = values, values.get("paths") or [ROOT]
        self._date = values["preset"].date if "preset" in values else ""
        self._keys: dict[str, pulumi.Input[str]] = {}
        if credential is not None:
            self._keys = {"access_key": credential.service_account_email, "secret_key": credential.private_key}
        self.storage_addresses = self._addresses(self._keys)
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

    def _key(self, name: str, values: Mapping[str, Any]) -> tuple[list[pulumi.Resource], pulumi.Input[str] | None]:
        """The key, and what must be there before the bucket: Cloud Storage makes no bucket with a key that it may not use."""
        encryption = values.get("encryption", Encryption.PROVIDER_MANAGED)
        if encryption is Encryption.NEW_KEY:
            key = GcpKey(name, _only(GcpKeyArgs, values), pulumi.ResourceOptions(parent=self))
            return [key], key.kms_key_id
        if encryption is Encryption.PROVIDER_MANAGED:
            return [], None
        key_id = values["kms_key_id"]
        agent = storage_agent(self, values.get("storage_service_agent"), values.get("project"))
        protection = values.get("protection", Protection.PROTECTED)
        # It stays in the cloud: buckets that share the key share this one member, and objects that were written with the
        # key need it for as long as they are there.
        options = child_options(self, protection, protect=False, retain_on_delete=True)
        return [grant.agent_member(name, key_id, agent, options)], key_id

    def _addresses(self, keys: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[dict[str, str]]:
        return together(_addresses, bucket=self.bucket_name, paths=self._paths, **keys)

    def _server_env(self) -> pulumi.Output[dict[str, str]]:
        return server_env(
            self._values["deployment"],
            lambda: self._settings(self._addresses(_PLACEHOLDER) if self._keys else self.storage_addresses),
        )

    def _server_secrets(self) -> pulumi.Output[dict[str, str]]:
        return server_secrets(self._values["deployment"], lambda: self._settings(self.storage_addresses))

    def _settings(self, addresses: pulumi.Output[dict[str, str]]) -> pulumi.Output[Any]:
        values = self._values
        return together(
            lambda addresses: server_settings(values["deployment"], values["level"], addresses), addresses=addresses
        )

    def _handoffs(self) -> pulumi.Output[dict[str, Any]]:
        values = self._values

        def build_all(bucket: str, region: str, principals: list[str]) -> dict[str, Any]:
            return {
                path: build_handoff(
                    deployment=values["deployment"],
                    level=values["level"],
                    cloud=Cloud.GCP,
                    path=path,
                    bucket_name=bucket,
                    region=region,
                    principals=principals,
                    principals_date=self._date,
                    principals_are_preset="preset" in values,
                    has_credential="credential_keys" in values,
                    access=values.get("access", Access.DOCUMENTED),
                    noncurrent_days=values.get("noncurrent_days", 30),
                    noncurrent_versions=values.get("noncurrent_versions", 0),
                    soft_delete_days=values.get("soft_delete_days", DEFAULT_SOFT_DELETE_DAYS),
                    warnings=warnings(values),
                    loosened=loosened(values),
                    team=self.pulumi_resource_name,
                ).to_dict()
                for path in self._paths
            }

        return together(build_all, bucket=self.bucket_name, region=self.region, principals=values["principals"])


def _only(kind: type, values: Mapping[str, Any]) -> Any:
    """The arguments that a part of the store has too."""
    return {name: value for name, value in values.items() if name in kind.__annotations__}


def _addresses(bucket: str, paths: list[str], **keys: str) -> dict[str, str]:
    """The address of each path."""
    place: dict[str, Any] = dict(keys)
    return {
        path: build(StorageAddress(cloud=Cloud.GCP, bucket=bucket, path="" if path == ROOT else path, **place))
        for path in paths
    }
