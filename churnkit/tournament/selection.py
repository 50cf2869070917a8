"""Who may win, and who does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from churnkit.config import TournamentSettings
from churnkit.tournament.entrants import Entrant, Validation
from churnkit.tournament.evaluation import Stakes, measure_folds


def leaderboard(
    entrants: Sequence[Entrant], validation: Validation, stakes: Stakes, settings: TournamentSettings
) -> pd.DataFrame:
    """One row per entrant with its measures, ``score``, ``eligible``, ``verdict`` and ``is_champion``, best first.

    Score = weighted mean of F1, recall, profit share (0 at least) and stability (1 - sd of F1 over folds). F1
    and recall alone would reward calling everybody a churner, so only entrants may win whose calibrated log
    loss beats every baseline and lies within the tolerance of the best. If none does, the baseline with the
    lowest log loss wins and the verdict says so.
    """
    rows = [
        {
            "candidate": e.name,
            "kind": e.kind,
            **measure_folds(e.margin, validation.churned, validation.fold, stakes),
            "calibration": e.calibration.method,
            "trials": e.trials,
            "fit_seconds": round(e.fit_seconds, 3),
            "members": " + ".join(e.members),
            "params": ", ".join(f"{k}={v:.4g}" for k, v in e.params.items()),
        }
        for e in entrants
    ]
    board = pd.DataFrame(rows)
    board["score"] = _score(board, settings)
    board["eligible"], board["verdict"] = _eligibility(board, settings.log_loss_tolerance)
    pool = board[board["eligible"]]
    if len(pool):
        champion = pool.sort_values(["score", "log_loss"], ascending=[False, True]).index[0]
    else:
        baselines = board[board["kind"] == "baseline"]
        champion = baselines.sort_values("log_loss").index[0]
        board.loc[champion, "verdict"] = "wins because no model beat the baselines"
    board["is_champion"] = board.index == champion
    return board.sort_values(
        ["is_champion", "eligible", "score"], ascending=[False, False, False], ignore_index=True
    )


def _score(board: pd.DataFrame, settings: TournamentSettings) -> pd.Series:
    weights = settings.weights
    stability = (1 - board["f1_sd"].fillna(0.0)).clip(lower=0.0)
    total = weights.f1 + weights.recall + weights.profit + weights.stability
    weighted = (
        weights.f1 * board["f1"].fillna(0.0)
        + weights.recall * board["recall"].fillna(0.0)
        + weights.profit * board["profit_share"].clip(lower=0.0)
        + weights.stability * stability
    )
    return weighted / total


def _eligibility(board: pd.DataFrame, tolerance: float) -> tuple[np.ndarray, list[str]]:
    best_baseline = board.loc[board["kind"] == "baseline", "log_loss"].min()
    contenders = board[board["kind"] != "baseline"]
    best = contenders["log_loss"].min() if len(contenders) else np.inf
    eligible, verdicts = [], []
    for row in board.itertuples():
        if row.kind == "baseline":
            eligible.append(False)
            verdicts.append("baseline: the bar to clear")
        elif row.log_loss >= best_baseline:
            eligible.append(False)
            verdicts.append(
                f"log loss {row.log_loss:.4f} does not beat the best baseline's {best_baseline:.4f}"
            )
        elif row.log_loss > best * (1 + tolerance):
            eligible.append(False)
            verdicts.append(f"log loss more than {tolerance:.0%} above the best ({best:.4f})")
        else:
            eligible.append(True)
            verdicts.append("may win")
    return np.array(eligible), verdicts
