"""Last year beside the next one, on every page with money."""

from __future__ import annotations

import math
from functools import partial

import streamlit as st

from churnkit.results.found import Missing
from churnkit.results.money_strip import MoneyFigure, MoneyStrip
from churnkit.text.figures import days, escape_markdown, short_money

_HELP = (
    "Revenue net of returns. The forecast is of the customers who are active today; new ones are not in it. At risk is"
    " after margin."
)


def money_strip(strip: MoneyStrip, currency: str | None) -> None:
    """What the shop took, what its customers are forecast to bring, and what of that is at risk, side by side."""
    if not math.isfinite(strip.revenue.value):
        return
    parts: tuple[tuple[str, MoneyFigure | None], ...] = (
        (f"Last {days(strip.days)}", strip.revenue),
        ("Of it from customers active today", strip.revenue_active),
        ("Their next 365 days", strip.forecast),
        ("At risk", None if isinstance(strip.at_risk, Missing) else strip.at_risk.value),
    )
    with st.container(border=True, key="money_strip"), st.grid(4, min_column_width=150, gap="small"):
        for label, figure in parts:
            st.markdown(f":small[{label}]  \n{_said(figure, currency)}", help=_HELP)


def _said(figure: MoneyFigure | None, currency: str | None) -> str:
    if figure is None:
        return "**not known**"
    cash = partial(short_money, currency=currency)
    span = ""
    if figure.low is not None and figure.high is not None:
        span = (
            f"  \n:small[:gray[{escape_markdown(cash(figure.low))} to {escape_markdown(cash(figure.high))}]]"
        )
    return f"**{escape_markdown(cash(figure.value))}** :gray-badge[{figure.kind}]{span}"
