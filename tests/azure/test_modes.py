"""The three modes: which roles, on what, whether the account key works, and what W&B is told."""

from typing import Any

import pulumi
import pytest

from byob_components.azure import AzureByob, AzureContainer
from byob_components.azure.roles import assignment_name
from byob_components.store import ByobRunError
from tests.mocks.azure import AzureMocks, record
from tests.mocks.monitor import Run, run

ISSUER = "https://westeurope.oic.prod-aks.azure.com/1234-abcd/5678-ef01/"
NODE = "55555555-5555-5555-5555-555555555555"
OTHER = "66666666-6666-6666-6666-666666666666"
CLIENT = "77777777-7777-7777-7777-777777777777"
BASE: dict[str, Any] = {"deployment": "dedicated", "level": "team", "location": "westeurope"}
NAMED = {"principals": [NODE], "identity_client_id": CLIENT}
ACCOUNT = (
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/visiona1b2c3d4/providers/Microsoft.Storage/"
    "storageAccounts/visiona1b2c3d4"
)
CONTAINER = f"{ACCOUNT}/blobServices/default/containers/vision"
ROLES = {
    "17d1049b-9a84-46fb-8f53-869881c3d3ab": "Storage Account Contributor",
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": "Reader",
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
    "db58b8e5-c6ad-4a2a-8342-4190687cbf4a": "Storage Blob Delegator",
}
CONNECTOR = {("Storage Account Contributor", ACCOUNT), ("Storage Blob Data Owner", ACCOUNT)}
KEYLESS = {("Reader", ACCOUNT), ("Storage Blob Data Contributor", ACCOUNT)}
MINIMAL = {("Reader", ACCOUNT), ("Storage Blob Delegator", ACCOUNT), ("Storage Blob Data Contributor", CONTAINER)}


def granted(seen: Run) -> set[tuple[str, str]]:
    return {
        (ROLES[r.inputs["roleDefinitionId"].rpartition("/")[2]], r.inputs["scope"])
        for r in seen.resources
        if r.kind == "RoleAssignment"
    }


# what is given -> (roles and scopes, shared key, days until a reminder)
MODES: list[tuple[dict[str, Any], set[tuple[str, str]], bool, int | None]] = [
    ({**NAMED}, CONNECTOR, True, 90),
    ({**NAMED, "mode": "team_connector", "account_key_expiry_days": 30}, CONNECTOR, True, 30),
    ({**NAMED, "mode": "keyless"}, KEYLESS, False, None),
    ({**NAMED, "mode": "keyless", "access": "minimal"}, MINIMAL, False, None),
    ({"mode": "access_key"}, set(), True, 90),
    ({**NAMED, "level": "instance"}, KEYLESS, False, None),
    ({"level": "instance", "principals": [NODE]}, KEYLESS, False, None),
    ({**NAMED, "level": "instance", "access": "minimal"}, MINIMAL, False, None),
    ({"level": "instance", "mode": "access_key"}, set(), True, 90),
    ({"level": "instance", "oidc_issuer_url": ISSUER}, KEYLESS, False, None),
    ({"oidc_issuer_url": ISSUER, "service_accounts": ["wandb-app"]}, CONNECTOR, True, 90),
]


@pytest.mark.parametrize(("given", "roles", "shared", "days"), MODES)
def test_roles_and_the_account_key(
    given: dict[str, Any], roles: set[tuple[str, str]], shared: bool, days: int | None
) -> None:
    seen = record(AzureByob, {**BASE, **given})
    assert granted(seen) == roles
    account = seen.one("StorageAccount").inputs
    assert account["allowSharedKeyAccess"] is shared
    assert account.get("keyPolicy") == (days and {"keyExpirationPeriodInDays": days})


@pytest.mark.parametrize(
    ("given", "accounts"),
    [
        ({"oidc_issuer_url": ISSUER}, 13),
        ({"oidc_issuer_url": ISSUER, "mode": "keyless"}, 1),
        ({"oidc_issuer_url": ISSUER, "level": "instance"}, 1),
        ({"oidc_issuer_url": ISSUER, "service_accounts": [f"sa{i}" for i in range(20)]}, 20),
        (NAMED, 0),
    ],
)
def test_whom_the_identity_trusts(given: dict[str, Any], accounts: int) -> None:
    seen = record(AzureByob, {**BASE, **given})
    found = [r.inputs for r in seen.resources if r.kind == "FederatedIdentityCredential"]
    assert len(found) == accounts
    assert {(one["issuer"], *one["audiences"]) for one in found} <= {(ISSUER, "api://AzureADTokenExchange")}
    if accounts == 1:
        assert found[0]["subject"] == "system:serviceaccount:default:wandb-bucket-access"
    assert len([r for r in seen.resources if r.kind == "UserAssignedIdentity"]) == (1 if accounts else 0)


