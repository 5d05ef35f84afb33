"""The steps of a hand-off, for each deployment and level: which field of which page, which request, which variable
gets which value, in the order in which an administrator meets them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from byob_components.wandb import doubt, scim
from byob_components.wandb.address import COREWEAVE_ALLOWED, StorageAddress, masked
from byob_components.wandb.deployment import Cloud, Deployment, Level
from byob_components.wandb.doubt import Doubt
from byob_components.wandb.principal import COREWEAVE_ORG_PAGES, IDENTITY_PAGE
from byob_components.wandb.server import (
    AZURE_KEY,
    BUCKET,
    BUCKET_QUEUE,
    INTERNAL_QUEUE,
    KMS_KEY,
    REGION,
    SUPPORTED_FILE_STORES,
    helm_values,
)
from byob_components.wandb.source import AUDIT, BYOB, ENVIRONMENT, HELM, OPERATOR_PAGE, SCIM, Source

READ_SECRET = "with its keys: `pulumi stack output --show-secrets`, sent through a secret channel"
"""Where the administrator finds what is masked here."""
SUPPORT = "support@wandb.com"
TEAM_FIELDS = ("Team", "Team name", "displayName")
"""Fields that hold the team's name."""


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
        surface: `check`, `support`, `console`, `form`, `api`, `chart` or `environment`.
        where: The page, request or setting.
        action: What to do, a heading.
        fields: What goes where.
        source: Where W&B says so.
        instead_of: The number of the step that this one can take the place of; 0 when it stands for itself.
    """

    number: int
    surface: str
    where: str
    action: str
    fields: tuple[HandoffField, ...] = ()
    source: Source = BYOB
    instead_of: int = 0

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> HandoffStep:
        """The step that a dict was made of.

        Args:
            data: Plain data.
        """
        fields = tuple(HandoffField(**f) for f in data["fields"])
        # The engine hands whole numbers back as floats.
        numbers = {name: int(data[name]) for name in ("number", "instead_of")}
        return cls(**{**data, **numbers, "fields": fields, "source": Source(**data["source"])})


@dataclass(frozen=True)
class Place:
    """What the steps are about.

    Args:
        deployment: Where W&B runs.
        level: What the bucket serves.
        store: The address in parts, its keys masked already.
        region: The bucket's region.
        kms_key: The key's ARN on AWS; on other clouds W&B is not told a key.
        azure_tenant_id: The tenant of W&B's identity, on Azure.
        azure_client_id: The client id of W&B's identity, on Azure.
        team: The team's name.
    """

    deployment: Deployment
    level: Level
    store: StorageAddress
    region: str = ""
    kms_key: str = ""
    azure_tenant_id: str = ""
    azure_client_id: str = ""
    team: str = ""

    @property
    def cloud(self) -> Cloud:
        """Who stores the bytes."""
        return self.store.cloud

    @property
    def keyed(self) -> bool:
        """Whether the address holds keys."""
        return bool(self.store.secret_key)

    @property
    def whole(self) -> str:
        """The address, masked."""
        return masked(self.store)

    @property
    def bucket_alone(self) -> str:
        """The address without its path, masked: what W&B's page calls the full bucket path."""
        return masked(replace(self.store, path=""))


class _Step(NamedTuple):
    surface: str
    where: str
    action: str
    fields: tuple[HandoffField, ...]
    source: Source = BYOB
    alternative: bool = False


_PROVIDERS = {
    Cloud.AWS: "AWS",
    Cloud.GCP: "Google Cloud",
    Cloud.AZURE: "Azure",
    Cloud.S3_COMPATIBLE: "S3-compatible",
    Cloud.COREWEAVE: "CoreWeave",
}


def steps_for(place: Place) -> Iterator[HandoffStep]:
    """The steps, in the order in which an administrator meets them.

    Args:
        place: What they are about.
    """
    main = 0
    for number, step in enumerate(_instance(place) if place.level is Level.INSTANCE else _team(place), 1):
        main = main if step.alternative else number
        instead_of = main if step.alternative else 0
        yield HandoffStep(number, step.surface, step.where, step.action, step.fields, step.source, instead_of)


