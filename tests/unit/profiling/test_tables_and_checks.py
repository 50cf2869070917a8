"""Duplicates, ids, customers, orders, outliers and products on tables small enough to count by hand."""

from __future__ import annotations

import math
from datetime import datetime

import ibis
import numpy as np
import pandas as pd
import pytest

from churnkit.profiling import customers, duplicates, identity, outliers, products, tables
from churnkit.profiling.account import Account
from churnkit.results.found import Found, Missing
from churnkit.results.profile import BusiestCustomer, CurrencyUse, IdKind

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
CUTOFF = datetime(2025, 1, 1)


def books(rows: int, *entries: tuple[str, int]) -> Account:
    ledger = pd.DataFrame(
        [(reason, "dropped", number, 0.0, "") for reason, number in entries],
        columns=["reason", "action", "rows", "share", "explanation"],
    )
    return Account(rows + int(ledger["rows"].sum()), rows, ledger)


def outcomes(checks) -> dict[str, str]:
    return {check.code: check.outcome for check in checks}


def test_orders_net_returns_and_keep_documents_without_purchases(transactions):
    lines = [
        {
            "order_id": "1",
            "customer_id": "a",
            "ordered_at": "2024-01-01T10:00:00",
            "amount": 10.0,
            "quantity": 1.0,
        },
        {
            "order_id": "1",
            "customer_id": "a",
            "ordered_at": "2024-01-02T10:00:00",
            "amount": 5.0,
            "quantity": 2.0,
        },
        {
            "order_id": "1",
            "customer_id": "a",
            "ordered_at": "2024-01-03T10:00:00",
            "amount": -4.0,
            "quantity": -1.0,
        },
        {
            "order_id": "C1",
            "customer_id": "a",
            "ordered_at": "2024-01-04T10:00:00",
            "amount": -10.0,
            "quantity": -1.0,
        },
    ]
    found = tables.records(tables.orders(tables.history(transactions(lines), CUTOFF)).order_by("order_id"))
    purchase, cancellation = found
    assert (purchase["gross"], purchase["refunded"], purchase["lines"], purchase["units"]) == (
        15.0,
        4.0,
        2,
        3.0,
    )
    assert (purchase["ordered_at"], purchase["last_line_at"]) == (
        datetime(2024, 1, 1, 10),
        datetime(2024, 1, 2, 10),
    )
    assert (cancellation["gross"], cancellation["refunded"], cancellation["ordered_at"]) == (0.0, 10.0, None)


def test_customer_and_order_statistics_by_hand(transactions, bought):
    lines = (
        bought("a", "2024-01-01", amount=60.0)
        + bought("b", "2024-01-01", "2024-02-01", amount=10.0)
        + bought("c", "2024-01-01", "2024-02-01", "2024-03-01", amount=4.0)
        + bought("d", "2024-01-01", amount=8.0)
        + bought("d", "2024-01-09", amount=-8.0)
        + bought("e", "2024-01-09", amount=-1.0)
    )
    orders = tables.orders(tables.history(transactions(lines), CUTOFF))
    found = customers.customer_statistics(tables.customers(orders))
    # e never bought; d bought once and gave all back.
    assert found.customers == 4
    assert (found.one_time, found.one_time_share, found.returning, found.frequent) == (
        2,
        0.5,
        2,
        1,
    )
    assert found.without_positive_net == 1
    assert found.orders_per_customer.mean == 7 / 4
    assert found.orders_per_customer.max == 3
    assert [cell.customers for cell in found.orders_per_customer.histogram] == [2, 1, 1] + [0] * 8
    assert found.lifetime_revenue.mean == pytest.approx((60 + 20 + 12 + 0) / 4)
    assert found.lifetime_revenue.median == pytest.approx(16.0)
    assert found.top_fifth_revenue_share == pytest.approx(60 / 100)
    assert found.busiest == BusiestCustomer(customer_id="c", orders=3, share=3 / 7)
    about = customers.order_statistics(orders)
    assert (about.orders, about.return_documents) == (7, 2)
    assert (about.gross, about.refunded, about.net) == (100.0, 9.0, 91.0)
    assert about.value.mean == pytest.approx(100 / 7)
    assert about.value.median == 8.0
    assert about.units_per_order is None
    assert outcomes(customers.checks(found, about)) == {
        "DQ-704": "warn",
        "DQ-705": "pass",
        "DQ-608": "skipped",
        "DQ-707": "pass",
    }


