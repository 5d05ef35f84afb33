"""The queue of a bucket's notifications, as the server's variable BUCKET_QUEUE names it.

W&B calls an external queue optional and without gain (operator page); `internal://` is right for almost everybody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from byob_components.errors import ByobError, Fault
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.source import ENVIRONMENT, HELM

SOURCES = (ENVIRONMENT, HELM)
_PART = r"[A-Za-z0-9][A-Za-z0-9._~+%-]*"
_FORMS: tuple[tuple[Cloud | None, re.Pattern[str]], ...] = (
    (None, re.compile(r"internal://()")),
    (Cloud.AWS, re.compile(rf"sqs://({_PART})")),
    # One slash: that is how W&B writes it.
    (Cloud.GCP, re.compile(rf"pubsub:/({_PART}/{_PART}/{_PART})")),
    (Cloud.AZURE, re.compile(rf"az://({_PART}/{_PART})")),
)
_PREFIX = {None: "internal://", Cloud.AWS: "sqs://", Cloud.GCP: "pubsub:/", Cloud.AZURE: "az://"}


@dataclass(frozen=True)
class QueueAddress:
    """A queue.

    Args:
        cloud: Whose queue; None is the server's own.
        parts: AWS: the queue's name. Google: project, topic, subscription. Azure: account, queue. None: nothing.
    """

    cloud: Cloud | None
    parts: tuple[str, ...] = ()


def build_queue(queue: QueueAddress) -> str:
    """The address as text.

    Args:
        queue: The parts.

    Raises:
        ByobError: The parts do not make one.
    """
    text = _PREFIX.get(queue.cloud, "") + "/".join(queue.parts)
    if parse_queue(text) != queue:
        raise _error()
    return text


def parse_queue(text: str) -> QueueAddress:
    """The parts of an address.

    Args:
        text: One of `internal://`, `sqs://…`, `pubsub:/…` and `az://…`.

    Raises:
        ByobError: It is none of them.
    """
    for cloud, form in _FORMS:
        match = form.fullmatch(text)
        if match:
            return QueueAddress(cloud, tuple(part for part in match[1].split("/") if part))
    raise _error()


def _error() -> ByobError:
    fault = Fault(
        "BYOB-WANDB-054",
        "queue",
        "is not the address of a queue",
        None,
        "internal://, sqs://<queue>, pubsub:/<project>/<topic>/<subscription> (one slash), az://<account>/<queue>",
        "write one of these, or leave it out for internal://",
    )
    return ByobError([fault], "queue address")
