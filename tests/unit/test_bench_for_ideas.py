"""The bench for ideas knows at a freeze what was known then, and no more."""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from churnkit.config import TournamentSettings
from churnkit.tournament import knockout, selection, tuning
from tests.benchmarks.bench import engine
from tests.benchmarks.bench.cells import Cell, Kept, Opened
from tests.benchmarks.bench.engine import Said
from tests.benchmarks.bench.freezing import freeze
from tests.benchmarks.bench.holding import families_of, holding
from tests.benchmarks.bench.measures import differences, measures
from tests.benchmarks.bench.paired import Answered, difference, paired, paired_table
from tests.benchmarks.bench.reference_columns import PurchaseDays
from tests.benchmarks.bench.table import winners

START = datetime(2024, 1, 1)


def _opened() -> Opened:
    cutoffs = [START + timedelta(days=40 + 15 * k) for k in range(12)]
    panel = pd.DataFrame(
        [
            {
                "customer_id": who,
                "cutoff": c,
                "recency_days": 3,
                "churned": 1.0,
                "orders_next": 0.0,
                "spend_next": 0.0,
            }
            for c in cutoffs
            for who in ("a", "b")
        ]
    )
    rows = pd.DataFrame(
        {"customer_id": ["a", "b"], "ordered_at": [START, START + timedelta(days=190)], "amount": 5.0}
    )
    end = cutoffs[-1] + timedelta(days=30)
    return Opened(Cell("apparel.parquet", 30), START, end, panel, rows, dict.fromkeys(cutoffs, 0.1))


def test_a_freeze_hides_outcomes_that_were_not_over():
    when = START + timedelta(days=40 + 15 * 8)
    frozen = freeze(_opened(), when)
    assert frozen.panel["cutoff"].max() == when
    known = frozen.panel.loc[frozen.panel["churned"].notna(), "cutoff"].unique()
    hidden = frozen.panel.loc[frozen.panel["churned"].isna(), "cutoff"].unique()
    assert max(known) + timedelta(days=30) == when
    assert list(hidden) == [when]
    assert list(frozen.churned) == [1.0, 1.0]
    assert list(frozen.transactions["customer_id"]) == ["a"]


def test_past_freezes_leave_the_last_windows_alone():
    opened = _opened()
    assert opened.past_freezes(2) == [opened.end - timedelta(days=30 * k) for k in (4, 3)]
    assert opened.final_freezes() == [opened.end - timedelta(days=60), opened.end - timedelta(days=30)]


def test_the_references_columns_do_not_see_later_orders():
    rng = np.random.default_rng(3)
    rows = pd.DataFrame(
        {
            "customer_id": rng.choice(list("abcdef"), 80),
            "ordered_at": pd.Timestamp(START) + pd.to_timedelta(rng.integers(0, 200, 80), unit="D"),
            "amount": rng.lognormal(3, 1, 80).round(2) * rng.choice([1, 1, 1, -1], 80),
            "quantity": 1.0,
            "product_id": rng.choice(list("xyz"), 80),
        }
    )
    cutoff, who = START + timedelta(days=120), pd.Series(list("abcdef"))
    before = rows[rows["ordered_at"] < cutoff]
    pd.testing.assert_frame_equal(
        PurchaseDays(rows).at(cutoff, who, 30), PurchaseDays(before).at(cutoff, who, 30)
    )


def test_measures_of_an_answer():
    said = Said(np.array([0.9, 0.1]), np.array([0.0, 20.0]), np.array([0.0, 5.0]), np.array([0.0, 9.0]))
    found = measures(np.array([1.0, 0.0]), np.array([0.0, 10.0]), said)
    assert found["auc"] == 1.0
    assert found["log_loss"] == pytest.approx(-np.log(0.9))
    assert found["spend"] == pytest.approx(np.log(2))
    assert (found["covers"], found["buyers"]) == (0.5, 0.0)


def test_differences_are_paired_and_averaged_over_data_sets():
    rows = [
        {"idea": idea, "among": "all", "data_set": s, "cell": s, "freeze": f, "log_loss": base + by}
        for s, base, by_set in (("one", 0.3, -0.01), ("two", 0.6, -0.03))
        for f in ("1", "2")
        for idea, by in (("engine", 0.0), ("better", by_set))
    ]
    table = pd.DataFrame(rows).assign(
        auc=0.5, ece=0.0, level=0.0, spend=0.0, mae=0.0, covers=0.8, buyers=0.8, deciles=0.0
    )
    gap = differences(table, "engine").set_index("measure").loc["log_loss"]
    assert gap["mean"] == pytest.approx(-0.02)
    assert gap["se_sets"] == pytest.approx(0.01)
    assert (gap["better"], gap["worse"]) == (2, 0)


def _answered(idea: str, p: np.ndarray, *, freeze: str = "1", cell: str = "one-30") -> Answered:
    rng = np.random.default_rng(5)
    churned = (rng.random(len(p)) < 0.4).astype(float)
    return Answered(cell, cell[:-3], freeze, idea, "all", np.arange(len(p)), churned, p)


