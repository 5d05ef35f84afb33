"""SQS types through their whole life."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.providers.aws.conftest import World
from tests.sandbox.providers.aws.life import Life, live, policy

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("aws-handlers")]

QUEUE_POLICY = {"Principal": {"Service": "s3.amazonaws.com"}, "Resource": "*"}


def _url(world: World, name: str) -> str:
    made: str = world.client("sqs").create_queue(QueueName=name)["QueueUrl"]
    return made


def _attribute(world: World, url: str, name: str) -> Any:
    return world.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"].get(name)


def _queue(world: World, url: str) -> Any:
    found = [_attribute(world, url, name) for name in ("VisibilityTimeout", "MessageRetentionPeriod")]
    return (*found, world.client("sqs").list_queue_tags(QueueUrl=url).get("Tags"))


LIVES = {
    "queue": Life(
        "aws:sqs/queue:Queue",
        lambda w: {"name": "life-queue", "visibilityTimeoutSeconds": 60, "tags": {"a": "1"}},
        {"visibilityTimeoutSeconds": 90, "messageRetentionSeconds": 1209600, "tags": {"b": "2"}},
        lambda w, t: _queue(w, t.id),
        ("60", "345600", {"a": "1"}),
        ("90", "1209600", {"b": "2"}),
        "AWS.SimpleQueueService.NonExistentQueue",
        {"maxMessageSize": 1048576},
    ),
    "queue policy": Life(
        "aws:sqs/queuePolicy:QueuePolicy",
        lambda w: {
            "queueUrl": _url(w, "life-queue-policy"),
            "policy": json.dumps(policy("sqs:SendMessage", **QUEUE_POLICY)),
        },
        {"policy": json.dumps(policy("sqs:SendMessage", "sqs:ReceiveMessage", **QUEUE_POLICY))},
        lambda w, t: json.loads(_attribute(w, t.id, "Policy") or "{}").get("Statement", [{}])[0].get("Action"),
        ["sqs:SendMessage"],
        ["sqs:SendMessage", "sqs:ReceiveMessage"],
        None,
    ),
}


@pytest.mark.parametrize("name", LIVES)
def test_life(world: World, name: str) -> None:
    live(LIVES[name], world)


def test_a_fifo_queue_is_named_like_one(world: World) -> None:
    made = world.caller.create("aws:sqs/queue:Queue", "orders", {"fifoQueue": True, "contentBasedDeduplication": True})
    assert made.inputs["name"] == "orders-abababa.fifo"
    assert _attribute(world, made.id, "FifoQueue") == "true"
    assert _attribute(world, made.id, "ContentBasedDeduplication") == "true"
    assert made.outputs["arn"] == "arn:aws:sqs:eu-west-1:111122223333:orders-abababa.fifo"
    _, failures = world.caller.check("aws:sqs/queue:Queue", "x", {"name": "plain", "fifoQueue": True, "delaySeconds": 901})  # fmt: skip
    assert sorted(failures) == ["delaySeconds", "name"]
