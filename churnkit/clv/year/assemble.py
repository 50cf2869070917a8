"""The year as a document: the forecast of today, its tests at earlier dates, its words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
from ibis.expr import types as ir

from churnkit.clv.bands import NORMAL_QUANTILE
from churnkit.clv.revenue import known_share, net_spend, revenue_by_day
from churnkit.clv.year.fit import Fitted, ShopLevel, fit_as_of, spend_of, stack
from churnkit.clv.year.known import YEAR_DAYS, KnownThen, Lesson, lesson, trial_cutoffs
from churnkit.clv.year.model import PastYear, YearModel, stretch_interval, stretch_values
from churnkit.clv.year.pause import was_closed
from churnkit.clv.year.words import notes_on, words_of
from churnkit.results.year_forecast import YearBacktest, YearForecast

_PRIOR_TESTS = 2.0


def needed_cutoffs(
    cutoffs: Sequence[datetime], history_start: datetime, scoring: datetime, horizon_days: int
) -> tuple[datetime, ...]:
    """Those of ``cutoffs`` that a year is learned from or tested at, ascending."""
    tests = trial_cutoffs(cutoffs, history_start, scoring, horizon_days)
    found = {cutoff for cutoff, _ in tests}
    for as_of, days in ((scoring, YEAR_DAYS), *tests):
        learned = _lesson_before(cutoffs, history_start, as_of, horizon_days, days)
        found |= set(learned.cutoffs if learned else ())
    return tuple(sorted(found))


def fit_year_model(
    today: KnownThen,
    known: Mapping[datetime, KnownThen],
    events: ir.Table,
    history_start: datetime,
    horizon_days: int,
) -> YearModel:
    """Learn the year after ``today.cutoff``, and test the same way of learning at earlier dates.

    Parameters
    ----------
    today
        All customers at the scoring cutoff.
    known
        The customers at the cutoffs of :func:`needed_cutoffs`.
    events
        Events before the scoring cutoff (``features.events``).
    """
    cutoffs = tuple(sorted(cutoff for cutoff, then in known.items() if len(then.rows)))
    tests = trial_cutoffs(cutoffs, history_start, today.cutoff, horizon_days)
    by_day = revenue_by_day(events)
    spent = net_spend(events, _windows(cutoffs, history_start, today.cutoff, horizon_days, tests))

    def as_of(then: KnownThen, days: int) -> tuple[Fitted, Lesson | None]:
        learned = _lesson_before(cutoffs, history_start, then.cutoff, horizon_days, days)
        seen = stack(learned, known, spent) if learned else None
        share = known_share(events, *learned.windows()[0]) if learned and not learned.whole_stretch else 1.0
        shop = ShopLevel(by_day, share)
        return fit_as_of(then, learned, seen, shop, history_start, horizon_days, days), learned

    backtests, tested = [], []
    for cutoff, days in tests:
        fitted, _ = as_of(known[cutoff], days)
        stretch = timedelta(days=days)
        actual = spend_of(known[cutoff].rows, spent, cutoff, cutoff + stretch)
        before = spend_of(known[cutoff].rows, spent, cutoff - stretch, cutoff)
        backtests.append(_tested(fitted, known[cutoff], actual, before))
        tested.append(_customer_by_customer(fitted, known[cutoff], actual, before))
    fitted, learned = as_of(today, YEAR_DAYS)
    document = _document(fitted, learned, today, tuple(backtests), history_start, ShopLevel(by_day, 1.0))
    return YearModel(document, tuple(tested))


def _lesson_before(
    cutoffs: Sequence[datetime], history_start: datetime, as_of: datetime, horizon_days: int, days: int
) -> Lesson | None:
    return lesson([c for c in cutoffs if c < as_of], history_start, as_of, horizon_days, days)


def _windows(
    cutoffs: Sequence[datetime],
    history_start: datetime,
    scoring: datetime,
    horizon_days: int,
    tests: Sequence[tuple[datetime, int]],
) -> list[tuple[datetime, datetime]]:
    windows = [(cutoff, cutoff + timedelta(days=days)) for cutoff, days in tests]
    windows += [(cutoff - timedelta(days=days), cutoff) for cutoff, days in tests]
    for as_of, days in ((scoring, YEAR_DAYS), *tests):
        learned = _lesson_before(cutoffs, history_start, as_of, horizon_days, days)
        windows += learned.windows() if learned else []
    return windows


def _tested(fitted: Fitted, then: KnownThen, actual: np.ndarray, repeat: np.ndarray) -> YearBacktest:
    rule = fitted.rule
    expected = _expected(fitted, then)
    low, high = stretch_interval(rule, expected)
    return YearBacktest(
        cutoff=then.cutoff,
        days=rule.days,
        customers=len(actual),
        basis=fitted.basis,
        forecast=float(expected.sum()),
        actual=float(actual.sum()),
        total_repeat=float(repeat.sum()),
        mae=float(np.abs(actual - expected).mean()),
        mae_repeat=float(np.abs(actual - repeat).mean()),
        inside=float(((actual >= low - 1e-9) & (actual <= high + 1e-9)).mean()),
    )


def _expected(fitted: Fitted, then: KnownThen) -> np.ndarray:
    kept, lost = stretch_values(fitted.rule, then.rows, then.p_churn, then.spend_if_buying)
    expected: np.ndarray = (1 - then.p_churn) * kept + then.p_churn * lost
    return expected


def _customer_by_customer(
    fitted: Fitted, then: KnownThen, actual: np.ndarray, repeat: np.ndarray
) -> PastYear:
    silence = then.rows["recency_days"].to_numpy(dtype=float)
    return PastYear(then.cutoff, fitted.rule.days, _expected(fitted, then), actual, repeat, silence)


def _document(
    fitted: Fitted,
    learned: Lesson | None,
    today: KnownThen,
    backtests: tuple[YearBacktest, ...],
    history_start: datetime,
    shop: ShopLevel,
) -> YearForecast:
    tests = backtests
    if fitted.pause:
        # They missed by the closure that they could not know of, and the spread has it in it already.
        tests = tuple(test for test in backtests if not _closed_in(test, shop))
    spread = _spread(fitted.rule.spread, tests)
    rule = replace(fitted.rule, spread=spread)
    miss = math.exp(NORMAL_QUANTILE * spread)
    history_days = (today.cutoff - history_start).days
    last_year = shop.last_year(today.cutoff) if history_days >= YEAR_DAYS else math.nan
    return YearForecast(
        basis=fitted.basis,
        words=words_of(fitted.basis, learned, history_days),
        notes=notes_on(fitted, last_year),
        learned_at=learned.cutoffs if learned else (),
        learned_days=learned.days if learned else 0,
        scale=rule.level,
        total=fitted.total,
        total_low=fitted.total / miss,
        total_high=fitted.total * miss,
        backtests=backtests,
        rule=rule,
    )


def _closed_in(test: YearBacktest, shop: ShopLevel) -> bool:
    return was_closed(shop.by_day, test.cutoff, test.cutoff + timedelta(days=test.days))


def _spread(prior: float, backtests: Sequence[YearBacktest]) -> float:
    """Standard deviation of log misses of totals: the assumed one as two tests, and those that were made."""
    misses = [math.log(test.ratio) ** 2 for test in backtests if test.actual > 0 and test.forecast > 0]
    return math.sqrt((_PRIOR_TESTS * prior**2 + sum(misses)) / (_PRIOR_TESTS + len(misses)))
