"""The dashboard in its states."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.charts import dashboard_charts as charts
from churnkit.charts.dashboard_charts import tier_values
from churnkit.jobs import Platform
from churnkit.results.folders import Results
from churnkit.services.access.shares import make_share
from churnkit.store import Store
from churnkit.text.figures import count

PAGE = "pages/dashboard.py"


def opened(app: AppTest) -> AppTest:
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return "\n".join(
        str(part.value) for part in [*app.markdown, *app.caption, *app.subheader, *app.text, *app.info]
    )


def test_empty(empty_app: AppTest) -> None:
    app = opened(empty_app)
    assert "Nothing to look at yet" in words(app)
    app.button(key="go_upload").click().run()
    assert app.file_uploader


def test_full(full_app: AppTest, platform: Platform, store: Store) -> None:
    app = opened(full_app)
    session = store.sessions.all()[0]
    folder = platform.run_folder(session)
    assert folder is not None
    labels = {metric.label: metric.value for metric in app.metric}
    totals = Results(folder).summary.customers
    assert labels["Active customers"] == str(totals.active.customers)
    assert totals.active.customers + totals.lapsed.customers == 300
    assert labels["Expected to leave"] == count(totals.active.expected_leavers)
    assert "How far to trust this" in words(app)
    assert "Risk tiers" in words(app)
    tiers = app.dataframe[0].value
    assert tiers["customers"].sum() == totals.active.customers
    # Against a quarter ago, the models with the champion first, and the strongest drivers.
    changes = {metric.label: metric.delta for metric in app.metric}
    assert all(changes[name] for name in ("Active customers", "Expected to leave", "Revenue at risk"))
    assert "Revenue of the three months since" in words(app)
    assert next(t.value for t in app.dataframe if "name" in t.value)["name"].iloc[0].startswith("★")
    assert "Top 10 drivers of the forecast" in words(app)
    assert "New customers: early signs" in words(app)


def test_a_driver_opens_on_the_page_of_models(full_app: AppTest) -> None:
    app = opened(full_app)
    chosen = app.selectbox(key="driver_choice").options[-1]
    app.selectbox(key="driver_choice").select(chosen)
    app.button(key="driver_show").click().run()
    assert not app.exception
    assert app.title[0].value == "How it forecasts"
    assert (
        app.selectbox(key="one_feature").value == chosen or chosen in app.selectbox(key="one_feature").options
    )


def test_new_customers_with_the_sign_are_listed(full_app: AppTest) -> None:
    app = opened(full_app)
    told = next((m.value for m in app.metric if m.label == "Ordered once and silent"), None)
    if told is None:
        assert "early sign" in words(app)
        return
    showing = told.split(" of ")[0]
    app.button(key="show_new_signs").click().run()
    assert not app.exception
    assert app.title[0].value == "Customers"
    assert f"**{showing}** customers" in words(app)


def test_the_recommended_campaign_is_begun(full_app: AppTest, platform: Platform, store: Store) -> None:
    app = opened(full_app)
    recommended = next(m.value for m in app.metric if m.label == "Recommended")
    app.button(key="make_campaign").click().run()
    assert not app.exception
    assert app.title[0].value == "Campaigns"
    assert f"contact {app.number_input(key='campaign_size').value}" == recommended


def test_the_list_at_risk_is_a_file(full_app: AppTest) -> None:
    app = opened(full_app)
    high = next(row for row in app.dataframe[0].value.itertuples() if row.tier == "high")
    button = next(part for part in app.get("download_button") if "CSV" in part.proto.label)
    assert button.proto.label == f"{high.customers} at high risk as CSV"


def test_small_shop_says_what_it_lacks(small_app: AppTest) -> None:
    app = opened(small_app)
    assert "nobody is put into a tier" in words(app)
    assert "How far to trust this" in words(app)
    assert {metric.label: metric.value for metric in app.metric}["Recommended"] == "no advice"


def test_a_link_opens_the_analysis_it_names(full_app: AppTest, store: Store) -> None:
    first = store.sessions.all()[0].session_id
    full_app.query_params["analysis"] = first
    app = opened(full_app)
    assert app.query_params["analysis"] == first


def test_a_link_to_nothing_falls_back(full_app: AppTest, store: Store) -> None:
    full_app.query_params["analysis"] = "f" * 32
    app = full_app.run()
    assert "not here" in app.warning[0].value
    app.switch_page(PAGE).run()
    assert not [one for one in app.warning if "not here" in one.value]
    assert app.query_params["analysis"] == store.sessions.all()[0].session_id


def test_another_workspace_reads_a_link_but_lists_nothing(
    full_app: AppTest, platform: Platform, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHURNKIT_WORKSPACES", "browser")
    app = opened(full_app)
    assert "Nothing to look at yet" in words(app)
    session_id = store.sessions.all()[0].session_id
    app.query_params["analysis"] = session_id
    app.switch_page(PAGE).run()
    assert "Risk tiers" not in words(app)
    app.query_params["share"] = make_share(store, session_id).text
    app.switch_page(PAGE).run()
    assert not app.exception
    assert "Risk tiers" in words(app)


def test_a_chart_is_built_once_for_everybody(
    full_app: AppTest, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = []

    def counted(*data: Any) -> Any:
        built.append(data[1])
        return tier_values(*data)

    monkeypatch.setattr(charts, "tier_values", counted)
    app = opened(full_app)
    for _ in range(2):
        app.run()
        assert len(app.get("plotly_chart")) == 7
    assert built == ["EUR"]
    (folder,) = (Path(os.environ["CHURNKIT_DATA_DIR"]) / "analyses").glob("*/runs/*")
    os.utime(folder, ns=(1, 1))
    assert len(opened(app).get("plotly_chart")) == 7
    assert built == ["EUR", "EUR"]