def test_a_walk_in_id_with_a_fifth_of_the_orders_fails(transactions, bought):
    days = [f"2024-01-{day:02d}" for day in range(1, 11)]
    lines = bought("guest", *days) + [line for i in range(30) for line in bought(f"c{i}", "2024-02-01")]
    orders = tables.orders(tables.history(transactions(lines), CUTOFF))
    found = customers.customer_statistics(tables.customers(orders))
    check = next(
        check
        for check in customers.checks(found, customers.order_statistics(orders))
        if check.code == "DQ-608"
    )
    assert check.outcome == "fail"
    assert check.figure == pytest.approx(0.25)
    assert "guest" in check.words


def test_exact_duplicates_differ_in_nothing_but_the_source_row(transactions, bought):
    lines = bought("a", "2024-01-01", product_id="p") * 3
    lines += bought("a", "2024-01-01", product_id="q") + bought("b", "2024-01-01", product_id=None) * 2
    assert duplicates.exact(transactions(lines)) == 3


def test_near_duplicates_are_orders_of_one_customer_day_and_value(transactions):
    def order(order_id: str, customer_id: str, when: str, amount: float):
        return {"order_id": order_id, "customer_id": customer_id, "ordered_at": when, "amount": amount}

    lines = [
        order("1", "a", "2024-01-01T10:00:00", 6.0),
        order("1", "a", "2024-01-01T10:00:00", 4.0),
        order("2", "a", "2024-01-01T10:05:00", 10.0),
        order("3", "a", "2024-01-02T10:05:00", 10.0),
        order("4", "b", "2024-01-01T10:05:00", 10.0),
    ]
    rows = transactions(lines)
    checks, summary = duplicates.find(rows, tables.orders(rows), books(5))
    assert (summary.near, summary.near_unit, summary.near_share) == (1, "orders", 0.25)
    assert outcomes(checks) == {"DQ-301": "pass", "DQ-302": "fail"}


def test_near_duplicates_are_rows_where_order_ids_were_made_up(transactions, bought):
    def day_order(when: str, amount: float, **extra):
        day = when[:10]
        return {"order_id": f"a@{day}", "customer_id": "a", "ordered_at": when, "amount": amount, **extra}

    lines = [
        day_order("2024-01-01", 5.0, quantity=1.0),
        day_order("2024-01-01", 5.0, quantity=2.0),
        day_order("2024-01-01", 5.0, quantity=2.0),
        day_order("2024-01-02", 5.0, quantity=1.0),
    ]
    rows = transactions(lines)
    _checks, summary = duplicates.find(rows, tables.orders(rows), books(4, ("duplicate_line", 6)))
    # Two rows repeat the first of 1 January; one of them is equal in every column and counted as such.
    assert (summary.near, summary.near_unit) == (1, "rows")
    assert (summary.exact_kept, summary.exact_dropped) == (1, 6)


@pytest.mark.parametrize(
    ("customer_id", "kind"),
    [
        ("anna@example.org", "e-mail addresses"),
        ("00123", "digits"),
        ("Müller", "letters"),
        ("A17b", "letters and digits"),
        ("A-17", "other signs"),
        ("12.0", "other signs"),
    ],
)
def test_kinds_of_ids(transactions, bought, customer_id, kind):
    table = transactions(bought(customer_id, "2024-01-01"))
    assert tables.one_row(table.select(kind=identity.kind(table.customer_id)))["kind"] == kind


def found_identity(table, account=None):
    rows = tables.history(table, CUTOFF)
    orders = tables.orders(rows)
    return identity.find(rows, orders, tables.customers(orders), account or books(10))


