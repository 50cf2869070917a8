"""A run on disk, on two rungs: what the files hold, and what can be asked of them without training again."""

from __future__ import annotations

import json
import shutil
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from churnkit import metrics
from churnkit.config import AnalysisSettings, TournamentSettings
from churnkit.errors import DataError, ModelError
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.services.analyse.analysis import Analysis, analyze
from churnkit.services.analyse.customer_details import customer_details, forecast_before
from churnkit.services.analyse.run_folder import PAST_COLUMNS, write_run
from churnkit.services.deliver.command_files import CUSTOMER_COLUMNS
from churnkit.services.score.learned_folder import LEARNED, read_learned
from churnkit.services.score.scorer import scorer_of
from churnkit.services.whatif.changed_customer import load_scorer
from churnkit.services.whatif.hypothetical_customers import score_file
from churnkit.services.whatif.stored_model import stored_value_model
from churnkit.services.whatif.strangers import COLUMNS
from churnkit.store import ModelSeal
from churnkit.text.figures import instant
from churnkit.tournament.model import ChurnModel
from churnkit.tournament.persistence import save_model
from tests.shops import order_lines

ADDED = {
    "first_purchase_at",
    "last_purchase_at",
    "mean_order_value",
    "gap_mean_days",
    "overdue_ratio",
    "segment",
    "r_score",
    "f_score",
    "m_score",
    "clv_if_kept",
    "value_at_risk",
    "p_churn_before",
    "risk_tier_before",
    "p_churn_if_bought",
}
UNTESTED = ("window", "window_active", "permutation", "backtest", "rules", "winback")

pytestmark = pytest.mark.slow

Written = tuple[Analysis, Results, Path]


def written(folder: Path, customers: int, days: int, **columns: str) -> Written:
    source = folder / "orders.csv"
    order_lines(customers=customers, days=days).assign(**columns).to_csv(source, index=False)
    settings = AnalysisSettings(
        horizon_days=45 if days > 200 else None, tournament=TournamentSettings(budget_seconds=1, jobs=1)
    )
    analysis = analyze(source, folder / "work", settings=settings)
    write_run(analysis, folder / "run", folder / "models")
    return analysis, Results(folder / "run"), folder / "models"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The purchase process alone."""
    return written(tmp_path_factory.mktemp("small"), 40, 150, currency="EUR")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Trained models with a past."""
    return written(tmp_path_factory.mktemp("full"), 250, 420)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Simple rules only, and no past window."""
    return written(tmp_path_factory.mktemp("bare"), 12, 20, currency="EUR")


@pytest.fixture(params=["small", "full"])
def either(request: pytest.FixtureRequest) -> Written:
    result: Written = request.getfixturevalue(request.param)
    return result


def seal_of(results: Results) -> ModelSeal | None:
    """What the store would know of the run's model."""
    model = results.model
    return None if model is None else ModelSeal(Path(model.file_path).name, model.sha256)


def orders_of(results: Results, ids: list[str], folder: Path, **columns: Any) -> Path:
    """The orders of some of the shop's customers as a file with the columns of the shop's own."""
    lines = pd.read_parquet(results.transactions_path)
    lines = lines[lines["customer_id"].isin(ids)][["customer_id", "order_id", "ordered_at", "amount"]]
    path = folder / "strangers.csv"
    currency = {"currency": results.currency} if results.currency else {}
    lines.assign(**currency, **columns).to_csv(path, index=False)
    return path


