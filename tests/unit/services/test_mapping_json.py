"""The mapping as JSON: what is saved is what is read again, and what is wrong is named."""

from __future__ import annotations

import json

import pytest

from churnkit.errors import MappingError
from churnkit.ingest import ColumnMapping, Reading
from churnkit.services.look.given_answers import Answers, reading_with
from churnkit.services.look.mapping_json import MAX_BYTES, mapping_answer, mapping_text

COLUMNS = ["Buyer", "Bought at", "Paid", "Cur", "State"]


def read(text: str | bytes) -> Reading:
    return reading_with(Reading(), Answers((mapping_answer(text, COLUMNS),)))


def test_what_was_saved_is_read_again() -> None:
    mapping = ColumnMapping(
        {"customer_id": "Buyer", "ordered_at": "Bought at", "amount": "Paid", "currency": "Cur"},
        day_first=True,
        decimal=",",
    )
    assert read(mapping_text(mapping)).mapping == mapping


def test_a_currency_code_is_no_column() -> None:
    mapping = ColumnMapping({"customer_id": "Buyer"}, currency="EUR")
    found = read(mapping_text(mapping))
    assert found.settings.currency == "EUR"
    assert found.mapping == ColumnMapping({"customer_id": "Buyer"})


def test_other_words_and_spellings_and_answers_beside_it() -> None:
    content = {"order_datetime": "bought_AT", "statuses": {"Paid": "counts"}, "nobody": ["Cash"]}
    found = read(json.dumps(content).encode("utf-8-sig"))
    assert found.mapping == ColumnMapping({"ordered_at": "Bought at"})
    assert found.statuses == {"paid": "counts"}
    assert found.nobody == ("cash",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "no valid JSON"),
        ("[1]", "one JSON object, found a list"),
        ("{}", "names no column"),
        ('{"buyer": "Buyer"}', "'buyer' is no field"),
        ('{"customer_id": "Byer"}', "no column 'Byer'"),
        ('{"customer_id": 5}', "must name a column"),
        ('{"statuses": {"paid": "yes"}}', "one of counts or left_out"),
        ('{"sheet": "2024"}', "sheet is settled before"),
        (b'{"customer_id": "\xff"}', "not UTF-8"),
        ("[" * 90_000, "no mapping"),
        (" " * (MAX_BYTES + 1), "at most"),
    ],
)
def test_what_is_wrong_is_named(text: str | bytes, words: str) -> None:
    with pytest.raises(MappingError, match=words):
        mapping_answer(text, COLUMNS)
