"""How good the data are: the score and what it lost, every check, and what the orders look like."""

from functools import partial

import pandas as pd
import streamlit as st

from churnkit import ui
from churnkit.charts import profile_charts as charts
from churnkit.charts.threshold_chart import gap_histogram, return_curve
from churnkit.reports.code_words import COLUMN_WORDS, OUTCOME_WORDS
from churnkit.results.found import Missing
from churnkit.results.profile import LargeOrder, LedgerLine
from churnkit.results.rows import frame_of
from churnkit.services.deliver.report_files import DOWNLOADS, build_profile, file_name
from churnkit.text.figures import (
    count,
    day,
    days,
    decimal,
    escape_markdown,
    lost,
    money,
    percent,
    short_money,
)

BADGES = {"fail": "red", "warn": "orange", "pass": "green", "not_applicable": "gray", "skipped": "gray"}
VIEWS = ("Checks", "Rows and values", "Customers and orders", "Over time", "Products")
ORDERS_SHOWN = 10

opened = ui.open_look()
profile, currency = opened.look.profile, opened.currency
name = opened.store.uploads.get(opened.session.upload_id).filename
money_title = currency or "amount"


def badge(outcome: str) -> str:
    """An outcome in colour, for a place that reads Markdown."""
    return f":{BADGES[outcome]}-badge[{OUTCOME_WORDS[outcome]}]"


def score_card() -> None:
    """The score, what it lost, and what to do about each point."""
    score = profile.score
    with st.container(border=True):
        left, right = st.columns([1, 3])
        with left:
            st.metric(
                "Data quality",
                f"{decimal(score.value)} of {decimal(score.out_of)}",
                help=ui.term("quality_score"),
            )
            st.progress(score.value / score.out_of)
        with right:
            st.markdown(f"**{escape_markdown(score.words, 400)}**")
            st.markdown(escape_markdown(profile.rung.words, 600))
        if not score.deductions:
            st.caption("Nothing was deducted.")
        for line in score.deductions:
            st.markdown(
                f":red[**{lost(line.points)}**] {escape_markdown(line.why, 600)}"
                f" :gray[{line.code}]  \n:gray[{escape_markdown(line.remedy, 600)}]"
            )


def downloads() -> None:
    """The profile and the ledger to take away."""
    with st.container(horizontal=True):
        for kind in ("profile_pdf", "profile_html", "ledger"):
            file = DOWNLOADS[kind]
            ui.download(
                file.label,
                partial(build_profile, opened.look, kind, name),
                file_name(kind, name),
                file.mime,
                key=f"download_{kind}",
                help=file.words,
            )


def figures() -> None:
    """Customers, orders, revenue, threshold."""
    customers, orders, threshold = profile.customers, profile.orders, profile.threshold
    ui.cards(
        [
            {
                "label": "Customers",
                "value": count(customers.customers),
                "below": f"{percent(customers.one_time_share)} bought once only",
                "key": "card_customers",
            },
            {
                "label": "Orders",
                "value": count(orders.orders),
                "below": f"{escape_markdown(money(orders.value.mean, currency))} on average",
                "key": "card_orders",
            },
            {
                "label": "Revenue after returns",
                "value": short_money(orders.net, currency),
                "below": f"{percent(orders.returned_share)} was returned",
                "key": "card_revenue",
            },
            {
                "value": days(threshold.days),
                "term": "threshold",
                "below": f"{percent(threshold.lapsed.share)} are silent for longer",
                "key": "card_threshold",
            },
        ]
    )


def checks() -> None:
    """Every check with its outcome, finding and remedy, chosen by outcome."""
    present = [name for name in OUTCOME_WORDS if any(check.outcome == name for check in profile.checks)]
    findings = [name for name in present if name in ("fail", "warn")]
    wanted = st.pills(
        "Show checks with the outcome",
        present,
        selection_mode="multi",
        default=findings or present,
        format_func=lambda outcome: OUTCOME_WORDS[outcome],
        key="quality_outcomes",
    )
    rows = [check for check in profile.checks if check.outcome in wanted]
    st.caption(f"{count(len(rows))} of {count(len(profile.checks))} checks.")
    if not rows:
        st.write("No check has that outcome.")
        return
    st.table(
        pd.DataFrame(
            {
                "Outcome": [badge(check.outcome) for check in rows],
                "Check": [f"**{check.title}**  \n:gray[{check.code}]" for check in rows],
                "Finding": [escape_markdown(check.words, 800) for check in rows],
                "What to do about it": [escape_markdown(check.remedy, 800) for check in rows],
            }
        ),
        border="horizontal",
        hide_index=True,
        alt="Checks of the data with outcome, finding and remedy",
    )


