"""The lapsed customers: how many come back by themselves, and what they bring, by the past."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class WinBack:
    """The lapsed of now, and what those of earlier dates did within one threshold. Money in the file's currency.

    Attributes
    ----------
    lapsed
        Customers silent for longer than the threshold now.
    expected_returns
        How many of them the forecast expects to buy within the next threshold, contacted or not.
    windows, lapsed_then, returned_then
        Windows of the past that do not overlap, the customers lapsed at their start, each counted at each, and those
        of them who bought within.
    return_share, return_share_low, return_share_high
        ``returned_then`` over ``lapsed_then``, and that of the lowest and the highest window.
    spend_each
        Mean spend within the window of those who came back.
    worth
        ``expected_returns`` x ``spend_each``, after margin.
    """

    lapsed: int
    expected_returns: float
    windows: int
    lapsed_then: int
    returned_then: int
    return_share: float
    return_share_low: float
    return_share_high: float
    spend_each: float
    worth: float
    words: str
