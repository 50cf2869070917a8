"""One look at a campaign's results: verdict, figures, intervals, and how they were compared."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial

import streamlit as st

from churnkit.campaigns import CampaignPlan
from churnkit.charts.experiment_charts import differences, waiting_curves
from churnkit.experiments.sample_ratio import BLOCKING_P
from churnkit.experiments.waiting_time import Waiting
from churnkit.results.found import Missing
from churnkit.results.interval import Interval
from churnkit.results.readout_figures import Effect, Grade, Readout
from churnkit.services.campaign.readouts import costs_of, differences_of
from churnkit.services.campaign.several_offers import waiting_table
from churnkit.store import StoredReadout
from churnkit.text.figures import UNKNOWN, count, decimal, escape_markdown, percent, short_money
from churnkit.ui.expert_view import is_expert
from churnkit.ui.parts import Card, Colour, cards, chart, definitions
from churnkit.ui.tables import table

GRADES: dict[Grade, tuple[str, Colour, str]] = {
    "worked": ("kept customers", "green", ":material/check_circle:"),
    "harmed": ("drove customers away", "red", ":material/cancel:"),
    "unclear": ("no effect to be told from chance", "gray", ":material/help:"),
}


def readout_view(look: StoredReadout, found: Readout, plan: CampaignPlan, currency: str | None) -> None:
    """Everything about a look; ``found`` are its figures."""
    words, colour, icon = GRADES[found.grade]
    st.badge(words, icon=icon, color=colour)
    headline, *sentences = look.words
    st.header(escape_markdown(headline), anchor=False)
    for sentence in sentences:
        st.markdown(f"- {escape_markdown(sentence, 600)}")
    _cards(found, plan, currency)
    _costs(found, currency)
    _charts(found, currency)
    if is_expert():
        _details(found)
    definitions(
        "holdout", *(("sample_ratio", "cuped") if is_expert() else ()), "save_rate", "net", "interval"
    )


def _cards(found: Readout, plan: CampaignPlan, currency: str | None) -> None:
    """Shares, saves, money, save rate."""
    cash = partial(short_money, currency=currency)
    promise, saves, net, rate = plan.promise, found.realised.saves, found.realised.year_net, found.save_rate
    cards(
        [
            Card(
                label="Of those contacted bought",
                value=percent(found.conversion.treated),
                below=f"{percent(found.conversion.held_out)} of those left out for comparison",
                key="read_bought",
            ),
            Card(
                label="Stay because of it",
                value=decimal(saves.value, 1),
                below=f"{decimal(promise.saves.value, 1)} were expected",
                key="read_saves",
            ),
            Card(
                label="Net in a year",
                value=cash(net.value),
                term="net",
                below=f"likely {cash(net.low)} to {cash(net.high)}; {cash(promise.net.value)} was expected",
                key="read_net",
            ),
            Card(
                value=percent(rate.rate.value) if rate else UNKNOWN,
                term="save_rate",
                below=f"{percent(plan.assumptions.save_rate)} was assumed",
                key="read_rate",
            ),
        ]
    )


def _costs(found: Readout, currency: str | None) -> None:
    """What a buyer and a kept customer cost."""
    cash = partial(short_money, currency=currency)
    buyer, kept = costs_of(found)
    if kept is None:
        below = "nobody stays because of it"
    elif math.isinf(kept.high):
        below = f"{cash(kept.low)} or more: it may have changed nothing"
    else:
        below = f"{cash(kept.low)} to {cash(kept.high)}"
    cards(
        [
            Card(
                label="Cost of a buyer",
                value=cash(buyer) if buyer is not None else UNKNOWN,
                below="contacts and discounts, for each of the contacted who bought",
                key="read_cost_buyer",
            ),
            Card(
                label="Cost of a customer who stays",
                value=cash(kept.value) if kept is not None else UNKNOWN,
                below=below,
                key="read_cost_kept",
            ),
        ]
    )


def when_view(by_arm: Mapping[str, Waiting]) -> None:
    """By when those contacted and those left out had bought."""
    with st.container(border=True):
        st.markdown("**By when did they buy?**")
        chart(
            waiting_curves(by_arm),
            "Share of those contacted and of those left out that has bought by day",
            key="read_waiting",
        )
        table(
            waiting_table(by_arm),
            ("offers.offer", "waiting.day", "waiting.share", "waiting.low", "waiting.high"),
            key="read_waiting_table",
            alt="Share of those contacted and of those left out that has bought by day 10, 20, 30 and so on",
            titles={"offers.offer": "Customers"},
        )
        st.caption(
            "Whoever has not bought yet counts for as long as they were followed (Kaplan and Meier's estimate). Where the"
            " lines run apart early and meet later, the contact brought purchases forward and kept nobody."
        )


def _shown(found: Readout, effect: Effect, times: float = 1.0) -> dict[str, Interval]:
    """The difference that counts; for an expert all that were worked out."""
    if is_expert():
        return differences_of(effect, times)
    return {"contacted less left out": effect.interval(found.complete).times(times)}


def _charts(found: Readout, currency: str | None) -> None:
    """Differences with their intervals."""
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, height="stretch"):
        st.markdown("**Share that bought**")
        chart(
            differences(_shown(found, found.conversion, 100.0), "percentage points"),
            "Difference in the share that bought, with intervals",
            key="read_conversion_chart",
        )
    if found.revenue is not None:
        with right, st.container(border=True, height="stretch"):
            st.markdown("**Revenue per customer**")
            chart(
                differences(_shown(found, found.revenue), "money", currency),
                "Difference in revenue per customer, with intervals",
                key="read_revenue_chart",
            )


def _details(found: Readout) -> None:
    """How it was compared."""
    with st.expander("How this was compared", icon=":material/fact_check:"):
        st.markdown(
            f"- Sizes of the groups: {count(found.treated)} contacted and {count(found.held_out)} left out for comparison"
            f" (p = {decimal(found.sample_ratio.p_value, 3)}; below {BLOCKING_P} nothing would be shown).\n"
            "- Interval of the look at the end: Newcombe's for shares; for money that of both groups' spread together. The"
            " wider one holds however often one looks, and decides before the window is over.\n"
            "- With earlier behaviour taken into account: CUPED, with the forecast of that day or the spending"
            " before the start."
        )
        for what, effect in (("Share that bought", found.conversion), ("Revenue", found.revenue)):
            if effect is not None and isinstance(effect.adjusted, Missing):
                st.markdown(f"- {what}: {escape_markdown(effect.adjusted.reason)}")
