"""Whom to contact today, with what and why; findings in sentences; the playbook; texts; products that go together."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from churnkit import ui
from churnkit.charts.segment_charts import gains_by_action
from churnkit.errors import ChurnkitError
from churnkit.results.folders import Results
from churnkit.roi import Range
from churnkit.services.campaign.campaign_text import FIELDS, Draft, merge_values, template, write_with
from churnkit.services.campaign.language_model import LanguageModel
from churnkit.services.decide.contact_lists import add_to_list, list_names
from churnkit.services.decide.insights import KINDS, customer_filter
from churnkit.services.decide.next_best_action import MAX_SHOWN, TODAY, ActionDesk, ActionList
from churnkit.services.decide.playbook import Intervention, Playbook, saved_playbook
from churnkit.text.figures import count, decimal, escape_markdown, short_money
from churnkit.ui.customer_link import show_customers
from churnkit.ui.playbook_editor import playbook_editor

TABS = ("Today", "Insights", "Playbook", "Words to send", "Products and timing")
UNITS = {"orders": "in one order", "customers": "by the same customers"}
TONES = ("friendly", "matter-of-fact", "warm and personal")
OLDER = "This analysis was made before there were {}. Start it again to get them."

opened = ui.open_results()
results, currency = opened.results, opened.currency
store, session_id = opened.workspace.store, opened.session.session_id
number = st.column_config.NumberColumn


@st.cache_resource(max_entries=4, show_spinner="Preparing the customers …")
def prepared(run: str, stamp: int, _results: Results) -> ActionDesk:
    """The run's customers, prepared once for everybody who looks at it."""
    return ActionDesk(_results)


desk = prepared(str(results.folder), results.folder.stat().st_mtime_ns, results)
playbook: Playbook = saved_playbook(store, session_id) or desk.usual


def cash(value: float | None) -> str:
    """Money, short."""
    return short_money(value, currency)


def written(interval: Range, write: Callable[[float], str]) -> str:
    """An interval in words."""
    return f"80 %: {write(interval.low)} to {write(interval.high)}"


def today() -> None:
    """The list, what it brings, and ways to take it along."""
    limit = st.number_input(
        "Customers to contact",
        1,
        min(MAX_SHOWN, len(desk.customers)),
        min(TODAY, len(desk.customers)),
        key="actions_limit",
        width=200,
    )
    found = desk.rank(playbook, limit)
    cost, saved, net = found.cost, found.saves, found.net
    if cost is None or saved is None or net is None:
        ui.empty(
            "Nobody to contact",
            "With this playbook no contact is expected to bring more than it costs. A cheaper contact changes that.",
        )
        return
    saves: Callable[[float], str] = (lambda v: decimal(v, 1)) if saved.value < 10 else count
    ui.cards(
        [
            {
                "label": "Contacts",
                "value": count(len(found.table)),
                "below": f"of {count(found.profitable)} whom contacting is expected to pay",
                "key": "actions_contacts",
            },
            {
                "label": "Cost",
                "value": cash(cost.value),
                "below": "discounts included",
                "key": "actions_cost",
            },
            {
                "label": "Expected to stay because of it",
                "value": saves(saved.value),
                "below": written(saved, saves),
                "term": "save_rate",
                "key": "actions_saves",
            },
            {
                "label": "Net in a year",
                "value": cash(net.value),
                "below": written(net, cash),
                "term": "net",
                "key": "actions_net",
            },
        ]
    )
    action_table(found)
    take_along(found)
    with st.container(border=True):
        ui.chart(
            gains_by_action(found.by_action, currency), "Expected net by kind of action", key="actions_chart"
        )
    st.caption(
        "Ranked by expected gain: churn probability times what the action is assumed to save, minus its cost and the"
        " discount, also for those who would have stayed. The effects are assumptions until measured: see Playbook."
    )


