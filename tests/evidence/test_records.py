"""Records of states that were exported from real runs: the pages word by word, and what changes them."""

from __future__ import annotations

import copy
import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from byob_components.errors import ByobError
from byob_components.evidence import FORMAT, Record, read_source, read_verification, records, to_markdown
from byob_components.evidence.policies import read_configuration
from byob_components.review.waivers import Waiver

HERE = Path(__file__).parent
MADE = datetime.datetime(2026, 11, 25, 3, 0, tzinfo=datetime.UTC)
PAGES = [("aws", "vision"), ("aws", "lidar"), ("gcp", "robotics"), ("azure", "robotics"), ("coreweave", "vision")]
"""Cloud and store with a page of their own in records/; `python -m tests.evidence.write_records` writes them anew."""
VERIFIED = {("aws", "vision"), ("azure", "robotics")}
"""Cloud and store with a report."""


def state(name: str) -> dict[str, Any]:
    """An export, to be changed."""
    found: dict[str, Any] = json.loads((HERE / "states" / f"{name}.json").read_text(encoding="utf-8"))
    return found


def report(name: str) -> str:
    """The text of a verification report."""
    return (HERE / "states" / f"{name}-verification.json").read_text(encoding="utf-8")


def made(data: dict[str, Any], **more: Any) -> dict[str, Record]:
    """The records of a state, by store."""
    found = records(read_source(json.dumps(data)), MADE, "0.1.0", **more)
    return {one.name: one for one in found}


def states(record: Record) -> dict[str, str]:
    """Code to what became of the rule, without what does not apply."""
    return {one["code"]: one["state"] for one in record.data["policies"] if one["state"] != "not applicable"}


