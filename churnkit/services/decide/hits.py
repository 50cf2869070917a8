"""How often the forecast was right at past dates, counted in customers: those it put first, and who of them then left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from churnkit import metrics
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.text.figures import count, counted, day, days, percent
from churnkit.tournament.quality import MAX_WINDOWS, TOP_SHARE
from churnkit.windows import non_overlapping

# Shares of a hundred that differ by less are called equal, as in the grade's words.
_AS_GOOD = 0.01
# Of fewer named customers nobody should speak as of a hundred.
_FEWEST_FOR_A_HUNDRED = 50


_NOBODY = "There is no earlier date with active customers whose forecast and outcome are known."
_ALIKE = "At the last date whose outcome is known all active customers did the same, so nobody could be picked out."


@dataclass(frozen=True, kw_only=True)
class Hits:
    """One past date: active customers, the fifth that the forecast put first, and what came within the threshold.

    Attributes
    ----------
    customers, expected, left
        Active at the date, how many of them were expected to leave, and how many bought nothing afterwards.
    named, named_left, named_expected
        Of the fifth with the highest probability: how many, how many left, how many were expected to.
    rule_left, rule_days
        How many of as many longest silent left, and the shortest silence among them, in days.
    """

    cutoff: datetime
    customers: int
    expected: float
    left: int
    named: int
    named_left: float
    named_expected: float
    rule_left: float
    rule_days: int

    @property
    def share(self) -> float:
        """Of the named, who left."""
        return self.named_left / self.named

    @property
    def rule_share(self) -> float:
        """Of as many longest silent, who left."""
        return self.rule_left / self.named

    @property
    def chance_share(self) -> float:
        """Of as many by chance, who left: of all."""
        return self.left / self.customers


@dataclass(frozen=True, kw_only=True)
class PastHits:
    """The last date whose outcome is known, and earlier ones whose windows do not overlap, ascending."""

    last: Hits
    earlier: tuple[Hits, ...]


def past_hits(results: Results) -> Found[PastHits] | Missing:
    """Counts of the test window and of earlier dates; a missing one says why there is none."""
    window = results.evidence.window_active
    found = hits_of(results.past, results.horizon_days)
    if isinstance(found, Found) and 0 < found.value.last.left < found.value.last.customers:
        return found
    # The evidence knows better why there is nothing to count.
    if isinstance(window, Missing):
        return window
    return found if isinstance(found, Missing) else Missing(_ALIKE)


def hits_of(past: pd.DataFrame, horizon_days: int) -> Found[PastHits] | Missing:
    """The same from rows of ``cutoff``, ``recency_days``, ``p_churn`` and ``churned``."""
    if past.empty:
        return Missing(_NOBODY)
    active = past[past["recency_days"] <= horizon_days]
    cutoffs = [pd.Timestamp(one).to_pydatetime() for one in active["cutoff"].unique()]
    shown = non_overlapping(cutoffs, horizon_days)[-MAX_WINDOWS:]
    found = [_hits(cutoff, active[active["cutoff"] == cutoff]) for cutoff in shown]
    if not found:
        return Missing(_NOBODY)
    return Found(PastHits(last=found[-1], earlier=tuple(found[:-1])))


def _hits(cutoff: datetime, rows: pd.DataFrame) -> Hits:
    churned = rows["churned"].to_numpy(dtype=float)
    p_churn = rows["p_churn"].to_numpy(dtype=float)
    recency = rows["recency_days"].to_numpy(dtype=float)
    named = metrics.top_count(len(rows), TOP_SHARE)
    return Hits(
        cutoff=cutoff,
        customers=len(rows),
        expected=float(p_churn.sum()),
        left=int(churned.sum()),
        named=named,
        named_left=named * metrics.precision_at_k(churned, p_churn, TOP_SHARE),
        named_expected=float(np.sort(p_churn)[::-1][:named].sum()),
        rule_left=named * metrics.precision_at_k(churned, recency, TOP_SHARE),
        rule_days=int(np.sort(recency)[::-1][named - 1]),
    )


def headline(hits: Hits) -> str:
    """The answer in one sentence."""
    return f"Of {count(_of(hits))} customers whom it named, {in_words(hits, hits.share)} did leave."


def in_words(hits: Hits, share: float) -> str:
    """A share of the named as customers of a hundred, or of as many as there are where they are few."""
    return count(round(_of(hits) * share))


def _of(hits: Hits) -> int:
    return 100 if hits.named >= _FEWEST_FOR_A_HUNDRED else hits.named


def hit_sentences(found: PastHits, horizon_days: int) -> tuple[str, ...]:
    """On what past it was tested, against which simple rule, and what it missed, in sentences of a shop owner."""
    last, of = found.last, count(_of(found.last))
    return (
        f"We went back to {day(last.cutoff)} and forecast with nothing but what was known that day. Of"
        f" {count(last.customers)} customers who were active then, it named the {count(last.named)} most likely to leave:"
        f" one in five. Within {days(horizon_days)} {count(last.named_left)} of these bought nothing.",
        f"The simple rule “longest silent first” would have named as many, all of them silent for"
        f" {days(last.rule_days)} or longer: of {of} of those {in_words(last, last.rule_share)} left. Of {of} drawn by"
        f" chance {in_words(last, last.chance_share)} did. {compared(last)}",
        *_earlier(found.earlier),
        f"Of all {count(last.customers)} it expected {count(last.expected)} to leave; {count(last.left)} did."
        f" {_missed(last)}",
    )


def _missed(hits: Hits) -> str:
    missed = hits.left - hits.named_left
    if missed < 0.5:  # Ties may leave a part of a customer.
        return "All of them were among the named."
    verb = "was" if round(missed) == 1 else "were"
    return f"{count(missed)} of them {verb} not among the named: a short list finds many leavers, never all."


def compared(hits: Hits) -> str:
    """The forecast beside the simple rule and chance, in a sentence."""
    more = hits.named_left - hits.rule_left
    if hits.share <= hits.chance_share:
        return "The forecast did no better than chance there."
    if more < -_AS_GOOD * hits.named:
        return f"The simple rule did better there, by {count(-more)} of {count(hits.named)}."
    if more <= _AS_GOOD * hits.named:
        return "On whom to name first the simple rule did as well there."
    return f"So the forecast found {counted(round(more), 'leaver')} more than the rule, with a list of the same length."


def _earlier(earlier: Sequence[Hits]) -> tuple[str, ...]:
    if not earlier:
        return ()
    dates = day(earlier[0].cutoff) if len(earlier) == 1 else f"{count(len(earlier))} earlier dates"
    return (
        f"The same {'on' if len(earlier) == 1 else 'at'} {dates}: {_range([one.share for one in earlier])} of those named"
        f" left, {_range([one.rule_share for one in earlier])} by the rule,"
        f" {_range([one.chance_share for one in earlier])} by chance.",
    )


def _range(shares: Sequence[float]) -> str:
    low, high = percent(min(shares)), percent(max(shares))
    return low if low == high else f"{low} to {high}"


def alt_of_hits(found: PastHits) -> str:
    """The picture in words."""
    last = found.last
    words = (
        f"Of those named first on {day(last.cutoff)} {percent(last.share)} left; of the longest silent"
        f" {percent(last.rule_share)}; by chance {percent(last.chance_share)}."
    )
    for one in found.earlier:
        words += f" {day(one.cutoff)}: {percent(one.share)}, {percent(one.rule_share)}, {percent(one.chance_share)}."
    return words
