"""Files of an analysis that can be taken away, by kind: their names, before anything of them is made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ReportKind = Literal["pdf", "html", "xlsx", "scores", "features", "features_parquet"]
ProfileKind = Literal["profile_pdf", "profile_html", "ledger"]

_UNSAFE = re.compile(r"[^\w.-]+")
_STEM_LETTERS = 60


@dataclass(frozen=True)
class Download:
    """One kind of file that can be taken away; ``ending`` follows the analysis' name in its own."""

    label: str
    words: str
    ending: str
    mime: str


DOWNLOADS: dict[str, Download] = {
    "pdf": Download("PDF", "The report to print or send on.", "churn-report.pdf", "application/pdf"),
    "html": Download(
        "Web page", "The same as one file for any browser, light and dark.", "churn-report.html", "text/html"
    ),
    "xlsx": Download(
        "Excel workbook",
        "Every customer and the evidence, with filters.",
        "churn-report.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "scores": Download("Scores as CSV", "One line a customer, for other programs.", "scores.csv", "text/csv"),
    "features": Download(
        "Features as CSV",
        "What the models saw of each customer, one line each: for a spreadsheet.",
        "features.csv",
        "text/csv",
    ),
    "features_parquet": Download(
        "Features as Parquet",
        "The same with its types, small and fast to read: for pandas, DuckDB, R or a warehouse.",
        "features.parquet",
        "application/vnd.apache.parquet",
    ),
    "ledger": Download("Ledger as CSV", "Rows dropped or mended, by reason.", "ledger.csv", "text/csv"),
    "profile_pdf": Download(
        "Profile as PDF", "The data's quality in full.", "data-profile.pdf", "application/pdf"
    ),
    "profile_html": Download(
        "Profile as web page", "The same as one file for any browser.", "data-profile.html", "text/html"
    ),
}


def file_name(kind: str, name: str) -> str:
    """A safe file name: the analysis' own, cut and without its ending, and what the file is."""
    stem = _UNSAFE.sub("-", Path(name).stem)[:_STEM_LETTERS].strip("-._")
    return f"{stem or 'analysis'}-{DOWNLOADS[kind].ending}"
