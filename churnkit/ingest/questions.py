"""What a file leaves open and only its owner can say: questions whose choices carry their own answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from churnkit.errors import MappingError


@dataclass(frozen=True)
class Choice:
    """One answer to a question.

    Attributes
    ----------
    label
        What a person chooses: a column, an encoding, ``counts as an order``.
    answer
        What choosing it adds to the answers, in the words of the file that ``--answers`` takes:
        ``{"amount": "Total"}``, ``{"statuses": {"pending": "counts"}}``.
    rows, orders
        Rows or orders that it is about, None where that says nothing.
    amount
        Money of the file if it is chosen, or of those rows; None where that says nothing.
    example
        A line or a cell read in this way.
    """

    label: str
    answer: dict[str, Any]
    rows: int | None = None
    orders: int | None = None
    amount: float | None = None
    example: str = ""


@dataclass(frozen=True)
class Question:
    """Something that the file leaves open and that changes results, with the way to answer it.

    Attributes
    ----------
    field
        What it is about: a field of the mapping (``customer_id``), a setting (``encoding``, ``day_first``, ``sheet``),
        ``statuses``, ``row_kinds``, or ``accept`` for a check that failed.
    message
        What was found, with counts and an example.
    remedy
        How it is answered where nobody can click.
    choices
        The answers, the likeliest first; empty where no answer helps and another file is needed.
    option
        The option of the command line that answers it: ``--map``, ``--encoding``, ``--status``.
    refusal
        For a file that is not read at all: what it is (``customer_list``, ``labelled_table``). Such a question has no
        choices.
    """

    field: str
    message: str
    remedy: str
    choices: tuple[Choice, ...] = ()
    option: str = "--map"
    refusal: str = ""


class OpenQuestions(MappingError):
    """The file is not read before somebody answers, or is not read at all.

    Parameters
    ----------
    questions
        One or more.
    what
        What was being done.
    """

    code = "question"

    def __init__(self, questions: Sequence[Question], what: str = "Matching the columns") -> None:
        self.questions = tuple(questions)
        self.what = what
        messages = " ".join(question.message for question in self.questions)
        remedies = " ".join(dict.fromkeys(question.remedy for question in self.questions))
        super().__init__(f"{what}: {messages}", remedies)


@dataclass(frozen=True)
class Check:
    """Something about a reading as a whole that was looked at; one that fails is asked about.

    Attributes
    ----------
    name
        What ``{"accept": ["name"]}`` in the answers lets pass: ``rows_kept``.
    passed
        Whether it looks right.
    message
        What was found, in words, with counts and an example.
    remedy
        What to do where it is not right.
    accepted
        It failed, and somebody said that it is right.
    choices
        Answers that mend it, the likeliest first; that it is right is one more.
    right
        What a person says who lets it pass.
    """

    name: str
    passed: bool
    message: str
    remedy: str = ""
    accepted: bool = False
    choices: tuple[Choice, ...] = ()
    right: str = "It is right: go on"

    def question(self) -> Question:
        """What to ask where it failed."""
        right = Choice(self.right, {"accept": [self.name]})
        return Question("accept", self.message, self.remedy, (*self.choices, right), option="--answers")


def answer_tree(answers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Several answers as one: objects are joined key by key, lists one behind the other, the later value wins."""
    joined: dict[str, Any] = {}
    for answer in answers:
        for key, value in answer.items():
            before = joined.get(key)
            if isinstance(before, dict) and isinstance(value, Mapping):
                joined[key] = answer_tree((before, value))
            elif isinstance(before, list) and isinstance(value, list):
                joined[key] = list(dict.fromkeys([*before, *value]))
            else:
                joined[key] = value
    return joined
