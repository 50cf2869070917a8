"""Learning what a stretch of days brings, as of a date, from what earlier customers brought by then."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from churnkit.clv.bands import fit_bands
from churnkit.clv.year.ahead import season, thinning
from churnkit.clv.year.known import YEAR_DAYS, KnownThen, Lesson, own_window
from churnkit.clv.year.model import own_spend, return_weight, stretch_values
from churnkit.clv.year.pause import over_last_year, pause_days, spread_after
from churnkit.clv.year.shares import DEFAULT_KEPT, DEFAULT_LOST, fit_shares
from churnkit.features.purchase_process import fit_process
from churnkit.results.year_forecast import YearBasis, YearRule, YearShares

# A total carried by n customers' worth of money is trusted n / (n + 40): chance alone moves it by 1 / sqrt(n), levels
# of shops differ by some 15 %.
_LEVEL_PRIOR = 40.0
_SMALL_BEGINNING = 0.5
_NEWCOMER_QUANTILE = 0.99
_UNLEARNED_HIGH = 3.0
SPREAD_OF_WHOLE, SPREAD_OF_PART = 0.15, 0.30
"""Standard deviation of log(actual / forecast) of totals that is assumed before any test has been seen."""
_THUMB_DAYS = 70.0
"""What customers bring in a year after a history of n days came to 365 / (n + 70) times what they had brought in it: seven
shops cut to 12 to 150 days (`tests/benchmarks/short_histories.py`)."""
_SHORT_SPREADS = ([30.0, 60.0, 180.0], [0.65, 0.50, SPREAD_OF_PART])
"""Days of history, and how far such forecasts were off there: standard deviations of log(actual / forecast)."""


Cap = Literal["share", "own"]


@dataclass(frozen=True)
class Seen:
    """Customers at the cutoffs of a lesson with the net spend that followed, all stacked; arrays of shape (n,)."""

    rows: pd.DataFrame
    p_churn: np.ndarray
    spend_if_buying: np.ndarray
    spend: np.ndarray


@dataclass(frozen=True)
class ShopLevel:
    """What all customers of the shop brought.

    Attributes
    ----------
    by_day
        As :func:`churnkit.clv.revenue.revenue_by_day` gives it.
    known_share
        Share of the revenue of the lesson's days that came from the customers who were known before them.
    """

    by_day: pd.DataFrame
    known_share: float

    def last_year(self, as_of: datetime) -> float:
        """Net revenue of the 365 days before ``as_of``."""
        day = self.by_day["day"]
        recent = (day < as_of) & (day >= as_of - timedelta(days=YEAR_DAYS))
        return float(self.by_day.loc[recent, "net"].sum())

    def began_small(self, as_of: datetime) -> bool:
        """Whether the shop began with its history: the first tenth of the days brought less than half of their share.

        An export that was cut begins with the trade of a shop that is known to its customers.
        """
        past = self.by_day[self.by_day["day"] < as_of]
        total = float(past["net"].sum())
        if past.empty or total <= 0:
            return False
        first = past["day"].iloc[0]
        early = past["day"] < first + (as_of - first) / 10
        return float(past.loc[early, "net"].sum()) < _SMALL_BEGINNING * total / 10


@dataclass(frozen=True)
class Fitted:
    """A rule as of a date, what it rests on and its forecast of the customers known then (net revenue, money).

    ``cap`` is what held the total, if anything did: the share of known customers, or their own last year. ``pause`` is
    for how many days of the last year the shop was closed, where the total follows from that.
    """

    rule: YearRule
    basis: YearBasis
    total: float
    cap: Cap | None
    pause: int = 0


def stack(lesson: Lesson, known: Mapping[datetime, KnownThen], spent: pd.DataFrame) -> Seen:
    """The customers of all cutoffs of the lesson; ``spent`` as :func:`churnkit.clv.revenue.net_spend` gives it."""
    parts = [known[cutoff] for cutoff in lesson.cutoffs]
    return Seen(
        rows=pd.concat([part.rows for part in parts], ignore_index=True),
        p_churn=np.concatenate([part.p_churn for part in parts]),
        spend_if_buying=np.concatenate([part.spend_if_buying for part in parts]),
        spend=np.concatenate(
            [
                spend_of(part.rows, spent, *window)
                for part, window in zip(parts, lesson.windows(), strict=True)
            ]
        ),
    )


def spend_of(rows: pd.DataFrame, spent: pd.DataFrame, start: datetime, end: datetime) -> np.ndarray:
    """Net spend of the customers of ``rows`` in one window, 0 for whom nothing is noted; shape (n,)."""
    chosen = spent[(spent["start"] == start) & (spent["end"] == end)].set_index("customer_id")["spend"]
    found: np.ndarray = rows["customer_id"].map(chosen).fillna(0.0).to_numpy(dtype=float)
    return found


def fit_as_of(
    today: KnownThen,
    lesson: Lesson | None,
    seen: Seen | None,
    shop: ShopLevel,
    history_start: datetime,
    horizon_days: int,
    days: int,
) -> Fitted:
    """The rule for ``days`` after ``today.cutoff``.

    Shares are learned on the lesson's days and their total is set right. Where the lesson was shorter, the level is
    carried on by the process and the season, then drawn towards what the same customers brought in their last year: the
    more of the stretch was seen, the less. Where nothing was seen after an earlier date in less than a year, the total is
    a rule of thumb. After a pause of the shop it follows from the customers' last year, whatever was seen before.
    """
    history_days = (today.cutoff - history_start).days
    if lesson is None or seen is None:
        rule = _unlearned(horizon_days, own_window(history_days), days, today.spend_if_buying)
        share_seen = 0.0
    else:
        observed = (lesson.cutoffs[0] - history_start).days
        rule = _learn(seen, horizon_days, own_window(observed), lesson.days)
        share_seen = min(1.0, lesson.days / days)
    basis = _basis(lesson, history_days)
    cap: Cap | None = None
    if lesson is None and history_days < YEAR_DAYS:
        rule = _by_thumb(rule, today, history_days)
    elif basis != "learned":
        rule = _carried(rule, today, lesson, shop, days)
        rule = _towards_last_year(rule, today, history_days, share_seen)
    if basis == "seasonal" and days >= YEAR_DAYS:
        rule, cap = _held(rule, today, shop)
        rule = _half_way_to_repetition(rule, today)
    if basis != "learned":
        rule = replace(rule, spread=float(np.interp(history_days, *_SHORT_SPREADS)))
    pause = pause_days(shop.by_day, today.cutoff) if days >= YEAR_DAYS else 0
    if pause:
        rule, cap = _after_pause(rule, today, pause), None
    return Fitted(rule, basis, _total(rule, today), cap, pause)


def _basis(lesson: Lesson | None, history_days: int) -> YearBasis:
    if lesson is not None and lesson.whole_stretch:
        return "learned"
    return "seasonal" if lesson is not None and history_days >= YEAR_DAYS else "last_year"


def _unlearned(horizon_days: int, own_days: int, days: int, spend_if_buying: np.ndarray) -> YearRule:
    typical = float(np.mean(spend_if_buying)) * days / horizon_days if len(spend_if_buying) else 0.0
    return YearRule(
        days=days,
        horizon_days=horizon_days,
        own_days=own_days,
        kept=DEFAULT_KEPT,
        lost=DEFAULT_LOST,
        level=1.0,
        newcomer=typical,
        edges=(0.0,),
        low=(0.0,),
        high=(_UNLEARNED_HIGH,),
        spread=SPREAD_OF_PART,
    )


def _learn(seen: Seen, horizon_days: int, own_days: int, days: int) -> YearRule:
    """Shares, level and intervals of the lesson's own days."""
    pace = seen.spend_if_buying * days / horizon_days
    own = own_spend(seen.rows, own_days) * days / own_days
    bought = seen.rows["churned"].to_numpy(dtype=float) == 0
    ones = np.ones(len(pace))
    kept = fit_shares(pace[bought], own[bought], ones[bought], seen.spend[bought], DEFAULT_KEPT)
    gone = ~bought
    lost = fit_shares(
        pace[gone], own[gone], return_weight(seen.p_churn[gone]), seen.spend[gone], DEFAULT_LOST
    )
    rule = YearRule(
        days=days,
        horizon_days=horizon_days,
        own_days=own_days,
        kept=kept,
        lost=lost,
        level=1.0,
        newcomer=_newcomer(seen, bought, kept),
        edges=(0.0,),
        low=(0.0,),
        high=(_UNLEARNED_HIGH,),
        spread=SPREAD_OF_WHOLE,
    )
    return _calibrated(rule, seen)


