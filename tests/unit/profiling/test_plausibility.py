"""Missing, impossible and contradictory values, and ingest's account of the file."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from churnkit.errors import DataError
from churnkit.profiling import plausibility, plausibility_checks
from churnkit.profiling.account import Account
from churnkit.results.profile import MissingValues

CUTOFF = datetime(2024, 6, 1)


def line(amount: float = 20.0, **changes):
    """A flawless purchase of two pieces at 10."""
    base = {
        "customer_id": "a",
        "ordered_at": "2024-01-05",
        "amount": amount,
        "is_return": amount < 0,
        "quantity": 2.0,
        "unit_price": 10.0,
        "discount": 0.0,
        "product_id": "p",
    }
    return {**base, **changes}


FLAWED = [
    line(),
    line(ordered_at="1979-12-31"),
    line(amount=float("inf"), quantity=None),
    line(amount=0.0, is_return=False, quantity=0.0),
    line(amount=-20.0, is_return=False),
    line(is_return=True),
    line(quantity=-2.0),
    line(unit_price=0.0),
    line(amount=25.0),
    line(amount=15.0, discount=5.0),
    line(discount=-1.0),
    line(discount=21.0),
    line(product_id=None),
    line(product_id=""),
    line(ordered_at="2024-06-01"),
]


def account(table_rows: int, *entries: tuple[str, str, int], rows_in: int | None = None) -> Account:
    ledger = pd.DataFrame(entries, columns=["reason", "action", "rows"]).assign(share=0.0, explanation="")
    dropped = int(ledger.loc[ledger["action"] == "dropped", "rows"].sum())
    return Account(rows_in if rows_in is not None else table_rows + dropped, table_rows, ledger)


@pytest.fixture
def found(transactions):
    return plausibility.count(transactions(FLAWED), CUTOFF)


def outcome(found, code: str, *entries: tuple[str, str, int]) -> str:
    books = account(found.rows, *entries)
    missing = plausibility.missing_values(found, books, list(found.missing))
    return {check.code: check.outcome for check in plausibility_checks.checks(found, books, missing)}[code]


def test_each_flaw_is_counted_once(found):
    assert found.rows == 14
    assert found.after_cutoff == 1
    assert found.early_date == 1
    assert found.no_number == 1
    assert found.zero_amount == 1
    assert found.negative_no_return == 1
    assert found.positive_return == 1
    assert found.bad_quantity == 1
    assert found.bad_price == 1
    assert found.discount_negative == 1
    assert found.discount_above_price == 1
    assert found.missing["product_id"] == 2
    assert found.missing["quantity"] == 1
    assert found.missing["customer_id"] == 0


def test_amount_may_fit_quantity_times_price_before_or_after_the_discount(found):
    # Off: -2 x 10 and 2 x 0 against 20, 2 x 10 against 25. With a discount, before or after it fits.
    assert found.price_differs == 3


@pytest.mark.parametrize("code", ["DQ-501", "DQ-502", "DQ-503", "DQ-504", "DQ-505", "DQ-506"])
def test_flaws_are_findings(found, code):
    assert outcome(found, code) in ("warn", "fail")


def test_a_flawless_table_passes(transactions):
    clean = plausibility.count(transactions([line(), line(amount=-20.0)]), CUTOFF)
    for code in (
        "DQ-201",
        "DQ-202",
        "DQ-203",
        "DQ-204",
        "DQ-501",
        "DQ-502",
        "DQ-503",
        "DQ-504",
        "DQ-505",
        "DQ-506",
    ):
        assert outcome(clean, code) == "pass", code


def test_one_amount_for_everything_is_worth_a_look(transactions):
    same = plausibility.count(transactions([line(amount=1.0)] * 40 + [line(amount=-1.0)]), CUTOFF)
    assert outcome(same, "DQ-507") == "warn"
    assert (same.purchases, same.lowest_amount, same.highest_amount) == (40, 1.0, 1.0)
    differing = plausibility.count(transactions([line(amount=1.0)] * 40 + [line(amount=1.5)]), CUTOFF)
    assert outcome(differing, "DQ-507") == "pass"
    assert outcome(plausibility.count(transactions([line()] * 29), CUTOFF), "DQ-507") == "skipped"
    nothing = plausibility.count(transactions([line(amount=-1.0)] * 40), CUTOFF)
    assert nothing.lowest_amount is None and outcome(nothing, "DQ-507") == "skipped"


def test_absent_columns_are_not_applicable(transactions, bought):
    bare = plausibility.count(transactions(bought("a", "2024-01-01")), CUTOFF)
    for code in ("DQ-204", "DQ-503", "DQ-504", "DQ-505"):
        assert outcome(bare, code) == "not_applicable", code


@pytest.mark.parametrize(
    ("dropped", "expected"), [(0, "pass"), (1, "warn"), (20, "warn"), (26, "fail")], ids=str
)
def test_rows_dropped_for_lack_of_a_customer_count_as_missing(transactions, bought, dropped, expected):
    """Of 80 rows kept and these dropped: 1 of 81, 20 of 100, 26 of 106, the limit being a fifth."""
    table = transactions([row for i in range(80) for row in bought(f"c{i}", "2024-01-01")])
    clean = plausibility.count(table, CUTOFF)
    books = account(80, ("no_customer", "dropped", dropped), ("id_trimmed", "mended", 80))
    missing = plausibility.missing_values(clean, books, ["customer_id", "ordered_at", "amount"])
    share = dropped / (80 + dropped)
    assert missing[0] == MissingValues(
        column="customer_id", critical=True, missing=dropped, share=missing[0].share, flagged=share > 0.2
    )
    assert missing[0].share == pytest.approx(share)
    assert plausibility_checks.checks(clean, books, missing)[0].outcome == expected


def test_shares_leave_out_rows_after_the_as_of_date():
    books = account(50, ("no_customer", "dropped", 50), ("after_as_of", "dropped", 900))
    assert books.rows_in == 1000
    assert books.considered == 100


def test_an_account_that_does_not_add_up_fails():
    codes = {check.code: check for check in account(90, ("zero_amount", "dropped", 5), rows_in=100).checks()}
    assert codes["DQ-104"].outcome == "fail"
    assert codes["DQ-104"].figure == 5
    codes = {check.code: check for check in account(95, ("zero_amount", "dropped", 5)).checks()}
    assert codes["DQ-104"].outcome == "pass"


@pytest.mark.parametrize(("unreadable", "expected"), [(0, "pass"), (1, "warn"), (12, "fail")])
def test_unreadable_rows(unreadable, expected):
    codes = {
        check.code: check.outcome for check in account(200, ("unreadable", "dropped", unreadable)).checks()
    }
    assert codes["DQ-105"] == expected


def test_a_ledger_without_its_columns_is_refused():
    with pytest.raises(DataError, match="share, explanation missing"):
        Account(1, 1, pd.DataFrame(columns=["reason", "action", "rows"]))


def test_future_and_ancient_dates_that_ingest_dropped_are_reported(transactions):
    clean = plausibility.count(transactions([line()]), CUTOFF)
    assert outcome(clean, "DQ-506", ("future_date", "dropped", 2)) == "fail"