def test_numbers_among_mail_addresses_are_a_finding(transactions, bought):
    lines = [line for i in range(9) for line in bought(f"c{i}@x.org", "2024-01-01")] + bought(
        "17", "2024-01-02"
    )
    checks, summary = found_identity(transactions(lines))
    assert outcomes(checks)["DQ-605"] == "warn"
    assert summary.customer_id_kinds[1] == IdKind(kind="digits", customers=1, example="17", share=0.1)


def test_random_codes_that_happen_to_be_digits_are_no_finding(transactions, bought):
    lines = [line for code in ("a1b2", "77c0", "e99f", "1234") for line in bought(code, "2024-01-01")]
    assert outcomes(found_identity(transactions(lines))[0])["DQ-605"] == "pass"


def test_spellings_that_split_a_customer_are_counted(transactions, bought):
    lines = [
        line
        for name in ("Ann@x.org", "ann@x.org ", "bob@x.org", "007", "7")
        for line in bought(name, "2024-01-01")
    ]
    checks, summary = found_identity(transactions(lines))
    assert summary.respelled_customers == 2
    assert outcomes(checks)["DQ-606"] == "fail"


def test_order_ids_of_two_customers_and_over_months_are_counted(transactions):
    def order(order_id: str, customer_id: str, day: str):
        return {"order_id": order_id, "customer_id": customer_id, "ordered_at": day, "amount": 1.0}

    lines = [
        order("1", "a", "2024-01-01"),
        order("1", "b", "2024-01-01"),
        order("2", "a", "2024-01-01"),
        order("2", "a", "2024-01-09"),
        order("3", "a", "2024-01-01"),
        order("3", "a", "2024-01-08"),
    ]
    _checks, summary = found_identity(transactions(lines))
    assert (summary.order_ids, summary.shared_order_ids, summary.long_order_ids) == (3, 1, 1)


def test_currencies(transactions, bought):
    one = bought("a", "2024-01-01", currency="EUR") + bought("b", "2024-01-01", currency=None)
    assert outcomes(found_identity(transactions(one))[0])["DQ-604"] == "pass"
    checks, summary = found_identity(
        transactions(one + bought("c", "2024-01-01", currency="USD", amount=7.0))
    )
    assert outcomes(checks)["DQ-604"] == "fail"
    assert summary.currencies == (
        CurrencyUse(currency="EUR", rows=1, gross=10.0),
        CurrencyUse(currency="USD", rows=1, gross=7.0),
    )
    assert outcomes(found_identity(transactions(one), books(1, ("other_currency", 9)))[0])["DQ-604"] == "warn"
    assert outcomes(found_identity(transactions(bought("a", "2024-01-01")))[0])["DQ-604"] == "not_applicable"


def test_outliers_by_hand(transactions, bought):
    """99 orders of 10 and one of 1,010: mean 20, standard deviation 99.5, quartiles 10."""
    lines = [line for i in range(99) for line in bought(f"c{i:02d}", "2024-01-01")]
    lines += bought("big", "2024-01-02", amount=1010.0)
    orders = tables.orders(transactions(lines))
    value = customers.order_statistics(orders).value
    checks, found = outliers.find(orders, value)
    assert isinstance(found, Found)
    summary = found.value
    assert value.sd == pytest.approx(math.sqrt((99 * 100 + 990**2) / 100))
    assert summary.z_score.limit == pytest.approx(20 + 3 * value.sd)
    assert summary.z_score.orders == 1
    assert summary.z_score.revenue_share == pytest.approx(1010 / 2000)
    assert (summary.iqr.low, summary.iqr.high, summary.iqr.orders) == (10.0, 10.0, 1)
    assert summary.isolation_forest.examples[0].value == 1010.0
    assert summary.largest_orders[0].customer_id == "big"
    assert outcomes(checks) == {"DQ-401": "warn", "DQ-402": "pass", "DQ-403": "pass"}


def test_outliers_need_fifty_orders(transactions, bought):
    orders = tables.orders(transactions([line for i in range(49) for line in bought(f"c{i}", "2024-01-01")]))
    checks, summary = outliers.find(orders, customers.order_statistics(orders).value)
    assert set(outcomes(checks).values()) == {"skipped"}
    assert summary == Missing("49 orders found, 50 are needed to say what is usual.")


