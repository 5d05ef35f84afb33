"""Whom an Azure identity of W&B trusts: the service accounts of a W&B server's Kubernetes cluster.

W&B changes this list often (charts 0.43 to 0.45 know three arrangements), so it is a dated preset and always an argument.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from byob_components.errors import Fault
from byob_components.wandb.source import AZURE_KEYLESS, AZURE_MODULE, Source

AUDIENCE = "api://AzureADTokenExchange"
"""Of every federated credential (Azure; AZURE_MODULE)."""
MOST_SUBJECTS = 20
"""Federated credentials that Azure allows an identity."""
DEFAULT_NAMESPACE = "default"
"""The namespace of W&B's own deployments (AZURE_MODULE, fixed there)."""


@dataclass(frozen=True)
class ServiceAccounts:
    """The service accounts of a W&B server that use its storage.

    Args:
        names: Their names.
        date: The day of the source, ISO.
        source: Where they stand.
    """

    names: tuple[str, ...]
    date: str
    source: Source


CONNECTOR = ServiceAccounts(
    (
        "wandb-app",
        "wandb-api",
        "wandb-console",
        "wandb-executor",
        "wandb-parquet",
        "wandb-filestream",
        "wandb-filemeta",
        "wandb-glue",
        "wandb-weave",
        "wandb-weave-trace",
        "wandb-settings-migration-job",
        "bufstream-service-account",
        "wandb-bucket-access",
    ),
    AZURE_MODULE.date,
    AZURE_MODULE,
)
"""Team storage: the 13 of W&B's connector. Newer charts add workers that are not in it."""
SHARED = ServiceAccounts(("wandb-bucket-access",), AZURE_KEYLESS.date, AZURE_KEYLESS)
"""Keyless instance storage with a chart from 0.44.0, whose default mode is one shared account."""


def subjects(names: Sequence[str], namespace: str = DEFAULT_NAMESPACE) -> tuple[str, ...]:
    """The subjects of federated credentials.

    Args:
        names: Service accounts.
        namespace: Their Kubernetes namespace.
    """
    return tuple(f"system:serviceaccount:{namespace}:{name}" for name in names)


def check_issuer(issuer: str, where: str = "oidc_issuer_url") -> list[Fault]:
    """What is wrong with the OIDC issuer of a cluster; Azure compares it byte for byte.

    Args:
        issuer: The URL.
        where: The argument's name.
    """
    if re.fullmatch(r"https://[A-Za-z0-9][A-Za-z0-9.:-]*/([A-Za-z0-9._~-]+/)*", issuer):
        return []
    return [
        Fault(
            "BYOB-WANDB-015",
            where,
            "is not an issuer as AKS writes it",
            issuer,
            "https://…/ with the slash at the end",
            "copy it from `az aks show --query oidcIssuerProfile.issuerUrl`, or ask W&B for your instance's",
        )
    ]


def check_service_accounts(names: Sequence[str], where: str = "service_accounts") -> list[Fault]:
    """What is wrong with a list of service accounts.

    Args:
        names: Service accounts.
        where: The argument's name.
    """
    faults = [
        Fault(
            "BYOB-WANDB-016",
            where,
            "holds what is not a service account's name",
            name,
            "1 to 253 lower-case letters, digits, '-' and '.'",
            "give the name without its namespace",
        )
        for name in names
        if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", name)
    ]
    if not 1 <= len(names) <= MOST_SUBJECTS or len(set(names)) < len(names):
        faults.append(
            Fault(
                "BYOB-WANDB-016",
                where,
                f"holds {len(names)} names, or one twice",
                None,
                f"1 to {MOST_SUBJECTS} different names, as many as Azure allows an identity",
                "keep to the accounts that use the storage",
            )
        )
    return faults
