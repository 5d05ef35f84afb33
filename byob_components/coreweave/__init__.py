"""Stores in CoreWeave AI Object Storage."""

try:
    import pulumi_aws  # noqa: F401 - only whether it is there
except ModuleNotFoundError as missing:
    if missing.name != "pulumi_aws":
        raise
    raise ModuleNotFoundError(
        "byob_components.coreweave needs pulumi_aws, which is not installed: pip install 'byob-components[aws]'",
        name=missing.name,
    ) from None

from byob_components.coreweave.bucket import CoreWeaveBucket, CoreWeaveBucketArgs
from byob_components.coreweave.byob import CoreWeaveByob, CoreWeaveByobArgs
from byob_components.coreweave.grant import CoreWeaveGrant, CoreWeaveGrantArgs
from byob_components.coreweave.lifecycle import CoreWeaveLifecycleRuleArgs

__all__ = [
    "CoreWeaveBucket",
    "CoreWeaveBucketArgs",
    "CoreWeaveByob",
    "CoreWeaveByobArgs",
    "CoreWeaveGrant",
    "CoreWeaveGrantArgs",
    "CoreWeaveLifecycleRuleArgs",
]
