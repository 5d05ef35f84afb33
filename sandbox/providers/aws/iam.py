"""IAM: users with their access keys, roles, managed policies. IAM is global: none of these types has a region."""

# ruff: noqa: RUF012 - the base class declares these attributes as ClassVar

from typing import Any

from sandbox.providers.aws.cloud import Aws
from sandbox.providers.aws.documents import check_json, same_policy, text
from sandbox.providers.aws.handler import AwsResource, Tagged, as_list, as_map
from sandbox.providers.framework.contract import Failure, shape
from sandbox.providers.framework.resource import (
    AutoName,
    Created,
    Live,
    PartlyCreated,
    Props,
    Refused,
    between,
    changed,
    matches,
    one_of,
)

_NAME = r"[\w+=,.@-]+"
_NAME_RULE = "must hold letters, digits and + = , . @ _ - only"
_PATH = r"/(?:[!-~]+/)?"
_PATH_RULE = "must begin and end with /"
GONE = frozenset({"NoSuchEntity"})


def _boundary(found: Props) -> str | None:
    arn: str | None = (found.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
    return arn


class User(Tagged):
    token = "aws:iam/user:User"
    title = "IAM User"
    service = "iam"
    carried_out = shape("forceDestroy name path permissionsBoundary tags")
    defaults = {"forceDestroy": False, "path": "/"}
    computed = frozenset({"arn", "tagsAll", "uniqueId"})
    changing = frozenset({"arn", "tagsAll"})
    absent = GONE
    auto_name = AutoName("name", 64)

    def check(self, new: Props, old: Props) -> list[Failure]:
        found = [*matches(new, "name", _NAME, _NAME_RULE), *matches(new, "path", _PATH, _PATH_RULE)]
        if isinstance(new.get("name"), str) and old.get("name") not in (None, new["name"]):
            found.append(Failure("name", "renaming a user is a real update, but not carried out by this stand-in"))
        return found

    def create(self, cloud: Aws, new: Props) -> Created:
        asked: Props = {"UserName": new["name"], "Path": new["path"], "Tags": as_list(self.all_tags(cloud, new))}
        if new.get("permissionsBoundary"):
            asked["PermissionsBoundary"] = new["permissionsBoundary"]
        made = self.client(cloud).create_user(**asked)["User"]
        return Created(made["UserName"])

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        iam = self.client(cloud)
        found = iam.get_user(UserName=id)["User"]
        tags = as_map(found.get("Tags") or iam.list_user_tags(UserName=id)["Tags"])
        told = {"name": id, "path": found["Path"], "permissionsBoundary": _boundary(found), "tags": self.own_tags(cloud, tags, inputs)}  # fmt: skip
        return Live(told, {"arn": found["Arn"], "uniqueId": found["UserId"], "tagsAll": tags})

    def update(self, cloud: Aws, id: str, old: Props, new: Props) -> None:
        iam = self.client(cloud)
        if changed(old, new, "path"):
            iam.update_user(UserName=id, NewPath=new["path"])
        if changed(old, new, "permissionsBoundary"):
            if new.get("permissionsBoundary"):
                iam.put_user_permissions_boundary(UserName=id, PermissionsBoundary=new["permissionsBoundary"])
            else:
                iam.delete_user_permissions_boundary(UserName=id)
        wanted, gone = self.tag_changes(cloud, old, new)
        if gone:
            iam.untag_user(UserName=id, TagKeys=gone)
        if wanted:
            iam.tag_user(UserName=id, Tags=as_list(wanted))

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        iam = self.client(cloud)
        if state.get("forceDestroy"):
            for name in iam.list_user_policies(UserName=id)["PolicyNames"]:
                iam.delete_user_policy(UserName=id, PolicyName=name)
            for one in iam.list_attached_user_policies(UserName=id)["AttachedPolicies"]:
                iam.detach_user_policy(UserName=id, PolicyArn=one["PolicyArn"])
            for key in iam.list_access_keys(UserName=id)["AccessKeyMetadata"]:
                iam.delete_access_key(UserName=id, AccessKeyId=key["AccessKeyId"])
        iam.delete_user(UserName=id)


class AccessKey(AwsResource):
    """The secret is told once, at creation; an imported key has none."""

    token = "aws:iam/accessKey:AccessKey"
    title = "IAM Access Key"
    service = "iam"
    carried_out = shape("status user")
    defaults = {"status": "Active"}
    computed = frozenset({"createDate", "secret"})
    secret_outputs = frozenset({"secret"})
    replace_on = frozenset({"user"})
    absent = GONE

    def check(self, new: Props, old: Props) -> list[Failure]:
        return one_of(new, "status", ("Active", "Inactive"))

    def create(self, cloud: Aws, new: Props) -> Created:
        iam = self.client(cloud)
        made = iam.create_access_key(UserName=new["user"])["AccessKey"]
        created = Created(made["AccessKeyId"], {"secret": made["SecretAccessKey"]})
        if new["status"] == "Inactive":
            try:
                iam.update_access_key(UserName=new["user"], AccessKeyId=created.id, Status="Inactive")
            except Exception as e:
                raise PartlyCreated(created, e) from e
        return created

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        iam = self.client(cloud)
        user = inputs.get("user") or state.get("user") or iam.get_access_key_last_used(AccessKeyId=id).get("UserName")
        if not user:
            return None
        keys = iam.list_access_keys(UserName=user)["AccessKeyMetadata"]
        found = next((key for key in keys if key["AccessKeyId"] == id), None)
        if found is None:
            return None
        created = found["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ")
        return Live({"user": user, "status": found["Status"]}, {"createDate": created})

    def update(self, cloud: Aws, id: str, old: Props, new: Props) -> None:
        self.client(cloud).update_access_key(UserName=new["user"], AccessKeyId=id, Status=new["status"])

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        self.client(cloud).delete_access_key(UserName=state["user"], AccessKeyId=id)


class Role(Tagged):
    token = "aws:iam/role:Role"
    title = "IAM Role"
    service = "iam"
    carried_out = shape(
        "assumeRolePolicy description forceDetachPolicies maxSessionDuration name path permissionsBoundary tags"
    )
    defaults = {"forceDetachPolicies": False, "maxSessionDuration": 3600, "path": "/"}
    computed = frozenset({"arn", "createDate", "tagsAll", "uniqueId"})
    changing = frozenset({"tagsAll"})
    replace_on = frozenset({"name", "path"})
    equal = {"assumeRolePolicy": same_policy}
    absent = GONE
    auto_name = AutoName("name", 64)

    def check(self, new: Props, old: Props) -> list[Failure]:
        return [
            *matches(new, "name", _NAME, _NAME_RULE),
            *matches(new, "path", _PATH, _PATH_RULE),
            *check_json(new, "assumeRolePolicy"),
            *between(new, "maxSessionDuration", 3600, 43200),
        ]

    def create(self, cloud: Aws, new: Props) -> Created:
        asked: Props = {
            "RoleName": new["name"],
            "AssumeRolePolicyDocument": text(new["assumeRolePolicy"]),
            "MaxSessionDuration": new["maxSessionDuration"],
            "Path": new["path"],
            "Tags": as_list(self.all_tags(cloud, new)),
        }
        if new.get("description"):
            asked["Description"] = new["description"]
        if new.get("permissionsBoundary"):
            asked["PermissionsBoundary"] = new["permissionsBoundary"]
        self.client(cloud).create_role(**asked)
        return Created(new["name"])

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        iam = self.client(cloud)
        found = iam.get_role(RoleName=id)["Role"]
        tags = as_map(found.get("Tags") or iam.list_role_tags(RoleName=id)["Tags"])
        return Live(
            {
                "assumeRolePolicy": text(found["AssumeRolePolicyDocument"]),
                "description": found.get("Description") or None,
                "maxSessionDuration": found["MaxSessionDuration"],
                "name": id,
                "path": found["Path"],
                "permissionsBoundary": _boundary(found),
                "tags": self.own_tags(cloud, tags, inputs),
            },
            {
                "arn": found["Arn"],
                "createDate": found["CreateDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
                "tagsAll": tags,
                "uniqueId": found["RoleId"],
            },
        )

    def update(self, cloud: Aws, id: str, old: Props, new: Props) -> None:
        iam = self.client(cloud)
        if not same_policy(old.get("assumeRolePolicy") or "", new["assumeRolePolicy"]):
            iam.update_assume_role_policy(RoleName=id, PolicyDocument=text(new["assumeRolePolicy"]))
        if changed(old, new, "description", "maxSessionDuration"):
            iam.update_role(RoleName=id, Description=new.get("description") or "", MaxSessionDuration=new["maxSessionDuration"])  # fmt: skip
        if changed(old, new, "permissionsBoundary"):
            if new.get("permissionsBoundary"):
                iam.put_role_permissions_boundary(RoleName=id, PermissionsBoundary=new["permissionsBoundary"])
            else:
                iam.delete_role_permissions_boundary(RoleName=id)
        wanted, gone = self.tag_changes(cloud, old, new)
        if gone:
            iam.untag_role(RoleName=id, TagKeys=gone)
        if wanted:
            iam.tag_role(RoleName=id, Tags=as_list(wanted))

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        iam = self.client(cloud)
        if state.get("forceDetachPolicies"):
            for name in iam.list_role_policies(RoleName=id)["PolicyNames"]:
                iam.delete_role_policy(RoleName=id, PolicyName=name)
            for one in iam.list_attached_role_policies(RoleName=id)["AttachedPolicies"]:
                iam.detach_role_policy(RoleName=id, PolicyArn=one["PolicyArn"])
        iam.delete_role(RoleName=id)


class _InlinePolicy(AwsResource):
    """A policy inside a user or a role; its id is `<owner>:<name>`."""

    service = "iam"
    equal = {"policy": same_policy}
    absent = GONE
    auto_name = AutoName("name", 128)
    owner: str
    """The property, and with an upper-case letter the part of the API's names: `user`."""

    def check(self, new: Props, old: Props) -> list[Failure]:
        return check_json(new, "policy")

    def _call(self, cloud: Aws, verb: str, id: str, **more: Any) -> Any:
        owner, _, name = id.partition(":")
        if not name:
            raise Refused(f"the id of an {self.title} is <{self.owner}>:<policy name>, not {id!r}")
        named = {f"{self.owner.capitalize()}Name": owner, "PolicyName": name}
        return getattr(self.client(cloud), f"{verb}_{self.owner}_policy")(**named, **more)

    def create(self, cloud: Aws, new: Props) -> Created:
        id = f"{new[self.owner]}:{new['name']}"
        self._call(cloud, "put", id, PolicyDocument=text(new["policy"]))
        return Created(id)

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        found = self._call(cloud, "get", id)
        owner, name = id.split(":", 1)
        return Live({self.owner: owner, "name": name, "policy": text(found["PolicyDocument"])})

    def update(self, cloud: Aws, id: str, old: Props, new: Props) -> None:
        self._call(cloud, "put", id, PolicyDocument=text(new["policy"]))

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        self._call(cloud, "delete", id)


class UserPolicy(_InlinePolicy):
    token = "aws:iam/userPolicy:UserPolicy"
    title = "IAM User Policy"
    owner = "user"
    carried_out = shape("name policy user")
    replace_on = frozenset({"name", "user"})


class RolePolicy(_InlinePolicy):
    token = "aws:iam/rolePolicy:RolePolicy"
    title = "IAM Role Policy"
    owner = "role"
    carried_out = shape("name policy role")
    replace_on = frozenset({"name", "role"})
