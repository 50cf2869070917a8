"""Last year beside the next one, on every page with money."""

from __future__ import annotations

import math

import streamlit as st

from churnkit.results.found import Missing
from churnkit.results.money_strip import MoneyFigure, MoneyStrip
from churnkit.text.figures import days, escape_markdown, short_money

_KINDS = {
    "measured": "from your file",
    "tested": "tested",
    "forecast": "forecast",
    "assumed": "assumed",
}


def money_strip(strip: MoneyStrip, currency: str | None) -> None:
    """One line: what the shop took, what its customers are forecast to bring, what of that is at risk."""
    if not math.isfinite(strip.revenue.value):
        return

    def said(figure: MoneyFigure) -> str:
        text = f"**{escape_markdown(short_money(figure.value, currency))}**"
        if figure.low is not None and figure.high is not None:
            low, high = (escape_markdown(short_money(end, currency)) for end in (figure.low, figure.high))
            text += f" ({low} to {high})"
        return f"{text} :gray[{_KINDS[figure.kind]}]"

    risk = "not known" if isinstance(strip.at_risk, Missing) else said(strip.at_risk.value)
    with st.container(border=True, key="money_strip"):
        st.markdown(
            f"Last {days(strip.days)}: {said(strip.revenue)} – of it from today's active customers"
            f" {said(strip.revenue_active)} | their next 365 days: {said(strip.forecast)} | at risk: {risk}",
            help="Revenue net of returns. The forecast is of customers who are active today; new ones are not in it."
            " At risk is after margin.",
        )
