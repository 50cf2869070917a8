"""The data quality page: works from a look alone, shows names as text, filters checks by outcome."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.config import AnalysisSettings
from churnkit.ingest import Reading
from churnkit.jobs import Platform
from churnkit.store import Store
from tests.shops import order_lines

PAGE = "pages/data_quality.py"
VIEWS = ("Checks", "Rows and values", "Customers and orders", "Over time", "Products")


def opened(app: AppTest) -> AppTest:
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    return "\n".join(str(part.value) for part in [*app.markdown, *app.caption, *app.text])


@pytest.fixture
def looked_at(tmp_path: Path, empty_app: AppTest, platform: Platform, store: Store) -> AppTest:
    """The app with a file that was read and not analysed."""
    source = tmp_path / "orders.csv"
    order_lines(customers=60, days=200).to_csv(source, index=False)
    with source.open("rb") as stream:
        upload = platform.receive_upload(store, stream, "orders.csv", 10**8)
    session = platform.start_look(store, upload.upload_id, Reading(), AnalysisSettings())
    deadline = time.monotonic() + 60
    while platform.look_folder(store.sessions.get(session.session_id)) is None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return empty_app


def test_empty_workspace_sends_to_the_upload(empty_app: AppTest) -> None:
    assert opened(empty_app).button(key="go_upload")


def test_a_look_is_enough(looked_at: AppTest) -> None:
    app = opened(looked_at)
    assert not app.error
    assert app.metric[0].label == "Data quality"
    assert app.metric[0].value.endswith("of 10")
    assert len(app.get("download_button")) == 3
    assert len(app.table) == 1


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_of_a_full_analysis(full_app: AppTest, view: str) -> None:
    app = opened(full_app)
    app.segmented_control(key="quality_view").set_value(view).run()
    assert not app.exception
    assert not app.error


def test_small_shop(small_app: AppTest) -> None:
    app = opened(small_app)
    for view in VIEWS:
        app.segmented_control(key="quality_view").set_value(view).run()
        assert not app.exception


def test_checks_are_filtered_by_outcome(full_app: AppTest) -> None:
    app = opened(full_app)
    app.pills(key="quality_outcomes").set_value(["pass"]).run()
    shown = app.table[0].value
    assert len(shown) > 10
    assert set(shown["Outcome"]) == {":green-badge[Fine]"}
    app.pills(key="quality_outcomes").set_value([]).run()
    assert len(app.table) == 0
    assert "No check has that outcome." in texts(app)


def test_hostile_names_are_shown_as_text(full_app: AppTest) -> None:
    app = opened(full_app)
    for view in VIEWS:
        app.segmented_control(key="quality_view").set_value(view).run()
        assert "<script>" not in texts(app)
        charts = "".join(part.proto.spec for part in app.get("plotly_chart"))
        assert "<b>Tea" not in charts
        assert len(charts) < 400_000


def test_lifetimes_days_smallest_orders_and_why_nothing_is_imputed(looked_at: AppTest) -> None:
    app = opened(looked_at)
    shown = {}
    for view in VIEWS[1:4]:
        app.segmented_control(key="quality_view").set_value(view).run()
        assert not app.exception
        shown[view] = texts(app)
    assert (
        "No missing value is filled with a mean, a median or the most frequent value"
        in shown["Rows and values"]
    )
    assert "a hundredth of the median order" in shown["Rows and values"]
    assert "How long customers stay" in shown["Customers and orders"]
    assert "orders a day on average" in shown["Over time"]
