"""IAM: service accounts and their keys."""

# ruff: noqa: RUF012 - the base class declares these attributes as ClassVar

from sandbox.providers.framework.contract import Failure, shape
from sandbox.providers.framework.resource import AutoName, Created, Live, Props, changed, matches
from sandbox.providers.gcp.cloud import Gcp
from sandbox.providers.gcp.handler import GcpResource, same_name


class Account(GcpResource):
    token = "gcp:serviceaccount/account:Account"
    title = "Service Account"
    carried_out = shape("accountId createIgnoreAlreadyExists deletionPolicy description disabled displayName project")
    defaults = {"disabled": False}
    computed = frozenset({"email", "member", "name", "uniqueId"})
    replace_on = frozenset({"accountId", "project"})
    auto_name = AutoName("accountId", 30, lower=True)

    def check(self, new: Props, old: Props) -> list[Failure]:
        rule = "must have 6 to 30 characters: lower-case letters, digits and hyphens, beginning with a letter"
        return [*super().check(new, old), *matches(new, "accountId", r"[a-z][-a-z0-9]{4,28}[a-z0-9]", rule)]

    def create(self, cloud: Gcp, new: Props) -> Created:
        project = new.get("project") or cloud.project
        account = {k: new[k] for k in ("displayName", "description") if new.get(k)}
        try:
            made = cloud.call(
                "iam",
                "POST",
                f"projects/{project}/serviceAccounts",
                {"accountId": new["accountId"], "serviceAccount": account},
            )
        except Exception as problem:
            if cloud.error_code(problem) != "409" or not new.get("createIgnoreAlreadyExists"):
                raise
            made = cloud.call(
                "iam", "GET", f"projects/{project}/serviceAccounts/{new['accountId']}@{project}.iam.gserviceaccount.com"
            )
        if new.get("disabled"):
            cloud.call("iam", "POST", f"{made['name']}:disable", {})
        return Created(made["name"])

    def read(self, cloud: Gcp, id: str, inputs: Props, state: Props) -> Live | None:
        found = cloud.call("iam", "GET", id if id.startswith("projects/") else f"projects/-/serviceAccounts/{id}")
        email = found["email"]
        return Live(
            {
                "accountId": email.split("@")[0],
                "description": found.get("description") or None,
                "disabled": found.get("disabled", False),
                "displayName": found.get("displayName") or None,
                "project": found["projectId"],
            },
            {"email": email, "member": f"serviceAccount:{email}", "name": found["name"], "uniqueId": found["uniqueId"]},
        )

    def update(self, cloud: Gcp, id: str, old: Props, new: Props) -> None:
        names = [name for name in ("displayName", "description") if changed(old, new, name)]
        if names:
            account = {name: new.get(name, "") for name in names}
            cloud.call("iam", "PATCH", id, {"serviceAccount": account, "updateMask": ",".join(names)})
        if changed(old, new, "disabled"):
            cloud.call("iam", "POST", f"{id}:{'disable' if new.get('disabled') else 'enable'}", {})

    def remove(self, cloud: Gcp, id: str, state: Props) -> None:
        cloud.call("iam", "DELETE", id)


class Key(GcpResource):
    token = "gcp:serviceaccount/key:Key"
    title = "Service Account Key"
    carried_out = shape("deletionPolicy keepers keyAlgorithm privateKeyType publicKeyType serviceAccountId")
    defaults = {"keyAlgorithm": "KEY_ALG_RSA_2048", "privateKeyType": "TYPE_GOOGLE_CREDENTIALS_FILE", "publicKeyType": "TYPE_X509_PEM_FILE"}  # fmt: skip
    computed = frozenset({"name", "privateKey", "publicKey", "validAfter", "validBefore"})
    secret_outputs = frozenset({"privateKey"})
    replace_on = frozenset({"keepers", "keyAlgorithm", "privateKeyType", "publicKeyType", "serviceAccountId"})
    equal = {"serviceAccountId": same_name}

    @staticmethod
    def _account(given: str) -> str:
        return given if given.startswith("projects/") else f"projects/-/serviceAccounts/{given}"

    def create(self, cloud: Gcp, new: Props) -> Created:
        asked = {k: new[k] for k in ("keyAlgorithm", "privateKeyType") if new.get(k)}
        made = cloud.call("iam", "POST", f"{self._account(new['serviceAccountId'])}/keys", asked)
        return Created(made["name"], {"privateKey": made["privateKeyData"]})

    def read(self, cloud: Gcp, id: str, inputs: Props, state: Props) -> Live | None:
        kind = inputs.get("publicKeyType") or state.get("publicKeyType") or "TYPE_X509_PEM_FILE"
        found = cloud.call("iam", "GET", id, publicKeyType=kind)
        # What cannot be read again (the private key) is kept by the framework.
        told = {"keyAlgorithm": found["keyAlgorithm"]}
        if not inputs:
            told["serviceAccountId"] = id.rsplit("/keys/", 1)[0]
        public = found.get("publicKeyData", "")
        return Live(told, {"name": found["name"], "publicKey": public, "validAfter": found["validAfterTime"], "validBefore": found["validBeforeTime"]})  # fmt: skip

    def update(self, cloud: Gcp, id: str, old: Props, new: Props) -> None:
        """Only its deletion policy can change."""

    def remove(self, cloud: Gcp, id: str, state: Props) -> None:
        cloud.call("iam", "DELETE", id)
