"""The SCIM call that creates a team together with its storage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from byob_components.errors import ByobError, Fault
from byob_components.wandb.address import StorageAddress
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.names import Surface, provider_name
from byob_components.wandb.source import SCIM

ENDPOINT = "/scim/Groups"
"""`POST` on the W&B host. It creates only: a team's storage cannot be changed and a team cannot be deleted by it."""
CONTENT_TYPE = "application/scim+json"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Group"
BEARER_FROM = "0.79.0"
"""The first version of Dedicated Cloud and Self-Managed whose SCIM API takes `Authorization: Bearer <API key>`; before it
`Basic base64(":" + key)` of an organization's service account works."""
SOURCE = SCIM


def storage_bucket(
    address: StorageAddress,
    *,
    kms_key_arn: str = "",
    azure_tenant_id: str = "",
    azure_client_id: str = "",
    aws_external_id: str = "",
) -> dict[str, str]:
    """`storageBucket` of the call.

    Args:
        address: The store; keys are not part of the result. On Azure the name is the account, and the path starts with
            the container (doubt.AZURE_NAMES).
        kms_key_arn: The key, on AWS.
        azure_tenant_id: The tenant of the identity, on Azure.
        azure_client_id: The client id of the identity, on Azure.
        aws_external_id: Passed on as it is: W&B's page has the field, and no page explains it.

    Raises:
        ByobError: A value is given that belongs to another cloud.
    """
    azure, amazon = address.cloud is Cloud.AZURE, address.cloud is Cloud.AWS
    foreign = [
        (name, home)
        for name, value, home, fits in (
            ("kms_key_arn", kms_key_arn, Cloud.AWS, amazon),
            ("aws_external_id", aws_external_id, Cloud.AWS, amazon),
            ("azure_tenant_id", azure_tenant_id, Cloud.AZURE, azure),
            ("azure_client_id", azure_client_id, Cloud.AZURE, azure),
        )
        if value and not fits
    ]
    if foreign:
        raise ByobError([_foreign(name, home, address.cloud) for name, home in foreign], "storageBucket")
    values = {
        "name": address.account if azure else address.bucket,
        "provider": provider_name(address.cloud, Surface.SCIM),
        "path": "/".join(part for part in (address.bucket if azure else "", address.path) if part),
        "kmsKeyId": kms_key_arn,
        "awsExternalId": aws_external_id,
        "azureTenantId": azure_tenant_id,
        "azureClientId": azure_client_id,
    }
    return {name: value for name, value in values.items() if value}


def _foreign(name: str, home: Cloud, cloud: Cloud) -> Fault:
    return Fault(
        "BYOB-WANDB-053", name, f"belongs to {home}, and the store is on {cloud}", None, f"on {home} only", "drop it"
    )


def create_team(team: str, bucket: dict[str, str], members: Sequence[str] = ()) -> dict[str, Any]:
    """The body of the call.

    Args:
        team: The team's name.
        bucket: From `storage_bucket`.
        members: Ids or e-mail addresses of the first members; default none.
    """
    return {
        "schemas": [SCHEMA],
        "displayName": team,
        "members": [{"value": member} for member in members],
        "storageBucket": bucket,
    }
