"""Sheets of groups of customers, movements, cohorts and the months ahead for the workbook."""

from __future__ import annotations

from collections.abc import Sequence

from churnkit.reports.content import NO_FIGURES, ReportContent
from churnkit.reports.group_content import GroupContent
from churnkit.reports.xlsx import Cell, Sheet
from churnkit.results.found import Found, Missing
from churnkit.results.group_panels import GroupPanel
from churnkit.text import figures
from churnkit.text.columns import Column, column

_GROUPS = (
    "group",
    "customers",
    "active",
    "share",
    "mean_p_churn",
    "expected_leavers",
    "clv",
    "clv_share",
    "value_at_risk",
    "value_at_risk_share",
    "group.recoverable_low",
    "group.recoverable_high",
    "group.contacted",
    "group.net",
    "mean_order_value",
    "median_recency_days",
    "median_order_count",
    "group.drivers",
    "group.apart",
    "group.advice",
)
_MOVES = (
    "from_segment",
    "to_segment",
    "customers",
    "share_of_from",
    "spend_between",
    "flow.clv",
    "flow.value_at_risk",
)
_COHORTS = (
    "cohort.cohort",
    "cohort.size",
    "cohort.age_months",
    "cohort.customers",
    "cohort.retained_share",
    "cohort.orders",
    "cohort.revenue",
    "cohort.cumulative_value",
)
_LOSS = (
    "month",
    "lost.active_customers",
    "lost.churn_rate",
    "lost.left_share",
    "lost.loss",
    "lost.cumulative",
    "lost.cumulative_low",
    "lost.cumulative_high",
)


def group_sheets(content: ReportContent) -> tuple[Sheet, ...]:
    """Segments, found groups, movements, cohorts, months ahead; each says so where it has nothing."""
    groups = content.groups
    if groups is None:
        return ()
    currency = content.currency
    return (
        _panels("Segments", "RFM segments", groups.panels, "By the shop's own fifths.", currency),
        _found(groups, currency),
        _moves(groups, content),
        _cohorts(groups, currency),
        _months(groups, currency),
    )


def _sheet(
    name: str,
    title: str,
    note: str,
    columns: tuple[Column, ...],
    rows: Sequence[Sequence[object]],
    currency: str | None,
) -> Sheet:
    above = (Cell(title, "title"), Cell(note, "note"))
    return Sheet(name, columns, rows, above, currency=currency)


def _panels(name: str, title: str, panels: Sequence[GroupPanel], note: str, currency: str | None) -> Sheet:
    columns = tuple(column(key) for key in _GROUPS)
    rows = [[_panel_value(panel, one.name) for one in columns] for panel in panels]
    return _sheet(name, title, note, columns, rows, currency)


def _panel_value(panel: GroupPanel, name: str) -> object:
    kept = panel.recoverable.value if isinstance(panel.recoverable, Found) else None
    outcome = panel.outcome.value if isinstance(panel.outcome, Found) else None
    beside: dict[str, object] = {
        "recoverable_low": kept.low if kept else None,
        "recoverable_high": kept.high if kept else None,
        "contacted": outcome.contacted if outcome else None,
        "net": outcome.net.value if outcome else None,
        "drivers": panel.words[1],
        "apart": panel.words[2],
        "advice": panel.action,
    }
    return beside[name] if name in beside else getattr(panel.figures, name)


def _found(groups: GroupContent, currency: str | None) -> Sheet:
    match groups.found:
        case Missing(reason):
            return _panels("Found groups", "Found groups", (), reason, currency)
        case Found(panels):
            return _panels("Found groups", "Found groups", panels, groups.found_words, currency)


def _moves(groups: GroupContent, content: ReportContent) -> Sheet:
    columns = tuple(column(key) for key in _MOVES)
    rows: list[list[object]] = []
    match groups.flows:
        case Missing(reason):
            note = reason
        case Found(flows):
            rows = [[getattr(flow, one.name) for one in columns] for flow in flows]
            before, now = figures.day(groups.cutoff_before), figures.day(content.summary.question.cutoff)
            note = f"From {before} to {now}, by the shop's own fifths at each date."
    return _sheet("Movements", "Movements between segments", note, columns, rows, content.currency)


def _cohorts(groups: GroupContent, currency: str | None) -> Sheet:
    columns = tuple(column(key) for key in _COHORTS)
    rows: list[list[object]] = []
    match groups.cohorts:
        case Missing(reason):
            note = reason
        case Found(cells):
            rows = cells[[one.name for one in columns]].astype(object).to_numpy().tolist()
            note = "Customers by the month of their first purchase; a month stands here when it was over."
    return _sheet("Cohorts", "Cohorts", note, columns, rows, currency)


def _months(groups: GroupContent, currency: str | None) -> Sheet:
    columns = tuple(column(key) for key in _LOSS)
    rows = [[getattr(month, one.name) for one in columns] for month in groups.loss.months]
    note = " ".join(groups.loss.words) or NO_FIGURES
    return _sheet("Months ahead", "Churn rate and loss of the months ahead", note, columns, rows, currency)
