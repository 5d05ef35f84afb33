"""Checkov over the registered resources: no finding but those waived, and a broken control is found.

Checkov sees Terraform plans made from the registrations of AWS, Google Cloud and Azure; what it does not prove is that the
clouds would act on them. The other clouds are not scanned: `tests/scanners/aws.py` says why.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from sandbox.places import VENVS
from tests.mocks.monitor import Registered
from tests.scanners.aws import AWS
from tests.scanners.azure import AZURE
from tests.scanners.checkov import Scan, scan
from tests.scanners.gcp import GCP
from tests.scanners.subject import Subject, put, put_within

SUBJECTS = (AWS, GCP, AZURE)
MOST_WAIVERS = {
    "aws": {"CKV_AWS_18", "CKV_AWS_144", "CKV2_AWS_62"},
    "gcp": {"CKV_GCP_62"},
    "azure": {
        "CKV_AZURE_33",
        "CKV_AZURE_59",
        "CKV_AZURE_206",
        "CKV2_AZURE_1",
        "CKV2_AZURE_21",
        "CKV2_AZURE_33",
    },
}
"""Waivers may only get fewer: one more is a change of this line too."""
MOST_CHOSEN = {
    "aws": {"provider's key": 1, "credential": 2},
    "gcp": {},
    "azure": {
        "default": 2,
        "identity made here": 2,
        "account key": 2,
        "new key": 6,
        "existing key": 2,
        "geo copies": 2,
        "access logs": 2,
        "lock": 2,
    },
}
"""How many findings arguments may bring, by store; there may only get fewer too."""
STORES = [pytest.param(one, store, id=f"{one.name}: {store}") for one in SUBJECTS for store in one.stores]
MUTANTS = [pytest.param(one, name, id=f"{one.name}: {name}") for one in SUBJECTS for name in one.mutants]
CLOUDS = [pytest.param(one, id=one.name) for one in SUBJECTS]
Scans = dict[tuple[str, str], Scan]


@pytest.fixture(scope="session")
def scans(require: Callable[[bool, str], None], tmp_path_factory: pytest.TempPathFactory) -> Scans:
    """Every store and every mutant of every cloud, scanned by one process: its start is most of the time."""
    python = VENVS / "checkov" / "bin" / "python"
    require(python.exists(), "the environment of Checkov: run `make setup`")
    plans = {(one.name, name): made for one in SUBJECTS for name, made in one.plans().items()}
    return scan(python, plans, tmp_path_factory.mktemp("plans"))


@pytest.mark.xdist_group("checkov")
@pytest.mark.parametrize(("cloud", "store"), STORES)
def test_no_finding_but_the_waived_ones(scans: Scans, cloud: Subject, store: str) -> None:
    assert scans[cloud.name, store].failed - set(cloud.waivers) == set(cloud.chosen.get(store, {}))


@pytest.mark.xdist_group("checkov")
@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_checks_that_matter_looked(scans: Scans, cloud: Subject) -> None:
    assert cloud.looked_at["default"]
    for store, checks in cloud.looked_at.items():
        assert scans[cloud.name, store].passed >= checks, store
        assert not scans[cloud.name, store].failed & checks, store


@pytest.mark.xdist_group("checkov")
@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_the_checks_do_not_look_at_is_known(scans: Scans, cloud: Subject) -> None:
    assert set().union(*(scans[cloud.name, store].judged for store in cloud.stores)) == cloud.judged


@pytest.mark.xdist_group("checkov")
@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_waiver_is_used(scans: Scans, cloud: Subject) -> None:
    assert set().union(*(scans[cloud.name, store].failed for store in cloud.stores)) >= set(cloud.waivers)


@pytest.mark.xdist_group("checkov")
@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_argument_ends_its_waiver(scans: Scans, cloud: Subject) -> None:
    for store, checks in cloud.ended.items():
        assert scans[cloud.name, "default"].failed >= checks, store
        assert scans[cloud.name, store].passed >= checks, store
        assert not scans[cloud.name, store].failed & checks, store


@pytest.mark.parametrize("cloud", CLOUDS)
def test_waivers_may_only_get_fewer_and_have_a_reason(cloud: Subject) -> None:
    assert set(cloud.waivers) <= MOST_WAIVERS[cloud.name]
    for store, found in cloud.chosen.items():
        assert len(found) <= MOST_CHOSEN[cloud.name].get(store, 0), store
    reasons = [*cloud.waivers.values(), *(reason for one in cloud.chosen.values() for reason in one.values())]
    assert all(len(reason.split()) > 5 for reason in reasons)


@pytest.mark.xdist_group("checkov")
@pytest.mark.parametrize(("cloud", "name"), MUTANTS)
def test_a_broken_control_is_found_and_nothing_else(scans: Scans, cloud: Subject, name: str) -> None:
    mutant = cloud.mutants[name]
    assert scans[cloud.name, f"mutant: {name}"].failed - scans[cloud.name, mutant.store].failed == mutant.checks


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_check_that_matters_is_shown_to_fire(cloud: Subject) -> None:
    matter = set().union(*cloud.looked_at.values())
    assert matter <= {check for mutant in cloud.mutants.values() for check in mutant.checks}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_type_the_scanner_would_not_see_is_told(cloud: Subject) -> None:
    stranger = replace(cloud.registered("default")[-1], type="aws:sns/topic:Topic", custom=True)
    with pytest.raises(KeyError, match="topic:Topic"):
        cloud.translate([stranger])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (put("StorageAccount", isSftpEnabled=True), "StorageAccount: isSftpEnabled"),
        (put("BlobServiceProperties", changeFeed={"enabled": True}), "BlobServiceProperties: changeFeed"),
        (put_within("Vault", "properties", accessPolicies=[]), "Vault: accessPolicies"),
    ],
)
def test_a_property_of_azure_that_is_not_translated_is_told(
    change: Callable[[list[Registered]], list[Registered]], what: str
) -> None:
    with pytest.raises(KeyError, match=what):
        AZURE.translate(change(AZURE.registered("new key")))
