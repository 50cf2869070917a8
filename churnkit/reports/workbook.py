"""The Excel workbook of an analysis: every customer, and the evidence behind the figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from churnkit.reports.code_words import OUTCOME_WORDS, TIER_WORDS
from churnkit.reports.content import ReportContent
from churnkit.reports.sections.glossary_section import GLOSSARY
from churnkit.reports.xlsx import Cell, Format, Sheet, SheetColumn, room_for_rows, write_xlsx
from churnkit.text import figures
from churnkit.tournament.names import model_label

# Column of customers.parquet, its title, how it is written, its width.
CUSTOMER_SHEET: tuple[tuple[str, str, Format, float], ...] = (
    ("customer_id", "Customer", "text", 26),
    ("p_churn", "Churn probability", "percent", 12),
    ("risk_tier", "Risk tier", "text", 12),
    ("value_at_risk", "Value at risk", "money", 13),
    ("clv", "Value of a year", "money", 13),
    ("clv_if_kept", "Value of a year if kept", "money", 13),
    ("expected_orders", "Expected orders", "decimal", 11),
    ("expected_spend", "Expected spend", "money", 13),
    ("expected_spend_low", "Expected spend, low", "money", 13),
    ("expected_spend_high", "Expected spend, high", "money", 13),
    ("last_purchase_at", "Last purchase", "day", 12),
    ("recency_days", "Days since last purchase", "count", 12),
    ("first_purchase_at", "First purchase", "day", 12),
    ("order_count", "Orders", "count", 9),
    ("monetary_total", "Spend so far", "money", 13),
    ("mean_order_value", "Mean order", "money", 12),
    ("gap_mean_days", "Usual gap in days", "decimal", 11),
    ("overdue_ratio", "Days since, in usual gaps", "decimal", 12),
    ("segment", "Segment", "text", 18),
    ("r_score", "R", "count", 5),
    ("f_score", "F", "count", 5),
    ("m_score", "M", "count", 5),
    ("p_alive", "Alive (purchase process)", "percent", 12),
    ("p_churn_before", "Churn probability one threshold ago", "percent", 14),
    ("risk_tier_before", "Risk tier then", "text", 12),
    ("p_churn_if_bought", "Churn probability if bought today", "percent", 14),
    ("factor_1", "First reason", "text", 46),
    ("factor_2", "Second reason", "text", 46),
    ("factor_3", "Third reason", "text", 46),
)
_TIER_COLUMNS = ("risk_tier", "risk_tier_before")
_LEADERBOARD_SHEET: tuple[tuple[str, str, Format], ...] = (
    ("score", "Score", "decimal"),
    ("roc_auc", "AUC", "decimal"),
    ("average_precision", "Average precision", "decimal"),
    ("log_loss", "Log loss", "decimal"),
    ("brier", "Brier score", "decimal"),
    ("ece", "ECE", "decimal"),
    ("f1", "F1", "decimal"),
    ("precision", "Precision", "decimal"),
    ("recall", "Recall", "decimal"),
    ("lift_at_10", "Lift in the top tenth", "decimal"),
    ("expected_profit", "Profit of contacting", "money"),
    ("roc_auc_sd", "AUC, spread over folds", "decimal"),
    ("log_loss_sd", "Log loss, spread over folds", "decimal"),
    ("calibration", "Calibration", "text"),
    ("params", "Settings", "text"),
)
_DATE_SHEET: tuple[tuple[str, str, Format], ...] = (
    ("customers", "Customers", "count"),
    ("roc_auc", "AUC", "decimal"),
    ("log_loss", "Log loss", "decimal"),
    ("log_loss_of_base_rate", "Log loss of the base rate", "decimal"),
    ("ece", "ECE", "decimal"),
    ("expected_churn_rate", "Churn forecast", "percent"),
    ("actual_churn_rate", "Churn that came", "percent"),
    ("expected_spend", "Spend forecast", "money"),
    ("actual_spend", "Spend that came", "money"),
    ("contacted", "Would have contacted", "count"),
    ("profit_chosen", "Profit of the model", "money"),
    ("profit_recency", "Profit by recency", "money"),
    ("profit_random", "Profit at random", "money"),
    ("profit_everybody", "Profit of contacting everybody", "money"),
)
_DECILE_SHEET: tuple[tuple[str, str, Format], ...] = (
    ("decile", "Tenth, riskiest first", "count"),
    ("customers", "Customers", "count"),
    ("expected_churners", "Churners forecast", "decimal"),
    ("actual_churners", "Churners that came", "count"),
    ("expected_spend", "Spend forecast", "money"),
    ("actual_spend", "Spend that came", "money"),
    ("profit_model", "Profit down to here, model", "money"),
    ("profit_recency", "Profit down to here, recency", "money"),
    ("profit_random", "Profit down to here, random", "money"),
)


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
        _deciles(deciles),
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
    scope = content.profile["scope"]
    rows: list[tuple[object, object, object]] = [
        ("File", content.name, None),
        ("Orders from", figures.day(scope["first_order"]), None),
        ("Orders to", figures.day(scope["last_order"]), None),
        ("Customers scored at", figures.day(summary.question.cutoff), None),
        ("Churn threshold in days", _count(content.horizon_days), "No purchase for so long counts as churn."),
        ("Currency", content.currency or "not named in the file", None),
        ("Customers", _count(content.customer_count), "With a purchase; all are scored."),
        ("Predicted churn rate", Cell(rate.get("mean", summary.customers.mean_p_churn), "percent"), None),
        ("  80 % interval, low", Cell(rate.get("low"), "percent"), rate.get("interval_words")),
        ("  80 % interval, high", Cell(rate.get("high"), "percent"), None),
        ("Revenue at risk", Cell(risk.get("value"), "money"), _reason(content, "revenue_at_risk")),
        ("  80 % interval, low", Cell(risk.get("low"), "money"), risk.get("interval_words")),
        ("  80 % interval, high", Cell(risk.get("high"), "money"), None),
        *(
            (f"{TIER_WORDS[name]}: customers", _count(tier.customers), None)
            for name, tier in (("high", tiers.high), ("medium", tiers.medium), ("low", tiers.low))
        ),
        ("Champion", content.champion_title, None),
        ("Recommended action", None, action.get("words") or content.why_missing("recommended")),
        ("  Customers to contact", _count(action.get("customers")), None),
        ("  Cost", Cell(action.get("cost"), "money"), None),
        ("  Expected to be kept", Cell(action.get("expected_saves"), "decimal"), None),
        ("  Net gain", Cell(action.get("net"), "money"), None),
        *(("How far to trust this", None, sentence) for sentence in trust.get("sentences", ())),
        *(("What weakens the result", None, note) for note in summary.notes),
        ("Made with", f"churnkit {summary.churnkit_version}", None),
    ]
    columns = (
        SheetColumn("Figure", width=28),
        SheetColumn("Value", width=26),
        SheetColumn("Note", "wrapped", 90),
    )
    return Sheet("Summary", columns, rows, _title("Churn report"), filtered=False)


def _count(value: object) -> Cell:
    return Cell(value, "count")


def _reason(content: ReportContent, key: str) -> str | None:
    return None if content.found(key) else content.why_missing(key)


def _customers(content: ReportContent, customers: pd.DataFrame) -> Sheet:
    shown = [line for line in CUSTOMER_SHEET if line[0] in customers]
    currency = f" Amounts in {content.currency}." if content.currency else ""
    notes = [f"Riskiest first.{currency}"]
    # The title and the notes stand above the table's header.
    room = room_for_rows(above=3)
    if len(customers) > room:
        notes.append(
            f"A sheet holds {figures.count(room)} of the {figures.count(len(customers))} customers, the riskiest;"
            " the CSV of scores holds all."
        )
    columns = tuple(SheetColumn(title, how, width) for _name, title, how, width in shown)
    values = [_values(customers[name].head(room), name) for name, *_rest in shown]
    rows = zip(*values, strict=True)
    return Sheet("Customers", columns, rows, _title("All customers", *notes))


def _values(column: pd.Series, name: str) -> list[object]:
    plain = column.astype(object).where(column.notna(), None).tolist()
    if name in _TIER_COLUMNS:
        return [None if tier is None else str(tier) for tier in plain]
    return plain


def _models(content: ReportContent) -> Sheet:
    columns = (
        SheetColumn("Candidate", width=36),
        SheetColumn("Kind", width=12),
        SheetColumn("Champion", width=10),
        *(SheetColumn(title, how, 40 if how == "text" else 13) for _name, title, how in _LEADERBOARD_SHEET),
        SheetColumn("Verdict", width=70),
    )
    rows = [
        (
            model_label(str(line["candidate"])),
            str(line["kind"]),
            bool(line["is_champion"]),
            *(line.get(name) for name, _title, _how in _LEADERBOARD_SHEET),
            line.get("verdict"),
        )
        for line in content.leaderboard
    ]
    note = (
        "Measured on dates after those that each candidate learned from."
        if rows
        else "No model competed: the data carry simple rules only."
    )
    return Sheet("Models", columns, rows, _title("Leaderboard", note))


def _dates(content: ReportContent) -> Sheet:
    found: Sequence[Mapping[str, Any]] = content.found("backtest") or ()
    columns = (
        SheetColumn("Date", "day", 12),
        *(SheetColumn(title, how, 14) for _name, title, how in _DATE_SHEET),
    )
    rows = [(_day(line["cutoff"]), *(line.get(name) for name, _title, _how in _DATE_SHEET)) for line in found]
    note = "Forecasts made with what was known on the date." if rows else content.why_missing("backtest")
    return Sheet("Backtest", columns, rows, _title("Forecasts against what happened", note))


def _deciles(deciles: pd.DataFrame) -> Sheet:
    names = [name for name, _title, _how in _DECILE_SHEET if name in deciles]
    columns = (
        SheetColumn("Date", "day", 12),
        *(SheetColumn(title, how, 14) for name, title, how in _DECILE_SHEET if name in names),
    )
    values = [_values(deciles[name], name) for name in ("cutoff", *names)] if len(deciles) else []
    rows: Iterable[Sequence[object]] = zip(*values, strict=True) if values else ()
    note = "Customers of each date in tenths of forecast risk, and what contacting down to each would have earned."
    return Sheet("Backtest by tenth", columns, rows, _title("Forecasts by tenth of risk", note))


def _drivers(content: ReportContent) -> Sheet:
    found: Sequence[Mapping[str, Any]] = content.found("drivers") or ()
    columns = (
        SheetColumn("What high-risk customers have in common", "wrapped", 90),
        SheetColumn("Of high-risk customers", "percent", 14),
        SheetColumn("Of the others", "percent", 14),
        SheetColumn("Customers", "count", 12),
    )
    rows = [
        (line["words"], line.get("share_high"), line.get("share_rest"), line.get("customers"))
        for line in found
    ]
    note = "Shares of customers, not causes." if rows else content.why_missing("drivers")
    return Sheet("Drivers", columns, rows, _title("Drivers", note))


def _facts(content: ReportContent) -> Sheet:
    found: Sequence[Mapping[str, Any]] = content.found("importance") or ()
    columns = (
        SheetColumn("Fact", width=52),
        SheetColumn("Share of all pushes", "percent", 14),
        SheetColumn("Mean push (log-odds)", "decimal", 14),
        SheetColumn("Direction", width=30),
        SheetColumn("Column of the features", width=30),
    )
    rows = [
        (
            line["label"],
            line.get("share"),
            line.get("mean_absolute_log_odds"),
            line.get("direction"),
            line.get("feature"),
        )
        for line in found
    ]
    note = "What the model uses, not a cause." if rows else content.why_missing("importance")
    return Sheet("Facts", columns, rows, _title("What the forecast rests on", note))


def _rules(content: ReportContent) -> Sheet:
    found: Sequence[Mapping[str, Any]] = content.found("rules") or ()
    columns = (
        SheetColumn("Rule", "wrapped", 90),
        SheetColumn("Customers", "count", 12),
        SheetColumn("Right", "percent", 12),
        SheetColumn("Of all churners", "percent", 12),
        SheetColumn("All that churned", "percent", 12),
        SheetColumn("Times the mean", "decimal", 12),
    )
    names = ("customers", "precision", "coverage", "base_rate", "lift")
    rows = [(line["words"], *(line.get(name) for name in names)) for line in found]
    note = (
        "Measured on customers and a date that the rules had not seen."
        if rows
        else content.why_missing("rules")
    )
    return Sheet("Rules", columns, rows, _title("Rules", note))


def _quality(content: ReportContent) -> Sheet:
    score = content.profile["score"]
    columns = (
        SheetColumn("Code", width=10),
        SheetColumn("Group", width=22),
        SheetColumn("Check", width=34),
        SheetColumn("Outcome", width=12),
        SheetColumn("Points lost", "decimal", 11),
        SheetColumn("Finding", "wrapped", 70),
        SheetColumn("What to do about it", "wrapped", 70),
    )
    rows = [
        (
            check["code"],
            check["group"],
            check["title"],
            OUTCOME_WORDS[check["outcome"]],
            check["points"],
            check["words"],
            check["remedy"],
        )
        for check in content.profile["checks"]
    ]
    note = f"{figures.decimal(score['value'])} of {figures.decimal(score['out_of'])}. {score['words']}"
    return Sheet("Quality", columns, rows, _title("Data quality", note))


def _left_out(content: ReportContent) -> Sheet:
    columns = (
        SheetColumn("Reason", width=24),
        SheetColumn("Done", width=10),
        SheetColumn("Rows", "count", 12),
        SheetColumn("Share", "percent", 10),
        SheetColumn("Why", "wrapped", 70),
        SheetColumn("Examples", "wrapped", 90),
    )
    rows = [
        (
            line["reason"].replace("_", " "),
            line["action"],
            line["rows"],
            line["share"],
            line["explanation"],
            line["examples"],
        )
        for line in content.profile["ledger"]
    ]
    count = content.profile["rows"]
    note = f"{figures.count(count['in'])} rows in the file, {figures.count(count['kept'])} kept."
    return Sheet("Left out", columns, rows, _title("Rows dropped or mended", note))


def _definitions() -> Sheet:
    columns = (SheetColumn("Term", width=30), SheetColumn("Meaning", "wrapped", 110))
    return Sheet("Definitions", columns, GLOSSARY, _title("Definitions"), filtered=False)


def _day(text: str) -> Any:
    return pd.Timestamp(text).to_pydatetime()