@pytest.mark.parametrize(
    ("given", "date"),
    [
        ({"oidc_issuer_url": ISSUER}, "2026-06-30"),
        ({"oidc_issuer_url": ISSUER, "mode": "keyless"}, "2026-08-19"),
        ({"oidc_issuer_url": ISSUER, "service_accounts": ["wandb-app"]}, ""),
        (NAMED, ""),
        ({"mode": "access_key"}, ""),
    ],
)
def test_the_date_is_that_of_the_service_accounts(given: dict[str, Any], date: str) -> None:
    assert record(AzureByob, {**BASE, **given}).value("principals_date") == date


@pytest.mark.parametrize(
    ("given", "client", "tenant", "lookups"),
    [
        (NAMED, CLIENT, "22222222-2222-2222-2222-222222222222", 1),
        ({**NAMED, "identity_tenant_id": OTHER}, CLIENT, OTHER, 1),
        ({**NAMED, "identity_tenant_id": OTHER, "subscription_id": NODE}, CLIENT, OTHER, 0),
        ({**NAMED, "tenant_id": OTHER, "subscription_id": NODE}, CLIENT, OTHER, 0),
        ({"principals": [NODE], "level": "instance"}, "", "", 1),
        ({"mode": "access_key"}, "", "", 0),
        ({"principals": []}, "", "", 0),
    ],
)
def test_client_and_tenant_of_the_form(given: dict[str, Any], client: str, tenant: str, lookups: int) -> None:
    seen = record(AzureByob, {**BASE, **given})
    assert seen.value("managed_identity_client_id") == client
    assert seen.value("managed_identity_tenant_id") == tenant
    asked = [token for token, *_ in seen.calls if token.endswith("getClientConfig")]
    assert len(asked) == lookups


# ------------------------------------------------------------------------------------------ the account key
@pytest.mark.parametrize("key", ["key1", "key2"])
def test_an_account_key_stands_in_the_address_and_is_secret(key: str) -> None:
    seen = record(AzureByob, {**BASE, "deployment": "self_managed", "mode": "access_key", "account_key": key})
    assert seen.value("storage_addresses") == {
        "/": f"az://:confidential%2Bof%2Fvisiona1b2c3d4%2F{key}%3D%3D@visiona1b2c3d4/vision"
    }
    assert seen.outputs["storage_addresses"].secret
    assert [token for token, *_ in seen.calls] == ["azure-native:storage:listStorageAccountKeys"]
    assert seen.value("server_secrets") == {"GORILLA_SUPPORTED_FILE_STORES": seen.value("storage_addresses")["/"]}
    handoff = seen.value("handoffs")["/"]
    assert handoff["address"] == "az://:****@visiona1b2c3d4/vision"
    assert "whoever has the address with its keys can do what W&B can" in handoff["principal_meaning"]


def test_an_account_key_of_an_instance_is_raw_in_its_variable() -> None:
    given = {**BASE, "deployment": "self_managed", "level": "instance", "mode": "access_key"}
    seen = record(AzureByob, given)
    assert seen.value("server_env") == {"GORILLA_ARTIFACT_GC_ENABLED": "true", "BUCKET": "az://visiona1b2c3d4/vision"}
    assert seen.value("server_secrets") == {"AZURE_STORAGE_KEY": "confidential+of/visiona1b2c3d4/key1=="}


def test_the_other_key_changes_the_address_alone() -> None:
    first, second = (record(AzureByob, {**BASE, "mode": "access_key", "account_key": key}) for key in ("key1", "key2"))
    assert {r.key: r.inputs for r in first.resources} == {r.key: r.inputs for r in second.resources}
    assert first.value("storage_addresses") != second.value("storage_addresses")


def test_keys_are_not_asked_for_in_another_mode_and_not_known_in_a_preview() -> None:
    for mode in ("team_connector", "keyless"):
        seen = record(AzureByob, {**BASE, **NAMED, "mode": mode})
        assert not [token for token, *_ in seen.calls if "Keys" in token]
    ahead = record(AzureByob, {**BASE, "mode": "access_key"}, preview=True)
    assert ahead.calls == []
    one = ahead.outputs["storage_addresses"]
    assert (one.known, one.secret) == (False, True)