def test_equal_orders_are_no_outliers():
    frame = pd.DataFrame({"order_id": list("abc"), "gross": [5.0] * 3, "lines": [1] * 3})
    assert outliers.isolation_forest(frame).orders == 0
    assert outliers.isolation_forest(frame.head(0)).share == 0.0


def test_isolation_forest_is_seeded():
    random = np.random.default_rng(1)
    frame = pd.DataFrame(
        {"order_id": [str(i) for i in range(400)], "gross": random.lognormal(3, 1, 400), "lines": 1}
    )
    assert outliers.isolation_forest(frame) == outliers.isolation_forest(frame)


def test_samples_are_bounded_and_the_same_for_any_row_order(transactions, bought):
    lines = [line for i in range(2000) for line in bought(f"c{i:04d}", "2024-01-01", source_row=i + 1)]
    orders = tables.orders(transactions(lines))
    shuffled = tables.orders(transactions(lines[::-1]))
    drawn = {row["order_id"] for row in tables.records(tables.sampled(orders, 2000, 200))}
    again = {row["order_id"] for row in tables.records(tables.sampled(shuffled, 2000, 200))}
    assert drawn == again
    assert 180 <= len(drawn) <= 220
    assert tables.sampled(orders, 2000, 2000) is orders


def test_products_by_hand(transactions, bought):
    lines = (
        bought("a", "2024-01-01", product_id="p", product_name="Pen", amount=30.0)
        + bought("a", "2024-01-02", product_id="p", product_name="Pen", amount=30.0)
        + bought("b", "2024-01-01", product_id="q", product_name=None, amount=40.0)
        + bought("b", "2024-01-01", product_id="q", product_name=None, amount=-40.0)
        + bought("b", "2024-01-03", product_id=None, product_name=None, amount=5.0)
    )
    rows = tables.history(transactions(lines), CUTOFF)
    found = products.statistics(rows, tables.customers(tables.orders(rows)), 2)
    assert found is not None
    assert found.categories is None
    pens = found.products
    assert pens is not None
    assert pens.number == 2
    assert pens.effective == pytest.approx(math.exp(-(0.6 * math.log(0.6) + 0.4 * math.log(0.4))))
    assert pens.herfindahl == pytest.approx(0.36 + 0.16)
    assert pens.top_fifth_revenue_share == pytest.approx(0.6)
    assert pens.per_customer == 1.0
    assert pens.repeat_line_share == pytest.approx(1 / 3)
    assert [(one.id, one.name, one.gross, one.lines) for one in pens.top] == [
        ("p", "Pen", 60.0, 2),
        ("q", "q", 40.0, 1),
    ]
    assert [one.share for one in pens.top] == pytest.approx([0.6, 0.4])


def test_a_product_column_without_values_is_no_product(transactions, bought):
    lines = bought("a", "2024-01-01", product_id=None, category="tea")
    rows = tables.history(
        transactions(lines + bought("b", "2024-01-01", product_id=None, category="tea")), CUTOFF
    )
    found = products.statistics(rows, tables.customers(tables.orders(rows)), 2)
    assert found is not None
    assert found.products is None
    assert found.categories is not None
    assert found.categories.number == 1


@pytest.mark.parametrize("untyped", [False, True])
def test_held_leaves_nothing_behind(transactions, bought, monkeypatch, tmp_path, untyped):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    rows = transactions(bought("a", "2024-01-01"))
    table = tables.orders(rows)
    table = table.mutate(nothing=ibis.null()) if untyped else table
    connection = ibis.get_backend(rows).con
    asked = "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE '%held%'"

    def held() -> int:
        return connection.sql(asked).fetchall()[0][0]

    with tables.held(table, rows) as orders:
        assert tables.one_row(orders)["gross"] == 10.0
        assert bool(list(tmp_path.iterdir())) is untyped
        assert held() == (not untyped)
    assert not list(tmp_path.iterdir())
    assert held() == 0
