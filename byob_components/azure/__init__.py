"""Stores on Azure."""

from byob_components.azure.bucket import AzureContainer, AzureContainerArgs, AzureRedundancy
from byob_components.azure.byob import AzureAccountKey, AzureByob, AzureByobArgs
from byob_components.azure.grant import AzureGrant, AzureGrantArgs
from byob_components.azure.key import AzureKey, AzureKeyArgs
from byob_components.azure.lifecycle import AzureAccessTier, AzureLifecycleRuleArgs
from byob_components.wandb.access import AzureMode

__all__ = [
    "AzureAccessTier",
    "AzureAccountKey",
    "AzureByob",
    "AzureByobArgs",
    "AzureContainer",
    "AzureContainerArgs",
    "AzureGrant",
    "AzureGrantArgs",
    "AzureKey",
    "AzureKeyArgs",
    "AzureLifecycleRuleArgs",
    "AzureMode",
    "AzureRedundancy",
]
