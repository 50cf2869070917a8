"""Play with a campaign: what it costs, whom it saves, what it brings, and how sure that is."""

import dataclasses
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from churnkit import ui
from churnkit.charts.money import profit_curve, scenarios, value_at_risk
from churnkit.errors import ChurnkitError
from churnkit.formats import count, day, decimal, escape_markdown, money, percent, short_money
from churnkit.roi import Assumptions, Outcome, Range, Scenario
from churnkit.services.lists import add_to_list
from churnkit.services.preferences import default_settings
from churnkit.services.recommendation import campaign_text
from churnkit.services.simulate import (
    Desk,
    Play,
    hypothetical_template,
    save_scenario,
    saved_scenarios,
    scored_customers,
    threshold_view,
)
from churnkit.services.uploads import known_suffix
from churnkit.ui.uploads import release

TABS = ["Campaign", "Scenarios", "Value at risk", "Churn threshold", "Hypothetical customers"]
NEW = "My campaign"
PLAN, OWNER = "_whatif_plan", "_whatif_run"
SCORE_LIMIT_MB = 20
SHOWN_ROWS = 500
# Widget, assumption, label, what it means; all are shares in percent.
MORE = (
    ("plan_reach", "reach", "See the message (%)", "Of the contacted, the share that reads or hears it."),
    (
        "plan_stayers",
        "stayers_redeem",
        "Use the discount anyway (%)",
        "Of those who would have bought without it. What they are given is lost.",
    ),
    (
        "plan_gone",
        "gone_success",
        "Success with the long gone (%)",
        "With customers who have probably dropped out for good, as a share of the success with the others.",
    ),
    (
        "plan_returns",
        "returns_anyway",
        "Would have come back anyway (%)",
        "Of a saved customer's value, the share that would have come later without a contact. Preset from the shop's"
        " purchase process.",
    ),
    ("plan_margin", "margin", "Profit in revenue (%)", "Margin: the share of revenue that is profit."),
)

opened = ui.open_results()
results, currency, here = opened.results, opened.currency, opened.workspace
session_id = opened.session.session_id


@st.cache_resource(max_entries=4, show_spinner="Preparing the customers …")
def prepared(folder: str, stamp: int) -> Desk:
    """The run's customers, prepared once for everybody who looks at it."""
    return Desk(results)


desk = prepared(str(results.folder), results.folder.stat().st_mtime_ns)


def written(interval: Range | None, write) -> str:
    """An interval in words."""
    return "" if interval is None else f"80 %: {write(interval.low)} to {write(interval.high)}"


def cash(value: float) -> str:
    """Money, short."""
    return short_money(value, currency)


def people(value: float) -> str:
    """Customers, who come in parts only while there are few."""
    return decimal(value, 1) if value < 10 else count(value)


def start_plan() -> Scenario:
    """What the sliders stand at when an analysis is opened."""
    return Scenario(NEW, "", min(100, desk.count), desk.defaults)


def put(scenario: Scenario) -> None:
    """Set every slider to a scenario."""
    for key in [key for key in st.session_state if str(key).startswith("plan_")]:
        del st.session_state[key]
    contacted = (
        int(desk.high_risk.sum()) if scenario.customers is None else min(scenario.customers, desk.count)
    )
    st.session_state[PLAN] = dataclasses.replace(scenario, customers=contacted)
    st.session_state[OWNER] = str(results.folder)


def open_scenario(scenario: Scenario) -> None:
    """Set every slider to a scenario and show them."""
    put(scenario)
    st.session_state["whatif_tab"] = TABS[0]


def choose_count(customers: int) -> None:
    """Set the exact number of customers."""
    st.session_state["plan_exact"] = customers


def keep(key: str, value) -> str:
    """Begin a widget at ``value`` unless its reader has moved it; its key."""
    st.session_state.setdefault(key, value)
    return key


def how_many(plan: Scenario) -> int:
    """The slider of the usual sizes, and the field for any other."""
    low, high = min(50, desk.count), min(500, desk.count)
    customers = plan.customers or 0
    usual = low <= customers <= high
    chosen = low
    if low < high:
        chosen = st.slider(
            "Customers to target",
            low,
            high,
            key=keep("plan_customers", customers if usual else high),
            help="The best ones first: those whose contact is expected to bring most.",
        )
    keep("plan_exact", None if usual and low < high else customers)
    exact = st.number_input(
        "Or any number",
        0,
        desk.count,
        key="plan_exact",
        placeholder=f"0 to {count(desk.count)}",
        help="Takes the place of the slider.",
    )
    return int(exact if exact is not None else chosen)


