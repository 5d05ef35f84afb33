"""Addresses of queues: one slash for Pub/Sub, two for the others."""

from __future__ import annotations

import pytest

from byob_components.errors import ByobError
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.queue_address import QueueAddress, build_queue, parse_queue

ROWS = [
    (QueueAddress(None), "internal://"),
    (QueueAddress(Cloud.AWS, ("wandb-events",)), "sqs://wandb-events"),
    (QueueAddress(Cloud.GCP, ("acme-1", "topic", "subscription")), "pubsub:/acme-1/topic/subscription"),
    (QueueAddress(Cloud.AZURE, ("acmewandb", "events")), "az://acmewandb/events"),
]


@pytest.mark.parametrize(("parts", "text"), ROWS)
def test_rows(parts: QueueAddress, text: str) -> None:
    assert build_queue(parts) == text
    assert parse_queue(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "internal:/",
        "internal://x",
        "sqs://",
        "sqs://a/b",
        "pubsub://p/t/s",
        "pubsub:/p/t",
        "az://account",
        "sqs://a ",
    ],
)
def test_what_is_no_queue(text: str) -> None:
    with pytest.raises(ByobError, match="BYOB-WANDB-054 queue: is not the address of a queue"):
        parse_queue(text)


@pytest.mark.parametrize(
    "parts",
    [
        QueueAddress(None, ("x",)),
        QueueAddress(Cloud.AWS, ()),
        QueueAddress(Cloud.AWS, ("a", "b")),
        QueueAddress(Cloud.GCP, ("p/t", "s")),
        QueueAddress(Cloud.AZURE, ("a/b",)),
        QueueAddress(Cloud.COREWEAVE, ("a",)),
    ],
)
def test_parts_that_make_none(parts: QueueAddress) -> None:
    with pytest.raises(ByobError, match="BYOB-WANDB-054"):
        build_queue(parts)
