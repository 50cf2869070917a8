"""The Excel workbook of an analysis: every customer, and the evidence behind the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from churnkit.reports.code_words import OUTCOME_WORDS, TIER_WORDS
from churnkit.reports.content import ReportContent
from churnkit.reports.sections.glossary_section import GLOSSARY
from churnkit.reports.xlsx import Cell, Sheet, room_for_rows, write_xlsx
from churnkit.text import figures
from churnkit.text.columns import CUSTOMERS, Column, column
from churnkit.text.terms import TERMS
from churnkit.tournament.names import model_label

_TIER_COLUMNS = ("risk_tier", "risk_tier_before")
_LEADERBOARD = (
    "model.candidate",
    "model.kind",
    "is_champion",
    "model.score",
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
_DATES = (
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
        ``customers.parquet``, riskiest first; columns that it lacks are left out.
    deciles
        ``backtest.parquet``.
    """
    sheets = (
        _summary(content),
        _customers(content, customers),
        _models(content),
        _dates(content),
        _deciles(content, deciles),
        _drivers(content),
        _facts(content),
        _rules(content),
        _quality(content),
        _left_out(content),
        _definitions(),
    )
    return write_xlsx(sheets, title=f"Churn report: {content.name}")


def _title(text: str, *notes: str) -> tuple[Cell, ...]:
    return (Cell(text, "title"), *(Cell(note, "note") for note in notes))


def _summary(content: ReportContent) -> Sheet:
    summary, tiers = content.summary, content.summary.customers.tiers
    rate, risk = content.found("churn_rate") or {}, content.found("revenue_at_risk") or {}
    action = content.found("recommended") or {}
    trust = content.found("trust") or {}
    scope = content.profile.scope
    rows: list[tuple[object, object, object]] = [
        ("File", content.name, None),
        ("Orders from", figures.day(scope.first_order), None),
        ("Orders to", figures.day(scope.last_order), None),
        ("Customers scored at", figures.day(summary.question.cutoff), None),
        ("Churn threshold in days", _count(content.horizon_days), "No purchase for so long counts as churn."),
        ("Currency", content.currency or "not named in the file", None),
        ("Customers", _count(content.customer_count), "With a purchase; all are scored."),
        (
            "Predicted churn rate",
            Cell(rate.get("mean", summary.customers.mean_p_churn), column("mean_p_churn")),
            None,
        ),
        ("  80 % interval, low", Cell(rate.get("low"), column("mean_p_churn")), rate.get("interval_words")),
        ("  80 % interval, high", Cell(rate.get("high"), column("mean_p_churn")), None),
        (
            "Revenue at risk",
            Cell(risk.get("value"), column("value_at_risk")),
            _reason(content, "revenue_at_risk"),
        ),
        ("  80 % interval, low", Cell(risk.get("low"), column("value_at_risk")), risk.get("interval_words")),
        ("  80 % interval, high", Cell(risk.get("high"), column("value_at_risk")), None),
        *(
            (f"{TIER_WORDS[name]}: customers", _count(tier.customers), None)
            for name, tier in (("high", tiers.high), ("medium", tiers.medium), ("low", tiers.low))
        ),
        ("Champion", content.champion_title, None),
        ("Recommended action", None, action.get("words") or content.why_missing("recommended")),
        ("  Customers to contact", _count(action.get("customers")), None),
        ("  Cost", Cell(action.get("cost"), column("cost")), None),
        ("  Expected to be kept", Cell(action.get("expected_saves"), column("saves")), None),
        ("  Net gain", Cell(action.get("net"), column("net")), None),
        *(("How far to trust this", None, sentence) for sentence in trust.get("sentences", ())),
        *(("What weakens the result", None, note) for note in summary.notes),
        ("Made with", f"churnkit {summary.churnkit_version}", None),
    ]
    columns = _columns("summary.figure", "summary.value", "summary.note")
    return Sheet("Summary", columns, rows, _title("Churn report"), False, content.currency)


def _count(value: object) -> Cell:
    return Cell(value, column("customers"))


def _reason(content: ReportContent, key: str) -> str | None:
    return None if content.found(key) else content.why_missing(key)


