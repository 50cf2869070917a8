"""Training again: the model that waits beside the present one, how both did, and what to do with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import streamlit as st

from churnkit.accounts import Action
from churnkit.jobs.challenger_desk import challenger_of, drop, roll_out, take_over
from churnkit.results.challenge import CHALLENGE_FILE, ChallengeDocument
from churnkit.results.folders import Results
from churnkit.results.found import Found
from churnkit.results.scorecards import Scorecard
from churnkit.results.shop import ROLLOUTS, Retraining
from churnkit.services.monitor.owner_words import new_model_words
from churnkit.services.monitor.views import challenge_view, versus_view
from churnkit.store import Run
from churnkit.text.figures import count, day, escape_markdown
from churnkit.tournament.names import model_label
from churnkit.ui.expert_view import is_expert
from churnkit.ui.monitored import scorecards_of
from churnkit.ui.opened import Opened
from churnkit.ui.parts import guarded, note
from churnkit.ui.rights import needs
from churnkit.ui.tables import table

_LETTERS = 900
_CONTENDERS = (
    "contender.name",
    "contender.trained",
    "log_loss",
    "roc_auc",
    "ece",
    "contender.high_share",
    "contender.profit",
)
_RETRAINING: dict[Retraining, str] = {
    "propose": "Tell me, I decide",
    "start": "Train, and let it take over if it is better",
    "never": "Nothing",
}


def next_model(opened: Opened, *, urged: bool = True) -> None:
    """What happens by itself, the button to train again, and the model that waits.

    ``urged`` is whether something speaks for training again: then the button is the page's first.
    """
    shop_id, store = opened.session.session_id, opened.store
    if not opened.mine:
        note("Only its owner can train this shop's model again.")
        return
    _by_itself(opened)
    challenger = challenger_of(store, shop_id)
    if challenger is None:
        note(
            "No other model waits. Training again makes one that is first compared with the present one; nothing on screen"
            " changes until it takes over."
        )
    if st.button(
        "Train again and compare",
        icon=":material/model_training:",
        key="train_again",
        type="primary" if challenger is None and urged else "secondary",
        **needs(Action.RUN),
    ):
        _done(lambda: opened.workspace.platform.start_retrain(store, shop_id, as_challenger=True))
    if any(
        job.kind == "analyze" and job.status in ("pending", "running")
        for job in store.jobs.of_session(shop_id)
    ):
        note("A model is being trained; the page Progress shows how far it is.")
    if challenger is not None:
        _waiting(opened, challenger)


def _by_itself(opened: Opened) -> None:
    settings = opened.store.shops.get(opened.session.session_id).shop_settings
    options = list(_RETRAINING)
    chosen = st.selectbox(
        "When there are reasons to train again",
        options,
        index=options.index(settings.retraining),
        format_func=_RETRAINING.__getitem__,
        key="retraining",
        width=420,
        **needs(Action.PLAN),
    )
    if chosen != settings.retraining:
        _done(
            lambda: opened.store.shops.set_settings(
                opened.session.session_id, replace(settings, retraining=chosen)
            )
        )


def _waiting(opened: Opened, challenger: Run) -> None:
    folder = opened.workspace.platform.folders.run(opened.session.session_id, challenger.run_id)
    found = Results(folder).later(ChallengeDocument, CHALLENGE_FILE)
    st.header(
        f"{model_label(challenger.champion)}, trained up to {day(challenger.summary.cutoff)}", anchor=False
    )
    if isinstance(found, Found):
        document = found.value
        words = document.words if is_expert() else new_model_words(document)
        st.write(escape_markdown(words, _LETTERS))
        st.markdown(f"**What to do:** {escape_markdown(document.advice, _LETTERS)}")
        if is_expert():
            _measures(opened, document)
    if is_expert():
        _beside(opened, challenger)
        _share_of_exports(opened)
    _choices(opened)


def _measures(opened: Opened, document: ChallengeDocument) -> None:
    table(
        challenge_view(document),
        _CONTENDERS,
        key="contenders",
        alt="The present model and the new one",
        currency=opened.currency,
    )
    if document.learned_from:
        note(document.learned_from)


def _beside(opened: Opened, challenger: Run) -> None:
    """Scorecards of the same dates by both models."""
    found = scorecards_of(opened)
    cards: tuple[Scorecard, ...] = found.value.scorecards if isinstance(found, Found) else ()
    frame: pd.DataFrame = versus_view(cards, challenger.run_id)
    if frame.empty:
        note("Once a window is over that both have forecast, their scorecards stand beside each other here.")
        return
    st.markdown("**What came, by both**")
    table(
        frame,
        (
            "card.cutoff",
            "card.champion",
            "card.verdict",
            "expected_churn_rate",
            "actual_churn_rate",
            "card.auc",
            "ece",
        ),
        key="versus",
        alt="Scorecards of both models",
    )


def _share_of_exports(opened: Opened) -> None:
    store, shop_id = opened.store, opened.session.session_id
    settings = store.shops.get(shop_id).shop_settings
    share = st.segmented_control(
        "Customers whom the new model scores in exported scores, of 100",
        ROLLOUTS,
        default=settings.rollout_percent,
        required=True,
        format_func=lambda percent: count(percent) if percent else "none",
        key="rollout",
        help="In “Scores as CSV” of Reports and of the API; a column there says whose each score is. Always the same"
        " customers: drawn by a number made of the shop and the customer. Pages show one model only.",
        **needs(Action.PLAN),
    )
    if share != settings.rollout_percent:
        _done(lambda: roll_out(store, shop_id, int(share)))


def _choices(opened: Opened) -> None:
    store, shop_id = opened.store, opened.session.session_id
    with st.container(horizontal=True):
        if st.button(
            "Let it take over",
            icon=":material/publish:",
            key="take_over",
            type="primary",
            **needs(Action.RUN),
        ):
            _done(lambda: take_over(opened.workspace.platform, store, shop_id))
        if st.button("Drop it", icon=":material/close:", key="drop_challenger", **needs(Action.PLAN)):
            _done(lambda: drop(store, shop_id))


def _done(act: Callable[[], object]) -> None:
    with guarded():
        act()
        st.rerun()
