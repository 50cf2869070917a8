"""Plan a campaign with a holdout, freeze it, take its files to the tool that sends."""

import dataclasses
from datetime import date
from functools import partial

import pandas as pd
import streamlit as st

from churnkit import ui
from churnkit.campaigns import REASONS, CampaignPlan
from churnkit.results.folders import Results
from churnkit.results.interval import Interval
from churnkit.roi import assumption_words
from churnkit.services.campaign.campaigns import (
    EVERYBODY,
    HIGH_RISK,
    ExportFile,
    Wish,
    contact_files,
    draft_campaign,
    export_titles,
    holdout_file,
    keep_campaign,
    open_campaign,
    read_contacts,
    results_template,
    starting_assumptions,
    strength,
)
from churnkit.services.decide.contact_lists import list_names
from churnkit.services.whatif.simulate import Desk
from churnkit.store import CampaignStatus, FrozenCampaign
from churnkit.text.figures import count, day, decimal, escape_markdown, money, percent, short_money
from churnkit.ui.small_files import small_table

STATUS: dict[CampaignStatus, tuple[str, ui.Colour]] = {
    "planned": ("planned, not sent", "orange"),
    "running": ("running", "green"),
    "ended": ("ended", "gray"),
}
MAX_SHOWN = 200
TABS = ["Plan", "Campaigns"]

opened = ui.open_results()
results, currency = opened.results, opened.currency
store, session_id = opened.workspace.store, opened.session.session_id


@st.cache_resource(max_entries=4, show_spinner="Preparing the customers …")
def prepared(run: str, stamp: int, _results: Results) -> Desk:
    """The run's customers, prepared once for everybody who looks at it."""
    return Desk(_results)


desk = prepared(str(results.folder), results.folder.stat().st_mtime_ns, results)


@st.cache_data(max_entries=16, show_spinner=False)
def made_files(
    campaign_id: str, key: str, file_id: str | None, _plan: CampaignPlan, _contacts: pd.DataFrame | None
) -> tuple[list[ExportFile], tuple[str, ...]]:
    """A campaign's files in a tool's format: frozen like the campaign."""
    return contact_files(_plan, key, None if _contacts is None else read_contacts(_contacts))


def cash(value: float) -> str:
    """Money, short."""
    return short_money(value, currency)


def data_of(file: ExportFile) -> bytes:
    """What a download takes."""
    return file.data


def end(campaign_id: str) -> None:
    """Let its customers be contacted by others again."""
    store.campaigns.end(campaign_id)


def between(interval: Interval) -> str:
    """An interval in words."""
    return f"80 %: {cash(interval.low)} to {cash(interval.high)}"


def wished() -> tuple[Wish, dict[str, float]]:
    """The choices on the left; the assumptions that a reader may change are in percent and money."""
    name = st.text_input(
        "Name", key="campaign_name", max_chars=80, placeholder="for example: spring comeback"
    )
    whom = st.selectbox(
        "Who comes into question",
        [EVERYBODY, HIGH_RISK, *list_names(store, session_id)],
        key="campaign_whom",
        help="Everybody, the high risk tier, or one of your lists. The best come first: those whose contact is"
        " expected to bring most.",
    )
    size = st.number_input(
        "At most (customers, both arms)", 1, desk.count, min(100, desk.count), key="campaign_size"
    )
    share = st.slider("Held out", 0, 50, 15, format="%d %%", key="campaign_holdout", help=ui.term("holdout"))
    with st.expander("Who is left out", icon=":material/person_off:"):
        pays = st.toggle("Whoever is expected to cost more than he brings", True, key="campaign_pays")
        floor = st.number_input(
            "Worth less than (value if kept)",
            0.0,
            value=None,
            key="campaign_floor",
            placeholder="no limit",
            help=ui.term("clv_if_kept"),
        )
        refused = st.text_area(
            "Do not contact (one id a line)",
            key="campaign_refused",
            help="E-mail addresses count in any spelling, wherever ids are addresses.",
        )
        st.caption("Customers of campaigns that are planned or running are left out always.")
    assumed, words = starting_assumptions(store, desk)
    with st.expander("Offer and assumptions", icon=":material/tune:"):
        cost = st.number_input(
            "Cost of a contact", 0.0, value=round(assumed.contact_cost, 2), key="campaign_cost", step=0.5
        )
        discount = st.number_input(
            "Discount (%)", 0.0, 100.0, round(100 * assumed.discount, 1), key="campaign_discount"
        )
        rate = st.number_input(
            "Success rate (%)",
            0.0,
            100.0,
            round(100 * assumed.save_rate, 1),
            key="campaign_rate",
            help=ui.term("save_rate"),
        )
        ui.note(words)
    wish = Wish(
        name=name.strip() or "untitled",
        whom=whom,
        max_customers=int(size),
        holdout_share=share / 100,
        value_floor=floor,
        only_profitable=pays,
        do_not_contact=frozenset(line.strip() for line in refused.splitlines() if line.strip()),
    )
    return wish, {"contact_cost": cost, "discount": discount / 100, "save_rate": rate / 100}


