"""A finished analysis in the store, and its champion back from the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from churnkit.config import AnalysisSettings, TournamentSettings
from churnkit.errors import ModelError
from churnkit.services.analysis import analyze
from churnkit.services.records import load_champion, record_analysis, record_upload
from churnkit.store import Store
from tests.shops import order_lines


def analysed(tmp_path: Path, customers: int, days: int):
    source = tmp_path / "orders.csv"
    order_lines(customers=customers, days=days).to_csv(source, index=False)
    settings = AnalysisSettings(horizon_days=45, tournament=TournamentSettings(budget_seconds=1))
    return source, analyze(source, tmp_path / "work", settings)


@pytest.mark.slow
def test_a_champion_comes_back_and_scores_the_same(tmp_path):
    source, analysis = analysed(tmp_path, 200, 400)
    with Store.open(tmp_path / "churnkit.duckdb") as store:
        upload = record_upload(store, source, tmp_path / "uploads", filename="../../orders.csv")
        session = record_analysis(
            store, upload, analysis, data_folder=tmp_path / "sessions", models_folder=tmp_path / "models"
        )
        assert session.status == "completed"
        assert store.upload(upload).row_count == analysis.ingested.row_count_in
        assert store.upload(upload).file_path.parent == tmp_path / "uploads"
        page = store.predictions(session.session_id, limit=5)
        assert page.total == len(analysis.customers)

        model = load_champion(store, session.session_id, tmp_path / "models")
        assert model is not None
        rows = analysis.scored_rows
        np.testing.assert_array_equal(model.p_churn(rows), analysis.model.p_churn(rows))

        record = store.champion(session.session_id)
        assert record is not None
        record.file_path.write_bytes(record.file_path.read_bytes() + b" ")
        with pytest.raises(ModelError):
            load_champion(store, session.session_id, tmp_path / "models")


def test_scores_without_a_trained_model_have_no_file(tmp_path):
    source, analysis = analysed(tmp_path, 40, 150)
    assert analysis.method == "btyd"
    with Store.open(tmp_path / "churnkit.duckdb") as store:
        upload = record_upload(store, source, tmp_path / "uploads", filename="orders.csv")
        session = record_analysis(
            store, upload, analysis, data_folder=tmp_path / "sessions", models_folder=tmp_path / "models"
        )
        assert load_champion(store, session.session_id, tmp_path / "models") is None
        assert store.predictions(session.session_id, limit=100).total == 40
        insights = store.insights(session.session_id)
        assert insights is not None and insights.summary_stats["method"] == "btyd"
    assert not (tmp_path / "models").exists()