def _newcomer(seen: Seen, bought: np.ndarray, kept: YearShares) -> float:
    """Mean spend of kept customers with one order so far; the upper 1 % count as its bound."""
    spend = np.clip(seen.spend[bought & (seen.rows["order_count"] == 1).to_numpy()], 0.0, None)
    if len(spend) == 0:
        return kept.base
    return float(np.minimum(spend, np.quantile(spend, _NEWCOMER_QUANTILE)).mean())


def _calibrated(rule: YearRule, seen: Seen) -> YearRule:
    """The total of what was seen, as far as it is not chance; intervals from what is then left."""
    expected = _expected(rule, seen.rows, seen.p_churn, seen.spend_if_buying)
    actual, forecast = float(seen.spend.sum()), float(expected.sum())
    if actual > 0 and forecast > 0:
        carriers = actual**2 / float((seen.spend**2).sum())
        level = (actual / forecast) ** (carriers / (carriers + _LEVEL_PRIOR))
        rule = _at_level(rule, level)
        expected = _expected(rule, seen.rows, seen.p_churn, seen.spend_if_buying)
    bands = fit_bands(seen.spend, expected)
    return replace(
        rule,
        edges=tuple(bands.edges.tolist()),
        low=tuple(bands.low.tolist()),
        high=tuple(bands.high.tolist()),
    )


