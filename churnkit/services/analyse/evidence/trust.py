"""How far to trust the forecast, in plain words from what happened at earlier dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from churnkit import metrics
from churnkit.results.evidence.proof import Grade, TrackRecord, Trust
from churnkit.text import figures
from churnkit.tournament.backtest import PastOutcome
from churnkit.tournament.names import model_label
from churnkit.windows import non_overlapping

HEADLINES: dict[Grade, str] = {
    "strong": "Tested on this shop's past, and it held",
    "fair": "Tested on this shop's past: useful, with misses",
    "weak": "Tested on this shop's past with little success: take it as a hint",
    "none": "Not proven on this shop's past",
}
MAX_WINDOWS = 6
TOP_SHARE = 0.2
MIN_ACTIVE = 40
CHANCE_AUC = 0.55
# Two shares of a fifth of the customers that differ by less are called equal.
_AS_GOOD = 0.01


@dataclass(frozen=True)
class PastTests:
    """The forecasts at past dates, and how many left (see ``TrackRecord``) among those who had bought within the threshold.

    Attributes
    ----------
    active
        Of their riskiest fifth, of their longest silent fifth, and of all of them; None where they are too few.
    """

    record: TrackRecord
    active: tuple[float, float, float] | None


def read_record(past: Sequence[PastOutcome], horizon_days: int) -> PastTests | None:
    """The record of the last windows that do not overlap; None where no window holds both outcomes."""
    last = non_overlapping([outcome.cutoff for outcome in past], horizon_days)[-MAX_WINDOWS:]
    windows = [o for o in past if o.cutoff in last and 0 < o.churned.sum() < len(o.churned)]
    if not windows:
        return None
    everybody = [np.ones(len(o.churned), dtype=bool) for o in windows]
    recent = [o.recency_days <= horizon_days for o in windows]
    enough = all(mask.sum() > 0 for mask in recent) and sum(mask.sum() for mask in recent) >= MIN_ACTIVE
    top, silent, all_left = _left(windows, everybody)
    record = TrackRecord(
        windows=len(windows),
        roc_auc=float(np.mean([metrics.roc_auc(o.churned, o.p_churn) for o in windows])),
        left_among_riskiest=top,
        left_among_longest_silent=silent,
        left_among_all=all_left,
        level_miss=float(np.mean([abs(o.p_churn.mean() - o.churned.mean()) for o in windows])),
    )
    return PastTests(record, _left(windows, recent) if enough else None)


def _left(windows: Sequence[PastOutcome], masks: Sequence[np.ndarray]) -> tuple[float, float, float]:
    """Share who left among the riskiest fifth, the longest silent fifth and all of some customers of each window."""
    size, top, silent, left, count = 0, 0.0, 0.0, 0.0, 0
    for o, mask in zip(windows, masks, strict=True):
        churned = o.churned[mask]
        k = metrics.top_count(len(churned), TOP_SHARE)
        top += k * metrics.precision_at_k(churned, o.p_churn[mask], TOP_SHARE)
        silent += k * metrics.precision_at_k(churned, o.recency_days[mask], TOP_SHARE)
        size, left, count = size + k, left + churned.sum(), count + len(churned)
    return float(top / size), float(silent / size), float(left / count)


def grade(record: TrackRecord | None) -> Grade:
    """A verdict with fixed bars.

    ==========  ==============================================================================================
    "none"      no past window, or a ranking no better than chance (ROC-AUC below 0.55)
    "strong"    three windows or more, ROC-AUC at least 0.70, churn rate off by 5 points at most on average
    "fair"      ROC-AUC at least 0.60, churn rate off by 10 points at most
    "weak"      everything else
    ==========  ==============================================================================================
    """
    if record is None or record.roc_auc < CHANCE_AUC:
        return "none"
    if record.windows >= 3 and record.roc_auc >= 0.70 and record.level_miss <= 0.05:
        return "strong"
    return "fair" if record.roc_auc >= 0.60 and record.level_miss <= 0.10 else "weak"


def trust(
    tests: PastTests | None, *, champion: str, is_rule: bool, horizon_days: int, notes: Sequence[str] = ()
) -> Trust:
    """The verdict with its reasons.

    Parameters
    ----------
    champion
        Name in the leaderboard of what scores the customers.
    is_rule
        Whether that is a simple rule, because no model beat the rules or none could be trained.
    notes
        What to say where there is no record.
    """
    record = tests.record if tests else None
    verdict = grade(record)
    sentences = _sentences(tests, champion, is_rule, horizon_days) if tests else _untested(champion, notes)
    return Trust(grade=verdict, headline=HEADLINES[verdict], sentences=tuple(sentences), figures=record)


def _untested(champion: str, notes: Sequence[str]) -> list[str]:
    return [
        f"{model_label(champion)} scores the customers. There is no earlier window in this file on which that could be"
        " tested, so no figure here is proven.",
        *notes,
    ]


def _sentences(tests: PastTests, champion: str, is_rule: bool, horizon_days: int) -> list[str]:
    record = tests.record
    dates = "an earlier date" if record.windows == 1 else f"{record.windows} earlier dates"
    found = [
        f"We went back to {dates}, forecast with what was known then, and compared with the {figures.days(horizon_days)}"
        " that followed.",
        "Of the 20 % of customers called riskiest "
        + _compared(record.left_among_riskiest, record.left_among_longest_silent, record.left_among_all),
    ]
    if tests.active is not None:
        found.append(
            f"Among those who had bought within {figures.days(horizon_days)} before, and can still be kept, of the"
            " riskiest 20 % " + _compared(*tests.active)
        )
    found.append(
        "The share of customers who leave was off by"
        f" {figures.decimal(100 * record.level_miss, 1)} percentage points on average."
    )
    if record.roc_auc < CHANCE_AUC:
        found.append(
            "The order of risk is hardly better than chance: nothing in this file tells who will leave."
        )
    if is_rule:
        found.append(
            f"No trained model beat the simple rules here, so one of them scores the customers: {model_label(champion)}."
        )
    return found


def _compared(top: float, silent: float, everybody: float) -> str:
    shares = (
        f"{figures.percent(top)} did leave; {figures.percent(silent)} by the simple rule “longest silent first”;"
        f" {figures.percent(everybody)} of all of them."
    )
    if top < silent - _AS_GOOD:
        return f"{shares} The simple rule did better there."
    if top <= silent + _AS_GOOD:
        return f"{shares} The simple rule did as well there."
    return shares
