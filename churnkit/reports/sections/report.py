"""The whole report of an analysis."""

from __future__ import annotations

from dataclasses import replace

from churnkit.reports.content import ReportContent
from churnkit.reports.document import ReportDocument
from churnkit.reports.sections.executive_section import executive_section, report_facts
from churnkit.reports.sections.glossary_section import definitions_section
from churnkit.reports.sections.group_section import KEY as GROUPS
from churnkit.reports.sections.group_section import TITLE as GROUPS_TITLE
from churnkit.reports.sections.group_section import group_section
from churnkit.reports.sections.insight_section import insights_section
from churnkit.reports.sections.model_section import models_section
from churnkit.reports.sections.quality_section import quality_section
from churnkit.reports.sections.recommendation_section import recommendations_section

SECTIONS = {
    "summary": "Executive summary",
    "quality": "Data quality",
    "models": "Models",
    "insights": "Insights",
    GROUPS: GROUPS_TITLE,
    "recommendations": "Recommendations",
    "definitions": "Definitions and sources",
}
"""Keys and titles of the report's sections, in order."""


def report_document(content: ReportContent) -> ReportDocument:
    """All sections; ``ReportDocument.only`` takes some."""
    sections = (
        executive_section(content),
        replace(quality_section(content.profile), new_page=True),
        models_section(content),
        insights_section(content),
        group_section(content),
        recommendations_section(content),
        definitions_section(content),
    )
    return ReportDocument(
        title="Churn report",
        subtitle=content.name,
        facts=report_facts(content),
        sections=sections,
        running_title=f"Churn report · {content.name}",
    )
