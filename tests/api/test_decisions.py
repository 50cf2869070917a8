"""Scenarios, campaigns and readouts by the API: the figures of the desk, and a campaign's whole life."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from churnkit.results.campaign_money import Scenario
from churnkit.services.whatif.simulate import Desk
from tests.api.conftest import AnalysedShop

pytestmark = pytest.mark.slow

CAMPAIGN = {"name": "Spring", "max_customers": 80, "holdout_share": 0.3, "only_profitable": False}


def test_simulation_is_that_of_the_page(client: TestClient, shop: AnalysedShop) -> None:
    desk = Desk(shop.results)
    scenario = Scenario(name="x", customers=40, assumptions=desk.defaults)
    outcome = desk.play(scenario).outcome
    said = client.post(f"{shop.path}/simulate", headers=shop.key(), json={"customers": 40})
    assert said.status_code == 200, said.text
    body = said.json()
    assert body["outcome"]["net"]["value"] == outcome.net.value
    assert (body["outcome"]["contacted"], body["in_question"]) == (40, desk.count)
    changed = {"customers": 40, "assumptions": {"contact_cost": 1000.0}}
    dear = client.post(f"{shop.path}/simulate", headers=shop.key(), json=changed).json()
    assert (dear["optimum"], dear["outcome"]["contact_cost"]) == (0, 40_000)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"whom": {"kind": "segment", "name": "No such"}}, 422),
        ({"whom": {"kind": "list", "name": "No such"}}, 422),
        ({"assumptions": {"save_rate": 1.5}}, 422),
        ({"assumptions": {"margin": 0}}, 422),
        ({"customers": -1}, 422),
        ({"customers": 0}, 200),
        ({"customers": 10**9, "budget": 0}, 200),
        ({"whom": {"kind": "everybody", "lapsed": True}}, 200),
    ],
)
def test_simulations_at_the_edge(
    client: TestClient, shop: AnalysedShop, body: dict[str, Any], status: int
) -> None:
    said = client.post(f"{shop.path}/simulate", headers=shop.key(), json=body)
    assert said.status_code == status, said.text


def test_scenario_is_kept_and_deleted(client: TestClient, shop: AnalysedShop) -> None:
    headers = shop.key("run")
    kept = client.post(f"{shop.path}/scenarios", headers=headers, json={"name": "My plan", "customers": 25})
    assert kept.status_code == 201, kept.text
    items = client.get(f"{shop.path}/scenarios", headers=headers).json()["items"]
    assert [one["scenario"]["name"] for one in items if not one["is_ready_made"]] == ["My plan"]
    assert items[-1]["outcome"] == kept.json()["outcome"]
    read_only = shop.key("read")
    assert client.post(f"{shop.path}/scenarios", headers=read_only, json={"name": "Two"}).status_code == 403
    assert client.delete(f"{shop.path}/scenarios/My plan", headers=read_only).status_code == 403
    assert client.delete(f"{shop.path}/scenarios/My plan", headers=headers).status_code == 204
    assert client.delete(f"{shop.path}/scenarios/My plan", headers=headers).status_code == 404


def test_campaign_lives_by_the_api(client: TestClient, shop: AnalysedShop) -> None:
    headers = shop.key("run")
    draft = client.post(f"{shop.path}/campaigns:draft", headers=shop.key(), json=CAMPAIGN)
    assert draft.status_code == 200, draft.text
    frozen = client.post(f"{shop.path}/campaigns", headers=headers, json=CAMPAIGN)
    assert frozen.status_code == 201, frozen.text
    assert frozen.json()["plan"] == draft.json()
    place = frozen.headers["location"]
    assert client.get(place, headers=headers).json() == frozen.json()
    assert [one["name"] for one in client.get("/api/v1/campaigns", headers=headers).json()["items"]] == [
        "Spring"
    ]
    people = client.get(f"{place}/members", headers=headers, params={"limit": 200}).json()
    assert people["total"] == 80
    assert sum(one["arm"] == "holdout" for one in people["items"]) == frozen.json()["plan"]["held_out"]
    assert client.get(f"{place}/exclusions", headers=headers).status_code == 200
    again = client.post(f"{shop.path}/campaigns", headers=headers, json=CAMPAIGN)
    assert again.status_code == 422
    started = {"status": "running", "started_on": "2026-06-01"}
    assert client.patch(place, headers=headers, json=started).json()["status"] == "running"

    rng = np.random.default_rng(1)
    lines = [
        {"customer_id": one["customer_id"], "converted": bool(rng.random() < 0.5), "revenue": 10.0}
        for one in people["items"]
    ]
    look = client.post(f"{place}/readouts", headers=headers, json={"results": lines})
    assert look.status_code == 201, look.text
    assert look.json()["complete"]
    assert client.get(f"{place}/readouts", headers=headers).json()["items"] == [look.json()]
    wrong = client.post(f"{place}/readouts", headers=headers, json={})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")
    # The analysis itself has no orders after the start.
    early = client.post(f"{place}/readouts", headers=headers, json={"analysis_id": shop.analysis_id})
    assert early.status_code == 422, early.text

    assert client.patch(place, headers=headers, json={"status": "ended"}).json()["status"] == "ended"
    assert client.delete(place, headers=shop.key()).status_code == 403
    assert client.delete(place, headers=headers).status_code == 204
    assert client.get(place, headers=headers).status_code == 404


def test_campaigns_of_another_workspace_are_not_there(client: TestClient, shop: AnalysedShop) -> None:
    place = client.post(f"{shop.path}/campaigns", headers=shop.key("run"), json=CAMPAIGN).headers["location"]
    other = shop.key("admin", "other")
    for path in (place, f"{place}/members", f"{place}/readouts", f"{place}/exclusions"):
        assert client.get(path, headers=other).status_code == 404
    assert client.delete(place, headers=other).status_code == 404
    assert client.get("/api/v1/campaigns", headers=other).json()["total"] == 0
