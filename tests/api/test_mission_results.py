"""Other programs' names for results, forecasts and simulations answer what our own routes answer."""

from __future__ import annotations

import pandas as pd
import pytest
from starlette.testclient import TestClient

from churnkit.services.decide.run_background import Background
from tests.api.conftest import AnalysedShop

pytestmark = pytest.mark.slow


def test_names_answer_what_our_routes_answer(client: TestClient, shop: AnalysedShop) -> None:
    headers = shop.key()
    pairs = {
        f"/api/v1/results/{shop.analysis_id}": f"{shop.path}/results",
        "/api/v1/results/default": f"{shop.path}/results",
        "/api/v1/metrics": f"{shop.path}/metrics",
        "/api/v1/segments": f"{shop.path}/segments",
    }
    for name, own in pairs.items():
        said = client.get(name, headers=headers)
        assert said.status_code == 200, (name, said.text)
        assert said.json() == client.get(own, headers=headers).json()
    assert client.get("/api/v1/metrics", headers=shop.key("read", "other")).status_code == 404


def test_predict_by_common_names(client: TestClient, shop: AnalysedShop) -> None:
    headers, name = shop.key(), str(shop.results.customers["customer_id"].iloc[9])
    own = {"customer_id": name, "features": {"recency_days": 70, "order_count": 2, "monetary_total": 99}}
    features = {"recency_days": 70, "frequency": 2, "monetary": 99}
    said = client.post("/api/v1/predict", headers=headers, json={"customer_id": name, "features": features})
    assert said.status_code == 200, said.text
    assert said.json() == client.post(f"{shop.path}/predict", headers=headers, json=own).json()
    stored = client.post("/api/v1/predict", headers=headers, json={"customer_id": name}).json()
    assert stored["method"] == "stored"
    unknown = client.post("/api/v1/predict", headers=headers, json={"customer_id": "nobody"})
    assert unknown.status_code == 404


def test_every_common_name_is_a_figure_of_the_analysis(client: TestClient, shop: AnalysedShop) -> None:
    headers, name = shop.key(), str(shop.results.customers["customer_id"].iloc[9])
    features = dict.fromkeys(
        (
            "recency_days",
            "frequency",
            "monetary",
            "avg_basket_value",
            "unique_products",
            "avg_interpurchase_days",
            "purchase_span_days",
        ),
        3,
    )
    said = client.post("/api/v1/predict", headers=headers, json={"customer_id": name, "features": features})
    assert said.status_code == 200, said.text
    assert not [one for one in said.json()["warnings"] if "does not tell" in one]


def test_a_common_name_that_the_file_does_not_tell_changes_nothing(
    client: TestClient, shop: AnalysedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_products(self: Background, customer_id: str) -> pd.DataFrame:
        return row(self, customer_id).drop(columns="product_count")

    row = Background.row
    monkeypatch.setattr(Background, "row", without_products)
    name = str(shop.results.customers["customer_id"].iloc[9])
    asked = {"customer_id": name, "features": {"unique_products": 3}}
    said = client.post("/api/v1/predict", headers=shop.key(), json=asked)
    assert said.status_code == 200, said.text
    assert said.json()["warnings"] == ["This shop's file does not tell product_count: it changes nothing."]


def test_simulate_by_common_names(client: TestClient, shop: AnalysedShop) -> None:
    headers = shop.key()
    scenario = {"target_count": 30, "discount_percent": 20, "success_rate": 0.5}
    said = client.post("/api/v1/simulate", headers=headers, json={"scenario": scenario})
    assert said.status_code == 200, said.text
    own = {"customers": 30, "assumptions": {"discount": 0.2, "save_rate": 0.5}}
    assert said.json() == client.post(f"{shop.path}/simulate", headers=headers, json=own).json()


def test_customer_exists(client: TestClient, shop: AnalysedShop) -> None:
    headers, models = shop.key(), shop.store.models.of_session(shop.analysis_id)
    known = str(shop.results.customers["customer_id"].iloc[0])
    for name, there in ((known, True), ("nobody", False), ("<script>alert(1)</script>", True)):
        said = client.get(f"/api/v1/models/{models[0].model_id}/customers/{name}/exists", headers=headers)
        assert said.json() == {"exists": there}
    assert client.get("/api/v1/models/nothing/customers/1/exists", headers=headers).status_code == 404
