"""What the clouds answer to the programs: made up from a resource's name, at once."""

from __future__ import annotations

from typing import Any

ACCOUNT, REGION = "111122223333", "eu-west-1"
SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"


def computed(kind: str, name: str) -> dict[str, Any]:
    """What a cloud adds to the inputs of a resource.

    Args:
        kind: The resource's type token.
        name: Its name in the program.
    """
    match kind:
        case "aws:s3/bucket:Bucket":
            return {"bucket": name, "arn": f"arn:aws:s3:::{name}", "region": REGION}
        case "aws:kms/key:Key":
            return {"arn": KEY, "keyId": KEY.rpartition("/")[2]}
        case "aws:kms/alias:Alias":
            return {"name": f"alias/{name}"}
        case "gcp:storage/bucket:Bucket":
            return {"name": name, "location": "EUROPE-WEST4"}
        case "azure-native:resources:ResourceGroup" | "azure-native:storage:BlobContainer":
            return {"name": name}
        case "azure-native:storage:StorageAccount":
            return {
                "name": name,
                "id": f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Storage/storageAccounts/{name}",
            }
    return {}


def called(function: str) -> dict[str, Any]:
    """What a look-up answers.

    Args:
        function: Its token.
    """
    if function == "aws:index/getCallerIdentity:getCallerIdentity":
        return {"accountId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:user/bench", "id": ACCOUNT, "userId": "AIDA"}
    if function == "azure-native:authorization:getClientConfig":
        return {
            "subscriptionId": SUBSCRIPTION,
            "tenantId": SUBSCRIPTION,
            "clientId": SUBSCRIPTION,
            "objectId": SUBSCRIPTION,
        }
    raise AssertionError(f"no answer for {function}")
