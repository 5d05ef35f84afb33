"""What this library assumes because no page of W&B says it. Users are told wherever an assumption touches them.

A doubt leaves this file when W&B documents the fact, or when somebody has tried it against a live W&B.
"""

from __future__ import annotations

from dataclasses import dataclass

from byob_components.wandb.source import (
    AWS_MODULE,
    AZURE_KEYLESS,
    AZURE_MODULE,
    BYOB,
    ENVIRONMENT,
    GARBAGE_COLLECTION,
    HELM,
    SCIM,
    Source,
)


@dataclass(frozen=True)
class Doubt:
    """An assumption.

    Args:
        text: What is assumed, and what to do if it is wrong; one or two plain sentences for an administrator.
        inferred_from: What it was concluded from.
    """

    text: str
    inferred_from: Source


SHARED_IDENTITY = Doubt(
    "That a workload of another customer can act under a shared identity is concluded from W&B's public modules; W&B "
    "has not said what keeps its customers apart.",
    AWS_MODULE,
)
KEYLESS_ENTRY = Doubt(
    "W&B's page asks for every team store in GORILLA_SUPPORTED_FILE_STORES and shows entries with keys only. The entry "
    "without keys is written like the variable BUCKET; if the form does not offer the provider, ask W&B support.",
    BYOB,
)
ENTRY_WITHOUT_PATH = Doubt(
    "An entry of GORILLA_SUPPORTED_FILE_STORES names the bucket without a path, as W&B's formats do; one entry is then "
    "enough for every team that has a path in the bucket.",
    BYOB,
)
STORES_SEPARATOR = Doubt(
    "How several entries of GORILLA_SUPPORTED_FILE_STORES are separated is not documented; a comma is assumed. Check "
    "that stores that worked before still work after the restart.",
    ENVIRONMENT,
)
AZURE_NAMES = Doubt(
    "Where a page or an API has one name and one path, the name is taken to be the storage account and the path to "
    "start with the container, as the Helm chart writes it.",
    HELM,
)
AZURE_KEYLESS_TEAM = Doubt(
    "W&B documents keyless storage on Azure for an instance only. For a team it is concluded from the same chart, whose "
    "servers sign with the identity of the team's form: verify the container as that identity before the team is created.",
    AZURE_KEYLESS,
)
AZURE_SERVICE_ACCOUNTS = Doubt(
    "The service accounts that may act as the identity are those of W&B's module or chart on the date of the preset. Newer "
    "charts add some: compare them with those of your W&B server, and give service_accounts where they differ.",
    AZURE_MODULE,
)
S3_COMPATIBLE_CHOICE = Doubt(
    "W&B's page does not say under which provider the form lists an S3-compatible store; choose the entry that appeared "
    "when the store was listed. Its API calls the provider MINIO.",
    SCIM,
)
COREWEAVE_ADDRESS = Doubt(
    "W&B's page shows addresses at CoreWeave with keys only, and writes the bucket behind the host in one place and in "
    "front of it in another. The form and the API take the bucket's name alone, which is not in doubt.",
    BYOB,
)
COREWEAVE_LISTED = Doubt(
    "For CoreWeave W&B's page wants the variable to be exactly `cw://`. Whether other entries may stand beside it is not "
    "documented.",
    BYOB,
)
MINIMAL_ACCESS = Doubt(
    "The access is 'minimal', which is less than W&B documents. It has not been tried against a live W&B: verify the "
    "bucket as the W&B principal, and start with a team or instance that holds nothing yet.",
    BYOB,
)
CREATED_BY_WANDB = Doubt(
    "W&B's page says that W&B creates the bucket when the team is created. The rights it documents do not allow that, so "
    "the sentence is taken to be wrong: the bucket is there already.",
    BYOB,
)
CLEAN_UP_TIME = Doubt(
    "The days count from the moment the object is deleted in the bucket. W&B deletes the files of an artifact some time "
    "after a user does, when its own clean-up has run, and the provider's clean-up runs in the background, about once a "
    "day, without a promised hour.",
    GARBAGE_COLLECTION,
)
