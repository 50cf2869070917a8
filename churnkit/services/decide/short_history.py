"""Histories of a few weeks: too short to tell a pause from leaving, whatever threshold they leave room for."""

from __future__ import annotations

from churnkit.config import Gates
from churnkit.results.profile import Profile
from churnkit.results.summary import Summary
from churnkit.text.figures import days


def short_history(summary: Summary) -> str | None:
    """What is to be known before anything is done by an analysis of a few weeks; None where the history is longer."""
    return short_history_words(summary.profile, summary.question.horizon_days, summary.settings.gates)


def short_history_notes(profile: Profile, horizon_days: int, gates: Gates) -> tuple[str, ...]:
    """The same as the notes of a run hold it."""
    words = short_history_words(profile, horizon_days, gates)
    return () if words is None else (words,)


def short_history_words(profile: Profile, horizon_days: int, gates: Gates) -> str | None:
    """The same where there is no summary yet.

    Below ``gates.btyd_min_history_days`` not even the purchase process is fitted.
    """
    history_days, least = profile.scope.history_days, gates.btyd_min_history_days
    if history_days >= least:
        return None
    return (
        f"The file holds {days(history_days)} of orders, too few to tell a pause from leaving: who bought nothing for"
        f" {days(horizon_days)} may well be back. Take nobody for lost by what stands here; upload a longer"
        f" export, of {days(least)} at least."
    )
