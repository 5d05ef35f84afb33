"""Cloud Storage: the bucket."""

# ruff: noqa: RUF012 - the base class declares these attributes as ClassVar

from typing import Any
from urllib.parse import quote

from sandbox.providers.framework.contract import Failure, shape
from sandbox.providers.framework.resource import AutoName, Created, Live, Props, Refused, changed, matches, one_of
from sandbox.providers.gcp.cloud import Gcp
from sandbox.providers.gcp.handler import Labelled, last, same_text
from sandbox.providers.gcp.spelling import (
    cors_from_api,
    cors_to_api,
    lifecycle_from_api,
    lifecycle_to_api,
    same_lifecycle,
)

_NAME_RULE = "must have 3 to 63 characters: lower-case letters, digits, dots, hyphens and underscores, a letter or digit at both ends"


def _whole(value: Any) -> bool:
    return isinstance(value, dict)


def _keep(policy: Any) -> int | None:
    found = (policy or {}).get("retentionDurationSeconds")
    return None if found is None else int(found)


def _logging(value: Props) -> Props:
    return {k: value[k] for k in ("logBucket", "logObjectPrefix") if value.get(k)}


def _same_logging(a: Props, b: Props) -> bool:
    """Whether logs go to one place; a prefix that one side does not name is the cloud's choice."""
    named = all(one.get("logObjectPrefix") for one in (a, b))
    return bool(_logging(a) == _logging(b)) if named else bool(a.get("logBucket") == b.get("logBucket"))


class Bucket(Labelled):
    token = "gcp:storage/bucket:Bucket"
    title = "Storage Bucket"
    carried_out = shape(
        "cors{maxAgeSeconds methods origins responseHeaders} deletionPolicy encryption{defaultKmsKeyName} forceDestroy labels "
        "lifecycleRules{action condition} location logging{logBucket logObjectPrefix} name project publicAccessPrevention "
        "softDeletePolicy{retentionDurationSeconds} storageClass uniformBucketLevelAccess versioning{enabled}"
    )
    defaults = {"forceDestroy": False, "storageClass": "STANDARD"}
    cloud_decides = frozenset({"publicAccessPrevention", "softDeletePolicy", "uniformBucketLevelAccess", "versioning"})
    computed = frozenset(
        {"effectiveLabels", "projectNumber", "pulumiLabels", "selfLink", "timeCreated", "updated", "url"}
    )
    changing = frozenset({"effectiveLabels", "pulumiLabels", "updated"})
    replace_on = frozenset({"location", "name", "project"})
    equal = {
        "location": same_text,
        "lifecycleRules": same_lifecycle,
        "softDeletePolicy": lambda a, b: _keep(a) == _keep(b),
        "logging": _same_logging,
    }
    auto_name = AutoName("name", 63, lower=True)

    def check(self, new: Props, old: Props) -> list[Failure]:
        return [
            *super().check(new, old),
            *matches(new, "name", r"(?!goog)(?!.*google)(?!.*\.\.)[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]", _NAME_RULE),
            *one_of(new, "publicAccessPrevention", ("inherited", "enforced")),
        ]

    def _settings(self, new: Props) -> Props:
        """The settings of the program, in the API's spelling; those it says nothing about are not there."""
        found: Props = {}
        if new.get("storageClass"):
            found["storageClass"] = new["storageClass"]
        if _whole(new.get("versioning")):
            found["versioning"] = {"enabled": bool(new["versioning"].get("enabled"))}
        if _keep(new.get("softDeletePolicy")) is not None:
            found["softDeletePolicy"] = {"retentionDurationSeconds": str(_keep(new["softDeletePolicy"]))}
        if new.get("cors"):
            found["cors"] = cors_to_api(new["cors"])
        if new.get("lifecycleRules"):
            found["lifecycle"] = lifecycle_to_api(new["lifecycleRules"])
        if key := (new.get("encryption") or {}).get("defaultKmsKeyName"):
            found["encryption"] = {"defaultKmsKeyName": key}
        if new.get("logging"):
            # As the real provider does: without a prefix the bucket's own name.
            found["logging"] = _logging({"logObjectPrefix": new["name"], **new["logging"]})
        access = {}
        if new.get("uniformBucketLevelAccess") is not None:
            access["uniformBucketLevelAccess"] = {"enabled": new["uniformBucketLevelAccess"]}
        if new.get("publicAccessPrevention"):
            access["publicAccessPrevention"] = new["publicAccessPrevention"]
        return {**found, **({"iamConfiguration": access} if access else {})}

    def create(self, cloud: Gcp, new: Props) -> Created:
        body = {
            "name": new["name"],
            "location": new["location"],
            **self._settings(new),
            "labels": self.first_labels(cloud, new),
        }
        cloud.call("storage", "POST", "b", body, project=new.get("project") or cloud.project)
        return Created(new["name"])

    def read(self, cloud: Gcp, id: str, inputs: Props, state: Props) -> Live | None:
        found = cloud.call("storage", "GET", f"b/{last(id)}")
        labels, access = found.get("labels") or {}, found["iamConfiguration"]
        keep = int((found.get("softDeletePolicy") or {}).get("retentionDurationSeconds", 0))
        key = (found.get("encryption") or {}).get("defaultKmsKeyName")
        return Live(
            {
                "cors": cors_from_api(found.get("cors")),
                "encryption": {"defaultKmsKeyName": key} if key else None,
                "labels": self.label_inputs(cloud, labels, inputs),
                "lifecycleRules": lifecycle_from_api(found.get("lifecycle")),
                "location": found["location"],
                "logging": found.get("logging"),
                "name": found["name"],
                "project": inputs.get("project") or state.get("project") or cloud.project,
                "publicAccessPrevention": access.get("publicAccessPrevention", "inherited"),
                "softDeletePolicy": {"retentionDurationSeconds": keep},
                "storageClass": found["storageClass"],
                "uniformBucketLevelAccess": access["uniformBucketLevelAccess"]["enabled"],
                "versioning": {"enabled": bool((found.get("versioning") or {}).get("enabled"))}
                if "versioning" in found
                else None,
            },
            {
                **self.label_outputs(cloud, labels, inputs),
                "projectNumber": int(found["projectNumber"]),
                "selfLink": found["selfLink"],
                "timeCreated": found["timeCreated"],
                "updated": found["updated"],
                "url": f"gs://{found['name']}",
            },
        )

    def update(self, cloud: Gcp, id: str, old: Props, new: Props) -> None:
        body = self._settings(new)
        # What is not said any more is taken off; what the cloud decides then stays as it is.
        gone = {"cors": [], "lifecycleRules": {"rule": []}, "encryption": None, "logging": None}
        api = {"lifecycleRules": "lifecycle"}
        body |= {api.get(k, k): v for k, v in gone.items() if old.get(k) and not new.get(k)}
        body["labels"] = self.label_changes(cloud, old, new)
        if changed(old, new, "labels", *self.carried_out) or body["labels"]:
            cloud.call("storage", "PATCH", f"b/{last(id)}", body)

    def remove(self, cloud: Gcp, id: str, state: Props) -> None:
        name = last(id)
        found = cloud.call("storage", "GET", f"b/{name}/o", versions="true").get("items") or []
        if found and not state.get("forceDestroy"):
            raise Refused(
                f"Error trying to delete bucket {name} containing objects without `force_destroy` set to true"
            )
        for one in found:
            path = f"b/{name}/o/{quote(one['name'], safe='')}"
            cloud.call("storage", "DELETE", path, generation=one["generation"])
        cloud.call("storage", "DELETE", f"b/{name}")
