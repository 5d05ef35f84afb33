"""Stores in CoreWeave AI Object Storage."""

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
