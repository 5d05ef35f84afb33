"""KMS: keys, aliases, grants."""

# ruff: noqa: RUF012 - the base class declares these attributes as ClassVar

from typing import Any

from sandbox.providers.aws.cloud import Aws
from sandbox.providers.aws.documents import check_json, same_policy, text
from sandbox.providers.aws.handler import AwsResource, Tagged
from sandbox.providers.aws.spelling import same_set
from sandbox.providers.framework.contract import Failure, shape
from sandbox.providers.framework.resource import (
    AutoName,
    Created,
    Live,
    PartlyCreated,
    Props,
    between,
    changed,
    given,
    matches,
    one_of,
)

_CREATE = {"description": "Description", "keyUsage": "KeyUsage", "customerMasterKeySpec": "KeySpec", "multiRegion": "MultiRegion", "bypassPolicyLockoutSafetyCheck": "BypassPolicyLockoutSafetyCheck"}  # fmt: skip


def _tags(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"TagKey": k, "TagValue": v} for k, v in tags.items()]


class Key(Tagged):
    token = "aws:kms/key:Key"
    title = "KMS Key"
    service = "kms"
    carried_out = shape(
        "bypassPolicyLockoutSafetyCheck customerMasterKeySpec deletionWindowInDays description enableKeyRotation isEnabled "
        "keyUsage multiRegion policy region rotationPeriodInDays tags"
    )
    defaults = {
        "bypassPolicyLockoutSafetyCheck": False,
        "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "isEnabled": True,
        "keyUsage": "ENCRYPT_DECRYPT",
    }
    cloud_decides = frozenset({"policy", "description", "multiRegion", "rotationPeriodInDays"})
    computed = frozenset({"arn", "keyId", "tagsAll"})
    changing = frozenset({"tagsAll"})
    replace_on = frozenset({"customerMasterKeySpec", "keyUsage", "multiRegion", "region"})
    equal = {"policy": same_policy}
    absent = frozenset({"NotFoundException"})

    def check(self, new: Props, old: Props) -> list[Failure]:
        return [
            *check_json(new, "policy"),
            *between(new, "deletionWindowInDays", 7, 30),
            *between(new, "rotationPeriodInDays", 90, 2560),
            *one_of(new, "keyUsage", ("ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT")),
        ]

    def create(self, cloud: Aws, new: Props) -> Created:
        kms = self.client(cloud, new)
        asked = {_CREATE[k]: v for k, v in given(new, *_CREATE).items()}
        if new.get("policy"):
            asked["Policy"] = text(new["policy"])
        made = kms.create_key(**asked, Tags=_tags(self.all_tags(cloud, new)))["KeyMetadata"]
        created = Created(made["KeyId"], {"arn": made["Arn"], "keyId": made["KeyId"]})
        try:
            if new.get("enableKeyRotation"):
                self._rotate(kms, made["KeyId"], new)
            if new.get("isEnabled") is False:
                kms.disable_key(KeyId=made["KeyId"])
        except Exception as e:
            raise PartlyCreated(created, e) from e
        return created

    @staticmethod
    def _rotate(kms: Any, id: str, new: Props) -> None:
        if new.get("enableKeyRotation"):
            period = new.get("rotationPeriodInDays")
            kms.enable_key_rotation(KeyId=id, **({"RotationPeriodInDays": period} if period else {}))
        else:
            kms.disable_key_rotation(KeyId=id)

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        kms = self.client(cloud, inputs, state)
        key = kms.describe_key(KeyId=id)["KeyMetadata"]
        if key["KeyState"] in ("PendingDeletion", "PendingReplicaDeletion"):
            return None  # the real provider takes it for gone, too
        tags = {t["TagKey"]: t["TagValue"] for t in kms.list_resource_tags(KeyId=id).get("Tags", [])}
        symmetric = key["KeySpec"] == "SYMMETRIC_DEFAULT"
        rotation = kms.get_key_rotation_status(KeyId=id) if symmetric else {"KeyRotationEnabled": False}
        return Live(
            {
                "customerMasterKeySpec": key["KeySpec"],
                "description": key.get("Description", ""),
                "enableKeyRotation": rotation["KeyRotationEnabled"],
                "rotationPeriodInDays": rotation.get("RotationPeriodInDays")
                if rotation["KeyRotationEnabled"]
                else None,
                "isEnabled": key["Enabled"],
                "keyUsage": key["KeyUsage"],
                "multiRegion": key.get("MultiRegion", False),
                "policy": kms.get_key_policy(KeyId=id, PolicyName="default")["Policy"],
                "region": key["Arn"].split(":")[3],
                "tags": self.own_tags(cloud, tags, inputs),
            },
            {"arn": key["Arn"], "keyId": key["KeyId"], "tagsAll": tags},
        )

    def update(self, cloud: Aws, id: str, old: Props, new: Props) -> None:
        kms = self.client(cloud, new)
        if changed(old, new, "isEnabled") and new.get("isEnabled", True):
            kms.enable_key(KeyId=id)  # first: a disabled key takes no other change
        if changed(old, new, "enableKeyRotation", "rotationPeriodInDays"):
            self._rotate(kms, id, new)
        if changed(old, new, "description") and "description" in new:
            kms.update_key_description(KeyId=id, Description=new["description"])
        if new.get("policy") and not same_policy(old.get("policy") or "", new["policy"]):
            kms.put_key_policy(
                KeyId=id,
                PolicyName="default",
                Policy=text(new["policy"]),
                BypassPolicyLockoutSafetyCheck=bool(new.get("bypassPolicyLockoutSafetyCheck")),
            )
        wanted, gone = self.tag_changes(cloud, old, new)
        if gone:
            kms.untag_resource(KeyId=id, TagKeys=gone)
        if wanted:
            kms.tag_resource(KeyId=id, Tags=_tags(wanted))
        if changed(old, new, "isEnabled") and new.get("isEnabled") is False:
            kms.disable_key(KeyId=id)

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        days = state.get("deletionWindowInDays")
        kms = self.client(cloud, state)
        try:
            kms.schedule_key_deletion(KeyId=id, **({"PendingWindowInDays": days} if days else {}))
        except Exception as e:
            if cloud.error_code(e) != "KMSInvalidStateException" or "pending" not in str(e).lower():
                raise


