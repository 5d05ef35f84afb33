"""Bad input is refused with every fault at once, with code, allowed values and a fix, and registers nothing."""

from typing import Any

import pulumi
import pytest

from byob_components.s3_compatible import (
    S3CompatibleBucket,
    S3CompatibleByob,
    S3CompatibleByobArgs,
    S3CompatibleGrant,
    S3CompatibleServer,
)
from byob_components.store import ByobRunError
from tests.conformance.bad_input import BadInputContract
from tests.mocks.aws import AwsMocks
from tests.mocks.monitor import run
from tests.s3_compatible.bad_input import COMBINED, OWN, SINGLE, STORE, USER

PARTS: list[Any] = [
    (S3CompatibleBucket, {"server": "minio", "principals": [USER]}, ["BYOB-S3C-010"]),
    (S3CompatibleBucket, {"server": "aws"}, ["BYOB-ARG-005"]),
    (S3CompatibleBucket, {"server": "ceph", "access_key": "x"}, ["BYOB-ARG-001"]),
    (S3CompatibleBucket, {"server": "ceph", "force_destroy": True, "tags": {}}, ["BYOB-S3C-016", "BYOB-S3C-021"]),
    (
        S3CompatibleGrant,
        {"server": "minio", "bucket_name": "B", "principals": [USER], "bucket_policy_statements": []},
        ["BYOB-S3C-010", "BYOB-WANDB-027"],
    ),
    (
        S3CompatibleGrant,
        {"server": "ceph", "bucket_name": "theirs", "principals": ["*"], "bucket_policy_statements": [OWN, OWN]},
        ["BYOB-S3C-019", "BYOB-WANDB-011"],
    ),
    (S3CompatibleBucket, {"force_destroy": True, "principals": [USER]}, ["BYOB-ARG-002", "BYOB-S3C-021"]),
    (
        S3CompatibleGrant,
        {"server": "minio", "bucket_policy_statements": []},
        ["BYOB-ARG-002", "BYOB-ARG-002", "BYOB-S3C-010"],
    ),
    (S3CompatibleGrant, {"server": "ceph"}, ["BYOB-ARG-002", "BYOB-ARG-002", "BYOB-ARG-002"]),
]


class TestS3Compatible(BadInputContract):
    composite = S3CompatibleByob
    arguments = S3CompatibleByobArgs
    mocks = AwsMocks
    store = STORE
    single = SINGLE
    combined = COMBINED
    parts = PARTS
    names = {"BYOB-S3C-031": ["my_vision", "a" * 56, "-a"]}  # noqa: RUF012
    given_name = ("bucket_name", "acme")
    prefix = "BYOB-S3C"
    elsewhere = frozenset({"BYOB-S3C-031", "BYOB-S3C-028", "BYOB-S3C-033"})
    """They are about the resource's name, and about a bucket made elsewhere: tested with grants."""
    planted = ("confidential", "123456789")

    @pytest.mark.parametrize("argument", ["access_key", "secret_key"])
    @pytest.mark.parametrize("secret", [False, True])
    def test_a_key_that_is_known_later_is_never_shown(self, argument: str, secret: bool) -> None:
        def program() -> None:
            wrap = pulumi.Output.secret if secret else pulumi.Output.from_input
            S3CompatibleByob("vision", {**STORE, argument: wrap("confidential key")})  # type: ignore[misc]

        with pytest.raises(ByobRunError) as raised:
            run(program, AwsMocks())
        assert "BYOB-S3C-002" in str(raised.value)
        assert "confidential" not in str(raised.value)

    def test_what_a_server_lacks_is_refused_with_its_reason(self) -> None:
        minio = {"server": "minio", "principals": []}
        assert "set MINIO_API_CORS_ALLOW_ORIGIN" in str(self.refused({**minio, "cors_max_age_seconds": 60}))
        assert "`mc admin policy`" in str(self.refused({**minio, "principals": [USER]}))
        assert "it is not among the capabilities given" in str(self.refused({"capabilities": [], "principals": [USER]}))
        assert "drop them without a word" in str(self.refused({"tags": {"a": "b"}}))

    def test_a_multi_tenant_deployment_is_refused_with_the_clouds_that_it_has(self) -> None:
        (fault,) = self.refused({"deployment": "multi_tenant"}).faults
        assert "Multi-tenant Cloud has no team storage on S3-compatible stores" in fault.what
        assert fault.allowed == "at team level aws, gcp, coreweave"

    def test_every_server_is_known_to_the_tests(self) -> None:
        assert [str(server) for server in S3CompatibleServer] == ["minio", "aistor", "ceph", "seaweedfs", "generic"]
