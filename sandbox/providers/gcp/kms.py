"""Cloud KMS: key rings and keys. Neither can be deleted: a ring is only forgotten, a key's versions are scheduled for destruction."""

# ruff: noqa: RUF012 - the base class declares these attributes as ClassVar

from datetime import UTC, datetime, timedelta

from sandbox.providers.framework.contract import Failure, shape
from sandbox.providers.framework.resource import AutoName, Created, Live, Props, changed, given, one_of
from sandbox.providers.framework.wire import UNKNOWN
from sandbox.providers.gcp.cloud import Gcp
from sandbox.providers.gcp.handler import GcpResource, Labelled, last, same_text


class KeyRing(GcpResource):
    token = "gcp:kms/keyRing:KeyRing"
    title = "KMS KeyRing"
    carried_out = shape("location name project")
    replace_on = frozenset({"location", "name", "project"})
    equal = {"location": same_text}
    auto_name = AutoName("name", 255)

    def create(self, cloud: Gcp, new: Props) -> Created:
        where = f"projects/{new.get('project') or cloud.project}/locations/{new['location']}/keyRings"
        return Created(cloud.call("kms", "POST", where, {}, keyRingId=new["name"])["name"])

    def read(self, cloud: Gcp, id: str, inputs: Props, state: Props) -> Live | None:
        parts = cloud.call("kms", "GET", _path(cloud, id))["name"].split("/")
        return Live({"project": parts[1], "location": parts[3], "name": parts[5]})

    def update(self, cloud: Gcp, id: str, old: Props, new: Props) -> None:
        """Nothing can change."""

    def remove(self, cloud: Gcp, id: str, state: Props) -> None:
        """Google keeps it for ever; only the state forgets it."""


def _path(cloud: Gcp, id: str) -> str:
    """A ring's whole path from the forms that imports take."""
    parts = id.split("/")
    if len(parts) in (2, 3):
        parts = [cloud.project, *parts] if len(parts) == 2 else parts
        return "projects/{}/locations/{}/keyRings/{}".format(*parts)
    return id


class CryptoKey(Labelled):
    token = "gcp:kms/cryptoKey:CryptoKey"
    title = "KMS CryptoKey"
    carried_out = shape(
        "deletionPolicy destroyScheduledDuration importOnly keyRing labels name purpose rotationPeriod skipInitialVersionCreation "
        "versionTemplate{algorithm protectionLevel}"
    )
    defaults = {"purpose": "ENCRYPT_DECRYPT"}
    cloud_decides = frozenset({"destroyScheduledDuration", "importOnly", "versionTemplate"})
    computed = frozenset({"effectiveLabels", "primaries", "pulumiLabels"})
    changing = computed
    replace_on = frozenset(
        {"destroyScheduledDuration", "importOnly", "keyRing", "name", "purpose", "skipInitialVersionCreation"}
    )
    equal = {"rotationPeriod": lambda a, b: float(str(a)[:-1]) == float(str(b)[:-1])}
    auto_name = AutoName("name", 255)

    def check(self, new: Props, old: Props) -> list[Failure]:
        found = [*super().check(new, old), *one_of(new, "purpose", ("ENCRYPT_DECRYPT", "ASYMMETRIC_SIGN", "ASYMMETRIC_DECRYPT", "MAC", "RAW_ENCRYPT_DECRYPT", "KEY_ENCAPSULATION"))]  # fmt: skip
        period = new.get("rotationPeriod")
        if isinstance(period, str) and period is not UNKNOWN:
            digits = period[:-1].replace(".", "", 1)
            if not period.endswith("s") or not digits.isdigit():
                return [
                    *found,
                    Failure(
                        "rotationPeriod", "must be a number of seconds with the letter s behind it, such as 7776000s"
                    ),
                ]
            if float(period[:-1]) < 86400:
                return [*found, Failure("rotationPeriod", "must be at least 86400s, one day")]
        return found

    @staticmethod
    def _rotation(new: Props) -> Props:
        if not new.get("rotationPeriod"):
            return {}
        first = datetime.now(UTC) + timedelta(seconds=float(new["rotationPeriod"][:-1]))
        return {"rotationPeriod": new["rotationPeriod"], "nextRotationTime": first.strftime("%Y-%m-%dT%H:%M:%SZ")}

    def create(self, cloud: Gcp, new: Props) -> Created:
        body = given(new, "destroyScheduledDuration", "importOnly", "purpose", "versionTemplate")
        body |= {**self._rotation(new), "labels": self.first_labels(cloud, new)}
        skip = "true" if new.get("skipInitialVersionCreation") else None
        made = cloud.call(
            "kms",
            "POST",
            f"{new['keyRing']}/cryptoKeys",
            body,
            cryptoKeyId=new["name"],
            skipInitialVersionCreation=skip,
        )
        return Created(made["name"])

    def read(self, cloud: Gcp, id: str, inputs: Props, state: Props) -> Live | None:
        found = cloud.call("kms", "GET", _key_path(id))
        labels, primary = found.get("labels") or {}, found.get("primary")
        return Live(
            {
                "destroyScheduledDuration": found.get("destroyScheduledDuration"),
                "importOnly": found.get("importOnly", False),
                "keyRing": found["name"].rsplit("/cryptoKeys/", 1)[0],
                "labels": self.label_inputs(cloud, labels, inputs),
                "name": last(found["name"]),
                "purpose": found["purpose"],
                "rotationPeriod": found.get("rotationPeriod"),
                "versionTemplate": found.get("versionTemplate"),
            },
            {
                **self.label_outputs(cloud, labels, inputs),
                "primaries": [{"name": primary["name"], "state": primary["state"]}] if primary else [],
            },
        )

    def update(self, cloud: Gcp, id: str, old: Props, new: Props) -> None:
        body: Props = {"labels": {k: v for k, v in self.label_changes(cloud, old, new).items() if v is not None}}
        there = cloud.call("kms", "GET", id).get("labels") or {}
        foreign = {k: v for k, v in there.items() if k not in (old.get("labels") or {})}
        body["labels"] = {**foreign, **body["labels"]}
        mask = ["labels"]
        if changed(old, new, "rotationPeriod"):
            body |= self._rotation(new)
            mask += ["rotationPeriod", "nextRotationTime"]
        if changed(old, new, "versionTemplate") and new.get("versionTemplate"):
            body["versionTemplate"] = new["versionTemplate"]
            mask.append("versionTemplate.algorithm")
        cloud.call("kms", "PATCH", id, body, updateMask=",".join(mask))

    def remove(self, cloud: Gcp, id: str, state: Props) -> None:
        for version in cloud.call("kms", "GET", f"{id}/cryptoKeyVersions").get("cryptoKeyVersions", []):
            if version["state"] not in ("DESTROYED", "DESTROY_SCHEDULED"):
                cloud.call("kms", "POST", f"{version['name']}:destroy", {})
        if state.get("rotationPeriod"):
            # Else a new version would come into a key that nobody keeps any more.
            cloud.call("kms", "PATCH", id, {}, updateMask="rotationPeriod,nextRotationTime")


def _key_path(id: str) -> str:
    """A key's whole path from the forms that imports take: `<ring>/<name>` too."""
    ring, name = id.rsplit("/", 1)
    return id if ring.endswith("/cryptoKeys") else f"{ring}/cryptoKeys/{name}"
