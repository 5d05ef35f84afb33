"""Checkov over the registered resources: no finding but those waived, and a broken control is found.

Checkov sees a Terraform plan made from the registrations; what it does not prove is that AWS would act on it.
"""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from byob_components.aws import AwsByob
from sandbox.places import VENVS
from tests.mocks.aws import record
from tests.mocks.monitor import Registered
from tests.scanners.checkov import Scan, scan
from tests.scanners.terraform_plan import plan

KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
BASE: dict[str, Any] = {"deployment": "dedicated", "level": "team"}
STORES: dict[str, dict[str, Any]] = {
    "default": {},
    "node role": {"principals": ["arn:aws:iam::830241207209:role/acme-node"]},
    "instance": {"level": "instance"},
    "minimal with paths": {"access": "minimal", "paths": ["vision", "nlp"]},
    "existing key": {"encryption": "existing_key", "kms_key_arn": KEY},
    "guarded key": {"kms_key_guard": ["arn:aws:iam::111122223333:role/break-glass"]},
    "key admins and users": {
        "kms_key_admins": ["arn:aws:iam::111122223333:role/security"],
        "kms_key_users": ["arn:aws:iam::111122223333:role/etl"],
    },
    "access logs": {"access_log_bucket": "acme-logs"},
    "suspended": {"suspended_paths": ["/"]},
    "provider's key": {"encryption": "provider_managed"},
    "credential": {"credential_keys": ["2026-05", "2026-11"]},
}
WAIVERS = {
    "CKV_AWS_18": "access logs cost money and need a bucket of their own: `access_log_bucket` names one",
    "CKV_AWS_144": "replication doubles the cost, and a copy elsewhere would need a grant and a key of its own",
    "CKV2_AWS_62": "W&B needs no notifications on a bucket that is reached by its own queue or by none",
}
"""Findings on every store, with the reason why they stay. The list may only get shorter."""
CHOSEN = {
    "provider's key": {"CKV_AWS_145": "SSE-S3 is what was asked for: no customer key"},
    "credential": {
        "CKV_AWS_273": "a static identity is what W&B on another cloud needs: IAM knows no other that a key pair is for",
        "CKV_AWS_40": "the identity exists for this one policy: a group would only hide it",
    },
}
"""Findings that a choice away from the defaults brings, by store."""
LOOKED_AT = {
    "CKV_AWS_7",  # key rotation
    "CKV_AWS_19",  # encryption at rest
    "CKV_AWS_20",  # no public read ACL
    "CKV_AWS_21",  # versioning
    "CKV_AWS_33",  # no wildcard principal in the key policy
    "CKV_AWS_53",  # the four public access blocks
    "CKV_AWS_54",
    "CKV_AWS_55",
    "CKV_AWS_56",
    "CKV_AWS_57",  # no public write ACL
    "CKV_AWS_70",  # no wildcard principal in the bucket policy
    "CKV_AWS_145",  # KMS by default
    "CKV_AWS_300",  # unfinished uploads are dropped
    "CKV2_AWS_6",  # the bucket has a public access block
    "CKV2_AWS_61",  # the bucket has a lifecycle
    "CKV2_AWS_64",  # the key has a policy
    "CKV2_AWS_65",  # ACLs are off
}
"""Checks that must have looked at the default store: a finding that no check looks for is no proof."""

Resources = list[Registered]


def drop(kind: str) -> Callable[[Resources], Resources]:
    def change(resources: Resources) -> Resources:
        left = [r for r in resources if r.kind != kind]
        assert len(left) < len(resources)
        return left

    return change


def put(kind: str, **inputs: Any) -> Callable[[Resources], Resources]:
    def change(resources: Resources) -> Resources:
        assert kind in {r.kind for r in resources}
        return [replace(r, inputs={**r.inputs, **inputs}) if r.kind == kind else r for r in resources]

    return change


def policy(kind: str, statement: dict[str, Any]) -> Callable[[Resources], Resources]:
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return put(kind, policy=document)


