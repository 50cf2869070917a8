"""Customers who are most like a chosen group, why, and whether such a search has found the right ones before."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from churnkit.errors import DataError
from churnkit.explain.catalogue import feature, feature_label, feature_value
from churnkit.features.column_names import feature_columns
from churnkit.results.folders import Results
from churnkit.results.whom import Whom
from churnkit.segments.lookalikes import (
    Alike,
    HiddenHalf,
    LikenessSpace,
    hide_half,
    likeness_space,
    most_alike,
)
from churnkit.segments.rfm import rfm_scores, rfm_segment
from churnkit.services.decide.chosen_customers import is_among, whom_words, with_groups
from churnkit.text.figures import count, day, decimal

USUAL, MOST = 100, 2_000
_REASONS = 3
# Ranks and tastes belong to likeness but say nothing to a reader.
_SILENT = ("_rank", "product_factor_")
# One-sided 5 % of a count that chance alone would make (normal approximation).
_BEYOND_CHANCE = 1.645
_SHOWN = ("status", "risk_tier", "p_churn", "clv_if_kept", "last_purchase_at")


@dataclass(frozen=True)
class PastJoiners:
    """What became of those who were most like a segment at an earlier date, and were not in it.

    Attributes
    ----------
    at
        The date.
    listed, joined
        The most alike then, and those of them who are in the segment now.
    expected
        How many would be, had they joined as often as others of their risk tier of then.
    """

    at: str
    listed: int
    joined: int
    expected: float


@dataclass(frozen=True)
class Lookalikes:
    """The list and what speaks for it.

    Attributes
    ----------
    table
        ``place``, ``customer_id``, ``likeness`` (share of the group itself that is further from those who stand for it,
        0 to 1), ``like`` (the member that the customer is most like), ``why``, and what is known of him; most alike first.
        Empty where ``holds`` is false.
    members
        Size of the group.
    holds
        Whether the search finds people better than chance does: the past where it can be asked, else the hidden half.
    words
        How that is known.
    """

    table: pd.DataFrame
    members: int
    holds: bool
    words: str


def lookalikes(
    results: Results,
    whom: Whom,
    listed: Collection[str] = (),
    *,
    number: int = USUAL,
    with_lapsed: bool = False,
) -> Lookalikes:
    """The ``number`` customers outside a group who are most like it.

    Parameters
    ----------
    whom
        The group: a tier, a segment, a found group or a list.
    listed
        Ids on the list.
    with_lapsed
        Whether customers who have left are looked among too.

    Raises
    ------
    DataError
        Nobody is in the group, or nobody outside it.
    """
    people = with_groups(results)
    inside = is_among(people, whom, listed)
    outside = ~inside & (
        np.ones(len(people), bool) if with_lapsed else (people["status"] == "active").to_numpy()
    )
    if not inside.any() or not outside.any():
        raise DataError(
            f"Looking for customers like {whom_words(whom)}: somebody must be in it and somebody outside, found"
            f" {count(int(inside.sum()))} inside and {count(int(outside.sum()))} outside.",
            "Choose another group, or look among the lapsed too.",
        )
    rows = results.scored().set_index("customer_id").loc[people["customer_id"]]
    space = _space(rows)
    members = np.flatnonzero(inside)
    past = _past_joiners(results, whom, number) if whom.kind == "segment" else None
    # A member is found again among all others, whatever the list is drawn from.
    half = hide_half(space, members)
    holds, words = _proof(whom, half, past)
    if not holds:
        return Lookalikes(pd.DataFrame(), len(members), False, words)
    found = most_alike(space, members, number, outside)
    return Lookalikes(_table(people, rows, found, results.currency), len(members), True, words)


def _space(rows: pd.DataFrame) -> LikenessSpace:
    names = [name for name in feature_columns(rows) if pd.api.types.is_numeric_dtype(rows[name].dtype)]
    return likeness_space(rows[names], {name: feature(name).group for name in names})


def _table(people: pd.DataFrame, rows: pd.DataFrame, found: Alike, currency: str | None) -> pd.DataFrame:
    nearer = 1 - np.searchsorted(found.within, found.distances, side="left") / len(found.within)
    ids = people["customer_id"].to_numpy()
    told = people.iloc[found.rows].reset_index(drop=True)
    return pd.DataFrame(
        {
            "place": np.arange(1, len(found.rows) + 1),
            "customer_id": ids[found.rows],
            "likeness": nearer,
            "like": ids[found.like],
            "why": _reasons(rows, found, currency),
            **{name: told[name] for name in _SHOWN},
        }
    )


def _reasons(rows: pd.DataFrame, found: Alike, currency: str | None) -> list[str]:
    """In what each customer is like the member, and both are unlike most: one fact a theme, the plainest first."""
    space = found.space
    own, other = space.points[found.rows], space.points[found.like]
    # What both have on the same side of the usual, the more the better.
    marks = np.minimum(own * np.sign(other), np.abs(other)) - np.abs(own - other)
    typical = rows[list(space.names)].median(numeric_only=True)
    sentences = []
    for place, row in enumerate(found.rows):
        facts: dict[str, str] = {}
        for number in np.argsort(-marks[place], kind="stable"):
            name = space.names[number]
            if marks[place, number] <= 0 or len(facts) == _REASONS:
                break
            theme = feature(name).group
            value = feature_value(name, rows[name].iloc[row], currency)
            usual = feature_value(name, typical[name], currency)
            if theme in facts or value == usual or any(part in name for part in _SILENT):
                continue
            facts[theme] = f"{feature_label(name)}: {value} (typical {usual})"
        sentences.append(" · ".join(facts.values()) or "middling in everything, as the other is")
    return sentences


def _past_joiners(results: Results, whom: Whom, number: int) -> PastJoiners | None:
    """Whether those most like a segment one threshold ago have joined it since; None where the history cannot tell."""
    question = results.summary.question
    before = question.cutoff - timedelta(days=question.horizon_days)
    known = results.panel_at(before)
    if known.empty:
        return None
    then = known.merge(
        results.customers[["customer_id", "segment", "risk_tier_before"]], on="customer_id", how="inner"
    )
    scores = rfm_scores(
        *(then[name].to_numpy(float) for name in ("recency_days", "order_count", "monetary_total"))
    )
    inside = rfm_segment(scores) == whom.name
    tier = then["risk_tier_before"].fillna("lapsed").to_numpy()
    outside = ~inside & (tier != "lapsed")
    if not inside.any() or not outside.any():
        return None
    features = then.drop(columns=["segment", "risk_tier_before"]).set_index("customer_id")
    found = most_alike(
        _space(features), np.flatnonzero(inside), min(number, int(outside.sum()) // 2), outside
    )
    joined = (then["segment"] == whom.name).to_numpy()
    rate = pd.Series(joined[outside]).groupby(tier[outside]).mean()
    expected = float(pd.Series(tier[found.rows]).map(rate).sum())
    return PastJoiners(day(before), len(found.rows), int(joined[found.rows].sum()), expected)


def _beyond_chance(seen: int, expected: float) -> bool:
    return seen > expected + _BEYOND_CHANCE * math.sqrt(max(expected, 1.0))


def _proof(whom: Whom, half: HiddenHalf | None, past: PastJoiners | None) -> tuple[bool, str]:
    """Whether the list may be shown, and how that is known."""
    if past is not None:
        words = (
            f"Tested on your past: of the {count(past.listed)} customers who were most like “{whom.name}” on {past.at} and"
            f" not among them, {count(past.joined)} are now; of customers of the same risk it would be"
            f" {decimal(past.expected, 1)}."
        )
        return _beyond_chance(past.joined, past.expected), words
    if half is not None:
        words = (
            f"Tested on the group itself: {count(half.hidden)} of its members were hidden and the search told of the other"
            f" {count(half.told)}; of the {count(half.listed)} most alike that it named, {count(half.found)} were hidden"
            f" members, by chance it would be {decimal(half.by_chance, 1)}."
        )
        return _beyond_chance(half.found, half.by_chance), words
    return True, (
        "With fewer than 10 members nobody can test whether the group has anything in common: an assumption of yours."
    )