def share(label: str, key: str, value: float, high: int, help_text: str) -> float:
    """A slider in percent; the share."""
    start = round(100 * value)
    return st.slider(label, 0, max(high, start), key=keep(key, start), format="%d %%", help=help_text) / 100


def controls(plan: Scenario) -> Scenario:
    """Every assumption as a widget."""
    assumed = plan.assumptions
    customers = how_many(plan)
    discount = share(
        "Discount", "plan_discount", assumed.discount, 30, "Given away on the next order by whoever uses it."
    )
    save_rate = share("Success rate", "plan_save_rate", assumed.save_rate, 60, ui.term("save_rate"))
    cost = st.number_input(
        f"Cost of a contact{f' ({escape_markdown(currency)})' if currency else ''}",
        0.0,
        key=keep("plan_cost", round(assumed.contact_cost, 2)),
        step=0.5,
        help=ui.term("contact_cost"),
    )
    with st.expander("More assumptions", icon=":material/tune:"):
        more = {
            name: st.number_input(
                label,
                1.0 if name == "margin" else 0.0,
                100.0,
                key=keep(key, round(100 * getattr(assumed, name), 1)),
                step=5.0,
                help=help_text,
            )
            / 100
            for key, name, label, help_text in MORE
        }
        weight = st.number_input(
            "Success rate as sure as if measured on (customers)",
            1,
            100_000,
            key=keep("plan_weight", round(assumed.save_rate_weight)),
            help="The fewer, the wider the intervals. An assumption is worth few; a campaign with a control group,"
            " as many as it had would-be leavers.",
        )
    found = Assumptions(
        contact_cost=cost, save_rate=save_rate, discount=discount, save_rate_weight=float(weight), **more
    )
    return Scenario(plan.name, plan.words, customers, found)


def result_cards(outcome: Outcome) -> None:
    """Cost, saves, revenue, net, return."""
    ui.cards(
        [
            {
                "label": "Cost",
                "value": cash(outcome.cost.value),
                "below": f"contacts {cash(outcome.contact_cost)}, the rest is discount",
                "key": "out_cost",
            },
            {
                "label": "Customers saved",
                "value": people(outcome.saves.value),
                "below": written(outcome.saves, people),
                "key": "out_saves",
            },
            {
                "label": "Revenue protected",
                "value": cash(outcome.revenue_protected.value),
                "below": f"in 365 days. {written(outcome.revenue_protected, cash)}",
                "key": "out_revenue",
            },
        ]
    )
    ui.cards(
        [
            {
                "label": "Net",
                "value": cash(outcome.net.value),
                "term": "net",
                "below": written(outcome.net, cash),
                "key": "out_net",
            },
            {
                "label": "Return on cost",
                "value": percent(outcome.roi.value if outcome.roi else None),
                "term": "roi",
                "below": written(outcome.roi, percent),
                "key": "out_roi",
            },
            {
                "label": "Chance that it pays",
                "value": percent(outcome.p_profit),
                "below": f"from a success rate of {percent(outcome.break_even_save_rate)} on"
                if outcome.break_even_save_rate is not None
                else "no success rate makes it pay",
                "key": "out_chance",
            },
        ]
    )


def both_formulas(play: Play, assumptions: Assumptions) -> None:
    """The simple formula, labelled as such, and what the honest one assumes."""
    left, right = st.columns(2)
    simple = play.simple
    with left, st.container(border=True, height="stretch"):
        st.markdown("**The simple formula, for comparison**")
        st.markdown(
            f"- {count(simple.targets)} targets × {percent(assumptions.save_rate)} = {people(simple.saved)} saved\n"
            f"- Revenue {escape_markdown(cash(simple.revenue_protected))}, cost {escape_markdown(cash(simple.cost))}\n"
            f"- Net {escape_markdown(cash(simple.net))}, return {percent(simple.roi)}"
        )
        st.caption(
            "It takes every target for somebody who would have left, and every saved customer for a gain. The figures"
            " above count those who would have left only, with what they would not have brought anyway."
        )
    with right, st.container(border=True, height="stretch"):
        st.markdown("**What the figures above assume**")
        st.markdown(
            "\n".join(
                f"- {label}: **{escape_markdown(value)}**" for label, value in assumptions.words(currency)
            )
        )
        ui.note(desk.uncertainty.words())


