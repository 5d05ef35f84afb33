"""The own analyzer and pulumi-policy give equal answers, to the letter."""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from byob_components.policies import RULES
from byob_components.policies.tree import UNKNOWN, Node, Secret
from byob_components.policies.view import Resource
from sandbox.places import ROOT
from tests.policies import aws_access_rows, aws_key_rows, aws_rows, azure_rows, gcp_rows, good, s3_rows, stack_rows
from tests.policies.made import made
from tests.policies.test_aws_presence import a_bucket, a_grant, a_store, bucket, drop, key, of_bucket
from tests.policies.test_azure_stack import encrypted
from tests.policies.test_mutated_trees import mutated

SIGNATURE, SECRET = "4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
ALL = [one.name for one in RULES]


def wire(value: Any) -> Any:
    """Plain data as it travels."""
    if value is UNKNOWN:
        return UNKNOWN_TEXT
    if isinstance(value, Secret):
        return {SIGNATURE: SECRET, "value": wire(value.value)}
    if isinstance(value, dict):
        return {k: wire(v) for k, v in value.items()}
    return [wire(v) for v in value] if isinstance(value, list | tuple) else value


def sent(one: Resource, *, fetched: bool = False) -> dict[str, Any]:
    """A resource of the corpus."""
    links = {name: list(urns) for name, urns in one.links.items()}
    about = {"type": one.type, "urn": one.urn, "name": one.name, "protect": one.protect, "links": links}
    return {**about, "properties": wire(one.inputs.value), "fetched": fetched}


def case(*resources: Resource, level: str = "mandatory", **policies: dict[str, Any]) -> dict[str, Any]:
    """A case of the corpus: every rule at its default level unless said otherwise."""
    own = {one.name: {"level": str(one.level)} for one in RULES}
    return {"policies": {**own, **policies}, "resources": [sent(one) for one in resources]}


def corpus() -> dict[str, dict[str, Any]]:
    """What both are asked."""
    rows = [*aws_rows.ROWS, *aws_access_rows.ROWS, *aws_key_rows.ROWS, *azure_rows.ROWS, *gcp_rows.ROWS, *s3_rows.ROWS]
    found = {"information": {**case(), "info": True}}
    for i, (_, row) in enumerate(rows):
        inputs = [*row.good, *(bad for bad, _ in row.bad), *row.unknown, *row.spared]
        found[f"row {i}"] = case(
            *(made(row.type, one, f"vision-{j}", protect=row.protect, below=row.below) for j, one in enumerate(inputs))
        )
    for name, whole in stack_rows.ROWS.items():
        found |= {
            f"{name} {kind}": case(*stacks[0]) for kind, stacks in (("bad", whole.bad), ("unknown", whole.unknown))
        }
    for cloud, stores in good.stacks().items():
        found |= {f"{cloud} {store}": case(*stack) for store, stack in stores.items()}
    chance = random.Random(7)  # noqa: S311
    for i in range(12):
        stack = chance.choice([stack for stores in good.stacks().values() for stack in stores.values()])
        ones = [
            Resource(
                one.urn,
                one.type,
                one.name,
                Node(mutated(one.inputs.value, chance)),
                one.outputs,
                one.protect,
                one.links,
            )
            for one in stack
        ]
        found[f"mutated {i}"] = case(*ones)
    versioning = "byob-aws-bucket-versioning-missing"
    bare = [a_bucket(), a_bucket("logs"), made("pulumi:pulumi:Stack", {}, "stack")]
    found["nothing beside the bucket"] = case(*bare)
    found["ambiguous"] = case(
        *bare, of_bucket(versioning, "x", {"bucket": ["aws:s3/bucket:Bucket::vision", "aws:s3/bucket:Bucket::logs"]})
    )
    found["not known"] = case(*bare, of_bucket(versioning, UNKNOWN))
    found["no versions"] = case(
        made("aws:s3/bucket:Bucket", {"bucket": "v"}, below="wandb-byob:index:S3CompatibleBucket")
    )
    found["another version of the API"] = case(
        made("azure-native:storage/v20230101:StorageAccount", {"accountName": "a"})
    )
    found["key of a vault"] = case(*encrypted(role="other"))
    found["external"] = case(*bare, of_bucket(versioning, "elsewhere"))
    found["fetched"] = {**case(), "resources": [sent(a_bucket(), fetched=True), sent(of_bucket(versioning))]}
    found["key"] = case(*a_store(bucket(), key(drop(1))), a_grant(UNKNOWN))
    found["configured"] = case(
        *bare,
        *a_store(bucket(), key()),
        made("aws:kms/key:Key", {"deletionWindowInDays": 20}, "own"),
        **{
            versioning: {"level": "advisory", "properties": {"exclude": ["logs"]}},
            "byob-aws-bucket-tls-missing": {"level": "disabled"},
            "byob-aws-bucket-grant-principals": {"level": "mandatory", "properties": {"principals": ["x"]}},
            "byob-aws-key-deletion-window": {"level": "mandatory", "properties": {"minimumDays": 14.0}},
            "byob-aws-bucket-cors-missing": {"level": "mandatory", "properties": {"scope": "byob"}},
            "byob-aws-bucket-protect": {"level": "mandatory", "properties": {"exclude": ["vision"]}},
        },
    )
    found["failing"] = {**case(*bare), "broken": ["byob-aws-bucket-protect", versioning]}
    block = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
    found["remediate"] = {
        **case(
            made(
                "aws:s3/bucketVersioning:BucketVersioning", {"versioningConfiguration": {"status": Secret("Suspended")}}
            ),
            made("aws:s3/bucketVersioning:BucketVersioning", {"versioningConfiguration": Secret({"mfa": "x"})}, "b"),
            made("aws:s3/bucketVersioning:BucketVersioning", {"versioningConfiguration": {"status": "Enabled"}}, "c"),
            made("aws:s3/bucketVersioning:BucketVersioning", {"versioningConfiguration": UNKNOWN}, "d"),
            made(block, {"blockPublicAcls": True, "ignorePublicAcls": False, "bucket": UNKNOWN}),
            made("aws:s3/bucket:Bucket", {"versioning": {"enabled": False}, "tags": {"a": Secret("b")}}),
            made("gcp:storage/bucket:Bucket", {"softDeletePolicy": Secret({"retentionDurationSeconds": Secret(0.0)})}),
            made(
                "azure-native:storage:BlobServiceProperties", {"deleteRetentionPolicy": {"days": 1.0, "enabled": True}}
            ),
        ),
        "policies": {name: {"level": "remediate"} for name in ALL},
    }
    return found


