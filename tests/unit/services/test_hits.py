"""How often the forecast was right, counted by hand and over drawn shops."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from churnkit.results.found import Found, Missing
from churnkit.services.decide.hits import (
    Hits,
    PastHits,
    alt_of_hits,
    compared,
    headline,
    hit_sentences,
    hits_of,
    past_hits,
)

THEN = datetime(2026, 6, 1)
HORIZON_DAYS = 60


def past(
    p_churn: list[float], churned: list[int], recency: list[int], cutoff: datetime = THEN
) -> pd.DataFrame:
    return pd.DataFrame({"cutoff": cutoff, "p_churn": p_churn, "churned": churned, "recency_days": recency})


def plain(sentences: tuple[str, ...]) -> str:
    return " ".join(sentences).replace("\u202f", " ").replace("\u00a0", " ")


def found_in(rows: pd.DataFrame) -> PastHits:
    found = hits_of(rows, HORIZON_DAYS)
    assert isinstance(found, Found)
    return found.value


# Ten active customers and a lapsed one who counts nowhere; two are named.
SHOP = past(
    [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.1, 0.99],
    [1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1],
    [10, 20, 60, 50, 5, 5, 5, 5, 5, 5, 61],
)


def test_counts_by_hand() -> None:
    last = found_in(SHOP).last
    assert (last.customers, last.left, last.named, last.named_left) == (10, 3, 2, 2)
    assert (last.rule_left, last.rule_days) == (1, 50)
    assert (last.named_expected, last.expected) == (pytest.approx(1.7), pytest.approx(4.6))
    assert (last.share, last.rule_share, last.chance_share) == (1.0, 0.5, 0.3)


def test_it_is_said_with_its_figures() -> None:
    found = found_in(SHOP)
    assert headline(found.last) == "Of 2 customers whom it named, 2 did leave."
    said = plain(hit_sentences(found, HORIZON_DAYS))
    assert "went back to 1 Jun 2026" in said and "Of 10 customers who were active then" in said
    assert "silent for 50 days or longer: of 2 of those 1 left. Of 2 drawn by chance 1 did." in said
    assert "found 1 leaver more than the rule" in said
    assert "1 of them was not among the named" in said
    assert "earlier date" not in said


def test_earlier_dates_stand_beside_it_and_overlapping_ones_do_not() -> None:
    dates = [THEN - timedelta(days=days) for days in (0, 30, 60, 125)]
    found = found_in(pd.concat([SHOP.assign(cutoff=date) for date in dates]))
    assert [one.cutoff for one in found.earlier] == [dates[3], dates[2]]
    said = plain(hit_sentences(found, HORIZON_DAYS))
    assert "The same at 2 earlier dates: 100 % of those named left, 50 % by the rule, 30 % by chance." in said
    assert alt_of_hits(found).count("100\u202f%") == 3


def test_nobody_active_is_said() -> None:
    nobody = hits_of(SHOP.assign(recency_days=90), HORIZON_DAYS)
    assert isinstance(nobody, Missing) and "no earlier date with active customers" in nobody.reason


def test_a_hundred_stands_for_many_alone() -> None:
    assert headline(hits(62, 51)) == "Of 100 customers whom it named, 62 did leave."
    few = replace(hits(20, 10), named=49)
    assert headline(few) == "Of 49 customers whom it named, 20 did leave."
    assert headline(replace(few, named=50)) == "Of 100 customers whom it named, 40 did leave."


def test_without_both_outcomes_the_evidence_says_why() -> None:
    def of(past_rows: pd.DataFrame, window: object) -> Found[PastHits] | Missing:
        evidence = SimpleNamespace(window_active=window)
        some: Any = SimpleNamespace(past=past_rows, horizon_days=HORIZON_DAYS, evidence=evidence)
        return past_hits(some)

    why, there = Missing("Too short."), Found(None)
    assert of(SHOP.iloc[:0], why) == of(SHOP.assign(churned=1), why) == why
    alike = of(SHOP.assign(churned=0), there)
    assert isinstance(alike, Missing) and "did the same" in alike.reason
    # An earlier version kept the forecasts and not the figures of the active.
    assert isinstance(of(SHOP, why), Found) and isinstance(of(SHOP, there), Found)


def hits(named_left: float, rule_left: float, left: int = 20) -> Hits:
    return Hits(
        cutoff=THEN,
        customers=500,
        expected=left,
        left=left,
        named=100,
        named_left=named_left,
        named_expected=40.0,
        rule_left=rule_left,
        rule_days=40,
    )


@pytest.mark.parametrize(
    ("named_left", "rule_left", "words"),
    [
        (60, 40, "found 20 leavers more than the rule"),
        (40, 39, "the simple rule did as well there"),
        (40, 41, "the simple rule did as well there"),
        (40, 42, "The simple rule did better there, by 2 of 100"),
        (4, 2, "did no better than chance"),
    ],
)
def test_the_rule_is_given_its_due(named_left: float, rule_left: float, words: str) -> None:
    assert words in compared(hits(named_left, rule_left))


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(5, 120), st.integers(0, 10_000), st.booleans())
def test_no_count_is_more_than_there_are(customers: int, seed: int, ties: bool) -> None:
    rng = np.random.default_rng(seed)
    p = np.round(rng.random(customers), 1 if ties else 6)
    churned = (rng.random(customers) < p).astype(int)
    rows = past(list(p), list(churned), list(rng.integers(0, HORIZON_DAYS + 1, customers)))
    last = found_in(rows).last
    for left in (last.named_left, last.rule_left):
        assert -1e-9 <= left <= min(last.named, last.left) + 1e-9
    assert 1 <= last.named <= last.customers == customers
    assert last.left == churned.sum()
    said = hit_sentences(found_in(rows), HORIZON_DAYS)
    assert not any("nan" in sentence or "-" in sentence for sentence in said)
