"""How the champion, as it stood then, did on the last window whose outcome is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from churnkit.results.quality import Quality


@dataclass(frozen=True, kw_only=True)
class RocCurve:
    """Share of stayers called in vain (``fpr``) and of leavers found (``tpr``), from (0, 0) to (1, 1)."""

    fpr: tuple[float, ...]
    tpr: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class RecallCurve:
    """Share of leavers found (``recall``, ascending) and share of those called who left (``precision``)."""

    recall: tuple[float, ...]
    precision: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class RocCurves:
    """The champion's and those of the simple rules, by their names in the leaderboard."""

    champion: RocCurve
    baselines: Mapping[str, RocCurve]


@dataclass(frozen=True, kw_only=True)
class RecallCurves:
    """The champion's and those of the simple rules, by their names in the leaderboard."""

    champion: RecallCurve
    baselines: Mapping[str, RecallCurve]


@dataclass(frozen=True, kw_only=True)
class CalibrationGroup:
    """Customers of like probability: mean ``predicted`` and ``observed`` share of leavers."""

    predicted: float
    observed: float
    customers: int


@dataclass(frozen=True, kw_only=True)
class Calibrated:
    """Groups of equal size, ascending, how many there are, and their mean miss (expected calibration error)."""

    bins: tuple[CalibrationGroup, ...]
    ece: float
    bin_count: int


@dataclass(frozen=True, kw_only=True)
class Calls:
    """Customers by what they were called at ``threshold`` and by what they did, and that in sentences.

    Attributes
    ----------
    threshold
        Probability at or above which one is called a likely leaver, chosen before the window was seen.
    """

    threshold: float
    true_positive: int
    false_positive: int
    true_negative: int
    false_negative: int
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ProfitByReach:
    """What contacting the first so many would have earned, in money.

    Attributes
    ----------
    contacted
        Numbers of customers, ascending from 0 to all.
    model, recency, random
        Of contacting so many in the champion's order, longest silent first, and by chance.
    everybody
        Of contacting all.
    contact_cost, save_rate
        Money for a contact, and share of contacted leavers that it keeps.
    """

    contacted: tuple[int, ...]
    model: tuple[float, ...]
    recency: tuple[float, ...]
    random: tuple[float, ...]
    everybody: float
    contact_cost: float
    save_rate: float


@dataclass(frozen=True, kw_only=True)
class WindowFigures:
    """Everything measured on the test window but what its features are worth, of all customers or of the active.

    Attributes
    ----------
    quality
        None where an earlier version of the program measured it.
    """

    quality: Quality | None
    roc: RocCurves
    precision_recall: RecallCurves
    calibration: Calibrated
    confusion: Calls
    profit: ProfitByReach
