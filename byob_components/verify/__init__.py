"""Proves that W&B, its SDK and a browser can use a store, and that nobody else can.

Needs neither Pulumi nor a component: what is declared is given as plain data. The clients of a cloud load when its
verification is first asked for, and a missing one is answered with the line that installs it.
"""

import importlib
from typing import TYPE_CHECKING, Any

from byob_components.verify.azure.store import AzureIdentity, AzureStore
from byob_components.verify.cast import Cast
from byob_components.verify.gcs.store import GcsIdentity, GcsStore
from byob_components.verify.report import Report
from byob_components.verify.result import Result, State, Trouble
from byob_components.verify.s3.store import Identity, Lack, S3Store

if TYPE_CHECKING:
    from byob_components.verify.azure.run import clear_azure, verify_azure
    from byob_components.verify.gcs.run import clear_gcs, verify_gcs
    from byob_components.verify.s3.run import clear_s3, verify_s3

_HOMES = {
    "clear_azure": ("byob_components.verify.azure.run", "verify-azure"),
    "clear_gcs": ("byob_components.verify.gcs.run", "verify-gcp"),
    "clear_s3": ("byob_components.verify.s3.run", "verify-aws"),
    "verify_azure": ("byob_components.verify.azure.run", "verify-azure"),
    "verify_gcs": ("byob_components.verify.gcs.run", "verify-gcp"),
    "verify_s3": ("byob_components.verify.s3.run", "verify-aws"),
}
"""Where a name lives, and the extra that brings its clients."""
_CLIENTS = {
    "azure": "azure-storage-blob",
    "boto3": "boto3",
    "botocore": "botocore",
    "google": "google-cloud-storage",
    "httpx": "httpx",
    "requests": "requests",
}
"""The clients' packages, as they are imported and as they are installed."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home, extra = _HOMES[name]
    try:
        module = importlib.import_module(home)
    except ModuleNotFoundError as missing:
        package = (missing.name or "").partition(".")[0]
        if package not in _CLIENTS:
            raise
        raise ModuleNotFoundError(
            f"{name} needs {_CLIENTS[package]}, which is not installed: pip install 'byob-components[{extra}]'",
            name=package,
        ) from None
    return getattr(module, name)


def __dir__() -> list[str]:
    return __all__


__all__ = [
    "AzureIdentity",
    "AzureStore",
    "Cast",
    "GcsIdentity",
    "GcsStore",
    "Identity",
    "Lack",
    "Report",
    "Result",
    "S3Store",
    "State",
    "Trouble",
    "clear_azure",
    "clear_gcs",
    "clear_s3",
    "verify_azure",
    "verify_gcs",
    "verify_s3",
]
