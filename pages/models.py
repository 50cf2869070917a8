"""What scored the customers, how it did on this shop's own past, and what it looks at."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from churnkit import ui
from churnkit.charts import model_charts as charts
from churnkit.results.past_dates import PastDate, active_dates
from churnkit.results.rows import frame_of
from churnkit.services.decide.model_views import champion_members, deciles_at, leaderboard_view, past_dates
from churnkit.services.decide.run_words import trained_words
from churnkit.services.decide.why_champion import CHOSEN_BEFORE, untested_words, why_champion
from churnkit.text.figures import count, day, days, escape_markdown, percent, ratio
from churnkit.ui import keys
from churnkit.ui.card_view import card_view
from churnkit.ui.fairness_view import fairness_view
from churnkit.ui.feature_view import feature_view
from churnkit.ui.measure_view import measure_view
from churnkit.ui.population_choice import of_the_active
from churnkit.ui.proof_view import proof_view
from churnkit.ui.tier_rules import tier_rule_cards
from churnkit.ui.version_view import version_view
from churnkit.ui.weights_view import weights_view
from churnkit.ui.window_view import window_view, window_words

TABS = (
    "Leaderboard",
    "How well it did",
    "Past dates",
    "What it looks at",
    "Rules",
    "Fairness",
    "Model card",
    "Versions",
)
LEADERBOARD_COLUMNS = (
    "model.name",
    "model.kind",
    "model.score",
    "test_roc_auc_active",
    "roc_auc_active",
    "test_roc_auc",
    "test_log_loss",
    "test_ece",
    "roc_auc",
    "log_loss",
    "ece",
    "f1",
    "f1_everybody",
    "recall",
    "precision",
    "lift_at_20",
    "profit_share",
    "accuracy",
    "precision_at_10",
    "precision_at_20",
    "f1_sd",
    "roc_auc_sd",
    "fit_seconds",
    "model.trials",
    "model.verdict",
    "model.about",
)
BACKTEST_COLUMNS = (
    "cutoff",
    "customers",
    "roc_auc",
    "log_loss",
    "log_loss_of_base_rate",
    "ece",
    "expected_churn_rate",
    "actual_churn_rate",
    "past.expected_spend",
    "actual_spend",
    "past.contacted",
    "profit_chosen",
    "profit_random",
    "profit_recency",
    "profit_everybody",
)

opened = ui.open_results()
results, evidence = opened.results, opened.results.evidence


def leaderboard() -> None:
    """Who competed, by what figures, and why the champion won."""
    if evidence.trust.grade == "none":
        st.warning(escape_markdown(f"{evidence.trust.headline}. {evidence.trust.sentences[0]}", 600))
    st.header(evidence.champion_title, anchor=False, help=ui.term("champion"))
    members = champion_members(results)
    words = f"{evidence.champion_words}."
    if members:
        words += f" Its members: {', '.join(members)}."
    st.write(escape_markdown(words[:1].upper() + words[1:], 500))
    for sentence in why_champion(results):
        st.markdown(f"- {escape_markdown(sentence, 600)}")
    table = leaderboard_view(results)
    if table.empty:
        st.write("No model competed here, so there is no leaderboard.")
        for sentence in results.summary.notes:
            ui.note(sentence)
        return
    ui.table(table, LEADERBOARD_COLUMNS, key="leaderboard", alt="Models and simple rules, champion first")
    st.caption(
        "Figures are of all customers unless “active” stands there: those of the active are lower, and are what counts for"
        " whom a shop can keep. Figures without “test” are from validation dates."
    )
    if evidence.test_cutoff:
        st.caption(f"The test is {window_words(opened)}. {CHOSEN_BEFORE}")
    if untested_words(results):
        ui.note(untested_words(results))
    measure_view(opened)
    weights_view(opened)
    ui.definitions("champion", "baseline", "f1", "auc", "log_loss", "ece", "precision", "recall", "lift")


def backtest() -> None:
    """Every past date: forecast against what came."""
    past = ui.value_or_note(evidence.backtest)
    if past is None:
        return
    st.caption(ui.term("backtest"))
    of_active = active_dates(past)
    active = bool(of_active) and of_the_active("past_population")
    past = of_active if active else past
    with st.container(border=True):
        st.header("The level", anchor=False)
        opened.chart(charts.past_rates, past, alt=charts.alt_of_rates(past), key="past_rates")
    dates = past_dates(results)
    with st.container(border=True):
        st.header("Tenth by tenth", anchor=False)
        chosen = st.selectbox(
            "Date of the forecast", dates, format_func=day, key="past_date", bind="query-params", width=240
        )
        ui.chart(
            charts.deciles(deciles_at(results, chosen, active=active)),
            "Leavers expected and leavers that came, by tenth of the customers",
            key="deciles",
        )
    ui.table(
        frame_of(PastDate, past),
        BACKTEST_COLUMNS,
        key="backtest_table",
        alt="Past dates: forecast and outcome",
        currency=opened.currency,
    )


def rules() -> None:
    """IF-THEN rules, measured out of time: for each risk tier, and for leaving."""
    st.header("For each risk tier", anchor=False)
    tier_rule_cards(opened)
    st.header("For leaving", anchor=False)
    found = ui.value_or_note(evidence.rules)
    if found is None:
        return
    st.caption(
        f"Learned on earlier windows, measured on {window_words(opened)}, which they had not seen. They describe; the"
        " champion scores."
    )
    for population in dict.fromkeys(rule.population for rule in found):
        st.markdown(f"**Among {population}**")
        for rule in [rule for rule in found if rule.population == population]:
            with st.container(border=True):
                st.markdown(f"**{escape_markdown(rule.words, 500)}**")
                with st.grid(4, min_column_width=130, gap="small"):
                    st.metric(
                        "Left", percent(rule.precision), help="Of those who met it, in the last window."
                    )
                    st.metric("Left, of all", percent(rule.base_rate))
                    st.metric("Times as often", ratio(rule.lift or None), help=ui.term("lift"))
                    st.metric("Met by", count(rule.customers), help=f"{percent(rule.coverage)} of them.")


def expert() -> None:
    """Everything that was worked out, by tab."""
    draws: tuple[Callable[[], None], ...] = (
        leaderboard,
        partial(window_view, opened),
        backtest,
        partial(feature_view, opened),
        rules,
        partial(fairness_view, opened),
        partial(card_view, opened),
        partial(version_view, opened),
    )
    for tab, draw in zip(st.tabs(TABS, key=keys.MODELS_TAB, bind="query-params"), draws, strict=True):
        if tab.open:
            with tab:
                draw()


def owner() -> None:
    """The answer in words and one picture, and the way back to an earlier version."""
    proof_view(opened)
    drawer = st.expander(
        "Earlier versions, and going back",
        icon=":material/history:",
        key=keys.VERSIONS_DRAWER,
        on_change="rerun",
    )
    if drawer.open:
        with drawer:
            version_view(opened)


ui.title(
    "How it forecasts",
    f"What scores the customers, how it did on this shop's own past, and what it looks at. Churn here: no purchase within"
    f" {days(results.horizon_days)}.",
)
trained = trained_words(results.summary)
if trained is not None:
    ui.note(trained)
if ui.is_expert():
    expert()
else:
    owner()
