"""Words for sales and service: who is in which situation, versions, what may stand in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from churnkit.errors import SettingsError
from churnkit.results.customer import Customer
from churnkit.services.decide.situation_words import (
    SITUATIONS,
    USUAL,
    Words,
    filled,
    save_words,
    situation_of,
    words_book,
)
from churnkit.store import Store

NEW = Words("Dear {customer_id}, hello.", "Listen.")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


def customer(**known: Any) -> Customer:
    row = {
        "customer_id": "7",
        "p_churn": 0.5,
        "status": "active",
        "recency_days": 10,
        "order_count": 4,
        "monetary_total": 9.0,
        "last_purchase_at": datetime(2025, 3, 1),
        "factor_1": "is {overdue}",
    }
    return Customer.of_row({**row, **known})


@pytest.mark.parametrize(
    ("known", "situation"),
    [
        ({"risk_tier": "high", "clv_if_kept": 100.0}, "best_leaving"),
        ({"risk_tier": "high", "clv_if_kept": 99.9}, "leaving"),
        ({"risk_tier": "high"}, "leaving"),
        ({"risk_tier": "medium", "clv_if_kept": 200.0}, "late"),
        ({"risk_tier": "low", "overdue_ratio": 2.1}, "late"),
        ({"risk_tier": "low", "overdue_ratio": 2.0}, "others"),
        ({"risk_tier": "low", "clv_if_kept": 100.0}, "best"),
        ({"risk_tier": "medium", "order_count": 1}, "one_order"),
        ({"risk_tier": "high", "order_count": 1}, "leaving"),
        ({"status": "lapsed", "clv_if_kept": 500.0}, "lapsed"),
        ({}, "others"),
    ],
)
def test_each_customer_is_in_one_situation(known: dict[str, Any], situation: str) -> None:
    assert situation_of(customer(**known), 100.0) == situation


def test_ours_hold_until_somebody_saves_and_an_older_version_comes_back(store: Store) -> None:
    assert dict(words_book(store).present) == dict(USUAL)
    save_words(store, {"late": NEW})
    save_words(store, {"late": Words("Second.", "Second.")})
    book = words_book(store)
    assert [one.number for one in book.versions] == [1, 2]
    assert book.present["late"].sales == "Second."
    assert book.of(1)["late"] == NEW
    assert book.of(0) == dict(USUAL)
    save_words(store, book.of(1))
    assert words_book(store).present["late"] == NEW
    assert len(words_book(store).versions) == 3
    save_words(store, {"late": NEW})
    assert len(words_book(store).versions) == 3
    assert dict(words_book(store.for_tenant("other")).present) == dict(USUAL)


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001, "Dear {name}"])
def test_a_text_that_cannot_be_used_is_refused(store: Store, text: str) -> None:
    with pytest.raises(SettingsError, match="Saving what sales says to “Late”"):
        save_words(store, {"late": Words(text, "Listen.")})
    assert words_book(store).versions == ()


def test_fields_are_filled_in_once() -> None:
    words = filled(Words("{customer_id}: {reason}, {orders} orders", "since {last_purchase}"), customer())
    assert words == Words("7: is {overdue}, 4 orders", "since 1 Mar 2025")


def test_every_situation_has_words_of_ours() -> None:
    assert set(USUAL) == set(SITUATIONS)
