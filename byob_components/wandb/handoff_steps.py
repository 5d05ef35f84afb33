"""The steps of a hand-off, for each deployment and level: which field of which page, which request, which variable
gets which value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from byob_components.wandb.deployment import Cloud, Deployment, Level
from byob_components.wandb.names import Surface, provider_name
from byob_components.wandb.server import BUCKET, KMS_KEY, REGION, SUPPORTED_FILE_STORES
from byob_components.wandb.source import BYOB, ENVIRONMENT, SCIM, Source

READ_SECRET = "the address with its keys: `pulumi stack output --show-secrets`, sent through a secret channel"


@dataclass(frozen=True)
class HandoffField:
    """A field and what to put into it."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class HandoffStep:
    """One thing to do.

    Args:
        number: Its place in the order.
        surface: `form`, `support`, `console`, `environment` or `check`.
        where: The page, request or setting.
        action: What to do, a heading.
        fields: What goes where.
        source: Where W&B says so.
    """

    number: int
    surface: str
    where: str
    action: str
    fields: tuple[HandoffField, ...] = ()
    source: Source = BYOB

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> HandoffStep:
        """The step that a dict was made of.

        Args:
            data: Plain data.
        """
        fields = tuple(HandoffField(**f) for f in data["fields"])
        return cls(**{**data, "fields": fields, "source": Source(**data["source"])})


@dataclass(frozen=True)
class Place:
    """What the steps are about."""

    deployment: Deployment
    level: Level
    cloud: Cloud
    bucket: str
    path: str
    region: str
    account: str
    kms_key: str
    has_credential: bool
    team: str
    address: str
    """With keys hidden."""


_PROVIDERS = {
    Cloud.AWS: "AWS",
    Cloud.GCP: "GCP",
    Cloud.AZURE: "Azure",
    Cloud.S3_COMPATIBLE: "S3 compatible",
    Cloud.COREWEAVE: "CoreWeave",
}


def steps_for(place: Place) -> Iterator[HandoffStep]:
    """The steps, in the order in which an administrator meets them.

    Args:
        place: What they are about.
    """
    for number, step in enumerate(_steps(place), 1):
        yield HandoffStep(number, *step)


_Step = tuple[str, str, str, tuple[HandoffField, ...], Source]


def _steps(place: Place) -> Iterator[_Step]:
    if place.level is Level.INSTANCE:
        yield from _instance(place)
    else:
        yield from _team(place)
    yield (
        "check",
        "the team's or instance's files page in W&B",
        "Upload and open a file",
        (
            HandoffField(
                "expect", "the file opens", "a message about CORS or access means: verify the bucket as W&B's principal"
            ),
        ),
        BYOB,
    )


def _instance(place: Place) -> Iterator[_Step]:
    if place.deployment is Deployment.DEDICATED or place.cloud is Cloud.COREWEAVE:
        yield (
            "support",
            "a request to W&B support: instance storage",
            "Ask W&B to use the bucket for the instance",
            _facts(place),
            BYOB,
        )
        return
    yield (
        "console",
        "System Console > Settings > System Connections > Bucket Storage",
        "Look at Identity before you change anything",
        (
            HandoffField(
                "Identity",
                "must be the principal of this grant",
                "or its account; if it is another, run `pulumi up` with it",
            ),
        ),
        BYOB,
    )
    if place.has_credential:
        yield (
            "environment",
            f"the server's environment, variable {BUCKET} (a secret)",
            "Set the server's bucket",
            (HandoffField(BUCKET, place.address, READ_SECRET),),
            ENVIRONMENT,
        )
        return
    yield ("console", "the same page", "Enter the bucket", _form(place), BYOB)
    pairs = [
        (BUCKET, place.address),
        (REGION, place.region if place.cloud is Cloud.AWS else ""),
        (KMS_KEY, place.kms_key),
    ]
    fields = tuple(HandoffField(name, value, "locks the page above") for name, value in pairs if value)
    yield (
        "environment",
        "or the server's environment, in the place of the page",
        "Set the server's bucket by its environment",
        fields,
        ENVIRONMENT,
    )


def _team(place: Place) -> Iterator[_Step]:
    listed = place.has_credential or place.cloud is Cloud.COREWEAVE
    if listed and place.deployment is Deployment.SELF_MANAGED:
        value = "cw://" if place.cloud is Cloud.COREWEAVE else place.address
        note = (
            ""
            if place.cloud is Cloud.COREWEAVE
            else f"{READ_SECRET}; several entries: joined by ',' (not documented: check with your instance)"
        )
        yield (
            "environment",
            f"the server's environment, variable {SUPPORTED_FILE_STORES}, then a restart",
            "Allow the store on the server",
            (HandoffField(SUPPORTED_FILE_STORES, value, note),),
            BYOB,
        )
    elif place.deployment is Deployment.DEDICATED:
        yield (
            "support",
            "a request to W&B support: supported file stores",
            "Ask W&B to list the store for your instance",
            _facts(place),
            BYOB,
        )
    yield (
        "form",
        "the team creation form: Company/Organization, Storage: External",
        "Create the team with the bucket",
        _form(place),
        BYOB,
    )
    scim = tuple(
        HandoffField(name, value)
        for name, value in (
            ("name", place.account or place.bucket),
            ("provider", provider_name(place.cloud, Surface.SCIM)),
            ("path", "/".join(p for p in (place.bucket if place.account else "", place.path) if p)),
            ("kmsKeyId", place.kms_key),
        )
        if value
    )
    yield (
        "form",
        "or POST <your W&B host>/scim/Groups, `storageBucket`",
        "Create the team by its API, in the place of the form",
        scim,
        SCIM,
    )
    yield (
        "check",
        "the team's settings",
        "Remember that it is for ever",
        (HandoffField("storage", "cannot be changed", "a team's storage is chosen once; moving it needs W&B"),),
        BYOB,
    )


def _form(place: Place) -> tuple[HandoffField, ...]:
    """The fields of W&B's form; where the store is listed with keys it takes the whole place."""
    if place.cloud is Cloud.AZURE:
        names = [("Provider", "Azure", ""), ("Account name", place.account, ""), ("Container", place.bucket, "")]
    else:
        names = [("Provider", _PROVIDERS[place.cloud], ""), ("Bucket name", place.bucket, "")]
    names.append(("Path", place.path, "" if place.path else "leave empty: the bucket's root"))
    if place.cloud is Cloud.AWS:
        names.append(("KMS key ARN", place.kms_key, "" if place.kms_key else "leave empty: Amazon manages the key"))
    return tuple(HandoffField(*entry) for entry in names)


def _facts(place: Place) -> tuple[HandoffField, ...]:
    """What support needs to know."""
    named = [
        ("Storage address", place.address, READ_SECRET if place.has_credential else ""),
        ("Region", place.region, ""),
        ("KMS key ARN" if place.cloud is Cloud.AWS else "Key", place.kms_key, ""),
        ("Team", place.team if place.level is Level.TEAM else "", ""),
    ]
    return tuple(HandoffField(*entry) for entry in named if entry[1])
