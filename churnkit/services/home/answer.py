"""An answer to one of an owner's questions: a figure, a sentence, and one way on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from churnkit.results.segments import CustomerFilter
from churnkit.text.kinds import Kind

Question = Literal["fresh", "leaving", "stake", "week", "worked"]
Mood = Literal["good", "fair", "bad", "unknown"]

QUESTIONS: Mapping[Question, str] = {
    "fresh": "Is the data fresh?",
    "leaving": "Who is about to leave?",
    "stake": "What is at stake?",
    "week": "What should I do this week?",
    "worked": "Did it work?",
}
"""In the order in which they are asked."""

NO_CHANGE = "no change"
"""What stands for a change that rounds to nothing."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """The one way on from an answer.

    Attributes
    ----------
    label
        What it is called.
    page
        The stem of the page it leads to.
    customers
        Whom the list of customers shows then.
    campaign_size
        The size of the campaign that is begun there.
    campaign_id
        The campaign that is looked at there.
    """

    label: str
    page: str
    customers: CustomerFilter | None = None
    campaign_size: int | None = None
    campaign_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class People:
    """Customers whom an answer names.

    Attributes
    ----------
    words
        Who they are, with how many.
    customer_ids
        The first of them, in the order that matters.
    rest
        How many more there are.
    """

    words: str
    customer_ids: tuple[str, ...]
    rest: int


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One question, answered; all texts are plain.

    Attributes
    ----------
    label
        What the figure is.
    kind
        How the figure is known; None where there is none.
    term
        The term of ``text.terms`` that explains it.
    badge, mood
        A verdict in a word or two, and whether it is good news; empty where the figure says it.
    change, since
        By how much the figure changed, and since when; empty and None where there is nothing to compare with.
    change_note
        What the change is of, where that is not the figure itself.
    rising_is_bad
        Which change is bad news.
    """

    question: Question
    label: str
    figure: str
    words: str
    way: Way
    kind: Kind | None = None
    term: str | None = None
    badge: str = ""
    mood: Mood = "unknown"
    change: str = ""
    since: datetime | None = None
    change_note: str = ""
    rising_is_bad: bool = False
    people: People | None = None

    @property
    def title(self) -> str:
        """The question as it is asked."""
        return QUESTIONS[self.question]
