"""Parameters that many routes take."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

AnalysisId = Annotated[
    str,
    Path(
        description="Id of an analysis; `default` is the workspace's default one.",
        examples=["default"],
        max_length=64,
    ),
]
RunId = Annotated[
    str | None,
    Query(description="Id of one of its runs; the current one unless given.", max_length=64),
]
