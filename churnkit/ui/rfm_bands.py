"""The limits between the scores of RFM segments, edited."""

from __future__ import annotations

import math

import streamlit as st

from churnkit.accounts import Action
from churnkit.segments import RfmBands
from churnkit.services.decide.segment_views import save_bands
from churnkit.store import Store
from churnkit.ui import keys
from churnkit.ui.parts import guarded
from churnkit.ui.rights import needs

LIMITS = {
    "recency_days": ("Days since the last purchase, at most", "for score {}", (5, 4, 3, 2)),
    "order_count": ("Orders, at least", "for score {}", (2, 3, 4, 5)),
    "monetary_total": ("Spent so far, at least", "for score {}", (2, 3, 4, 5)),
}


def edit_bands(store: Store, session_id: str, now: RfmBands, *, edited: bool) -> None:
    """A form over the limits ``now``; ``edited`` says that they are not the shop's own fifths."""
    with st.expander("Limits between the scores", icon=":material/straighten:", expanded=edited):
        st.caption(
            "By default these are the fifths of the shop's own customers. Whole segments follow from them; predictions do"
            " not. An empty limit means that nobody gets that score."
        )
        with st.form("bands", border=False):
            wanted = {}
            for name, (title, template, scores) in LIMITS.items():
                st.markdown(f"**{title}**")
                columns = st.columns(4)
                wanted[name] = [
                    column.number_input(
                        template.format(score),
                        value=None if limit in (-1.0, math.inf) else limit,
                        min_value=0.0 if name == "recency_days" else None,
                        key=f"{keys.BAND_FIELDS}{name}_{score}",
                        placeholder="nobody",
                    )
                    for column, score, limit in zip(columns, scores, getattr(now, name), strict=True)
                ]
            apply = st.form_submit_button(
                "Use these limits", key="bands_apply", icon=":material/check:", **needs(Action.PLAN)
            )
        if apply:
            nobody = {"recency_days": -1.0, "order_count": math.inf, "monetary_total": math.inf}
            with guarded():
                limits = {
                    name: tuple(nobody[name] if value is None else float(value) for value in values)
                    for name, values in wanted.items()
                }
                save_bands(store, session_id, RfmBands(**limits))
                st.rerun()
        if edited and st.button(
            "Back to the shop's own fifths", key="bands_reset", icon=":material/undo:", **needs(Action.PLAN)
        ):
            save_bands(store, session_id, None)
            for name, (_, _, scores) in LIMITS.items():
                for score in scores:
                    st.session_state.pop(f"{keys.BAND_FIELDS}{name}_{score}", None)
            st.rerun()