def test_one_more_order_needs_no_feature_that_the_model_leaves_out(
    either: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    analysis, results, _ = either
    before = forecast_before(analysis)
    monkeypatch.setattr(ChurnModel, "reads", frozenset(analysis.panel.columns))
    with_all = customer_details(analysis, before)
    told = results.customers
    pd.testing.assert_series_equal(with_all["p_churn_if_bought"], told["p_churn_if_bought"])


def test_customers_hold_what_the_app_shows(either: Written) -> None:
    analysis, results, _ = either
    table = results.customers
    assert set(table.columns) == {*CUSTOMER_COLUMNS, *ADDED}
    pd.testing.assert_frame_equal(
        table[list(CUSTOMER_COLUMNS)], analysis.customers[list(CUSTOMER_COLUMNS)], check_dtype=False
    )
    assert table["rank"].tolist() == list(range(1, len(table) + 1))
    active = table["status"] == "active"
    assert (active == (table["recency_days"] <= results.horizon_days)).all()
    assert table.loc[~active, "risk_tier"].isna().all()
    assert (table["last_purchase_at"] >= table["first_purchase_at"]).all()
    assert table["last_purchase_at"].max() < pd.Timestamp(results.cutoff)
    p, kept, lost = (table[name] for name in ("p_churn", "clv_if_kept", "clv_if_lost"))
    np.testing.assert_allclose(table["clv"], (1 - p) * kept + p * lost, rtol=1e-4, atol=0.02)
    if table["risk_tier"].notna().any():
        np.testing.assert_allclose(
            table["value_at_risk"], np.where(active, p * (kept - lost), 0.0), rtol=1e-4, atol=0.02
        )
    else:
        assert table["value_at_risk"].isna().all()
    assert (table["clv_low"] <= table["clv"]).all() and (table["clv"] <= table["clv_high"]).all()
    # Who has just bought is less likely to stay away, above all who had stopped.
    away = table["recency_days"] > 20
    assert (table.loc[away, "p_churn_if_bought"] < table.loc[away, "p_churn"]).mean() > 0.95


def test_contributions_add_up_to_the_probability(either: Written) -> None:
    _, results, _ = either
    parts = pd.read_parquet(results.folder / "contributions.parquet")
    assert parts["customer_id"].is_monotonic_increasing
    margin = results.evidence.base + parts.drop(columns="customer_id").sum(axis=1)
    p = results.customers.set_index("customer_id").loc[parts["customer_id"], "p_churn"]
    np.testing.assert_allclose(expit(margin), p, atol=1e-5)
    someone = str(parts["customer_id"].iloc[3])
    assert results.contributions(someone).sum() == pytest.approx(parts.iloc[3, 1:].sum(), rel=1e-5)


def test_a_run_stands_alone(either: Written) -> None:
    analysis, results, _ = either
    assert results.facts.mapping == dict(analysis.ingested.mapping.columns)
    days = results.facts.by_day
    balance = results.profile.class_balance
    position = days.days.index(balance.horizon_days)
    assert days.churn_share[position] == pytest.approx(balance.churn_share)
    assert days.known_customers[position] == balance.customers
    assert results.scored()["customer_id"].is_monotonic_increasing
    assert len(results.ledger.columns) == 6


def test_the_purchase_process_alone_is_tested_on_the_past(small: Written) -> None:
    analysis, results, _ = small
    evidence = results.evidence
    assert (results.summary.method, results.model) == ("btyd", None)
    assert analysis.past is not None
    assert isinstance(evidence.backtest, Found)
    assert len(evidence.backtest.value) == len(analysis.past.outcomes) == results.past["cutoff"].nunique()
    assert isinstance(evidence.window, Found)
    # What it said of the last window is what the panel of that date holds.
    last = results.past[results.past["cutoff"] == evidence.test_cutoff].set_index("customer_id")
    rows = analysis.panel[analysis.panel["cutoff"] == evidence.test_cutoff].set_index("customer_id")
    np.testing.assert_allclose(last["p_churn"], rows["btyd_p_no_purchase"].loc[last.index], rtol=1e-9)
    np.testing.assert_allclose(last["churned"], rows["churned"].loc[last.index].astype(float))
    quality = evidence.trust.quality
    assert isinstance(quality.active, Found)
    assert isinstance(quality.all, Found)
    assert quality.active.value.customers < quality.all.value.customers
    assert evidence.churn_rate.low is not None
    assert evidence.model_card.test is None
    assert isinstance(evidence.winback, Found)


def test_the_rule_of_a_handful_of_customers_is_tested_on_the_past(tmp_path: Path) -> None:
    analysis, results, _ = written(tmp_path, 20, 150, currency="EUR")
    evidence = results.evidence
    assert (results.summary.method, results.model, evidence.model_card.is_rule) == ("rules", None, True)
    assert analysis.past is not None
    assert isinstance(evidence.backtest, Found)
    assert len(evidence.backtest.value) == results.past["cutoff"].nunique() == len(analysis.past.outcomes) > 0
    assert isinstance(evidence.trust.quality.active, Found)
    assert evidence.trust.grade == "none"
    assert results.customers["risk_tier"].isna().all(), "too few left for a tier"
    assert any("too few to test a forecast on" in sentence for sentence in evidence.trust.sentences)


def test_what_is_missing_is_said(bare: Written) -> None:
    _, results, _ = bare
    evidence = results.evidence
    assert results.model is None
    assert results.past.empty
    assert list(results.past.columns) == list(PAST_COLUMNS)
    for name in UNTESTED:
        part = getattr(evidence, name)
        assert isinstance(part, Missing), name
        assert len(part.reason) > 20, name
    assert evidence.trust.grade == "none"
    assert evidence.churn_rate.low is None
    assert evidence.model_card.is_rule
    assert evidence.model_card.test is None
    assert [row.tier for row in evidence.tiers] == ["high", "medium", "low"]


def test_evidence_of_trained_models(full: Written) -> None:
    analysis, results, _ = full
    evidence = results.evidence
    missing = {one.name for one in fields(evidence) if isinstance(getattr(evidence, one.name), Missing)}
    assert missing <= {"controllable", "rules"}
    champion, test = results.leaderboard[0], evidence.model_card.test
    assert test is not None
    past = results.past[results.past["cutoff"] == evidence.test_cutoff]
    auc = metrics.roc_auc(past["churned"], past["p_churn"])
    assert auc == pytest.approx(champion.test_roc_auc, abs=1e-6)
    assert isinstance(evidence.window, Found)
    confusion = evidence.window.value.confusion
    called = confusion.true_positive + confusion.false_positive
    assert confusion.true_positive / called == pytest.approx(test.precision, abs=1e-6)
    assert evidence.window.value.calibration.ece == pytest.approx(champion.test_ece, abs=1e-6)
    rate = evidence.churn_rate
    assert rate.low is not None
    assert rate.high is not None
    assert rate.low < rate.value < rate.high
    assert analysis.past is not None
    assert isinstance(evidence.backtest, Found)
    assert len(evidence.backtest.value) == len(analysis.past.outcomes)
    assert sum(row.customers for row in evidence.tiers) == (results.customers["status"] == "active").sum()
    assert results.customers["p_churn_before"].notna().sum() == len(past)


def test_the_value_model_is_learned_again_as_it_was(either: Written) -> None:
    analysis, results, _ = either
    again, first = stored_value_model(results), analysis.value_model
    assert again.method == first.method
    assert again.scale == pytest.approx(first.scale, rel=1e-9)
    rows = analysis.scored_rows
    p = analysis.model.p_churn(rows)
    # The season of its own date is the run's, and kept with what it learned.
    np.testing.assert_allclose(
        first.season * again.expected_spend(rows, p), first.expected_spend(rows, p), rtol=1e-9
    )


def test_what_was_learned_is_read_as_it_was(either: Written) -> None:
    analysis, results, _ = either
    learned = read_learned(results.folder)
    assert learned is not None
    value_model, products, _levels = learned
    rows = analysis.scored_rows
    p = analysis.model.p_churn(rows)
    first = analysis.value_model
    assert (value_model.expected_spend(rows, p) == first.expected_spend(rows, p)).all()
    assert value_model.season == first.season
    assert value_model.method == first.method
    assert (products is None) == (analysis.products is None)
    if products is not None and analysis.products is not None:
        assert products.products == analysis.products.products
        assert (products.components == analysis.products.components).all()
        assert (products.rarity == analysis.products.rarity).all()


def test_the_level_made_anew_from_what_was_kept_is_that_of_the_analysis(either: Written) -> None:
    analysis, results, _ = either
    learned = read_learned(results.folder)
    assert learned is not None
    value_model, _products, levels = learned
    assert (levels is None) == (analysis.past is None or analysis.past.totals is None)
    if levels is None or analysis.past is None:
        return
    rows, scoring = analysis.scored_rows, analysis.plan.scoring
    level = levels.level(analysis.model, scoring, rows)
    assert level.shift == analysis.model.level
    if analysis.tournament is not None:
        assert level == analysis.tournament.level
    spend = value_model.moved(0.0).expected_spend(rows, analysis.model.p_churn(rows))
    assert levels.total(scoring, rows, float(spend.sum())).shift == pytest.approx(
        analysis.past.total_step.shift, rel=1e-9
    )
    # Windows that were known say nothing new.
    assert levels.knowing(analysis.panel, scoring) is levels


def test_a_run_without_what_it_learned_or_with_damage_in_it_says_so(either: Written, tmp_path: Path) -> None:
    assert read_learned(tmp_path) is None
    copied = tmp_path / LEARNED
    shutil.copytree(either[1].folder / LEARNED, copied)
    assert read_learned(tmp_path) is not None
    (copied / "arrays.npz").write_bytes(b"no arrays")
    assert read_learned(tmp_path) is None


def test_doubles_of_customers_score_like_them(either: Written, tmp_path: Path) -> None:
    _, results, models = either
    table = results.customers.set_index("customer_id")
    ids = sorted(table.index)[::4]
    scored = score_file(
        results.folder, models, orders_of(results, ids, tmp_path), tmp_path / "work", seal=seal_of(results)
    ).set_index("customer_id")
    assert list(scored.reset_index().columns) == list(COLUMNS)
    assert sorted(scored.index) == ids
    actual = table.loc[scored.index]
    # Ranks count the double's original among the others, so they may differ by one customer.
    np.testing.assert_allclose(scored["p_churn"], actual["p_churn"], atol=0.02)
    np.testing.assert_allclose(scored["clv"], actual["clv"], rtol=0.2, atol=2.0)
    assert scored["p_churn"].is_monotonic_decreasing
    assert (scored["status"] == actual["status"]).all()
    assert (scored["risk_tier"].fillna("none") == actual["risk_tier"].fillna("none")).mean() > 0.9


def test_orders_after_the_cutoff_are_refused(small: Written, tmp_path: Path) -> None:
    _, results, models = small
    path = orders_of(results, ["00001"], tmp_path, ordered_at=results.cutoff)
    with pytest.raises(DataError, match=f"before {instant(results.cutoff)}") as refusal:
        score_file(results.folder, models, path, tmp_path / "work", seal=seal_of(results))
    assert "row 1" in refusal.value.message


def test_another_currency_is_refused(small: Written, tmp_path: Path) -> None:
    _, results, models = small
    path = orders_of(results, ["00001"], tmp_path)
    path.write_text(path.read_text().replace("EUR", "USD"))
    with pytest.raises(DataError, match=r"EUR.*USD"):
        score_file(results.folder, models, path, tmp_path / "work", seal=seal_of(results))


def test_one_order_of_one_customer_is_enough(small: Written, tmp_path: Path) -> None:
    _, results, models = small
    path = tmp_path / "one.csv"
    path.write_text("Kunde;Bestellnummer;Datum;Betrag\nneu;R1;2025-05-20;49,90\n")
    scored = score_file(results.folder, models, path, tmp_path / "work", seal=seal_of(results))
    assert scored["customer_id"].tolist() == ["neu"]
    assert 0 < scored["p_churn"].iloc[0] < 1
    assert scored["factor_1"].iloc[0]


def test_nobody_with_a_purchase_is_refused(small: Written, tmp_path: Path) -> None:
    _, results, models = small
    path = orders_of(results, ["00001"], tmp_path, amount=-5.0)
    with pytest.raises(DataError, match="purchase"):
        score_file(results.folder, models, path, tmp_path / "work", seal=seal_of(results))


def test_a_scorer_begins_where_the_customer_stands(either: Written) -> None:
    _, results, models = either
    scorer = load_scorer(results.folder, models, seal_of(results))
    assert scorer is not None
    p = results.customers.set_index("customer_id")["p_churn"]
    for customer_id in p.index[::25]:
        assert scorer.p(customer_id, {}) == (pytest.approx(p[customer_id], abs=1e-6),) * 2


def test_a_scorer_answers_to_changes(small: Written) -> None:
    _, results, models = small
    scorer = load_scorer(results.folder, models, seal_of(results))
    assert scorer is not None
    someone = str(results.customers["customer_id"].iloc[0])
    before, after = scorer.p(someone, {"recency_days": 1.0})
    assert after < before
    with pytest.raises(DataError, match="nobody"):
        scorer.p("no such", {})
    with pytest.raises(DataError, match="shoe_size"):
        scorer.p(someone, {"shoe_size": 43.0})
    with pytest.raises(DataError, match="nan"):
        scorer.p(someone, {"recency_days": float("nan")})


def test_a_changed_model_file_is_not_opened(full: Written, tmp_path: Path) -> None:
    _, results, models = full
    seal = seal_of(results)
    assert seal is not None
    copied = tmp_path / seal.file_name
    copied.write_bytes((models / copied.name).read_bytes() + b" ")
    copied.with_suffix(".json").write_bytes((models / copied.name).with_suffix(".json").read_bytes())
    with pytest.raises(ModelError, match="SHA-256"):
        load_scorer(results.folder, tmp_path, seal)


class Foreign:
    """What whoever can write to the folders would like to be run."""

    opened: ClassVar[list[str]] = []

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Foreign.opened.append, ("ran",)


def test_a_model_replaced_together_with_its_description_is_not_opened(full: Written, tmp_path: Path) -> None:
    _, results, _ = full
    seal = seal_of(results)
    assert seal is not None
    own = save_model(Foreign(), tmp_path / "models", metadata={})
    own.path.rename(tmp_path / "models" / seal.file_name)
    own.metadata_path.rename((tmp_path / "models" / seal.file_name).with_suffix(".json"))
    run = shutil.copytree(results.folder, tmp_path / "run")
    record = json.loads((run / "model.json").read_text())
    (run / "model.json").write_text(json.dumps({**record, "sha256": own.sha256}))
    for refuse in (
        lambda: load_scorer(run, tmp_path / "models", seal),
        lambda: score_file(
            run, tmp_path / "models", orders_of(results, ["00001"], tmp_path), tmp_path / "work", seal=seal
        ),
    ):
        with pytest.raises(ModelError, match="SHA-256"):
            refuse()
    with pytest.raises(ModelError, match="the database knows of none"):
        load_scorer(run, tmp_path / "models", None)
    assert Foreign.opened == []


def test_a_shop_of_a_month(tmp_path: Path) -> None:
    source = tmp_path / "orders.csv"
    order_lines(customers=12, days=40, seed=3).to_csv(source, index=False)
    analysis = analyze(source, tmp_path / "work")
    assert analysis.method == "rules"
    write_run(analysis, tmp_path / "run", tmp_path / "models")
    results = Results(tmp_path / "run")
    assert len(results.customers) == len(analysis.customers)
    assert load_scorer(results.folder, tmp_path / "models", None) is None
    scored = score_file(
        results.folder,
        tmp_path / "models",
        orders_of(results, ["00000", "00001"], tmp_path),
        tmp_path / "more",
        seal=None,
    )
    assert len(scored) == 2


def test_a_history_without_a_finished_window_is_written_too(tmp_path: Path) -> None:
    """The purchase process scores, and there is nothing that later dates could be levelled by."""
    source = tmp_path / "orders.csv"
    order_lines(customers=60, days=100).to_csv(source, index=False)
    analysis = analyze(source, tmp_path / "work", settings=AnalysisSettings(horizon_days=90))
    assert (analysis.method, analysis.plan.labelled) == ("btyd", ())
    write_run(analysis, tmp_path / "run", tmp_path / "models")
    learned = read_learned(tmp_path / "run")
    assert learned is not None and learned[2] is None
    scorer = scorer_of(analysis)
    _scorer, steps = scorer.at(analysis.plan.scoring + timedelta(days=9), analysis.scored_rows)
    assert steps is None
