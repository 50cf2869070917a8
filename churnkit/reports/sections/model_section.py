"""What competed, how it was tested, and how the champion would have done in the past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from churnkit.reports.code_words import axis_money
from churnkit.reports.content import ReportContent
from churnkit.reports.document import Block, Bullets, Chart, Heading, Row, Section, Text
from churnkit.reports.plots import Axis, Line, line_chart, round_ticks
from churnkit.reports.sections.registry_table import registry_table
from churnkit.results.evidence.last_window import Calibrated, ProfitByReach, RecallCurves, RocCurves
from churnkit.results.found import Missing
from churnkit.results.leaderboard import Competitor
from churnkit.results.past_dates import active_dates
from churnkit.results.quality import quality_lines
from churnkit.text import figures
from churnkit.tournament.names import model_label

_KINDS: Mapping[Competitor, str] = {"model": "model", "blend": "blend", "baseline": "simple rule"}
_QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
_Points = tuple[tuple[float, float], ...]

_LEADERBOARD = {
    "model.candidate": 2.5,
    "model.kind": 1.2,
    "model.score": 0.8,
    "roc_auc_active": 0.8,
    "roc_auc": 0.8,
    "log_loss": 0.9,
    "ece": 0.8,
    "model.verdict": 3.4,
}
_QUALITY = {
    "quality.population": 1.1,
    "roc_auc": 0.7,
    "roc_auc_low": 0.8,
    "expected_churn_rate": 1.0,
    "actual_churn_rate": 0.8,
    "log_loss": 0.9,
    "log_loss_of_base_rate": 1.1,
    "ece": 0.7,
    "lift_at_20": 0.8,
    "past.expected_spend": 1.1,
    "actual_spend": 1.1,
}
_VALUE_ERRORS = {
    "value_error.quantity": 1.5,
    "value_error.span_days": 0.8,
    "value_error.population": 1.1,
    "value_error.forecasts": 0.9,
    "value_error.mean_actual": 1.0,
    "value_error.mae": 0.9,
    "value_error.mae_repeat": 1.0,
    "value_error.rmse": 0.9,
    "value_error.rmse_repeat": 1.0,
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
        *_quality(content),
        *_leaderboard(content),
        *_curves(content),
        *_backtest(content),
        *_value_errors(content),
        *_uses(content),
    ]
    notes = content.summary.notes
    if notes:
        blocks += [Heading("What weakens the result"), Bullets(notes)]
    if content.statement:
        said = tuple(f"{title}: {_inside(text)}" for title, text in content.statement)
        blocks += [Heading("Statement on explainability"), Bullets(said)]
    return Section("models", "Models", tuple(blocks))


def _question(content: ReportContent) -> str:
    question = content.summary.question
    asked = (
        f"Asked of every customer: will there be no purchase in the {figures.days(content.horizon_days)} from"
        f" {figures.day(question.cutoff)}?"
    )
    if content.summary.tournament is None:
        return f"{asked} Scored by: {content.evidence.champion_title}."
    dates = len(question.labelled_cutoffs)
    return (
        f"{asked} Models learned the same question at {figures.count(dates)} earlier dates whose outcome is known,"
        " were chosen on later dates than those they learned from, and tested once on the last one."
    )


def _quality(content: ReportContent) -> list[Block]:
    """The active first, all beside them."""
    trust = content.evidence.trust
    heading = Heading("How good the forecast is: of active customers, and of all")
    lines = quality_lines(trust.quality)
    if not lines:
        return [heading, Text(trust.sentences[0], "soft")]
    windows = lines[0].windows
    note = (
        f"At {figures.counted(windows, 'past date')} that do not overlap. Active at a date is who had bought within"
        f" {figures.days(content.horizon_days)} before it: the grade rests on them, since they can still be kept."
    )
    table = registry_table(_QUALITY, lines, currency=content.currency, note=note)
    doubt = [Text(trust.sentences[0])] if trust.grade == "none" else []
    return [heading, *doubt, table]


def _leaderboard(content: ReportContent) -> list[Block]:
    if not content.leaderboard:
        return [Heading("Leaderboard"), Text("No model competed: the data carry simple rules only.")]
    strong = frozenset(k for k, line in enumerate(content.leaderboard) if line.is_champion)
    note = (
        "Measured on dates after those that each candidate learned from, of all customers unless “active” stands there. A"
        " model must beat every simple rule in log"
        " loss before its score counts."
    )
    table = registry_table(
        _LEADERBOARD,
        content.leaderboard,
        note=note,
        strong=strong,
        candidate=model_label,
        kind=_KINDS.__getitem__,
    )
    why: list[Block] = [Heading("Why the champion won"), Bullets(content.why_won)] if content.why_won else []
    return [Heading("Leaderboard"), table, *why]


def _curves(content: ReportContent) -> list[Block]:
    heading = Heading("The champion on the last complete window, unseen until then")
    evidence = content.evidence
    window, champion = evidence.window, evidence.champion_title
    if isinstance(window, Missing):
        return [heading, Text(window.reason, "soft")]
    apart = evidence.window_active
    if isinstance(apart, Missing):
        found, beside, who = window.value, [], "all customers"
    else:
        found, who = apart.value, "active customers"
        whole = window.value
        beside = [
            Row(
                _calibration(whole.calibration, champion, "all customers"),
                _roc(whole.roc, champion, "all customers"),
            )
        ]
    return [
        heading,
        Row(_calibration(found.calibration, champion, who), _roc(found.roc, champion, who)),
        *beside,
        Row(
            _profit(found.profit, content.currency, who),
            _precision_recall(found.precision_recall, champion, who),
        ),
        Heading(f"Calling everybody above {figures.percent(found.confusion.threshold)} a churner"),
        Bullets(found.confusion.words),
    ]


def _share_axis(title: str) -> Axis:
    return Axis(0, 1, figures.percent, title, _QUARTERS)


def _calibration(found: Calibrated, champion: str, who: str) -> Chart:
    points = tuple((cell.predicted, cell.observed) for cell in found.bins)
    figure = line_chart(
        [Line("as forecast", ((0, 0), (1, 1)), "quiet", dashed=True), Line(champion, points, dots=True)],
        _share_axis("forecast share of churners"),
        _share_axis("share that churned"),
        f"Calibration: forecast against actual share of churners, {who}",
    )
    note = (
        f"{figures.count(len(points))} groups of like probability; they miss by"
        f" {figures.percent(found.ece)} on average (ECE). On the dashed line a forecast is exact."
    )
    return Chart(f"Calibration, {who}", figure, note)


def _lines(baselines: Mapping[str, _Points], champion: str, points: _Points) -> list[Line]:
    # The plainest rule and the strongest one: more lines could not be told apart.
    rules = list(baselines.items())
    shown = rules[:1] + rules[1:][-1:]
    inks = ("second", "fourth")
    lines = [Line(model_label(name), curve, ink) for (name, curve), ink in zip(shown, inks, strict=False)]
    return [*lines, Line(champion, points)]


def _roc(found: RocCurves, champion: str, who: str) -> Chart:
    curves = {name: _paired(curve.fpr, curve.tpr) for name, curve in found.baselines.items()}
    figure = line_chart(
        [
            Line("", ((0, 0), (1, 1)), "quiet", dashed=True),
            *_lines(curves, champion, _paired(found.champion.fpr, found.champion.tpr)),
        ],
        _share_axis("stayers called churners"),
        _share_axis("churners found"),
        f"ROC curve of the champion and simple rules, {who}",
    )
    return Chart(
        f"Finding churners (ROC), {who}",
        figure,
        "The dashed line is a coin; further to the top left is better.",
    )


def _precision_recall(found: RecallCurves, champion: str, who: str) -> Chart:
    curves = {name: _paired(curve.recall, curve.precision) for name, curve in found.baselines.items()}
    figure = line_chart(
        _lines(curves, champion, _paired(found.champion.recall, found.champion.precision)),
        _share_axis("churners found"),
        _share_axis("right among those called"),
        f"Precision and recall of the champion and simple rules, {who}",
    )
    return Chart(
        f"Precision and recall, {who}",
        figure,
        "How often a call is right, the more churners are to be found.",
    )


def _paired(x: Sequence[float], y: Sequence[float]) -> _Points:
    return tuple(zip(x, y, strict=True))


def _profit(found: ProfitByReach, currency: str | None, who: str) -> Chart:
    reach = [float(k) for k in found.contacted]
    lines = [
        Line(name, _paired(reach, values), ink, dashed=ink == "quiet")
        for name, values, ink in (
            ("in the model’s order", found.model, "first"),
            ("longest silent first", found.recency, "second"),
            ("at random", found.random, "quiet"),
        )
    ]
    values = [y for line in lines for _x, y in line.points]
    ticks = round_ticks(min(0.0, *values), max(values), 5)
    figure = line_chart(
        lines,
        Axis(0, max(reach) or 1.0, figures.count, "customers contacted"),
        Axis(ticks[0], ticks[-1], lambda value: axis_money(value, currency), ticks=ticks),
        f"Profit of contacting {who} in the model's order and in simpler ones",
    )
    note = (
        f"Assumes {figures.money(found.contact_cost, currency)} a contact and that"
        f" {figures.percent(found.save_rate)} of contacted churners stay."
    )
    return Chart(f"What contacting would have earned, {who}", figure, note)


def _backtest(content: ReportContent) -> list[Block]:
    heading = Heading("Forecasts against what happened, at earlier dates")
    found = content.evidence.backtest
    if isinstance(found, Missing):
        return [heading, Text(found.reason, "soft")]
    note = (
        "Made with what was known on the date. Profit: of contacting those for whom it would have paid in expectation,"
        " and as many of the longest silent ones."
    )
    of_active = active_dates(found.value)
    everybody = registry_table(_BACKTEST, found.value, currency=content.currency, note=note)
    if not of_active:
        return [heading, everybody]
    return [
        Heading("Forecasts for active customers against what happened, at earlier dates"),
        registry_table(_BACKTEST, of_active, currency=content.currency, note=note),
        Heading("The same for all customers"),
        everybody,
    ]


def _value_errors(content: ReportContent) -> list[Block]:
    """MAE and RMSE of the value of a customer, over the threshold and over a year."""
    if not content.value_errors:
        return []
    note = (
        "In money a customer, net of returns: MAE is what a forecast is off on average, RMSE weighs big misses more. Beside"
        " both stands the same for repeating the customer's past pace."
    )
    table = registry_table(_VALUE_ERRORS, content.value_errors, currency=content.currency, note=note)
    return [Heading("How far off the value of a customer was"), table]


def _uses(content: ReportContent) -> list[Block]:
    card = content.evidence.model_card
    uses = (f"For: {_inside(card.intended_use)}", *(f"Not for: {_inside(use)}" for use in card.not_for))
    return [Heading("What it is for, and what not"), Bullets(uses)]


def _inside(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
