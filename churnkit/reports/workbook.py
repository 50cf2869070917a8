"""The Excel workbook of an analysis: every customer, and the evidence behind the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import pandas as pd

from churnkit.reports.code_words import OUTCOME_WORDS, TIER_WORDS
from churnkit.reports.content import NO_FIGURES, ReportContent
from churnkit.reports.group_sheets import group_sheets
from churnkit.reports.sections.glossary_section import GLOSSARY
from churnkit.reports.xlsx import Cell, Sheet, room_for_rows, write_xlsx
from churnkit.results.evidence.standing_now import Estimate
from churnkit.results.found import Found, Missing
from churnkit.results.money_strip import MoneyStrip
from churnkit.results.past_dates import active_dates
from churnkit.results.quality import quality_lines
from churnkit.results.recommended import Recommendation
from churnkit.text import figures
from churnkit.text.columns import CUSTOMERS, Column, column
from churnkit.text.terms import TERMS
from churnkit.tournament.names import model_label

T = TypeVar("T")

_TIER_COLUMNS = ("risk_tier", "risk_tier_before")
_LEADERBOARD = (
    "model.candidate",
    "model.kind",
    "is_champion",
    "model.score",
    "roc_auc_active",
    "roc_auc",
    "average_precision",
    "log_loss",
    "brier",
    "ece",
    "f1",
    "precision",
    "recall",
    "lift_at_10",
    "expected_profit",
    "roc_auc_sd",
    "log_loss_sd",
    "model.calibration",
    "model.params",
    "model.verdict",
)
_QUALITY = (
    "quality.population",
    "roc_auc",
    "roc_auc_low",
    "expected_churn_rate",
    "actual_churn_rate",
    "log_loss",
    "log_loss_of_base_rate",
    "brier",
    "average_precision",
    "ece",
    "lift_at_20",
    "past.expected_spend",
    "actual_spend",
    "quality.windows",
    "quality.customers",
)
_DATES = (
    "quality.population",
    "cutoff",
    "customers",
    "roc_auc",
    "log_loss",
    "log_loss_of_base_rate",
    "ece",
    "expected_churn_rate",
    "actual_churn_rate",
    "past.expected_spend",
    "actual_spend",
    "past.contacted",
    "profit_chosen",
    "profit_recency",
    "profit_random",
    "profit_everybody",
)
_TENTHS = (
    "cutoff",
    "decile",
    "customers",
    "tenth.expected_churners",
    "actual_churners",
    "past.expected_spend",
    "actual_spend",
    "tenth.profit_model",
    "tenth.profit_recency",
    "tenth.profit_random",
)
_DRIVERS = ("driver.words", "share_high", "share_rest", "customers")
_FACTS = ("fact.label", "fact.share", "mean_absolute_log_odds", "fact.direction", "fact.feature")
_RULES = ("found.words", "customers", "found.precision", "found.coverage", "found.base_rate", "found.lift")
_CHECKS = (
    "check.code",
    "check.group",
    "check.title",
    "check.outcome",
    "check.points",
    "check.words",
    "check.remedy",
)
_LEDGER = ("ledger.reason", "ledger.action", "rows", "share", "ledger.explanation", "ledger.examples")


def render_workbook(content: ReportContent, customers: pd.DataFrame, deciles: pd.DataFrame) -> bytes:
    """The workbook as bytes.

    Parameters
    ----------
    customers
        ``results.customers``, by rank; columns that it lacks are left out.
    deciles
        ``backtest.parquet``.
    """
    sheets = (
        _summary(content),
        _customers(content, customers),
        _models(content),
        _forecast_quality(content),
        _dates(content),
        _deciles(content, deciles),
        _drivers(content),
        _facts(content),
        _rules(content),
        *group_sheets(content),
        _quality(content),
        _left_out(content),
        _definitions(),
    )
    return write_xlsx(sheets, title=f"Churn report: {content.name}")


def _title(text: str, *notes: str) -> tuple[Cell, ...]:
    return (Cell(text, "title"), *(Cell(note, "note") for note in notes))


def _summary(content: ReportContent) -> Sheet:
    summary, tiers = content.summary, content.summary.customers.tiers
    evidence = content.evidence
    rate, totals = evidence.churn_rate, summary.customers
    scope = content.profile.scope
    rows: list[tuple[object, object, object]] = [
        ("File", content.name, None),
        *(("Before you act on this", None, notice) for notice in content.notices),
        ("Orders from", figures.day(scope.first_order), None),
        ("Orders to", figures.day(scope.last_order), None),
        ("Customers scored at", figures.day(summary.question.cutoff), None),
        ("Churn threshold in days", _count(content.horizon_days), "No purchase for so long counts as churn."),
        ("Currency", content.currency or "not named in the file", None),
        ("Customers", _count(content.customer_count), "With a purchase; all are scored."),
        ("Active customers", _count(totals.active.customers), "Bought within the threshold."),
        ("Lapsed customers", _count(totals.lapsed.customers), "Silent for longer: in no figure of risk."),
        *_money_rows(summary.money),
        ("Active customers expected to leave", Cell(rate.value, column("mean_p_churn")), None),
        ("  80 % interval, low", Cell(rate.low, column("mean_p_churn")), rate.interval_words),
        ("  80 % interval, high", Cell(rate.high, column("mean_p_churn")), None),
        *_risk_rows(evidence.revenue_at_risk),
        *(
            (f"{TIER_WORDS[name]}: active customers", _count(tier.customers), None)
            for name, tier in (("high", tiers.high), ("medium", tiers.medium), ("low", tiers.low))
        ),
        ("Champion", evidence.champion_title, None),
        *_action_rows(evidence.recommended),
        *(("How far to trust this", None, sentence) for sentence in evidence.trust.sentences),
        *(("What weakens the result", None, note) for note in summary.notes),
        ("Made with", f"churnkit {summary.churnkit_version}", None),
    ]
    columns = _columns("summary.figure", "summary.value", "summary.note")
    return Sheet("Summary", columns, rows, _title("Churn report"), False, content.currency)


_Row = tuple[object, object, object]


def _money_rows(strip: MoneyStrip) -> list[_Row]:
    figures_of = (
        ("Revenue", strip.revenue),
        ("  of it from customers active today", strip.revenue_active),
        ("Forecast for the next 365 days, customers active today", strip.forecast),
        ("Forecast for the next 365 days, lapsed customers", strip.forecast_lapsed),
    )
    rows: list[_Row] = []
    for name, figure in figures_of:
        rows.append((name, Cell(figure.value, column("clv")), figure.words))
        if figure.low is not None and figure.high is not None:
            rows.append(("  80 % interval, low", Cell(figure.low, column("clv")), None))
            rows.append(("  80 % interval, high", Cell(figure.high, column("clv")), None))
    return rows


def _risk_rows(found: Found[Estimate] | Missing) -> list[_Row]:
    if isinstance(found, Missing):
        return [("Revenue at risk", None, found.reason)]
    risk = found.value
    return [
        ("Revenue at risk", Cell(risk.value, column("value_at_risk")), None),
        ("  80 % interval, low", Cell(risk.low, column("value_at_risk")), risk.interval_words),
        ("  80 % interval, high", Cell(risk.high, column("value_at_risk")), None),
    ]


def _action_rows(found: Found[Recommendation] | Missing) -> list[_Row]:
    if isinstance(found, Missing):
        return [("Recommended action", None, found.reason)]
    outcome = found.value.outcome
    return [
        ("Recommended action", None, found.value.words),
        ("  Customers to contact", _count(outcome.contacted), None),
        ("  Cost", Cell(outcome.cost.value, column("cost")), None),
        ("  Expected to be kept", Cell(outcome.saves.value, column("saves")), None),
        ("  Net gain", Cell(outcome.net.value, column("net")), None),
    ]


def _count(value: object) -> Cell:
    return Cell(value, column("customers"))


def _customers(content: ReportContent, customers: pd.DataFrame) -> Sheet:
    shown = tuple(one for one in CUSTOMERS if one.name in customers)
    currency = f" Amounts in {content.currency}." if content.currency else ""
    notes = [f"By rank: the active first, by what a contact is expected to gain.{currency}"]
    # The title and the notes stand above the table's header.
    room = room_for_rows(above=3)
    if len(customers) > room:
        notes.append(
            f"A sheet holds {figures.count(room)} of the {figures.count(len(customers))} customers, the first;"
            " the CSV of scores holds all."
        )
    rows = zip(*(_values(customers[one.name].head(room), one.name) for one in shown), strict=True)
    return Sheet("Customers", shown, rows, _title("All customers", *notes), currency=content.currency)


def _values(column: pd.Series, name: str) -> list[object]:
    plain = column.astype(object).where(column.notna(), None).tolist()
    if name in _TIER_COLUMNS:
        return [None if tier is None else str(tier) for tier in plain]
    return plain


def _columns(*keys: str) -> tuple[Column, ...]:
    return tuple(column(key) for key in keys)


def _lines(
    found: Iterable[object], columns: Sequence[Column], **written: Callable[[Any], object]
) -> list[list[object]]:
    """A row for each object; ``written`` turns its attribute of that name into what is shown."""
    return [[written.get(one.name, _as_it_is)(getattr(line, one.name)) for one in columns] for line in found]


def _as_it_is(value: Any) -> object:
    return value


def _models(content: ReportContent) -> Sheet:
    columns = _columns(*_LEADERBOARD)
    rows = _lines(content.leaderboard, columns, candidate=model_label)
    note = (
        "Measured on dates after those that each candidate learned from."
        if rows
        else "No model competed: the data carry simple rules only."
    )
    return Sheet("Models", columns, rows, _title("Leaderboard", note), currency=content.currency)


def _forecast_quality(content: ReportContent) -> Sheet:
    columns = _columns(*_QUALITY)
    trust = content.evidence.trust
    rows = _lines(quality_lines(trust.quality), columns)
    note = "At past dates that do not overlap. The grade rests on the active." if rows else trust.sentences[0]
    return Sheet(
        "Forecast quality", columns, rows, _title("How good the forecast is", note), currency=content.currency
    )


def _dates(content: ReportContent) -> Sheet:
    columns = _columns(*_DATES)
    found = content.evidence.backtest
    past = _found(found)
    rows = [
        [name, *line]
        for name, dates in (("Active", active_dates(past)), ("All", past))
        for line in _lines(dates, columns[1:])
    ]
    note = _note(found, "Forecasts made with what was known on the date.")
    title = _title("Forecasts against what happened", note)
    return Sheet("Backtest", columns, rows, title, currency=content.currency)


def _deciles(content: ReportContent, deciles: pd.DataFrame) -> Sheet:
    columns = tuple(one for one in _columns(*_TENTHS) if one.name in deciles or one.name == "cutoff")
    rows: Iterable[Sequence[object]] = (
        zip(*(_values(deciles[one.name], one.name) for one in columns), strict=True) if len(deciles) else ()
    )
    note = "All customers of each date in tenths of forecast risk, and what contacting down to each would have earned."
    title = _title("Forecasts by tenth of risk", note)
    return Sheet("Backtest by tenth", columns, rows, title, currency=content.currency)


def _drivers(content: ReportContent) -> Sheet:
    columns = _columns(*_DRIVERS)
    found = content.evidence.drivers
    rows, note = _lines(_found(found), columns), _note(found, "Shares of customers, not causes.")
    return Sheet("Drivers", columns, rows, _title("Drivers", note))


def _facts(content: ReportContent) -> Sheet:
    columns = _columns(*_FACTS)
    rows = _lines(content.evidence.importance, columns)
    note = "What the model uses, not a cause." if rows else NO_FIGURES
    return Sheet("Facts", columns, rows, _title(TERMS["importance"].title, note))


def _rules(content: ReportContent) -> Sheet:
    columns = _columns(*_RULES)
    found = content.evidence.rules
    rows = _lines(_found(found), columns)
    note = _note(found, "Measured on customers and a date that the rules had not seen.")
    return Sheet("Rules", columns, rows, _title("Rules", note))


def _quality(content: ReportContent) -> Sheet:
    score = content.profile.score
    columns = _columns(*_CHECKS)
    rows = _lines(content.profile.checks, columns, outcome=OUTCOME_WORDS.__getitem__)
    note = f"{figures.decimal(score.value)} of {figures.decimal(score.out_of)}. {score.words}"
    return Sheet("Quality", columns, rows, _title("Data quality", note))


def _left_out(content: ReportContent) -> Sheet:
    columns = _columns(*_LEDGER)
    rows = _lines(content.profile.ledger, columns, reason=lambda code: code.replace("_", " "))
    count = content.profile.rows
    note = f"{figures.count(count.in_)} rows in the file, {figures.count(count.kept)} kept."
    return Sheet("Left out", columns, rows, _title("Rows dropped or mended", note))


def _definitions() -> Sheet:
    columns = _columns("definition.term", "definition.meaning")
    return Sheet("Definitions", columns, GLOSSARY, _title("Definitions"), filtered=False)


def _found(part: Found[tuple[T, ...]] | Missing) -> tuple[T, ...]:
    return () if isinstance(part, Missing) else part.value


def _note(part: Found[T] | Missing, otherwise: str) -> str:
    return part.reason if isinstance(part, Missing) else otherwise