def promise_cards(plan: CampaignPlan) -> None:
    """Who, for what money, and what will be seen of it."""
    seen = strength(plan)
    ui.cards(
        [
            {
                "label": "Contacted",
                "value": count(len(plan.treated)),
                "below": f"{count(len(plan.held_out))} held out, {count(len(plan.excluded))} left out",
                "key": "draft_contacted",
            },
            {
                "label": "Promised net",
                "value": cash(plan.promise.net.value),
                "term": "net",
                "below": between(plan.promise.net),
                "key": "draft_net",
            },
            {
                "label": "Customers saved",
                "value": decimal(plan.promise.saves.value, 1),
                "below": f"at {cash(plan.promise.cost.value)} cost",
                "key": "draft_saves",
            },
            {
                "label": "Will it show?",
                "value": percent(seen.power),
                "term": "power",
                "below": f"from a success rate of {percent(seen.detectable_save_rate)} on"
                if seen.detectable_save_rate is not None
                else "too few customers",
                "key": "draft_power",
            },
        ]
    )
    ui.note(seen.words(plan.assumptions.save_rate))


def people(plan: CampaignPlan) -> None:
    """Members and those left out."""
    members, excluded = st.tabs(["On the list", "Left out"])
    with members:
        st.dataframe(
            plan.members.head(MAX_SHOWN),
            hide_index=True,
            height=360,
            key="draft_members",
            alt="Customers of the campaign, best first",
            column_order=["customer_id", "arm", "stratum", "p_churn", "clv_if_kept", "expected_gain"],
            column_config={
                "customer_id": st.column_config.TextColumn("Customer", pinned=True, max_chars=60),
                "arm": st.column_config.TextColumn("Arm"),
                "stratum": st.column_config.TextColumn("Drawn within"),
                "p_churn": st.column_config.NumberColumn("Churn probability", format="percent"),
                "clv_if_kept": st.column_config.NumberColumn("Value if kept", format="accounting"),
                "expected_gain": st.column_config.NumberColumn("Expected gain", format="accounting"),
            },
        )
        if len(plan.members) > MAX_SHOWN:
            st.caption(f"The first {MAX_SHOWN} of {count(len(plan.members))}.")
    with excluded:
        if plan.excluded.empty:
            st.caption("Nobody.")
        for reason, number in plan.facts().excluded.items():
            st.markdown(f"- **{count(number)}** {REASONS[reason]}")
        st.dataframe(
            plan.excluded.head(MAX_SHOWN),
            hide_index=True,
            height=240,
            key="draft_excluded",
            alt="Customers left out, with the reason",
            column_config={
                "customer_id": st.column_config.TextColumn("Customer", max_chars=60),
                "reason": st.column_config.TextColumn("Reason"),
                "detail": st.column_config.TextColumn("Which", max_chars=80),
            },
        )


@st.fragment
def planning() -> None:
    """Choices on one side, what comes of them on the other; a choice reruns only this."""
    left, right = st.columns([1, 2], gap="medium")
    with left, st.container(border=True, key="campaign_controls"):
        wish, changed = wished()
    with right, ui.guarded():
        usual, _ = starting_assumptions(store, desk)
        plan = draft_campaign(store, session_id, results, desk, wish, dataclasses.replace(usual, **changed))
        promise_cards(plan)
        for note in plan.notes:
            ui.note(note)
        people(plan)
        if st.button(
            "Freeze this campaign",
            type="primary",
            icon=":material/lock:",
            key="campaign_keep",
            disabled=wish.name == "untitled" or plan.treated.empty,
            help="Customers, arms, scores and promise stay as they are now. Give it a name first.",
        ):
            kept = keep_campaign(store, session_id, opened.run_id, plan)
            st.session_state["_campaign_kept"] = kept.campaign_id
            st.rerun()


