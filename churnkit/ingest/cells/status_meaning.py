"""What a status says of its order: the words of `status_vocabulary`, their negation, and what they say together."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Literal

from churnkit.ingest.cells.status_headers import StatusSubject
from churnkit.ingest.cells.status_vocabulary import STATUS_WORDS
from churnkit.ingest.cells.vocabulary import UNKNOWN, Vocabulary

StatusClass = Literal[
    "keep",
    "paid",
    "sent",
    "pending",
    "unpaid",
    "undelivered",
    "failed",
    "cancelled",
    "returned",
    "left_out",
    "unknown",
]
"""What a status says.

``keep`` counts and proves nothing (new, processing, ready), ``paid`` and ``sent`` are proofs of payment and of the
goods' way; ``pending`` waits for money, ``unpaid`` has none, ``undelivered`` did not arrive, ``failed`` was refused.
``left_out`` is an answer.
"""

Verdict = Literal["counts", "cancelled", "unpaid", "undelivered", "left_out"]
"""What becomes of a row."""

_PREFIXES = ("un", "non", "in", "im", "nie", "nao", "ne", "не", "o", "u")
_NEGATABLE = ("paid", "sent", "delivered", "done", "approved", "packed", "cancelled", "returned")
_VOCABULARY = Vocabulary(STATUS_WORDS, dict.fromkeys(_NEGATABLE, _PREFIXES))
_CLAUSES = re.compile(r"\s+[-–—]+\s+|[()\[\]/|,;:+&>、（）・]+")

# The first that an order's statuses say together decides about it.
_GRAVEST: tuple[StatusClass, ...] = (
    "left_out",
    "cancelled",
    "returned",
    "failed",
    "unpaid",
    "pending",
    "undelivered",
    "sent",
    "paid",
    "keep",
)


# No status is a page long, and taking one apart would never end.
_MAX_LETTERS = 200


def classify_status(
    value: str, own_words: Mapping[str, StatusClass], subject: StatusSubject = "order"
) -> StatusClass:
    """What a status says; ``own_words`` are a shop system's, in lower case, and go first."""
    if len(value) > _MAX_LETTERS:
        return "unknown"
    own = own_words.get(value.strip().lower())
    if own is not None:
        return own
    clauses = [_VOCABULARY.roles(part) for part in _CLAUSES.split(value) if part.strip()]
    found = {_clause(roles, subject) for roles in clauses if set(roles) - {"filler"}}
    if not found or "unknown" in found:
        return "unknown"
    return next(verdict for verdict in _GRAVEST if verdict in found)


def verdict_of(statuses: Collection[StatusClass], on_delivery: bool = False) -> Verdict:
    """What becomes of a row whose status columns say this together.

    Parameters
    ----------
    on_delivery
        Money is paid on the doorstep, so that waiting for it is no sign against an order.
    """
    gravest = next((item for item in _GRAVEST if item in statuses), "keep")
    if gravest == "left_out":
        return "left_out"
    if gravest in ("cancelled", "returned"):
        return "cancelled"
    if gravest == "failed":
        return "unpaid"
    if gravest == "unpaid":
        return "counts" if "sent" in statuses else "unpaid"
    if gravest == "pending":
        arrives = "undelivered" not in statuses
        return "counts" if arrives and (on_delivery or {"sent", "paid"} & set(statuses)) else "unpaid"
    if gravest == "undelivered":
        return "counts" if "paid" in statuses else "undelivered"
    return "counts"


def is_paid_on_delivery(value: str) -> bool:
    """Whether a means of payment is one that is paid on the doorstep."""
    return "doorstep" in _VOCABULARY.roles(value)


def _clause(roles: tuple[str, ...], subject: StatusSubject) -> StatusClass:
    if UNKNOWN in roles:
        return "unknown"
    said = [role for role in roles if role != "filler"]
    place = said.index("not") if "not" in said else len(said)
    plain, denied = set(said[:place]), set(said[place + 1 :])
    # A negation at the end speaks of what is before it.
    if place == len(said) - 1:
        plain, denied = set(), set(said[:place])
    about: set[str] = set() if subject == "order" else {subject}
    return _denied(plain | about, denied) if place < len(said) else _plain(plain | about, plain)


def _denied(plain: set[str], denied: set[str]) -> StatusClass:
    """``not paid``, ``nicht geliefert``: what is denied, beside what is not."""
    if plain & {"cancelled", "returned", "failing"} or not denied or denied & {"failing", "asked"}:
        return "unknown"
    if denied & {"cancelled", "cancelling", "returned"}:
        return "keep" if denied <= {"cancelled", "cancelling", "returned"} else "unknown"
    if "paid" in denied or "payment" in plain | denied:
        return "unpaid" if not denied & {"approved", "done"} else "failed"
    if "waiting" in plain:
        return "keep"
    if "delivered" in denied:
        return "undelivered"
    if denied & {"sent", "shipping", "packed"}:
        return "keep"
    return "failed" if denied & {"approved", "done"} else "unknown"


def _plain(words: set[str], said: set[str]) -> StatusClass:
    """A clause without negation; ``said`` are its own words, ``words`` those of its column too."""
    if said & {"cancelled", "cancelling", "returned"}:
        return _taken_back(said)
    if said & {"kept", "doorstep", "empty"}:
        return "keep"
    if "failing" in said:
        return "undelivered" if words & {"shipping", "delivered", "sent"} else "failed"
    if said & {"waiting", "asked"}:
        return "keep" if words & {"shipping", "sent", "delivered", "packed"} else "pending"
    if {"paid", "started"} <= said:
        return "unknown"
    if "payment" in words:
        return _payment(said)
    if "packed" in said:
        return "keep"
    if said & {"sent", "delivered"} or ("done" in said and "started" not in said):
        return "sent"
    if "paid" in said:
        return "paid"
    return "unknown" if not said - {"shipping"} and "partial" not in said else "keep"


def _taken_back(said: set[str]) -> StatusClass:
    if "partial" in said:
        return "keep"
    if said & {"waiting", "asked", "started", "failing"}:
        # Asked for, under way or refused: whether the money went back is open.
        return "unknown"
    return "cancelled" if said & {"cancelled", "cancelling"} else "returned"


def _payment(said: set[str]) -> StatusClass:
    if said & {"paid", "done", "approved", "delivered", "closed", "partial"}:
        return "paid"
    if said & {"sent", "packed"}:
        return "sent"
    return "pending" if "started" in said else "unknown"
