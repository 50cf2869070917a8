"""Every measure of every model with what is to be thought of it, and the ranking under other weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from churnkit.config import ScoreWeights
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.results.interval import Interval
from churnkit.results.leaderboard import LeaderboardRow
from churnkit.results.rows import frame_of
from churnkit.text.columns import column
from churnkit.text.figures import counted, percent, score, significant
from churnkit.tournament.measure_intervals import ACTIVE_AUC, MEASURES, measure_intervals
from churnkit.tournament.names import BLEND, NOTHING_TELLS, model_label
from churnkit.tournament.selection import ranked
from churnkit.tournament.validated import validated

SHOWN_MEASURES = (ACTIVE_AUC, *MEASURES)
"""In the order of the table."""

_EARLIER = (
    "This analysis was made before the validation customers were kept. Start it again to see intervals, the spread over"
    " folds and ties under other weights."
)
_NOBODY = "No model competed here, so there is nothing to measure."


@dataclass(frozen=True)
class Remeasured:
    """The figures of the leaderboard worked out again: by model and measure with 95 % intervals, and by model and fold."""

    intervals: Mapping[str, Mapping[str, Interval]]
    by_fold: Mapping[str, Sequence[Mapping[str, float]]]


def remeasured(results: Results) -> Found[Remeasured] | Missing:
    """Takes about a second on a shop of some thousand customers: a page keeps it."""
    if results.validation is None:
        return Missing(_EARLIER if results.leaderboard else _NOBODY)
    found = validated(results.validation)
    thresholds = {row.candidate: row.threshold for row in results.leaderboard}
    return Found(
        Remeasured(
            intervals=measure_intervals(found, thresholds, results.horizon_days),
            by_fold={name: found.measured(name).by_fold for name in found.margins},
        )
    )


def measure_title(name: str) -> str:
    """A measure as it is called on screen."""
    return column(name).title


def model_measures(results: Results, candidate: str, again: Remeasured) -> pd.DataFrame:
    """One row per measure of one model: ``name``, ``value``, ``words`` (interval), ``spread``, ``worst``, ``best`` (over
    folds), ``test``, ``help``."""
    row = next(one for one in results.leaderboard if one.candidate == candidate)
    by_fold = again.by_fold.get(candidate, ())
    lines = []
    for name in SHOWN_MEASURES:
        folds = [fold[name] for fold in by_fold if name in fold and not math.isnan(fold[name])]
        around = again.intervals.get(candidate, {}).get(name)
        lines.append(
            {
                "name": measure_title(name),
                "value": getattr(row, name),
                "words": interval_words(around),
                "spread": float(pd.Series(folds).std()) if len(folds) > 1 else math.nan,
                "worst": min(folds, default=math.nan),
                "best": max(folds, default=math.nan),
                "test": getattr(row, f"test_{name}", math.nan),
                "help": column(name).help,
            }
        )
    return pd.DataFrame(lines)


def interval_words(around: Interval | None) -> str:
    """``0.712 to 0.754``; empty where there is none."""
    if around is None or math.isnan(around.low):
        return ""
    return f"{score(around.low)} to {score(around.high)}"


def _competed(row: LeaderboardRow) -> bool:
    """Whether it could be fitted: who could not stepped aside and has no figures."""
    return not math.isnan(row.log_loss)


@dataclass(frozen=True)
class Gate:
    """What must be passed before a score counts. Log losses, the best one of the rules and of the models.

    ``has_default``: whether the blend scored unless somebody led it beyond chance; False in runs of earlier versions.
    """

    best_rule: str
    best_rule_loss: float
    best_model_loss: float
    tolerance: float
    has_default: bool = False

    @property
    def words(self) -> str:
        """The gate in sentences."""
        if self.has_default:
            return (
                "The blend is the default, and no weight changes what another model must show to win in its place: a log"
                f" loss below the blend's by more than the standard error of the difference, below that of the best simple"
                f" rule ({self.best_rule}: {score(self.best_rule_loss, 4)}) and at most {percent(self.tolerance)} above the"
                f" best model's ({score(self.best_model_loss, 4)}). Among those that may win, the highest score does; a"
                " score that is behind it by no more than its standard error over folds is a tie, and of tied ones the"
                " lowest log loss wins. Where nobody tells customers apart beyond chance, all get the churn rate."
            )
        limit = self.best_model_loss * (1 + self.tolerance)
        return (
            "Before the score counts, a model must pass a gate on log loss, which no weight changes: it must lie below that"
            f" of the best simple rule ({self.best_rule}: {score(self.best_rule_loss, 4)}) and at most"
            f" {percent(self.tolerance)} above the best model's ({score(self.best_model_loss, 4)}, so up to"
            f" {score(limit, 4)}). F1 and recall alone would reward calling everybody a leaver; log loss pays only for"
            " probabilities that are right. Among those that pass, the highest score wins; a score that is behind by no more"
            " than its standard error over folds is a tie, and of tied ones the lowest log loss wins."
        )


def gate_of(results: Results) -> Gate | None:
    """The gate of a run; None where nobody competed."""
    rules = [row for row in results.leaderboard if row.kind == "baseline"]
    models = [row.log_loss for row in results.leaderboard if row.kind != "baseline" and _competed(row)]
    if not rules or not models:
        return None
    best = min(rules, key=lambda row: row.log_loss)
    tolerance = results.summary.settings.tournament.log_loss_tolerance
    has_default = any(row.candidate == BLEND and not math.isnan(row.gain) for row in results.leaderboard)
    return Gate(model_label(best.candidate), best.log_loss, min(models), tolerance, has_default)


@dataclass(frozen=True)
class Ranking:
    """The leaderboard under some weights.

    Attributes
    ----------
    table
        ``place``, ``name`` (with a star for who would win), ``score``, ``gate``, ``f1``, ``recall``, ``profit_share``,
        ``stability``, ``log_loss``, ``verdict``; best first.
    winner
        Who would win, as the leaderboard calls it.
    """

    table: pd.DataFrame
    winner: str


def ranking_under(
    results: Results,
    by_fold: Mapping[str, Sequence[Mapping[str, float]]],
    weights: ScoreWeights,
) -> Ranking:
    """The ranking that a run would have had under other weights: of the same fits, nothing is trained again.

    Without figures by fold, as of an earlier run, nobody ties.
    """
    tolerance = results.summary.settings.tournament.log_loss_tolerance
    competed = [row for row in results.leaderboard if _competed(row)]
    aside = [row for row in results.leaderboard if not _competed(row)]
    # Found of whoever won then: what another's forecasts at past dates were worth, nobody tried.
    nothing = any(row.is_champion and row.verdict.endswith(NOTHING_TELLS) for row in competed)
    table = frame_of(LeaderboardRow, competed)
    board = ranked(table, by_fold, weights, tolerance, nothing_tells=nothing)
    winner = str(board["candidate"].iloc[0])
    board = pd.concat([board, frame_of(LeaderboardRow, aside)], ignore_index=True) if aside else board
    table = pd.DataFrame(
        {
            "place": range(1, len(board) + 1),
            "name": [f"{'★ ' if n == winner else ''}{model_label(n)}" for n in board["candidate"]],
            "score": board["score"],
            "gate": [_gate_words(row) for row in board.to_dict("records")],
            **{name: board[name] for name in ("f1", "recall", "profit_share")},
            "stability": 1 - board["f1_sd"],
            "log_loss": board["log_loss"],
            "verdict": board["verdict"],
        }
    )
    return Ranking(table, winner)


def _gate_words(row: Mapping[str, object] | Mapping[object, object]) -> str:
    if row["kind"] == "baseline":
        return "simple rule"
    if math.isnan(float(str(row["log_loss"]))):
        return "stepped aside"
    return "passes" if row["eligible"] else "does not pass"


def weights_words(weights: ScoreWeights) -> str:
    """``40 % F1, 30 % recall, 20 % profit share, 10 % stability``."""
    total = weights.f1 + weights.recall + weights.profit + weights.stability
    parts = (
        (weights.f1, "F1"),
        (weights.recall, "recall"),
        (weights.profit, "profit share"),
        (weights.stability, "stability"),
    )
    return ", ".join(f"{percent(value / total)} {name}" for value, name in parts)


def training_words(row: LeaderboardRow) -> str:
    """What its training took and chose."""
    if math.isnan(row.fit_seconds):
        return ""
    tried = (
        ""
        if row.kind != "model" or math.isnan(row.trials)
        else f", {counted(row.trials, 'set')} of parameters tried"
    )
    chosen = f" Chosen: {row.params}." if row.params else ""
    return f"Training took {significant(row.fit_seconds)} seconds, added up over all fits{tried}.{chosen}"