def downloads(plan: CampaignPlan, kept: FrozenCampaign) -> None:
    """The list to contact, the list to spare, the sheet for results."""
    titles = export_titles()
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, height="stretch"):
        st.markdown("**The list to contact**")
        key = st.selectbox("For", titles, format_func=titles.__getitem__, key="export_format")
        file = st.file_uploader(
            "Your list of contacts (optional)",
            ["csv", "xlsx"],
            key="export_contacts",
            help="customer_id and any of email, phone, first_name, last_name, city, state, zip, country. Needed where"
            " customer ids are neither e-mail addresses nor phone numbers.",
        )
        with ui.guarded():
            contacts = small_table(file, "a list of contacts", "_contacts") if file else None
            files, notes = made_files(kept.campaign_id, key, file.file_id if file else None, plan, contacts)
            for made in files:
                ui.download(
                    made.name,
                    partial(data_of, made),
                    made.name,
                    "text/csv",
                    key=f"export_{made.name}",
                    type="primary",
                )
            for note in notes:
                ui.note(note)
    with right, st.container(border=True, height="stretch"):
        st.markdown("**For the comparison**")
        sheet = results_template(plan)
        if len(plan.held_out):
            spared = holdout_file(plan)
            ui.download(
                f"{count(len(plan.held_out))} customers not to contact",
                lambda: spared.data,
                spared.name,
                "text/csv",
                key="holdout_csv",
            )
        ui.download("Sheet for results", lambda: sheet.data, sheet.name, "text/csv", key="results_csv")
        st.caption(
            "Later orders are read from a new upload of the shop's export; the sheet is for results from elsewhere."
        )


def life(kept: FrozenCampaign) -> None:
    """Sent, ended, deleted."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if kept.status != "ended":
            sent = st.date_input("It went out on", kept.started_on or date.today(), key="campaign_sent")
            if st.button("Record that", key="campaign_start", icon=":material/send:"):
                store.campaigns.start(kept.campaign_id, sent)
                st.rerun()
        if kept.status == "running":
            if st.button("Read it out", key="campaign_read", type="primary", icon=":material/science:"):
                st.session_state["readout_chosen"] = kept.campaign_id
                st.switch_page("pages/readout.py")
            st.button(
                "It is over",
                key="campaign_end",
                on_click=end,
                args=(kept.campaign_id,),
                help="Its customers may be contacted by other campaigns again. It can still be read out.",
            )
        with st.popover("Delete", icon=":material/delete:"):
            st.write("Its customers, arms and readouts are lost.")
            if st.button("Delete this campaign", key="campaign_delete"):
                store.campaigns.delete(kept.campaign_id)
                st.rerun()


def kept_campaigns() -> None:
    """Frozen campaigns of this workspace."""
    plans = {kept.campaign_id: kept for kept in store.campaigns.all()}
    if not plans:
        ui.empty("No campaign yet", "Plan one and freeze it.", icon=":material/campaign:")
        return
    if st.session_state.get("campaign_chosen") not in plans:
        st.session_state["campaign_chosen"] = next(iter(plans))
    chosen = st.selectbox(
        "Campaign", plans, format_func=lambda one: plans[one].name, key="campaign_chosen", width=360
    )
    kept = plans[chosen]
    words, colour = STATUS[kept.status]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(words, color=colour)
        sent = f"went out on {day(kept.started_on)}, " if kept.started_on else ""
        st.caption(f"{sent}frozen on {day(kept.created_at)}")
    plan = open_campaign(store, chosen)
    ui.cards(
        [
            {
                "label": "Contacted",
                "value": count(len(plan.treated)),
                "below": f"{count(len(plan.held_out))} held out",
            },
            {
                "label": "Promised net",
                "value": cash(plan.promise.net.value),
                "term": "net",
                "below": between(plan.promise.net),
            },
            {
                "label": "Promised return",
                "value": percent(plan.promise.roi.value if plan.promise.roi else None),
                "term": "roi",
                "below": f"at {money(plan.assumptions.contact_cost, currency)} a contact",
            },
        ]
    )
    life(kept)
    downloads(plan, kept)
    for note in plan.notes:
        ui.note(note)
    with st.expander("What was assumed", icon=":material/tune:"):
        st.markdown(
            "\n".join(
                f"- {label}: **{escape_markdown(value)}**"
                for label, value in assumption_words(plan.assumptions, currency)
            )
        )
    people(plan)


ui.title(
    "Campaigns",
    "Whom to contact and whom to spare for comparison: frozen, so that what came of it can be measured.",
)
just_kept = st.session_state.pop("_campaign_kept", None)
if just_kept:
    st.session_state["campaign_chosen"], st.session_state["campaign_tab"] = just_kept, TABS[1]
tabs = st.tabs(TABS, key="campaign_tab", on_change="rerun")
for tab, part in zip(tabs, (planning, kept_campaigns), strict=True):
    if tab.open:
        with tab:
            part()
ui.definitions("holdout", "power", "save_rate", "net", "roi", "clv_if_kept")
