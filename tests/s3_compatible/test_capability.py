"""Presets of servers: each capability is had or its lack explained, with a source, and rests on what is there."""

import pytest

from byob_components.s3_compatible.capability import (
    NEEDS,
    PRESETS,
    S3CompatibleCapability,
    S3CompatibleServer,
    capabilities,
    check_capabilities,
    granted,
    omissions,
)

HAS = {
    "minio": {"versioning", "noncurrent_expiry", "delete_marker_expiry"},
    "aistor": {"versioning", "noncurrent_expiry", "delete_marker_expiry", "cors"},
    "ceph": {"versioning", "noncurrent_expiry", "delete_marker_expiry", "cors", "bucket_policy", "abort_uploads"},
    "seaweedfs": {
        "versioning",
        "noncurrent_expiry",
        "delete_marker_expiry",
        "cors",
        "bucket_policy",
        "abort_uploads",
        "secure_transport",
        "newer_actions",
    },
    "generic": {"versioning", "noncurrent_expiry", "delete_marker_expiry", "cors", "bucket_policy", "abort_uploads"},
}


@pytest.mark.parametrize("server", S3CompatibleServer)
def test_a_preset(server: S3CompatibleServer) -> None:
    preset = PRESETS[server]
    assert {str(one) for one in preset.has} == HAS[server]
    assert preset.has | preset.lacks.keys() == set(S3CompatibleCapability)
    assert not preset.has & preset.lacks.keys()
    assert all(len(reason) > 20 for reason in preset.lacks.values())
    assert preset.sources
    assert check_capabilities(list(preset.has), "capabilities") == []


def test_what_is_given_takes_the_place_of_the_preset() -> None:
    given = [S3CompatibleCapability.CORS]
    assert capabilities({"server": S3CompatibleServer.MINIO, "capabilities": given}) == {S3CompatibleCapability.CORS}
    assert capabilities({"server": S3CompatibleServer.MINIO, "capabilities": []}) == frozenset()


def test_what_rests_on_something_else() -> None:
    assert {str(one): str(other) for one, other in NEEDS.items()} == {
        "secure_transport": "bucket_policy",
        "newer_actions": "bucket_policy",
        "noncurrent_expiry": "versioning",
        "delete_marker_expiry": "versioning",
    }


@pytest.mark.parametrize("server", S3CompatibleServer)
def test_every_omission_names_the_server_and_what_to_do(server: S3CompatibleServer) -> None:
    for told in omissions({"server": server, "principals": ["someone"]}):
        assert f"({server}: " in told


def test_actions_are_granted_as_the_server_writes_them() -> None:
    wanted = ["s3:GetEncryptionConfiguration", "s3:GetBucketCORS", "s3:PutObject"]
    assert granted(wanted, S3CompatibleServer.CEPH, False) == wanted[1:]
    assert granted(wanted, S3CompatibleServer.GENERIC, True) == wanted
    assert granted(wanted, S3CompatibleServer.SEAWEEDFS, True) == [*wanted, "s3:GetBucketCors"]
    assert granted(wanted[:1], S3CompatibleServer.SEAWEEDFS, False) == []
