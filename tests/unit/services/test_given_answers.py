"""What was answered about an export: joined, replaced, and found again for the next one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from churnkit.config import IngestSettings
from churnkit.ingest import Reading, inspect
from churnkit.services.look.given_answers import (
    BY_HAND,
    Answers,
    GivenAnswer,
    beginning_key,
    fitting,
    header_key,
    reading_with,
    save,
    saved,
    with_answer,
)
from churnkit.store import Store

TOTAL = GivenAnswer("amount", "Money: Total", {"amount": "Total"})
PENDING = GivenAnswer("statuses", "pending: counts", {"statuses": {"pending": "counts"}})
LETTERS = GivenAnswer("encoding", "Letters: cp1250", {"encoding": "cp1250"}, early=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as store:
        yield store


def test_a_new_answer_takes_the_place_of_one_about_the_same() -> None:
    given = with_answer((LETTERS, TOTAL, PENDING), GivenAnswer("amount", "Money: Net", {"amount": "Net"}))
    assert [one.label for one in given] == ["Letters: cp1250", "pending: counts", "Money: Net"]
    other = GivenAnswer("statuses", "held: left out", {"statuses": {"held": "left_out"}})
    assert with_answer((PENDING,), other) == (PENDING, other)
    reading = reading_with(Reading(), Answers((PENDING, other)))
    assert dict(reading.statuses) == {"pending": "counts", "held": "left_out"}


def test_columns_chosen_by_hand_take_the_place_of_every_answer_about_a_column() -> None:
    by_hand = GivenAnswer(BY_HAND, "Columns", {"customer_id": "Buyer", "order_total": "Total"})
    assert with_answer((TOTAL, PENDING), by_hand) == (PENDING, by_hand)


def test_a_reading_has_the_answers_and_what_is_set_goes_before() -> None:
    answers = Answers((LETTERS, TOTAL, PENDING))
    reading = reading_with(Reading(), answers)
    assert reading.settings.encoding == "cp1250"
    assert reading.mapping is not None and dict(reading.mapping.columns) == {"amount": "Total"}
    assert dict(reading.statuses) == {"pending": "counts"}
    options = Reading(settings=IngestSettings(encoding="utf-8"))
    assert reading_with(options, answers).settings.encoding == "utf-8"
    assert reading_with(options, Answers()) is options


def test_a_currency_does_not_take_the_place_of_the_column_of_currencies() -> None:
    column = GivenAnswer(BY_HAND, "Columns", {"amount": "Total", "currency": "Currency"})
    euros = GivenAnswer("currency", "Currency: EUR", {"currency": "EUR"})
    for given in (with_answer((column,), euros), with_answer((euros,), column)):
        assert len(given) == 2
        reading = reading_with(Reading(), Answers(given))
        assert reading.settings.currency == "EUR"
        assert reading.mapping is not None and reading.mapping.columns["currency"] == "Currency"
    assert fitting((euros,), ["Total"]) == (euros,)


def test_answers_come_back_for_their_header_and_tenant_only(store: Store) -> None:
    save(store, "header", [TOTAL, PENDING])
    save(store, "start", [LETTERS])
    assert saved(store, "header") == (TOTAL, PENDING)
    assert saved(store, "start") == (LETTERS,)
    assert saved(store.for_tenant("other"), "header") == ()
    save(store, "header", [])
    assert saved(store, "header") == ()


def test_answers_about_columns_that_a_file_lacks_do_not_fit() -> None:
    assert fitting((TOTAL, PENDING), ["Customer", "Total"]) == (TOTAL, PENDING)
    assert fitting((TOTAL, PENDING), ["Customer", "Sum"]) == (PENDING,)


def test_the_next_export_has_the_same_beginning_and_header(tmp_path: Path) -> None:
    def file(name: str, header: str, orders: int) -> Path:
        rows = "".join(f"K{n % 3};0{n + 1}.02.2026;{n},50\n" for n in range(orders))
        path = tmp_path / name
        path.write_bytes(f"{header}\r\n{rows}".encode("cp1250"))
        return path

    one, two = file("a.csv", "Klient;Data;Wartość", 5), file("b.csv", "Klient;Data;Wartość", 8)
    other = file("c.csv", "Klient;Data;Kwota", 5)
    keys = [beginning_key(path, path.name) for path in (one, two, other)]
    assert keys[0] == keys[1] != keys[2]
    reading = Reading(settings=IngestSettings(encoding="cp1250"))
    headers = [header_key(inspect(path, tmp_path / "work", reading)) for path in (one, two, other)]
    assert headers[0] == headers[1] != headers[2]


def test_a_workbook_is_known_by_its_name_without_dates(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"PK\x03\x04 January")
    two.write_bytes(b"PK\x03\x04 February, longer")
    assert beginning_key(one, "orders-2026-01.xlsx") == beginning_key(two, "Orders-2026-02.xlsx")
    assert beginning_key(one, "orders-2026-01.xlsx") != beginning_key(one, "stock-2026-01.xlsx")
