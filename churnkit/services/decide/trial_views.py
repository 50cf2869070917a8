"""The sets of parameters that were tried."""

from __future__ import annotations

import pandas as pd

from churnkit.results.folders import Results

_OUTCOMES = {
    "chosen": "★ chosen",
    "complete": "tried on all folds",
    "given up": "given up early",
    "failed": "failed",
}


def tuned_models(results: Results) -> list[str]:
    """Models with trials, the champion first; none where nothing was tuned, or in an earlier run."""
    trials = results.trials
    if trials is None or not len(trials):
        return []
    tried = set(trials["candidate"])
    listed = [row.candidate for row in results.leaderboard if row.candidate in tried]
    return [*listed, *sorted(tried - set(listed))]


def trials_view(results: Results, candidate: str) -> pd.DataFrame:
    """One row per set of one model, the best first: ``trial`` from 1, ``params``, ``log_loss``, ``folds``, ``fit_seconds``,
    ``outcome`` in words."""
    trials = results.trials
    assert trials is not None
    rows = trials[trials["candidate"] == candidate].sort_values("log_loss", na_position="last", kind="stable")
    reasons = rows["reason"].fillna("")
    outcomes = rows["outcome"].map(lambda one: _OUTCOMES.get(one, one))
    return pd.DataFrame(
        {
            "trial": rows["trial"] + 1,
            "params": rows["params"].where(rows["params"] != "", "its defaults"),
            "log_loss": rows["log_loss"],
            "folds": rows["folds"],
            "fit_seconds": rows["fit_seconds"],
            "outcome": outcomes.where(reasons == "", outcomes + ": " + reasons),
        }
    ).reset_index(drop=True)
