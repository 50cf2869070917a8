"""Who may win, and who does."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from churnkit.config import ScoreWeights, TournamentSettings
from churnkit.text.figures import percent, score, significant
from churnkit.tournament.entrants import Entrant, Validation
from churnkit.tournament.evaluation import Stakes, measure_folds
from churnkit.tournament.names import model_label


def leaderboard(
    entrants: Sequence[Entrant], validation: Validation, stakes: Stakes, settings: TournamentSettings
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
    by_fold = {name: one.by_fold for name, one in measured.items()}
    return ranked(board, by_fold, settings.weights, settings.log_loss_tolerance)


def ranked(
    board: pd.DataFrame,
    by_fold: Mapping[str, Sequence[Mapping[str, float]]],
    weights: ScoreWeights,
    tolerance: float,
) -> pd.DataFrame:
    """The board with ``score``, ``eligible``, ``verdict`` and ``is_champion``, best first.

    Score = weighted mean of F1, recall, profit share (0 at least) and stability (1 - sd of F1 over folds). F1
    and recall alone would reward calling everybody a churner, so only entrants may win whose calibrated log
    loss beats every baseline and lies within the tolerance of the best. Of those, the highest score wins; a
    score that is behind it by no more than the standard error of their paired difference over folds is no
    worse, and among such equals the lowest log loss wins. If nobody may win, the baseline with the lowest log
    loss does, and the verdict says so.

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


def _eligibility(board: pd.DataFrame, tolerance: float) -> tuple[np.ndarray, list[str]]:
    best_baseline = board.loc[board["kind"] == "baseline", "log_loss"].min()
    contenders = board[board["kind"] != "baseline"]
    best = contenders["log_loss"].min() if len(contenders) else np.inf
    eligible, verdicts = [], []
    for row in board.to_dict("records"):
        loss = float(row["log_loss"])
        if row["kind"] == "baseline":
            eligible.append(False)
            verdicts.append("simple rule: the bar to clear")
        elif loss >= best_baseline:
            eligible.append(False)
            verdicts.append(
                f"log loss {score(loss, 4)} does not beat the best simple rule's {score(best_baseline, 4)}"
            )
        elif loss > best * (1 + tolerance):
            eligible.append(False)
            verdicts.append(f"log loss more than {percent(tolerance)} above the best ({score(best, 4)})")
        else:
            eligible.append(True)
            verdicts.append("may win")
    return np.array(eligible), verdicts
