"""The whole profile of a shop's data as a document."""

from __future__ import annotations

from typing import Any

from churnkit.reports.code_words import COLUMN_WORDS
from churnkit.reports.document import (
    Block,
    Bullets,
    Chart,
    Definitions,
    Document,
    Heading,
    Row,
    Section,
    Table,
    TableColumn,
    Text,
)
from churnkit.reports.plots import (
    HALF_WIDTH,
    Axis,
    Bar,
    Columns,
    Line,
    bar_list,
    column_chart,
    line_chart,
    round_ticks,
)
from churnkit.reports.sections.quality_section import (
    checks_table,
    ledger_blocks,
    months_chart,
    rhythm_words,
    rows_words,
    score_callout,
    span_words,
    volume_cards,
)
from churnkit.reports.sections.registry_table import registry_table
from churnkit.text import figures

PRODUCTS_SHOWN = 10

_DEDUCTIONS = {"deduction.points": 0.6, "deduction.why": 3.4, "check.remedy": 3.4, "check.code": 0.8}
_THRESHOLDS = {
    "threshold.days": 0.7,
    "customers_beyond": 1.3,
    "share_beyond": 1.0,
    "churn_share": 1.3,
    "returned_share": 1.0,
    "late_return_share": 1.0,
}
_ORDERS = {"order.order_id": 2.0, "customer_id": 2.0, "order.day": 1.0, "order.value": 1.0}
_PRODUCTS = {
    "product.name": 3.0,
    "product.id": 1.2,
    "product.gross": 1.0,
    "share": 0.8,
    "product.lines": 0.8,
}


def profile_document(profile: dict[str, Any], name: str) -> Document:
    """The whole profile, as the profile page shows it."""
    currency = profile["scope"]["currency"]
    sections = (
        Section("score", "Score", (score_callout(profile), *volume_cards(profile), *_deductions(profile))),
        _threshold_section(profile),
        Section("checks", "Checks", (checks_table(profile["checks"], with_remedy=False, code=True),)),
        Section(
            "rows",
            "What was dropped or changed",
            (Text(rows_words(profile)), *ledger_blocks(profile), *missing_blocks(profile)),
        ),
        _customers_section(profile),
        _time_section(profile),
        _products_section(profile),
        Section(
            "definitions",
            "Definitions",
            (Definitions(tuple((line["term"], line["meaning"]) for line in profile["definitions"])),),
        ),
    )
    return Document(
        title="Data profile",
        subtitle=name,
        facts=(span_words(profile), *([f"Amounts in {currency}."] if currency else [])),
        sections=sections,
        running_title=f"Data profile · {name}",
    )


def _deductions(profile: dict[str, Any]) -> list[Block]:
    deductions = profile["score"]["deductions"]
    if not deductions:
        return [Text("Nothing was deducted.")]
    return [Heading("What the score lost"), registry_table(_DEDUCTIONS, deductions, points=figures.lost)]


def missing_blocks(profile: dict[str, Any]) -> list[Block]:
    """Columns with missing values as bars."""
    incomplete = [line for line in profile["missing"] if line["missing"]]
    complete = [_column(line["column"]) for line in profile["missing"] if not line["missing"]]
    blocks: list[Block] = [Heading("Missing values")]
    if complete:
        blocks.append(Text(f"Complete: {', '.join(complete).lower()}."))
    if incomplete:
        bars = [
            Bar(
                _column(line["column"]),
                line["share"] or 0.0,
                f"{figures.count(line['missing'])} ({figures.percent(line['share'])})",
                "third" if line["flagged"] else "first",
            )
            for line in incomplete
        ]
        blocks.append(
            Chart(
                "Rows without a value",
                bar_list(bars, "Missing values by column"),
                "Red: more than a fifth of a required column.",
            )
        )
    return blocks


def _column(name: str) -> str:
    return COLUMN_WORDS.get(name, name)


