"""What the report's words mean, how it was made, and from what."""

from __future__ import annotations

from churnkit.reports.code_words import COLUMN_WORDS
from churnkit.reports.content import ReportContent
from churnkit.reports.document import Bullets, Definitions, Heading, Section, Text
from churnkit.text import figures
from churnkit.text.terms import TERMS

GLOSSARY = tuple(
    TERMS[name]
    for name in (
        "churn",
        "threshold",
        "p_churn",
        "risk_tier",
        "clv",
        "value_at_risk",
        "interval",
        "champion",
        "baseline",
        "auc",
        "log_loss",
        "ece",
        "f1",
        "purchase_process",
        "importance",
    )
)


def definitions_section(content: ReportContent) -> Section:
    """The glossary, and how the file was read."""
    file = content.summary.file
    columns = ", ".join(f"{_field(field)} from “{column}”" for field, column in file.mapping.items())
    returns = (
        "Returns and cancelled amounts are netted against revenue."
        if file.returns == "net"
        else "Returns and cancelled amounts are ignored."
    )
    return Section(
        "definitions",
        "Definitions and sources",
        (
            Definitions(GLOSSARY),
            Heading("How the file was read"),
            Text(
                f"{content.name}, read as {file.format}: {columns}."
                f" {figures.count(file.rows_in)} rows in the file, {figures.count(file.rows_kept)} used. {returns}"
            ),
            *([Bullets(file.notes)] if file.notes else []),
            Text(f"Made with churnkit {content.summary.churnkit_version}.", "soft"),
        ),
    )


def _field(name: str) -> str:
    return COLUMN_WORDS.get(name, name.replace("_", " ")).lower()
