"""Groups of customers as a run leaves them: ``segments.json``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from churnkit.results.codec import JsonObject, Step
from churnkit.results.found import Found, Missing

InsightKind = Literal["diagnostic", "predictive", "prescriptive", "comparative"]
Stability = Literal["stable", "a tendency", "doubtful"]


@dataclass(frozen=True, kw_only=True)
class GroupFigures:
    """What a group of customers has, is worth and stands to lose; leavers are of its ``active`` customers.

    Sums and means in money, ``_share`` of the total of all customers (0 to 1); medians over the group's customers.
    """

    group: str
    customers: int
    active: int
    share: float
    monetary_total: float
    monetary_total_share: float
    clv: float
    clv_share: float
    value_at_risk: float
    value_at_risk_share: float
    expected_leavers: float
    mean_p_churn: float
    mean_clv: float
    mean_order_value: float
    median_recency_days: float
    median_order_count: float
    median_monetary_total: float


@dataclass(frozen=True, kw_only=True)
class FoundGroup(GroupFigures):
    """A group that K-Means found; ``jaccard`` (0 to 1) is how much of it comes again in resamples of the customers."""

    words: str
    jaccard: float
    stability: Stability


@dataclass(frozen=True, kw_only=True)
class GroupFeature:
    """A feature that groups were found by, and its name on screen."""

    feature: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Silhouette:
    """Mean silhouette (-1 to 1) of a division into ``k`` groups."""

    k: int
    silhouette: float


@dataclass(frozen=True, kw_only=True)
class FoundGroups:
    """The sharpest division of the customers, and how stable it is.

    Attributes
    ----------
    rand
        Adjusted Rand index between the groups and those of resamples: 1 is always the same, 0 is chance.
    """

    k: int
    features: tuple[GroupFeature, ...]
    silhouettes: tuple[Silhouette, ...]
    rand: float
    groups: tuple[FoundGroup, ...]
    words: str


@dataclass(frozen=True, kw_only=True)
class SegmentFlow:
    """Customers who went from one segment to another between two dates, with their money.

    ``customers`` is an estimate where a sample was followed; ``share_of_from`` (0 to 1) is of those who began there.
    """

    from_segment: str
    to_segment: str
    customers: float
    spend_between: float
    clv: float
    value_at_risk: float
    share_of_from: float


@dataclass(frozen=True, kw_only=True)
class RiskValueField:
    """One of nine fields of risk tier against value if kept; means of an empty field are NaN.

    ``value_from`` is the least value if kept (money) of its band.
    """

    tier: str
    value: str
    customers: int
    share: float
    mean_p_churn: float
    expected_leavers: float
    clv: float
    value_at_risk: float
    value_from: float
    advice: str


@dataclass(frozen=True, kw_only=True)
class BandLimits:
    """The four limits between the scores of each RFM figure; None for infinity."""

    recency_days: tuple[float | None, ...]
    order_count: tuple[float | None, ...]
    monetary_total: tuple[float | None, ...]


@dataclass(frozen=True, kw_only=True)
class FigureBound:
    """A figure of the panel at least or at most ``value``; a customer without that figure is outside."""

    feature: str
    operator: Literal[">=", "<="]
    value: float


@dataclass(frozen=True)
class CustomerFilter:
    """Which customers a list shows; None and empty mean everybody.

    Attributes
    ----------
    search
        Part of the customer's id, in any case.
    clv_low, clv_high
        Bounds in money, included.
    bought_from, bought_until
        Days of the last purchase, included.
    moved_up
        Only those in a higher risk tier than one threshold ago.
    statuses
        "active", "lapsed".
    kept_from
        Least value if kept, money.
    bounds
        All of them hold at the scoring date; the conditions of a rule.
    r_scores, f_scores
        Recency and frequency scores, 1 to 5: fields of the RFM map.
    found_groups
        Names of groups that K-Means found.
    """

    search: str = ""
    tiers: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    clv_low: float | None = None
    clv_high: float | None = None
    bought_from: date | None = None
    bought_until: date | None = None
    moved_up: bool = False
    statuses: tuple[str, ...] = ()
    kept_from: float | None = None
    bounds: tuple[FigureBound, ...] = ()
    r_scores: tuple[int, ...] = ()
    f_scores: tuple[int, ...] = ()
    found_groups: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Insight:
    """A finding in one sentence.

    Attributes
    ----------
    definition
        What the figure in it is, over whom.
    filter
        Finds its customers; None where the sentence is about nobody in particular.
    customers
        How many these are; None where the sentence does not count them.
    """

    kind: InsightKind
    words: str
    definition: str
    filter: CustomerFilter | None = None
    customers: int | None = None


def _reasons_in_place(content: JsonObject) -> JsonObject:
    """Version 1 wrote None and the reason apart, and an empty filter for none."""
    missing = content.pop("missing")
    for name in ("movement", "clusters"):
        if content[name] is None:
            content[name] = {"missing": missing[name]}
    content["insights"] = [{**one, "filter": one["filter"] or None} for one in content["insights"]]
    return content


def _with_statuses(content: JsonObject) -> JsonObject:
    """Version 2 filtered by tier alone, in which everybody stood, and counted leavers among all."""
    told = [
        {**one, "filter": {**one["filter"], "statuses": [], "kept_from": None} if one["filter"] else None}
        for one in content["insights"]
    ]
    clusters = content["clusters"]
    if "groups" in clusters:
        clusters = {**clusters, "groups": [_of_all(group) for group in clusters["groups"]]}
    return {
        **content,
        "groups": [_of_all(group) for group in content["groups"]],
        "clusters": clusters,
        "insights": told,
    }


def _of_all(group: JsonObject) -> JsonObject:
    return {**group, "active": group["customers"]}


@dataclass(frozen=True, kw_only=True)
class SegmentsDocument:
    """RFM segments by the shop's own fifths and their movement, found groups, risk against value, insights."""

    title: ClassVar[str] = "the segments"
    steps: ClassVar[tuple[Step, ...]] = (_reasons_in_place, _with_statuses)

    bands: BandLimits
    groups: tuple[GroupFigures, ...]
    cutoff_before: str | None
    movement: Found[tuple[SegmentFlow, ...]] | Missing
    grid: tuple[RiskValueField, ...]
    clusters: Found[FoundGroups] | Missing
    insights: tuple[Insight, ...]
