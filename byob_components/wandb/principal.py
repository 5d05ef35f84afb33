"""Who W&B is: the identities that a bucket lets in, with date and source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from byob_components.errors import Fault
from byob_components.wandb.deployment import Cloud, Deployment
from byob_components.wandb.source import BYOB, HELM, Source

AWS_MULTI_TENANT_ROLE = "arn:aws:iam::725579432336:role/WandbIntegration"
AWS_DEDICATED_ROOT = "arn:aws:iam::830241207209:root"
GCP_MULTI_TENANT = "wandb-integration@wandb-production.iam.gserviceaccount.com"
GCP_DEDICATED = "deploy@wandb-production.iam.gserviceaccount.com"
COREWEAVE_MULTI_TENANT = "arn:aws:iam::wandb:static/wandb-integration-public"
COREWEAVE_OTHERS = "arn:aws:iam::wandb:static/wandb-integration"


@dataclass(frozen=True)
class Preset:
    """The documented principals of a deployment on a cloud.

    Args:
        principals: The identities.
        date: The day on which the source said so, ISO.
        source: Where.
        shared: Whether other W&B customers' workloads run under the same identity, so that a warning is due.
        warning: That warning; empty when none is due.
    """

    principals: tuple[str, ...]
    date: str
    source: Source
    shared: bool = False
    warning: str = ""


_SHARED_ROOT = (
    f"the principal {AWS_DEDICATED_ROOT} is the root of an account in which W&B runs every Dedicated "
    f"Cloud instance: what may act for "
    "another customer's instance there may be let in too. Narrower: the node role shown as Identity in "
    "your System Console, given as "
    "`principals`"
)
_SHARED_ACCOUNT = (
    f"the principal {GCP_DEDICATED} is one service account for Dedicated Cloud instances of several "
    f"customers. Narrower: the service "
    "account shown as Identity in your System Console, given as `principals`"
)

_PRESETS: dict[tuple[Deployment, Cloud], Preset] = {
    (Deployment.MULTI_TENANT, Cloud.AWS): Preset((AWS_MULTI_TENANT_ROLE,), BYOB.date, BYOB),
    (Deployment.DEDICATED, Cloud.AWS): Preset((AWS_DEDICATED_ROOT,), BYOB.date, BYOB, True, _SHARED_ROOT),
    (Deployment.MULTI_TENANT, Cloud.GCP): Preset((GCP_MULTI_TENANT,), BYOB.date, BYOB),
    (Deployment.DEDICATED, Cloud.GCP): Preset((GCP_DEDICATED,), BYOB.date, BYOB, True, _SHARED_ACCOUNT),
    (Deployment.MULTI_TENANT, Cloud.COREWEAVE): Preset((COREWEAVE_MULTI_TENANT,), BYOB.date, BYOB),
    (Deployment.DEDICATED, Cloud.COREWEAVE): Preset((COREWEAVE_OTHERS,), BYOB.date, BYOB),
    (Deployment.SELF_MANAGED, Cloud.COREWEAVE): Preset((COREWEAVE_OTHERS,), BYOB.date, BYOB),
}
IDENTITY_SOURCE = HELM
"""The console shows its identity from the server's variable BUCKET_ACCESS_IDENTITY."""


def preset(deployment: Deployment, cloud: Cloud, partition: str = "aws") -> Preset | None:
    """The documented principals; None where W&B documents none.

    Args:
        deployment: Where W&B runs. A self-managed server has an identity of the customer's own.
        cloud: Who stores the bytes.
        partition: The AWS partition; W&B's identities are in `aws` only.
    """
    if cloud is Cloud.AWS and partition != "aws":
        return None
    return _PRESETS.get((deployment, cloud))


def missing_preset(deployment: Deployment, cloud: Cloud, partition: str = "aws") -> Fault:
    """The fault of a call that names no principal where there is no preset.

    Args:
        deployment: Where W&B runs.
        cloud: Who stores the bytes.
        partition: The AWS partition.
    """
    if cloud is Cloud.AWS and partition != "aws":
        return Fault(
            "BYOB-WANDB-010",
            "principals",
            f"is missing, and W&B documents no identity in the partition {partition}",
            None,
            f"ARNs of arn:{partition}:iam::…",
            "ask W&B which identity your instance has there, and give it as principals",
        )
    return Fault(
        "BYOB-WANDB-010",
        "principals",
        f"is missing, and for {deployment} on {cloud} W&B documents no identity",
        None,
        "the identity of your W&B server",
        "give the Identity that System Console > Settings > System Connections shows; or [] for nobody",
    )


