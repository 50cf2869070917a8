"""Scores of two models in one file: which customers the newer one scores is drawn once and stays."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path

import pandas as pd

from churnkit.results.folders import Results

SCORES = (
    "p_churn",
    "risk_tier",
    "value_at_risk",
    "expected_orders",
    "expected_spend",
    "expected_spend_low",
    "expected_spend_high",
    "clv",
    "clv_low",
    "clv_high",
    "clv_if_kept",
    "clv_if_lost",
    "factor_1",
    "factor_2",
    "factor_3",
)
SCORED_BY = "scored_by_run"


def is_chosen(salt: str, customer_id: str, percent: int) -> bool:
    """Whether a customer is among the first ``percent`` of 100; who is at 10 is at 50 too.

    Examples
    --------
    >>> [is_chosen("shop", "4711", percent) for percent in (0, 100)]
    [False, True]
    """
    digest = hashlib.sha256(f"{salt}\n{customer_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 100 < percent


class RolledOut(Results):
    """A run whose chosen customers have the scores of another run of the same date.

    Parameters
    ----------
    base
        The run on screen.
    challenger
        Folder of the other model's run.
    percent, salt
        As for :func:`is_chosen`.
    """

    def __init__(self, base: Results, challenger: Path, percent: int, salt: str) -> None:
        super().__init__(base.folder, base.fallback_currency, base.priced)
        self._challenger = Results(challenger, base.fallback_currency)
        self._percent = percent
        self._salt = salt

    @cached_property
    def customers(self) -> pd.DataFrame:
        """One row per customer, by the rank of the run on screen, with ``scored_by_run``."""
        shown = Results(self.folder, self.fallback_currency, self.priced).customers
        return mixed(
            shown,
            self._challenger.customers,
            (self.folder.name, self._challenger.folder.name),
            self._percent,
            self._salt,
        )


def mixed(
    shown: pd.DataFrame, other: pd.DataFrame, runs: tuple[str, str], percent: int, salt: str
) -> pd.DataFrame:
    """``shown`` with the ``SCORES`` of ``other`` for the chosen customers that both know, and ``scored_by_run``."""
    chosen = shown["customer_id"].map(lambda one: is_chosen(salt, str(one), percent))
    chosen &= shown["customer_id"].isin(other["customer_id"])
    theirs = other.set_index("customer_id").reindex(shown["customer_id"]).reset_index(drop=True)
    result = shown.reset_index(drop=True).copy()
    there = chosen.reset_index(drop=True)
    for name in SCORES:
        if name in result and name in theirs:
            result[name] = result[name].where(~there, theirs[name])
    result[SCORED_BY] = there.map({True: runs[1], False: runs[0]})
    return result
