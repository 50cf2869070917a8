"""What the report's words mean, how it was made, and from what."""

from __future__ import annotations

from churnkit import formats
from churnkit.reports.content import ReportContent
from churnkit.reports.document import Bullets, Definitions, Heading, Section, Text
from churnkit.reports.words import COLUMN_WORDS

GLOSSARY = (
    ("Churn", "No purchase within the churn threshold from the day of the forecast."),
    (
        "Churn threshold",
        "Days of silence that count as churn, and how far ahead the forecast looks. Found from the shop's own gaps"
        " between purchases, or set by hand.",
    ),
    (
        "Churn probability",
        "Of 100 customers at 70 %, about 70 should leave. Calibrated on later dates than those learned from.",
    ),
    ("Risk tier", "High, medium or low by churn probability."),
    ("Value of a year (CLV)", "Expected spend of the next 365 days, times the margin where one is set."),
    (
        "Value at risk",
        "Churn probability times what the next 365 days would bring if the customer stayed. Summed over all: the"
        " revenue at risk.",
    ),
    (
        "80 % interval",
        "In 8 of 10 cases the true figure should lie inside; from how far off the same forecast was at earlier dates.",
    ),
    (
        "Champion",
        "What scores the customers: the model, or simple rule, that did best on past data by a visible score.",
    ),
    (
        "Simple rule",
        "What every model must beat: the base rate, days since the last purchase, the purchase process.",
    ),
    (
        "AUC",
        "The chance that a customer who left was ranked above one who stayed: 0.5 is a coin, 1 is perfect.",
    ),
    ("Log loss", "How good the probabilities are; being sure and wrong costs most. Lower is better."),
    (
        "ECE",
        "Expected calibration error: how far forecast and actual shares differ, on average over groups of like"
        " probability.",
    ),
    (
        "F1",
        "Balance of being right and of finding all churners; calling everybody a churner can score high here.",
    ),
    (
        "Purchase process",
        "A model of buying at an own pace until one drops out (MBG/NBD); it needs no training labels.",
    ),
    (
        "What the forecast rests on",
        "How much each fact moves the log-odds of leaving, on average. It explains the model, not the world.",
    ),
)


def definitions_section(content: ReportContent) -> Section:
    """The glossary, and how the file was read."""
    file = content.summary["file"]
    columns = ", ".join(f"{_field(field)} from “{column}”" for field, column in file["mapping"].items())
    notes = [str(note) for note in file["notes"]]
    returns = (
        "Returns and cancelled amounts are netted against revenue."
        if file["returns"] == "net"
        else "Returns and cancelled amounts are ignored."
    )
    return Section(
        "definitions",
        "Definitions and sources",
        (
            Definitions(GLOSSARY),
            Heading("How the file was read"),
            Text(
                f"{content.name}, read as {file['format']}: {columns}."
                f" {formats.count(file['rows_in'])} rows in the file, {formats.count(file['rows_kept'])} used. {returns}"
            ),
            *([Bullets(tuple(notes))] if notes else []),
            Text(f"Made with churnkit {content.summary['churnkit_version']}.", "soft"),
        ),
    )


def _field(name: str) -> str:
    return COLUMN_WORDS.get(name, name.replace("_", " ")).lower()
