"""A vault whose network rules let in Azure Storage alone, as `AzureKey` makes it: its key is judged all the same."""

from __future__ import annotations

import pytest

from byob_components.verify import State, verify_azure
from byob_components.verify.azure import encryption, run
from tests.verify.azure.stores import Azure, MakeStore

pytestmark = pytest.mark.server


@pytest.mark.parametrize(
    ("enabled", "state", "said"),
    [
        (True, State.PASS, "the key is enabled, wrapKey, unwrapKey"),
        (False, State.FAIL, "the key is disabled: nothing can be read or written"),
    ],
)
def test_the_key_is_seen_by_resource_manager(
    azure: Azure, make_store: MakeStore, monkeypatch: pytest.MonkeyPatch, enabled: bool, state: State, said: str
) -> None:
    monkeypatch.setattr(run, "TOPICS", (encryption,))
    store = make_store(customer_key=True)
    azure.vault_call("PATCH", store.key, {"attributes": {"enabled": enabled}})
    vault = f"{azure.group}/providers/Microsoft.KeyVault/vaults/{store.store.account}"
    shut = {"bypass": "AzureServices", "defaultAction": "Deny", "ipRules": []}
    azure.call("PATCH", vault, {"properties": {"networkAcls": shut}}, "2024-11-01")
    report = verify_azure(store.store, store.cast)
    (found,) = [one for one in report.results if one.id == "V04"]
    assert found.state is state, report.to_text()
    assert said in found.evidence
