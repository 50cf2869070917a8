"""The churn threshold: chosen before the first analysis, and again for another version of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import streamlit as st

from churnkit.accounts import Action
from churnkit.config import MAX_HORIZON_DAYS, Indicators, TournamentSettings
from churnkit.services.look.threshold_view import ThresholdView, slider_bounds, threshold_view
from churnkit.services.workspace.workspace_preferences import default_settings
from churnkit.text.figures import count, days, percent
from churnkit.text.terms import term
from churnkit.ui.indicator_choice import indicator_choice
from churnkit.ui.opened import Opened, OpenedLook
from churnkit.ui.parts import guarded
from churnkit.ui.rights import needs
from churnkit.ui.tournament_form import tournament_form


def threshold_choice(opened: OpenedLook, start_days: int, key: str) -> ThresholdView:
    """A slider, a field for any other number of days, and what the choice would have meant in the past.

    ``start_days`` stands in the field where the slider does not reach. The keys name the analysis, so that another
    one begins with its own threshold.
    """
    low, high = slider_bounds(opened.look)
    within = low <= start_days <= high
    name = f"{key}_{opened.session.session_id}"
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    slid = left.slider(
        "Days of silence that count as churn",
        low,
        high,
        start_days if within else min(max(start_days, low), high),
        key=name,
        help=term("threshold"),
    )
    typed = right.number_input(
        "Or any number of days",
        1,
        MAX_HORIZON_DAYS,
        value=None if within else start_days,
        placeholder=f"1 to {MAX_HORIZON_DAYS}",
        key=f"{name}_any",
    )
    view = threshold_view(opened.look, int(typed or slid))
    if view.returned_after is not None:
        st.markdown(
            f"**{percent(view.returned_after)} came back**  \nof those silent for {days(view.days)}, within the history"
            " seen: customers whom this threshold would have called lost. Each such silence counts."
        )
    if view.churned is not None:
        st.markdown(
            f"**With {days(view.days)}: {percent(view.churned)}**  \nof the {count(view.known)} customers known"
            f" {days(view.days)} ago have not bought since. Silent for longer than that by now: {percent(view.lapsed)} of"
            " all customers (a description, not a forecast)."
        )
    if view.warning:
        st.warning(view.warning)
    return view


def start_button(
    opened: OpenedLook,
    days: int,
    label: str,
    key: str,
    *,
    disabled: bool = False,
    help_text: str = "",
    keep: Callable[[], None] | None = None,
    indicators: Indicators | None = None,
    tournament: TournamentSettings | None = None,
) -> None:
    """The button that starts the analysis with this threshold, for its owner; ``keep`` comes before that.

    ``indicators`` are the outside figures that the analysis may learn from, ``tournament`` is how its models compete; by
    default as the workspace has it.
    """
    if not opened.mine:
        st.caption("Opened from a link: only its owner can start an analysis.")
        return
    if st.button(
        label,
        type="primary",
        key=key,
        icon=":material/rocket_launch:",
        **needs(Action.RUN, disabled=disabled, help=help_text or None),
    ):
        here = opened.workspace
        with guarded():
            if keep is not None:
                keep()
            settings = dataclasses.replace(
                default_settings(here.store), horizon_days=days, indicators=indicators
            )
            if tournament is not None:
                settings = dataclasses.replace(settings, tournament=tournament)
            here.platform.start_analysis(opened.store, opened.session.session_id, settings)
            st.switch_page("pages/progress.py")


@st.fragment
def new_threshold(opened: Opened) -> None:
    """Another definition of churn, and a new version of the analysis with it."""
    now = opened.results.horizon_days
    st.write(
        f"Churn means no purchase within {now} days. Another threshold asks another question, so every model is trained"
        " and tested anew; the version on screen stays until the new one is done."
    )
    view = threshold_choice(opened, now, "new_threshold")
    run = opened.results.summary.settings
    indicators = indicator_choice(run.indicators, "new_indicators")
    tournament = tournament_form(run.tournament, view.churned, f"again_{opened.session.session_id}")
    same = view.days == now and indicators == run.indicators and tournament == run.tournament
    start_button(
        opened,
        view.days,
        f"Analyse again with {days(view.days)}",
        "start_version",
        disabled=same,
        help_text="This is what is on screen: the threshold, the outside figures and the models' settings."
        if same
        else "",
        indicators=indicators,
        tournament=tournament,
    )
