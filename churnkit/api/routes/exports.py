"""Files of an analysis to take away: the report, its tables, the profile, the model."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from churnkit.api.access import Exporter, Reader
from churnkit.api.analysis_choice import find_analysis
from churnkit.api.exporting import KINDS, ExportKind, export_answer
from churnkit.api.files import file_responses
from churnkit.api.parameters import AnalysisId
from churnkit.api.threads import blocking

router = APIRouter(tags=["exports"])

BEFORE_THE_RUN = ("ledger", "profile_pdf", "profile_html")

Section = Literal["summary", "quality", "models", "insights", "segments", "recommendations", "definitions"]

_SECTIONS = Query(max_length=20, description="Sections of the PDF or page; all unless given.")


class ExportOffer(BaseModel):
    """One kind of file."""

    kind: str
    label: str
    words: str
    mime: str


class ExportOffers(BaseModel):
    """What can be taken away of an analysis."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "kind": "pdf",
                            "label": "PDF",
                            "words": "The report to print or send on.",
                            "mime": "application/pdf",
                        }
                    ]
                }
            ]
        }
    )

    items: list[ExportOffer] = Field(description="By the order of the Reports page.")


@router.get(
    "/analyses/{analysis_id}/exports",
    operation_id="list_exports",
    summary="What can be taken away of an analysis",
)
@blocking
def list_exports(caller: Reader, analysis_id: AnalysisId) -> ExportOffers:
    """Ledger and profile before the first run, everything after it."""
    session = find_analysis(caller.store, analysis_id)
    kinds: list[str] = list(KINDS)
    if session.run_id is None:
        kinds = list(BEFORE_THE_RUN) if session.look_id is not None else []
    elif caller.store.runs.seal(session.run_id) is None:
        kinds.remove("model")
    return ExportOffers(
        items=[
            ExportOffer(kind=kind, label=KINDS[kind].label, words=KINDS[kind].words, mime=KINDS[kind].mime)
            for kind in kinds
        ]
    )


@router.get(
    "/analyses/{analysis_id}/exports/{kind}",
    operation_id="export_file",
    summary="A file of an analysis",
    response_class=Response,
    responses=file_responses(*dict.fromkeys(known.mime for known in KINDS.values())),
)
@blocking
def export_file(
    caller: Exporter,
    analysis_id: AnalysisId,
    kind: Annotated[ExportKind, Path(description="One of those that the list names.")],
    section: Annotated[list[Section] | None, _SECTIONS] = None,
) -> Response:
    """The same bytes as the pages give; a PDF takes a second or two. The audit log says who took it."""
    return export_answer(caller, find_analysis(caller.store, analysis_id), kind, section)