def resource(data: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    """A resource of an export."""
    (found,) = [r for r in data["deployment"]["resources"] if r["urn"].endswith(f"{kind}::{name}")]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(("cloud", "store"), PAGES)
def test_the_page_of_a_store(cloud: str, store: str) -> None:
    reports = [read_verification(report(f"{cloud}-{store}"))] if (cloud, store) in VERIFIED else []
    record = made(state(cloud), verifications=reports)[store]
    expected = (HERE / "records" / f"{cloud}-{store}.md").read_text(encoding="utf-8")
    assert to_markdown(record) + "\n" == expected
    assert record.ok


def test_the_data_of_a_store() -> None:
    record = made(state("aws"), verifications=[read_verification(report("aws-vision"))])["vision"]
    assert record.data == json.loads((HERE / "records" / "aws-vision.json").read_text(encoding="utf-8"))
    assert record.data["format"] == FORMAT == 1


# ------------------------------------------------------------------------------------------ what changes it
def test_a_broken_policy_is_that_store_s_and_no_other_s() -> None:
    data = state("aws")
    resource(data, "BucketVersioning", "vision")["inputs"]["versioningConfiguration"]["status"] = "Suspended"
    found = made(data)
    assert found["vision"].failing == ("BYOB-POL-AWS-001",)
    assert states(found["vision"])["BYOB-POL-AWS-001"] == "broken"
    (control,) = [c for c in found["vision"].data["controls"] if c["control"] == "CCC.ObjStor.CN05"]
    assert (control["framework"], control["version"], control["state"]) == ("FINOS CCC", "v2025.10", "broken")
    assert "**Not in order: BYOB-POL-AWS-001.**" in to_markdown(found["vision"])
    assert found["lidar"].ok
    assert states(found["lidar"])["BYOB-POL-AWS-001"] == "kept"


@pytest.mark.parametrize("first", ["vision", "lidar"])
def test_a_missing_setting_is_found_whichever_store_comes_first(first: str) -> None:
    data = state("aws")
    gone = resource(data, "BucketVersioning", "vision")
    order = sorted(data["deployment"]["resources"], key=lambda r: first not in r["urn"])
    data["deployment"]["resources"] = [r for r in order if r is not gone]
    found = made(data)
    assert found["vision"].failing == ("BYOB-POL-AWS-002",)
    assert states(found["lidar"])["BYOB-POL-AWS-002"] == "kept"


def test_a_setting_beside_the_component_counts() -> None:
    data = state("aws")
    assert states(made(data)["vision"])["BYOB-POL-AWS-037"] == "advised", "no access log"
    bucket = resource(data, "bucket:Bucket", "vision")["inputs"]["bucket"]
    urn = "urn:pulumi:aws::byob::aws:s3/bucketLogging:BucketLogging::mine"
    inputs = {"bucket": bucket, "targetBucket": "acme-logs", "targetPrefix": "x/"}
    data["deployment"]["resources"].append({"urn": urn, "type": "aws:s3/bucketLogging:BucketLogging", "inputs": inputs})
    assert states(made(data)["vision"])["BYOB-POL-AWS-037"] == "kept"


def test_a_waiver_covers_a_violation_by_name_and_is_shown() -> None:
    data = state("aws")
    resource(data, "BucketVersioning", "vision")["inputs"]["versioningConfiguration"]["status"] = "Suspended"
    until = datetime.date(2026, 12, 1)
    waiver = Waiver("BYOB-POL-AWS-001", "BucketVersioning vis*", "being moved", "jane@acme.example", until)
    other = Waiver("BYOB-POL-AWS-001", "BucketVersioning lidar", "no", "jane@acme.example", until)
    record = made(data, waivers=[other, waiver])["vision"]
    assert record.ok
    assert states(record)["BYOB-POL-AWS-001"] == "waived"
    assert [one["reason"] for one in record.data["waivers"]] == ["being moved"]
    page = to_markdown(record)
    assert "- BYOB-POL-AWS-001 on BucketVersioning vis*: being moved (jane@acme.example, until 2026-12-01)" in page
    assert made(data, waivers=[other])["vision"].failing == ("BYOB-POL-AWS-001",)


def test_the_configuration_of_the_pack_holds_here_too() -> None:
    text = json.dumps({"byob-aws-bucket-cors-origins": "mandatory", "byob-aws-bucket-access-log-missing": "disabled"})
    record = made(state("aws"), configured=read_configuration(text))["vision"]
    assert record.failing == ("BYOB-POL-AWS-032",)
    assert states(record)["BYOB-POL-AWS-037"] == "disabled"
    everything = made(state("aws"), configured=read_configuration('{"all": "advisory"}'))["vision"]
    assert everything.ok
    assert {one["level"] for one in everything.data["policies"]} == {"advisory"}


def test_a_rule_that_the_state_cannot_answer_is_open() -> None:
    data = state("aws")
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:eA=="}
    resource(data, "BucketVersioning", "vision")["inputs"]["versioningConfiguration"] = secret
    record = made(data)["vision"]
    assert states(record)["BYOB-POL-AWS-001"] == "open"
    (rule,) = [one for one in record.data["policies"] if one["code"] == "BYOB-POL-AWS-001"]
    assert rule["because"].startswith("BucketVersioning vision: BYOB-POL-AWS-001 versioningConfiguration")


def test_a_verification_that_did_not_end_well_is_a_finding() -> None:
    text = report("aws-vision").replace('"ok": true', '"ok": false')
    record = made(state("aws"), verifications=[read_verification(text)])["vision"]
    assert record.failing == ("fc097a51-bead-40ce-8a64-1116df32b071",)
    assert "**not in order**" in to_markdown(record)


def test_a_stack_s_outputs_are_enough_for_a_record_without_policies() -> None:
    found = made(state("aws-outputs"), verifications=[read_verification(report("aws-vision"))])
    vision = found["vision"]
    assert list(found) == ["lidar", "vision"]
    assert (vision.data["policies"], vision.data["controls"]) == ([], [])
    assert vision.data["policies_missing"].endswith("give the output of `pulumi stack export`")
    assert vision.data["principals"]["identities"] == ["arn:aws:iam::830241207209:root"]
    assert vision.data["verifications"][0]["ok"] is True
    assert "Not all was shown: " in to_markdown(vision)
    assert found["lidar"].data["store"]["addresses"][0].startswith("s3://****:****@s3.eu-west-1.amazonaws.com/lidar-")
    instance = made({"store": state("aws-outputs")["teams"]["vision"]})
    assert list(instance) == ["store"]


# ------------------------------------------------------------------------------------------ bad input
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nothing", "BYOB-EVD-001"),
        ("[]", "BYOB-EVD-001"),
        ('{"deployment": {"resources": [{}]}}', "BYOB-EVD-001"),
        ('{"deployment": {"resources": [{"urn": "x", "type": "wandb-byob:index:AwsByob"}]}}', "BYOB-EVD-001"),
        ('{"deployment": {"resources": []}}', "BYOB-EVD-002"),
        ('{"url": "https://acme.example"}', "BYOB-EVD-002"),
    ],
)
def test_what_is_no_stack_is_refused(text: str, code: str) -> None:
    with pytest.raises(ByobError, match=code):
        read_source(text)


