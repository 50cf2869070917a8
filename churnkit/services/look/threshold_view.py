"""What a churn threshold would have meant for a shop's past."""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.config import ThresholdSettings
from churnkit.results.look_folder import Look
from churnkit.results.profile import SEVERE_MINORITY
from churnkit.text import figures

SLIDER_ROOM = 1.2
SLIDER_STEP_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class ThresholdView:
    """What a churn threshold means for the past. Shares are None where the history is too short for it.

    Attributes
    ----------
    churned, known
        Share of the customers known ``days`` ago without a purchase since, and how many they were.
    lapsed
        Share of all customers who have been silent for longer.
    returned_after
        Share of the pauses longer than ``days`` that a purchase ended: who of those called lost came back.
    warning
        What speaks against it; empty if nothing does.
    """

    days: int
    churned: float | None
    known: int
    lapsed: float | None
    returned_after: float | None
    warning: str


def threshold_view(look: Look, days: int) -> ThresholdView:
    """A threshold of ``days`` (1 or more) as a look's history sees it."""
    by_day, limit = look.facts.by_day, look.profile.threshold.history_limit_days
    place = days - 1
    churned = by_day.churn_share[place] if place < len(by_day.days) else None
    returned_after = by_day.returned_after_share[place] if place < len(by_day.days) else None
    if churned is None:
        return ThresholdView(
            days=days,
            churned=None,
            known=0,
            lapsed=None,
            returned_after=returned_after,
            warning=f"The history has no complete window of {figures.days(days)}, so no model can be tested on it.",
        )
    return ThresholdView(
        days=days,
        churned=churned,
        known=by_day.known_customers[place],
        lapsed=by_day.lapsed_share[place],
        returned_after=returned_after,
        warning=_warning(days, limit, min(churned, 1 - churned)),
    )


def slider_bounds(look: Look) -> tuple[int, int]:
    """Where the slider begins and ends: 30 and 180 days, wider where the proposal of a look leaves no room around it."""
    usual, days = ThresholdSettings(), look.profile.threshold.days
    wide = -(-days * SLIDER_ROOM // SLIDER_STEP_DAYS) * SLIDER_STEP_DAYS
    return min(usual.low_days, days), usual.high_days if days <= usual.high_days else int(wide)


def _warning(days: int, limit: int, minority: float) -> str:
    if days > limit:
        return (
            f"The history carries {figures.days(limit)} at most: beyond that there is little or no past to learn from"
            " and to test the forecast on."
        )
    if minority < SEVERE_MINORITY:
        return "Fewer than 10 % are on one side: hard to learn from. Another threshold tells more."
    return ""
