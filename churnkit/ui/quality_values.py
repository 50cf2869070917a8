"""What was left out of the data, what is missing, what is there twice, what is far out."""

from __future__ import annotations

import streamlit as st

from churnkit.charts import profile_charts
from churnkit.reports.code_words import COLUMN_WORDS
from churnkit.results.closer_look import SmallOrder
from churnkit.results.found import Found, Missing
from churnkit.results.profile import Duplicates, LargeOrder, LedgerLine, Outliers
from churnkit.results.rows import frame_of
from churnkit.text.figures import count, escape_markdown, money, percent
from churnkit.ui.closer_look import closer_look_of
from churnkit.ui.opened import OpenedLook
from churnkit.ui.tables import table

_LEDGER = ("ledger.reason", "ledger.action", "rows", "share", "ledger.explanation", "ledger.examples")
_ORDERS = ("order.order_id", "customer_id", "order.day", "order.value")
_ORDERS_SHOWN = 10
IMPUTATION = (
    "No missing value is filled with a mean, a median or the most frequent value: a guess would look like something that the"
    " shop knows. Missing stays missing: a row without customer, date or amount is left out and listed above; a feature that"
    " cannot be computed for a customer is missing, and the models see that it is: boosted trees split on it, the forest"
    " gets a value that nobody has, logistic regression and SVM the training median with a flag that it was missing."
)
"""Why nothing is imputed, in words."""


def rows_and_values(opened: OpenedLook) -> None:
    """The account of the rows, missing values, duplicates and outliers."""
    profile = opened.look.profile
    st.header("Rows", anchor=False)
    _rows(opened)
    st.header("Missing values", anchor=False)
    incomplete = [line for line in profile.missing if line.missing]
    if incomplete:
        opened.chart(
            profile_charts.missing,
            incomplete,
            COLUMN_WORDS,
            alt="Rows without a value by column",
            key="missing_chart",
        )
    else:
        st.caption("No value is missing in any column.")
    st.caption(IMPUTATION)
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        _duplicates(profile.duplicates)
    with right, st.container(border=True, height="stretch"):
        _outliers(profile.outliers)
    if profile.largest_orders:
        st.header("Largest orders", anchor=False)
        table(
            frame_of(LargeOrder, profile.largest_orders[:_ORDERS_SHOWN]),
            _ORDERS,
            key="largest_orders",
            alt="The largest orders",
            currency=opened.currency,
        )
    _smallest(opened)


def _smallest(opened: OpenedLook) -> None:
    found = closer_look_of(opened)
    st.header("Smallest orders", anchor=False)
    tiny, limit = count(found.tiny_orders), money(found.tiny_limit, opened.currency)
    st.caption(
        f"{tiny} orders are worth less than {escape_markdown(limit)}, a hundredth of the median order: samples, deposits or"
        " mistakes. They count as purchases; if they are none, leave them out of the export."
    )
    table(
        frame_of(SmallOrder, found.smallest_orders),
        _ORDERS,
        key="smallest_orders",
        alt="The smallest orders",
        currency=opened.currency,
    )


def _rows(opened: OpenedLook) -> None:
    rows, ledger = opened.look.profile.rows, opened.look.profile.ledger
    later = (
        f" {count(rows.after_cutoff)} of them are after the end and not looked at."
        if rows.after_cutoff
        else ""
    )
    st.write(
        f"{count(rows.in_)} rows in the file, {count(rows.dropped)} dropped, {count(rows.kept)} kept.{later}"
    )
    if not ledger:
        st.caption("Every row was kept as it is.")
        return
    table(frame_of(LedgerLine, ledger), _LEDGER, key="quality_ledger", alt="Rows dropped or mended by reason")


def _duplicates(found: Duplicates) -> None:
    st.header("Duplicates", anchor=False)
    st.metric("Repeated rows left out", count(found.exact_dropped))
    st.metric("Repeated rows kept", count(found.exact_kept))
    st.metric(
        "Same customer, day and amount again",
        count(found.near),
        help=f"Counted in {found.near_unit}; they are kept, as a second order of a day can be real.",
    )


def _outliers(part: Found[Outliers] | Missing) -> None:
    st.header("Outliers", anchor=False)
    if isinstance(part, Missing):
        st.caption("Too few orders to tell which are unusual.")
        return
    found = part.value
    st.metric(
        "Unusually large orders",
        count(found.z_score.orders),
        help=f"Above the mean plus three standard deviations. They bring {percent(found.z_score.revenue_share)} of revenue.",
    )
    st.metric(
        "Orders far from the usual values",
        count(found.iqr.orders),
        help="Further from the middle half of order values than 1.5 times its width.",
    )
    st.metric(
        "Orders of an unusual make-up",
        count(found.isolation_forest.orders),
        help=f"By an isolation forest over {count(found.isolation_forest.sampled)} orders.",
    )