@pytest.mark.parametrize("text", ["", "{}", '{"results": [{"code": "V01"}]}', "[1]"])
def test_what_is_no_verification_is_refused(text: str) -> None:
    with pytest.raises(ByobError, match=r"BYOB-EVD-003 report\.json: is no verification report"):
        read_verification(text, "report.json")


@pytest.mark.parametrize("change", [lambda s: s.update(bucket="other"), lambda s: s.update(path="elsewhere")])
def test_a_verification_of_another_store_is_refused(change: Callable[[dict[str, Any]], None]) -> None:
    data = json.loads(report("aws-vision"))
    change(data["subject"])
    with pytest.raises(ByobError, match="BYOB-EVD-004 verification: is of no store of this stack"):
        made(state("aws"), verifications=[read_verification(json.dumps(data))])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[]", "BYOB-EVD-005"),
        ('{"byob-aws-bucket-acl": "strict"}', "BYOB-EVD-005"),
        ('{"byob-aws-bucket-acl": 1}', "BYOB-EVD-005"),
        ('{"byob-aws-bucket-akl": "advisory"}', "BYOB-POL-001"),
    ],
)
def test_a_wrong_configuration_is_refused(text: str, code: str) -> None:
    with pytest.raises(ByobError, match=code):
        read_configuration(text)


def test_a_resource_that_waits_for_its_deletion_does_not_count() -> None:
    data = state("aws")
    old = copy.deepcopy(resource(data, "BucketVersioning", "vision"))
    old["inputs"]["versioningConfiguration"]["status"] = "Suspended"
    data["deployment"]["resources"].append({**old, "delete": True})
    assert made(data)["vision"].ok


def test_a_component_without_rules_is_not_taken_for_one_that_keeps_them() -> None:
    text = json.dumps(state("aws")).replace("wandb-byob:index:AwsByob", "wandb-byob:index:OtherByob")
    record = made(json.loads(text.replace('"cloud": "aws"', '"cloud": "other"')))["vision"]
    assert (record.data["policies"], record.data["controls"]) == ([], [])
    assert record.data["policies_missing"] == "there are no rules for the cloud of this component"
    assert "Not all was shown: there are no rules for the cloud of this component" in to_markdown(record)


# ------------------------------------------------------------------------------------------ hand-offs
def exported(data: dict[str, Any]) -> dict[str, Any]:
    """What the program of an export exports."""
    (stack,) = [r for r in data["deployment"]["resources"] if r["type"] == "pulumi:pulumi:Stack"]
    found: dict[str, Any] = stack["outputs"]
    return found


def test_a_hand_off_is_found_wherever_the_program_exports_it() -> None:
    data = state("aws")
    teams = exported(data).pop("teams")
    exported(data)["mine"] = [{"deep": {"er": one["handoffs"]["/"]}} for one in (teams["lidar"], teams["vision"])]
    record = made(data)["vision"]
    assert record.data["store"]["deployment"] == "dedicated"
    assert record.data["store"]["addresses"] == ["s3://vision-47d4f61"]
    assert record.data["handoffs_missing"] == ""


def test_a_store_whose_hand_off_is_not_exported_says_so() -> None:
    data = state("aws")
    del exported(data)["teams"]["vision"]
    record = made(data)["vision"]
    assert record.ok
    assert record.data["store"]["deployment"] == record.data["store"]["level"] == ""
    assert record.data["retention"]["deleted_data_is_gone"] == ""
    assert record.data["principals"]["identities"] == ["arn:aws:iam::830241207209:root"]
    missing = "the stack exports no hand-off of this store: export its component's `handoffs`"
    assert record.data["handoffs_missing"] == missing
    assert missing in to_markdown(record).splitlines()[2]
    assert made(data)["lidar"].data["handoffs_missing"] == ""


@pytest.mark.parametrize(
    "change",
    [{"cloud": "gcp"}, {"address": "s3://another-bucket"}, {"path": "research"}, {"address": "no address"}],
    ids=str,
)
def test_a_hand_off_of_something_else_is_not_taken(change: dict[str, str]) -> None:
    data = state("aws")
    exported(data)["teams"]["vision"]["handoffs"]["/"] |= change
    record = made(data)["vision"]
    assert record.data["store"]["level"] == ""
    assert record.data["handoffs_missing"]
