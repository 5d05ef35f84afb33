"""IAM: managed policies and their attachments to users and roles."""

# ruff: noqa: RUF012 - the base class declares these attributes as ClassVar

from typing import Any

from sandbox.providers.aws.cloud import Aws
from sandbox.providers.aws.documents import check_json, same_policy, text
from sandbox.providers.aws.handler import AwsResource, Tagged, as_list, as_map
from sandbox.providers.aws.iam import GONE
from sandbox.providers.framework.contract import Failure, shape
from sandbox.providers.framework.resource import AutoName, Created, Live, Props, Refused

_VERSIONS = 5
"""How many versions of a managed policy AWS keeps."""


class Policy(Tagged):
    token = "aws:iam/policy:Policy"
    title = "IAM Policy"
    service = "iam"
    carried_out = shape("description name path policy tags")
    defaults = {"path": "/"}
    computed = frozenset({"arn", "attachmentCount", "policyId", "tagsAll"})
    changing = frozenset({"attachmentCount", "tagsAll"})
    replace_on = frozenset({"description", "name", "path"})
    equal = {"policy": same_policy}
    absent = GONE
    auto_name = AutoName("name", 128)

    def check(self, new: Props, old: Props) -> list[Failure]:
        return check_json(new, "policy")

    def create(self, cloud: Aws, new: Props) -> Created:
        asked: Props = {"PolicyName": new["name"], "PolicyDocument": text(new["policy"]), "Path": new["path"], "Tags": as_list(self.all_tags(cloud, new))}  # fmt: skip
        if new.get("description"):
            asked["Description"] = new["description"]
        return Created(self.client(cloud).create_policy(**asked)["Policy"]["Arn"])

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        iam = self.client(cloud)
        found = iam.get_policy(PolicyArn=id)["Policy"]
        version = iam.get_policy_version(PolicyArn=id, VersionId=found["DefaultVersionId"])["PolicyVersion"]
        tags = as_map(found.get("Tags") or iam.list_policy_tags(PolicyArn=id)["Tags"])
        return Live(
            {
                "description": found.get("Description") or None,
                "name": found["PolicyName"],
                "path": found["Path"],
                "policy": text(version["Document"]),
                "tags": self.own_tags(cloud, tags, inputs),
            },
            {
                "arn": id,
                "attachmentCount": found.get("AttachmentCount", 0),
                "policyId": found["PolicyId"],
                "tagsAll": tags,
            },
        )

    def update(self, cloud: Aws, id: str, old: Props, new: Props) -> None:
        iam = self.client(cloud)
        if not same_policy(old.get("policy") or "", new["policy"]):
            versions = iam.list_policy_versions(PolicyArn=id)["Versions"]
            if len(versions) >= _VERSIONS:  # the oldest makes room
                oldest = min((v for v in versions if not v["IsDefaultVersion"]), key=lambda v: int(v["VersionId"][1:]))
                iam.delete_policy_version(PolicyArn=id, VersionId=oldest["VersionId"])
            iam.create_policy_version(PolicyArn=id, PolicyDocument=text(new["policy"]), SetAsDefault=True)
        wanted, gone = self.tag_changes(cloud, old, new)
        if gone:
            iam.untag_policy(PolicyArn=id, TagKeys=gone)
        if wanted:
            iam.tag_policy(PolicyArn=id, Tags=as_list(wanted))

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        iam = self.client(cloud)
        for version in iam.list_policy_versions(PolicyArn=id)["Versions"]:
            if not version["IsDefaultVersion"]:
                iam.delete_policy_version(PolicyArn=id, VersionId=version["VersionId"])
        iam.delete_policy(PolicyArn=id)


class _Attachment(AwsResource):
    """A managed policy attached to a user or a role; its id is `<owner>/<policy ARN>`, which the import takes too."""

    service = "iam"
    absent = GONE
    owner: str

    def _named(self, id: str) -> Props:
        owner, _, arn = id.partition("/")
        if not arn.startswith("arn:"):
            raise Refused(f"the id of an {self.title} is <{self.owner}>/<policy ARN>, not {id!r}")
        return {f"{self.owner.capitalize()}Name": owner, "PolicyArn": arn}

    def create(self, cloud: Aws, new: Props) -> Created:
        id = f"{new[self.owner]}/{new['policyArn']}"
        getattr(self.client(cloud), f"attach_{self.owner}_policy")(**self._named(id))
        return Created(id)

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        named = self._named(id)
        arn = named.pop("PolicyArn")
        attached: Any = getattr(self.client(cloud), f"list_attached_{self.owner}_policies")(**named)
        if arn not in [one["PolicyArn"] for one in attached["AttachedPolicies"]]:
            return None
        return Live({self.owner: id.split("/", 1)[0], "policyArn": arn})

    def update(self, cloud: Aws, id: str, old: Props, new: Props) -> None:
        """Every change is a replacement."""

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        getattr(self.client(cloud), f"detach_{self.owner}_policy")(**self._named(id))


class UserPolicyAttachment(_Attachment):
    token = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
    title = "IAM User Policy Attachment"
    owner = "user"
    carried_out = shape("policyArn user")
    replace_on = frozenset({"policyArn", "user"})


class RolePolicyAttachment(_Attachment):
    token = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    title = "IAM Role Policy Attachment"
    owner = "role"
    carried_out = shape("policyArn role")
    replace_on = frozenset({"policyArn", "role"})
