"""Forecasts on demand: the pages' own, with other figures, by another model, from orders."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from starlette.testclient import TestClient

from churnkit.services.whatif.changed_customer import load_scorer
from churnkit.services.whatif.hypothetical_customers import score_file
from tests.api.conftest import AnalysedShop

pytestmark = pytest.mark.slow


def asked(client: TestClient, shop: AnalysedShop, **body: Any) -> dict[str, Any]:
    answer = client.post(f"{shop.path}/predict", headers=shop.key(), json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_stored_forecast_is_that_of_the_pages(client: TestClient, shop: AnalysedShop) -> None:
    row = shop.results.customers.nlargest(1, "p_churn").iloc[0]
    said = asked(client, shop, customer_id=row["customer_id"], explain=True)
    assert (said["method"], said["p_churn"], said["clv"]) == ("stored", row["p_churn"], row["clv"])
    assert said["reasons"][0] == row["factor_1"]
    assert said["factors"]


def test_other_figures_are_asked_as_on_the_page(client: TestClient, shop: AnalysedShop) -> None:
    results = shop.results
    run_id = shop.store.sessions.get(shop.analysis_id).run_id
    assert run_id is not None
    page = load_scorer(results.folder, shop.platform.folders.models, shop.store.runs.seal(run_id))
    assert page is not None
    name = str(results.customers["customer_id"].iloc[20])
    changes = {"recency_days": 90.0, "order_count": 1.0}
    readable = {key: value for key, value in changes.items() if key in page._names}
    said = asked(client, shop, customer_id=name, features=changes, explain=True)
    before, after = page.p(name, readable)
    assert (said["p_churn_before"], said["p_churn"]) == pytest.approx((before, after), abs=1e-12)
    assert said["method"] == "features"
    assert said["reasons"]
    assert len(said["warnings"]) == (len(readable) < len(changes))
    wrong = {"customer_id": name, "features": {"no_such_figure": 1}}
    assert client.post(f"{shop.path}/predict", headers=shop.key(), json=wrong).status_code == 422


def test_orders_are_scored_as_their_file_is(client: TestClient, shop: AnalysedShop, tmp_path: Any) -> None:
    results = shop.results
    cutoff = datetime.fromisoformat(results.cutoff)
    days = (20, 60, 95)
    lines = pd.DataFrame(
        {
            "order_id": [f"T{day}" for day in days],
            "customer_id": "new",
            "ordered_at": [f"{cutoff - timedelta(days=day):%Y-%m-%d}" for day in days],
            "amount": [30.0, 45.5, 12.25],
        }
    )
    lines.to_csv(tmp_path / "orders.csv", index=False)
    run_id = shop.store.sessions.get(shop.analysis_id).run_id
    assert run_id is not None
    (tmp_path / "work").mkdir()
    (row,) = score_file(
        results.folder,
        shop.platform.folders.models,
        tmp_path / "orders.csv",
        tmp_path / "work",
        seal=shop.store.runs.seal(run_id),
    ).to_dict("records")
    orders = lines.drop(columns="customer_id").to_dict("records")
    said = asked(client, shop, orders=orders)
    assert said["method"] == "orders"
    assert (said["p_churn"], said["clv"], said["status"]) == (row["p_churn"], row["clv"], row["status"])
    assert said["reasons"] == [row[f"factor_{k}"] for k in (1, 2, 3) if isinstance(row[f"factor_{k}"], str)]
    late = {"orders": [{"ordered_at": cutoff.isoformat(), "amount": 3}]}
    assert client.post(f"{shop.path}/predict", headers=shop.key(), json=late).status_code == 422


def test_another_model_of_the_run(client: TestClient, shop: AnalysedShop) -> None:
    run_id = shop.store.sessions.get(shop.analysis_id).run_id
    assert run_id is not None
    (other, *_) = [
        one.model_id
        for one in shop.store.models.of_session(shop.analysis_id)
        if one.model_type == "logistic_regression" and one.run_id == run_id
    ]
    name = str(shop.results.customers.nlargest(1, "p_churn")["customer_id"].iloc[0])
    said = asked(client, shop, customer_id=name, model_id=other, explain=True)
    assert (said["method"], said["reasons"] != []) == ("model", True)
    body = {"customer_ids": [name, "nobody"], "model_id": other}
    batch = client.post(f"{shop.path}/predictions:batch", headers=shop.key(), json=body).json()
    assert batch["unknown"] == ["nobody"]
    assert batch["items"][0]["p_churn"] == pytest.approx(said["p_churn"], abs=1e-12)


def test_batch_is_the_list_of_the_pages(client: TestClient, shop: AnalysedShop) -> None:
    customers = shop.results.customers
    ids = customers["customer_id"].tolist()[::-1]
    said = client.post(f"{shop.path}/predictions:batch", headers=shop.key(), json={"customer_ids": ids})
    assert said.status_code == 200, said.text
    assert [one["customer_id"] for one in said.json()["items"]] == ids
    assert [one["p_churn"] for one in said.json()["items"]] == customers["p_churn"].tolist()[::-1]


def test_rule_answers_where_the_model_is_gone(client: TestClient, shop: AnalysedShop) -> None:
    for file in shop.platform.folders.models.glob("*.joblib"):
        file.unlink()
    name = str(shop.results.customers["customer_id"].iloc[3])
    said = asked(client, shop, customer_id=name, features={"recency_days": 100})
    assert (said["method"], len(said["warnings"])) == ("rule", 1)
    assert said["p_churn"] > said["p_churn_before"]
    # What is stored needs no model.
    assert asked(client, shop, customer_id=name)["method"] == "stored"
    order = {"orders": [{"ordered_at": "2024-01-02", "amount": 3}]}
    assert client.post(f"{shop.path}/predict", headers=shop.key(), json=order).status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"customer_id": "1", "orders": [{"ordered_at": "2024-01-02", "amount": 3}]},
        {"customer_id": "1", "feature": {}},
        {"orders": [{"ordered_at": "0001-01-01T00:00:00+14:00", "amount": 3}]},
        {"orders": []},
    ],
)
def test_bodies_that_say_nothing_clear_are_refused(
    client: TestClient, shop: AnalysedShop, body: dict[str, Any]
) -> None:
    assert client.post(f"{shop.path}/predict", headers=shop.key(), json=body).status_code == 422
