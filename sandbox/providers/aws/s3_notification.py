"""S3: where a bucket sends its events. Queues only; topics and functions have no server here."""

# ruff: noqa: RUF012 - the base class declares these attributes as ClassVar

from typing import Any

from sandbox.providers.aws.cloud import Aws
from sandbox.providers.aws.s3_access import BucketSetting
from sandbox.providers.aws.spelling import same_set
from sandbox.providers.framework.contract import shape
from sandbox.providers.framework.resource import Live, Props


def _queue(one: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"QueueArn": one["queueArn"], "Events": one["events"]}
    if one.get("id"):
        made["Id"] = one["id"]
    rules = [{"Name": name, "Value": one[ours]} for name, ours in (("prefix", "filterPrefix"), ("suffix", "filterSuffix")) if one.get(ours)]  # fmt: skip
    return {**made, "Filter": {"Key": {"FilterRules": rules}}} if rules else made


def _read(one: dict[str, Any]) -> dict[str, Any]:
    rules = {r["Name"].lower(): r["Value"] for r in one.get("Filter", {}).get("Key", {}).get("FilterRules", [])}
    found = {"queueArn": one["QueueArn"], "events": one["Events"], "id": one.get("Id")}
    found |= {"filterPrefix": rules.get("prefix"), "filterSuffix": rules.get("suffix")}
    return {k: v for k, v in found.items() if v}


def _same_queues(a: Any, b: Any) -> bool:
    """The ids are S3's own unless the program gives them."""
    if not all(isinstance(one, dict) and one.get("id") for one in [*a, *b]):
        a, b = ([{k: v for k, v in one.items() if k != "id"} for one in side] for side in (a, b))
    return same_set(a, b)


class BucketNotification(BucketSetting):
    token = "aws:s3/bucketNotification:BucketNotification"
    title = "S3 Bucket Notification"
    carried_out = shape("bucket eventbridge queues region")
    defaults = {"eventbridge": False}
    equal = {"queues": _same_queues}

    def put(self, cloud: Aws, name: str, new: Props) -> None:
        wanted: Props = {"QueueConfigurations": [_queue(one) for one in new.get("queues") or []]}
        if new.get("eventbridge"):
            wanted["EventBridgeConfiguration"] = {}
        self.client(cloud, new).put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=wanted)

    def read(self, cloud: Aws, id: str, inputs: Props, state: Props) -> Live | None:
        found = self.client(cloud, inputs, state).get_bucket_notification_configuration(Bucket=id)
        told = {
            "eventbridge": "EventBridgeConfiguration" in found,
            "queues": [_read(one) for one in found.get("QueueConfigurations", [])],
        }
        return self.live(cloud, id, told, inputs, state)

    def delete(self, cloud: Aws, id: str, state: Props) -> None:
        self.put(cloud, id, {"region": state.get("region")})
