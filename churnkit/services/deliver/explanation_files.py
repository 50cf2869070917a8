"""Explanations of an analysis as files: rules for the risk tiers, and LIME beside SHAP for chosen customers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from churnkit.errors import DataError
from churnkit.explain.effects import affordable_rows, asking
from churnkit.explain.facts import compared, typical_figures
from churnkit.reports.csv_files import write_csv
from churnkit.results.found import Missing
from churnkit.services.analyse.analysis import Analysis
from churnkit.services.analyse.run_folder import past_table
from churnkit.services.decide.customer_themes import JUDGED_BY, features_by_theme
from churnkit.services.decide.second_opinion import SecondOpinion, borrowed_from, compared_with_lime
from churnkit.services.decide.tier_rules import RuleSources, rule_members, rule_table, rules_from
from churnkit.text import figures

_ASKED_AT_MOST = 2_400


def write_rules(analysis: Analysis, folder: Path) -> tuple[list[Path], str | None]:
    """Write ``rules.csv``, the rules with what they were worth on the test date, and ``customers_by_rule.csv``.

    Returns
    -------
    tuple
        The files, and why there are none.
    """
    found = rules_from(
        RuleSources(
            past=past_table(analysis),
            panel=lambda dates: analysis.panel[analysis.panel["cutoff"].isin(list(dates))],
            scored=analysis.scored_rows,
            customers=analysis.customers,
            settings=analysis.settings,
            horizon_days=analysis.plan.horizon_days,
            currency=analysis.ingested.currency,
        )
    )
    if isinstance(found, Missing):
        return [], found.reason
    written = [folder / "rules.csv", folder / "customers_by_rule.csv"]
    write_csv(rule_table(found.value).round(4), written[0])
    write_csv(rule_members(analysis.customers, found.value), written[1])
    return written, None


def write_opinions(analysis: Analysis, customer_ids: Sequence[str], folder: Path) -> list[Path]:
    """Write ``explanations.csv``: a row for each customer and theme, with SHAP's and LIME's push and the verdict.

    Raises
    ------
    DataError
        The analysis knows nobody with one of the ids.
    """
    if not customer_ids:
        return []
    table = pd.DataFrame([row for one in customer_ids for row in _rows(one, _opinion(analysis, one))])
    path = folder / "explanations.csv"
    write_csv(table.round(4), path)
    return [path]


def _rows(customer_id: str, opinion: SecondOpinion) -> Iterator[dict[str, object]]:
    for theme in opinion.themes:
        yield {
            "customer_id": customer_id,
            "p_churn": opinion.p_model,
            "theme": theme.label,
            "shap_log_odds": theme.shap,
            "lime_log_odds": theme.lime,
            "lime_fidelity": opinion.fidelity,
            "verdict": " ".join(opinion.words()),
        }


def _opinion(analysis: Analysis, customer_id: str) -> SecondOpinion:
    rows = analysis.scored_rows.reset_index(drop=True)
    place = rows.index[rows["customer_id"] == customer_id]
    if not len(place):
        raise DataError(
            f"Explaining customer {customer_id!r}: the file has {figures.count(len(rows))} customers with a purchase, e.g."
            f" {rows['customer_id'].iloc[0]!r}, and none with that id.",
            "Write the id as customers.csv has it.",
        )
    row = rows.loc[place]
    parts = analysis.contributions.values.loc[place[0]].astype(float)  # noqa: PD011 - a frame of contributions
    known = [name for name in (*parts.index, *JUDGED_BY) if name in rows.columns]
    typical = typical_figures(
        rows.loc[compared(rows, analysis.plan.horizon_days), list(dict.fromkeys(known))]
    )
    themes = features_by_theme(parts[[name for name in parts.index if name in rows.columns]], row, typical)
    asked_at_most = affordable_rows(analysis.model, _ASKED_AT_MOST)
    ids = borrowed_from(
        analysis.customers, customer_id, analysis.contributions.base, len(themes), asked_at_most
    )
    ask, _names = asking(analysis.model, rows)
    return compared_with_lime(ask, row, rows[rows["customer_id"].isin(ids)], themes, parts)
