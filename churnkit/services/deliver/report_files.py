"""Downloads of an analysis: the report as PDF, page and workbook, its tables as CSV, and the profile.

Nothing is kept: a PDF of 20,000 customers takes a second or two, most of it for groups and the months ahead. Callers
hold bytes back for as long as they like; the same analysis gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import pandas as pd

from churnkit.errors import DataError
from churnkit.reports.document import ReportDocument
from churnkit.reports.sections.report import SECTIONS, report_document
from churnkit.results.folders import Results
from churnkit.results.look_folder import Look
from churnkit.services.decide.reach import Reach
from churnkit.services.deliver.downloads import ProfileKind, ReportKind
from churnkit.services.deliver.report_content import profile_of, report_content
from churnkit.services.workspace.brand import NO_BRAND, Brand

LABELS_OF_THE_FUTURE = ("churned", "orders_next", "spend_next")
"""Columns of the panel that are not known yet at the scoring cutoff."""


def build_report(
    results: Results,
    kind: ReportKind,
    name: str,
    sections: Sequence[str] | None = None,
    *,
    reach: Reach | None = None,
    model_owner: str = "",
    brand: Brand = NO_BRAND,
) -> bytes:
    """One file of a finished analysis.

    Parameters
    ----------
    name
        What the analysis is called on the report: the uploaded file's name.
    sections
        Keys of ``SECTIONS`` to put into the PDF or page; None for all. Tables are always whole.
    reach
        How the customers can be reached; what the file says unless given.
    model_owner
        Who answers for the model; empty where nobody is named.
    brand
        Name and logo at the head of the PDF and page.

    Raises
    ------
    DataError
        If a file of the analysis is missing, or no section was chosen.
    """
    if kind == "pdf":
        from churnkit.reports.pdf import render_pdf

        return render_pdf(document(results, name, sections, reach, model_owner, brand))
    if kind == "html":
        from churnkit.reports.html import render_html

        page = render_html(document(results, name, sections, reach, model_owner, brand))
        return page.encode("utf-8", "replace")
    makers: dict[str, Callable[[], bytes]] = {
        "xlsx": lambda: _workbook(results, name),
        "scores": lambda: _csv(results.customers, results.currency),
        "features": lambda: _csv(known_features(results.scored())),
        "features_parquet": lambda: _parquet(known_features(results.scored())),
    }
    return makers[kind]()


def build_profile(look: Look, kind: ProfileKind, name: str) -> bytes:
    """One file of a first look: the profile as PDF or page, or the ledger; parameters as for :func:`build_report`."""
    if kind == "profile_pdf":
        from churnkit.reports.pdf import render_pdf
        from churnkit.reports.sections.profile_section import profile_document

        return render_pdf(profile_document(profile_of(look), name))
    if kind == "profile_html":
        from churnkit.reports.profile_html import render_profile_html

        return render_profile_html(profile_of(look)).encode("utf-8", "replace")
    return _csv(look.ledger)


def first_rows(results: Results, kind: str, number: int = 100) -> pd.DataFrame:
    """How the table of a kind begins, for a preview: scores for the workbook too."""
    if kind in ("features", "features_parquet"):
        return known_features(results.scored()).head(number)
    return (results.ledger if kind == "ledger" else results.customers).head(number)


def document(
    results: Results,
    name: str,
    sections: Sequence[str] | None = None,
    reach: Reach | None = None,
    model_owner: str = "",
    brand: Brand = NO_BRAND,
) -> ReportDocument:
    """The report before it is drawn; errors as for :func:`build_report`."""
    if sections is not None and not set(sections) & set(SECTIONS):
        raise DataError(
            f"Making the report: at least one section is needed, {len(sections)} known ones were chosen.",
            f"Choose some of {', '.join(SECTIONS)}.",
        )
    with_groups = sections is None or bool({"segments", "insights"} & set(sections))
    content = report_content(results, name, reach, with_groups=with_groups, model_owner=model_owner)
    return report_document(content).only(sections).of_shop(brand.name, brand.logo)


def _workbook(results: Results, name: str) -> bytes:
    from churnkit.reports.workbook import render_workbook

    return render_workbook(report_content(results, name), results.customers, results.backtest)


def known_features(scored: pd.DataFrame) -> pd.DataFrame:
    """Panel rows without the outcomes, which nobody knows at the scoring cutoff."""
    return scored.drop(columns=[column for column in LABELS_OF_THE_FUTURE if column in scored])


def _parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return buffer.getvalue()


def _csv(frame: pd.DataFrame, currency: str | None = None) -> bytes:
    from churnkit.reports.csv_files import in_currency, to_csv

    return to_csv(in_currency(frame, currency)).encode("utf-8", "replace")


def build_dictionary(results: Results) -> bytes:
    """The data dictionary with the features of this analysis, as CSV."""
    from churnkit.features.column_names import feature_columns
    from churnkit.reports.csv_files import to_csv
    from churnkit.services.deliver.dictionary.data_dictionary import data_dictionary

    return to_csv(data_dictionary(feature_columns(results.scored()))).encode("utf-8", "replace")
