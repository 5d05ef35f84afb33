"""A whole store on AWS: key, bucket, grant and, for W&B on another cloud, a credential."""

from collections.abc import Mapping
from typing import Any, NotRequired

import pulumi

from byob_components.arguments import is_open, parse_args
from byob_components.aws import bucket as bucket_room
from byob_components.aws import grant, policy
from byob_components.aws.bucket import AwsBucket, AwsBucketFields, check_bucket
from byob_components.aws.credential import AwsCredential
from byob_components.aws.key import AwsCommonArgs, AwsKey, AwsKeyFields
from byob_components.errors import Fault
from byob_components.store import Encryption, Protection, refuse, warn
from byob_components.wandb import deployment as availability
from byob_components.wandb import principal as wandb_principal
from byob_components.wandb.access import Access, check_access
from byob_components.wandb.address import ROOT, StorageAddress, build
from byob_components.wandb.deployment import Cloud, Deployment, Level
from byob_components.wandb.handoff import build_handoff
from byob_components.wandb.server import server_settings

_KEY_ONLY = (
    "kms_alias_name",
    "kms_deletion_window_days",
    "kms_key_admins",
    "kms_key_guard",
    "kms_key_users",
    "kms_rotation_days",
)
_KEY_FIELDS = (*_KEY_ONLY, "account_id", "partition")
_COMMON = tuple(AwsCommonArgs.__annotations__)


class AwsByobArgs(AwsCommonArgs, AwsKeyFields, AwsBucketFields):
    """Arguments of AwsByob."""

    deployment: Deployment
    """Where W&B itself runs."""
    level: Level
    """Whether this is the one bucket of a whole W&B instance or the bucket of a team."""
    credential_keys: NotRequired[list[str]]
    """Labels of live access keys, the newest last (one, or two during a rotation). When given, an AwsCredential is made and
    its newest key stands in the addresses, for W&B on another cloud; `principals` then default to none. Default: no
    credential."""
    suspended_paths: NotRequired[list[str]]
    """Paths (`/` for the root) that keep data, address and hand-off and lose the grant. All of them: nobody holds a grant
    and access keys are switched off. Some of them: `minimal` access is needed, the only one that tells paths apart.
    Default none."""


def check(args: AwsByobArgs) -> list[Fault]:
    """What is wrong with a call, as far as it is known before anything is registered.

    Args:
        args: The arguments of an AwsByob.
    """
    return _parse(args)[1]


def _parse(args: AwsByobArgs) -> tuple[dict[str, Any], list[Fault]]:
    values, faults = parse_args(AwsByobArgs, args, bucket_room.CHECKS)
    if faults:
        return values, faults
    faults = availability.check_offer(values["deployment"], values["level"], Cloud.AWS)
    faults += check_access(values.get("access", Access.DOCUMENTED), values["level"], Cloud.AWS, values.get("paths", []))
    faults += [*check_bucket(values), *_check_encryption(values)]
    if "principals" not in values:
        faults += _preset(values)
    elif _partition(values):
        known = [p for p in values["principals"] if not is_open(p)]
        faults += wandb_principal.check_principals(Cloud.AWS, known, "principals", _partition(values))
    return values, faults + _suspend(values)


def _suspend(values: dict[str, Any]) -> list[Fault]:
    """Take the grant from suspended paths: from everybody when no path is left."""
    paths, suspended = values.get("paths") or [ROOT], values.get("suspended_paths", [])
    faults = [
        Fault("BYOB-AWS-029", f"suspended_paths[{i}]", "is not a path of this store", path, ", ".join(map(repr, paths)))
        for i, path in enumerate(suspended)
        if path not in paths
    ]
    left = [path for path in paths if path not in suspended]
    values["all_suspended"], values["granted"] = not left, [path for path in left if path != ROOT]
    if not left:
        values["principals"] = []
        values.pop("preset", None)
    elif suspended and values.get("access") is not Access.MINIMAL:
        fix = "set access to 'minimal', or suspend every path"
        what = "names some paths, and the access is not 'minimal': the grant covers the whole bucket"
        faults.append(Fault("BYOB-AWS-030", "suspended_paths", what, suspended, "access 'minimal'", fix))
    return faults


def _partition(values: Mapping[str, Any]) -> str | None:
    """The partition, where the arguments tell it."""
    given, region = values.get("partition"), values.get("region")
    if isinstance(given, str):
        return given
    if isinstance(region, str):
        return "aws-us-gov" if region.startswith("us-gov-") else "aws-cn" if region.startswith("cn-") else "aws"
    return None


def _preset(values: dict[str, Any]) -> list[Fault]:
    """Fill in whom W&B is; nobody, when a credential of our own takes its place."""
    if "credential_keys" in values:
        values["principals"] = []
        return []
    partition = _partition(values) or "aws"
    preset = wandb_principal.preset(values["deployment"], Cloud.AWS, partition)
    if preset is None:
        return [wandb_principal.missing_preset(values["deployment"], Cloud.AWS, partition)]
    values["principals"], values["preset"] = list(preset.principals), preset
    return []


