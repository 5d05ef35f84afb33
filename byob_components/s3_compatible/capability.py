"""What a server that speaks S3 can do beyond storing objects: a preset for each server, each with its source.

A setting that the server lacks is left out and told in preview and hand-off; asked for expressly, it is a fault.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from byob_components.errors import Fault


class S3CompatibleServer(StrEnum):
    """The software that speaks S3."""

    MINIO = "minio"
    """MinIO's community edition, which its makers no longer develop."""
    AISTOR = "aistor"
    """MinIO AIStor."""
    CEPH = "ceph"
    """Ceph's Object Gateway (RGW)."""
    SEAWEEDFS = "seaweedfs"
    """SeaweedFS, 4.20 or newer."""
    GENERIC = "generic"
    """Another one: everything is tried that S3 itself has, and the server refuses what it lacks."""


class S3CompatibleCapability(StrEnum):
    """What a server may or may not be able to do."""

    VERSIONING = "versioning"
    """Keeps the versions of an object."""
    BUCKET_POLICY = "bucket_policy"
    """Lets users of the store in by a bucket's policy."""
    SECURE_TRANSPORT = "secure_transport"
    """Enforces the policy condition `aws:SecureTransport`, by which plain HTTP is refused."""
    NEWER_ACTIONS = "newer_actions"
    """Accepts policies that name `s3:GetEncryptionConfiguration`, `s3:GetObjectAttributes` and
    `s3:GetObjectVersionAttributes`; others refuse the whole policy."""
    CORS = "cors"
    """Has CORS rules for each bucket."""
    NONCURRENT_EXPIRY = "noncurrent_expiry"
    """Expires noncurrent versions by a lifecycle rule."""
    DELETE_MARKER_EXPIRY = "delete_marker_expiry"
    """Clears away delete markers with nothing behind them, by a lifecycle rule."""
    ABORT_UPLOADS = "abort_uploads"
    """Drops unfinished uploads by a lifecycle rule."""


_C = S3CompatibleCapability
NEWER_ACTIONS = ("s3:GetEncryptionConfiguration", "s3:GetObjectAttributes", "s3:GetObjectVersionAttributes")
"""Actions that a server without the capability does not know."""
ALSO_WRITTEN: dict[S3CompatibleServer, Mapping[str, str]] = {
    S3CompatibleServer.SEAWEEDFS: {"s3:GetBucketCORS": "s3:GetBucketCors"},
}
"""Actions that a server knows in another spelling than W&B's page. AWS does not care; SeaweedFS compares them letter by
letter (seaweedfs: weed/s3api/s3_constants/s3_action_strings.go; measured on 4.48), so both are granted there."""
NEEDS: dict[S3CompatibleCapability, S3CompatibleCapability] = {
    _C.SECURE_TRANSPORT: _C.BUCKET_POLICY,
    _C.NEWER_ACTIONS: _C.BUCKET_POLICY,
    _C.NONCURRENT_EXPIRY: _C.VERSIONING,
    _C.DELETE_MARKER_EXPIRY: _C.VERSIONING,
}
"""What makes no sense without another capability."""


@dataclass(frozen=True)
class Preset:
    """What a server can do.

    Args:
        has: Its capabilities.
        lacks: Each of the others, to what follows from that and what to do instead.
        sources: Where that is said, or how it was measured.
    """

    has: frozenset[S3CompatibleCapability]
    lacks: Mapping[S3CompatibleCapability, str]
    sources: tuple[str, ...]


