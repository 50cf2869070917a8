"""What a look says of its file: older accounts open, and what is damaged is one sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from churnkit.errors import DataError
from churnkit.results.codec import JsonObject, from_json, from_text, to_json, to_text
from churnkit.results.look_facts import LookFacts
from tests.made_look import made_facts


def first_version() -> JsonObject:
    """As the first looks were written: neither the order of day and month, nor who came back, nor a version."""
    content = to_json(made_facts())
    by_day = {key: value for key, value in content["by_day"].items() if key != "returned_after_share"}
    kept = {key: value for key, value in content.items() if key not in ("version", "day_first")}
    return {**kept, "by_day": by_day}


def test_an_account_of_the_first_version_opens() -> None:
    untold = replace(made_facts().by_day, returned_after_share=(None, None))
    assert from_json(LookFacts, first_version()) == made_facts(by_day=untold)
    with_order = {**first_version(), "day_first": True}
    assert from_json(LookFacts, with_order) == made_facts(day_first=True, by_day=untold)


def test_an_account_of_this_version_comes_back() -> None:
    facts = made_facts(as_of=datetime(2025, 2, 1), currency=None, notes=("Dates were read day first.",))
    assert from_text(LookFacts, to_text(facts)) == facts
    assert to_json(facts)["by_day"]["churn_share"] == [0.5, None]
    assert to_json(facts)["monthly_totals"] == [{"month": "2025-01", "orders": 12, "amount": 120.5}]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"mapping": ["a"]}, "an object is needed"),
        ({"returns": "kept"}, "one of net, ignore is needed, found 'kept'"),
        ({"rows_in": None}, r"a whole number is needed, found None @ \$\.rows_in"),
        ({"version": 4}, "it has version 4"),
    ],
)
def test_a_damaged_account_is_refused(changes: JsonObject, words: str) -> None:
    with pytest.raises(DataError, match=f"Reading the account of a file: .*{words}"):
        from_json(LookFacts, {**to_json(made_facts()), **changes})