def _check_encryption(values: Mapping[str, Any]) -> list[Fault]:
    """Encryption and key must agree before anything is made: `aws:kms` without a key is S3's own key, which admits no
    other account,
    and SSE-S3 with a key is an error of the API."""
    encryption, given = values.get("encryption", Encryption.NEW_KEY), "kms_key_arn" in values
    faults = []
    if encryption is Encryption.EXISTING_KEY and not given:
        faults.append(
            Fault(
                "BYOB-AWS-008",
                "kms_key_arn",
                "is missing, and encryption is 'existing_key'",
                allowed="the ARN of a KMS key",
                fix="give kms_key_arn, or let a key be made with encryption 'new_key'",
            )
        )
    if encryption is not Encryption.EXISTING_KEY and given:
        key = values["kms_key_arn"]
        faults.append(
            Fault(
                "BYOB-AWS-010",
                "kms_key_arn",
                f"is given, and encryption is '{encryption}'",
                None if is_open(key) else key,
                "encryption 'existing_key' with a key",
                "set encryption to 'existing_key', or drop kms_key_arn",
            )
        )
    if encryption is not Encryption.NEW_KEY:
        faults += [
            Fault(
                "BYOB-AWS-009",
                field,
                f"describes a key to be made, and encryption is '{encryption}'",
                None,
                "encryption 'new_key'",
                "drop it, or set encryption to 'new_key'",
            )
            for field in _KEY_ONLY
            if field in values
        ]
    return faults


def _warnings(values: Mapping[str, Any]) -> list[str]:
    preset = values.get("preset")
    told = [preset.warning] if preset is not None and preset.warning else []
    known = [p for p in values["principals"] if not is_open(p)]
    told += [
        f"the statement {sid} of bucket_policy_statements denies what W&B needs"
        for sid in policy.denies_wandb(values.get("bucket_policy_statements", []), known)
    ]
    if values.get("access") is Access.MINIMAL and "kms_key_arn" in values and values["principals"]:
        told.append(grant.MINIMAL_ON_EXISTING_KEY)
    if values["all_suspended"]:
        told.append("every path is suspended: the data is kept, and W&B cannot use the store")
    elif not values["principals"] and "credential_keys" not in values:
        told.append("nobody holds the grant (principals is empty): W&B cannot use the store")
    elif values.get("suspended_paths"):
        told.append(f"suspended, the data is kept and W&B cannot use it: {', '.join(values['suspended_paths'])}")
    return told


