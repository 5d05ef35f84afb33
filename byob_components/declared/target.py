"""What there is to verify: one path of a store, declared as the verification of its cloud takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from byob_components.declared import azure, gcs, s3
from byob_components.declared.export import Holder
from byob_components.errors import ByobError, Fault
from byob_components.verify import AzureStore, GcsStore, S3Store
from byob_components.wandb.address import StorageAddress, parse
from byob_components.wandb.deployment import Cloud

Declare = Callable[[Holder, str, StorageAddress | None], "S3Store | GcsStore | AzureStore"]
FAMILIES: dict[Cloud, tuple[str, Declare]] = {
    Cloud.AWS: ("s3", s3.declare),
    Cloud.S3_COMPATIBLE: ("s3", s3.declare),
    Cloud.COREWEAVE: ("s3", s3.declare),
    Cloud.GCP: ("gcs", gcs.declare),
    Cloud.AZURE: ("azure", azure.declare),
}
"""Cloud to the verification that knows it, and to what reads its declaration."""


@dataclass(frozen=True)
class Target:
    """One path of a store.

    Args:
        name: The team's name, or the store's.
        holder: The component's name.
        cloud: Who stores the bytes.
        store: As it was declared.
        address: W&B's address with its keys, where it has some and the export shows them.
        provider: The inputs of the provider that made the bucket.
    """

    name: str
    holder: str
    cloud: Cloud
    store: S3Store | GcsStore | AzureStore
    address: StorageAddress | None = field(default=None, repr=False)
    provider: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def family(self) -> str:
        """Which verification knows it: `s3`, `gcs` or `azure`."""
        return FAMILIES[self.cloud][0]

    @property
    def title(self) -> str:
        """Name, cloud and path, for people."""
        where = f", path {self.store.path}" if self.store.path else ""
        return f"{self.name} ({self.cloud}{where})"


def targets(holder: Holder, ca_bundle: str = "", else_ca_bundle: str = "") -> list[Target]:
    """What there is to verify of a store: one a path.

    Args:
        holder: The store's component.
        ca_bundle: A file with the authorities to trust; default what the provider trusts.
        else_ca_bundle: The same, where the provider names none.

    Raises:
        ByobError: The state declares something that no store can have.
    """
    bucket = holder.first("Bucket", "StorageAccount", "BlobContainer")
    provider = bucket.provider if bucket else {}
    told = provider.get("customCaBundle")
    trusted = ca_bundle or (told if isinstance(told, str) else "") or else_ca_bundle
    addresses = holder.outputs.get("storageAddresses")
    found = []
    for path in holder.paths:
        text = addresses.get(path) if isinstance(addresses, dict) else None
        address = parse(text) if isinstance(text, str) else None
        try:
            store = FAMILIES[holder.cloud][1](holder, path, address)
        except (LookupError, TypeError, AttributeError, ValueError) as problem:
            what = f"has a declaration of {holder.name!r} that cannot be read ({type(problem).__name__}: {problem})"
            fault = Fault("BYOB-CLI-004", "stack", what, None, "the output of `pulumi stack export`", "report this")
            raise ByobError([fault], "byob verify") from None
        if trusted:
            store = replace(store, ca_bundle=trusted)
        names = holder.teams.get(path) or (holder.name if len(holder.paths) == 1 else f"{holder.name}/{path}",)
        with_keys = address if address is not None and address.secret_key else None
        found += [Target(name, holder.name, holder.cloud, store, with_keys, provider) for name in names]
    return found
