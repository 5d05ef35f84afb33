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
        shared: Whether W&B acts for several customers under the same identity and nothing in the grant tells them
            apart, so that a warning is due.
        warning: That warning; empty when none is due.
    """

    principals: tuple[str, ...]
    date: str
    source: Source
    shared: bool = False
    warning: str = ""


_SHARED_ROOT = (
    f"the principal {AWS_DEDICATED_ROOT} is the root of the account in which W&B runs every Dedicated Cloud instance: "
    "what may act for another customer's instance there may be let in too (concluded from W&B's modules, which W&B has "
    "not commented). Narrower: the node role shown as Identity in your System Console, given as `principals`"
)
_SHARED_ACCOUNT = (
    f"the principal {GCP_DEDICATED} is one service account for Dedicated Cloud instances of several customers. "
    "Narrower: the service account shown as Identity in your System Console, given as `principals`"
)


def _shared_by_all(who: str) -> str:
    return (
        f"the principal {who} is the one identity with which Multi-tenant Cloud serves all its customers, and W&B names "
        "no narrower one. Give it as `principals` to say that you know, and the warning goes"
    )


_PRESETS: dict[tuple[Deployment, Cloud], Preset] = {
    (Deployment.MULTI_TENANT, Cloud.AWS): Preset(
        (AWS_MULTI_TENANT_ROLE,), BYOB.date, BYOB, True, _shared_by_all(AWS_MULTI_TENANT_ROLE)
    ),
    (Deployment.DEDICATED, Cloud.AWS): Preset((AWS_DEDICATED_ROOT,), BYOB.date, BYOB, True, _SHARED_ROOT),
    (Deployment.MULTI_TENANT, Cloud.GCP): Preset(
        (GCP_MULTI_TENANT,), BYOB.date, BYOB, True, _shared_by_all(GCP_MULTI_TENANT)
    ),
    (Deployment.DEDICATED, Cloud.GCP): Preset((GCP_DEDICATED,), BYOB.date, BYOB, True, _SHARED_ACCOUNT),
    # On CoreWeave the identity is shared too, and the policy's condition on the organization tells customers apart.
    (Deployment.MULTI_TENANT, Cloud.COREWEAVE): Preset((COREWEAVE_MULTI_TENANT,), BYOB.date, BYOB),
    (Deployment.DEDICATED, Cloud.COREWEAVE): Preset((COREWEAVE_OTHERS,), BYOB.date, BYOB),
    (Deployment.SELF_MANAGED, Cloud.COREWEAVE): Preset((COREWEAVE_OTHERS,), BYOB.date, BYOB),
}
IDENTITY_PAGE = "System Console > Settings > System Connections > Bucket Storage, field Identity"
"""Where an administrator of Dedicated Cloud or of a self-managed server sees the server's identity (BYOB)."""
IDENTITY_SOURCE = HELM
"""The page shows what the server's variable BUCKET_ACCESS_IDENTITY says, `unknown` where it is not set."""
COREWEAVE_ORG_PAGES: dict[Deployment, str] = {
    Deployment.MULTI_TENANT: "the W&B organization ID, in the team creation drawer above Invite team members",
    Deployment.DEDICATED: "the Customer Namespace, at the bottom of System Console > Authentication",
    Deployment.SELF_MANAGED: "the Customer Namespace, at the bottom of System Console > Authentication",
}
"""What CoreWeave's policy condition must hold, and where an administrator finds it (BYOB)."""


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
        return nobody_in(partition)
    return Fault(
        "BYOB-WANDB-010",
        "principals",
        f"is missing, and for {deployment} on {cloud} W&B documents no identity",
        None,
        _FORMS[cloud][1],
        f"give {_WHERE[cloud]}; or [] for nobody",
    )


def nobody_in(partition: str) -> Fault:
    """The fault of a call that names no principal in a partition of AWS where W&B has no identities, wherever W&B runs.

    Args:
        partition: The partition.
    """
    what = f"is missing, and W&B documents no identity in the partition {partition}"
    fix = "ask W&B which identity your instance has there, and give it as principals"
    return Fault("BYOB-WANDB-010", "principals", what, None, f"ARNs of arn:{partition}:iam::…", fix)


_WHERE = {
    Cloud.AWS: f"the role your W&B server runs as: its node role or the role of its service account ({IDENTITY_PAGE})",
    Cloud.GCP: f"the service account your W&B server runs as ({IDENTITY_PAGE})",
    Cloud.AZURE: "the managed identity principal ID that the System Console shows, or the object id of the identity "
    "that your W&B server's service accounts are federated to",
    Cloud.S3_COMPATIBLE: "the user whose keys stand in the address",
    Cloud.COREWEAVE: "W&B's static principal",
}


def shared_principals(cloud: Cloud, principals: Sequence[str]) -> list[str]:
    """Which of the principals act for several W&B customers.

    Args:
        cloud: Who stores the bytes.
        principals: Known identities.
    """
    known = {p for (_, where), found in _PRESETS.items() if found.shared and where is cloud for p in found.principals}
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
    shared = shared_principals(cloud, principals)
    if AWS_DEDICATED_ROOT in shared or GCP_DEDICATED in shared:
        return (
            "The grant goes to an identity under which W&B runs Dedicated Cloud instances of several customers. What "
            "keeps them apart is W&B's own software, not this grant: the provider is not told which customer a request "
            "is for."
        )
    if shared:
        return (
            "The grant goes to the one identity with which W&B's Multi-tenant Cloud serves all its customers. What "
            "keeps them apart is W&B's own software, not this grant: the provider is not told which customer a request "
            "is for."
        )
    if cloud is Cloud.COREWEAVE and set(principals) <= {COREWEAVE_MULTI_TENANT, COREWEAVE_OTHERS}:
        return (
            "The grant goes to an identity that W&B uses for every customer with a bucket at CoreWeave. The policy's "
            "condition on your organization keeps them apart: CoreWeave checks it with each request."
        )
    if deployment is Deployment.SELF_MANAGED:
        return "The grant goes to the identity of your own W&B server: who controls that server controls the data."
    return (
        "The grant goes to the identities that you named; they should be those of your own Dedicated Cloud instance, "
        "which W&B runs."
    )


_AWS = re.compile(r"arn:(aws|aws-us-gov|aws-cn):iam::(\d{12}):(root|(?:role|user)/[\w+=,.@/-]+)", re.ASCII)
_GCP = re.compile(r"[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com")
_COREWEAVE = re.compile(r"arn:aws:iam::[\w-]+:[\w-]+/[\w./-]+", re.ASCII)
_S3_COMPATIBLE = re.compile(r"arn:aws:iam::[\w-]*:(root|(?:role|user)/[\w+=,.@/-]+)", re.ASCII)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_FORMS = {
    Cloud.AWS: (_AWS, "arn:<partition>:iam::<account>:root, …:role/<name> or …:user/<name>"),
    Cloud.S3_COMPATIBLE: (_S3_COMPATIBLE, "arn:aws:iam::<account or tenant>:user/<name>"),
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