def _threshold_section(profile: dict[str, Any]) -> Section:
    threshold, balance = profile["threshold"], profile["class_balance"]
    blocks: list[Block] = [Text(threshold["reason"], "lead"), Text(profile["rung"]["words"])]
    curve = [(point["days"], point["returned_share"]) for point in threshold["curve"]]
    gaps = threshold["gap_distribution"]
    if len(curve) > 1 and gaps["count"]:
        blocks.append(Row(_return_chart(curve, threshold["days"]), _gap_chart(gaps)))
    lines = [
        {**row, "days": f"{row['threshold_days']}{'' if row['allowed'] else ' *'}"}
        for row in threshold["sensitivity"]
    ]
    chosen = frozenset(
        place
        for place, row in enumerate(threshold["sensitivity"])
        if row["threshold_days"] == threshold["days"]
    )
    blocks += [
        Heading("What other thresholds would mean"),
        registry_table(
            _THRESHOLDS,
            lines,
            note="* More than a third of the history: too little past to learn from and to test on."
            " A dash: the history cannot tell.",
            strong=chosen,
        ),
        Text(balance["recommendation"]),
    ]
    title = f"Churn threshold: {figures.days(threshold['days'])}"
    return Section("threshold", title, tuple(blocks))


def _return_chart(curve: list[tuple[float, float]], days: int) -> Chart:
    figure = line_chart(
        [Line("", tuple(curve))],
        Axis(0, curve[-1][0], figures.count, "days since the purchase"),
        Axis(0, 1, figures.percent, ticks=(0, 0.25, 0.5, 0.75, 1.0)),
        "Share of purchases followed by another, by days since",
        mark_x=days,
    )
    return Chart("Purchases followed by another", figure, f"Dashed: {figures.days(days)}.")


def _gap_chart(gaps: dict[str, Any]) -> Chart:
    bars = [
        Bar(
            f"{cell['from_days']} to {cell['to_days']} days"
            if cell["to_days"]
            else f"{cell['from_days']} or more",
            float(cell["gaps"]),
            figures.percent(cell["share"]),
        )
        for cell in gaps["histogram"]
    ]
    quantiles = gaps["quantiles_days"]
    note = (
        f"{figures.count(gaps['count'])} gaps; half are {figures.days(quantiles['p50'])} or shorter,"
        f" nine in ten {figures.days(quantiles['p90'])}."
    )
    return Chart("Gaps between purchase days", bar_list(bars, "Gaps by length", width=HALF_WIDTH), note)


def _customers_section(profile: dict[str, Any]) -> Section:
    currency = profile["scope"]["currency"]
    customers, orders = profile["customers"], profile["orders"]
    bars = [
        Bar(
            f"{cell['from_orders']}{'' if cell['to_orders'] else ' or more'}",
            float(cell["customers"]),
            f"{figures.count(cell['customers'])} ({figures.percent(cell['share'])})",
        )
        for cell in customers["orders_per_customer"]["histogram"]
    ]
    facts = (
        (
            "Bought once only",
            figures.count(customers["one_time"]),
            figures.percent(customers["one_time_share"]),
        ),
        (
            "Came back",
            figures.count(customers["returning"]),
            figures.percent(1 - customers["one_time_share"]),
        ),
        (
            "Three orders or more",
            figures.count(customers["frequent"]),
            figures.percent(customers["frequent_share"]),
        ),
        ("Returned as much as they bought", figures.count(customers["without_positive_net"]), ""),
        ("Revenue from the top fifth", "", figures.percent(customers["top_fifth_revenue_share"])),
    )
    fact_table = Table(
        (TableColumn("Customers", weight=2.2), TableColumn("", "right"), TableColumn("", "right")), facts
    )
    names = ("p05", "p25", "median", "p75", "p95", "max")
    quantiles = tuple(
        (words, *(write(values[name]) for name in names))
        for words, values, write in (
            ("Order value", orders["value"], lambda value: figures.money(value, currency)),
            (
                "Revenue per customer",
                customers["lifetime_revenue"],
                lambda value: figures.money(value, currency),
            ),
            ("Orders per customer", customers["orders_per_customer"], figures.decimal),
        )
    )
    heads = ("5 %", "25 %", "Median", "75 %", "95 %", "Largest")
    blocks: list[Block] = [
        Row(
            Chart("Orders each", bar_list(bars, "Customers by number of orders", width=HALF_WIDTH)),
            fact_table,
        ),
        Heading("Orders and money"),
        Table(
            (TableColumn("", weight=1.6), *(TableColumn(head, "right") for head in heads)),
            quantiles,
            _money_note(profile),
        ),
        *_largest_orders(profile),
    ]
    return Section("customers", "Customers and orders", tuple(blocks))


