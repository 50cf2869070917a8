"""Outside figures as columns of the panel, each as it was known at the cutoff.

They are equal for all customers of a cutoff: they can say that a time is good or bad, never who leaves. So they are tried
on the past dates before anything learns from them (:mod:`churnkit.tournament.indicator_trial`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

import numpy as np
import pandas as pd

from churnkit.config import Indicators

INDICATOR_PREFIX = "indicator_"
# A figure that was not renewed for so many of its own intervals is unknown, not unchanged.
_STALE_INTERVALS = 2.0
_STALE_LEAST_DAYS = 31


def indicator_columns(columns: Sequence[str] | pd.Index) -> list[str]:
    """Those of ``columns`` that hold outside figures."""
    return [str(name) for name in columns if str(name).startswith(INDICATOR_PREFIX)]


def with_indicators(panel: pd.DataFrame, indicators: Indicators | None) -> pd.DataFrame:
    """The panel with a column ``indicator_NAME`` for each outside figure, missing where none was known or it was old.

    At a cutoff counts the last row whose day, ``lag_days`` later, lies before the day of the cutoff. A row of that day
    itself does not: nobody knows when on the day it was published.
    """
    if indicators is None:
        return panel
    cutoffs = panel["cutoff"].drop_duplicates()
    known = {cutoff: known_at(indicators, pd.Timestamp(cutoff).to_pydatetime()) for cutoff in cutoffs}
    columns = {
        f"{INDICATOR_PREFIX}{name}": panel["cutoff"]
        .map({at: found[k] for at, found in known.items()})
        .astype(float)
        for k, name in enumerate(indicators.names)
    }
    return panel.assign(**columns)


def known_indicators(panel: pd.DataFrame, indicators: Indicators | None) -> pd.DataFrame:
    """:func:`with_indicators` without the figures that are known at none of the cutoffs."""
    joined = with_indicators(panel, indicators)
    unknown = [name for name in indicator_columns(joined.columns) if joined[name].isna().all()]
    return joined.drop(columns=unknown)


def known_at(indicators: Indicators, cutoff: datetime) -> tuple[float, ...]:
    """Each figure as it was known at ``cutoff``, NaN where it was not."""
    oldest = timedelta(days=max(_STALE_LEAST_DAYS, _STALE_INTERVALS * _interval_days(indicators.days)))
    lag = timedelta(days=indicators.lag_days)
    found = [np.nan] * len(indicators.names)
    for day, row in zip(indicators.days, indicators.values, strict=True):
        if day + lag >= cutoff.date():
            break
        if cutoff.date() - (day + lag) > oldest:
            continue
        found = [old if new is None else new for old, new in zip(found, row, strict=True)]
    return tuple(found)


def as_of_the_shop(rows: pd.DataFrame, shop: pd.DataFrame) -> pd.DataFrame:
    """``rows`` with the outside figures of ``shop``, whose rows are all of the same cutoff."""
    return rows.assign(**{name: shop[name].iloc[0] for name in indicator_columns(shop.columns)})


def _interval_days(days: Sequence[date]) -> float:
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    return float(median(gaps)) if gaps else 0.0
