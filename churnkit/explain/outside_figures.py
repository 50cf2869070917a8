"""What the trial of an outside figure said, in words."""

from __future__ import annotations

from churnkit.results.indicators import IndicatorTrial
from churnkit.text.figures import count, counted, score


def verdict(trial: IndicatorTrial) -> str:
    """Whether the figure is used, in a few words."""
    return "used" if trial.used else "left out"


def trial_words(trial: IndicatorTrial) -> str:
    """Whether the figure is used and why, in a sentence; the name is plain text of the user's file.

    Examples
    --------
    >>> trial_words(IndicatorTrial(name="x", used=False, dates=2, gain=None, gain_se=None, better=0, values=()))
    'Left out: it could be tried on 2 past dates only, which decides nothing. Bring a longer table, or more history.'
    """
    if trial.gain is None or trial.gain_se is None:
        dates = f"on {counted(trial.dates, 'past date')} only" if trial.dates else "on no past date"
        return f"Left out: it could be tried {dates}, which decides nothing. Bring a longer table, or more history."
    measured = (
        f"with it the log loss of {count(trial.dates)} past dates {'fell' if trial.gain > 0 else 'rose'} by"
        f" {score(abs(trial.gain), 4)} on average (standard error {score(trial.gain_se, 4)}), and fell at"
        f" {count(trial.better)} of them"
    )
    if trial.used:
        return f"Used: {measured}."
    chance = "Less than two standard errors may be chance."
    return f"Left out: {measured}. {chance if trial.gain > 0 else 'Forecasts were better without it.'}"
