"""Lifetimes, orders a day and the smallest orders, counted by hand."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from churnkit.profiling.closer_look import closer_look
from churnkit.results.closer_look import LifetimeBar, SmallOrder
from churnkit.results.codec import from_json, to_json

CUTOFF = datetime(2025, 1, 1)


def test_by_hand(transactions, bought):
    found = closer_look(
        transactions(
            [
                *bought("a", "2024-01-01", "2024-01-11", "2024-01-31"),
                *bought("b", "2024-01-01", "2024-12-31", amount=20.0),
                *bought("c", "2024-01-11T09:00", "2024-01-11T18:00"),
                *bought("d", "2024-01-03", amount=0.05),
                *bought("e", "2025-01-01"),
                *bought("d", "2024-01-04", amount=-5.0),
            ]
        ),
        CUTOFF,
    )
    lives = found.lifetimes
    # a stays 30 days, b 365; c and d buy on one day; e buys after the history; a return is no purchase.
    assert (lives.customers, lives.one_day) == (2, 2)
    assert (lives.mean_days, lives.median, lives.max_days) == (197.5, 197.5, 365)
    assert lives.histogram == (
        LifetimeBar(from_days=1, to_days=29, customers=0, share=0.0),
        LifetimeBar(from_days=30, to_days=89, customers=1, share=0.5),
        LifetimeBar(from_days=90, to_days=179, customers=0, share=0.0),
        LifetimeBar(from_days=180, to_days=364, customers=0, share=0.0),
        LifetimeBar(from_days=365, to_days=729, customers=1, share=0.5),
    )
    # Three further orders in 395 days.
    assert found.orders_a_customer_a_year == pytest.approx(3 * 365 / 395)
    assert [(one.day.day, one.orders, one.customers) for one in found.per_day] == [
        (1, 2, 2),
        (3, 1, 1),
        (11, 3, 2),
        (31, 1, 1),
        (31, 1, 1),
    ]
    assert found.days == 366
    assert found.orders_a_day == pytest.approx(8 / 366)
    assert found.smallest_orders[0] == SmallOrder(
        order_id="d-2024-01-03", customer_id="d", day=date(2024, 1, 3), value=0.05
    )
    assert (found.tiny_orders, found.tiny_limit) == (1, pytest.approx(0.1))
    assert from_json(type(found), to_json(found)) == found


def test_nobody_comes_back(transactions, bought):
    found = closer_look(transactions([*bought("a", "2024-01-01"), *bought("b", "2024-01-02")]), CUTOFF)
    assert found.lifetimes.histogram == ()
    assert found.lifetimes.customers == 0
    assert found.orders_a_customer_a_year is None