def _money_note(profile: dict[str, Any]) -> str:
    currency, orders = profile["scope"]["currency"], profile["orders"]
    units = orders["units_per_order"]
    return (
        f"Gross {figures.money(orders['gross'], currency)}, returned {figures.money(orders['refunded'], currency)}"
        f" ({figures.percent(orders['returned_share'])}), net {figures.money(orders['net'], currency)};"
        f" {figures.decimal(orders['lines_per_order'], 1)} lines"
        f"{f' and {figures.decimal(units, 1)} units' if units is not None else ''} an order on average."
    )


def _largest_orders(profile: dict[str, Any]) -> list[Block]:
    currency = profile["scope"]["currency"]
    orders = profile["outliers"].get("largest_orders") if profile["outliers"] else None
    if not orders:
        return []
    return [Heading("Largest orders"), registry_table(_ORDERS, orders, currency=currency)]


def _time_section(profile: dict[str, Any]) -> Section:
    time = profile["time"]
    blocks: list[Block] = [Text(rhythm_words(profile), "lead")]
    weeks = time["per_week"]
    if len(weeks) > 1:
        points = tuple((float(place), float(week["orders"])) for place, week in enumerate(weeks))
        last = len(weeks) - 1
        ticks = round_ticks(0, max(y for _x, y in points) or 1, 4)
        figure = line_chart(
            [Line("", points)],
            Axis(
                0,
                last,
                lambda place: figures.day(weeks[round(place)]["week_start"]),
                ticks=(last * 0.08, last * 0.5, last * 0.92),
            ),
            Axis(0, ticks[-1], figures.count, ticks=ticks),
            "Orders a week",
            width=490,
            height=120,
        )
        blocks.append(Chart("Orders a week", figure))
    blocks += [months_chart(profile), Row(_weekdays(profile), _hours(profile)), *_unusual_days(profile)]
    return Section("time", "Over time", tuple(blocks))


def _weekdays(profile: dict[str, Any]) -> Chart:
    bars = [
        Bar(
            row["weekday"],
            float(row["orders"]),
            f"{figures.count(row['orders'])} ({figures.percent(row['share'])})",
        )
        for row in profile["time"]["per_weekday"]
    ]
    return Chart("Weekdays", bar_list(bars, "Orders by weekday", width=HALF_WIDTH))


def _hours(profile: dict[str, Any]) -> Chart | Table:
    hours = profile["time"]["per_hour"]
    if hours is None:
        return Table((TableColumn("Hours"),), (("The export has dates without times of day.",),))
    figure = column_chart(
        [f"{row['hour']:02d}" for row in hours],
        (Columns("Orders", tuple(float(row["orders"]) for row in hours)),),
        figures.count,
        "Orders by hour of the day",
        width=HALF_WIDTH,
    )
    return Chart("Hours", figure)


def _unusual_days(profile: dict[str, Any]) -> list[Block]:
    lines = [
        f"No order from {figures.day(run['from'])} to {figures.day(run['to'])} ({figures.days(run['days'])})."
        for run in profile["time"]["silences"]
    ] + [
        f"Many orders on {figures.day(burst['day'])}: {figures.count(burst['orders'])}."
        for burst in profile["time"]["bursts"]
    ]
    return [Heading("Unusual days"), Bullets(tuple(lines))] if lines else []


def _products_section(profile: dict[str, Any]) -> Section:
    products = profile["products"]
    if not products:
        return Section("products", "Products", (Text("The export names neither products nor categories."),))
    blocks: list[Block] = []
    for name, one in (("products", "Product"), ("categories", "Category")):
        block = products[name]
        if block:
            blocks += _product_blocks(block, name, one, profile["scope"]["currency"])
    return Section("products", "Products", tuple(blocks))


def _product_blocks(block: dict[str, Any], name: str, one: str, currency: str | None) -> list[Block]:
    words = (
        f"{figures.count(block['number'])} {name}, as diverse as {figures.count(block['effective'])} equally strong"
        f" ones; the top fifth brings {figures.percent(block['top_fifth_revenue_share'])} of revenue. A customer buys"
        f" {figures.decimal(block['per_customer'], 1)} of them on average;"
        f" {figures.percent(block['repeat_line_share'])} of lines repeat one that the customer has on another line."
    )
    lines = [
        {**item, "id": item["id"] if item["id"] != item["name"] else ""}
        for item in block["top"][:PRODUCTS_SHOWN]
    ]
    table = registry_table(_PRODUCTS, lines, currency=currency, titles={"product.name": one})
    return [Heading(f"Strongest {name}"), Text(words), table]
