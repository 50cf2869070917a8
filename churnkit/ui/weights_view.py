"""The weights of the score by which the champion is chosen, and the ranking that follows from them at once."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from churnkit.accounts import Action
from churnkit.config import ScoreWeights
from churnkit.results.found import Found
from churnkit.services.decide.measure_views import gate_of, ranking_under, weights_words
from churnkit.services.workspace.workspace_preferences import load_preferences, save_preferences
from churnkit.text.figures import escape_markdown
from churnkit.tournament.names import model_label
from churnkit.ui.measure_view import measured_again
from churnkit.ui.opened import Opened
from churnkit.ui.parts import guarded, note
from churnkit.ui.rights import needs
from churnkit.ui.score_weights_fields import score_weights_fields
from churnkit.ui.tables import table

_COLUMNS = (
    "ranking.place",
    "ranking.name",
    "ranking.score",
    "ranking.gate",
    "f1",
    "recall",
    "profit_share",
    "ranking.stability",
    "ranking.log_loss",
    "ranking.verdict",
)


def weights_view(opened: Opened) -> None:
    """Four weights, the gate in words, the ranking, and a way to keep the weights for the analyses to come."""
    results = opened.results
    gate = gate_of(results)
    if gate is None:
        return
    used = results.summary.settings.tournament.weights
    st.header("What the winner is chosen by", anchor=False)
    st.caption(
        f"This analysis weighed {weights_words(used)}. Change the weights to see who would have won; weigh recall more where"
        " a leaver missed costs more than a contact in vain, profit share where the budget decides."
    )
    st.caption(escape_markdown(gate.words, 1200))
    with guarded():
        weights = ScoreWeights(**score_weights_fields(used, "models"))
        again = measured_again(opened)
        by_fold = again.value.by_fold if isinstance(again, Found) else {}
        if not by_fold:
            note("An earlier version made this analysis: ties cannot be looked for, the higher score wins.")
        found = ranking_under(results, by_fold, weights)
        table(found.table, _COLUMNS, key="ranking", alt="Ranking under the chosen weights, winner first")
        if found.winner == results.champion:
            st.caption(f"Under these weights {model_label(found.winner)} wins, as it did.")
        else:
            st.caption(
                f"Under these weights {model_label(found.winner)} would win. What is on screen is still scored by"
                f" {model_label(results.champion)}: keep the weights and start the analysis again to change that."
            )
        _keep(opened, weights)


def _keep(opened: Opened, weights: ScoreWeights) -> None:
    store = opened.workspace.store
    kept = load_preferences(store)
    if weights == kept.weights:
        note("The next analysis of this workspace begins with these weights.")
        return
    if st.button(
        "Keep for the next analyses",
        key="keep_weights",
        icon=":material/save:",
        **needs(
            Action.PLAN,
            help="Every analysis that this workspace starts from now on chooses its champion by these weights. It can be"
            " changed in Settings.",
        ),
    ):
        save_preferences(store, replace(kept, weights=weights))
        st.rerun()