_MINIO_POLICY = (
    "MinIO's bucket policies are for anonymous requests alone; give the user of W&B's keys an IAM policy with "
    "`mc admin policy`"
)
_MINIO_TRANSPORT = "let the server listen on HTTPS only"
_MINIO_UPLOADS = "MinIO drops them itself after 24 hours (api stale_uploads_expiry); W&B's upload URLs live for as long"
_MINIO: dict[S3CompatibleCapability, str] = {
    _C.BUCKET_POLICY: _MINIO_POLICY,
    _C.SECURE_TRANSPORT: _MINIO_TRANSPORT,
    _C.NEWER_ACTIONS: _MINIO_POLICY,
    _C.ABORT_UPLOADS: _MINIO_UPLOADS,
}
_MINIO_SOURCES = (
    "minio/minio#9530 and #10578: bucket policies are for anonymous users",
    "minio/minio#15681 and #19115: AbortIncompleteMultipartUpload is refused or dropped, as intended",
    "minio/minio#21332 and #20995: PutBucketCors is NotImplemented, and part of AIStor",
    "minio/mc#3565: rules for noncurrent versions and expired delete markers",
)
PRESETS: dict[S3CompatibleServer, Preset] = {
    S3CompatibleServer.MINIO: Preset(
        frozenset({_C.VERSIONING, _C.NONCURRENT_EXPIRY, _C.DELETE_MARKER_EXPIRY}),
        {
            **_MINIO,
            _C.CORS: "the community edition has one setting for the whole server: set MINIO_API_CORS_ALLOW_ORIGIN to the "
            "origin of your W&B host",
        },
        _MINIO_SOURCES,
    ),
    S3CompatibleServer.AISTOR: Preset(
        frozenset({_C.VERSIONING, _C.CORS, _C.NONCURRENT_EXPIRY, _C.DELETE_MARKER_EXPIRY}),
        _MINIO,
        (*_MINIO_SOURCES, "docs.min.io/aistor/administration/cors-configuration: CORS for each bucket"),
    ),
    S3CompatibleServer.CEPH: Preset(
        frozenset(
            {
                _C.VERSIONING,
                _C.BUCKET_POLICY,
                _C.CORS,
                _C.NONCURRENT_EXPIRY,
                _C.DELETE_MARKER_EXPIRY,
                _C.ABORT_UPLOADS,
            }
        ),
        {
            _C.SECURE_TRANSPORT: "Ceph accepts the condition and does not enforce it: let the gateway listen on HTTPS only",
            _C.NEWER_ACTIONS: "Ceph's list of actions for policies lacks the actions in question; W&B's check of the "
            "bucket's encryption may be refused",
        },
        (
            "docs.ceph.com/en/reef/radosgw/bucketpolicy: the actions that policies may name",
            "ibm.com/docs/en/SSEG27_8.0/developer/S3-bucket-operations.html: lifecycle, versioning, CORS",
            "measured on Ceph 16.2.15: s3:GetEncryptionConfiguration in a policy is InvalidArgument, the condition on "
            "aws:SecureTransport refuses nothing",
        ),
    ),
    S3CompatibleServer.SEAWEEDFS: Preset(
        frozenset(_C),
        {},
        (
            "seaweedfs/seaweedfs#8810, #8813: lifecycle rules for versions, delete markers and uploads; they run where an "
            "admin server and a worker run",
            "measured on SeaweedFS 4.48: policies, their condition on aws:SecureTransport, CORS, versioning",
        ),
    ),
    S3CompatibleServer.GENERIC: Preset(
        frozenset(
            {
                _C.VERSIONING,
                _C.BUCKET_POLICY,
                _C.CORS,
                _C.NONCURRENT_EXPIRY,
                _C.DELETE_MARKER_EXPIRY,
                _C.ABORT_UPLOADS,
            }
        ),
        {
            _C.SECURE_TRANSPORT: "it is not known whether the server enforces it: let it listen on HTTPS only",
            _C.NEWER_ACTIONS: "servers that do not know an action refuse the whole policy, so it is left out",
        },
        ("the S3 API itself; what the server lacks, it refuses",),
    ),
}
_TITLES: dict[S3CompatibleCapability, str] = {
    _C.VERSIONING: "versions are not kept: what is overwritten or deleted is gone, and W&B's clean-up stays off",
    _C.BUCKET_POLICY: "no bucket policy is set",
    _C.SECURE_TRANSPORT: "plain HTTP is not refused by the bucket's policy",
    _C.NEWER_ACTIONS: f"the grant leaves out {', '.join(NEWER_ACTIONS)}",
    _C.CORS: "no CORS rule is set on the bucket",
    _C.NONCURRENT_EXPIRY: "no rule expires noncurrent versions: they are kept, and cost, until a person deletes them",
    _C.DELETE_MARKER_EXPIRY: "no rule clears away delete markers",
    _C.ABORT_UPLOADS: "no rule drops unfinished uploads",
}
_BY_CHOICE = "it is not among the capabilities given"


