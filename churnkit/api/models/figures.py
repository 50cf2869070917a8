"""Pieces that answers are made of."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from churnkit.results.interval import Interval


def _finite(value: Any) -> Any:
    """JSON knows neither NaN nor infinity."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _with_zone(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


Figure = Annotated[float | None, BeforeValidator(_finite)]
"""A number; null where there is none."""
Instant = Annotated[datetime, BeforeValidator(_with_zone)]
"""A time; those of a shop's file are taken as UTC."""
Share = Annotated[Annotated[float, Field(ge=0, le=1)] | None, BeforeValidator(_finite)]
Currency = Annotated[
    str | None,
    Field(description="ISO code of all money here; null where nobody named one.", examples=["EUR"]),
]


class Answer(BaseModel):
    """An answer, or a part of one: made of an object of the package by its attributes."""

    model_config = ConfigDict(from_attributes=True)


class Range(Answer):
    """An estimate between two ends."""

    value: Figure
    low: Figure = Field(description="Lower end of the interval; null where there is none.")
    high: Figure


def range_of(interval: Interval | None) -> Range | None:
    """An interval as an answer."""
    return None if interval is None else Range.model_validate(interval)
