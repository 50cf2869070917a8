"""The validation customers with what every entrant said of them: kept with a run, to be measured again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.tournament.entrants import Entrant, Validation
from churnkit.tournament.evaluation import FoldMeasures, Stakes, measure_folds

FACTS = ("fold", "churned", "recency_days", "value_at_stake", "contact_cost", "save_rate")
"""Columns of ``validation.parquet`` beside those of the entrants, which are called as they are in the leaderboard."""
METHOD = "|"
"""Between an entrant's name and a method of calibration, in the columns of log-odds by method."""


@dataclass(frozen=True)
class Validated:
    """Rows of customers at validation dates, each customer once; arrays of shape (n,).

    Attributes
    ----------
    fold
        Number of the fold that the customer was validated in.
    margins
        Calibrated log-odds by entrant.
    by_method
        Log-odds by entrant and method of calibration; empty where only the chosen one was kept.
    """

    churned: np.ndarray
    fold: np.ndarray
    recency_days: np.ndarray
    stakes: Stakes
    margins: Mapping[str, np.ndarray]
    by_method: Mapping[str, Mapping[str, np.ndarray]]

    def measured(self, name: str) -> FoldMeasures:
        """What the leaderboard says of an entrant, and each fold by itself."""
        return measure_folds(self.margins[name], self.churned, self.fold, self.stakes)


def validation_frame(
    entrants: Mapping[str, Entrant], validation: Validation, stakes: Stakes, recency_days: np.ndarray
) -> pd.DataFrame:
    """One row per validation row: ``FACTS``, the calibrated log-odds of every entrant, and those by every method."""
    return pd.DataFrame(
        {
            "fold": validation.fold.astype("int8"),
            "churned": validation.churned,
            "recency_days": recency_days.astype("float32"),
            "value_at_stake": stakes.value,
            "contact_cost": stakes.contact_cost,
            "save_rate": stakes.save_rate,
            **{name: one.margin.astype("float32") for name, one in entrants.items()},
            **{
                f"{name}{METHOD}{method}": margin.astype("float32")
                for name, one in entrants.items()
                for method, margin in one.calibration.options.items()
            },
        }
    )


def validated(frame: pd.DataFrame) -> Validated:
    """The reverse of :func:`validation_frame`."""
    columns = {name: frame[name].to_numpy(dtype=float) for name in frame.columns}
    entrants = [name for name in columns if name not in FACTS]
    by_method: dict[str, dict[str, np.ndarray]] = {}
    for name in entrants:
        entrant, sign, method = name.partition(METHOD)
        if sign:
            by_method.setdefault(entrant, {})[method] = columns[name]
    return Validated(
        churned=columns["churned"],
        fold=columns["fold"].astype(int),
        recency_days=columns["recency_days"],
        stakes=Stakes(
            columns["value_at_stake"], float(columns["contact_cost"][0]), float(columns["save_rate"][0])
        ),
        margins={name: columns[name] for name in entrants if METHOD not in name},
        by_method=by_method,
    )
