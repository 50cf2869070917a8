"""What competed, how it was tested, and how the champion would have done in the past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from churnkit.reports.code_words import axis_money
from churnkit.reports.content import ReportContent
from churnkit.reports.document import Block, Bullets, Chart, Heading, Row, Section, Text
from churnkit.reports.plots import Axis, Line, line_chart, round_ticks
from churnkit.reports.sections.registry_table import registry_table
from churnkit.text import figures
from churnkit.tournament.names import model_label

_KINDS = {"model": "model", "blend": "blend", "baseline": "simple rule"}
_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)

_LEADERBOARD = {
    "model.candidate": 2.5,
    "model.kind": 1.2,
    "model.score": 0.8,
    "roc_auc": 0.8,
    "log_loss": 0.9,
    "ece": 0.8,
    "f1": 0.8,
    "model.verdict": 3.4,
}
_BACKTEST = {
    "cutoff": 1.3,
    "customers": 1.0,
    "roc_auc": 0.7,
    "expected_churn_rate": 1.0,
    "actual_churn_rate": 0.9,
    "past.expected_spend": 1.1,
    "actual_spend": 1.1,
    "profit_chosen": 1.1,
    "profit_recency": 1.1,
}


def models_section(content: ReportContent) -> Section:
    """Leaderboard, curves, calibration, backtest, and what weakens the result."""
    blocks: list[Block] = [
        Text(_question(content), "lead"),
        *_leaderboard(content),
        *_curves(content),
        *_confusion(content),
        *_backtest(content),
        *_uses(content),
    ]
    notes = content.summary.notes
    if notes:
        blocks += [Heading("What weakens the result"), Bullets(notes)]
    return Section("models", "Models", tuple(blocks))


def _question(content: ReportContent) -> str:
    question = content.summary.question
    asked = (
        f"Asked of every customer: will there be no purchase in the {figures.days(content.horizon_days)} from"
        f" {figures.day(question.cutoff)}?"
    )
    if content.summary.tournament is None:
        return f"{asked} Scored by: {content.champion_title}."
    dates = len(question.labelled_cutoffs)
    return (
        f"{asked} Models learned the same question at {figures.count(dates)} earlier dates whose outcome is known,"
        " were chosen on later dates than those they learned from, and tested once on the last one."
    )


def _leaderboard(content: ReportContent) -> list[Block]:
    if not content.leaderboard:
        return [Heading("Leaderboard"), Text("No model competed: the data carry simple rules only.")]
    strong = frozenset(k for k, line in enumerate(content.leaderboard) if line["is_champion"])
    note = (
        "Measured on dates after those that each candidate learned from. A model must beat every simple rule in log"
        " loss before its score counts."
    )
    table = registry_table(
        _LEADERBOARD,
        content.leaderboard,
        note=note,
        strong=strong,
        candidate=lambda name: model_label(str(name)),
        kind=lambda kind: _KINDS.get(str(kind), str(kind)),
    )
    return [Heading("Leaderboard"), table]


def _curves(content: ReportContent) -> list[Block]:
    charts = [_calibration(content), _roc(content), _profit(content), _precision_recall(content)]
    blocks: list[Block] = [Heading("The champion on the last complete window, unseen until then")]
    drawn = [chart for chart in charts if isinstance(chart, Chart)]
    reasons = [chart for chart in charts if isinstance(chart, str)]
    for left, right in zip(drawn[::2], drawn[1::2], strict=False):
        blocks.append(Row(left, right))
    if len(drawn) % 2:
        blocks.append(drawn[-1])
    blocks += [Text(reason, "soft") for reason in dict.fromkeys(reasons)]
    return blocks


def _share_axis(title: str) -> Axis:
    return Axis(0, 1, figures.percent, title, _QUARTERS)


def _calibration(content: ReportContent) -> Chart | str:
    found = content.found("calibration")
    if found is None:
        return content.why_missing("calibration")
    points = tuple((cell["predicted"], cell["observed"]) for cell in found["bins"])
    figure = line_chart(
        [
            Line("as forecast", ((0, 0), (1, 1)), "quiet", dashed=True),
            Line(content.champion_title, points, dots=True),
        ],
        _share_axis("forecast share of churners"),
        _share_axis("share that churned"),
        "Calibration: forecast against actual share of churners",
    )
    note = (
        f"{figures.count(len(points))} groups of like probability; they miss by"
        f" {figures.percent(found['ece'])} on average (ECE). On the dashed line a forecast is exact."
    )
    return Chart("Calibration", figure, note)


def _curve_lines(found: Mapping[str, Any], x: str, y: str, champion: str) -> list[Line]:
    # The plainest rule and the strongest one: more lines could not be told apart.
    rules = list(found["baselines"].items())
    baselines = rules[:1] + rules[1:][-1:]
    inks = ("second", "fourth")
    lines = [
        Line(model_label(name), tuple((p[x], p[y]) for p in points), ink)
        for (name, points), ink in zip(baselines, inks, strict=False)
    ]
    return [*lines, Line(champion, tuple((p[x], p[y]) for p in found["champion"]))]


def _roc(content: ReportContent) -> Chart | str:
    found = content.found("roc")
    if found is None:
        return content.why_missing("roc")
    figure = line_chart(
        [
            Line("", ((0, 0), (1, 1)), "quiet", dashed=True),
            *_curve_lines(found, "fpr", "tpr", content.champion_title),
        ],
        _share_axis("stayers called churners"),
        _share_axis("churners found"),
        "ROC curve of the champion and simple rules",
    )
    return Chart(
        "Finding churners (ROC)", figure, "The dashed line is a coin; further to the top left is better."
    )


def _precision_recall(content: ReportContent) -> Chart | str:
    found = content.found("precision_recall")
    if found is None:
        return content.why_missing("precision_recall")
    figure = line_chart(
        _curve_lines(found, "recall", "precision", content.champion_title),
        _share_axis("churners found"),
        _share_axis("right among those called"),
        "Precision and recall of the champion and simple rules",
    )
    return Chart(
        "Precision and recall", figure, "How often a call is right, the more churners are to be found."
    )


def _profit(content: ReportContent) -> Chart | str:
    found = content.found("profit")
    if found is None:
        return content.why_missing("profit")
    reach = [float(k) for k in found["contacted"]]
    series = (
        ("model", "in the model’s order", "first"),
        ("recency", "longest silent first", "second"),
        ("random", "at random", "quiet"),
    )
    lines = [
        Line(
            name, tuple(zip(reach, (float(v) for v in found[key]), strict=False)), ink, dashed=ink == "quiet"
        )
        for key, name, ink in series
        if found.get(key)
    ]
    values = [y for line in lines for _x, y in line.points]
    ticks = round_ticks(min(0.0, *values), max(values), 5)
    figure = line_chart(
        lines,
        Axis(0, max(reach) or 1.0, figures.count, "customers contacted"),
        Axis(ticks[0], ticks[-1], lambda value: axis_money(value, content.currency), ticks=ticks),
        "Profit of contacting customers in the model's order and in simpler ones",
    )
    note = (
        f"Assumes {figures.money(found['contact_cost'], content.currency)} a contact and that"
        f" {figures.percent(found['save_rate'])} of contacted churners stay."
    )
    return Chart("What contacting would have earned", figure, note)


def _confusion(content: ReportContent) -> list[Block]:
    found = content.found("confusion")
    if found is None:
        return []
    return [
        Heading(f"Calling everybody above {figures.percent(found['threshold'])} a churner"),
        Bullets(tuple(found["words"])),
    ]


def _backtest(content: ReportContent) -> list[Block]:
    heading = Heading("Forecasts against what happened, at earlier dates")
    found: Sequence[Mapping[str, Any]] | None = content.found("backtest")
    if not found:
        return [heading, Text(content.why_missing("backtest"), "soft")]
    note = (
        "Made with what was known on the date. Profit: of contacting those for whom it would have paid in expectation,"
        " and as many of the longest silent ones."
    )
    return [heading, registry_table(_BACKTEST, found, currency=content.currency, note=note)]


def _uses(content: ReportContent) -> list[Block]:
    card = content.found("model_card")
    if card is None:
        return []
    uses = (f"For: {_inside(card['intended_use'])}", *(f"Not for: {_inside(use)}" for use in card["not_for"]))
    return [Heading("What it is for, and what not"), Bullets(uses)]


def _inside(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
