"""Proves that W&B, its SDK and a browser can use a store, and that nobody else can.

Needs neither Pulumi nor a component: what is declared is given as plain data. The clients of a cloud load when its
verification is first asked for, and a missing one is answered with the line that installs it.
"""

import importlib
from typing import TYPE_CHECKING, Any

from byob_components.verify.cast import Cast
from byob_components.verify.report import Report
from byob_components.verify.result import Result, State, Trouble
from byob_components.verify.s3.store import Identity, S3Store

if TYPE_CHECKING:
    from byob_components.verify.s3.run import clear_s3, verify_s3

_HOMES = {"clear_s3": "byob_components.verify.s3.run", "verify_s3": "byob_components.verify.s3.run"}
_EXTRAS = {"boto3": "verify-aws", "botocore": "verify-aws", "httpx": "verify-aws"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        module = importlib.import_module(_HOMES[name])
    except ModuleNotFoundError as missing:
        package = (missing.name or "").partition(".")[0]
        if package not in _EXTRAS:
            raise
        raise ModuleNotFoundError(
            f"{name} needs {package}, which is not installed: pip install 'byob-components[{_EXTRAS[package]}]'",
            name=package,
        ) from None
    return getattr(module, name)


def __dir__() -> list[str]:
    return __all__


__all__ = [
    "Cast",
    "Identity",
    "Report",
    "Result",
    "S3Store",
    "State",
    "Trouble",
    "clear_s3",
    "verify_s3",
]
