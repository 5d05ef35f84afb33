"""A whole store on AWS: key, bucket, grant and, for W&B on another cloud, a credential."""

from collections.abc import Callable, Mapping
from typing import Any

import pulumi

from byob_components.arguments import together
from byob_components.aws import checks, grant
from byob_components.aws.bucket import AwsBucket, AwsBucketArgs
from byob_components.aws.byob_args import AwsByobArgs, loosened, parse, warnings
from byob_components.aws.credential import AwsCredential, AwsCredentialArgs
from byob_components.aws.key import AwsKey, AwsKeyArgs
from byob_components.errors import Fault
from byob_components.server_outputs import server_env, server_secrets
from byob_components.store import Encryption, Protection, on_demand, refuse, warn
from byob_components.wandb.access import Access
from byob_components.wandb.address import ROOT, StorageAddress, build
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.handoff import build_handoff
from byob_components.wandb.server import server_settings

__all__ = ["AwsByob", "AwsByobArgs", "check"]

_PLACEHOLDER = {"access_key": "placeholder", "secret_key": "placeholder"}
"""Stands for keys where only what is not secret is asked for."""


def check(args: AwsByobArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of an AwsByob.
    """
    return parse(args)[1]


class AwsByob(pulumi.ComponentResource):
    """A bucket on AWS that W&B can use, and nobody else.

    Args:
        name: The resource name; the name of the team is a good one.
        args: See AwsByobArgs. Only `deployment` and `level` are required.
        opts: Resource options. `protect` belongs to the argument `protection`, not here.

    Raises:
        ByobRunError: With every fault of the call; nothing is registered then.
    """

    storage_addresses: pulumi.Output[dict[str, str]]
    """Path (the bucket's root is `/`) to the address that W&B takes; secret when the addresses hold keys."""
    bucket_name: pulumi.Output[str]
    """The bucket's name."""
    bucket_arn: pulumi.Output[str]
    """The bucket's ARN."""
    paths: pulumi.Output[list[str]] = on_demand(lambda self: pulumi.Output.from_input(self._paths))
    """The paths that W&B uses, `/` for the root."""
    region: pulumi.Output[str]
    """Where the bucket is."""
    kms_key_id: pulumi.Output[str]
    """The key's ARN; empty when the provider manages the key."""
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

    def __init__(self, name: str, args: AwsByobArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = parse(args)
        refuse([*faults, *checks.resource_name(name, values)], f"AwsByob '{name}'")
        super().__init__("wandb-byob:index:AwsByob", name, {}, opts)
        encryption = values.get("encryption", Encryption.NEW_KEY)
        before: list[pulumi.Resource] = []
        key_arn = values.get("kms_key_arn")
        if encryption is Encryption.NEW_KEY:
            key = AwsKey(name, _only(AwsKeyArgs, values), pulumi.ResourceOptions(parent=self))
            before, key_arn = [key], key.kms_key_arn
        elif encryption is Encryption.EXISTING_KEY:
            protection, region = values.get("protection", Protection.PROTECTED), values.get("region")
            before += grant.key_grants(self, name, protection, values["kms_key_arn"], values["principals"], region)
        bucket_args = _only(AwsBucketArgs, values) | {"paths": values["granted"]}
        if key_arn is not None:
            bucket_args["kms_key_arn"] = key_arn
        credential: AwsCredential | None = None
        if "credential_keys" in values:
            later: tuple[pulumi.Output[str], Callable[[pulumi.Output[str]], None]] = pulumi.deferred_output()
            arn, tell_arn = later
            credential = self._credential(name, values, key_arn, arn)
            before += credential.access_keys
        # The bucket waits for the key and for W&B's access keys, so that a destroy that stops at the bucket leaves the
        # key of its data alone, and the address that W&B has in use.
        bucket = AwsBucket(name, bucket_args, pulumi.ResourceOptions(parent=self, depends_on=before))
        if credential is not None:
            tell_arn(bucket.bucket_arn)
        self.bucket_name, self.bucket_arn, self.region = bucket.bucket_name, bucket.bucket_arn, bucket.region
        self.kms_key_id = key_arn if isinstance(key_arn, pulumi.Output) else pulumi.Output.from_input(key_arn or "")
        self._values, self._paths = values, values.get("paths") or [ROOT]
        self._date = values["preset"].date if "preset" in values else ""
        self._keys: dict[str, pulumi.Input[str]] = {}
        if credential is not None:
            self._keys = {"access_key": credential.access_key_id, "secret_key": credential.secret_access_key}
        place = {"bucket": self.bucket_name, "region": self.region, "paths": self._paths}
        self.storage_addresses = together(_addresses, **place, **self._keys)
        warn(self, [*warnings(values), *loosened(values)])
        self.register_outputs(
            {
                "storageAddresses": self.storage_addresses,
                "bucketName": self.bucket_name,
                "bucketArn": self.bucket_arn,
                "paths": self._paths,
                "region": self.region,
                "kmsKeyId": self.kms_key_id,
                "principals": values["principals"],
                "principalsDate": self._date,
            }
        )

    def _credential(
        self, name: str, values: Mapping[str, Any], key_arn: pulumi.Input[str] | None, bucket_arn: pulumi.Output[str]
    ) -> AwsCredential:
        args = _only(AwsCredentialArgs, values) | {
            "bucket_name": bucket_arn.apply(lambda arn: arn.split(":::")[1]),
            "paths": values["granted"],
            "partition": bucket_arn.apply(lambda arn: arn.split(":")[1]),
            "suspended": values["all_suspended"],
        }
        if key_arn is not None:
            args["kms_key_arn"] = key_arn
        return AwsCredential(name, args, pulumi.ResourceOptions(parent=self))

    def _server_env(self) -> pulumi.Output[dict[str, str]]:
        return server_env(self._values["deployment"], lambda: self._settings(_PLACEHOLDER if self._keys else {}))

    def _server_secrets(self) -> pulumi.Output[dict[str, str]]:
        return server_secrets(self._values["deployment"], lambda: self._settings(self._keys))

    def _settings(self, keys: Mapping[str, pulumi.Input[str]]) -> pulumi.Output[Any]:
        """What a self-managed server takes, for the addresses with these keys."""
        values, paths = self._values, self._paths

        def settings(bucket: str, region: str, key: str, **keys: str) -> Any:
            addresses = _addresses(bucket, region, paths, **keys)
            return server_settings(values["deployment"], values["level"], addresses, region, key)

        return together(settings, bucket=self.bucket_name, region=self.region, key=self.kms_key_id, **keys)

    def _handoffs(self) -> pulumi.Output[dict[str, Any]]:
        values = self._values

        def build_all(bucket: str, region: str, key: str, principals: list[str]) -> dict[str, Any]:
            return {
                path: build_handoff(
                    deployment=values["deployment"],
                    level=values["level"],
                    cloud=Cloud.AWS,
                    path=path,
                    bucket_name=bucket,
                    region=region,
                    kms_key_id=key,
                    principals=principals,
                    principals_date=self._date,
                    principals_are_preset="preset" in values,
                    has_credential="credential_keys" in values,
                    access=values.get("access", Access.DOCUMENTED),
                    noncurrent_days=values.get("noncurrent_days", 30),
                    noncurrent_versions=values.get("noncurrent_versions", 0),
                    warnings=warnings(values),
                    loosened=loosened(values),
                    team=self.pulumi_resource_name,
                ).to_dict()
                for path in self._paths
            }

        return together(
            build_all,
            bucket=self.bucket_name,
            region=self.region,
            key=self.kms_key_id,
            principals=values["principals"],
        )


def _only(kind: type, values: Mapping[str, Any]) -> Any:
    """The arguments that a part of the store has too."""
    return {name: value for name, value in values.items() if name in kind.__annotations__}


def _addresses(bucket: str, region: str, paths: list[str], **keys: str) -> dict[str, str]:
    """The address of each path; with keys it names the region's endpoint, because it is read on another cloud."""
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    place: dict[str, Any] = {**keys, "endpoint": f"s3.{region}.{suffix}", "region": region} if keys else {}
    return {
        path: build(StorageAddress(cloud=Cloud.AWS, bucket=bucket, path="" if path == ROOT else path, **place))
        for path in paths
    }
