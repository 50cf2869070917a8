"""What the champion does with the features; ``label`` is a feature's name on screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FeatureKind = Literal["days", "count", "money", "share", "ratio", "change", "hour", "number", "category"]
"""What the values of a feature are; a category's are churn rates of its buyers, except where it is named."""

Direction = Literal["raises risk", "lowers risk", "mixed", "none"]


@dataclass(frozen=True, kw_only=True)
class FeatureWeight:
    """Mean size of a feature's pushes over all customers.

    Attributes
    ----------
    group
        Key of ``explain.catalogue.GROUPS``.
    mean_absolute_log_odds, share
        The size, and its part of the sum over all features (0 to 1).
    direction
        What higher values go with; "none" where it pushes nobody.
    """

    feature: str
    label: str
    group: str
    mean_absolute_log_odds: float
    share: float
    direction: Direction


@dataclass(frozen=True, kw_only=True)
class FeaturePoints:
    """A feature's value and push (log-odds) of some customers, one after the other; None for an unknown value."""

    feature: str
    label: str
    kind: FeatureKind
    x: tuple[float | None, ...]
    push: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class RankedPoints(FeaturePoints):
    """The same with the value's rank among all customers, 0 lowest to 1 highest; None for an unknown value."""

    rank: tuple[float | None, ...]


@dataclass(frozen=True, kw_only=True)
class ResponseCurve:
    """Mean probability of churn if all customers had the same value; names in ``grid`` where it is a category."""

    feature: str
    label: str
    kind: FeatureKind
    grid: tuple[float | str, ...]
    mean_p_churn: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class ShuffleLoss:
    """By how much the log loss (nats a customer) rises when a feature is shuffled; ``sd`` over repeats."""

    feature: str
    loss_increase: float
    sd: float
    label: str


@dataclass(frozen=True, kw_only=True)
class FeatureSlider:
    """A feature that a shop can influence and the champion looks at, with the range that a slider offers."""

    feature: str
    label: str
    low: float
    high: float
    step: float
    kind: FeatureKind
