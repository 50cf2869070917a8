"""The choice of the churn threshold in words."""

from __future__ import annotations

from churnkit.config import ThresholdSettings
from churnkit.profiling.gaps import YEAR_DAYS, YEAR_SLACK_DAYS, ReturnCurve
from churnkit.profiling.threshold_choice import (
    DEFAULT_DAYS,
    MIN_CLOSED_SPELLS,
    Proposal,
    history_limit,
    history_needed,
    separates,
)
from churnkit.text.figures import counted, percent

FEW_PAUSES = 30
HALF = 0.5


def found_reason(
    proposal: Proposal, curve: ReturnCurve, settings: ThresholdSettings, history_days: int
) -> str:
    """Why these days are proposed."""
    if not proposal.from_returns:
        return _usual(proposal, curve, settings, history_days)
    if separates(curve, proposal.days, settings):
        parts = [_separating(proposal, curve, settings)]
    else:
        parts = [_not_separating(proposal, curve, settings, history_days)]
    return " ".join([*parts, *_cautions(proposal.days, curve, history_days)])


def given_reason(
    days: int, proposal: Proposal, curve: ReturnCurve, settings: ThresholdSettings, history_days: int
) -> str:
    """What the shop's own past says of days that somebody has set."""
    parts = [f"Set to {counted(days, 'day')}."]
    if curve.late_return_share(days) is not None:
        parts.append(_back(days, curve))
    else:
        parts.append("How many come back after so long a silence, the history cannot tell.")
    if proposal.from_returns and proposal.days != days:
        kind = "separates a pause from a loss" if separates(curve, proposal.days, settings) else "does best"
        parts.append(f"By the shop's own past {counted(proposal.days, 'day')} {kind}.")
    limit = history_limit(history_days)
    if days > limit:
        parts.append(
            f"The history carries {counted(limit, 'day')} at most, so there is little or no past to test the"
            " forecast on."
        )
    return " ".join(parts)


def _separating(proposal: Proposal, curve: ReturnCurve, settings: ThresholdSettings) -> str:
    words = _back(proposal.days, curve)
    first = proposal.separating_days
    if first is not None and first < proposal.days:
        return (
            f"{words} {counted(first, 'day')} would separate a pause from a loss as well; no threshold below"
            f" {counted(settings.low_days, 'day')} is proposed."
        )
    return (
        f"{words} No more than {percent(settings.max_return_share)} do, so from there on it is rather a loss than a"
        " pause."
    )


def _not_separating(
    proposal: Proposal, curve: ReturnCurve, settings: ThresholdSettings, history_days: int
) -> str:
    share = curve.late_return_share(proposal.days)
    parts = ["No threshold separates a pause from a loss"]
    if share is not None:
        back = f"{percent(share)} come back ({_pauses(proposal.days, curve)})"
        parts.append(f": after {counted(proposal.days, 'day')} of silence {back}")
    parts.append(
        f". It is the best that leaves three windows in {counted(history_days, 'day')} of history: to learn from, to"
        " choose a model on and to test it on."
    )
    if proposal.separating_days is not None and proposal.separating_days > proposal.days:
        better = curve.late_return_share(proposal.separating_days)
        share_words = f" ({percent(better)} come back)" if better is not None else ""
        parts.append(
            f" {counted(proposal.separating_days, 'day')} would separate them{share_words}, which takes some"
            f" {counted(history_needed(proposal.separating_days), 'day')} of history."
        )
    return "".join(parts)


def _back(days: int, curve: ReturnCurve) -> str:
    share = curve.late_return_share(days) or 0.0
    return (
        f"After {counted(days, 'day')} of silence {percent(share)} come back within the history seen"
        f" ({_pauses(days, curve)})."
    )


def _pauses(days: int, curve: ReturnCurve) -> str:
    pauses = int(curve.pauses[days])
    words = counted(pauses, "such pause")
    return f"{words} only" if pauses < FEW_PAUSES else words


def _cautions(days: int, curve: ReturnCurve, history_days: int) -> list[str]:
    if curve.yearly_part(days) >= HALF:
        return ["Most who come back do so about a year after their last purchase."]
    if history_days < YEAR_DAYS + 2 * YEAR_SLACK_DAYS:
        return ["A yearly rhythm cannot be seen yet: that takes 14 months of history."]
    return []


def _usual(proposal: Proposal, curve: ReturnCurve, settings: ThresholdSettings, history_days: int) -> str:
    if curve.closed_spells < MIN_CLOSED_SPELLS:
        why = (
            f"Only {counted(curve.closed_spells, 'gap')} between purchases, where {MIN_CLOSED_SPELLS} are needed to see"
            " a pattern"
        )
    else:
        why = "The history is too short to see who comes back after a silence"
    words = f"{why}: {counted(DEFAULT_DAYS, 'day')} is the usual choice."
    if proposal.days < DEFAULT_DAYS:
        words += (
            f" Cut to {counted(proposal.days, 'day')}: with {counted(history_days, 'day')} of history no longer"
            " threshold leaves past to learn from and past to test on."
        )
    return words
