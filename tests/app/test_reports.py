"""The reports page: every kind can be chosen, previewed and taken away; nothing shows without an analysis."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from churnkit.features.column_names import feature_columns
from churnkit.jobs import Platform
from churnkit.reports.sections.report import SECTIONS
from churnkit.results.folders import Results
from churnkit.server.printing import PRINT
from churnkit.services.deliver.report_files import build_dictionary
from churnkit.store import Store

PAGE = "pages/reports.py"
KINDS = ("pdf", "html", "xlsx", "scores", "features", "features_parquet", "ledger")


def opened(app: AppTest) -> AppTest:
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def test_empty_workspace_sends_to_the_upload(empty_app: AppTest) -> None:
    app = opened(empty_app)
    assert app.button(key="go_upload")
    assert not app.get("download_button")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_a_full_analysis(full_app: AppTest, kind: str) -> None:
    app = opened(full_app)
    app.segmented_control(key="report_kind").set_value(kind).run()
    assert not app.exception
    assert not app.error
    # The file, and the dictionary.
    assert len(app.get("download_button")) == 2
    if kind in ("pdf", "html"):
        assert len(app.get("iframe")) == 1
    else:
        assert len(app.dataframe) == 1


def test_small_analysis_without_models(small_app: AppTest) -> None:
    app = opened(small_app)
    assert not app.error
    assert len(app.get("download_button")) == 2
    assert len(app.get("iframe")) == 1


def test_no_section_is_said_instead_of_made(full_app: AppTest) -> None:
    app = opened(full_app)
    app.pills(key="report_sections").set_value([]).run()
    assert not app.exception
    assert "at least one section" in app.info[0].value
    assert len(app.get("download_button")) == 1, "the dictionary alone"


def test_sections_change_the_preview(full_app: AppTest) -> None:
    app = opened(full_app)
    whole = app.get("iframe")[0].proto.srcdoc
    app.pills(key="report_sections").set_value(["quality"]).run()
    part = app.get("iframe")[0].proto.srcdoc
    assert SECTIONS["models"] in whole
    assert 'id="models"' not in part
    assert 'id="quality"' in part


def test_the_data_dictionary_names_the_features_of_this_analysis(
    full_app: AppTest, platform: Platform, store: Store
) -> None:
    app = opened(full_app)
    assert "Data dictionary as CSV" in str(app.get("download_button"))
    (session,) = store.sessions.all()
    folder = platform.run_folder(session)
    assert folder is not None
    results = Results(folder)
    table = pd.read_csv(io.BytesIO(build_dictionary(results)))
    features = set(table.loc[table["part"] == "feature", "name"])
    assert features == set(feature_columns(results.scored()))
    assert not features & {"churned", "orders_next", "spend_next"}


@pytest.mark.slow
def test_printing_is_asked_for_once_it_is_pressed(full_app: AppTest) -> None:
    app = full_app.run()
    app.switch_page(PAGE).run()
    assert not any(PRINT in one.proto.body for one in app.get("html"))
    app.button(key="print_report").click().run()
    assert not app.exception and not app.error
    (asked,) = [one for one in app.get("html") if PRINT in one.proto.body]
    assert asked.proto.unsafe_allow_javascript
