"""What a new run is told of earlier ones, from folders of forty customers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from churnkit.features.cancellations import with_cancellations
from churnkit.results.drift import DRIFT_FILE, DriftDocument
from churnkit.results.files import write_frame
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.results.scorecards import SCORECARDS_FILE, ScorecardsDocument
from churnkit.services.analyse.run_transactions import transactions_of
from churnkit.services.monitor.views import drift_view, scorecards_view
from churnkit.services.monitor.writing import write_monitoring
from tests.made_runs import made_run

THEN, NOW = datetime(2025, 7, 1), datetime(2025, 8, 5)


def _cards(folder: Path) -> ScorecardsDocument:
    found = Results(folder).later(ScorecardsDocument, SCORECARDS_FILE)
    assert isinstance(found, Found)
    return found.value


def _drift(folder: Path) -> DriftDocument:
    found = Results(folder).later(DriftDocument, DRIFT_FILE)
    assert isinstance(found, Found)
    return found.value


def test_a_window_that_is_over_is_judged_by_what_came(tmp_path: Path) -> None:
    then = made_run(tmp_path / "then", THEN)
    now = made_run(tmp_path / "out", NOW, window=THEN)
    write_monitoring(now, [then], run_id="now")
    document = _cards(now)
    with transactions_of(now) as transactions:
        backend, lines = transactions.get_backend(), with_cancellations(transactions)
        write_monitoring(now, [then], run_id="now", lines=backend.create_table("open", lines, temp=True))
    assert _cards(now) == document, "the same from lines that are open"
    (card,) = document.scorecards
    assert (card.run_id, card.cutoff, card.until) == ("then", THEN, datetime(2025, 7, 31))
    assert isinstance(card.active, Found)
    active = card.active.value
    # The twenty least risky of 36 bought: everybody is in order.
    assert (active.customers, active.left) == (36, 16)
    assert active.roc_auc is not None and active.roc_auc.value == 1.0
    assert active.actual_spend.value == 20 * 50
    assert active.expected_churn_rate == pytest.approx(0.95 - 0.02 * 17.5)
    assert isinstance(card.lapsed, Missing)
    assert isinstance(card.listed, Found)
    assert (card.listed.value.contacted, card.listed.value.left) == (10, 10)
    assert card.verdict == "level_off" and "Fewer left than was said" in card.words
    assert [one.run_id for one in document.running] == ["now"]
    row = scorecards_view(document).iloc[0]
    assert (row["verdict"], row["left"]) == ("level off", 10)
    assert row["lapsed_customers"] is None
    known = replace(card, lapsed=card.active)
    of_lapsed = scorecards_view(replace(document, scorecards=(known,))).iloc[0]
    assert (of_lapsed["lapsed_customers"], of_lapsed["lapsed_actual_spend"]) == (36, 20 * 50)
    assert of_lapsed["lapsed_auc"] == 1.0


def test_a_window_that_still_runs_is_only_expected(tmp_path: Path) -> None:
    then = made_run(tmp_path / "then", THEN)
    now = made_run(tmp_path / "now", datetime(2025, 7, 20), window=THEN)
    write_monitoring(now, [then])
    document = _cards(now)
    assert document.scorecards == ()
    running = {one.run_id: one for one in document.running}
    assert running["then"].days_left == 11
    assert running["then"].words.startswith("If the model is still right, 22 of 36 active customers")


def test_customers_whose_orders_are_gone_count_nowhere(tmp_path: Path) -> None:
    then = made_run(tmp_path / "then", THEN)
    now = made_run(tmp_path / "now", NOW, window=THEN)
    orders = pd.read_parquet(now / "transactions.parquet")
    write_frame(orders[orders["customer_id"] > "c01"], now / "transactions.parquet")
    write_monitoring(now, [then])
    (card,) = _cards(now).scorecards
    assert card.gone == 2
    assert isinstance(card.active, Found) and card.active.value.customers == 34


def test_a_damaged_run_is_named_and_the_others_are_judged(tmp_path: Path) -> None:
    then, broken = made_run(tmp_path / "then", THEN), made_run(tmp_path / "broken", THEN)
    (broken / "summary.json").write_text("{")
    now = made_run(tmp_path / "now", NOW, window=THEN)
    write_monitoring(now, [broken, then])
    document = _cards(now)
    assert [one.run_id for one in document.scorecards] == ["then"]
    assert len(document.notes) == 1 and "could not be judged" in document.notes[0]


def test_drift_since_the_training_gives_reasons_to_train_again(tmp_path: Path) -> None:
    then = made_run(tmp_path / "then", THEN)
    now = made_run(tmp_path / "now", NOW, window=THEN, f0=1000.0)
    write_monitoring(now, [then], trained_by=then)
    document = _drift(now)
    assert document.is_training and document.reference_run == "then"
    moved = {one.feature: one.moved for one in document.features}
    assert moved == {"f0": True, "f1": False}
    # The level was off by more than a third, too.
    assert {one.kind for one in document.triggers} == {"features", "calibration"}
    assert "Train again" in document.retrain_words
    assert not document.score.moved and document.score.psi == 0.0
    assert drift_view(document, "EUR")["psi"].tolist() == [one.psi for one in document.features]


def test_nothing_moved_is_said_so(tmp_path: Path) -> None:
    then = made_run(tmp_path / "then", THEN)
    now = made_run(tmp_path / "now", datetime(2025, 7, 20), window=THEN)
    write_monitoring(now, [then], trained_by=then)
    document = _drift(now)
    assert document.triggers == () and document.retrain_words == ""
    assert document.headline.startswith("Nothing that matters has moved")


def test_training_again_on_the_same_outcomes_is_not_advised(tmp_path: Path) -> None:
    then = made_run(tmp_path / "then", THEN)
    now = made_run(tmp_path / "now", datetime(2025, 7, 10), window=THEN, f0=1000.0)
    write_monitoring(now, [then], trained_by=then)
    assert "would learn from the same outcomes" in _drift(now).retrain_words


def test_the_first_run_has_nothing_to_compare_with(tmp_path: Path) -> None:
    now = made_run(tmp_path / "now", NOW)
    write_monitoring(now, [])
    assert not (now / DRIFT_FILE).exists()
    assert json.loads((now / SCORECARDS_FILE).read_text())["scorecards"] == []