def doubts_for(place: Place) -> Iterator[Doubt]:
    """What W&B's pages leave open about these steps.

    Args:
        place: What the steps are about.
    """
    team, cloud = place.level is Level.TEAM, place.cloud
    if team and place.deployment is Deployment.MULTI_TENANT:
        yield doubt.CREATED_BY_WANDB
    if team and place.deployment is Deployment.SELF_MANAGED:
        if cloud is Cloud.COREWEAVE:
            yield doubt.COREWEAVE_LISTED
        elif _listed(place):
            if not place.keyed:
                yield doubt.KEYLESS_ENTRY
            yield doubt.ENTRY_WITHOUT_PATH
            yield doubt.STORES_SEPARATOR
    if cloud is Cloud.AZURE and (team or place.deployment is Deployment.SELF_MANAGED):
        yield doubt.AZURE_NAMES
    if team and cloud is Cloud.S3_COMPATIBLE:
        yield doubt.S3_COMPATIBLE_CHOICE
    if cloud is Cloud.COREWEAVE and place.deployment is not Deployment.MULTI_TENANT:
        yield doubt.COREWEAVE_ADDRESS


# ------------------------------------------------------------------------------------------ a team
def _team(place: Place) -> Iterator[_Step]:
    note = "verify the bucket as W&B's principal first; moving the data later needs W&B"
    storage = HandoffField("storage", "cannot be changed once the team exists", note)
    yield _Step("check", "before you start", "Make sure: a team's storage is chosen once", (storage,))
    yield from _organization(place)
    if place.deployment is Deployment.DEDICATED:
        where = f"a request to W&B support ({SUPPORT}): supported file stores of your instance"
        more = " and to complete CoreWeave's set-up" if place.cloud is Cloud.COREWEAVE else ""
        yield _Step("support", where, f"Ask W&B to list the store for your instance{more}", _facts(place))
    if place.deployment is Deployment.SELF_MANAGED and _listed(place):
        where = f"the server's environment, variable {SUPPORTED_FILE_STORES}, then a restart"
        yield _Step("environment", where, "List the store on the server", _entry(place))
    where = "W&B App, as an admin > Create a team to collaborate > Bucket location > Add bucket"
    yield _Step("form", where, "Create the team with the bucket", _form(place))
    where = f"POST <your W&B host>{scim.ENDPOINT}, Content-Type {scim.CONTENT_TYPE}"
    yield _Step("api", where, "Or create the team by its API", _request(place), SCIM, alternative=True)
    yield _try(place)


def _listed(place: Place) -> bool:
    """Azure's form takes the identity in the place of an entry (BYOB)."""
    return place.keyed or place.cloud is not Cloud.AZURE


def _entry(place: Place) -> tuple[HandoffField, ...]:
    if place.cloud is Cloud.COREWEAVE:
        return (HandoffField(SUPPORTED_FILE_STORES, COREWEAVE_ALLOWED, "exactly this, whatever the bucket"),)
    note = f"{READ_SECRET}; " if place.keyed else ""
    return (HandoffField(SUPPORTED_FILE_STORES, place.bucket_alone, note + "added to what is there, joined by ','"),)