def rows_and_values() -> None:
    """What was left out, what is missing, what is there twice, what is far out."""
    rows = profile.rows
    st.subheader("Rows", anchor=False)
    st.write(
        f"{count(rows.in_)} rows in the file, {count(rows.dropped)} dropped, {count(rows.kept)} kept."
        + (
            f" {count(rows.after_cutoff)} of them are after the end and not looked at."
            if rows.after_cutoff
            else ""
        )
    )
    if profile.ledger:
        ui.table(
            frame_of(LedgerLine, profile.ledger),
            ("ledger.reason", "ledger.action", "rows", "share", "ledger.explanation", "ledger.examples"),
            key="quality_ledger",
            alt="Rows dropped or mended by reason",
        )
    else:
        st.caption("Every row was kept as it is.")
    incomplete = [line for line in profile.missing if line.missing]
    st.subheader("Missing values", anchor=False)
    if incomplete:
        opened.chart(
            charts.missing,
            incomplete,
            COLUMN_WORDS,
            alt="Rows without a value by column",
            key="missing_chart",
        )
    else:
        st.caption("No value is missing in any column.")
    duplicates_and_outliers()


def duplicates_and_outliers() -> None:
    """Rows that repeat, orders that are far out."""
    found, found_outliers = profile.duplicates, profile.outliers
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        st.subheader("Duplicates", anchor=False)
        st.metric("Repeated rows left out", count(found.exact_dropped))
        st.metric("Repeated rows kept", count(found.exact_kept))
        st.metric(
            "Same customer, day and amount again",
            count(found.near),
            help=f"Counted in {found.near_unit}; they are kept, as a second order of a day can be real.",
        )
    with right, st.container(border=True, height="stretch"):
        st.subheader("Outliers", anchor=False)
        if isinstance(found_outliers, Missing):
            st.caption("Too few orders to tell which are unusual.")
            return
        outliers = found_outliers.value
        st.metric(
            "Orders beyond three standard deviations",
            count(outliers.z_score.orders),
            help=f"They bring {percent(outliers.z_score.revenue_share)} of revenue.",
        )
        st.metric(
            "Orders outside the quartile fences",
            count(outliers.iqr.orders),
            help="Further from the middle half of order values than 1.5 times its width.",
        )
        st.metric(
            "Orders of an unusual make-up",
            count(outliers.isolation_forest.orders),
            help=f"By an isolation forest over {count(outliers.isolation_forest.sampled)} orders.",
        )
    if outliers.largest_orders:
        st.subheader("Largest orders", anchor=False)
        ui.table(
            frame_of(LargeOrder, outliers.largest_orders[:ORDERS_SHOWN]),
            ("order.order_id", "customer_id", "order.day", "order.value"),
            key="largest_orders",
            alt="The largest orders",
            currency=currency,
        )


