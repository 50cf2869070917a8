"""``baskets.json`` and the customers' part of it, ``actions.parquet``."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from ibis.expr import types as ir

from churnkit.baskets.association_rules import (
    MIN_DEVIATIONS,
    MIN_SUPPORT,
    MIN_TOGETHER,
    UNITS,
    PairRules,
    membership,
    mine,
    rule_table,
)
from churnkit.baskets.holdout import SHOWN, HeldOut, held_out
from churnkit.baskets.orders import BasketOrders, codes, read_orders
from churnkit.baskets.replenishment import Checked, Due, next_orders
from churnkit.baskets.suggestions import MOST_POPULAR, Method, rule_scores, suggest
from churnkit.profiling.tables import end_day, history, purchase_days
from churnkit.results.baskets import (
    BasketsDocument,
    ChosenMethod,
    DueCheck,
    DueForecast,
    HeldOutTest,
    MethodRate,
    ProductRule,
    ProductRules,
    SuggestionMethod,
    UnitRules,
)
from churnkit.results.files import write_document, write_frame
from churnkit.results.folders import BASKETS_FILE, Results
from churnkit.results.found import Found, Missing
from churnkit.results.rows import rows_of
from churnkit.text import figures

ACTIONS = "actions.parquet"
MAX_RULES = 100
PRODUCT_COLUMNS = ("id", "name", "because", "lift", "value")
DUE_COLUMNS = ("usual_gap_days", "due_at", "due_from", "due_until")
_EPOCH = date(1970, 1, 1)

NO_PRODUCTS = "The export names no products, so there is nothing to say about what is bought together."
NO_ONE_PRODUCT = "No product is left to look at: all lines are postage, fees and the like, or name none."
TOO_FEW_GAPS = "Too few customers came back to say when the next order is due."


def write_baskets(results: Results, transactions: ir.Table) -> None:
    """Rules with their held-out test, suggestions and due dates of a finished run."""
    settings = results.summary.settings
    cutoff = datetime.fromisoformat(results.cutoff)
    orders = read_orders(transactions, cutoff)
    has_products = {"product_id", "product_name"} & set(transactions.columns)
    ids, due = _due(transactions, cutoff, results)
    rules: Found[ProductRules] | Missing
    table = results.customers[["customer_id"]].copy()
    if orders is None:
        rules = Missing(NO_ONE_PRODUCT if has_products else NO_PRODUCTS)
        table = pd.concat([table, _no_products(len(table))], axis=1)
    else:
        found, suggested = _rules(orders, settings.tournament.seed, settings.money.margin)
        rules = Found(found)
        # The last row is for whoever has bought nothing that is looked at.
        others = pd.Index(orders.customers, dtype="str").get_indexer(pd.Index(table["customer_id"])) < 0
        key = table["customer_id"].where(~others, "")
        suggested = suggested.rename(columns={"customer_id": "_key"})
        table = table.assign(_key=key).merge(suggested, on="_key", how="left").drop(columns="_key")
    table = table.merge(_due_table(ids, due, end_day(cutoff)), on="customer_id", how="left")
    told = BasketsDocument(
        rules=rules,
        due=Missing(TOO_FEW_GAPS) if due is None else Found(_due_forecast(due, results.horizon_days)),
    )
    write_document(told, results.folder / BASKETS_FILE, indent=None)
    write_frame(table, results.folder / ACTIONS)


def _rules(orders: BasketOrders, seed: int, margin: float) -> tuple[ProductRules, pd.DataFrame]:
    tested = held_out(orders, seed=seed)
    chosen = tested.chosen if tested else MOST_POPULAR
    mined = {unit: mine(orders, unit, seed=seed) for unit in UNITS}
    told = ProductRules(
        items=len(orders.items),
        rarer_items=orders.rarer,
        orders=orders.order_count,
        left_out=tuple(orders.left_out),
        by_unit={
            unit: UnitRules(
                baskets=rules.baskets,
                count=int(rules.holds.sum()),
                words=_floor(rules, len(orders.items)),
                rules=rows_of(ProductRule, rule_table(rules, orders.items, MAX_RULES)),
            )
            for unit, rules in mined.items()
        },
        chosen=ChosenMethod(unit=chosen.unit, ranking=chosen.ranking, words=chosen.words),
        held_out=None if tested is None else _tested(tested),
        verdict=_verdict(tested),
    )
    rules = mined[chosen.unit] if chosen.unit else None
    return told, _suggestions(orders, chosen, rules, margin)


# By chance alone one pair in so many lies that far above it, in tens of thousands.
_PAIRS_FOR_ONE = round(1 / NormalDist().cdf(-MIN_DEVIATIONS), -4)


def _floor(rules: PairRules, items: int) -> str:
    baskets = "orders" if rules.unit == "orders" else "customers"
    return (
        f"{figures.count(items)} products with most buyers, over {figures.count(rules.baskets)} {baskets}; a rule needs"
        f" {figures.percent(MIN_SUPPORT[rules.unit])} of them, {MIN_TOGETHER} at least, and"
        f" more than chance would bring: of {figures.count(_PAIRS_FOR_ONE)} pairs without any tie one would get so far."
    )


def _tested(tested: HeldOut) -> HeldOutTest:
    return HeldOutTest(
        customers=tested.rates[0].customers,
        with_new_items=tested.with_new_items,
        rates=tuple(
            MethodRate(
                method=SuggestionMethod(unit=rate.method.unit, ranking=rate.method.ranking),
                customers=rate.customers,
                first=rate.first,
                any_of_three=rate.any_of_three,
                money=rate.money,
                words=rate.method.words,
            )
            for rate in tested.rates
        ),
        gain=tested.gain,
        low=tested.low,
        high=tested.high,
    )


def _verdict(tested: HeldOut | None) -> str:
    if tested is None:
        return (
            "Too few customers ordered twice to test suggestions, so the most popular products are suggested."
        )
    popular = tested.rate_of(MOST_POPULAR)
    if tested.chosen == MOST_POPULAR:
        return (
            "Tested on the last order of each customer, no rule guessed better than the most popular product that the"
            f" customer lacks (right for {figures.percent(popular.first)} of {figures.count(popular.customers)} customers),"
            " so that one is suggested."
        )
    ours = tested.rate_of(tested.chosen)
    return (
        f"Tested on the last order of {figures.count(ours.customers)} customers: the product suggested first was among the"
        f" new ones of that order for {figures.percent(ours.first)} of them, the most popular one they lacked for"
        f" {figures.percent(popular.first)} ({figures.decimal(100 * tested.low, 1)} to"
        f" {figures.decimal(100 * tested.high, 1)} points more in 95 of 100 such tests)."
    )


def _no_products(count: int) -> pd.DataFrame:
    text, number = pd.Series([None] * count, dtype="str"), pd.Series(np.full(count, np.nan))
    kinds = {"id": text, "name": text, "because": text, "lift": number, "value": number}
    return pd.DataFrame(
        {f"product_{place}_{name}": kinds[name] for place in range(1, SHOWN + 1) for name in PRODUCT_COLUMNS}
    )


def _suggestions(
    orders: BasketOrders, chosen: Method, rules: PairRules | None, margin: float
) -> pd.DataFrame:
    """``customer_id`` and for each place: id and name of the product, ``because`` (name of the one that led to it, missing
    where popularity did), its ``lift``, and ``value``: what one order of it usually brings, after margin.

    The last row has an empty id: what is suggested to who has bought none of the items."""
    price = orders.items["price"].to_numpy(dtype=float)
    scores = None if rules is None else rule_scores(rules, chosen.ranking, price)
    has = membership(orders.customer, orders.item, len(orders.customers) + 1, len(orders.items))
    popularity = orders.items["customers"].to_numpy(dtype=float)
    found = suggest(has, scores, popularity, SHOWN)
    names = orders.items["name"].to_numpy(dtype=object)
    ids = orders.items["item_id"].to_numpy(dtype=object)
    table = _no_products(has.shape[0])
    table.insert(0, "customer_id", pd.Series([*orders.customers, ""], dtype="str"))
    for place in range(found.item.shape[1]):
        item, because = found.item[:, place], found.because[:, place]
        some, by_rule = item >= 0, because >= 0
        lift = np.full(len(item), np.nan)
        if rules is not None:
            lift[by_rule] = rules.lift[because[by_rule], item[by_rule]]
        columns = {
            "id": _text(ids, item, some),
            "name": _text(names, item, some),
            "because": _text(names, because, by_rule),
            "lift": lift,
            "value": np.where(some, margin * price[item], np.nan),
        }
        table = table.assign(**{f"product_{place + 1}_{name}": values for name, values in columns.items()})
    return table


def _text(values: np.ndarray, positions: np.ndarray, known: np.ndarray) -> Any:
    """``values`` at ``positions``, missing where not ``known``."""
    places = pa.array(np.where(known, positions, 0), mask=~known)
    return pa.array(values, type=pa.large_string()).take(places).to_pandas().array


def _due(transactions: ir.Table, cutoff: datetime, results: Results) -> tuple[np.ndarray, Due | None]:
    days = purchase_days(history(transactions, cutoff)).to_pyarrow()
    customer, ids = codes(days["customer_id"])
    # A date is kept as days since 1970.
    day = days["day"].cast(pa.date32()).cast(pa.int32()).to_numpy().astype(np.int64)
    order = np.argsort(customer * (int(day.max(initial=0)) + 1) + day)
    today = (end_day(cutoff) - _EPOCH).days
    earlier = [today - (cutoff - one).days for one in results.summary.question.labelled_cutoffs]
    return ids, next_orders(customer[order], day[order], today, results.horizon_days, earlier)


def _due_forecast(due: Due, horizon_days: int) -> DueForecast:
    checked = due.checked
    return DueForecast(
        horizon_days=horizon_days,
        levels=due.levels,
        checked=DueCheck(**asdict(checked)) if checked else None,
        words=_due_words(checked, horizon_days)
        if checked
        else "No earlier date could be used to check how well due dates are forecast.",
    )


def _due_words(checked: Checked, horizon_days: int) -> str:
    better = checked.error_days < checked.naive_error_days
    usual = figures.decimal(checked.naive_error_days, 1)
    return (
        f"Checked on the {figures.count(checked.returned)} customers who ordered in the last"
        f" {figures.days(horizon_days)} of the data: {figures.percent(checked.coverage)} of them did so between the"
        f" two days named, where 8 of 10 were meant to (half of these spans are {figures.days(checked.width_days)} or"
        " shorter)."
        f" The day was off by {figures.decimal(checked.error_days, 1)} days on average;"
        + (
            f" one and the same wait for everybody by {usual}."
            if better
            else f" one and the same wait for everybody did no worse ({usual}), so read the interval, not the day."
        )
    )


def _due_table(ids: np.ndarray, due: Due | None, today: date) -> pd.DataFrame:
    if due is None:
        nothing = pd.DataFrame(columns=["customer_id", *DUE_COLUMNS])
        instants = dict.fromkeys(DUE_COLUMNS[1:], "datetime64[us]")
        return nothing.astype({"customer_id": "str", "usual_gap_days": "float64", **instants})

    def on(days: pd.Series) -> np.ndarray:
        return (pd.Timestamp(today) + pd.to_timedelta(days, unit="D")).to_numpy().astype("datetime64[us]")

    table = due.table
    return pd.DataFrame(
        {
            "customer_id": ids,
            "usual_gap_days": table["usual_gap_days"].round(1),
            "due_at": on(table["due_in"]),
            "due_from": on(table["due_in_low"]),
            "due_until": on(table["due_in_high"]),
        }
    )


def add_columns(folder: Path, table: pd.DataFrame) -> None:
    """Put more columns about customers into ``actions.parquet``; those of the same name are replaced."""
    path = folder / ACTIONS
    known = pd.read_parquet(path)
    kept = known[["customer_id", *(c for c in known.columns if c not in table.columns)]]
    write_frame(kept.merge(table, on="customer_id", how="left", validate="one_to_one"), path)