def _form(place: Place) -> tuple[HandoffField, ...]:
    """The fields of the team form, top to bottom."""
    multi_tenant, cloud = place.deployment is Deployment.MULTI_TENANT, place.cloud
    seen = "listed under another name? See the end of this page" if cloud is Cloud.S3_COMPATIBLE else ""
    fields = [
        HandoffField("Team name", place.team, "" if place.team else "the name of the team"),
        HandoffField("Storage Type", "External storage"),
        HandoffField("Bucket location", "Add bucket", "or choose the bucket, where it is listed already"),
        HandoffField("Cloud provider", _PROVIDERS[cloud], seen),
    ]
    if cloud is Cloud.AZURE:
        fields += [
            HandoffField("Account name", place.store.account),
            HandoffField("Container name", place.store.bucket),
        ]
    elif multi_tenant or cloud is Cloud.COREWEAVE:
        fields.append(HandoffField("Name", place.store.bucket, "the bucket's name alone"))
    else:
        note = f"the full bucket path, {READ_SECRET}" if place.keyed else "the full bucket path"
        fields.append(HandoffField("Name", place.bucket_alone, note))
    fields.append(HandoffField("Path", place.store.path, "" if place.store.path else "leave empty: the bucket's root"))
    if cloud is Cloud.AWS:
        note = "" if place.kms_key else "leave empty: Amazon manages the key"
        fields.append(HandoffField("KMS key ARN", place.kms_key, note))
    if cloud is Cloud.AZURE and place.keyed:
        note = "leave empty: the listed address has a key"
        fields += [HandoffField("Tenant ID", "", note), HandoffField("Managed Identity Client ID", "", note)]
    elif cloud is Cloud.AZURE:
        fields += [
            HandoffField("Tenant ID", place.azure_tenant_id, "of the identity that holds the roles"),
            HandoffField("Managed Identity Client ID", place.azure_client_id, "of the same identity"),
        ]
    return tuple(fields)


def _request(place: Place) -> tuple[HandoffField, ...]:
    azure = place.cloud is Cloud.AZURE and not place.keyed
    bucket = scim.storage_bucket(
        place.store,
        kms_key_arn=place.kms_key,
        azure_tenant_id=place.azure_tenant_id if azure else "",
        azure_client_id=place.azure_client_id if azure else "",
    )
    return (
        HandoffField("displayName", place.team, "" if place.team else "the name of the team"),
        HandoffField("members", "[]", "or ids of the first members"),
        *(HandoffField(f"storageBucket.{name}", value) for name, value in bucket.items()),
    )


# ------------------------------------------------------------------------------------------ an instance
def _instance(place: Place) -> Iterator[_Step]:
    storage = HandoffField(
        "storage", "is hard to change later", "verify the bucket as W&B's principal first; moving the data needs W&B"
    )
    yield _Step("check", "before you start", "Make sure: an instance's storage stays", (storage,))
    yield from _organization(place)
    if place.deployment is Deployment.DEDICATED or place.cloud is Cloud.COREWEAVE:
        where = f"a request to W&B support ({SUPPORT}): instance storage"
        yield _Step("support", where, "Ask W&B to use the bucket for the instance", _facts(place))
    else:
        yield from _server(place)
    logs = HandoffField("audit logs", "arrive every 10 minutes", "in the bucket, outside its path where it has one")
    yield _Step("check", "the bucket", "Expect W&B's audit logs", (logs,), AUDIT)
    yield _try(place)


def _server(place: Place) -> Iterator[_Step]:
    """A server that the customer runs: by its page, by its chart or by its environment."""
    if not place.keyed:
        note = (
            "if it is another, run `pulumi up` with it as `principals`; 'unknown': the server was not told its identity"
        )
        field = HandoffField("Identity", "must hold the grant, itself or by its account", note)
        if place.cloud is Cloud.AZURE:
            field = HandoffField("managed identity principal ID", "must hold the roles on the storage account", note)
        yield _Step("console", IDENTITY_PAGE, "Look at Identity before you change anything", (field,))
        where = "the same page: System Console > Settings > System Connections > Bucket Storage"
        yield _Step("console", where, "Enter the bucket and save", _console(place))
    values = helm_values(
        place.store,
        region=place.region,
        kms_key_id=place.kms_key,
        azure_tenant_id=place.azure_tenant_id,
        azure_client_id=place.azure_client_id,
        secret_name="wandb-bucket",
    )
    notes = {
        "global.bucket.secret.secretName": f"a Kubernetes secret that you make of the keys: {_raw(place)}",
        "global.azureStorageIdentity.tenantId": "chart 0.44.0 or newer",
    }
    fields = tuple(HandoffField(name, value, notes.get(name, "")) for name, value in values.items())
    if fields:
        action = "Set the server's bucket by its Helm chart" if place.keyed else "Or set it by the server's Helm chart"
        where = "values of the chart operator-wandb; they lock the page in the System Console"
        yield _Step("chart", where, action, fields, OPERATOR_PAGE if not place.keyed else HELM, not place.keyed)
    action = "Or set it by the server's environment" if fields else "Set the server's bucket by its environment"
    where = "the environment of a server without the chart"
    yield _Step("environment", where, action, _environment(place), ENVIRONMENT, alternative=bool(fields))


