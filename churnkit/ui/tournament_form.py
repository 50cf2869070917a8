"""How the models of the next analysis compete: for those who want something else than the defaults."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from importlib.util import find_spec
from types import MappingProxyType

import streamlit as st

from churnkit.config import IMBALANCES, ON_DEMAND, SEARCHES, Imbalance, OnDemand, Search, TournamentSettings
from churnkit.services.look.few_on_one_side import few_on_one_side
from churnkit.text.figures import count
from churnkit.tournament.names import model_label, model_meaning

_SEARCHES: Mapping[Search, str] = MappingProxyType(
    {
        "random": "By chance (default): does as well as the others in a minute",
        "grid": "From a grid: fixed values, to compare with another analysis",
        "optuna": "By Optuna: learns from the sets before, given some minutes",
    }
)
_IMBALANCES: Mapping[Imbalance, str] = MappingProxyType(
    {
        "class_weight": "Class weights (default): both sides weigh the same",
        "smote": "SMOTE: similar customers are made up for the smaller side",
        "undersample": "Undersampling: the larger side is drawn down to the smaller one",
        "none": "Nothing",
    }
)
_WINDOWS: Mapping[int | None, str] = MappingProxyType(
    {
        None: "All the history (default): the more past dates, the better",
        24: "The last 24 months",
        18: "The last 18 months",
        12: "The last 12 months: for a shop that has changed",
    }
)
_BUDGETS = (30, 60, 120, 300, 600)


def tournament_form(now: TournamentSettings, churned: float | None, key: str) -> TournamentSettings:
    """Fields in an expander; ``now`` are the settings to begin with, ``churned`` is the share that left, if known.

    ``key`` names the analysis, so that another one begins with its own settings.

    Returns
    -------
    TournamentSettings
        ``now`` with what was chosen.
    """
    advice = few_on_one_side(churned)
    label = "How the models compete (the defaults suit most shops)"
    with st.expander(label, icon=":material/trophy:", expanded=False, key=f"{key}_tournament"):
        if advice:
            st.info(advice, icon=":material/balance:")
        left, right = st.columns(2)
        with left:
            budgets = sorted({*_BUDGETS, round(now.budget_seconds)})
            budget = st.selectbox(
                "Time for tuning",
                budgets,
                budgets.index(round(now.budget_seconds)),
                format_func=lambda seconds: f"{count(seconds)} seconds",
                help="A kind of model that cannot win keeps its usual parameters. Of the others three to twelve sets are"
                " tried, as long as that pays and the time allows.",
                key=f"{key}_budget",
            )
            searches = [one for one in SEARCHES if one != "optuna" or find_spec("optuna")]
            search = st.selectbox(
                "How sets of parameters are chosen",
                searches,
                searches.index(now.search) if now.search in searches else 0,
                format_func=_SEARCHES.__getitem__,
                help=None if "optuna" in searches else "Optuna joins the choice once it is installed.",
                key=f"{key}_search",
            )
        with right:
            imbalance = st.selectbox(
                "Few leavers or few stayers",
                IMBALANCES,
                IMBALANCES.index(now.imbalance),
                format_func=_IMBALANCES.__getitem__,
                help="SMOTE and undersampling take effect where the smaller side is below 20 %. Probabilities are"
                " corrected for either.",
                key=f"{key}_imbalance",
            )
            windows = sorted({*_WINDOWS, now.training_months}, key=lambda months: -(months or 10**6))
            window = st.selectbox(
                "Learn from",
                windows,
                windows.index(now.training_months),
                format_func=lambda months: _WINDOWS.get(months, f"The last {months} months"),
                help="What the models learn from; what is known of a customer always reaches back to the first order.",
                key=f"{key}_window",
            )
        extras = _extras(now, key)
    return dataclasses.replace(
        now,
        budget_seconds=now.budget_seconds if budget == round(now.budget_seconds) else float(budget),
        search=search,
        imbalance=imbalance,
        training_months=window,
        extras=extras,
    )


def _extras(now: TournamentSettings, key: str) -> tuple[OnDemand, ...]:
    chosen = st.multiselect(
        "Also let compete",
        ON_DEMAND,
        list(now.extras),
        format_func=model_label,
        help=" ".join(f"**{model_label(name)}**: {model_meaning(name)}." for name in ON_DEMAND),
        placeholder="Nobody beside the five that always do",
        key=f"{key}_extras",
    )
    return tuple(name for name in ON_DEMAND if name in chosen)
