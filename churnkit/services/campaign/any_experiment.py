"""A table of any experiment: who was contacted, what came of it, and on whom the contact worked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from churnkit.errors import DataError
from churnkit.experiments.matching import Matched, match
from churnkit.experiments.randomisation import NotRandomised
from churnkit.experiments.uplift import Terms, UpliftAnalysis, analyse_uplift, numeric_features
from churnkit.text import figures

MAX_CATEGORIES = 20
_LEARNERS = {
    "two_model": "Two models",
    "x_learner": "X-learner",
    "transformed": "Transformed outcome",
}
_PLANNED = "The plan's order, by expected gain"


def read_experiment(table: pd.DataFrame) -> pd.DataFrame:
    """An experiment's table, given as text: columns of numbers as numbers."""
    return pd.DataFrame({name: _numeric_or_text(table[name]) for name in table})


@dataclass(frozen=True)
class Experiment:
    """Which column of an experiment's table is which.

    Attributes
    ----------
    arm, contacted, spared
        The column that says who was contacted, and its two values (as text); rows with another one are left out.
    outcome
        A column of numbers: money, or 0 and 1.
    contact_cost
        In the outcome's unit.
    not_features
        Columns that were not known before the contact.
    """

    arm: str
    contacted: str
    spared: str
    outcome: str
    contact_cost: float
    not_features: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkedOut:
    """An experiment's uplift, or why it was refused."""

    analysis: UpliftAnalysis | None
    refused: str


def work_out_experiment(table: pd.DataFrame, wish: Experiment) -> WorkedOut:
    """Uplift of an experiment that was random, by the share that its own arms have; else the refusal in words.

    Raises
    ------
    DataError
        If the outcome is not a number everywhere, or an arm is too small.
    """
    features, treated, outcome = _arms(table, wish)
    try:
        found = analyse_uplift(
            features,
            treated,
            outcome,
            Terms(treated_share=float(treated.mean()), contact_cost=wish.contact_cost),
        )
    except NotRandomised as refusal:
        return WorkedOut(None, f"{refusal.message} {refusal.remedy}")
    return WorkedOut(found, "")


def compare_alike(table: pd.DataFrame, wish: Experiment) -> Matched:
    """Matching of alike customers, for contacts that were not random; missing numbers take the median."""
    features, treated, outcome = _arms(table, wish)
    filled = features.fillna(features.median()).fillna(0.0)
    return match(filled, treated, outcome)


def learner_table(found: UpliftAnalysis) -> pd.DataFrame:
    """Each way of learning with its Qini on customers it was not fitted on: ``learner``, ``qini``, ``low``, ``high``.

    Last the plan's own order, where there is one.
    """
    curves = [(_LEARNERS[name], curve) for name, curve in found.curves.items()]
    if found.planned is not None:
        curves.append((_PLANNED, found.planned))
    rows = [
        {
            "learner": name,
            "qini": curve.coefficient.value,
            "low": curve.coefficient.low,
            "high": curve.coefficient.high,
            "verdict": "beats random" if curve.beats_random else "no better than random",
        }
        for name, curve in curves
    ]
    return pd.DataFrame(rows)


def _arms(table: pd.DataFrame, wish: Experiment) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    value = table[wish.arm].astype(str)
    rows = table[value.isin([wish.contacted, wish.spared])]
    outcome = pd.to_numeric(rows[wish.outcome], errors="coerce").to_numpy(dtype=float)
    if not np.isfinite(outcome).all():
        raise DataError(
            f"Reading an experiment: the outcome {wish.outcome!r} must be a number for everybody, but"
            f" {figures.count(int((~np.isfinite(outcome)).sum()))} of {figures.count(len(rows))} rows have none.",
            "Choose another column, or fill it.",
        )
    known = [c for c in rows if c not in (wish.arm, wish.outcome, *wish.not_features)]
    usable = [c for c in known if is_numeric_dtype(rows[c]) or rows[c].nunique() <= MAX_CATEGORIES]
    if not usable:
        raise DataError(
            "Reading an experiment: at least one column must tell something that was known before the contact.",
            "Add such columns, or leave fewer out.",
        )
    treated = (value[rows.index] == wish.contacted).to_numpy()
    return numeric_features(rows[usable]).reset_index(drop=True), treated, outcome


def _numeric_or_text(column: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce")
    return numbers if numbers.notna().sum() == column.notna().sum() else column.fillna("").astype(str)
