"""Shops, results and customers: what the routes say is what the run holds."""

from __future__ import annotations

from typing import get_args

import pytest
from starlette.testclient import TestClient

from churnkit.api.customer_filters import SortKey
from churnkit.results.found import Found
from churnkit.services.decide.customer_list import SORTABLE
from churnkit.services.decide.customer_themes import themes_of
from tests.api.conftest import AnalysedShop

Query = dict[str, str | int | bool]

pytestmark = pytest.mark.slow


def test_customers_are_sorted_by_what_the_page_sorts_by() -> None:
    assert get_args(SortKey) == SORTABLE


def test_shop_is_listed_and_default(client: TestClient, shop: AnalysedShop) -> None:
    headers = shop.key()
    (listed,) = client.get("/api/v1/shops", headers=headers).json()["items"]
    assert (listed["id"], listed["is_default"]) == (shop.analysis_id, True)
    assert listed["customers"] == shop.results.summary.customers.count
    assert client.get("/api/v1/shops/default", headers=headers).json() == listed
    assert client.get("/api/v1/shops/nobody", headers=headers).status_code == 404


def test_results_say_what_the_run_holds(client: TestClient, shop: AnalysedShop) -> None:
    headers, results = shop.key(), shop.results
    said = client.get(f"{shop.path}/results", headers=headers)
    assert said.status_code == 200, said.text
    body = said.json()
    evidence = results.evidence
    assert isinstance(evidence.revenue_at_risk, Found)
    assert isinstance(evidence.recommended, Found)
    assert body["summary"]["revenue_at_risk"]["value"] == evidence.revenue_at_risk.value.value
    assert body["summary"]["expected_leavers"] == results.summary.customers.active.expected_leavers
    assert body["recommendation"]["outcome"]["net"]["value"] == evidence.recommended.value.outcome.net.value
    assert body["scored_at"].endswith("Z")
    assert tuple(body["notes"]) == results.summary.notes
    again = client.get(f"{shop.path}/results", headers={**headers, "If-None-Match": said.headers["etag"]})
    assert again.status_code == 304


def test_parts_of_results(client: TestClient, shop: AnalysedShop) -> None:
    headers, results = shop.key(), shop.results
    found = {
        part: client.get(f"{shop.path}/{part}", headers=headers)
        for part in ("importance", "segments", "leaderboard", "scorecard", "metrics")
    }
    assert {answer.status_code for answer in found.values()} == {200}
    assert [one["feature"] for one in found["importance"].json()["features"]] == [
        one.feature for one in results.evidence.importance
    ]
    assert sum(one["customers"] for one in found["segments"].json()["segments"]) == len(results.customers)
    assert found["leaderboard"].json()["entries"][0]["candidate"] == results.champion
    assert len(found["scorecard"].json()["dates"]) == len(results.summary.backtest) > 0
    assert found["metrics"].json()["trust"]["grade"] == results.evidence.trust.grade


def test_pages_of_customers_hold_everybody_once(client: TestClient, shop: AnalysedShop) -> None:
    headers = shop.key()
    found, after = [], None
    while True:
        query: Query = {"limit": 120, "sort": "clv", "descending": True}
        query |= {"after": after} if after else {}
        page = client.get(f"{shop.path}/customers", headers=headers, params=query).json()
        found += [(one["clv"], one["customer_id"]) for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len({name for _, name in found}) == page["total"] == len(shop.results.customers)
    assert [clv for clv, _ in found] == sorted((clv for clv, _ in found), reverse=True)


def test_filters_are_those_of_the_page(client: TestClient, shop: AnalysedShop) -> None:
    headers, customers = shop.key(), shop.results.customers
    high = customers[customers["risk_tier"] == "high"]
    query: Query = {"tier": "high", "where": "order_count>=3", "limit": 200}
    page = client.get(f"{shop.path}/customers", headers=headers, params=query).json()
    assert page["total"] == int((high["order_count"] >= 3).sum())
    assert {one["risk_tier"] for one in page["items"]} == {"high"}
    wrongs: tuple[Query, ...] = (
        {"where": "order_count=3"},
        {"where": "nothing>=3"},
        {"sort": "factor_1"},
        {"limit": 201},
    )
    for wrong in wrongs:
        assert client.get(f"{shop.path}/customers", headers=headers, params=wrong).status_code == 422, wrong


def test_one_customer_with_reasons(client: TestClient, shop: AnalysedShop) -> None:
    headers, results = shop.key(), shop.results
    customers = results.customers
    # The first one's id is hostile HTML.
    for name in ("<script>alert(1)</script>", customers["customer_id"].iloc[7]):
        row = customers[customers["customer_id"] == name].iloc[0]
        said = client.get(f"{shop.path}/customers/{name}", headers=headers, params={"explain": True}).json()
        assert (said["p_churn"], said["clv"], said["rank"]) == (row["p_churn"], row["clv"], row["rank"])
        themes = themes_of(results, name)
        assert [one["label"] for one in said["themes"]] == [one.label for one in themes]
        assert [one["push"] for one in said["themes"]] == pytest.approx([one.push for one in themes])
        assert all(one["impact"] > 0 for one in said["factors"])
    assert client.head(f"{shop.path}/customers/{name}", headers=headers).status_code == 200
    assert client.head(f"{shop.path}/customers/nobody", headers=headers).status_code == 404


def test_other_tenant_sees_nothing(client: TestClient, shop: AnalysedShop) -> None:
    other = shop.key("admin", "other")
    assert client.get("/api/v1/shops", headers=other).json()["items"] == []
    for part in ("results", "customers", "importance"):
        assert client.get(f"{shop.path}/{part}", headers=other).status_code == 404
    assert client.get("/api/v1/analyses/default/results", headers=other).status_code == 404