def capabilities(values: Mapping[str, Any]) -> frozenset[S3CompatibleCapability]:
    """What the server of a call can do.

    Args:
        values: The arguments that were given, `server` among them.
    """
    given = values.get("capabilities")
    return PRESETS[values["server"]].has if given is None else frozenset(given)


def granted(actions: Sequence[str], server: S3CompatibleServer, newer_actions: bool) -> list[str]:
    """The actions of a grant, as the server writes them.

    Args:
        actions: W&B's, as its page writes them.
        server: The software.
        newer_actions: Whether it knows the actions that not all know.
    """
    also = ALSO_WRITTEN.get(server, {})
    known = [action for action in actions if newer_actions or action not in NEWER_ACTIONS]
    return known + [also[action] for action in known if action in also]


def check_capabilities(given: Sequence[S3CompatibleCapability], where: str) -> list[Fault]:
    """What is wrong with a list of capabilities.

    Args:
        given: The list, in the place of the server's preset.
        where: The argument's name.
    """
    faults = []
    if len(set(given)) < len(given):
        fix = "name each once"
        faults.append(Fault("BYOB-S3C-011", where, "names a capability twice", [str(one) for one in given], "", fix))
    for one, other in NEEDS.items():
        if one in given and other not in given:
            what = f"holds '{one}' without '{other}', on which it rests"
            faults.append(Fault("BYOB-S3C-011", where, what, str(one), f"'{other}' as well", f"add '{other}'"))
    return faults


def omissions(
    values: Mapping[str, Any], among: Sequence[S3CompatibleCapability] = tuple(S3CompatibleCapability)
) -> list[str]:
    """What is left out because the server cannot do it: each with what to do instead.

    Args:
        values: The arguments that were given.
        among: Which capabilities matter to the component; default all.
    """
    has, lacks = capabilities(values), PRESETS[values["server"]].lacks
    grants = bool(values.get("principals")) or bool(values.get("bucket_policy_statements"))
    told = []
    for one in among:
        # What a policy may hold does not matter to a server that has none, nor the grant's actions where nobody holds one.
        if one in has or (one is _C.NEWER_ACTIONS and not (grants and _C.BUCKET_POLICY in has)):
            continue
        if one is _C.SECURE_TRANSPORT and values.get("tls") is False:
            continue
        if one in (_C.NONCURRENT_EXPIRY, _C.DELETE_MARKER_EXPIRY) and _C.VERSIONING not in has:
            continue
        told.append(f"{_TITLES[one]} ({values['server']}: {lacks.get(one, _BY_CHOICE)})")
    return told


def lacking(values: Mapping[str, Any], where: str, needed: S3CompatibleCapability) -> list[Fault]:
    """The fault of an argument that asks for what the server cannot do.

    Args:
        values: The arguments that were given.
        where: The argument.
        needed: What it takes.
    """
    if needed in capabilities(values):
        return []
    why = PRESETS[values["server"]].lacks.get(needed, _BY_CHOICE)
    fix = f"drop {where}; or, where your server can do it, name it in capabilities"
    what = f"asks for what {values['server']} cannot do: {why}"
    return [Fault("BYOB-S3C-010", where, what, None, f"a server with the capability '{needed}'", fix)]