def test_errors_over_customers_are_those_of_drawing_them_anew():
    rng = np.random.default_rng(8)
    one = _answered("engine", np.clip(rng.normal(0.45, 0.2, 300), 0.01, 0.99))
    two = _answered("reference", np.clip(one.p_churn + rng.normal(0, 0.1, 300), 0.01, 0.99))
    drawn: dict[str, list[float]] = {name: [] for name in ("auc", "log_loss")}
    for _ in range(400):
        rows = rng.integers(0, 300, 300)
        for name, found in drawn.items():
            parts = [Answered(*("",) * 5, rows, a.churned[rows], a.p_churn[rows]) for a in (one, two)]
            found.append(parts[0].measured(name)[0] - parts[1].measured(name)[0])
    for name, found in drawn.items():
        gap, error = difference([(one, two)], name)
        assert gap == pytest.approx(one.measured(name)[0] - two.measured(name)[0])
        assert error == pytest.approx(np.std(found), rel=0.15)


def test_a_customer_at_two_dates_counts_once():
    rng = np.random.default_rng(9)
    p, q = rng.uniform(0.1, 0.9, (2, 100))
    once = difference([(_answered("engine", p), _answered("reference", q))], "log_loss")
    twice = [(_answered("engine", p, freeze=f), _answered("reference", q, freeze=f)) for f in "12"]
    assert difference(twice, "log_loss") == pytest.approx(once)


def test_the_table_says_who_is_ahead_beyond_one_standard_error():
    rng = np.random.default_rng(10)
    p = rng.uniform(0.2, 0.8, 200)
    truth = _answered("", p).churned
    answers = [
        *(
            _answered("engine", np.where(truth == 1, 0.8, 0.2) + p / 10, cell=cell)
            for cell in ("one-30", "two-30")
        ),
        _answered("reference", p, cell="one-30"),
        _answered("reference", np.where(truth == 1, 0.8, 0.2) + p / 10, cell="two-30"),
    ]
    rows = {row["cell"]: row for row in paired(answers, "engine", "reference").to_dict("records")}
    assert rows["mean"]["log_loss"] == pytest.approx(rows["one-30"]["log_loss"] / 2)
    assert rows["mean"]["log_loss_error"] == pytest.approx(rows["one-30"]["log_loss_error"] / 2)
    lines = paired_table(answers, "engine", "reference").splitlines()
    assert lines[2].count("(engine ahead)") == 2
    assert lines[3] == "| two-30 | all | +0.0000 ± 0.0000 | +0.0000 ± 0.0000 |"


def test_a_held_winner_wins_and_only_what_it_is_made_of_competes():
    board = pd.DataFrame({"candidate": ["xgboost", "blend"], "eligible": [True, False]})
    settings = TournamentSettings()
    everybody = [one.name for one in tuning.competing(settings)]
    with holding("blend"):
        assert selection._champion(board, {}, settings.weights) == "blend"
        assert [one.name for one in tuning.competing(settings)] == [
            "logistic_regression",
            "xgboost",
            "lightgbm",
        ]
        assert knockout._tells_apart((), None, board)  # type: ignore[arg-type]
    with holding("svm"), pytest.raises(LookupError, match="svm does not compete"):
        selection._champion(board, {}, settings.weights)
    assert [one.name for one in tuning.competing(settings)] == everybody
    assert families_of("mbg_nbd") == ("logistic_regression",)


def test_who_won_is_compared_date_by_date():
    rows = [
        {"idea": idea, "among": among, "cell": "a-30", "freeze": str(k), "winner": who}
        for idea, won in (("engine", ("blend", "svm", "blend")), ("new", ("blend", "blend", "blend")))
        for k, who in enumerate(won)
        for among in ("all", "active")
    ]
    assert winners(pd.DataFrame(rows), "engine", ["new"]) == ["new: another winner at 1 of 3 freezes"]


def test_only_ideas_that_change_tournaments_are_played_with_the_winner_held(tmp_path, monkeypatch):
    """The kept tournament says who won; with the idea that one wins again, without holding whoever does."""
    frozen = freeze(_opened(), START + timedelta(days=40 + 15 * 8))
    cache = Kept(tmp_path)
    kept = cache.path(f"played-{frozen.name}", engine._TOURNAMENT_ROOMS)
    kept.write_bytes(pickle.dumps(engine.Played("svm", (), np.zeros(2), {})))
    board = pd.DataFrame({"candidate": ["xgboost", "svm"]})
    monkeypatch.setattr(selection, "_champion", lambda *_: "xgboost")

    def played(*_):
        return engine.Played(
            selection._champion(board, {}, TournamentSettings().weights), (), np.zeros(2), {}
        )

    monkeypatch.setattr(engine, "_play", played)
    monkeypatch.setattr(engine, "_say", lambda _frozen, _panel, one: Said(one.margin, winner=one.champion))
    idea = engine.Idea("other tournaments", stage="forecast")
    assert engine.answer(frozen, idea, cache, hold_winner=True).winner == "svm"
    assert engine.answer(frozen, idea, cache).winner == "xgboost"
    assert engine.answer(frozen, engine.Idea("money alone"), cache, hold_winner=True).winner == "svm"
