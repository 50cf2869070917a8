"""Why the champion won: every way to win that the tournament knows, told by its own choice of drawn leaderboards."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from churnkit.config import ScoreWeights, TournamentSettings
from churnkit.results.leaderboard import Competitor, LeaderboardRow
from churnkit.results.rows import frame_of, rows_of
from churnkit.services.decide.measure_views import Gate
from churnkit.services.decide.proof_words import what_scores
from churnkit.services.decide.why_champion import chosen_from, untested_words, why_champion
from churnkit.text.locale import using
from churnkit.tournament.names import NOTHING_TELLS, model_label
from churnkit.tournament.selection import ranked

TOLERANCE = TournamentSettings().log_loss_tolerance


def row(name: str, kind: Competitor, log_loss: float, score: float, **figures: float) -> LeaderboardRow:
    """One whose score is what all its four parts are."""
    same = {"test_roc_auc_active": 0.7, "test_log_loss": 0.5, "roc_auc": 0.7, "roc_auc_active": 0.7}
    others: dict[str, Any] = {**same, **figures}
    return LeaderboardRow(
        candidate=name,
        kind=kind,
        is_champion=False,
        verdict="",
        log_loss=log_loss,
        f1=score,
        recall=score,
        profit_share=score,
        f1_sd=1 - score,
        **others,
    )


def chosen(
    *rows: LeaderboardRow, ties: tuple[str, ...] = (), grade: str = "fair", nothing: bool = False
) -> Any:
    """Results whose champion the tournament itself chose; ``ties`` are apart by chance alone."""
    by_fold = {
        name: [{"f1": f, "recall": f, "profit_share": f} for f in folds]
        for name, folds in zip(ties, ((0.1, 0.9), (0.9, 0.1)), strict=False)
    }
    board = ranked(frame_of(LeaderboardRow, rows), by_fold, ScoreWeights(), TOLERANCE, nothing_tells=nothing)
    return results(rows_of(LeaderboardRow, board), grade)


def results(rows: tuple[LeaderboardRow, ...], grade: str = "fair") -> Any:
    return SimpleNamespace(
        leaderboard=rows,
        champion=rows[0].candidate if rows else "mbg_nbd",
        summary=SimpleNamespace(settings=SimpleNamespace(tournament=TournamentSettings())),
        evidence=SimpleNamespace(trust=SimpleNamespace(grade=grade)),
    )


RULE = row("recency_frequency_logistic", "baseline", 0.55, 0.6)
FIRST = row("xgboost", "model", 0.500, 0.70)
SECOND = row("logistic_regression", "model", 0.502, 0.68)


BLEND = row("blend", "blend", 0.501, 0.69)
BASE = replace(row("base_rate", "baseline", 0.69, 0.5), gain=0.0, gain_error=0.0, roc_auc_low=0.5)


def proven(one: LeaderboardRow, *, lead: float = 0.0, gain: float = 0.1) -> LeaderboardRow:
    """With what validation proves of it, each figure with an error of 0.002."""
    return replace(one, lead=lead, lead_error=0.002, gain=gain, gain_error=0.002, roc_auc_low=0.6)


def told(found: Any) -> str:
    return " ".join(why_champion(found)).replace("\u202f", " ").replace("\u00a0", " ")


def test_the_blend_as_the_default_and_why_the_nearest_gave_way() -> None:
    said = told(chosen(proven(FIRST, lead=-0.001), proven(BLEND, lead=0.0), proven(RULE, lead=-0.05), BASE))
    assert said.startswith("Blend scores as the default")
    assert (
        "nobody's log loss lies below its 0.5010 by more than chance; the nearest, XGBoost, has 0.5000"
        in said
    )
    assert (
        "XGBoost (0.700) has a higher score than its 0.690 and may not win: XGBoost (0.5000) has no log loss"
        in said
    )


def test_nobody_who_tells_customers_apart() -> None:
    said = told(chosen(proven(FIRST), proven(BLEND), proven(RULE), BASE, nothing=True))
    assert said.startswith(
        "Everybody alike scores: every customer gets the churn rate, because nothing tells"
    )
    assert "beyond two standard errors" in said


def test_by_the_highest_score() -> None:
    said = told(chosen(FIRST, SECOND, RULE))
    assert (
        "Of the 2 that passed the gate (log loss below 0.5050), XGBoost has the highest score: 0.700" in said
    )
    assert "before Logistic regression with 0.680" in said
    assert "The score counts 40 % F1, 30 % recall, 20 % profit share, 10 % stability." in said
    assert "stands before" not in said


def test_by_log_loss_where_the_scores_tie() -> None:
    tied = replace(SECOND, log_loss=0.499)
    said = told(chosen(FIRST, tied, RULE, ties=("xgboost", "logistic_regression")))
    assert "XGBoost has the highest score (0.700), Logistic regression's is 0.680" in said
    assert "no more than chance" in said
    assert "the lowest log loss wins, and that is Logistic regression's: 0.4990" in said


def test_alone_past_the_gate_before_a_blend_with_a_higher_score() -> None:
    blend = row("blend", "blend", 0.515, 0.75)
    said = told(chosen(FIRST, blend, RULE))
    assert "XGBoost won because it alone passed the gate: its log loss of 0.5000" in said
    assert "Recency and number of orders: 0.5500" in said
    assert (
        "Blend (0.750) has a higher score than its 0.700 and may not win: Blend (0.5150) has a log loss above"
        in said
    )
    assert "The score counts" not in said


def test_a_rule_where_no_model_is_better() -> None:
    said = told(chosen(replace(FIRST, log_loss=0.56), RULE))
    assert said.startswith("Recency and number of orders scores, a simple rule: no model's probabilities")
    assert "XGBoost's, is 0.5600; that of the best rule 0.5500" in said
    assert "The score counts" not in said


def test_a_rule_that_orders_better_is_named_with_both_figures() -> None:
    better = replace(RULE, roc_auc_active=0.874, test_log_loss=0.4733)
    champion = replace(FIRST, roc_auc_active=0.871, test_log_loss=0.4816)
    said = told(chosen(champion, SECOND, better))
    assert "In AUC, active Recency and number of orders (0.874) stands before XGBoost (0.871)." in said
    assert "AUC is about the order alone" in said
    assert "In test log loss Recency and number of orders (0.4733) stands before XGBoost (0.4816)." in said
    assert "known only since the choice was made" in said


def test_a_difference_that_cannot_be_read_is_none() -> None:
    assert "stands before" not in told(chosen(FIRST, replace(SECOND, roc_auc=0.70004), RULE))


def test_one_candidate_no_model_nobody_and_no_proof() -> None:
    assert "it alone passed the gate" in told(chosen(FIRST, RULE))
    assert "still not proven" in told(chosen(FIRST, RULE, grade="none"))
    assert told(results(())) == "" == untested_words(results(()))
    alone = replace(RULE, is_champion=True)
    aside = replace(FIRST, log_loss=float("nan"))
    assert told(results((alone, aside))) == (
        "No model could be fitted, so the best simple rule scores: Recency and number of orders."
    )
    assert chosen_from(results((alone, aside))) == "0 models and 1 simple rule competed on this shop's past."


@pytest.mark.parametrize(
    ("lacking", "words"),
    [
        ((), ""),
        (("xgboost", "logistic_regression", "recency_frequency_logistic"), "the history is too short"),
        (("logistic_regression",), "an earlier version made this analysis"),
    ],
)
def test_empty_cells_say_why(lacking: tuple[str, ...], words: str) -> None:
    found = chosen(FIRST, SECOND, RULE)
    found.leaderboard = tuple(
        replace(one, test_log_loss=float("nan")) if one.candidate in lacking else one
        for one in found.leaderboard
    )
    assert words in untested_words(found) and bool(words) == bool(untested_words(found))


def test_one_that_could_not_be_fitted_again_is_named() -> None:
    third = row("svm", "model", 0.503, 0.6)
    found = chosen(FIRST, SECOND, third, RULE)
    found.leaderboard = tuple(
        replace(one, test_log_loss=float("nan")) if one.candidate == "svm" else one
        for one in found.leaderboard
    )
    assert untested_words(found).startswith("A dash: Support vector machine could not be fitted")


LOSS = st.floats(0.3, 0.9, allow_nan=False)
SHARE = st.floats(0.05, 0.95, allow_nan=False)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(LOSS, SHARE, SHARE, LOSS), min_size=3, max_size=7))
def test_whatever_came_out_is_told_of_the_one_who_won(drawn: list[tuple[float, float, float, float]]) -> None:
    names = ("mbg_nbd", "blend", "xgboost", "svm", "lightgbm", "random_forest", "base_rate")
    kinds: tuple[Competitor, ...] = ("baseline", "blend", "model", "model", "model", "model", "baseline")
    rows = [
        row(name, kind, loss, score, roc_auc_active=auc, test_log_loss=test)
        for name, kind, (loss, score, auc, test) in zip(names, kinds, drawn, strict=False)
    ]
    found = chosen(*rows)
    first, *others = why_champion(found)
    champion = found.leaderboard[0]
    assert model_label(champion.candidate) in first
    passed = sum(one.eligible for one in found.leaderboard)
    assert ("alone passed" in first) == (passed == 1)
    assert ("a simple rule:" in first) == (passed == 0)
    assert not any("nan" in sentence for sentence in (first, *others))


def test_a_reader_elsewhere_gets_the_same_reasons_in_other_figures() -> None:
    better = replace(RULE, roc_auc_active=0.874)
    found = chosen(replace(FIRST, roc_auc_active=0.871), SECOND, better)
    with using("de-DE"):
        said = told(found)
    assert "In AUC, active Recency and number of orders (0,874) stands before XGBoost (0,871)." in said


def test_an_owner_is_told_the_rule_by_which_it_was_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(champion: str, verdict: str = "", *, has_default: bool = True) -> str:
        board = (replace(row(champion, "model", 0.5, 0.5), is_champion=True, verdict=verdict),)
        gate = Gate("A rule", 0.6, 0.5, 0.02, has_default)
        monkeypatch.setattr("churnkit.services.decide.proof_words.gate_of", lambda _: gate)
        evidence = SimpleNamespace(champion_title=model_label(champion))
        found: Any = SimpleNamespace(evidence=evidence, champion=champion, leaderboard=board)
        return what_scores(found)

    assert "unless one of them was better on earlier dates by more than chance" in told("blend")
    assert "better on earlier dates than their average, by more than chance" in told("lightgbm")
    assert "everybody gets the shop's rate" in told("base_rate", f"scores: {NOTHING_TELLS}")
    assert "served best on earlier dates was taken" in told("lightgbm", has_default=False)
