"""Earlier forecasts against what came: all of them over time, and one of them closely."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from churnkit.charts import model_charts
from churnkit.charts import monitoring_charts as charts
from churnkit.results.found import Found, Missing
from churnkit.results.rows import frame_of
from churnkit.results.scorecards import (
    ListFigures,
    PopulationCard,
    RunningForecast,
    Scorecard,
    ScorecardsDocument,
    Tenth,
)
from churnkit.services.monitor.views import VERDICTS, scorecards_view
from churnkit.text.figures import (
    count,
    counted,
    day,
    escape_markdown,
    money,
    percent,
    ratio,
    score,
    short_money,
)
from churnkit.ui.opened import Opened
from churnkit.ui.parts import Card, Colour, cards, chart, csv_bytes, definitions, download, note
from churnkit.ui.tables import table

_LETTERS = 900
COLUMNS = (
    "card.cutoff",
    "card.verdict",
    "card.customers",
    "expected_churn_rate",
    "actual_churn_rate",
    "card.auc",
    "card.auc_between",
    "card.promised",
    "card.lift",
    "log_loss",
    "ece",
    "card.ece_by_chance",
    "past.expected_spend",
    "actual_spend",
    "card.contacted",
    "card.left",
    "card.brought",
    "card.champion",
)
VERDICT_COLOURS: dict[str, Colour] = {
    "held": "green",
    "level_off": "orange",
    "weaker": "orange",
    "order_lost": "red",
    "few": "gray",
}


def scorecard_view(opened: Opened, found: ScorecardsDocument) -> None:
    """The newest verdict first, then all forecasts, then the one that is chosen, then those still running."""
    judged = found.scorecards
    if not judged:
        note("No forecast is old enough to be checked yet.")
    else:
        _verdict(judged[0])
        _over_time(judged)
        _table(opened, found)
        _closely(opened, judged)
    _running(found.running)
    for sentence in found.notes:
        note(sentence)
    definitions("auc", "log_loss", "ece", "lift", "status")


def _verdict(card: Scorecard) -> None:
    with st.container(border=True):
        st.header(f"The forecast of {day(card.cutoff)}", anchor=False)
        st.badge(VERDICTS[card.verdict], color=VERDICT_COLOURS[card.verdict])
        st.write(escape_markdown(card.words, _LETTERS))
        st.markdown(f"**What to do:** {escape_markdown(card.advice, _LETTERS)}")


def _over_time(judged: Sequence[Scorecard]) -> None:
    if sum(isinstance(one.active, Found) for one in judged) < 2:
        return
    left, right = st.columns(2)
    with left, st.container(border=True):
        st.header("How many left", anchor=False)
        chart(charts.churn_levels(judged), charts.alt_of_levels(judged), key="card_levels")
    with right, st.container(border=True):
        st.header("How well leavers were ranked", anchor=False)
        chart(charts.ranking_over_time(judged), charts.alt_of_ranking(judged), key="card_ranking")


def _table(opened: Opened, found: ScorecardsDocument) -> None:
    frame = scorecards_view(found)
    table(
        frame, COLUMNS, key="scorecards", alt="Earlier forecasts against what came", currency=opened.currency
    )
    st.caption(
        "All figures are of the customers who were active at the date. Bars and “between” are 95\u202f% intervals over"
        " customers drawn anew. What the list would have brought counts who then left at the success rate assumed at"
        " the time: nobody knows whom a message would have kept until a campaign with a control group has shown it."
    )
    download(
        "Scorecards as CSV",
        lambda: csv_bytes(scorecards_view(found)),
        "scorecards.csv",
        "text/csv",
        key="scorecards_csv",
    )


def _closely(opened: Opened, judged: Sequence[Scorecard]) -> None:
    by_run = {one.run_id: one for one in judged}
    st.header("One forecast closely", anchor=False)
    chosen = st.selectbox(
        "Forecast of",
        list(by_run),
        format_func=lambda run_id: f"{day(by_run[run_id].cutoff)} – {VERDICTS[by_run[run_id].verdict]}",
        key="card_chosen",
        bind="query-params",
        width=320,
    )
    card = by_run[chosen]
    if card is not judged[0]:
        st.write(escape_markdown(card.words, _LETTERS))
        st.markdown(f"**What to do:** {escape_markdown(card.advice, _LETTERS)}")
    for who, part in (("active", card.active), ("lapsed", card.lapsed)):
        st.markdown(f"**{who.capitalize()} customers**")
        _population(opened, part, who)
    st.markdown("**The list**")
    _list(opened, card.listed)
    if card.gone:
        note(
            f"Not in the history any more (cancelled or erased), and counted nowhere: {counted(card.gone, 'customer')} of"
            " that forecast."
        )


def _population(opened: Opened, part: Found[PopulationCard] | Missing, who: str) -> None:
    if isinstance(part, Missing):
        note(part.reason)
        return
    one, currency = part.value, opened.currency
    came, auc = one.actual_churn_rate, one.roc_auc
    cards(
        [
            Card(
                label="Bought nothing",
                value=percent(came.value),
                below=f"{percent(one.expected_churn_rate)} were forecast",
                key=f"card_level_{who}",
            ),
            Card(
                term="auc",
                value=score(auc.value if auc else None, 2),
                below=f"between {score(auc.low, 2)} and {score(auc.high, 2)}" if auc else "nothing to rank",
                key=f"card_auc_{who}",
            ),
            Card(
                term="lift",
                value=ratio(one.lift.value) if one.lift else "–",
                below=f"the riskiest {count(one.lift_size)} against all",
                key=f"card_lift_{who}",
            ),
            Card(
                term="ece",
                value=score(one.ece),
                below=f"chance explains up to {score(one.ece_by_chance)}",
                key=f"card_ece_{who}",
            ),
            Card(
                label="Spent",
                value=short_money(one.actual_spend.value, currency),
                below=f"{escape_markdown(short_money(one.expected_spend, currency))} were forecast",
                key=f"card_spend_{who}",
            ),
        ]
    )
    chart(
        model_charts.deciles(frame_of(Tenth, one.tenths)),
        f"Leavers expected and leavers that came among the {who}, by tenth of the customers",
        key=f"card_tenths_{who}",
    )


def _list(opened: Opened, part: Found[ListFigures] | Missing) -> None:
    if isinstance(part, Missing):
        note(part.reason)
        return
    one, currency = part.value, opened.currency
    sentence = (
        f"The run recommended to contact {count(one.contacted)} customers and expected {count(one.expected_leavers)} of"
        f" them to leave; {count(one.left)} left. At the assumed success rate of {percent(one.save_rate)}, contacting"
        f" them would have brought {money(one.brought.value, currency)} net (95\u202f%: {money(one.brought.low, currency)}"
        f" to {money(one.brought.high, currency)}); as many of the longest silent {money(one.longest_silent, currency)},"
        f" as many by chance {money(one.at_random, currency)}."
    )
    st.write(escape_markdown(sentence, _LETTERS))


def _running(running: Sequence[RunningForecast]) -> None:
    st.header("Still running", anchor=False)
    if not running:
        note("No window is open.")
        return
    st.caption(
        "These forecasts cannot be checked yet. What stands here follows from their own probabilities: it is right only if"
        " the model still is, and cannot see that customers behave otherwise than before."
    )
    frame = pd.DataFrame([vars(one) for one in running])
    for sentence in frame["words"].head(3):
        st.markdown(f"- {escape_markdown(sentence, _LETTERS)}")
