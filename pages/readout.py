"""What a campaign changed, whether it paid, and on whom a contact works."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from churnkit import ui
from churnkit.campaigns import CampaignPlan
from churnkit.charts.experiment_charts import differences, effect_by_group, money_by_share, qini
from churnkit.experiments import Outcomes
from churnkit.experiments.uplift import UpliftAnalysis
from churnkit.results.readout_figures import Readout
from churnkit.services.campaign.campaigns import open_campaign, readout_figures
from churnkit.services.campaign.readouts import (
    Experiment,
    WorkedOut,
    compare_alike,
    differences_of,
    keep_readout,
    order_sources,
    read_experiment,
    read_out_campaign,
    results_of_orders,
    results_of_table,
    whom_it_worked_on,
    work_out_experiment,
)
from churnkit.store import FrozenCampaign, StoredReadout
from churnkit.text.figures import count, day, decimal, escape_markdown, percent, short_money
from churnkit.text.terms import term
from churnkit.ui.small_files import small_table

TABS = ["A campaign", "Any experiment"]
ORDERS, FILE = "later orders", "a file of results"
GRADES: dict[str, tuple[str, ui.Colour, str]] = {
    "worked": ("kept customers", "green", ":material/check_circle:"),
    "harmed": ("drove customers away", "red", ":material/cancel:"),
    "unclear": ("no effect to be told from chance", "gray", ":material/help:"),
}
# Results, what they came from, and its currency.
CameIn = tuple[Outcomes, str, str | None]
LEARNER_TITLES = {"two_model": "Two models", "x_learner": "X-learner", "transformed": "Transformed outcome"}

here = ui.workspace()
store = here.store


@st.cache_data(max_entries=2, show_spinner="Reading the table …")
def experiment_table(file_id: str, _table: pd.DataFrame) -> pd.DataFrame:
    """An uploaded experiment, columns of numbers as numbers."""
    return read_experiment(_table)


@st.cache_resource(max_entries=2, show_spinner="Learning from both arms …")
def worked_out(file_id: str, wish: Experiment, _table: pd.DataFrame) -> WorkedOut:
    """Its uplift, worked out once."""
    return work_out_experiment(_table, wish)


def cash(value: float | None, currency: str | None) -> str:
    """Money, short."""
    return short_money(value, currency)


def read(kept: FrozenCampaign, plan: CampaignPlan) -> None:
    """Choose where the results come from, and look at them."""
    with st.container(border=True, key="readout_source"):
        source = st.segmented_control(
            "Results from", [ORDERS, FILE], default=ORDERS, required=True, key="readout_from"
        )
        come_in = in_orders(plan, kept) if source == ORDERS else in_file(plan, kept)
        asked = st.button("Read out", type="primary", key="readout_go", disabled=come_in is None)
    if not asked or come_in is None:
        return
    with ui.guarded(), st.spinner("Comparing the arms …"):
        outcomes, named, currency = come_in()
        found = keep_readout(store, kept, read_out_campaign(plan, outcomes), source=named, currency=currency)
        st.session_state["_outcomes"] = (kept.campaign_id, outcomes)
        st.session_state["readout_look"] = found.readout_id


def in_orders(plan: CampaignPlan, kept: FrozenCampaign) -> Callable[[], CameIn] | None:
    """Reads the results from the orders that are chosen; None while there are none, or it has not gone out."""
    sources = order_sources(store, here.platform.look_folder)
    chosen = st.selectbox(
        "Orders of",
        list(sources),
        format_func=lambda one: sources[one].label,
        key="readout_orders",
        help="Upload the shop's export again, up to today, on the upload page; the first look at it suffices.",
    )
    if kept.started_on is None:
        st.caption("Record on the campaigns page on which day it went out.")
        return None
    if chosen is None:
        return None
    orders = sources[chosen]
    return lambda: (results_of_orders(plan, kept, orders.transactions), orders.label, orders.currency)


def in_file(plan: CampaignPlan, kept: FrozenCampaign) -> Callable[[], CameIn] | None:
    """Reads the results from the file that is chosen; None while there is none."""
    file = st.file_uploader(
        "customer_id, converted and/or revenue: a row for each customer of the campaign",
        ["csv", "xlsx"],
        key="readout_file",
        max_upload_size=50,
    )
    over = st.toggle("The window is over in this file", True, key="readout_over")
    elapsed = (
        None
        if over
        else st.number_input(
            "Days that it covers",
            1,
            plan.settings.horizon_days,
            max(1, plan.settings.horizon_days // 2),
            key="readout_days",
        )
    )
    if file is None:
        return None

    def come_in() -> CameIn:
        table = small_table(file, "the results of a campaign", "_results_table")
        return results_of_table(plan, table, elapsed), file.name, plan_currency(kept)

    return come_in


def plan_currency(kept: FrozenCampaign) -> str | None:
    """The currency of the analysis that the campaign was planned on."""
    sources = order_sources(store, here.platform.look_folder)
    return sources[kept.session_id].currency if kept.session_id in sources else None


def shown(kept: FrozenCampaign, plan: CampaignPlan, looks: list[StoredReadout]) -> None:
    """One look: verdict, figures, intervals."""
    by_id = {look.readout_id: look for look in looks}
    if st.session_state.get("readout_look") not in by_id:
        st.session_state["readout_look"] = looks[0].readout_id
    look = by_id[
        st.selectbox(
            f"Look ({len(looks)} so far)",
            by_id,
            format_func=lambda one: f"{day(by_id[one].looked_at)}, {by_id[one].source}",
            key="readout_look",
            width=420,
        )
    ]
    currency = plan_currency(kept)
    found = readout_figures(look, kept.name)
    words, colour, icon = GRADES[found.grade]
    st.badge(words, icon=icon, color=colour)
    st.markdown(f"#### {escape_markdown(look.words[0])}")
    for sentence in look.words[1:]:
        st.markdown(f"- {escape_markdown(sentence, 600)}")
    cards(found, plan, currency)
    charts(found, currency)
    details(found)


def cards(found: Readout, plan: CampaignPlan, currency: str | None) -> None:
    """Shares, saves, money, save rate."""
    realised, promise, rate = found.realised, plan.promise, found.save_rate
    ui.cards(
        [
            {
                "label": "Bought, contacted",
                "value": percent(found.conversion.treated),
                "below": f"{percent(found.conversion.held_out)} of those held out",
                "key": "read_bought",
            },
            {
                "label": "Customers kept",
                "value": decimal(realised.saves.value, 1),
                "below": f"{decimal(promise.saves.value, 1)} were promised",
                "key": "read_saves",
            },
            {
                "label": "Net of a year",
                "value": cash(realised.year_net.value, currency),
                "term": "net",
                "below": f"{cash(realised.year_net.low, currency)} to"
                f" {cash(realised.year_net.high, currency)}; {cash(promise.net.value, currency)} promised",
                "key": "read_net",
            },
            {
                "label": "Success rate",
                "value": percent(rate.rate.value) if rate else "–",
                "term": "save_rate",
                "below": f"{percent(plan.assumptions.save_rate)} was assumed",
                "key": "read_rate",
            },
        ]
    )


def charts(found: Readout, currency: str | None) -> None:
    """Differences with their intervals."""
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, height="stretch"):
        st.markdown("**Share that bought**")
        ui.chart(
            differences(differences_of(found.conversion, 100.0), "percentage points"),
            "Difference in the share that bought, with intervals",
            key="read_conversion_chart",
        )
    if found.revenue is not None:
        with right, st.container(border=True, height="stretch"):
            st.markdown("**Revenue per customer**")
            ui.chart(
                differences(differences_of(found.revenue), currency or "money"),
                "Difference in revenue per customer, with intervals",
                key="read_revenue_chart",
            )


def details(found: Readout) -> None:
    """How it was compared."""
    with st.expander("How this was compared", icon=":material/fact_check:"):
        st.markdown(
            f"- Sizes of the arms: {count(found.treated)} contacted and {count(found.held_out)} held out"
            f" (p = {decimal(found.sample_ratio.p_value, 3)}; below 0.001 nothing would be shown).\n"
            "- Interval of one look: Newcombe's for shares, Welch's for money. The wider one holds however often one"
            " looks, and decides before the window is over.\n"
            "- With earlier behaviour taken out: CUPED, with the forecast of that day or the spending before the start."
        )
        if found.revenue is not None and found.revenue.check is not None:
            check = found.revenue.check
            st.markdown(f"- Revenue by resampling: {decimal(check.low, 2)} to {decimal(check.high, 2)}.")
    ui.definitions("holdout", "sample_ratio", "cuped", "save_rate", "net")


def worked_on(kept: FrozenCampaign, plan: CampaignPlan) -> None:
    """Uplift from the results just read."""
    campaign_id, outcomes = st.session_state.get("_outcomes", (None, None))
    if campaign_id != kept.campaign_id:
        return
    with st.container(border=True):
        st.markdown("**On whom did it work?**", help=term("uplift"))
        if st.button("Find out", key="uplift_go", icon=":material/person_search:"):
            with ui.guarded(), st.spinner("Learning from both arms …"):
                uplift(whom_it_worked_on(plan, outcomes), plan_currency(kept))


def uplift(found: UpliftAnalysis, currency: str | None) -> None:
    """Whether effects differ between customers, and what acting on that is worth."""
    for sentence in found.words(currency):
        st.markdown(f"- {escape_markdown(sentence, 400)}")
    unit = currency or "outcome"
    left, right = st.columns(2, gap="medium")
    with left:
        ui.chart(
            qini(found.curves[found.best].table(), f"gained, {unit} a customer"),
            "What contacting the best-ranked gains against random",
            key="qini_chart",
        )
    with right:
        ui.chart(
            effect_by_group(found.groups, f"effect, {unit}"),
            "Effect in each tenth of the customers",
            key="groups_chart",
        )
    tables = {"by predicted effect": found.policy}
    if found.churn_policy is not None:
        tables["by churn probability"] = found.churn_policy
    ui.chart(
        money_by_share(tables, f"net per 1,000 contacted, {unit}"),
        "Net money per 1,000 contacted by share contacted",
        key="policy_chart",
    )
    st.dataframe(
        pd.DataFrame(
            {
                "learner": [LEARNER_TITLES[name] for name in found.curves],
                "qini": [curve.coefficient.value for curve in found.curves.values()],
                "low": [curve.coefficient.low for curve in found.curves.values()],
                "high": [curve.coefficient.high for curve in found.curves.values()],
                "verdict": [
                    "beats random" if curve.beats_random else "no better than random"
                    for curve in found.curves.values()
                ],
            }
        ),
        hide_index=True,
        key="learner_table",
        alt="Qini of each way of learning, with its interval",
        column_config={
            "learner": "Learned by",
            "qini": st.column_config.NumberColumn("Qini", format="%.4f", help=term("qini")),
            "low": st.column_config.NumberColumn("Low", format="%.4f"),
            "high": st.column_config.NumberColumn("High", format="%.4f"),
            "verdict": "On customers it was not fitted on",
        },
    )
    ui.note(found.randomisation.words())


def campaign() -> None:
    """A campaign of this workspace."""
    plans = {kept.campaign_id: kept for kept in store.campaigns.all()}
    if not plans:
        box = ui.empty(
            "No campaign to read out",
            "Plan one with a holdout first; when its window is over, come back.",
            icon=":material/science:",
        )
        if box.button("Plan a campaign", key="go_campaigns", type="primary"):
            st.switch_page("pages/campaigns.py")
        return
    if st.session_state.get("readout_chosen") not in plans:
        st.session_state["readout_chosen"] = next(iter(plans))
    kept = plans[
        st.selectbox(
            "Campaign", plans, format_func=lambda one: plans[one].name, key="readout_chosen", width=360
        )
    ]
    with ui.guarded():
        plan = open_campaign(store, kept.campaign_id)
        read(kept, plan)
        looks = store.readouts.of_campaign(kept.campaign_id)
        if looks:
            shown(kept, plan, looks)
            worked_on(kept, plan)


def experiment() -> None:
    """A table from anywhere: who was contacted, what came of it."""
    st.caption(
        "One row per customer: a column that says who was contacted, a column of money or of 0 and 1, and what was known"
        " before. Contacting must have been drawn at random; that is checked."
    )
    file = st.file_uploader(
        "Table of the experiment", ["csv", "xlsx"], key="experiment_file", max_upload_size=50
    )
    if file is None:
        return
    with ui.guarded():
        table = experiment_table(file.file_id, small_table(file, "an experiment", "_experiment_table"))
        wish = experiment_choices(table)
        if wish is not None:
            learned(file.file_id, wish, table)
    ui.definitions("uplift", "qini", "holdout")


def learned(file_id: str, wish: Experiment, table: pd.DataFrame) -> None:
    """The answer to the last press of the button, while the choices stand as they were then."""
    if st.button("Work it out", type="primary", key="experiment_go"):
        st.session_state["_experiment"] = (file_id, wish)
    if st.session_state.get("_experiment") != (file_id, wish):
        return
    found = worked_out(file_id, wish, table)
    if found.analysis is None:
        st.error(escape_markdown(found.refused, 1000), icon=":material/block:")
        alike(table, wish)
    else:
        uplift(found.analysis, None)


def experiment_choices(table: pd.DataFrame) -> Experiment | None:
    """Which column is which."""
    columns = [str(name) for name in table.columns]
    with st.grid(3, min_column_width=220, gap="small"):
        arm = st.selectbox("Contacted, by column", columns, key="experiment_arm", index=None)
        values = sorted(table[arm].astype(str).unique())[:50] if arm else []
        contacted = st.selectbox("means contacted", values, key="experiment_value", index=None)
        spared = st.selectbox(
            "means not contacted", [v for v in values if v != contacted], key="experiment_base", index=None
        )
        outcome = st.selectbox(
            "Outcome", [c for c in columns if c != arm], key="experiment_outcome", index=None
        )
        cost = st.number_input("Cost of a contact", 0.0, value=0.1, key="experiment_cost")
        left_out = st.multiselect(
            "Not known before (left out)",
            [c for c in columns if c not in (arm, outcome)],
            key="experiment_not",
            placeholder="results, ids",
        )
    if not (arm and contacted and spared and outcome):
        return None
    return Experiment(arm, contacted, spared, outcome, cost, tuple(left_out))


def alike(table: pd.DataFrame, wish: Experiment) -> None:
    """The second-best: matching, with overlap and balance shown."""
    with st.container(border=True):
        st.markdown("**Compare alike customers instead**")
        matched = compare_alike(table, wish)
        st.markdown(escape_markdown(matched.words(), 800))
        if matched.effect is not None:
            st.metric(
                "Difference within pairs",
                decimal(matched.effect.value, 3),
                help="A hint, not a proof.",
            )
            st.caption(f"95 %: {decimal(matched.effect.low, 3)} to {decimal(matched.effect.high, 3)}")
        st.dataframe(
            matched.balance,
            hide_index=True,
            key="balance_table",
            alt="Differences between contacted and others, before and after matching",
            column_config={
                "feature": "Known before",
                "before": st.column_config.NumberColumn("Before (standard deviations)", format="%.2f"),
                "after": st.column_config.NumberColumn("After", format="%.2f"),
            },
        )


ui.title("Readout", "What a campaign changed against those who were spared, and whether it paid.")
tabs = st.tabs(TABS, key="readout_tab", on_change="rerun")
for tab, part in zip(tabs, (campaign, experiment), strict=True):
    if tab.open:
        with tab:
            part()
