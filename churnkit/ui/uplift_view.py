"""On whom a contact works: sentences, curves, and what acting on it is worth."""

from __future__ import annotations

import streamlit as st

from churnkit.charts.base import money_title
from churnkit.charts.experiment_charts import effect_by_group, money_by_share, qini
from churnkit.experiments.uplift import UpliftAnalysis
from churnkit.services.campaign.any_experiment import learner_table
from churnkit.text.figures import escape_markdown
from churnkit.ui.parts import chart, note
from churnkit.ui.tables import table


def uplift_view(found: UpliftAnalysis, currency: str | None) -> None:
    """Whether effects differ between customers, and what acting on that is worth."""
    for sentence in found.words(currency):
        st.markdown(f"- {escape_markdown(sentence, 400)}")
    left, right = st.columns(2, gap="medium")
    with left:
        chart(
            qini(found.curves[found.chosen].table(), money_title("gained for each customer", currency)),
            "What contacting the best-ranked gains against random",
            key="qini_chart",
        )
    with right:
        chart(
            effect_by_group(found.groups, currency),
            "Effect in each tenth of the customers",
            key="groups_chart",
        )
    tables = {"by predicted effect": found.policy}
    if found.churn_policy is not None:
        tables |= {"by churn probability": found.churn_policy}
    if found.planned_policy is not None:
        tables |= {"by expected gain": found.planned_policy}
    chart(
        money_by_share(tables, currency),
        "Net money per 1,000 contacted by share contacted",
        key="policy_chart",
    )
    table(
        learner_table(found),
        ("learner", "qini", "qini.low", "qini.high", "learner.verdict"),
        key="learner_table",
        alt="Qini of each way of learning, with its interval",
    )
    note(found.randomisation.words())