@pytest.fixture(scope="session")
def both(pack_python: Path) -> dict[str, tuple[list[Any], list[Any]]]:
    """What both answer, by case."""
    cases = corpus()
    done = subprocess.run(
        [str(pack_python), str(Path(__file__).with_name("both_ways.py"))],
        input=json.dumps(list(cases.values())),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(cases, map(tuple, json.loads(done.stdout)), strict=True))


def test_equal_answers(both: dict[str, tuple[list[Any], list[Any]]]) -> None:
    said = set()
    for name, (own, sdk) in both.items():
        assert len(own) == len(sdk), name
        for i, (one, other) in enumerate(zip(own, sdk, strict=True)):
            assert one == other, (name, i)
        said |= {diagnostic["policyName"] for message in own for diagnostic in message.get("diagnostics", [])}
    assert said == set(ALL)
    has_every_kind_of_answer(both)


def has_every_kind_of_answer(both: dict[str, tuple[list[Any], list[Any]]]) -> None:
    """Hold what was said against what the corpus was made for."""
    texts = json.dumps(both)
    for word in ("not known yet", "ambiguous", "external", "is excluded", "neither below a component", "rule failed"):
        assert word in texts, word
    own, _ = both["remediate"]
    mended = [message["remediations"] for message in own if message.get("remediations")]
    assert len(mended) == 6
    status = mended[0][0]["properties"]["versioningConfiguration"]["status"]
    assert status == {SIGNATURE: SECRET, "value": "Enabled"}
    assert mended[1][0]["properties"]["versioningConfiguration"]["value"] == {"mfa": "x", "status": "Enabled"}
    assert "is not known yet" in mended[2][0]["diagnostic"]
    assert mended[3][0]["properties"]["bucket"] == UNKNOWN_TEXT
    assert mended[3][0]["properties"]["ignorePublicAcls"] is True
    (info, *_), _ = both["information"]
    assert [one["name"] for one in info["policies"]] == ALL