def action_table(found: ActionList) -> None:
    """One row per customer."""
    st.dataframe(
        found.table.assign(p_churn=100 * found.table["p_churn"]),
        hide_index=True,
        height=min(640, 38 + 35 * len(found.table)),
        key="actions_table",
        alt="Customers to contact, best first, with action, offer, product and reason",
        column_order=[
            "rank",
            "customer_id",
            "action",
            "channel",
            "offer",
            "product",
            "reason",
            "expected_gain",
            "expected_cost",
            "p_churn",
            "clv_if_kept",
            "last_purchase_at",
            "due_from",
            "due_until",
        ],
        column_config={
            "rank": number("#", pinned=True),
            "customer_id": st.column_config.TextColumn("Customer", max_chars=60, pinned=True),
            "action": "Action",
            "channel": "Channel",
            "offer": st.column_config.TextColumn("Offer", max_chars=80),
            "product": st.column_config.TextColumn(
                "Product", max_chars=60, help="What goes with what the customer has: see Products and timing."
            ),
            "reason": st.column_config.TextColumn("Reason", max_chars=160, width="large"),
            "expected_gain": number("Expected gain", format="accounting", help=ui.term("net")),
            "expected_cost": number("Expected cost", format="accounting"),
            "p_churn": st.column_config.ProgressColumn(
                "Churn probability", help=ui.term("p_churn"), format="%.1f %%", min_value=0.0, max_value=100.0
            ),
            "clv_if_kept": number("Value if kept", format="accounting", help=ui.term("clv_if_kept")),
            "last_purchase_at": st.column_config.DateColumn("Last purchase", format="D MMM YYYY"),
            "due_from": st.column_config.DateColumn(
                "Due from",
                format="D MMM YYYY",
                help="If an order comes within the threshold, in 8 of 10 cases between these days.",
            ),
            "due_until": st.column_config.DateColumn("Due until", format="D MMM YYYY"),
        },
    )


def take_along(found: ActionList) -> None:
    """As a file, or on a campaign's list."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            "Campaign",
            list_names(store, session_id),
            index=None,
            accept_new_options=True,
            placeholder="choose, or type a new name",
            key="actions_list",
            width=320,
        )
        asked = st.button(
            f"Add {count(len(found.table))} to campaign",
            key="actions_add",
            icon=":material/playlist_add:",
            disabled=not name,
        )
        if asked and name:
            with ui.guarded():
                members = add_to_list(store, session_id, name, found.table["customer_id"].tolist())
                st.success(f"{count(members)} customers are on this list now.")
        ui.download("As CSV", lambda: ui.csv_bytes(found.table), "actions.csv", "text/csv", key="actions_csv")


def findings() -> None:
    """Sentences of four kinds, each with its definition and its customers."""
    told = results.segments
    if told is None:
        ui.note(OLDER.format("insights"))
        return
    for kind, title in KINDS.items():
        sentences = [one for one in told["insights"] if one["kind"] == kind]
        st.subheader(title, anchor=False, help=f"{kind.capitalize()} findings.")
        if not sentences:
            ui.note("Nothing to say here.")
        for place, one in enumerate(sentences):
            with st.container(border=True, horizontal=True, vertical_alignment="center"):
                st.markdown(
                    escape_markdown(one["words"], 600),
                    help=escape_markdown(one["definition"], 800),
                    width="stretch",
                )
                if one["filter"] and st.button(
                    "Show them", key=f"insight_{kind}_{place}", icon=":material/group:", type="tertiary"
                ):
                    show_customers(customer_filter(one["filter"]))


def edit_playbook() -> None:
    """Costs, effects and sources of the interventions."""
    playbook_editor(store, session_id, playbook, desk.usual)


def words_to_send() -> None:
    """A template or a language model's text, filled in for one customer."""
    found = desk.rank(playbook, min(TODAY, len(desk.customers)))
    in_use = [one for one in playbook.interventions if one.active]
    if not in_use:
        ui.note("The playbook has no active entry.")
        return
    one = st.selectbox("For", in_use, format_func=lambda v: v.title, key="text_action", width=260)
    theirs = found.table[found.table["intervention"] == one.key]
    with_product = st.toggle(
        "Suggest the product that goes with what the customer has",
        value=one.key == "product",
        key="text_product",
        disabled=bool(desk.customers["product"].isna().all()),
    )
    own = st.session_state.get(f"text_draft_{one.key}_{with_product}")
    draft: Draft = own or template(one, with_product)
    ask_model(one, with_product)
    st.caption(
        f"From a {draft.source}. Fields in braces are filled in for each customer by your mailing tool, or by us below."
    )
    with st.container(border=True):
        st.text(draft.subject)
        st.text(draft.body)
    if len(theirs):
        row = {str(name): value for name, value in theirs.iloc[0].items()}
        filled = draft.filled(merge_values(row, one))
        st.markdown("**For the first customer on today's list**")
        with st.container(border=True):
            st.text(filled.subject)
            st.text(filled.body)
    with st.expander("What the fields stand for"):
        for name, meaning in FIELDS.items():
            st.markdown(f"- `{{{name}}}`: {meaning}")


