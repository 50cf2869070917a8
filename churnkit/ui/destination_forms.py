"""Who gets a shop's scores: a form to add a tool or place, what was sent there, and whether it arrived."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from churnkit.accounts import Action
from churnkit.config import SECRET_KEY, exports_folder
from churnkit.outgoing.sealing import can_seal
from churnkit.results.destination import Audience, DestinationKind, DestinationSettings, KnownBy
from churnkit.services.destinations.push_words import push_line
from churnkit.services.destinations.registering import KINDS, add_destination, send_now
from churnkit.store import Destination, Store
from churnkit.text.figures import count, day
from churnkit.ui.parts import guarded
from churnkit.ui.rights import needs
from churnkit.ui.shop_pick import shop_pick
from churnkit.ui.workspace import workspace

_LISTED = 10
LOOK_SECONDS = 5
_AUDIENCES: dict[Audience, str] = {
    "everybody": "Of every customer",
    "high_and_medium": "Of active customers with a high or medium risk",
    "high": "Of active customers with a high risk",
}
_KNOWN_BY: dict[KnownBy, str] = {"email": "E-mail address", "customer_id": "The shop's customer id"}
_HELP: dict[DestinationKind, str] = {
    "hubspot": "Make a private app under Settings → Integrations with the scopes crm.objects.contacts.write and"
    " crm.schemas.contacts.write, and paste its token. The properties churnkit_score, churnkit_tier, churnkit_status and"
    " churnkit_next_order are made by themselves,"
    " and so is a contact that HubSpot does not know.",
    "klaviyo": "Make a private key under Settings → API keys with write access to profiles, and paste it. A profile that"
    " Klaviyo does not know is made: without consent, and on no list. It takes some 700 customers a minute.",
    "s3": "Each sending is a file of its own, with a line for every customer. The keys need the right to write.",
    "folder": "Each sending is a file of its own, with a line for every customer.",
}


def destination_forms(store: Store) -> None:
    """The destinations of a shop, and a form to add one."""
    st.caption(
        "A destination gets the scores of each new version: probability to leave, risk tier, whether a customer is active,"
        " and when the next order is expected. Tools get only what has changed, and lose the values of whoever is no"
        " longer meant, such as a customer who has bought again. Nobody is ever subscribed to anything."
    )
    shop = shop_pick(store, "destinations_shop")
    if shop is None:
        return
    for destination in store.destinations.of_shop(shop.shop_id):
        _destination(store, destination)
    _new(store, shop.shop_id)


def _new(store: Store, shop_id: str) -> None:
    with st.container(border=True):
        st.markdown("**Add a destination**")
        kind: DestinationKind = st.selectbox(
            "Where to", list(KINDS), format_func=KINDS.__getitem__, key="destination_kind"
        )
        st.caption(_HELP[kind])
        if kind != "folder" and not can_seal():
            st.info(
                f"This server cannot keep credentials yet. Whoever runs it sets `{SECRET_KEY}` in its environment to 32"
                " random characters or more, for example what `openssl rand -hex 32` prints.",
                icon=":material/info:",
            )
            return
        if kind == "folder" and exports_folder() is None:
            st.info(
                "This server has no folder for exports yet. Whoever runs it sets `CHURNKIT_EXPORTS_FOLDER` in its"
                " environment to the folder below which files may be written.",
                icon=":material/info:",
            )
            return
        _fields(store, shop_id, kind)


def _fields(store: Store, shop_id: str, kind: DestinationKind) -> None:
    with st.form("new_destination", border=False):
        name = st.text_input("Name", KINDS[kind].split(" (")[0], max_chars=100, key="destination_name")
        credentials, settings = _place_fields(kind)
        after_runs = st.checkbox("Send after each new version", value=True, key="destination_after_runs")
        if not st.form_submit_button(
            "Add destination", key="destination_add", icon=":material/add_link:", **needs(Action.SOURCES)
        ):
            return
    with guarded():
        add_destination(store, shop_id, kind, name.strip(), settings, credentials, after_runs=after_runs)
        st.rerun()


def _place_fields(kind: DestinationKind) -> tuple[dict[str, str], DestinationSettings]:
    audience: Audience = st.selectbox(
        "Whose scores", list(_AUDIENCES), format_func=_AUDIENCES.__getitem__, key="destination_audience"
    )
    if kind == "folder":
        folder = st.text_input("Folder", "churnkit", max_chars=60, key="destination_folder")
        return {}, DestinationSettings(audience=audience, folder=folder.strip())
    if kind == "s3":
        return _storage_fields(audience)
    known_by: KnownBy = st.selectbox(
        "Customers are known there by",
        list(_KNOWN_BY),
        format_func=_KNOWN_BY.__getitem__,
        key="destination_known_by",
    )
    id_property = ""
    if kind == "hubspot":
        id_property = st.text_input(
            "HubSpot property with the shop's customer id",
            max_chars=100,
            key="destination_id_property",
            help="Only where customers are known by that: the internal name of a property with unique values.",
        )
    token = st.text_input("Token or key", type="password", key="destination_token")
    settings = DestinationSettings(audience=audience, known_by=known_by, id_property=id_property.strip())
    return {"token": token.strip()}, settings


def _storage_fields(audience: Audience) -> tuple[dict[str, str], DestinationSettings]:
    bucket = st.text_input("Bucket", max_chars=63, key="destination_bucket")
    prefix = st.text_input("Folder in the bucket", "churnkit", max_chars=200, key="destination_prefix")
    region = st.text_input("Region", "us-east-1", max_chars=40, key="destination_region")
    endpoint = st.text_input(
        "Endpoint",
        max_chars=500,
        placeholder="https://s3.eu-central-003.backblazeb2.com",
        key="destination_endpoint",
        help="Blank for Amazon's own S3.",
    )
    access_key = st.text_input("Access key", key="destination_access_key")
    secret_key = st.text_input("Secret key", type="password", key="destination_secret_key")
    settings = DestinationSettings(
        audience=audience,
        bucket=bucket.strip(),
        prefix=prefix.strip(),
        region=region.strip(),
        endpoint=endpoint.strip() or None,
    )
    return {"access_key": access_key.strip(), "secret_key": secret_key.strip()}, settings


def _destination(store: Store, destination: Destination) -> None:
    ident, is_paused = destination.destination_id, destination.paused_at is not None
    with st.container(border=True):
        st.text(f"{destination.name} · {KINDS[destination.kind]}")
        when = "after each new version" if destination.after_runs else "by hand or by schedule only"
        state = "paused" if is_paused else f"gets scores {when}"
        whose = _AUDIENCES[destination.destination_settings.audience]
        st.text(
            f"{state} · {whose.lower()} · added {day(destination.created_at)} by {destination.created_by}"
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            if st.button(
                "Send now",
                key=f"send_{ident}",
                icon=":material/send:",
                **needs(
                    Action.SOURCES, disabled=is_paused, help="Let it go on first." if is_paused else None
                ),
            ):
                with guarded():
                    send_now(store, ident)
                    workspace().platform.send_scores()
                    st.toast("The scores are on their way: see below whether they arrive.")
            if st.button("Go on" if is_paused else "Pause", key=f"pause_{ident}", **needs(Action.SOURCES)):
                _switch(store, destination)
                st.rerun()
            label = "Not after each version" if destination.after_runs else "After each version"
            if st.button(label, key=f"after_runs_{ident}", **needs(Action.SOURCES)):
                store.destinations.set_after_runs(ident, not destination.after_runs)
                st.rerun()
            if st.button(
                "Delete …", key=f"delete_{ident}", icon=":material/delete:", **needs(Action.SOURCES)
            ):
                _confirm_deletion(destination)
        _pushes(store, destination)


def _switch(store: Store, destination: Destination) -> None:
    if destination.paused_at is None:
        store.destinations.pause(destination.destination_id, at=datetime.now(UTC))
    else:
        store.destinations.resume(destination.destination_id)
        workspace().platform.send_scores()


def _pushes(store: Store, destination: Destination) -> None:
    newest = next(iter(store.destinations.pushes(destination.destination_id)), None)
    goes_on = newest is not None and newest.status == "waiting" and destination.paused_at is None
    st.fragment(_account, run_every=LOOK_SECONDS if goes_on else None)(store, destination)


def _account(store: Store, destination: Destination) -> None:
    sent = store.destinations.pushes(destination.destination_id)
    if not sent:
        st.caption("Nothing has been sent yet.")
        return
    st.text(f"Last: {push_line(sent[0])}")
    with st.expander(
        f"What was sent ({count(len(sent))} in 90 days)", key=f"sent_{destination.destination_id}"
    ):
        for push in sent[:_LISTED]:
            st.text(push_line(push))


@st.dialog("Delete this destination?")
def _confirm_deletion(destination: Destination) -> None:
    st.text(destination.name)
    st.write(
        "Its credentials and schedules go with it. What the tool holds of your customers stays there until it is cleared"
        " there."
    )
    with st.container(horizontal=True):
        if st.button(
            "Delete",
            type="primary",
            icon=":material/delete:",
            key="confirm_delete_destination",
            on_click=workspace().store.destinations.delete,
            args=(destination.destination_id,),
        ):
            st.rerun()
        if st.button("Keep", key="keep_destination"):
            st.rerun()
