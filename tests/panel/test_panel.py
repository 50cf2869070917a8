"""The panel against hand-computed rows, and every column against a second computation in plain pandas."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest

from churnkit.features.panel import panel

Lines = Callable[[int, int], pd.DataFrame]
KEYS = ["customer_id", "cutoff"]
CUTOFF = datetime(2024, 7, 1)
HORIZON_DAYS = 30
REQUIRED = ["order_id", "customer_id", "ordered_at", "amount", "is_return", "source_row"]


def computed(
    lines: pd.DataFrame,
    cutoffs: Sequence[datetime],
    horizon_days: int = HORIZON_DAYS,
    observed_until: datetime = datetime(2030, 1, 1),
    has_time: bool = True,
) -> pd.DataFrame:
    expression = panel(
        ibis.memtable(lines), cutoffs, horizon_days, observed_until=observed_until, has_time=has_time
    )
    frame = expression.to_pyarrow().to_pandas()
    return frame.sort_values(KEYS, ignore_index=True)


def order(customer: str, order_id: str, at: str, amount: float) -> dict[str, Any]:
    return {"customer_id": customer, "order_id": order_id, "ordered_at": pd.Timestamp(at), "amount": amount}


def table(*rows: Mapping[str, Any]) -> pd.DataFrame:
    lines = pd.DataFrame(list(rows))
    lines["ordered_at"] = lines["ordered_at"].astype("datetime64[us]")
    return lines.assign(is_return=lines["amount"] < 0, source_row=np.arange(1, len(lines) + 1))


def only(frame: pd.DataFrame) -> pd.Series:
    assert len(frame) == 1
    return frame.iloc[0]


def expect(row: Mapping[Any, Any] | pd.Series, **values: float | None) -> None:
    for name, value in values.items():
        if value is None:
            assert pd.isna(row[name]), f"{name} is {row[name]}, should be missing"
        else:
            assert row[name] == pytest.approx(value, rel=1e-12), name


def test_a_customer_without_a_purchase_before_the_cutoff_has_no_row() -> None:
    lines = table(
        order("early", "A", "2024-06-01", 10),
        order("late", "B", "2024-07-02", 10),
        order("refund only", "C", "2024-06-01", -10),
        order("gift only", "D", "2024-06-01", 0),
    )
    assert computed(lines, [CUTOFF])["customer_id"].tolist() == ["early"]


def test_one_purchase() -> None:
    row = only(computed(table(order("a", "A", "2024-05-02 19:30", 20)), [CUTOFF]))
    expect(
        row,
        recency_days=60,
        tenure_days=60,
        t_x_days=0,
        order_count=1,
        repeat_count=0,
        purchase_days=1,
        months_active=1,
        monetary_total=20,
        monetary_mean=20,
        order_value_max=20,
        last_order_value=20,
        last_order_value_ratio=1,
        lines_per_order=1,
        orders_per_month=1 / 3,
        spend_per_month=20 / 3,
        recency_tenure_ratio=1,
        weekend_share=0,
        evening_share=1,
        hour_mean=19,
        orders_30d=0,
        orders_60d=1,
        spend_60d=20,
        churned=1,
        orders_next=0,
        spend_next=0,
        recency_days_rank=0,
    )
    for unknown in ("order_value_std", "order_value_cv", "gap_mean_days", "gap_std_days", "gap_last_days"):
        expect(row, **{unknown: None})
    for unknown in ("overdue_ratio", "overdue_last_ratio", "overdue_max_ratio", "gap_cv", "gap_trend"):
        expect(row, **{unknown: None})
    expect(row, orders_90d=None, spend_365d=None, orders_trend_90d=None)


def test_a_lapsed_customer_and_the_gaps_of_a_regular_one() -> None:
    lines = table(
        order("lapsed", "A", "2023-01-01", 10),
        order("lapsed", "B", "2023-01-11", 30),
        order("regular", "C", "2024-03-03 10:00", 10),
        order("regular", "D", "2024-04-02 10:00", 10),
        order("regular", "E", "2024-05-22 10:00", 40),
        order("regular", "F", "2024-06-21 10:00", 20),
        order("regular", "G", "2024-07-11 10:00", 99),
        order("regular", "G", "2024-07-12 10:00", 1),
    )
    found = computed(lines, [CUTOFF])
    lapsed, regular = found.iloc[0], found.iloc[1]
    assert len(found) == 2
    expect(
        lapsed,
        recency_days=537,
        tenure_days=547,
        t_x_days=10,
        gap_mean_days=10,
        overdue_ratio=53.7,
        churned=1,
    )
    expect(lapsed, orders_365d=0, spend_365d=0, orders_trend_90d=None, gap_std_days=None, recency_days_rank=1)
    expect(
        regular,
        recency_days=10,
        tenure_days=120,
        order_count=4,
        repeat_count=3,
        months_active=4,
        gap_mean_days=110 / 3,
        gap_std_days=round(math.sqrt(((30 - 110 / 3) ** 2 * 2 + (50 - 110 / 3) ** 2) / 2), 6),
        gap_max_days=50,
        gap_min_days=30,
        gap_last_days=30,
        overdue_last_ratio=1 / 3,
        overdue_max_ratio=0.2,
        gap_trend=30 / (110 / 3),
        monetary_mean=20,
        order_value_std=round(math.sqrt(600 / 3), 6),
        last_order_value_ratio=1,
        orders_30d=1,
        orders_60d=2,
        orders_90d=3,
        orders_180d=4,
        spend_90d=70,
        orders_trend_90d=(3 - 1) / 4,
        spend_trend_90d=(70 - 10) / 80,
        active_month_share=4 * 30 / 150,
        churned=0,
        orders_next=1,
        spend_next=100,
        recency_days_rank=0,
        order_count_rank=1,
    )


def test_an_order_on_the_cutoff_is_outcome_and_one_on_the_horizons_end_is_not() -> None:
    found = computed(
        table(
            order("on cutoff", "A", "2024-06-30 23:59:59.999999", 5),
            order("on cutoff", "B", "2024-07-01 00:00:00", 7),
            order("on end", "C", "2024-06-30", 5),
            order("on end", "D", "2024-07-31 00:00:00", 7),
        ),
        [CUTOFF],
    )
    on_cutoff, on_end = found.iloc[0], found.iloc[1]
    assert len(found) == 2
    expect(on_cutoff, order_count=1, monetary_total=5, recency_days=1, churned=0, orders_next=1, spend_next=7)
    expect(on_end, order_count=1, churned=1, orders_next=0, spend_next=0)


def test_refunds_net_against_revenue_but_are_no_purchases() -> None:
    row = only(
        computed(
            table(
                order("a", "A", "2024-05-02", 30),
                order("a", "A", "2024-05-02", 10),
                order("a", "A", "2024-05-02", -4),
                order("a", "R", "2024-06-21", -9),
                order("a", "S", "2024-07-05", -20),
            ),
            [CUTOFF],
        )
    )
    expect(row, recency_days=60, order_count=1, line_count=2, purchase_days=1, gap_mean_days=None)
    expect(row, monetary_total=27, gross_total=40, refund_total=13, refund_count=2, return_share=13 / 40)
    expect(row, monetary_mean=27, order_value_max=36, last_order_value=36, last_order_value_ratio=36 / 27)
    expect(row, spend_30d=-9, spend_60d=27, churned=1, orders_next=0, spend_next=-20)


def test_an_order_id_at_two_instants_is_one_order() -> None:
    row = only(
        computed(
            table(
                order("a", "A", "2024-05-02 10:00", 30) | {"discount": 1.0},
                order("a", "A", "2024-05-02 10:05", 10) | {"discount": 2.0},
                order("a", "A", "2024-05-12 10:00", 5) | {"discount": 0.0},
                order("b", "A", "2024-08-01 10:00", 5) | {"discount": 0.0},
            ),
            [CUTOFF],
        )
    )
    expect(row, order_count=1, purchase_days=2, repeat_count=1, gap_mean_days=10, recency_days=50)
    expect(row, order_value_max=45, last_order_value=45, monetary_mean=45, orders_60d=1, spend_60d=45)
    expect(row, discount_total=3, discount_share=3 / 48, discount_order_share=1)


def test_the_spread_of_order_values_is_over_orders_as_they_stand_at_the_cutoff() -> None:
    """35, 20 and 60; the third order comes to 159 when it is added to."""
    lines = table(
        order("a", "A", "2024-06-01 10:00", 30),
        order("a", "A", "2024-06-03 10:00", 10),
        order("a", "A", "2024-06-04 10:00", -5),
        order("a", "B", "2024-06-10 10:00", 20),
        order("a", "C", "2024-06-20 10:00", 60),
        order("a", "C", "2024-07-01 00:00", 99),
    )
    before, after = computed(lines, [CUTOFF, datetime(2024, 7, 10)]).to_dict("records")
    for row, values in ((before, (35, 20, 60)), (after, (35, 20, 159))):
        deviation = round(statistics.stdev(values), 6)
        mean = statistics.mean(values)
        expect(row, order_count=3, order_value_std=deviation, order_value_cv=deviation / mean)
        expect(row, monetary_mean=mean, order_value_max=max(values))


def test_orders_on_one_day_are_no_gap_between_purchases() -> None:
    row = only(
        computed(
            table(
                order("a", "A", "2024-06-01 09:00", 10),
                order("a", "B", "2024-06-01 20:00", 20),
                order("a", "C", "2024-06-11 12:00", 60),
                order("a", "D", "2024-06-11 12:00", 30),
            ),
            [CUTOFF],
        )
    )
    expect(row, order_count=4, purchase_days=2, repeat_count=1, gap_mean_days=10, gap_last_days=10)
    expect(row, last_order_value=30, weekend_share=0.5, evening_share=0.25, hour_mean=(9 + 20 + 12 + 12) / 4)


def test_products_categories_and_quantities() -> None:
    def line(
        order_id: str, at: str, amount: float, product: str | None, category: str | None
    ) -> dict[str, Any]:
        return order("a", order_id, at, amount) | {
            "product_id": product,
            "category": category,
            "quantity": None if product is None else 2.0,
        }

    row = only(
        computed(
            table(
                line("A", "2024-06-01", 10, "tea", "drinks"),
                line("A", "2024-06-01", 5, "tea", "drinks"),
                line("B", "2024-06-11", 10, "tea", "drinks"),
                line("B", "2024-06-11", 25, "cup", "ware"),
                line("B", "2024-06-11", 1, None, None),
                line("R", "2024-06-12", -10, "pot", "ware"),
                line("C", "2024-07-02", 10, "pot", "other"),
            ),
            [CUTOFF],
        )
    )
    expect(row, product_count=2, category_count=2, repeat_product_share=1 / 4, products_per_order=1)
    expect(row, new_products_last_order=1, quantity_total=8, quantity_per_order=4, favourite_share=0.5)
    assert row["favourite_category"] == "drinks"


def test_unknown_quantities_are_missing_and_not_nought() -> None:
    bought = order("a", "A", "2024-06-01", 10) | {"quantity": None}
    returned = order("a", "R", "2024-06-02", -10) | {"quantity": -1.0}
    row = only(computed(table(bought, returned), [CUTOFF]))
    expect(row, quantity_total=None, quantity_per_order=None)


def test_less_than_a_twentythousandth_is_nought_in_features_and_labels() -> None:
    lines = table(
        order("a", "A", "2024-06-01", 10),
        order("a", "B", "2024-06-20", 0.00004),
        order("a", "C", "2024-07-02", 0.00004),
        order("dust only", "D", "2024-06-01", 0.00004),
    )
    expect(only(computed(lines, [CUTOFF])), order_count=1, recency_days=30, monetary_total=10, churned=1)


def test_the_label_is_missing_while_the_window_runs() -> None:
    lines = table(order("a", "A", "2024-06-01", 10), order("a", "B", "2024-07-05", 10))
    end = CUTOFF + timedelta(days=HORIZON_DAYS)
    over = only(computed(lines, [CUTOFF], observed_until=end))
    running = only(computed(lines, [CUTOFF], observed_until=end - timedelta(microseconds=1)))
    expect(over, churned=0, orders_next=1, spend_next=10)
    expect(running, churned=None, orders_next=None, spend_next=None)


def test_a_cutoff_given_twice_counts_once() -> None:
    lines = table(order("a", "A", "2024-06-01", 10))
    assert len(computed(lines, [CUTOFF, CUTOFF])) == 1


def test_without_a_time_of_day_there_are_no_hour_features() -> None:
    lines = table(order("a", "A", "2024-06-01", 10))
    without = computed(lines, [CUTOFF], has_time=False)
    assert not {"hour_mean", "evening_share"} & set(without.columns)
    assert {"hour_mean", "evening_share"} <= set(computed(lines, [CUTOFF]).columns)


@pytest.mark.parametrize(
    ("seed", "dropped"),
    [
        (1, []),
        (2, ["discount", "quantity"]),
        (3, ["product_id", "category"]),
    ],
)
def test_every_column_equals_a_second_computation(
    awkward_transactions: Lines, seed: int, dropped: list[str]
) -> None:
    lines = awkward_transactions(seed, 30).drop(columns=dropped)
    cutoffs = [datetime(2024, 3, 1), datetime(2024, 11, 15, 12), datetime(2025, 6, 1)]
    known_until = datetime(2025, 7, 30)
    actual = computed(lines, cutoffs, 60, known_until, has_time=seed != 2)
    expected = oracle(lines, cutoffs, 60, known_until, has_time=seed != 2)
    assert set(actual.columns) == set(expected.columns)
    assert actual[KEYS].equals(expected[KEYS].astype(actual[KEYS].dtypes))
    assert actual["churned"].isna().any() and set(actual["churned"].dropna()) == {0, 1}
    for name in actual.columns.drop(KEYS):
        if name == "favourite_category":
            assert actual[name].fillna("").tolist() == expected[name].fillna("").tolist()
        else:
            np.testing.assert_allclose(
                actual[name].to_numpy(dtype=float),
                expected[name].to_numpy(dtype=float),
                rtol=1e-9,
                atol=1e-9,
                err_msg=name,
            )


def test_the_order_of_rows_does_not_change_a_bit(awkward_transactions: Lines) -> None:
    """Sums of floats depend on the order of adding, and ranks and favourites on their last digits."""
    lines = awkward_transactions(4, 60)
    cutoffs = [datetime(2024, 11, 15), datetime(2025, 6, 1)]
    shuffled = lines.sample(frac=1, random_state=1, ignore_index=True)
    pd.testing.assert_frame_equal(computed(shuffled, cutoffs), computed(lines, cutoffs), check_exact=True)


def oracle(
    lines: pd.DataFrame,
    cutoffs: Sequence[datetime],
    horizon_days: int,
    observed_until: datetime,
    has_time: bool,
) -> pd.DataFrame:
    """The panel by loops over customers and orders, from the definitions."""
    rows = []
    lines = lines.assign(cancelled_at=cancelled_at(lines))
    for cutoff in cutoffs:
        at_cutoff = [
            {"customer_id": customer, "cutoff": cutoff}
            | features(own[own["ordered_at"] < cutoff], cutoff, lines["ordered_at"].min(), has_time)
            | outcome(own, cutoff, horizon_days, observed_until)
            for customer, own in lines.groupby("customer_id")
            if ((own["ordered_at"] < cutoff) & (own["amount"] > 0)).any()
        ]
        for name in ("recency_days", "order_count", "monetary_total", "monetary_mean"):
            values = [row[name] for row in at_cutoff]
            for row in at_cutoff:
                below = sum(value < row[name] for value in values)
                row[f"{name}_rank"] = below / (len(values) - 1) if len(values) > 1 else 0.0
        for row in at_cutoff:
            row["spend_tier"] = min(5, int(row["monetary_total_rank"] * 5) + 1)
        rows += at_cutoff
    return pd.DataFrame(rows).sort_values(KEYS, ignore_index=True)


def outcome(
    own: pd.DataFrame, cutoff: datetime, horizon_days: int, observed_until: datetime
) -> dict[str, Any]:
    end = cutoff + timedelta(days=horizon_days)
    if end > observed_until:
        return {"churned": None, "orders_next": None, "spend_next": None}
    window = own[(own["ordered_at"] >= cutoff) & (own["ordered_at"] < end)]
    bought = window[window["amount"] > 0]
    stands = bought.assign(stands=~(bought["cancelled_at"] < end))
    events = stands.groupby(["order_id", "ordered_at"])["stands"].any()
    orders = len({order_id for order_id, _ in events[events].index})
    return {
        "churned": int(orders == 0),
        "orders_next": orders,
        "spend_next": round(window["amount"].sum(), 4),
    }


def cancelled_at(lines: pd.DataFrame) -> pd.Series:
    """When each line was taken back, by a stack of purchases per item and a running sum per order."""
    found: dict[Any, Any] = dict.fromkeys(lines.index, pd.NaT)
    taken_from = {}
    open_purchases: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    in_time = lines.assign(back=lines["amount"] < 0).sort_values(["ordered_at", "back", "source_row"])
    for index, line in in_time[in_time["amount"] != 0].iterrows():
        pile = open_purchases[_item(line)]
        if line["amount"] > 0:
            pile.append(index)
        elif pile:
            partner = pile.pop()
            if 0.8 <= -line["amount"] / lines["amount"][partner] <= 1.25:
                found[partner] = found[index] = line["ordered_at"]
                taken_from[index] = lines["order_id"][partner]
    for (_, order_id), own in in_time.groupby(["customer_id", "order_id"]):
        bought = left = 0.0
        for position, (index, line) in enumerate(own.iterrows()):
            if line["amount"] < 0 and taken_from.get(index, order_id) != order_id:
                continue
            bought += max(line["amount"], 0.0)
            left += line["amount"]
            if line["amount"] < 0 and round(abs(left) - bought / 100, 4) <= 0:
                for earlier in own.index[: position + 1]:
                    known = found[earlier]
                    found[earlier] = line["ordered_at"] if pd.isna(known) else min(known, line["ordered_at"])
    return pd.Series(found).astype("datetime64[us]")


def _item(line: pd.Series) -> tuple[Any, ...]:
    product, quantity = line.get("product_id"), line.get("quantity", math.nan)
    product = product if isinstance(product, str) else ""
    size = 0.0 if math.isnan(quantity) else abs(quantity)
    price = 0.0 if product and size else round(abs(line["amount"]), 4)
    return line["customer_id"], product, size, price


def ratio(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else part / whole


def pace_change(fast: float, slow: float) -> float:
    change = ratio(fast - slow, fast + slow)
    return -1.0 if change is None else change


def spread(values: Sequence[float]) -> float | None:
    return round(statistics.stdev(values), 6) if len(values) > 1 else None


def features(known: pd.DataFrame, cutoff: datetime, first: pd.Timestamp, has_time: bool) -> dict[str, Any]:
    void = known["cancelled_at"] < cutoff
    money = known.assign(amount=known["amount"].where(~void, 0.0))
    bought = known[known["amount"] > 0]
    if not void[bought.index].all():
        bought = bought[~void[bought.index]]
    bought = bought.sort_values(["ordered_at", "order_id", "source_row"])
    orders = {str(name): part for name, part in bought.groupby("order_id")}
    starts = {name: part["ordered_at"].min() for name, part in orders.items()}
    row: dict[str, Any] = {}
    for part in (
        _totals(known, money, bought, orders, cutoff),
        _gaps(bought),
        _trailing(money, bought, starts, cutoff, first),
        _calendar(starts, cutoff, has_time),
        _optional(bought, money, len(orders)),
    ):
        row |= part
    months = row["tenure_days"] + 30
    mean = max(row["monetary_total"], 0.0) / len(orders)
    return row | {
        "repeat_count": row["purchase_days"] - 1,
        "t_x_days": row["tenure_days"] - row["recency_days"],
        "monetary_mean": mean,
        "orders_per_month": len(orders) * 30 / months,
        "spend_per_month": row["monetary_total"] * 30 / months,
        "missed_orders": row["recency_days"] * len(orders) / months,
        "spend_pace_change": pace_change(row["spend_decay_30d"] / 30, row["spend_decay_180d"] / 180),
        "active_month_share": row["months_active"] * 30 / months,
        "overdue_ratio": ratio(row["recency_days"], row["gap_mean_days"]),
        "overdue_last_ratio": ratio(row["recency_days"], row["gap_last_days"]),
        "overdue_max_ratio": ratio(row["recency_days"], row["gap_max_days"]),
        "gap_cv": ratio(row["gap_std_days"], row["gap_mean_days"]),
        "gap_trend": ratio(row["gap_last_days"], row["gap_mean_days"]),
        "order_value_cv": ratio(row["order_value_std"], mean),
        "last_order_value_ratio": ratio(row["last_order_value"], mean),
        "recency_tenure_ratio": ratio(row["recency_days"], row["tenure_days"]),
        "return_share": row["refund_total"] / known.loc[known["amount"] > 0, "amount"].sum(),
        "lines_per_order": len(bought) / len(orders),
    }


def _age_days(cutoff: datetime, instant: pd.Timestamp) -> int:
    return (cutoff.date() - instant.date()).days


def _totals(
    known: pd.DataFrame,
    money: pd.DataFrame,
    bought: pd.DataFrame,
    orders: Mapping[str, pd.DataFrame],
    cutoff: datetime,
) -> dict[str, Any]:
    refunds = known[known["amount"] < 0]
    values = {
        name: max(0.0, round(money.loc[money["order_id"] == name, "amount"].sum(), 4)) for name in orders
    }
    return {
        "recency_days": _age_days(cutoff, bought["ordered_at"].max()),
        "tenure_days": _age_days(cutoff, bought["ordered_at"].min()),
        "order_count": len(orders),
        "purchase_days": len({at.date() for at in bought["ordered_at"]}),
        "months_active": len({(at.year, at.month) for at in bought["ordered_at"]}),
        "monetary_total": round(known["amount"].sum(), 4),
        "gross_total": round(money["amount"].clip(lower=0).sum(), 4),
        "refund_total": round(-refunds["amount"].sum(), 4),
        "refund_count": len(set(zip(refunds["order_id"], refunds["ordered_at"], strict=True))),
        "order_value_max": max(values.values()),
        "order_value_std": spread(list(values.values())),
        "line_count": len(bought),
        "last_order_value": values[bought.iloc[-1]["order_id"]],
    }


def _gaps(bought: pd.DataFrame) -> dict[str, Any]:
    days = sorted({at.date() for at in bought["ordered_at"]})
    gaps = [(b - a).days for a, b in pairwise(days)]
    return {
        "gap_mean_days": statistics.mean(gaps) if gaps else None,
        "gap_std_days": spread(gaps),
        "gap_max_days": max(gaps, default=None),
        "gap_min_days": min(gaps, default=None),
        "gap_last_days": gaps[-1] if gaps else None,
    }


def _trailing(
    worth: pd.DataFrame,
    bought: pd.DataFrame,
    starts: Mapping[str, pd.Timestamp],
    cutoff: datetime,
    first: pd.Timestamp,
) -> dict[str, Any]:
    order_ages = [_age_days(cutoff, at) for at in starts.values()]
    line_ages = [_age_days(cutoff, at) for at in bought["ordered_at"]]
    money = [
        (_age_days(cutoff, at), amount)
        for at, amount in zip(worth["ordered_at"], worth["amount"], strict=True)
    ]

    def orders_in(low: int, high: int) -> int:
        return sum(low < age <= high for age in order_ages)

    def spend_in(low: int, high: int) -> float:
        return round(sum(amount for age, amount in money if low < age <= high), 4)

    history_days = _age_days(cutoff, first)
    row: dict[str, Any] = {}
    for days in (30, 60, 90, 180, 365):
        long_enough = history_days >= days
        row[f"orders_{days}d"] = orders_in(-1, days) if long_enough else None
        row[f"spend_{days}d"] = spend_in(-1, days) if long_enough else None
        row[f"lines_{days}d"] = sum(age <= days for age in line_ages) if long_enough else None
    for days in (30, 90, 180):
        row[f"orders_decay_{days}d"] = round(sum(math.exp(-age / days) for age in order_ages), 6)
        row[f"spend_decay_{days}d"] = round(
            sum(
                amount * math.exp(-age / days)
                for age, amount in zip(line_ages, worth.loc[bought.index, "amount"], strict=True)
            ),
            4,
        )
    for days in (90, 180):
        for what, inside in (("orders", orders_in), ("spend", spend_in)):
            recent, earlier = inside(-1, days), inside(days, 2 * days)
            trend = ratio(recent - earlier, abs(recent) + abs(earlier))
            row[f"{what}_trend_{days}d"] = trend if history_days >= 2 * days else None
    return row


def _calendar(starts: Mapping[str, pd.Timestamp], cutoff: datetime, has_time: bool) -> dict[str, Any]:
    row = {
        "weekend_share": sum(at.isoweekday() >= 6 for at in starts.values()) / len(starts),
        "cutoff_month_sin": math.sin(math.tau * cutoff.month / 12),
        "cutoff_month_cos": math.cos(math.tau * cutoff.month / 12),
    }
    if has_time:
        row["evening_share"] = sum(at.hour >= 18 for at in starts.values()) / len(starts)
        row["hour_mean"] = sum(at.hour for at in starts.values()) / len(starts)
    return row


def _optional(bought: pd.DataFrame, worth: pd.DataFrame, order_count: int) -> dict[str, Any]:
    row: dict[str, Any] = {}
    paid = worth.loc[bought.index].query("amount > 0")
    if "quantity" in bought:
        given = bought["quantity"].dropna()
        row["quantity_total"] = given.sum() if len(given) else None
        row["quantity_per_order"] = ratio(row["quantity_total"], order_count)
    if "discount" in bought:
        total = paid["discount"].sum()
        row["discount_total"] = total
        row["discount_share"] = ratio(total, paid["amount"].sum() + total)
        row["discount_order_share"] = paid.loc[paid["discount"] > 0, "order_id"].nunique() / order_count
    if "product_id" in bought:
        row |= _products(bought, order_count)
    if "category" in bought:
        spent: dict[str, float] = defaultdict(float)
        for category, amount in _present(paid, "category"):
            spent[category] += amount
        best = min(spent, key=lambda name: (-round(spent[name], 4), name), default=None)
        row["category_count"] = bought["category"].nunique()
        row["favourite_category"] = best
        row["favourite_share"] = None if best is None else round(spent[best] / sum(spent.values()), 6)
    return row


def _present(bought: pd.DataFrame, column: str) -> Iterator[tuple[str, float]]:
    for value, amount in zip(bought[column], bought["amount"], strict=True):
        if isinstance(value, str):
            yield value, amount


def _products(bought: pd.DataFrame, order_count: int) -> dict[str, Any]:
    named = bought[bought["product_id"].notna()].sort_values(["ordered_at", "source_row"])
    firsts = named.drop_duplicates("product_id").set_index("product_id")
    first_day = {product: at.date() for product, at in firsts["ordered_at"].items()}
    again = sum(
        at.date() > first_day[product]
        for product, at in zip(named["product_id"], named["ordered_at"], strict=True)
    )
    last = bought.iloc[-1]
    new_in_last = (firsts["ordered_at"] == last["ordered_at"]) & (firsts["order_id"] == last["order_id"])
    return {
        "product_count": len(firsts),
        "repeat_product_share": ratio(again, len(named)),
        "products_per_order": len(firsts) / order_count,
        "new_products_last_order": int(new_in_last.sum()),
        "repeat_lines": again,
        "product_lines": len(named),
    }