def take_away(plan: Scenario) -> None:
    """The target list, the words to send, a campaign's list, a saved scenario."""
    assumed = plan.assumptions
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ui.download(
            f"These {count(plan.customers)} customers as CSV",
            lambda: ui.csv_bytes(desk.targets(plan)),
            "targets.csv",
            "text/csv",
            key="targets_csv",
            disabled=not plan.customers,
        )
        with st.popover("Words to send", icon=":material/mail:"):
            subject, body = campaign_text(assumed.discount)
            st.text(subject)
            st.text(body)
            st.caption("Fields in braces are columns of the list.")
        with st.popover("Put them on a campaign list", icon=":material/playlist_add:"):
            name = st.text_input("Name of the list", key="list_name", max_chars=80)
            if st.button("Add", key="list_add", disabled=not name.strip() or not plan.customers):
                with ui.guarded():
                    ids = desk.targets(plan)["customer_id"].tolist()
                    members = add_to_list(here.store, session_id, name, ids)
                    st.success(f"{count(members)} customers are on this list now.")
        with st.popover("Save as a scenario", icon=":material/bookmark_add:"):
            name = st.text_input("Name of the scenario", key="scenario_name", max_chars=60)
            if st.button("Save", key="scenario_save", disabled=not name.strip()):
                with ui.guarded():
                    outcome = desk.play(plan).outcome
                    saved = save_scenario(
                        here.store, session_id, dataclasses.replace(plan, name=name), outcome
                    )
                    st.success(f"{escape_markdown(saved)} is saved; compare it under Scenarios.")


@st.fragment
def campaign() -> None:
    """Sliders on one side, what comes of them on the other; a slider reruns only this."""
    left, right = st.columns([1, 2], gap="medium")
    with left, st.container(border=True, key="plan_controls"):
        plan = controls(st.session_state[PLAN])
    st.session_state[PLAN] = plan
    play = desk.play(plan)
    with left, st.container(horizontal=True):
        st.button(
            f"Take the optimum: {count(play.optimum)}",
            key="take_optimum",
            on_click=choose_count,
            args=(play.optimum,),
            icon=":material/star:",
        )
        st.button("All", key="take_all", on_click=choose_count, args=(desk.count,))
        st.button("Reset", key="reset_plan", on_click=put, args=(start_plan(),), type="tertiary")
    with left, st.popover("I have a budget", icon=":material/account_balance_wallet:"):
        budget = st.number_input("Budget, contacts and discounts", 0.0, key="plan_budget", step=100.0)
        fits = desk.affordable(plan.assumptions, budget)
        st.button(
            f"Take the {count(fits)} that it pays for",
            key="take_budget",
            on_click=choose_count,
            args=(fits,),
        )
    with right:
        result_cards(play.outcome)
        if play.optimum == 0:
            st.warning("On these assumptions no contact is expected to bring more than it costs.")
        with st.container(border=True):
            ui.chart(
                profit_curve(
                    play.curve,
                    play.optimum,
                    play.outcome.contacted,
                    play.outcome.net.value,
                    f"expected net, {currency}" if currency else "expected net",
                ),
                f"Expected net by customers contacted; most, {money(play.optimum_net, currency)}, at"
                f" {count(play.optimum)} customers",
                key="profit_curve",
            )
    both_formulas(play, plan.assumptions)
    take_away(plan)