def _loosened(values: Mapping[str, Any]) -> list[str]:
    protection = values.get("protection", Protection.PROTECTED)
    told = {
        Protection.UNPROTECTED: [
            "protection is 'unprotected': removing the store deletes the bucket if it is empty, and schedules its key"
        ],
        Protection.RELEASED: [
            "protection is 'released': Pulumi no longer changes the store, and removing it leaves everything in "
            "the cloud"
        ],
    }.get(protection, [])
    if values.get("force_destroy"):
        told.append("force_destroy is on: destroying the bucket deletes every object in it")
    if values.get("allow_data_expiry"):
        names = ", ".join(rule["id"] for rule in values.get("lifecycle_rules", [])) or "none yet"
        told.append(f"allow_data_expiry is on: lifecycle rules may expire or archive current objects ({names})")
    return told


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
    paths: pulumi.Output[list[str]]
    """The paths that W&B uses, `/` for the root."""
    region: pulumi.Output[str]
    """Where the bucket is."""
    kms_key_id: pulumi.Output[str]
    """The key's ARN; empty when the provider manages the key."""
    principals: pulumi.Output[list[str]]
    """The W&B identities that hold the grant."""
    principals_date: pulumi.Output[str]
    """The date of the preset the principals came from; empty when they were given by name."""
    handoffs: pulumi.Output[dict[str, Any]]
    """Path to what the W&B administrator must enter or send; nothing in it is secret."""
    server_env: pulumi.Output[dict[str, str]]
    """Environment of a self-managed W&B server, without secrets."""
    server_secrets: pulumi.Output[dict[str, str]]
    """Environment of a self-managed W&B server that holds secrets."""

    def __init__(self, name: str, args: AwsByobArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        values, faults = _parse(args)
        refuse(faults, f"AwsByob '{name}'")
        super().__init__("wandb-byob:index:AwsByob", name, {}, opts)
        encryption = values.get("encryption", Encryption.NEW_KEY)
        common = {field: values[field] for field in _COMMON if field in values}
        before: list[pulumi.Resource] = []
        key_arn = values.get("kms_key_arn")
        if encryption is Encryption.NEW_KEY:
            key_args: Any = {**common, **{field: values[field] for field in _KEY_FIELDS if field in values}}
            key = AwsKey(name, key_args, pulumi.ResourceOptions(parent=self))
            before, key_arn = [key], key.kms_key_arn
        elif encryption is Encryption.EXISTING_KEY:
            before = [
                *grant.key_grants(
                    self,
                    name,
                    values.get("protection", Protection.PROTECTED),
                    values["kms_key_arn"],
                    values["principals"],
                    values.get("region"),
                )
            ]
        bucket_args: Any = {
            **common,
            **{field: values[field] for field in AwsBucketFields.__annotations__ if field in values},
            "paths": values["granted"],
        }
        if key_arn is not None:
            bucket_args["kms_key_arn"] = key_arn
        # The bucket waits for the key component, so that a destroy that stops at the bucket leaves the key of its data
        # alone.
        bucket = AwsBucket(name, bucket_args, pulumi.ResourceOptions(parent=self, depends_on=before))
        self.bucket_name, self.bucket_arn, self.region = bucket.bucket_name, bucket.bucket_arn, bucket.region
        self.kms_key_id = pulumi.Output.from_input("" if key_arn is None else key_arn)
        self.paths = pulumi.Output.from_input(values.get("paths") or [ROOT])
        self.principals = pulumi.Output.from_input(values["principals"])
        self.principals_date = pulumi.Output.from_input(values["preset"].date if "preset" in values else "")
        keys = self._credential(name, values, key_arn)
        self.storage_addresses = pulumi.Output.all(
            bucket=self.bucket_name, region=self.region, paths=self.paths, **keys
        ).apply(_addresses)
        settings = pulumi.Output.all(addresses=self.storage_addresses, region=self.region, key=self.kms_key_id).apply(
            lambda v: server_settings(values["deployment"], values["level"], v["addresses"], v["region"], v["key"])
        )
        self.server_env = pulumi.Output.unsecret(settings.apply(lambda s: s.env))
        self.server_secrets = pulumi.Output.secret(settings.apply(lambda s: s.secrets))
        self.handoffs = self._handoffs(name, values)
        warn(self, [*_warnings(values), *_loosened(values)])
        self.register_outputs(
            {
                "storageAddresses": self.storage_addresses,
                "bucketName": self.bucket_name,
                "bucketArn": self.bucket_arn,
                "paths": self.paths,
                "region": self.region,
                "kmsKeyId": self.kms_key_id,
                "principals": self.principals,
                "principalsDate": self.principals_date,
                "handoffs": self.handoffs,
                "serverEnv": self.server_env,
                "serverSecrets": self.server_secrets,
            }
        )

    def _credential(
        self, name: str, values: Mapping[str, Any], key_arn: pulumi.Input[str] | None
    ) -> dict[str, pulumi.Output[str]]:
        if "credential_keys" not in values:
            return {}
        fields = ("credential_keys", "access", "partition", "region", "tags", "protection")
        args: Any = {field: values[field] for field in fields if field in values}
        args |= {"bucket_name": self.bucket_name, "paths": values["granted"], "suspended": values["all_suspended"]}
        if key_arn is not None:
            args["kms_key_arn"] = key_arn
        made = AwsCredential(name, args, pulumi.ResourceOptions(parent=self))
        return {"access_key": made.access_key_id, "secret_key": made.secret_access_key}

    def _handoffs(self, name: str, values: Mapping[str, Any]) -> pulumi.Output[dict[str, Any]]:
        def build_all(known: Mapping[str, Any]) -> dict[str, Any]:
            return {
                path: build_handoff(
                    deployment=values["deployment"],
                    level=values["level"],
                    cloud=Cloud.AWS,
                    path=path,
                    bucket_name=known["bucket"],
                    region=known["region"],
                    kms_key_id=known["key"],
                    principals=known["principals"],
                    principals_date=known["date"],
                    principals_are_preset="preset" in values,
                    has_credential="credential_keys" in values,
                    noncurrent_days=values.get("noncurrent_days", 30),
                    warnings=_warnings(values),
                    loosened=_loosened(values),
                    team=name,
                ).to_dict()
                for path in known["paths"]
            }

        return pulumi.Output.all(
            bucket=self.bucket_name,
            region=self.region,
            key=self.kms_key_id,
            principals=self.principals,
            date=self.principals_date,
            paths=self.paths,
        ).apply(build_all)


def _addresses(known: Mapping[str, Any]) -> dict[str, str]:
    """The address of each path; with keys it names the region's endpoint, because it is read on another cloud."""
    keys = {field: known[field] for field in ("access_key", "secret_key") if field in known}
    suffix = "amazonaws.com.cn" if known["region"].startswith("cn-") else "amazonaws.com"
    place = {**keys, "endpoint": f"s3.{known['region']}.{suffix}", "region": known["region"]} if keys else {}
    return {
        path: build(StorageAddress(cloud=Cloud.AWS, bucket=known["bucket"], path="" if path == ROOT else path, **place))
        for path in known["paths"]
    }