# ------------------------------------------------------------------------------------------ what W&B is told
def test_keyless_storage_wants_a_chart() -> None:
    needs = "the Helm chart operator-wandb 0.44.0 or newer on its server"
    for given, wanted in (({"mode": "keyless"}, needs), ({"level": "instance"}, needs), ({}, "")):
        assert record(AzureByob, {**BASE, **NAMED, **given}).value("handoffs")["/"]["needs"] == wanted


def test_a_role_is_named_by_scope_role_and_principal_and_nothing_else() -> None:
    """The same at every run and in every program, and another one for every other assignment."""
    parts = (ACCOUNT, "Reader", NODE)
    assert assignment_name(*parts) == "c836e2b9-7589-51b1-bdd3-2a44d4eb7275"
    assert assignment_name(ACCOUNT.upper(), "Reader", NODE.upper()) == assignment_name(*parts)
    others = {assignment_name(CONTAINER, *parts[1:]), assignment_name(ACCOUNT, "Storage Blob Delegator", NODE)}
    assert len({*others, assignment_name(*parts[:2], OTHER), assignment_name(*parts)}) == 4

    def names(*teams: str, elsewhere: str = "") -> list[str]:
        def program() -> None:
            for team in teams:
                account = {"account_name": f"{elsewhere}{team}"} if elsewhere else {}
                group = {"resource_group_name": "acme"}
                AzureByob(team, {**BASE, **NAMED, **group, **account, "level": "instance"})  # type: ignore[typeddict-item]

        found = [r for r in run(program, AzureMocks()).resources if r.kind == "RoleAssignment"]
        assert {r.delete_before_replace for r in found} == {True}
        return sorted(r.inputs["roleAssignmentName"] for r in found)

    # A store that is made again, as after a release, is another one although all of its lines are the same.
    assert "235829d5-4fff-5c5a-9063-ea22b249ef50" in names("vision")
    assert len({*names("vision"), *names("vision", elsewhere="new"), *names("audio")}) == 6


def test_rotating_a_principal_leaves_the_others_alone() -> None:
    def of(principals: list[Any]) -> dict[str, Any]:
        seen = record(AzureByob, {**BASE, **NAMED, "principals": principals})
        return {r.name: r.inputs for r in seen.resources if r.kind == "RoleAssignment"}

    both = of([NODE, OTHER])
    assert len(both) == 4
    assert of([OTHER, NODE]) == both
    assert of([OTHER]).items() < both.items()
    assert of([]) == {}


def test_a_principal_that_is_known_late_is_told_by_its_place() -> None:
    def program() -> None:
        given = {**BASE, **NAMED, "principals": [NODE, pulumi.Output.from_input(OTHER)]}
        AzureByob("vision", given)  # type: ignore[arg-type]

    names = {r.name for r in run(program, AzureMocks()).resources if r.kind == "RoleAssignment"}
    assert names == {
        f"vision-{role}-{ending}"
        for role in ("storage-account-contributor", "storage-blob-data-owner")
        for ending in ("eec458d3", "1")
    }


# ------------------------------------------------------------------------------------------ accounts of others
@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"mode": "team_connector"}, True),
        ({"mode": "keyless"}, True),
        ({"mode": "access_key", "principals": None}, True),
        ({"mode": "keyless", "access": "minimal"}, False),
        ({"mode": "team_connector", "allow_account_wide": True}, False),
        ({"mode": "access_key", "principals": None, "allow_account_wide": True}, False),
    ],
)
def test_rights_on_a_whole_account_of_others(given: dict[str, Any], refused: bool) -> None:
    args = {"location": "westeurope", "resource_group_name": "acme", "principals": [NODE], "other_containers": True}
    if refused:
        with pytest.raises(ByobRunError, match="BYOB-AZURE-019"):
            record(AzureContainer, {**args, **given})
    else:
        assert record(AzureContainer, {**args, **given}).resources
    assert record(AzureContainer, {**args, **given, "other_containers": False}).resources


def test_the_clean_up_keeps_to_the_container() -> None:
    """An adopted account may have containers that are nobody's business here."""
    rule = {"prefix": "tmp/", "noncurrent_days": 3}
    seen = record(
        AzureByob, {**BASE, **NAMED, "container_name": "runs", "lifecycle_rules": [rule, {"noncurrent_days": 9}]}
    )
    rules = seen.one("ManagementPolicy").inputs["policy"]["rules"]
    assert [r["definition"]["filters"]["prefixMatch"] for r in rules] == [["runs/"], ["runs/tmp/"], ["runs/"]]
    assert [r["name"] for r in rules] == ["wandbOldVersions", "own0", "own1"]
