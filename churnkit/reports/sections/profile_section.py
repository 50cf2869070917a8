"""The whole profile of a shop's data as a document."""

from __future__ import annotations

from churnkit.reports.code_words import COLUMN_WORDS
from churnkit.reports.document import (
    Block,
    Chart,
    Definitions,
    Heading,
    ReportDocument,
    Section,
    Text,
)
from churnkit.reports.plots import Bar, bar_list
from churnkit.reports.sections.profile_buying import customers_section, products_section
from churnkit.reports.sections.profile_over_time import time_section
from churnkit.reports.sections.profile_threshold import threshold_section
from churnkit.reports.sections.quality_section import (
    checks_table,
    ledger_blocks,
    rows_words,
    score_callout,
    span_words,
    volume_cards,
)
from churnkit.reports.sections.registry_table import registry_table
from churnkit.results.profile import Profile
from churnkit.text import figures

_DEDUCTIONS = {"deduction.points": 0.6, "deduction.why": 3.4, "check.remedy": 3.4, "check.code": 0.8}


def profile_document(profile: Profile, name: str) -> ReportDocument:
    """The whole profile, as the profile page shows it."""
    currency = profile.scope.currency
    sections = (
        Section("score", "Score", (score_callout(profile), *volume_cards(profile), *_deductions(profile))),
        threshold_section(profile),
        Section("checks", "Checks", (checks_table(profile.checks, with_remedy=False, code=True),)),
        Section(
            "rows",
            "What was dropped or changed",
            (Text(rows_words(profile)), *ledger_blocks(profile), *missing_blocks(profile)),
        ),
        customers_section(profile),
        time_section(profile),
        products_section(profile),
        Section(
            "definitions",
            "Definitions",
            (Definitions(tuple((line.term, line.meaning) for line in profile.definitions)),),
        ),
    )
    return ReportDocument(
        title="Data profile",
        subtitle=name,
        facts=(span_words(profile), *([f"Amounts in {currency}."] if currency else [])),
        sections=sections,
        running_title=f"Data profile · {name}",
    )


def _deductions(profile: Profile) -> list[Block]:
    deductions = profile.score.deductions
    if not deductions:
        return [Text("Nothing was deducted.")]
    return [Heading("What the score lost"), registry_table(_DEDUCTIONS, deductions, points=figures.lost)]


def missing_blocks(profile: Profile) -> list[Block]:
    """Columns with missing values as bars."""
    incomplete = [line for line in profile.missing if line.missing]
    complete = [_column(line.column) for line in profile.missing if not line.missing]
    blocks: list[Block] = [Heading("Missing values")]
    if complete:
        blocks.append(Text(f"Complete: {', '.join(complete).lower()}."))
    if incomplete:
        bars = [
            Bar(
                _column(line.column),
                line.share,
                f"{figures.count(line.missing)} ({figures.percent(line.share)})",
                "third" if line.flagged else "first",
            )
            for line in incomplete
        ]
        blocks.append(
            Chart(
                "Rows without a value",
                bar_list(bars, "Missing values by column"),
                "Red: more than a fifth of a required column.",
            )
        )
    return blocks


def _column(name: str) -> str:
    return COLUMN_WORDS.get(name, name)