EVERYBODY = {"Sid": "Open", "Effect": "Allow", "Principal": "*", "Resource": "*"}
MUTANTS: dict[str, tuple[Callable[[Resources], Resources], str]] = {
    "no public access block": (drop("BucketPublicAccessBlock"), "CKV2_AWS_6"),
    "public ACLs": (put("BucketPublicAccessBlock", blockPublicAcls=False), "CKV_AWS_53"),
    "public policies": (put("BucketPublicAccessBlock", blockPublicPolicy=False), "CKV_AWS_54"),
    "public ACLs heeded": (put("BucketPublicAccessBlock", ignorePublicAcls=False), "CKV_AWS_55"),
    "public buckets unrestricted": (put("BucketPublicAccessBlock", restrictPublicBuckets=False), "CKV_AWS_56"),
    "no versioning": (drop("BucketVersioning"), "CKV_AWS_21"),
    "versioning suspended": (put("BucketVersioning", versioningConfiguration={"status": "Suspended"}), "CKV_AWS_21"),
    "no encryption": (drop("BucketServerSideEncryptionConfiguration"), "CKV_AWS_145"),
    "S3's own key": (
        put(
            "BucketServerSideEncryptionConfiguration",
            rules=[{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}],
        ),
        "CKV_AWS_145",
    ),
    "no key rotation": (put("Key", enableKeyRotation=False), "CKV_AWS_7"),
    "no lifecycle": (drop("BucketLifecycleConfiguration"), "CKV2_AWS_61"),
    "unfinished uploads stay": (
        put("BucketLifecycleConfiguration", rules=[{"id": "x", "status": "Enabled", "expiration": {"days": 9}}]),
        "CKV_AWS_300",
    ),
    "ACLs on": (put("BucketOwnershipControls", rule={"objectOwnership": "BucketOwnerPreferred"}), "CKV2_AWS_65"),
    "a bucket policy for everybody": (policy("BucketPolicy", {**EVERYBODY, "Action": "s3:GetObject"}), "CKV_AWS_70"),
    "a key policy for everybody": (policy("Key", {**EVERYBODY, "Action": "kms:*"}), "CKV_AWS_33"),
}


def registered(store: str) -> Resources:
    return copy.deepcopy(record(AwsByob, {**BASE, **STORES[store]}).resources)


@pytest.fixture(scope="session")
def scans(require: Callable[[bool, str], None], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scan]:
    """Every store and every mutant of the default one, scanned by one process."""
    python = VENVS / "checkov" / "bin" / "python"
    require(python.exists(), "the environment of Checkov: run `make setup`")
    plans = {store: plan(registered(store)) for store in STORES}
    plans |= {f"mutant: {name}": plan(change(registered("default"))) for name, (change, _) in MUTANTS.items()}
    return scan(python, plans, tmp_path_factory.mktemp("plans"))


@pytest.mark.xdist_group("checkov")
@pytest.mark.parametrize("store", STORES)
def test_no_finding_but_the_waived_ones(scans: dict[str, Scan], store: str) -> None:
    assert scans[store].failed - set(WAIVERS) == set(CHOSEN.get(store, {}))


@pytest.mark.xdist_group("checkov")
def test_the_checks_that_matter_looked(scans: dict[str, Scan]) -> None:
    assert scans["default"].passed >= LOOKED_AT


@pytest.mark.xdist_group("checkov")
def test_every_waiver_is_used(scans: dict[str, Scan]) -> None:
    assert {check for found in (scans[store] for store in STORES) for check in found.failed & set(WAIVERS)} == set(
        WAIVERS
    )


def test_waivers_may_only_get_fewer_and_have_a_reason() -> None:
    assert set(WAIVERS) <= {"CKV_AWS_18", "CKV_AWS_144", "CKV2_AWS_62"}
    assert set(CHOSEN) <= {"provider's key", "credential"}
    reasons = [*WAIVERS.values(), *(reason for one in CHOSEN.values() for reason in one.values())]
    assert all(len(reason.split()) > 5 for reason in reasons)


@pytest.mark.xdist_group("checkov")
def test_access_logs_end_their_waiver(scans: dict[str, Scan]) -> None:
    assert "CKV_AWS_18" in scans["access logs"].passed
    assert "CKV_AWS_18" not in scans["access logs"].failed


@pytest.mark.xdist_group("checkov")
@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_control_is_found(scans: dict[str, Scan], name: str) -> None:
    _, check = MUTANTS[name]
    assert check not in scans["default"].failed
    assert check in scans[f"mutant: {name}"].failed


def test_a_type_the_scanner_would_not_see_is_told(tmp_path: Path) -> None:
    stranger = replace(registered("default")[-1], type="aws:sns/topic:Topic")
    with pytest.raises(KeyError):
        plan([stranger])
