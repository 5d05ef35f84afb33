"""What a stack's state declares of its stores, in the words of the verification. Pure functions of what `pulumi stack export`
wrote; no cloud is asked."""

from byob_components.declared.export import Export, Holder, read_export
from byob_components.declared.target import Target, targets

__all__ = ["Export", "Holder", "Target", "read_export", "targets"]
