"""How a file is to be read, and what a look at it found: the same words and answers as on the page and in ``--answers``."""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.config import JsonDict

from churnkit.api.models.figures import Instant
from churnkit.api.models.given_times import ShopTime
from churnkit.ingest import Reading

ANSWERS_EXAMPLE: JsonDict = {"customer_id": "Buyer", "day_first": True, "statuses": {"pending": "left_out"}}


class ReadingBody(BaseModel):
    """How a file is to be read, as far as somebody says so; the rest is decided from the file."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{}, {"answers": ANSWERS_EXAMPLE}]}
    )

    answers: dict[str, Any] = Field(
        default_factory=dict,
        description="Answers to questions, columns by field and settings of reading in one object: what"
        " `churnkit analyze --answers` takes. The choices of a question carry theirs.",
    )
    as_of: ShopTime | None = Field(
        default=None,
        description="Rows at or after this instant are left out; times of files have no zone and count as UTC.",
    )

    @field_validator("answers")
    @classmethod
    def _can_be_written(cls, answers: dict[str, Any]) -> dict[str, Any]:
        try:
            json.dumps(answers, ensure_ascii=False, allow_nan=False).encode()
        except (UnicodeEncodeError, ValueError, RecursionError):
            raise ValueError("a text in it cannot be written as UTF-8, or a number is none") from None
        return answers

    def reading(self) -> Reading:
        """The reading that is asked for.

        Raises
        ------
        MappingError
            An answer is none that a reading knows.
        """
        from churnkit.ingest import answered

        return answered(Reading(as_of=self.as_of), self.answers)


class ChoiceAnswer(BaseModel):
    """One answer to a question."""

    label: str
    answer: dict[str, Any] = Field(description="What choosing it adds to `answers`.")
    rows: int | None = Field(default=None, description="Rows that it is about.")
    orders: int | None = Field(default=None, description="Orders that it is about.")
    amount: float | None = Field(
        default=None, description="Money of the file if it is chosen, or of those rows."
    )
    example: str = ""


class QuestionAnswer(BaseModel):
    """Something that the file leaves open and that changes results."""

    field: str
    message: str
    remedy: str
    choices: list[ChoiceAnswer] = Field(description="The likeliest first.")
    option: str
    refusal: str = Field("", description="For a file that is not read at all: what it is.")


class CheckAnswer(BaseModel):
    """Something about the reading as a whole that was looked at."""

    name: str
    passed: bool
    message: str
    remedy: str = ""
    accepted: bool = False
    choices: list[ChoiceAnswer] = Field(default_factory=list)


class ColumnAnswer(BaseModel):
    """A column of the file."""

    name: str
    looks_like: str
    filled_share: float
    examples: list[str]


class SuggestionAnswer(BaseModel):
    """What a column was taken for, and how sure that is (0 to 1)."""

    field: str
    column: str
    confidence: float
    reason: str


class MonthAnswer(BaseModel):
    """Orders and net money of a calendar month."""

    month: str
    orders: int
    amount: float | None


class LeftOutAnswer(BaseModel):
    """Rows left out for one reason."""

    reason: str
    rows: int
    amount: float | None


class MeaningAnswer(BaseModel):
    """What one value of a column of statuses or kinds of rows does to its rows."""

    kind: str
    column: str
    value: str
    rows: int
    orders: int
    amount: float | None
    meaning: str
    known_by: str


class UnderstoodAnswer(BaseModel):
    """The reading in figures, to compare with the shop's own."""

    rows_kept: int
    customers: int
    orders: int = Field(description="Those with a positive amount.")
    revenue: float | None = Field(description="Net money of the rows kept, in `currency`.")
    first: Instant = Field(description="The first instant of an order.")
    last: Instant
    currency: str | None
    months: list[MonthAnswer]
    left_out: list[LeftOutAnswer]
    meanings: list[MeaningAnswer]


class InspectionAnswer(BaseModel):
    """A file before it is read."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "status": "question",
                    "format": "CSV, UTF-8, separated by commas",
                    "row_count": 12044,
                    "mapping": {"customer_id": "Buyer", "ordered_at": "Date", "amount": "Total"},
                    "questions": [
                        {
                            "field": "day_first",
                            "message": "Every date can be read in two ways, e.g. 03/04/2025.",
                            "remedy": "Say which.",
                            "choices": [{"label": "3 April", "answer": {"day_first": True}}],
                            "option": "--day-first",
                        }
                    ],
                }
            ]
        }
    )

    status: Literal["readable", "question", "refused", "looking"] = Field(
        description="`question`: readable once the questions are answered; `refused`: another file is needed;"
        " `looking`: ask again."
    )
    format: str | None = None
    row_count: int | None = None
    columns: list[ColumnAnswer] = Field(default_factory=list)
    preview: list[dict[str, str | None]] = Field(
        default_factory=list, description="The first rows as they are."
    )
    preset: str | None = Field(
        default=None, description="The shop system's export that it was recognised as."
    )
    mapping: dict[str, Any] = Field(
        default_factory=dict, description="Which column is what, as `--map` takes it."
    )
    suggestions: list[SuggestionAnswer] = Field(default_factory=list)
    questions: list[QuestionAnswer] = Field(default_factory=list)
    checks: list[CheckAnswer] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list)
    understood: UnderstoodAnswer | None = None
    encoding: str | None = None
    sheet: str | None = None
    sheets: list[str] = Field(default_factory=list)
    code: str = Field(
        default="", description="What kind of failure it is where the file was not looked at to its end."
    )
    message: str = ""
    remedy: str = ""