def _same_key(a: Any, b: Any) -> bool:
    """A key's id and its ARN mean the same key."""
    return str(a).rsplit("/", 1)[-1] == str(b).rsplit("/", 1)[-1]


class Alias(AwsResource):
    token = "aws:kms/alias:Alias"
    title = "KMS Alias"
    service = "kms"
    carried_out = shape("name region targetKeyId")
    computed = frozenset({"arn", "targetKeyArn"})
    changing = frozenset({"targetKeyArn"})
    replace_on = frozenset({"name", "region"})
    equal = {"targetKeyId": _same_key}
    absent = frozenset({"NotFoundException"})
    auto_name = AutoName("name", 256, prefix="alias/")

    def check(self, new: Props, old: Props) -> list[Failure]:
        rule = "must begin with 'alias/', not with 'alias/aws/', and hold letters, digits, /, _ and - only"
        return matches(new, "name", r"alias/(?!aws/)[a-zA-Z0-9/_-]+", rule)

    def create(self, cloud: Aws, new: Props) -> Created:
        self.client(cloud, new).create_alias(AliasName=new["name"], TargetKeyId=new["targetKeyId"])
        return Created(new["name"])

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        kms = self.client(cloud, inputs, state)
        pages = kms.get_paginator("list_aliases").paginate()
        found = next((a for page in pages for a in page["Aliases"] if a["AliasName"] == id), None)
        if found is None or not found.get("TargetKeyId"):
            return None
        arn = found["AliasArn"]
        key = f"{arn.split('alias/', 1)[0]}key/{found['TargetKeyId']}"
        return Live(
            {"name": id, "targetKeyId": found["TargetKeyId"], "region": arn.split(":")[3]},
            {"arn": arn, "targetKeyArn": key},
        )

    def update(self, cloud: Aws, id: str, old: Props, new: Props) -> None:
        self.client(cloud, new).update_alias(AliasName=id, TargetKeyId=new["targetKeyId"])

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        self.client(cloud, state).delete_alias(AliasName=id)


class Grant(AwsResource):
    """Its id is `<key>:<grant>`, where the key stands as the program named it."""

    token = "aws:kms/grant:Grant"
    title = "KMS Grant"
    service = "kms"
    carried_out = shape(
        "constraints grantCreationTokens granteePrincipal keyId name operations region retireOnDelete retiringPrincipal"
    )
    defaults = {"retireOnDelete": False}
    computed = frozenset({"grantId", "grantToken"})
    secret_outputs = frozenset({"grantToken"})
    replace_on = frozenset(
        {
            "constraints",
            "grantCreationTokens",
            "granteePrincipal",
            "keyId",
            "name",
            "operations",
            "region",
            "retiringPrincipal",
        }
    )
    equal = {"operations": same_set, "constraints": same_set, "keyId": _same_key}
    absent = frozenset({"NotFoundException"})
    auto_name = AutoName("name", 256)

    def create(self, cloud: Aws, new: Props) -> Created:
        asked: Props = {"KeyId": new["keyId"], "GranteePrincipal": new["granteePrincipal"], "Operations": new["operations"], "Name": new["name"]}  # fmt: skip
        if new.get("retiringPrincipal"):
            asked["RetiringPrincipal"] = new["retiringPrincipal"]
        if new.get("grantCreationTokens"):
            asked["GrantTokens"] = new["grantCreationTokens"]
        if new.get("constraints"):
            one = new["constraints"][0]
            names = {"encryptionContextEquals": "EncryptionContextEquals", "encryptionContextSubset": "EncryptionContextSubset"}  # fmt: skip
            asked["Constraints"] = {theirs: one[ours] for ours, theirs in names.items() if one.get(ours)}
        made = self.client(cloud, new).create_grant(**asked)
        return Created(f"{new['keyId']}:{made['GrantId']}", {"grantToken": made["GrantToken"]})

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        key, grant = id.rsplit(":", 1)
        pages = self.client(cloud, inputs, state).get_paginator("list_grants").paginate(KeyId=key)
        found = next((g for page in pages for g in page["Grants"] if g["GrantId"] == grant), None)
        if found is None:
            return None
        limits = found.get("Constraints") or {}
        names = {"encryptionContextEquals": "EncryptionContextEquals", "encryptionContextSubset": "EncryptionContextSubset"}  # fmt: skip
        constraint = {ours: limits[theirs] for ours, theirs in names.items() if limits.get(theirs)}
        told = {
            "constraints": [constraint] if constraint else None,
            "granteePrincipal": found["GranteePrincipal"],
            "keyId": key,
            "name": found.get("Name") or None,
            "operations": found["Operations"],
            "retiringPrincipal": found.get("RetiringPrincipal") or None,
            "region": inputs.get("region") or state.get("region") or cloud.region,
        }
        return Live(told, {"grantId": grant})

    def update(self, cloud: Aws, id: str, old: Props, new: Props) -> None:
        """Only how it will be deleted can change."""

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        key, grant = id.rsplit(":", 1)
        kms = self.client(cloud, state)
        if state.get("retireOnDelete"):
            kms.retire_grant(KeyId=key, GrantId=grant)
        else:
            kms.revoke_grant(KeyId=key, GrantId=grant)