def ask_model(one: Intervention, with_product: bool) -> None:
    """A button for a language model, where one is configured."""
    try:
        model = LanguageModel.from_environment()
    except ChurnkitError as error:
        ui.show_error(error)
        return
    if model is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        tone = st.selectbox("Tone", TONES, key="text_tone", width=200)
        asked = st.button(
            "Write it anew",
            key="text_ask",
            icon=":material/edit_note:",
            help=escape_markdown(
                f"Asks the language model at {model.host}. It is told the kind of offer and the fields, and nothing of any"
                " customer; numbers, names and dates are filled in here."
            ),
        )
    if asked:
        with ui.guarded(), st.spinner("Writing …"):
            st.session_state[f"text_draft_{one.key}_{with_product}"] = write_with(
                model, one, product=with_product, tone=tone
            )
            st.rerun()


def products() -> None:
    """Rules, their held-out test, and due dates."""
    told = results.baskets
    if told is None:
        ui.note(OLDER.format("product suggestions"))
        return
    st.subheader("Products that go together", anchor=False)
    found = told["rules"]
    if found is None:
        ui.note(told["missing"]["rules"])
    else:
        rules_of(found)
    st.subheader("When the next order is due", anchor=False)
    if told["due"] is None:
        ui.note(told["missing"]["due"])
        return
    st.write(escape_markdown(told["due"]["words"], 800))
    ui.note(
        "From each customer's own gaps between purchases, drawn towards the shop's where they are few, given the silence so"
        " far, and if an order comes within the threshold at all."
    )


def rules_of(found: Mapping[str, Any]) -> None:
    """What was tested, and the rules themselves."""
    st.write(escape_markdown(found["verdict"], 600))
    if found["held_out"]:
        st.dataframe(
            pd.DataFrame(found["held_out"]["rates"]),
            hide_index=True,
            key="rates_table",
            alt="Hit rates of the ways to suggest a product on held-out orders",
            column_order=["words", "first", "any_of_three", "money"],
            column_config={
                "words": st.column_config.TextColumn("Suggested is", width="large"),
                "first": number("First one right", format="percent"),
                "any_of_three": number("One of three right", format="percent"),
                "money": number(
                    "Spent on the first one", format="%.2f", help="Mean over all customers, misses as 0."
                ),
            },
        )
    unit = st.segmented_control(
        "Bought together",
        list(UNITS),
        format_func=UNITS.__getitem__,
        default="orders",
        required=True,
        key="rules_unit",
    )
    rules = found["by_unit"][unit]
    if not rules["rules"]:
        ui.note("No two products are bought together clearly more often than chance.")
    else:
        st.dataframe(
            pd.DataFrame(rules["rules"]),
            hide_index=True,
            height=360,
            key="rules_table",
            alt="Rules between products, those that move most money first",
            column_order=["if_name", "then_name", "lift", "confidence", "base", "together", "value"],
            column_config={
                "if_name": st.column_config.TextColumn("Who buys", max_chars=80),
                "then_name": st.column_config.TextColumn("also buys", max_chars=80),
                "lift": number(
                    "Lift", format="%.1f", help="How many times more often than customers in general."
                ),
                "confidence": number("Of them", format="percent"),
                "base": number("Of all", format="percent"),
                "together": number("Together", format="localized"),
                "value": number(
                    "Extra money",
                    format="accounting",
                    help="Expected for each: what is above chance, times the usual amount.",
                ),
            },
        )
    left_out = ", ".join(found["left_out"][:8])
    ui.note(rules["words"] + (f" Left out as no products: {left_out}." if left_out else ""))


ui.title("Actions", "Whom to contact today, with what, and why: ranked by what acting is expected to bring.")
DRAW = (today, findings, edit_playbook, words_to_send, products)
for tab, draw in zip(st.tabs(TABS, key="actions_tab", on_change="rerun"), DRAW, strict=True):
    if tab.open:
        with tab:
            draw()
ui.definitions("p_churn", "clv_if_kept", "save_rate", "contact_cost", "net", "interval")
