"""The form of what every analysis of a workspace begins with."""

from __future__ import annotations

import dataclasses

import streamlit as st

from churnkit.accounts import Action
from churnkit.config import ScoreWeights, Tiers
from churnkit.services.workspace.workspace_preferences import (
    MAX_OWNER_LETTERS,
    MAX_RETENTION_DAYS,
    Preferences,
    load_preferences,
    save_preferences,
)
from churnkit.store import Store
from churnkit.text.terms import term
from churnkit.ui.expert_view import is_expert
from churnkit.ui.parts import guarded
from churnkit.ui.rights import needs
from churnkit.ui.score_weights_fields import score_weights_fields
from churnkit.ui.shop_fields import ASSUMED_WORDS, channel_choice, money_field

_MONEY, _CAMPAIGNS = ("margin", "annual_discount_rate"), ("save_rate", "stayers_redeem", "campaign_discount")
_COSTS = ("contact_cost", "call_cost")


def preferences_form(store: Store) -> None:
    """Defaults of the analyses to come; kept when they are sent."""
    now = load_preferences(store)
    with st.form("preferences"):
        st.header("Defaults of the next analysis")
        st.caption(
            "An analysis that is done keeps the settings it was made with; what it assumes about money can be changed on"
            f" its own pages. {ASSUMED_WORDS}"
        )
        with st.grid(3, min_column_width=230, gap="small") as grid:
            with grid.cell():
                tiers = _tiers(now.tiers)
                owner = st.text_input(
                    "Who answers for the models",
                    now.model_owner,
                    max_chars=MAX_OWNER_LETTERS,
                    placeholder="a name or a role",
                    key="model_owner",
                    help="Stands in the model card: the person who reviews the forecasts and answers questions about them.",
                )
                kept = _retention(now)
            with grid.cell():
                st.markdown("**Money**")
                values = {name: money_field(name, now.money, name) for name in _MONEY}
                currency = st.text_input(
                    "Currency where a file names none",
                    now.currency or "",
                    max_chars=3,
                    placeholder="EUR, USD …",
                    key="currency",
                )
                channels = channel_choice(now.channels, "channels")
            with grid.cell():
                st.markdown("**Campaigns**")
                names = (*_CAMPAIGNS, *_COSTS)
                values |= {name: money_field(name, now.money, name, now.currency) for name in names}
        weights = _weights(now.weights)
        if not st.form_submit_button("Save", type="primary", key="save_preferences", **needs(Action.PLAN)):
            return
        with guarded():
            high, medium = tiers
            told = dataclasses.replace(
                now,
                tiers=Tiers(high=high, medium=medium),
                money=now.money.told(**values),
                currency=currency.strip().upper() or None,
                channels=channels,
                retention_days=kept,
                weights=ScoreWeights(**weights) if weights else now.weights,
                model_owner=owner.strip(),
            )
            save_preferences(store, told)
            st.toast("Saved.", icon=":material/check:")


def _weights(now: ScoreWeights) -> dict[str, float]:
    """What the champion is chosen by, for experts; empty for everybody else: it stays as it is."""
    if not is_expert():
        return {}
    st.markdown("**What the champion among the models is chosen by**")
    st.caption(
        "A model that does not beat every simple rule in log loss cannot win, whatever the weights. The page How it"
        " forecasts shows at once who would win under others."
    )
    return score_weights_fields(now, "default")


def _retention(now: Preferences) -> int | None:
    st.markdown("**Retention**")
    kept: int | None = st.number_input(
        "Delete analyses that nobody has worked on for this many days",
        1,
        MAX_RETENTION_DAYS,
        value=now.retention_days,
        placeholder="empty: they stay",
        key="retention_days",
        **needs(Action.DELETE),
    )
    return kept


def _tiers(now: Tiers) -> tuple[float, float]:
    """Shares above which the risk is high, and medium."""
    st.markdown("**Risk tiers**", help=term("risk_tier"))
    high = st.number_input("High above, in %", 2, 99, round(100 * now.high), key="tier_high")
    medium = st.number_input("Medium above, in %", 1, 98, round(100 * now.medium), key="tier_medium")
    return high / 100, medium / 100