def shared_principals(cloud: Cloud, principals: Sequence[str]) -> list[str]:
    """Which of the principals other W&B customers share, or stand for a whole account.

    Args:
        cloud: Who stores the bytes.
        principals: Known identities.
    """
    known = {p for preset_ in _PRESETS.values() if preset_.shared for p in preset_.principals}
    return [p for p in principals if p in known]


def meaning(deployment: Deployment, cloud: Cloud, principals: Sequence[str]) -> str:
    """What trusting these principals means, for the person who signs it off.

    Args:
        deployment: Where W&B runs.
        cloud: Who stores the bytes.
        principals: Who holds the grant.
    """
    if not principals:
        return "Nobody at W&B holds a grant on this store by identity."
    if shared_principals(cloud, principals):
        return (
            "The grant goes to an identity under which W&B runs Dedicated Cloud instances of several customers. "
            "What keeps them apart "
            "is W&B's own software, not this grant: neither AWS nor Google is told which customer a request is for."
        )
    if deployment is Deployment.MULTI_TENANT:
        return (
            "The grant goes to the one identity with which W&B's Multi-tenant Cloud reads every customer's "
            "bucket. What keeps customers "
            "apart is W&B's own software"
            + ("; CoreWeave also checks your organization." if cloud is Cloud.COREWEAVE else ".")
        )
    if deployment is Deployment.SELF_MANAGED:
        return "The grant goes to the identity of your own W&B server: who controls that server controls the data."
    return "The grant goes to the identity of your own Dedicated Cloud instance, which W&B runs."


_AWS = re.compile(r"arn:(aws|aws-us-gov|aws-cn):iam::(\d{12}):(root|(?:role|user)/[\w+=,.@/-]+)")
_GCP = re.compile(r"[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com")
_COREWEAVE = re.compile(r"arn:aws:iam::[\w-]+:[\w*/-]+")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_FORMS = {
    Cloud.AWS: (_AWS, "arn:<partition>:iam::<account>:root, …:role/<name> or …:user/<name>"),
    Cloud.S3_COMPATIBLE: (
        re.compile(r"arn:aws:iam::[\w-]*:[\w+=,.@/-]+"),
        "arn:aws:iam::<account or tenant>:user/<name>",
    ),
    Cloud.GCP: (_GCP, "<name>@<project>.iam.gserviceaccount.com"),
    Cloud.COREWEAVE: (_COREWEAVE, "arn:aws:iam::wandb:static/<name>"),
    Cloud.AZURE: (_UUID, "the object id of a managed identity, a UUID"),
}


def check_principals(
    cloud: Cloud, principals: Sequence[str], where: str = "principals", partition: str | None = None
) -> list[Fault]:
    """What is wrong with a list of principals.

    Args:
        cloud: Who stores the bytes.
        principals: Known identities; an empty list is allowed and means nobody.
        where: The argument's name.
        partition: The AWS partition the store is in, where it is known.
    """
    form, allowed = _FORMS[cloud]
    faults: list[Fault] = []
    for who in principals:
        match = form.fullmatch(who)
        if who in ("*", "allUsers", "allAuthenticatedUsers"):
            faults.append(Fault("BYOB-WANDB-011", where, "lets everybody in", who, allowed, "name W&B's identity"))
        elif match is None:
            faults.append(Fault("BYOB-WANDB-012", where, "holds what is not a principal", who, allowed, _mend(who)))
        elif cloud is Cloud.AWS and partition is not None and match[1] != partition:
            faults.append(
                Fault(
                    "BYOB-WANDB-013",
                    where,
                    f"holds a principal of another partition than {partition}",
                    who,
                    f"arn:{partition}:iam::…",
                    "give the identity of your W&B server in this partition",
                )
            )
    twice = sorted({who for who in principals if list(principals).count(who) > 1})
    faults += [Fault("BYOB-WANDB-014", where, "names a principal twice", who, "each once", "drop one") for who in twice]
    return faults


def _mend(who: str) -> str:
    if re.fullmatch(r"\d{12}", who):
        return f"for the whole account write 'arn:aws:iam::{who}:root'; better the role's ARN"
    if ":sts:" in who:
        return "a session's ARN ends with the session: give the role's own, arn:…:iam::<account>:role/<name>"
    return "copy the identity from W&B's page or your System Console"
