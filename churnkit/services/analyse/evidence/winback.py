"""Win back: what the lapsed of earlier dates did, and what that says of those of now."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from churnkit.results.evidence.winback import WinBack
from churnkit.results.found import Found, Missing
from churnkit.text import figures
from churnkit.tournament.backtest import PastOutcome
from churnkit.tournament.quality import last_windows

# Fewer lapsed customers than that tell no share.
MIN_LAPSED = 20


def win_back(
    past: Sequence[PastOutcome],
    lapsed_p_churn: np.ndarray,
    horizon_days: int,
    margin: float,
    currency: str | None,
) -> Found[WinBack] | Missing:
    """The lapsed customers of now against those of the last windows that do not overlap.

    Parameters
    ----------
    past
        Forecasts and outcomes at past cutoffs.
    lapsed_p_churn
        Probability of churn of each customer who is silent for longer than the threshold now, shape (n,).
    margin
        Share of spend that is kept, 0 to 1.
    """
    if not len(lapsed_p_churn):
        return Missing("No customer has been silent for longer than the threshold.")
    windows = [o.among(o.recency_days > horizon_days) for o in last_windows(past, horizon_days)]
    windows = [outcome for outcome in windows if len(outcome.churned)]
    lapsed_then = sum(len(outcome.churned) for outcome in windows)
    if lapsed_then < MIN_LAPSED:
        return Missing(
            f"At earlier dates {figures.count(lapsed_then)} customers had lapsed, too few to tell how many come back:"
            f" {figures.count(MIN_LAPSED)} are needed."
        )
    shares = [1.0 - float(outcome.churned.mean()) for outcome in windows]
    returned = int(sum((1 - outcome.churned).sum() for outcome in windows))
    spend = float(sum(outcome.actual_spend[outcome.churned == 0].sum() for outcome in windows))
    each = spend / returned if returned else 0.0
    expected = float((1 - lapsed_p_churn).sum())
    return Found(
        WinBack(
            lapsed=len(lapsed_p_churn),
            expected_returns=expected,
            windows=len(windows),
            lapsed_then=lapsed_then,
            returned_then=returned,
            return_share=returned / lapsed_then,
            return_share_low=min(shares),
            return_share_high=max(shares),
            spend_each=each,
            worth=expected * each * margin,
            words=_words(len(lapsed_p_churn), expected, returned / lapsed_then, shares, each, currency),
        )
    )


def _words(
    lapsed: int, expected: float, share: float, shares: Sequence[float], each: float, currency: str | None
) -> str:
    dates = "an earlier date" if len(shares) == 1 else f"{figures.count(len(shares))} earlier dates"
    if share == 0:
        return (
            f"Of the customers who had lapsed at {dates} none came back within one threshold: there is nobody to be"
            f" won back by waiting among the {figures.count(lapsed)} lapsed now."
        )
    spread = (
        ""
        if len(shares) == 1
        else f" (from {figures.percent(min(shares))} to {figures.percent(max(shares))} by date)"
    )
    return (
        f"Of the customers who had lapsed at {dates} {figures.percent(share)} came back within one threshold{spread},"
        f" and brought {figures.money(each, currency)} each. Of the {figures.count(lapsed)} lapsed now"
        f" {figures.count(expected)} are expected to, contacted or not."
    )
