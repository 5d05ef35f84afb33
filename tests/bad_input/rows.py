"""What a row of bad input is, and the calls that are right but for what the row changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

KEY = "arn:aws:kms:eu-west-1:111122223333:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
NODE = "arn:aws:iam::830241207209:role/acme-node"
ADMIN = "arn:aws:iam::111122223333:role/security"
SESSION = "arn:aws:sts::111122223333:assumed-role/security/jane"
OWN = {"Sid": "Own", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "{bucket_arn}"}

BASE: dict[str, dict[str, Any]] = {
    "AwsByob": {"deployment": "dedicated", "level": "team"},
    "AwsBucket": {"encryption": "provider_managed"},
    "AwsKey": {},
    "AwsGrant": {"deployment": "dedicated", "bucket_name": "acme-wandb", "bucket_policy_statements": []},
    "AwsCredential": {"bucket_name": "acme-wandb", "credential_keys": ["one"]},
}
"""Calls without a fault."""

STORE, BUCKET, KEY_ONLY, GRANT, CREDENTIAL = "AwsByob", "AwsBucket", "AwsKey", "AwsGrant", "AwsCredential"
EVERY = (STORE, BUCKET, KEY_ONLY, GRANT, CREDENTIAL)


class Expected(NamedTuple):
    """One fault of a call: its code, its place, and a part of what is allowed and of the fix."""

    code: str
    where: str
    allowed: str
    fix: str


@dataclass(frozen=True)
class Row:
    """A bad call.

    Args:
        components: The components that it is bad for.
        args: The arguments beside those of BASE; None takes one away.
        faults: All its faults, in order.
    """

    components: tuple[str, ...]
    args: Mapping[str, Any]
    faults: tuple[Expected, ...]

    def call(self, component: str) -> dict[str, Any]:
        """The arguments of one component."""
        return {name: value for name, value in {**BASE[component], **self.args}.items() if value is not None}


def bad(components: tuple[str, ...] | str, args: Mapping[str, Any], *faults: tuple[str, str, str, str]) -> Row:
    """A row.

    Args:
        components: One or several.
        args: See Row.
        faults: Code, place, part of what is allowed, part of the fix.
    """
    named = (components,) if isinstance(components, str) else components
    return Row(named, args, tuple(Expected(*fault) for fault in faults))


def without(name: str) -> dict[str, Any]:
    """A record that lacks one key of a whole statement."""
    return {key: value for key, value in OWN.items() if key != name}
