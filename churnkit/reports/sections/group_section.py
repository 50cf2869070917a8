"""Segments and found groups: what they are worth, what drives them, what to do; the RFM map; who moved."""

from __future__ import annotations

from collections.abc import Sequence

from churnkit.reports.content import NO_FIGURES, ReportContent
from churnkit.reports.document import Block, Callout, Chart, Heading, Section, Text
from churnkit.reports.group_content import GroupContent
from churnkit.reports.sections.cohort_blocks import cohort_blocks
from churnkit.reports.sections.registry_table import registry_table
from churnkit.reports.shaded_grid import Shaded, shaded_grid
from churnkit.results.found import Found, Missing
from churnkit.results.group_panels import GroupPanel
from churnkit.text import figures

KEY, TITLE = "segments", "Segments and cohorts"
IN_DETAIL, MOVES_SHOWN = 3, 12
_SCORES = (1, 2, 3, 4, 5)
_GROUPS = {
    "group": 1.5,
    "customers": 1.25,
    "active": 0.8,
    "mean_p_churn": 1.1,
    "clv_share": 0.9,
    "value_at_risk": 1.0,
    "group.recoverable": 1.4,
    "group.advice": 3.4,
}
_MOVES = {
    "from_segment": 1.5,
    "to_segment": 1.5,
    "customers": 0.9,
    "share_of_from": 1.1,
    "spend_between": 1.1,
    "flow.value_at_risk": 1.1,
}


def group_section(content: ReportContent) -> Section:
    """Segments, found groups, movements, cohorts."""
    groups = content.groups
    if groups is None:
        return Section(KEY, TITLE, (Text(NO_FIGURES, "soft"),))
    blocks: list[Block] = [
        Heading("RFM segments"),
        _table(groups.panels, content.currency),
        *_detail(groups.panels),
        _map(groups, content.currency),
        *_found(groups, content.currency),
        *_moves(groups, content),
        *cohort_blocks(groups.cohorts, content.currency),
    ]
    return Section(KEY, TITLE, tuple(blocks), new_page=True)


def _table(panels: Sequence[GroupPanel], currency: str | None) -> Block:
    lines = [
        {
            **vars(panel.figures),
            "recoverable": _recoverable(panel, currency),
            "advice": panel.action,
        }
        for panel in panels
    ]
    note = (
        "Recoverable: what a campaign could keep of the value at risk, before its costs; 30 to 40 % is usual, and counts"
        " until the shop's own rate is set or measured."
    )
    return registry_table(_GROUPS, lines, currency=currency, note=note)


def _recoverable(panel: GroupPanel, currency: str | None) -> str:
    match panel.recoverable:
        case Missing():
            return figures.UNKNOWN
        case Found(kept):
            low, high = (figures.short_money(end, currency) for end in (kept.low, kept.high))
            return low if low == high else f"{low} to {high}"


def _detail(panels: Sequence[GroupPanel]) -> list[Block]:
    """The segments with most at risk, in full."""
    known = [panel for panel in panels if isinstance(panel.recoverable, Found)]
    most = sorted(known, key=lambda panel: -panel.figures.value_at_risk)[:IN_DETAIL]
    if not most:
        return []
    return [
        Heading("Where most is at risk"),
        *(Callout(panel.group, panel.words[1:]) for panel in most),
    ]


def _map(groups: GroupContent, currency: str | None) -> Chart:
    cells = groups.rfm_cells
    spent = cells["mean_monetary_total"]
    shade = spent.rank() / max(1, int(spent.notna().sum()))
    by_scores = {
        (row["r_score"], row["f_score"]): Shaded(
            f"{figures.count(row['customers'])} · {figures.short_money(row['mean_monetary_total'], currency)}",
            dark,
        )
        for row, dark in zip(cells.to_dict("records"), shade, strict=True)
        if row["customers"]
    }
    recency = tuple(reversed(_SCORES))
    figure = shaded_grid(
        [f"recency {score}" for score in recency],
        [f"frequency {score}" for score in _SCORES],
        [[by_scores.get((r, f)) for f in _SCORES] for r in recency],
        "Customers by recency score and frequency score, with what they have spent each",
    )
    note = "Customers and what each has spent so far on average; the darker, the more. 5 is the fifth that is best."
    return Chart("Recency against frequency, money as colour", figure, note)


def _found(groups: GroupContent, currency: str | None) -> list[Block]:
    heading = Heading("Found groups")
    match groups.found:
        case Missing(reason):
            return [heading, Text(reason, "soft")]
        case Found(panels):
            return [heading, Text(groups.found_words, "soft"), _table(panels, currency)]


def _moves(groups: GroupContent, content: ReportContent) -> list[Block]:
    """The largest flows into another segment."""
    heading = Heading("Who moved")
    match groups.flows:
        case Missing(reason):
            return [heading, Text(reason, "soft")]
        case Found(flows):
            moved = [flow for flow in flows if flow.from_segment != flow.to_segment]
            stayed = sum(flow.customers for flow in flows) - sum(flow.customers for flow in moved)
            before, now = figures.day(groups.cutoff_before), figures.day(content.summary.question.cutoff)
            words = (
                f"From {before} to {now} {figures.count(sum(flow.customers for flow in moved))} customers came into another"
                f" segment or are new, and {figures.count(stayed)} stayed where they were. The largest moves:"
            )
            note = "Each date has its own fifths. Spent in between: net, from the first date to the second."
            return [
                heading,
                Text(words),
                registry_table(_MOVES, moved[:MOVES_SHOWN], currency=content.currency, note=note),
            ]