def _at_level(rule: YearRule, factor: float) -> YearRule:
    """All values times ``factor``."""
    return replace(
        rule,
        level=rule.level * factor,
        newcomer=rule.newcomer * factor,
        edges=tuple(edge * factor for edge in rule.edges),
    )


def _by_thumb(rule: YearRule, today: KnownThen, history_days: int) -> YearRule:
    """The total that other shops' customers brought after so short a history.

    The pace of a few weeks carried on to a year would be several times too much: who is known after a month was known
    for buying in it.
    """
    brought, total = float(today.rows["monetary_total"].clip(lower=0.0).sum()), _total(rule, today)
    expected = brought * rule.days / (history_days + _THUMB_DAYS)
    return _at_level(rule, expected / total) if expected > 0 and total > 0 else rule


def _carried(rule: YearRule, today: KnownThen, lesson: Lesson | None, shop: ShopLevel, days: int) -> YearRule:
    """The rule of a shorter stretch for ``days``: as long again and again, but thinning out, and of the year's level.

    A process that cannot tell who has dropped out knows of no thinning: then customers are taken to give way to
    newcomers once more as far as they did in the stretch that was seen.
    """
    process = fit_process(today.rows)
    tells = process is not None and process.tells_dropout
    level = 1.0
    if days > rule.days:
        level = thinning(process, today.rows, rule.days, days) if tells else shop.known_share
    if lesson is not None and days >= YEAR_DAYS:
        level *= season(process, shop.by_day, *lesson.windows()[0], today.cutoff)
    longer = days / rule.days
    stretched = replace(
        rule,
        days=days,
        kept=replace(rule.kept, base=rule.kept.base * longer),
        lost=replace(rule.lost, base=rule.lost.base * longer),
        newcomer=rule.newcomer * longer,
        edges=tuple(edge * longer for edge in rule.edges),
        spread=SPREAD_OF_PART,
    )
    return _at_level(stretched, level)


def _towards_last_year(rule: YearRule, today: KnownThen, history_days: int, share_seen: float) -> YearRule:
    """The level drawn to last year's spend of the same customers, as far as they are still there."""
    own_days = own_window(history_days)
    own = own_spend(today.rows, own_days) * rule.days / own_days
    still = float((own * today.rows["p_alive"].fillna(1.0).to_numpy(dtype=float)).sum())
    total = _total(rule, today)
    return rule if total <= 0 or still <= 0 else _at_level(rule, (still / total) ** (1 - share_seen))


def _held(rule: YearRule, today: KnownThen, shop: ShopLevel) -> tuple[YearRule, Cap | None]:
    """The rule with a total of at most what known customers bring to a year like the last; what held it, if anything.

    With a year of history but no whole year after an earlier date, nothing tells growth from a season: the next year is
    taken to be no larger, and newcomers to bring the share of it that they brought before. A shop that began with its
    history has grown, so that would be far too little: there customers bring at most what they brought in their last year.
    """
    cap: Cap = "own" if shop.began_small(today.cutoff) else "share"
    most = shop.last_year(today.cutoff) * shop.known_share
    if cap == "own":
        most = float(own_spend(today.rows, YEAR_DAYS).sum())
    total = _total(rule, today)
    return (_at_level(rule, most / total), cap) if 0 < most < total else (rule, None)


def _after_pause(rule: YearRule, today: KnownThen, pause: int) -> YearRule:
    """The total from the customers' own last year and the days of it on which the shop was open.

    What customers of a year ago brought has the pause in it, and so have the forecasts of who leaves.
    """
    own, total = float(own_spend(today.rows, YEAR_DAYS).sum()), _total(rule, today)
    wider = replace(rule, spread=spread_after(pause, rule.spread))
    return _at_level(wider, own * over_last_year(pause) / total) if own > 0 and total > 0 else wider


def _half_way_to_repetition(rule: YearRule, today: KnownThen) -> YearRule:
    """The total as the geometric mean of the forecast and of what the same customers brought in their last year.

    Without a whole year seen after an earlier date the season of the lesson carries the forecast off by factors, mostly
    down; repetition errs less, and mostly up (measured on shops cut at earlier dates, see README).
    """
    own, total = float(own_spend(today.rows, YEAR_DAYS).sum()), _total(rule, today)
    return _at_level(rule, math.sqrt(own / total)) if own > 0 and total > 0 else rule


def _expected(
    rule: YearRule, rows: pd.DataFrame, p_churn: np.ndarray, spend_if_buying: np.ndarray
) -> np.ndarray:
    kept, lost = stretch_values(rule, rows, p_churn, spend_if_buying)
    expected: np.ndarray = (1 - p_churn) * kept + p_churn * lost
    return expected


def _total(rule: YearRule, today: KnownThen) -> float:
    return float(_expected(rule, today.rows, today.p_churn, today.spend_if_buying).sum())
