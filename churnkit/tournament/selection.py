"""Who may win, and who does."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from churnkit.config import ScoreWeights, TournamentSettings
from churnkit.text.figures import percent, score, significant
from churnkit.tournament.baselines import BASE_RATE
from churnkit.tournament.entrants import Entrant, Validation
from churnkit.tournament.evaluation import Stakes, measure_folds
from churnkit.tournament.names import BLEND, NOTHING_TELLS, model_label
from churnkit.tournament.signal import standings


def leaderboard(
    entrants: Sequence[Entrant],
    validation: Validation,
    stakes: Stakes,
    settings: TournamentSettings,
    *,
    nothing_tells: bool = False,
) -> pd.DataFrame:
    """One row per entrant with its measures and what :func:`ranked` says of it, best first."""
    measured = {
        e.name: measure_folds(e.margin, validation.churned, validation.fold, stakes) for e in entrants
    }
    board = pd.DataFrame(
        [
            {
                "candidate": e.name,
                "kind": e.kind,
                **measured[e.name].overall,
                "calibration": e.calibration.method,
                "trials": e.trials,
                "fit_seconds": round(e.fit_seconds, 3),
                "members": " + ".join(e.members),
                "params": ", ".join(f"{k}={significant(v, 4)}" for k, v in e.params.items()),
            }
            for e in entrants
        ]
    )
    board = board.merge(standings(entrants, validation), on="candidate")
    by_fold = {name: one.by_fold for name, one in measured.items()}
    tolerance = settings.log_loss_tolerance
    return ranked(board, by_fold, settings.weights, tolerance, nothing_tells=nothing_tells)


def ranked(
    board: pd.DataFrame,
    by_fold: Mapping[str, Sequence[Mapping[str, float]]],
    weights: ScoreWeights,
    tolerance: float,
    *,
    nothing_tells: bool = False,
) -> pd.DataFrame:
    """The board with ``score``, ``eligible``, ``verdict`` and ``is_champion``, best first.

    Score = weighted mean of F1, recall, profit share (0 at least) and stability (1 - sd of F1 over folds). F1
    and recall alone would reward calling everybody a churner, so a gate on log loss comes first:

    - The blend is the default. Another model may win only where its log loss beats the best rule's, lies within the
      tolerance of the best, and its ``lead`` over the blend exceeds the standard error (see ``signal.standings``).
    - Where a rule leads the blend by more than the standard error, no model may win, and the rule with the lowest
      log loss does. Without a blend, or on the board of an earlier version, which lacks ``lead``, every model may win
      that beats the rules and lies within the tolerance.
    - Of those that may, the highest score wins; a score that is behind it by no more than the standard error of their
      paired difference over folds is no worse, and among such equals the lowest log loss wins.
    - Where ``nothing_tells``, because the winner's forecasts at past dates put customers in no order beyond chance, or its
      probabilities were no better than one rate for everybody there or in validation (``signal.tells_apart``), the base
      rate scores.

    Parameters
    ----------
    board
        ``candidate``, ``kind``, ``log_loss``, ``f1``, ``recall``, ``profit_share`` and ``f1_sd``, one row per entrant.
    by_fold
        The same measures by entrant in each fold, in the same order; an entrant that is not there ties with nobody.
    weights
        Of the four parts of the score.
    tolerance
        How far the log loss of who may win may lie above the best, as a share of it.
    """
    board = board.copy()
    board["score"] = [_score(row, float(row["f1_sd"]), weights) for row in board.to_dict("records")]
    board["eligible"], board["verdict"] = _eligibility(board, tolerance)
    champion = _champion(board, by_fold, weights)
    if nothing_tells:
        champion = BASE_RATE
        board["eligible"] = False
        board.loc[board["kind"] != "baseline", "verdict"] = "tells customers apart no better than chance"
        board.loc[board["candidate"] == champion, "verdict"] = f"wins because {NOTHING_TELLS}"
    board["is_champion"] = board["candidate"] == champion
    return board.sort_values(
        ["is_champion", "eligible", "score"], ascending=[False, False, False], ignore_index=True
    )


def _score(measures: Mapping[Any, Any], f1_sd: float, weights: ScoreWeights) -> float:
    parts = (
        (weights.f1, measures["f1"]),
        (weights.recall, measures["recall"]),
        (weights.profit, max(measures["profit_share"], 0.0)),
        (weights.stability, max(1.0 - f1_sd, 0.0)),
    )
    return sum(w * _or_nought(value) for w, value in parts) / sum(w for w, _ in parts)


def _or_nought(value: float) -> float:
    return 0.0 if math.isnan(value) else float(value)


def _champion(
    board: pd.DataFrame, by_fold: Mapping[str, Sequence[Mapping[str, float]]], weights: ScoreWeights
) -> str:
    pool = board[board["eligible"]]
    if pool.empty:
        winner = _lowest_loss(board[board["kind"] == "baseline"])
        board.loc[board["candidate"] == winner, "verdict"] = "wins because no model beat the simple rules"
        return winner
    scores = dict(zip(pool["candidate"], pool["score"], strict=True))
    leader = max(scores, key=lambda name: scores[name])
    tied = [
        name
        for name in scores
        if scores[leader] - scores[name]
        <= _standard_error(by_fold.get(leader, ()), by_fold.get(name, ()), weights)
    ]
    winner = _lowest_loss(pool[pool["candidate"].isin(tied)])
    if len(pool) == 1 and winner == BLEND:
        board.loc[board["candidate"] == winner, "verdict"] = (
            "wins as the default: no other is better beyond chance"
        )
        return winner
    others = ", ".join(model_label(name) for name in tied if name != winner)
    verdict = f"wins by the lowest log loss: its score ties with {others}" if others else "wins by its score"
    board.loc[board["candidate"] == winner, "verdict"] = verdict
    return winner


def _lowest_loss(rows: pd.DataFrame) -> str:
    return str(rows.sort_values(["log_loss", "candidate"])["candidate"].iloc[0])


def _standard_error(
    leader: Sequence[Mapping[str, float]], other: Sequence[Mapping[str, float]], weights: ScoreWeights
) -> float:
    """Of the mean difference of two scores over folds (without their stability part, which a fold does not have)."""
    if not (leader and other):
        return 0.0
    differences = np.array(
        [_score(a, 0.0, weights) - _score(b, 0.0, weights) for a, b in zip(leader, other, strict=True)]
    )
    return float(differences.std(ddof=1) / math.sqrt(len(differences))) if len(differences) > 1 else 0.0


def _leads(board: pd.DataFrame, of_blend: float) -> pd.Series:
    """Who is ahead of the blend beyond the error of the difference, and in the log loss as it stands too."""
    ahead: pd.Series = (board["lead"] > board["lead_error"]) & (board["log_loss"] < of_blend)
    return ahead


def _eligibility(board: pd.DataFrame, tolerance: float) -> tuple[np.ndarray, list[str]]:
    is_rule = board["kind"] == "baseline"
    best_rule = board.loc[is_rule, "log_loss"].min()
    best = board.loc[~is_rule, "log_loss"].min() if (~is_rule).any() else np.inf
    blend = board.loc[board["candidate"] == BLEND, "log_loss"]
    has_default = not blend.empty and "gain" in board and board["gain"].notna().all()
    leads = _leads(board, float(blend.iloc[0])) if has_default else pd.Series(False, board.index)
    rule_leads = bool((leads & is_rule).any())
    of_blend = score(float(blend.iloc[0]), 4) if has_default else ""
    eligible, verdicts = [], []
    for row, ahead in zip(board.to_dict("records"), leads, strict=True):
        loss = float(row["log_loss"])
        is_default = has_default and row["candidate"] == BLEND
        barred = ""
        if row["kind"] == "baseline":
            barred = "simple rule: the bar to clear"
        elif rule_leads if is_default else loss >= best_rule:
            barred = f"log loss {score(loss, 4)} does not beat the best simple rule's {score(best_rule, 4)}"
        elif has_default and not is_default and (rule_leads or not ahead):
            barred = (
                f"no better than the blend beyond chance (log loss {score(loss, 4)}, the blend's {of_blend})"
            )
        elif not is_default and loss > best * (1 + tolerance):
            barred = f"log loss more than {percent(tolerance)} above the best ({score(best, 4)})"
        eligible.append(not barred)
        verdicts.append(barred or "may win")
    return np.array(eligible), verdicts
