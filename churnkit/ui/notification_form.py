"""Alerts on the settings page: who is told what happens to the shops, how often, and whether it arrived."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import available_timezones

import streamlit as st

from churnkit.accounts import Action
from churnkit.alerts.catalogue import CATALOGUE, USUAL
from churnkit.config import MailSettings, secret_key
from churnkit.config.mail import SMTP_HOST
from churnkit.results.shop_events import EventKind
from churnkit.services.alerts.subscribing import (
    RHYTHMS,
    change_subscription,
    send_trial,
    subscribe_chat,
    subscribe_mail,
)
from churnkit.store import Channel, Message, Rhythm, Store, Subscription
from churnkit.text.figures import count, day, instant
from churnkit.ui.parts import guarded
from churnkit.ui.rights import may, needs
from churnkit.ui.workspace import workspace

_LISTED = 20
_ALL = ""
_STATES = {"waiting": "waits", "delivered": "sent", "failed": "given up"}
_CHANNELS: dict[Channel, str] = {"mail": "E-mail", "slack": "Slack or Mattermost"}


def notification_form(store: Store) -> None:
    """The subscriptions that the reader sees, and a form to add one."""
    st.caption(
        "Whoever is entered here is told what happens to the shops: one message of all that came together, never one for"
        " each event. Messages hold counts and sums and no customer; the report on Mondays is a PDF with the customers"
        " to contact first."
    )
    mail, channels = MailSettings.from_environment() is not None, _channels()
    if not mail:
        st.info(
            f"This server sends no mail yet. Whoever runs it sets `{SMTP_HOST}`, `CHURNKIT_MAIL_FROM` and `CHURNKIT_URL`"
            " in its environment.",
            icon=":material/info:",
        )
    shops = {_ALL: "All shops", **{one.shop_id: one.name for one in store.shops.all()}}
    if channels:
        _new_form(store, channels, shops)
    known = store.subscriptions.all()
    if not known and channels:
        st.write("Nobody is told anything yet.")
    for subscription in known:
        _subscription(store, subscription, shops)


def described(subscription: Subscription, shops: dict[str, str]) -> str:
    """What a subscription tells, in one line."""
    parts = [
        shops.get(subscription.shop_id or _ALL, "a shop"),
        RHYTHMS[subscription.rhythm],
        f"{count(len(subscription.kinds))} of {count(len(CATALOGUE))} kinds of events",
    ]
    if subscription.with_report:
        parts.append("report on Mondays")
    parts.append(f"{subscription.time_zone} time")
    return " · ".join(parts)


def message_line(message: Message) -> str:
    """A message in one line."""
    parts = [instant(message.created_at), message.subject, _STATES[message.status]]
    if message.answer_words:
        parts.append(message.answer_words)
    if message.status == "waiting" and message.attempts:
        parts.append(f"next {instant(message.next_at)}")
    return " · ".join(parts)


def _channels() -> list[Channel]:
    """Ways that the server has and the reader may use."""
    found: list[Channel] = ["mail"] if MailSettings.from_environment() is not None else []
    if may(Action.SOURCES) and secret_key() is not None:
        found.append("slack")
    return found


def _new_form(store: Store, channels: list[Channel], shops: dict[str, str]) -> None:
    own = store.actor.name if store.actor.kind == "person" else ""
    with st.container(border=True):
        channel = channels[0]
        if len(channels) > 1:
            channel = st.segmented_control(
                "By",
                channels,
                default=channel,
                format_func=_CHANNELS.__getitem__,
                key="told_channel",
                required=True,
            )
        with st.form("new_subscription", border=False):
            address = _address_field(channel, own)
            with st.grid(2, min_column_width=260, gap="small") as grid:
                with grid.cell():
                    shop_id = st.selectbox("Of", list(shops), format_func=shops.__getitem__, key="told_shop")
                with grid.cell():
                    rhythm: Rhythm = st.selectbox(
                        "When", list(RHYTHMS), index=1, format_func=RHYTHMS.__getitem__, key="told_rhythm"
                    )
            kinds = _kinds_field(list(USUAL), "told_kinds")
            zone = _zone_field()
            report = channel == "mail" and _report_field(False, "told_report")
            asked = st.form_submit_button(
                "Add", key="told_add", icon=":material/notification_add:", **needs(Action.READ)
            )
    if not asked:
        return
    with guarded():
        if channel == "mail":
            subscribe_mail(
                store,
                address,
                shop_id=shop_id or None,
                kinds=kinds,
                rhythm=rhythm,
                with_report=report,
                time_zone=zone,
            )
        else:
            subscribe_chat(
                store, address, shop_id=shop_id or None, kinds=kinds, rhythm=rhythm, time_zone=zone
            )
        st.rerun()


def _address_field(channel: Channel, own: str) -> str:
    if channel == "slack":
        return st.text_input(
            "Address of its incoming webhook",
            max_chars=2000,
            placeholder="https://hooks.slack.com/services/…",
            key="told_chat",
            type="password",
            help="It is a secret: it is kept sealed and not shown again.",
        ).strip()
    return st.text_input(
        "E-mail address",
        own,
        max_chars=254,
        placeholder="name@shop.example",
        key="told_address",
        disabled=bool(own) and not may(Action.SOURCES),
        help="Your own. An administrator can enter others." if own else None,
    )


def _kinds_field(chosen: list[EventKind], key: str) -> list[EventKind]:
    with st.expander("Told when …", key=f"{key}_expander"):
        return [
            kind
            for kind, words in CATALOGUE.items()
            if st.checkbox(words.when[0].upper() + words.when[1:], kind in chosen, key=f"{key}_{kind}")
        ]


def _zone_field() -> str:
    zones = sorted(available_timezones())
    browser = st.context.timezone or "UTC"
    place = zones.index(browser) if browser in zones else zones.index("UTC")
    return st.selectbox("Time zone", zones, index=place, key="told_zone")


def _report_field(value: bool, key: str) -> bool:
    return st.checkbox(
        "The report on Mondays, as a PDF",
        value,
        key=key,
        disabled=not may(Action.EXPORT),
        help="How many moved between active, about to leave and lapsed, and whom to contact first.",
    )


def _subscription(store: Store, subscription: Subscription, shops: dict[str, str]) -> None:
    ident = subscription.subscription_id
    with st.container(border=True):
        st.text(subscription.address)
        st.text(
            f"{described(subscription, shops)} · added {day(subscription.created_at)} by {subscription.created_by}"
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button("Send a test", key=f"try_{ident}", icon=":material/send:", **needs(Action.READ)):
                with guarded():
                    send_trial(store, ident)
                    workspace().platform.tell_webhooks()
                    st.toast("A test is on its way: see below whether it arrives.")
            with st.popover("Change", icon=":material/edit:"):
                _change_form(store, subscription)
            st.button(
                "Delete",
                key=f"untell_{ident}",
                icon=":material/delete:",
                on_click=_delete,
                args=(ident,),
                **needs(Action.READ),
            )
        _messages(store, ident)


def _change_form(store: Store, subscription: Subscription) -> None:
    ident = subscription.subscription_id
    with st.form(f"change_{ident}", border=False):
        rhythm: Rhythm = st.selectbox(
            "When",
            list(RHYTHMS),
            index=list(RHYTHMS).index(subscription.rhythm),
            format_func=RHYTHMS.__getitem__,
            key=f"rhythm_{ident}",
        )
        kinds = _kinds_field(subscription.kinds, f"kinds_{ident}")
        report = subscription.channel == "mail" and _report_field(subscription.with_report, f"report_{ident}")
        if not st.form_submit_button("Change", key=f"changed_{ident}", **needs(Action.READ)):
            return
    with guarded():
        change_subscription(store, ident, kinds=kinds, rhythm=rhythm, with_report=report)
        st.rerun()


@st.fragment
def _messages(store: Store, subscription_id: str) -> None:
    sent = store.subscriptions.messages(subscription_id)
    with st.expander(f"What was sent ({count(len(sent))} in 30 days)", key=f"sent_{subscription_id}"):
        if st.button(
            "Look again", key=f"look_sent_{subscription_id}", icon=":material/refresh:", type="tertiary"
        ):
            st.rerun(scope="fragment")
        for message in sent[:_LISTED]:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(message_line(message))
                if message.status == "failed" and st.button(
                    "Send again", key=f"resend_{message.message_id}", type="tertiary", **needs(Action.READ)
                ):
                    with guarded():
                        store.subscriptions.send_again(message.message_id, at=datetime.now(UTC))
                        workspace().platform.tell_webhooks()
                    st.rerun(scope="fragment")
        if len(sent) > _LISTED:
            st.caption(f"The newest {count(_LISTED)}.")


def _delete(subscription_id: str) -> None:
    with guarded():
        workspace().store.subscriptions.delete(subscription_id)
