"""The work list and the changes of a shop through the API."""

from __future__ import annotations

from datetime import date

import pytest
from starlette.testclient import TestClient

from churnkit.api.application import PREFIX
from churnkit.jobs import open_platform
from churnkit.results.folders import Results
from churnkit.services.since.changes import compare_runs
from tests.api.conftest import AnalysedShop
from tests.app.earlier_version import add_earlier_version


@pytest.mark.slow
def test_customers_are_put_on_the_list_and_their_states_are_told(
    client: TestClient, shop: AnalysedShop
) -> None:
    url = f"{PREFIX}/shops/{shop.analysis_id}/worklist"
    key, first, second = shop.key("run"), *shop.results.customers["customer_id"].head(2).tolist()
    assert client.get(url, headers=shop.key()).json() == {"items": [], "total": 0, "next": None}
    body = {"customer_ids": [first, second], "state": "to_do"}
    assert client.post(url, headers=shop.key(), json=body).status_code == 403
    assert client.post(url, headers=key, json=body).status_code == 204
    said = {"customer_ids": [second], "state": "contacted", "note": "by phone"}
    assert client.post(url, headers=key, json=said).status_code == 204
    items = client.get(url, headers=shop.key()).json()["items"]
    assert [(one["customer_id"], one["state"]) for one in items] == [(second, "contacted"), (first, "to_do")]
    assert (items[0]["contacted_on"], items[0]["note"]) == (date.today().isoformat(), "by phone")
    assert items[0]["noted_by"].startswith("test ")
    only = client.get(url, headers=shop.key(), params={"state": "to_do"}).json()
    assert [one["customer_id"] for one in only["items"]] == [first]
    wrong = client.post(url, headers=key, json={"customer_ids": ["nobody"], "state": "to_do"})
    assert wrong.status_code == 422
    assert "first 'nobody'" in wrong.json()["detail"]


@pytest.mark.slow
def test_changes_are_those_of_the_service(client: TestClient, shop: AnalysedShop) -> None:
    url = f"{PREFIX}/shops/{shop.analysis_id}/changes"
    assert client.get(url, headers=shop.key()).status_code == 409
    data, models = shop.platform.folders.data, shop.platform.folders.models
    shop.platform.close()
    earlier = add_earlier_version(data, models, shop.analysis_id)
    again = AnalysedShop(open_platform(data, models), shop.analysis_id)
    told = client.get(url, headers=again.key()).json()
    before = Results(again.results.folder.with_name(earlier))
    found = compare_runs(before, again.results, same_model=False)
    assert told["before_run_id"] == earlier
    assert (told["active_before"], told["active"]) == (found.active_before, found.active)
    assert [one["customers"] for one in told["moves"]] == found.moves["customers"].tolist()
    assert client.get(url, headers=again.key(), params={"since": told["run_id"]}).status_code == 409
    again.platform.close()
