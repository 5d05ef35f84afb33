"""SQS: queues and their policies, for the bucket events of W&B's older set-ups."""

# ruff: noqa: RUF012 - the base class declares these attributes as ClassVar

from typing import Any

from sandbox.providers.aws.cloud import Aws
from sandbox.providers.aws.documents import check_json, same_policy, text
from sandbox.providers.aws.handler import AwsResource, Tagged
from sandbox.providers.framework.contract import Failure, shape
from sandbox.providers.framework.resource import AutoName, Created, Live, Props, between, matches

_NUMBERS = {
    "delaySeconds": "DelaySeconds",
    "kmsDataKeyReusePeriodSeconds": "KmsDataKeyReusePeriodSeconds",
    "maxMessageSize": "MaximumMessageSize",
    "messageRetentionSeconds": "MessageRetentionPeriod",
    "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
    "visibilityTimeoutSeconds": "VisibilityTimeout",
}
_SWITCHES = {"contentBasedDeduplication": "ContentBasedDeduplication", "fifoQueue": "FifoQueue", "sqsManagedSseEnabled": "SqsManagedSseEnabled"}  # fmt: skip
_TEXTS = {"kmsMasterKeyId": "KmsMasterKeyId", "policy": "Policy", "redrivePolicy": "RedrivePolicy"}
_FIFO_ONLY = ("FifoQueue", "ContentBasedDeduplication")
GONE = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "NonExistentQueue"})


def _attributes(new: Props) -> dict[str, str]:
    found = {theirs: str(new[ours]) for ours, theirs in _NUMBERS.items() if new.get(ours) is not None}
    found |= {theirs: str(new[ours]).lower() for ours, theirs in _SWITCHES.items() if new.get(ours) is not None}
    found |= {theirs: text(new[ours]) for ours, theirs in _TEXTS.items() if new.get(ours)}
    # The API refuses these two, even as false, for a standard queue.
    return {k: v for k, v in found.items() if k not in _FIFO_ONLY or v == "true"}


class Queue(Tagged):
    """Its id is its URL."""

    token = "aws:sqs/queue:Queue"
    title = "SQS Queue"
    service = "sqs"
    carried_out = shape(" ".join([*_NUMBERS, *_SWITCHES, *_TEXTS, "name region tags"]))
    defaults = {
        "contentBasedDeduplication": False,
        "delaySeconds": 0,
        "fifoQueue": False,
        "messageRetentionSeconds": 345600,
        "receiveWaitTimeSeconds": 0,
        "visibilityTimeoutSeconds": 30,
    }
    cloud_decides = frozenset({"kmsDataKeyReusePeriodSeconds", "maxMessageSize", "policy", "sqsManagedSseEnabled"})
    computed = frozenset({"arn", "tagsAll", "url"})
    changing = frozenset({"tagsAll"})
    replace_on = frozenset({"fifoQueue", "name", "region"})
    equal = {"policy": same_policy}
    absent = GONE
    auto_name = AutoName("name", 80, suffix=lambda new: ".fifo" if new.get("fifoQueue") is True else "")

    def check(self, new: Props, old: Props) -> list[Failure]:
        fifo = new.get("fifoQueue") is True
        form = r"[a-zA-Z0-9_-]{1,75}\.fifo" if fifo else r"[a-zA-Z0-9_-]{1,80}"
        return [
            *matches(new, "name", form, "must hold letters, digits, _ and -" + (" and end with .fifo" if fifo else "")),
            *check_json(new, "policy"),
            *between(new, "delaySeconds", 0, 900),
            *between(new, "messageRetentionSeconds", 60, 1209600),
            *between(new, "receiveWaitTimeSeconds", 0, 20),
            *between(new, "visibilityTimeoutSeconds", 0, 43200),
        ]

    def create(self, cloud: Aws, new: Props) -> Created:
        made = self.client(cloud, new).create_queue(
            QueueName=new["name"], Attributes=_attributes(new), tags=self.all_tags(cloud, new)
        )
        return Created(made["QueueUrl"])

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        sqs = self.client(cloud, inputs, state)
        found = sqs.get_queue_attributes(QueueUrl=id, AttributeNames=["All"])["Attributes"]
        tags: dict[str, str] = sqs.list_queue_tags(QueueUrl=id).get("Tags") or {}
        told: dict[str, Any] = {ours: int(found[theirs]) for ours, theirs in _NUMBERS.items() if theirs in found}
        told |= {ours: found.get(theirs) == "true" for ours, theirs in _SWITCHES.items()}
        told |= {ours: found.get(theirs) or None for ours, theirs in _TEXTS.items()}
        told |= {"name": id.rsplit("/", 1)[-1], "region": found["QueueArn"].split(":")[3], "tags": self.own_tags(cloud, tags, inputs)}  # fmt: skip
        return Live(told, {"arn": found["QueueArn"], "url": id, "tagsAll": tags})

    def update(self, cloud: Aws, id: str, old: Props, new: Props) -> None:
        sqs = self.client(cloud, new)
        before, now = _attributes(old), _attributes(new)
        edit = {k: v for k, v in now.items() if before.get(k) != v}
        # Taking a text away is setting it to nothing.
        edit |= {theirs: "" for ours, theirs in _TEXTS.items() if theirs in before and theirs not in now and ours not in self.cloud_decides}  # fmt: skip
        if edit:
            sqs.set_queue_attributes(QueueUrl=id, Attributes=edit)
        wanted, gone = self.tag_changes(cloud, old, new)
        if gone:
            sqs.untag_queue(QueueUrl=id, TagKeys=gone)
        if wanted:
            sqs.tag_queue(QueueUrl=id, Tags=wanted)

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        self.client(cloud, state).delete_queue(QueueUrl=id)


class QueuePolicy(AwsResource):
    """Its id is the queue's URL."""

    token = "aws:sqs/queuePolicy:QueuePolicy"
    title = "SQS Queue Policy"
    service = "sqs"
    carried_out = shape("policy queueUrl region")
    replace_on = frozenset({"queueUrl", "region"})
    equal = {"policy": same_policy}
    absent = GONE

    def check(self, new: Props, old: Props) -> list[Failure]:
        return check_json(new, "policy")

    def _put(self, cloud: Aws, where: Props, url: str, policy: str) -> None:
        self.client(cloud, where).set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})

    def create(self, cloud: Aws, new: Props) -> Created:
        self._put(cloud, new, new["queueUrl"], text(new["policy"]))
        return Created(new["queueUrl"])

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        sqs = self.client(cloud, inputs, state)
        found = sqs.get_queue_attributes(QueueUrl=id, AttributeNames=["Policy"]).get("Attributes", {}).get("Policy")
        if not found:
            return None
        region = inputs.get("region") or state.get("region") or cloud.region
        return Live({"queueUrl": id, "policy": found, "region": region})

    def update(self, cloud: Aws, id: str, old: Props, new: Props) -> None:
        self._put(cloud, new, id, text(new["policy"]))

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        self._put(cloud, state, id, "")
