"""What CoreWeave accepts: one check a value, used at construction and, for values known later, inside `apply`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from byob_components.aws import policy
from byob_components.errors import Check, Fault
from byob_components.limits import between
from byob_components.wandb import cors, names, principal
from byob_components.wandb.access import COREWEAVE_PRINCIPAL_KEY
from byob_components.wandb.deployment import Cloud
from byob_components.wandb.transfer import WRITE_URL_HOURS

_OWN_CODES = {
    "BYOB-AWS-015": "BYOB-CW-015",
    "BYOB-AWS-017": "BYOB-CW-017",
    "BYOB-AWS-018": "BYOB-CW-018",
    "BYOB-AWS-019": "BYOB-CW-019",
    "BYOB-AWS-020": "BYOB-CW-020",
}
"""Codes of the rules and statements that S3 has everywhere."""


def own_codes(faults: Sequence[Fault]) -> list[Fault]:
    """Faults of what is S3's own, by the codes of this cloud.

    Args:
        faults: From the pure rooms of `aws`.
    """
    return [replace(fault, code=_OWN_CODES.get(fault.code, fault.code)) for fault in faults]


def wandb_organization_id(value: str, where: str) -> list[Fault]:
    """The value of a `StringLike` condition, in which `*` and `?` would let other customers of W&B in."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_=.-]{0,254}", value):
        return []
    allowed = "letters, digits, '-', '_', '.' and '='; no '*' and no '?', which would let other customers of W&B in"
    fix = "copy the organization ID from the team creation drawer, or the Customer Namespace from the System Console"
    return [Fault("BYOB-CW-001", where, "is not the ID of a W&B organization", value, allowed, fix)]


def storage_organization_id(value: str, where: str) -> list[Fault]:
    if re.fullmatch(r"[A-Za-z0-9]{1,32}", value):
        return []
    allowed, fix = (
        "a short text of letters and digits, such as 'ab1cd2'",
        "copy the Org ID from CoreWeave's Settings page",
    )
    return [Fault("BYOB-CW-002", where, "is not the ID of a CoreWeave organization", value, allowed, fix)]


noncurrent_days = between(
    "BYOB-CW-012", 1, 36500, "days", "W&B cannot delete old versions itself, so they must expire, and not at once"
)
abort_upload_days = between("BYOB-CW-014", 2, 3650, "days", f"W&B's upload URLs live for {WRITE_URL_HOURS} hours")


def bucket_name(value: str, where: str) -> list[Fault]:
    return names.check_bucket_name(Cloud.COREWEAVE, value, where)


def resource_name(name: str, values: Mapping[str, Any]) -> list[Fault]:
    """Whether Pulumi can make a bucket's name from the resource's: it puts a hyphen and seven digits behind it.

    Args:
        name: The resource name.
        values: The arguments that were given; with `bucket_name` among them the resource's name is free.
    """
    made = f"{name.lower()}-0a1b2c3"
    if "bucket_name" in values or not names.check_bucket_name(Cloud.COREWEAVE, made, "name"):
        return []
    allowed = "1 to 55 letters, digits or '-', a letter or digit first, not starting with 'cw-' or 'vip-'"
    fix = "choose another resource name, or give bucket_name"
    return [Fault("BYOB-CW-031", "name", "cannot be the start of the bucket's name", name, allowed, fix)]


def principals(values: list[str], where: str) -> list[Fault]:
    return principal.check_principals(Cloud.COREWEAVE, values, where)


def cors_origins(values: list[str], where: str) -> list[Fault]:
    return cors.check_origins(values, where)


def cors_max_age_seconds(value: int, where: str) -> list[Fault]:
    return cors.check_max_age(value, where)


def paths(values: list[str], where: str) -> list[Fault]:
    return names.check_paths(values, where)


def in_aws_terms(statement: Any) -> Any:
    """A statement with its principals under `AWS`, where the pure rooms of `aws` look for them.

    Args:
        statement: A statement of CoreWeave's, whose principals stand under `CW`.
    """
    if not isinstance(statement, Mapping):
        return statement
    made = dict(statement)
    for element in ("Principal", "NotPrincipal"):
        who = made.get(element)
        if isinstance(who, Mapping) and COREWEAVE_PRINCIPAL_KEY in who:
            made[element] = {"AWS": who[COREWEAVE_PRINCIPAL_KEY]}
    return made


def statements(reserved: Sequence[str]) -> Check:
    """The check of statements of the user's own.

    Args:
        reserved: Sids that the component writes itself.
    """

    def check(values: list[Any], where: str) -> list[Fault]:
        faults = own_codes(policy.check_statements([in_aws_terms(one) for one in values], where, reserved))
        for i, one in enumerate(values):
            who = one.get("Principal") if isinstance(one, Mapping) else None
            if isinstance(who, Mapping) and COREWEAVE_PRINCIPAL_KEY not in who:
                given, at = next(iter(who), None), f"{where}[{i}].Principal"
                fix = f"write the principals under {COREWEAVE_PRINCIPAL_KEY!r}"
                allowed = f"'*' or {{{COREWEAVE_PRINCIPAL_KEY!r}: …}}"
                faults.append(Fault("BYOB-CW-003", at, "is not in CoreWeave's terms", given, allowed, fix))
        return faults

    return check


BY_NAME: dict[str, Check] = {
    "abort_upload_days": abort_upload_days,
    "bucket_name": bucket_name,
    "cors_max_age_seconds": cors_max_age_seconds,
    "cors_origins": cors_origins,
    "noncurrent_days": noncurrent_days,
    "paths": paths,
    "principals": principals,
    "storage_organization_id": storage_organization_id,
    "wandb_organization_id": wandb_organization_id,
}
"""Argument name to its check, the same for every component that has the argument."""