def customers_and_orders() -> None:
    """Distributions of orders each, order value and gaps, and the return curve."""
    customers, threshold = profile.customers, profile.threshold
    gaps = threshold.gap_distribution
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        st.markdown("**Orders of a customer**")
        opened.chart(
            charts.orders_each,
            customers.orders_per_customer.histogram,
            alt="Customers by number of orders",
            key="orders_each",
        )
        st.caption(
            f"{percent(customers.one_time_share)} bought once only; the top fifth of customers bring"
            f" {percent(customers.top_fifth_revenue_share)} of revenue."
        )
    with right, st.container(border=True, height="stretch"):
        st.markdown("**Days between two purchases**")
        if gaps.quantiles_days is not None:
            opened.chart(
                gap_histogram, gaps.histogram, alt="Gaps between purchases by length", key="gap_chart"
            )
            st.caption(
                f"{count(gaps.count)} gaps; half are {days(gaps.quantiles_days.p50)} or shorter, nine in ten"
                f" {days(gaps.quantiles_days.p90)}."
            )
        else:
            st.caption("Nobody has bought on two days.")
    with st.container(border=True):
        st.markdown("**Value of an order**")
        opened.chart(
            charts.spread,
            profile.orders.value,
            f"order value, {money_title}",
            alt="Order values: middle half, median, 5 and 95 percent points",
            key="order_values",
        )
        st.caption("The box holds the middle half of orders; whiskers reach from the 5 % to the 95 % point.")
    if len(threshold.curve) > 1:
        with st.container(border=True):
            st.markdown("**Purchases followed by another**")
            opened.chart(
                return_curve,
                threshold,
                threshold.days,
                alt="Share of purchases followed by another, by days since",
                key="return_chart",
            )
            st.caption(escape_markdown(threshold.reason, 600))


def over_time() -> None:
    """Months, weeks, weekdays, hours, rhythm, unusual days."""
    time = profile.time
    yearly = time.seasonality.yearly
    weekly = time.seasonality.weekly
    st.write(escape_markdown(f"{time.trend.words} {weekly.words} Year: {yearly.words}", 1000))
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        st.markdown("**Orders a month**")
        opened.chart(
            charts.months, time.per_month, alt="Orders a month, new and returning", key="months_chart"
        )
        st.caption("Pale months are not covered from their first to their last day.")
    with right, st.container(border=True, height="stretch"):
        st.markdown("**Revenue a month**")
        opened.chart(charts.revenue, time.per_month, money_title, alt="Revenue by month", key="revenue_chart")
        st.caption("To hold against the shop's own totals.")
    if len(time.per_week) > 1:
        with st.container(border=True):
            st.markdown("**Orders a week**")
            opened.chart(charts.weeks, time.per_week, alt="Orders a week", key="weeks_chart")
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        st.markdown("**Weekdays**")
        opened.chart(charts.weekdays, time.per_weekday, alt="Orders by weekday", key="weekday_chart")
    with right, st.container(border=True, height="stretch"):
        st.markdown("**Hours**")
        if time.per_hour:
            opened.chart(charts.hours, time.per_hour, alt="Orders by hour of the day", key="hour_chart")
        else:
            st.caption("The export has dates without times of day.")
    for run in time.silences:
        st.caption(f"No order from {day(run.from_)} to {day(run.to)}: {days(run.days)}.")
    for burst in time.bursts:
        st.caption(f"Many orders on {day(burst.day)}: {count(burst.orders)}.")


def products() -> None:
    """The strongest products and categories."""
    found = profile.products
    if found is None:
        st.caption("The export names neither products nor categories.")
        return
    for key, title, block in (
        ("products", "Products", found.products),
        ("categories", "Categories", found.categories),
    ):
        if block is None:
            continue
        st.subheader(title, anchor=False)
        st.write(
            f"{count(block.number)} {key}, as diverse as {count(block.effective)} equally strong ones; the top"
            f" fifth brings {percent(block.top_fifth_revenue_share)} of revenue. A customer buys"
            f" {decimal(block.per_customer, 1)} of them on average."
        )
        with st.container(border=True):
            opened.chart(
                charts.products,
                block.top,
                f"gross revenue, {money_title}",
                alt=f"Strongest {key} by revenue",
                key=f"{key}_chart",
            )


scope = profile.scope
ui.title(
    "Data quality",
    f"Orders from {day(scope.first_order)} to {day(scope.last_order)}, {days(scope.history_days)} up to"
    f" {day(scope.cutoff)}.",
)
score_card()
downloads()
figures()
view = st.segmented_control(
    "Part of the profile",
    VIEWS,
    default=VIEWS[0],
    required=True,
    key="quality_view",
    label_visibility="collapsed",
)
PARTS = dict(zip(VIEWS, (checks, rows_and_values, customers_and_orders, over_time, products), strict=True))
PARTS[view]()
with st.expander("What these terms mean", icon=":material/menu_book:"):
    for line in profile.definitions:
        st.markdown(f"**{line.term}** – {line.meaning}")