def _raw(place: Place) -> str:
    return "the account key as it is" if place.cloud is Cloud.AZURE else "each key percent-encoded"


def _console(place: Place) -> tuple[HandoffField, ...]:
    store = place.store
    azure = place.cloud is Cloud.AZURE
    path = "/".join(part for part in (store.bucket if azure else "", store.path) if part)
    note = "the container" + (" and the path in it" if store.path else "") if azure else ""
    fields = [
        HandoffField("Provider", _PROVIDERS[place.cloud]),
        HandoffField("Bucket Name", store.account if azure else store.bucket, "the storage account" if azure else ""),
        HandoffField("Path", path, note or ("" if path else "leave empty: the bucket's root")),
    ]
    return tuple(fields)


def _environment(place: Place) -> tuple[HandoffField, ...]:
    if place.cloud is Cloud.AZURE and place.keyed:
        plain = masked(replace(place.store, secret_key=""))
        return (
            HandoffField(BUCKET, plain),
            HandoffField(AZURE_KEY, "****", "the account key as it is, not percent-encoded; a secret"),
        )
    amazon = place.cloud is Cloud.AWS
    pairs = (
        (BUCKET, place.whole, READ_SECRET if place.keyed else ""),
        (REGION, place.region if amazon else "", ""),
        (KMS_KEY, place.kms_key, ""),
        (BUCKET_QUEUE, INTERNAL_QUEUE if place.cloud is Cloud.S3_COMPATIBLE else "", ""),
    )
    return tuple(HandoffField(*pair) for pair in pairs if pair[1])


# ------------------------------------------------------------------------------------------ both
def _organization(place: Place) -> Iterator[_Step]:
    if place.cloud is Cloud.COREWEAVE:
        note = "CoreWeave refuses W&B's requests for another one"
        field = HandoffField("wandb:OrgID", "the condition of your bucket policy must hold this value", note)
        where = COREWEAVE_ORG_PAGES[place.deployment]
        yield _Step("check", where, "Compare the organization in the bucket policy", (field,))


def _facts(place: Place) -> tuple[HandoffField, ...]:
    """What support needs to know."""
    azure = place.cloud is Cloud.AZURE
    named = (
        ("Provider", _PROVIDERS[place.cloud], ""),
        ("Storage address", place.bucket_alone, READ_SECRET if place.keyed else ""),
        ("Account name", place.store.account, ""),
        ("Container name", place.store.bucket if azure else "", ""),
        ("Path", place.store.path, ""),
        ("Region", place.region, ""),
        ("KMS key ARN", place.kms_key, ""),
        ("Tenant ID", place.azure_tenant_id if azure and not place.keyed else "", ""),
        ("Managed Identity Client ID", place.azure_client_id if azure and not place.keyed else "", ""),
        ("Team", place.team if place.level is Level.TEAM else "", ""),
    )
    return tuple(HandoffField(*entry) for entry in named if entry[1])


def _try(place: Place) -> _Step:
    where = "the team's files in W&B" if place.level is Level.TEAM else "a run's files in W&B"
    note = "a message about CORS or access means: verify the bucket as W&B's principal"
    return _Step("check", where, "Upload and open a file", (HandoffField("expect", "the file opens", note),))
