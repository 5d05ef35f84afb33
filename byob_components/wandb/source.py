"""Where a fact about W&B comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A place where a fact can be looked up again.

    Args:
        title: What it is called.
        ref: Where it is: a page, or a repository path at a commit.
        date: The day of that state, ISO.
    """

    title: str
    ref: str
    date: str


_DOCS = "wandb/docs:platform/hosting"
BYOB = Source("Bring your own bucket", f"{_DOCS}/data-security/secure-storage-connector.mdx@038eac90", "2026-08-19")
SCIM = Source("SCIM API", f"{_DOCS}/iam/scim.mdx@03ab6557", "2026-03-01")
PRESIGNED = Source("Pre-signed URLs", f"{_DOCS}/data-security/presigned-urls.mdx@072c8957", "2026-08-01")
ENVIRONMENT = Source("Environment variables of the server", f"{_DOCS}/env-vars.mdx@13f225c2", "2026-08-01")
AUDIT = Source("Audit logs", f"{_DOCS}/monitoring-usage/audit-logging.mdx@01aab934", "2026-08-01")
OPERATOR_PAGE = Source("W&B operator", f"{_DOCS}/self-managed/operator.mdx@035a2f0b", "2026-08-01")
BARE_METAL = Source("W&B on bare metal", f"{_DOCS}/self-managed/bare-metal.mdx@25d80e64", "2026-08-01")
OPERATOR = Source(
    "W&B operator, connection settings", "wandb/operator:docs/infra-connection-settings.md@7b063065", "2026-08-21"
)
HELM = Source("Helm chart operator-wandb", "wandb/helm-charts:charts/operator-wandb@82d5626a", "2026-07-24")
AWS_MODULE = Source(
    "terraform-aws-wandb", "wandb/terraform-aws-wandb:modules/secure_storage_connector@e1363b6", "2026-06-29"
)
GOOGLE_MODULE = Source(
    "terraform-google-wandb", "wandb/terraform-google-wandb:modules/secure_storage_connector@146d49a", "2026-06-30"
)
AZURE_MODULE = Source(
    "terraform-azurerm-wandb", "wandb/terraform-azurerm-wandb:modules/secure_storage_connector@21dc77b", "2026-06-30"
)
AZURE_MODULE_REVERTED = Source(
    "terraform-azurerm-wandb, a connector for Multi-tenant Cloud, merged and taken back",
    "wandb/terraform-azurerm-wandb#118 and #126",
    "2026-06-30",
)
AZURE_KEYLESS = Source("Keyless instance storage on Azure", "wandb/docs#2967, wandb/helm-charts#606", "2026-08-19")
GARBAGE_COLLECTION = Source(
    "Delete artifacts", "wandb/docs:models/artifacts/delete-artifacts.mdx@072c8957", "2026-08-01"
)
"""Artifact clean-up waits for versioning, or for soft delete on Azure."""
