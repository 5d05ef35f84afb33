"""How W&B moves bytes: what its presigned URLs and uploads look like to the store."""

from __future__ import annotations

from byob_components.wandb.source import PRESIGNED, Source

USER_QUERY = "X-User"
"""The query parameter that W&B adds to presigned URLs on S3, Google and CoreWeave: who asked (PRESIGNED)."""
WRITE_URL_HOURS = 24
"""How long an upload's URL lives (PRESIGNED): an unfinished upload younger than that may still be alive."""
URL_SOURCE = PRESIGNED
UPLOAD_HEADERS = ("Content-Type", "Content-MD5")
"""The headers of an upload, which a page must be allowed to send (SDK)."""
AZURE_BLOB_TYPE = ("x-ms-blob-type", "BlockBlob")
"""The header that Azure needs beside them; the SDK takes it from W&B's server and goes over to blocks (SDK)."""
AZURE_UPLOAD_HEADERS = (*UPLOAD_HEADERS, AZURE_BLOB_TYPE[0])
UPLOAD_SOURCE = Source(
    "File transfer of the SDK", "wandb/wandb:core/internal/filetransfer, core/pkg/artifacts@b6e29505", "2026-08-21"
)