def compared() -> None:
    """Ready-made and own scenarios in a table and a chart."""
    own = saved_scenarios(here.store, session_id)
    current = dataclasses.replace(st.session_state[PLAN], name="The sliders now")
    everything = [current, *desk.ready_made(), *own]
    table = desk.compare(everything)
    title = f"expected net, {currency}" if currency else "expected net"
    with st.container(border=True):
        ui.chart(
            scenarios(table, title), "Expected net of each scenario with its interval", key="scenario_chart"
        )
    st.dataframe(
        table,
        hide_index=True,
        key="scenario_table",
        alt="Scenarios compared",
        column_order=[
            "name",
            "contacted",
            "save_rate",
            "discount",
            "cost",
            "saves",
            "revenue_protected",
            "net",
            "net_low",
            "net_high",
            "roi",
            "p_profit",
        ],
        column_config={
            "name": st.column_config.TextColumn("Scenario", pinned=True, max_chars=60),
            "contacted": st.column_config.NumberColumn("Customers", format="localized"),
            "save_rate": st.column_config.NumberColumn(
                "Success", format="percent", help=ui.term("save_rate")
            ),
            "discount": st.column_config.NumberColumn("Discount", format="percent"),
            "cost": st.column_config.NumberColumn("Cost", format="accounting"),
            "saves": st.column_config.NumberColumn("Saved", format="%.1f"),
            "revenue_protected": st.column_config.NumberColumn("Revenue protected", format="accounting"),
            "net": st.column_config.NumberColumn("Net", format="accounting", help=ui.term("net")),
            "net_low": st.column_config.NumberColumn("Net, low", format="accounting"),
            "net_high": st.column_config.NumberColumn("Net, high", format="accounting"),
            "roi": st.column_config.NumberColumn("Return", format="percent", help=ui.term("roi")),
            "p_profit": st.column_config.NumberColumn("Pays in", format="percent"),
        },
    )
    st.caption(
        "Figures are worked out anew on the version of the analysis that is on screen. Low and high: the 80 % interval."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choice = st.selectbox(
            "Scenario",
            range(1, len(everything)),
            format_func=lambda place: everything[place].name,
            key="scenario_choice",
            width=320,
        )
        picked = everything[choice]
        st.button(
            "Open it in the sliders",
            key="scenario_open",
            on_click=open_scenario,
            args=(picked,),
            icon=":material/tune:",
        )
        st.button(
            "Delete it",
            key="scenario_delete",
            disabled=picked not in own,
            on_click=here.store.delete_scenario,
            args=(session_id, picked.name),
            type="tertiary",
        )
    if picked.words:
        st.caption(picked.words)


def risk_by_group() -> None:
    """The calculator of revenue at risk."""
    by = st.segmented_control(
        "By",
        ["risk_tier", "segment"],
        format_func=lambda v: {"risk_tier": "risk tier", "segment": "segment"}[v],
        default="risk_tier",
        required=True,
        key="risk_by",
    )
    table = desk.at_risk(by)
    with st.container(border=True):
        ui.chart(
            value_at_risk(table, currency or "value at risk"), "Value at risk by group", key="risk_chart"
        )
    st.dataframe(
        table,
        hide_index=True,
        key="risk_table",
        alt="Value at risk by group",
        column_config={
            "group": "Group",
            "customers": st.column_config.NumberColumn("Customers", format="localized"),
            "leavers": st.column_config.NumberColumn("Expected to leave", format="%.0f"),
            "leavers_low": st.column_config.NumberColumn("Low", format="%.0f"),
            "leavers_high": st.column_config.NumberColumn("High", format="%.0f"),
            "value_at_risk": st.column_config.NumberColumn(
                "Value at risk", format="accounting", help=ui.term("value_at_risk")
            ),
            "value_at_risk_low": st.column_config.NumberColumn("Low", format="accounting"),
            "value_at_risk_high": st.column_config.NumberColumn("High", format="accounting"),
            "share": st.column_config.NumberColumn("Share", format="percent"),
        },
    )
    st.caption(ui.term("interval"))


@st.fragment
def threshold() -> None:
    """Another definition of churn, and a new version of the analysis with it."""
    now = results.horizon_days
    st.write(
        f"Churn means no purchase within {now} days. Another threshold asks another question, so every model is trained"
        " and tested anew; the version on screen stays until the new one is done."
    )
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    days = left.slider(
        "Days of silence that count as churn",
        30,
        180,
        key=keep("new_threshold", min(max(now, 30), 180)),
        help=ui.term("threshold"),
    )
    beyond = right.number_input("Or any number of days", 1, 3650, value=None, key="new_threshold_any")
    view = threshold_view(results.facts, results.profile, int(beyond or days))
    if view.churned is not None:
        st.markdown(
            f"#### With {view.days} days: {percent(view.churned)}\nof the {count(view.known)} customers known"
            f" {view.days} days ago have not bought since. Silent for longer than that by now: {percent(view.lapsed)} of"
            " all customers (a description, not a forecast)."
        )
    if view.warning:
        st.warning(view.warning)
    if not opened.mine:
        st.caption("Opened from a link: only its owner can start an analysis.")
        return
    same = view.days == now
    if st.button(
        f"Analyse again with {view.days} days",
        type="primary",
        key="start_version",
        disabled=same,
        icon=":material/rocket_launch:",
        help="This is the threshold on screen." if same else None,
    ):
        with ui.guarded():
            usual = here.platform.settings_of(opened.session, default_settings(here.store))
            here.platform.start_analysis(
                opened.store, session_id, dataclasses.replace(usual, horizon_days=view.days)
            )
            st.switch_page("pages/progress.py")


def score_file() -> None:
    """Hand the chosen file to a worker and let its bytes go."""
    version = st.session_state.get("score_version", 0)
    file = st.session_state.get(f"score_file_{version}")
    if file is None:
        return
    try:
        with TemporaryDirectory(prefix="churnkit-score-") as folder:
            copy = Path(folder) / f"orders{known_suffix(file.name)}"
            with copy.open("wb") as target:
                shutil.copyfileobj(file, target)
            here.platform.start_scoring(opened.store, session_id, copy)
    except ChurnkitError as error:
        st.session_state["score_error"] = error
    release(file)
    st.session_state["score_version"] = version + 1


def scoring(polling: bool) -> None:
    """The newest scoring: under way, failed, or its table."""
    job = here.platform.progress(opened.store, session_id, "score")
    if job is None:
        return
    if job.status in ("pending", "running"):
        st.progress(min(1.0, job.percent / 100), text=job.step or "Waiting for its turn")
        if st.button("Stop", key="score_stop"):
            here.platform.cancel(opened.store, job.job_id)
            st.rerun()
        return
    if polling:
        st.rerun()
    if job.status == "failed":
        words = f"{job.error_message or 'It was stopped.'} {job.error_remedy or ''}"
        st.error(escape_markdown(words, limit=2000), icon=":material/error:")
        return
    with ui.guarded():
        table = scored_customers(here.platform.scored(opened.store.job(job.job_id)))
        scored_table(table)


def scored_table(table) -> None:
    """Probabilities and reasons of the hypothetical customers."""
    st.dataframe(
        table.head(SHOWN_ROWS).assign(p_churn=100 * table["p_churn"].head(SHOWN_ROWS)),
        hide_index=True,
        key="scored_table",
        alt="Hypothetical customers with probability and reasons",
        column_config={
            "customer_id": st.column_config.TextColumn("Customer", max_chars=60, pinned=True),
            "p_churn": st.column_config.ProgressColumn(
                "Churn probability", help=ui.term("p_churn"), format="%.1f %%", min_value=0.0, max_value=100.0
            ),
            "risk_tier": st.column_config.TextColumn("Risk", help=ui.term("risk_tier")),
            "expected_spend": st.column_config.NumberColumn(
                "Expected spend", format="accounting", help=ui.term("expected_spend")
            ),
            "clv": st.column_config.NumberColumn("Value of a year", format="accounting", help=ui.term("clv")),
            "factor_1": st.column_config.TextColumn("Main reason", max_chars=160),
            "factor_2": st.column_config.TextColumn("Second reason", max_chars=160),
            "factor_3": st.column_config.TextColumn("Third reason", max_chars=160),
        },
    )
    if len(table) > SHOWN_ROWS:
        st.caption(f"The first {count(SHOWN_ROWS)} of {count(len(table))}; the file has all.")
    ui.download("Scores as CSV", lambda: ui.csv_bytes(table), "scored.csv", "text/csv", key="scored_csv")


def hypothetical() -> None:
    """Customers who do not exist, scored as if they stood among the shop's."""
    st.write(
        f"Write down the orders of customers that you have in mind, all of them before {day(results.cutoff)}, and see"
        " what would be forecast for them. Nothing is trained, and nothing is added to the analysis."
    )
    ui.download(
        "Template",
        lambda: ui.csv_bytes(hypothetical_template(results)),
        "hypothetical_customers.csv",
        "text/csv",
        key="score_template",
    )
    if not opened.mine:
        st.caption("Opened from a link: only its owner can score a file.")
        return
    error = st.session_state.pop("score_error", None)
    if error is not None:
        ui.show_error(error)
    version = st.session_state.setdefault("score_version", 0)
    st.file_uploader(
        "Orders of hypothetical customers",
        type=["csv", "tsv", "txt", "xlsx", "parquet", "zip", "gz"],
        key=f"score_file_{version}",
        on_change=score_file,
        max_upload_size=SCORE_LIMIT_MB,
        help="In the columns of your own export, or in those of the template.",
    )
    job = here.platform.progress(opened.store, session_id, "score")
    active = job is not None and job.status in ("pending", "running")
    st.fragment(scoring, run_every=0.5 if active else None)(active)


ui.title(
    "What if", "A campaign on paper: who is contacted, what it costs, what comes back, and how sure that is."
)
if st.session_state.get(OWNER) != str(results.folder):
    put(start_plan())
parts = dict(zip(TABS, (campaign, compared, risk_by_group, threshold, hypothetical), strict=True))
for tab, part in zip(st.tabs(TABS, key="whatif_tab", on_change="rerun"), parts.values(), strict=True):
    if tab.open:
        with tab:
            part()
ui.definitions("save_rate", "contact_cost", "net", "roi", "break_even", "value_at_risk", "clv_if_kept")
