"""The declaration of a store on Google Cloud."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from byob_components.declared.export import Holder
from byob_components.verify import GcsStore
from byob_components.wandb.access import Access, gcp_roles
from byob_components.wandb.address import StorageAddress

_ACCOUNT = "serviceAccount:"


def declare(holder: Holder, path: str, address: StorageAddress | None) -> GcsStore:
    """The store, as its children in the state say it was asked for.

    Args:
        holder: The store's component.
        path: One of its paths.
        address: W&B's address, where the export shows it.
    """
    (bucket,) = holder.of("Bucket")
    asked, provider = bucket.inputs, bucket.provider
    members = [child.inputs for child in holder.of("BucketIAMMember")]
    held = {str(one.get("role")) for one in members}
    minimal = not held & set(gcp_roles(Access.DOCUMENTED)) and bool(held & set(gcp_roles(Access.MINIMAL)))
    who = [str(one.get("member")) for one in members if str(one.get("member")).startswith(_ACCOUNT)]
    return GcsStore(
        bucket=holder.outputs["bucketName"],
        location=holder.outputs["region"],
        path=path,
        endpoint=_server(provider, "storageCustomEndpoint"),
        kms_endpoint=_server(provider, "kmsCustomEndpoint"),
        credentials_endpoint=_server(provider, "iamCredentialsCustomEndpoint"),
        kms_key_id=holder.outputs.get("kmsKeyId") or "",
        principals=tuple(dict.fromkeys(one.removeprefix(_ACCOUNT) for one in who)),
        access=Access.MINIMAL if minimal else Access.DOCUMENTED,
        signer=any("serviceAccountTokenCreator" in str(c.inputs.get("role")) for c in holder.of("IAMMember")),
        cors_origins=tuple(dict.fromkeys(o for rule in asked.get("cors") or () for o in rule.get("origins") or ()))
        or ("*",),
        noncurrent_days=_noncurrent_days(asked),
        soft_delete_days=int((asked.get("softDeletePolicy") or {}).get("retentionDurationSeconds") or 0) // 86400,
    )


def _server(provider: Mapping[str, Any], name: str) -> str:
    """A provider's endpoint without the path of its API."""
    found = provider.get(name)
    parts = urlsplit(found) if isinstance(found, str) else None
    return f"{parts.scheme}://{parts.netloc}" if parts else ""


def _noncurrent_days(asked: Mapping[str, Any]) -> int:
    """Days after which old generations go, by rules for the whole bucket; 0 when nobody asked for that."""
    rules = asked.get("lifecycleRules") or ()
    conditions = [rule["condition"] for rule in rules if (rule.get("action") or {}).get("type") == "Delete"]
    days = [
        one.get("daysSinceNoncurrentTime")
        for one in conditions
        if one.get("withState") != "LIVE" and not one.get("matchesPrefixes") and not one.get("numNewerVersions")
    ]
    return int(min((one for one in days if one), default=0))