def _customers(content: ReportContent, customers: pd.DataFrame) -> Sheet:
    shown = tuple(one for one in CUSTOMERS if one.name in customers)
    currency = f" Amounts in {content.currency}." if content.currency else ""
    notes = [f"Riskiest first.{currency}"]
    # The title and the notes stand above the table's header.
    room = room_for_rows(above=3)
    if len(customers) > room:
        notes.append(
            f"A sheet holds {figures.count(room)} of the {figures.count(len(customers))} customers, the riskiest;"
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
    found: Iterable[Mapping[str, Any]], columns: Sequence[Column], **written: Callable[[Any], object]
) -> list[list[object]]:
    """A row for each mapping; ``written`` turns what stands under a name into what is shown."""
    return [[written.get(one.name, _as_it_is)(line.get(one.name)) for one in columns] for line in found]


def _as_it_is(value: Any) -> object:
    return value


def _models(content: ReportContent) -> Sheet:
    columns = _columns(*_LEADERBOARD)
    rows = _lines(
        content.leaderboard, columns, candidate=lambda name: model_label(str(name)), is_champion=bool
    )
    note = (
        "Measured on dates after those that each candidate learned from."
        if rows
        else "No model competed: the data carry simple rules only."
    )
    return Sheet("Models", columns, rows, _title("Leaderboard", note), currency=content.currency)


def _dates(content: ReportContent) -> Sheet:
    columns = _columns(*_DATES)
    rows = _lines(content.found("backtest") or (), columns, cutoff=_day)
    note = "Forecasts made with what was known on the date." if rows else content.why_missing("backtest")
    title = _title("Forecasts against what happened", note)
    return Sheet("Backtest", columns, rows, title, currency=content.currency)


def _deciles(content: ReportContent, deciles: pd.DataFrame) -> Sheet:
    columns = tuple(one for one in _columns(*_TENTHS) if one.name in deciles or one.name == "cutoff")
    rows: Iterable[Sequence[object]] = (
        zip(*(_values(deciles[one.name], one.name) for one in columns), strict=True) if len(deciles) else ()
    )
    note = "Customers of each date in tenths of forecast risk, and what contacting down to each would have earned."
    title = _title("Forecasts by tenth of risk", note)
    return Sheet("Backtest by tenth", columns, rows, title, currency=content.currency)


def _drivers(content: ReportContent) -> Sheet:
    columns = _columns(*_DRIVERS)
    rows = _lines(content.found("drivers") or (), columns)
    note = "Shares of customers, not causes." if rows else content.why_missing("drivers")
    return Sheet("Drivers", columns, rows, _title("Drivers", note))


def _facts(content: ReportContent) -> Sheet:
    columns = _columns(*_FACTS)
    rows = _lines(content.found("importance") or (), columns)
    note = "What the model uses, not a cause." if rows else content.why_missing("importance")
    return Sheet("Facts", columns, rows, _title(TERMS["importance"].title, note))


def _rules(content: ReportContent) -> Sheet:
    columns = _columns(*_RULES)
    rows = _lines(content.found("rules") or (), columns)
    note = (
        "Measured on customers and a date that the rules had not seen."
        if rows
        else content.why_missing("rules")
    )
    return Sheet("Rules", columns, rows, _title("Rules", note))


def _quality(content: ReportContent) -> Sheet:
    score = content.profile.score
    columns = _columns(*_CHECKS)
    rows = _lines(map(vars, content.profile.checks), columns, outcome=OUTCOME_WORDS.__getitem__)
    note = f"{figures.decimal(score.value)} of {figures.decimal(score.out_of)}. {score.words}"
    return Sheet("Quality", columns, rows, _title("Data quality", note))


def _left_out(content: ReportContent) -> Sheet:
    columns = _columns(*_LEDGER)
    rows = _lines(map(vars, content.profile.ledger), columns, reason=lambda code: code.replace("_", " "))
    count = content.profile.rows
    note = f"{figures.count(count.in_)} rows in the file, {figures.count(count.kept)} kept."
    return Sheet("Left out", columns, rows, _title("Rows dropped or mended", note))


def _definitions() -> Sheet:
    columns = _columns("definition.term", "definition.meaning")
    return Sheet("Definitions", columns, GLOSSARY, _title("Definitions"), filtered=False)


def _day(text: str) -> Any:
    return pd.Timestamp(text).to_pydatetime()
