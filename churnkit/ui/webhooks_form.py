"""Webhooks on the settings page: addresses that are told what happened, what was told to them, and whether it arrived."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from churnkit.accounts import Action
from churnkit.config import SECRET_KEY, secret_key
from churnkit.services.webhooks.events import TOLD, USUAL, WORDS
from churnkit.services.webhooks.registering import (
    NewSecret,
    add_webhook,
    rotate_secret,
    send_again,
    send_test,
)
from churnkit.store import Delivery, Store, Webhook
from churnkit.text.figures import count, day, instant
from churnkit.ui import keys
from churnkit.ui.parts import guarded
from churnkit.ui.rights import needs
from churnkit.ui.workspace import workspace

_LISTED = 20
_NAMED = 4
_STATES = {"waiting": "waits", "delivered": "arrived", "failed": "given up"}


def webhooks_form(store: Store) -> None:
    """The webhooks of a workspace, and a form to add one."""
    st.caption(
        "A webhook is an address of another program of yours: it is told what happens to your shops, as you choose. It gets"
        " ids, counts and sums, nothing of any single customer; with a key of the API it fetches the rest. What does not"
        " arrive is sent again for a day. Signatures are those of [Standard Webhooks](https://www.standardwebhooks.com)."
    )
    if secret_key() is None:
        st.info(
            f"This server sends no webhooks yet. Whoever runs it switches them on by setting `{SECRET_KEY}` in its"
            " environment to 32 random characters or more, for example what `openssl rand -hex 32` prints: their"
            " secrets follow from it.",
            icon=":material/info:",
        )
    else:
        _new_form(store)
    made: NewSecret | None = st.session_state.pop(keys.WEBHOOK_SECRET, None)
    if made is not None:
        _show_secret(made)
    known = store.webhooks.all()
    if not known and secret_key() is not None:
        st.write("Nobody is told anything yet.")
    for webhook in known:
        _webhook(store, webhook)


def state_of(webhook: Webhook) -> str:
    """Whether a webhook is told anything, and whether it arrives."""
    if webhook.disabled_at is not None:
        return f"switched off {instant(webhook.disabled_at)}: {webhook.disabled_why}"
    if webhook.failing_from_at is not None:
        return f"nothing has arrived since {instant(webhook.failing_from_at)}"
    return "on"


def words_of(delivery: Delivery) -> str:
    """A delivery in one line."""
    parts = [
        instant(delivery.created_at),
        WORDS[delivery.event],
        f"{_STATES[delivery.status]} after {count(delivery.attempts)} "
        + ("attempt" if delivery.attempts == 1 else "attempts"),
    ]
    if delivery.answer_words:
        parts.append(delivery.answer_words)
    if delivery.status == "waiting" and delivery.attempts:
        parts.append(f"next {instant(delivery.next_at)}")
    return " · ".join(parts)


def _new_form(store: Store) -> None:
    with st.form("new_webhook", clear_on_submit=False):
        url = st.text_input(
            "Address",
            max_chars=2000,
            placeholder="https://hooks.example/churnkit",
            key="webhook_url",
            help="https in the open internet. A host of your own network must be named in the server's environment"
            " (CHURNKIT_ALLOW_PRIVATE_HOSTS).",
        ).strip()
        events = st.multiselect(
            "Told of", TOLD, default=USUAL, format_func=WORDS.__getitem__, key="webhook_events"
        )
        if not st.form_submit_button(
            "Add webhook", key="webhook_add", icon=":material/add_link:", **needs(Action.SOURCES)
        ):
            return
    with guarded():
        _show_secret(add_webhook(store, url, events))


@st.dialog("Its secret", width="medium")
def _show_secret(made: NewSecret) -> None:
    """The one time that a secret is shown."""
    st.text(made.webhook.url)
    st.write(
        "Copy the secret now: the program at this address checks by it that what it is told comes from here."
    )
    st.code(made.secret, language=None, wrap_lines=True)
    st.caption("It is kept nowhere and cannot be shown again; another one can be made.")
    if st.button("I have it", type="primary", key="webhook_secret_shown", on_click=_clear):
        st.rerun()


def _clear() -> None:
    """Empty the form, which keeps an address that was refused."""
    st.session_state["webhook_url"] = ""


def _webhook(store: Store, webhook: Webhook) -> None:
    ident = webhook.webhook_id
    with st.container(border=True):
        st.text(webhook.url)
        told = ", ".join(WORDS[event].lower() for event in webhook.events[:_NAMED])
        more = len(webhook.events) - _NAMED
        told += f" and {count(more)} more" if more > 0 else ""
        st.text(
            f"{state_of(webhook)} · told of: {told} · added {day(webhook.created_at)} by {webhook.created_by}"
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            is_off = webhook.disabled_at is not None
            if st.button(
                "Send a test",
                key=f"test_{ident}",
                icon=":material/send:",
                **needs(Action.SOURCES, disabled=is_off, help="Switch it on first." if is_off else None),
            ):
                with guarded():
                    send_test(store, ident)
                    workspace().platform.tell_webhooks()
                    st.toast("A test is on its way: see below whether it arrives.")
            if st.button(
                "Switch on" if is_off else "Switch off", key=f"switch_{ident}", **needs(Action.SOURCES)
            ):
                _switch(store, webhook)
                st.rerun()
            if st.button("New secret …", key=f"rotate_{ident}", **needs(Action.SOURCES)):
                _confirm_rotation(webhook)
            if st.button(
                "Delete …", key=f"delete_webhook_{ident}", icon=":material/delete:", **needs(Action.SOURCES)
            ):
                _confirm_deletion(webhook)
        _deliveries(store, webhook)


@st.fragment
def _deliveries(store: Store, webhook: Webhook) -> None:
    told = store.webhooks.deliveries(webhook.webhook_id)
    with st.expander(f"What was told ({count(len(told))} in 30 days)", key=f"told_{webhook.webhook_id}"):
        if st.button(
            "Look again", key=f"look_{webhook.webhook_id}", icon=":material/refresh:", type="tertiary"
        ):
            st.rerun(scope="fragment")
        for delivery in told[:_LISTED]:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(words_of(delivery))
                is_waiting = delivery.status == "waiting"
                if not is_waiting and st.button(
                    "Send again",
                    key=f"again_{delivery.delivery_id}",
                    type="tertiary",
                    **needs(Action.SOURCES, disabled=webhook.disabled_at is not None),
                ):
                    with guarded():
                        send_again(store, webhook.webhook_id, delivery.delivery_id)
                        workspace().platform.tell_webhooks()
                    st.rerun(scope="fragment")
        if len(told) > _LISTED:
            st.caption(f"The newest {count(_LISTED)}; the API lists them all.")


def _switch(store: Store, webhook: Webhook) -> None:
    now = datetime.now(UTC)
    if webhook.disabled_at is None:
        store.webhooks.disable(webhook.webhook_id, why="somebody did so here", at=now)
    else:
        store.webhooks.enable(webhook.webhook_id, at=now)


@st.dialog("Another secret?")
def _confirm_rotation(webhook: Webhook) -> None:
    st.text(webhook.url)
    st.write("The secret it has now signs beside the new one for a day: time to change it over.")
    with st.container(horizontal=True):
        if st.button(
            "Make a new secret",
            type="primary",
            key="confirm_rotation",
            on_click=_rotate,
            args=(webhook.webhook_id,),
        ):
            st.rerun()
        if st.button("Keep the old one", key="keep_secret"):
            st.rerun()


def _rotate(webhook_id: str) -> None:
    with guarded():
        st.session_state[keys.WEBHOOK_SECRET] = rotate_secret(workspace().store, webhook_id)


@st.dialog("Delete this webhook?")
def _confirm_deletion(webhook: Webhook) -> None:
    st.text(webhook.url)
    st.write("It is told nothing any more, and what was told to it is forgotten. This cannot be undone.")
    with st.container(horizontal=True):
        if st.button(
            "Delete",
            type="primary",
            icon=":material/delete:",
            key="confirm_delete_webhook",
            on_click=_delete,
            args=(webhook.webhook_id,),
        ):
            st.rerun()
        if st.button("Keep", key="keep_webhook"):
            st.rerun()


def _delete(webhook_id: str) -> None:
    workspace().store.webhooks.delete(webhook_id)
