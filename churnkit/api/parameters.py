"""Parameters that many routes take."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from fastapi import Path, Query
from pydantic import BeforeValidator

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _written_day(value: object) -> object:
    """Refuses what Pydantic would read as seconds since 1970."""
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("a day is written like 2026-03-01")
    return value


Day = Annotated[date, BeforeValidator(_written_day)]
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
