"""How well a column suits a field: by its header and by its cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from churnkit.ingest.cells import classify_row_kind, classify_status
from churnkit.ingest.columns.cell_evidence import Evidence
from churnkit.ingest.columns.header_likeness import header_score
from churnkit.text.figures import count, percent

# The header alone cannot outvote cells that do not suit the field at all.
_NAME_WEIGHT = 0.6
# Up to here, repeats or their absence are chance.
_FEW = 50


@dataclass(frozen=True)
class Score:
    """Confidence 0..1 that a column is a field, and why."""

    confidence: float
    reason: str


def score(field: str, header: str | None, evidence: Evidence) -> Score:
    """Confidence that the column is the field; ``header`` is None in a file without a header."""
    fit, looks = _CONTENT[field](evidence)
    if header is None:
        return Score(0.0, "")
    name, word = header_score(field, header)
    if name == 0:
        return Score(0.0, "")
    if fit < 0.25:
        return Score(name * fit, f"header like {word!r}, but {looks}")
    return Score(name * (_NAME_WEIGHT + (1 - _NAME_WEIGHT) * fit), f"header like {word!r}, {looks}")


def looks_like_names(evidence: Evidence) -> bool:
    """Most cells are two or more words without a digit: people, not ids."""
    return evidence.name_share > 0.6 and evidence.email_share < 0.5


def looks_like_date(evidence: Evidence) -> float:
    """Share of dates, discounted for bare digits, which an id or an amount shows as well."""
    if evidence.date is None:
        return 0.0
    if not evidence.bare_digits or evidence.dates_in_digits:
        return evidence.date_share
    eight_digits = 19_000_000 <= evidence.largest <= 21_001_231
    return evidence.date_share * (0.95 if eight_digits else 0.45)


def _customer(evidence: Evidence) -> tuple[float, str]:
    if evidence.distinct <= 1:
        return (0.05 if evidence.filled > _FEW else 0.5), "but every row has the same value"
    if evidence.has_decimals or looks_like_date(evidence) > 0.9:
        return 0.0, "the cells are numbers with decimals or dates"
    if looks_like_names(evidence):
        return 0.3, "the cells look like people's names"
    if evidence.distinct_share > 0.995 and evidence.filled > _FEW:
        return 0.4, "but hardly any value comes twice"
    return 1.0, f"about {count(evidence.distinct)} different values that repeat"


def _order(evidence: Evidence) -> tuple[float, str]:
    if evidence.distinct <= 1:
        return (0.1 if evidence.filled > _FEW else 0.5), "but every row has the same value"
    if evidence.has_decimals or looks_like_date(evidence) > 0.9:
        return 0.0, "the cells are numbers with decimals or dates"
    if evidence.distinct_share < 0.01 and evidence.filled > 1000:
        return 0.3, "but few values repeat over many rows"
    return 1.0, f"about {count(evidence.distinct)} different values"


def _email(evidence: Evidence) -> tuple[float, str]:
    return evidence.email_share, f"{percent(evidence.email_share)} of the cells are e-mail addresses"


def _date(evidence: Evidence) -> tuple[float, str]:
    share = looks_like_date(evidence)
    return share, f"{percent(evidence.date_share)} of the cells are dates"


def _time(evidence: Evidence) -> tuple[float, str]:
    return evidence.time_share, f"{percent(evidence.time_share)} of the cells are times of day"


def _product_id(evidence: Evidence) -> tuple[float, str]:
    if evidence.has_decimals or evidence.email_share > 0.5 or looks_like_date(evidence) > 0.9:
        return 0.1, "the cells are no codes"
    return 1.0, f"about {count(evidence.distinct)} different codes"


def _words(evidence: Evidence) -> tuple[float, str]:
    if evidence.number_share > 0.9 or looks_like_date(evidence) > 0.9 or evidence.email_share > 0.5:
        return 0.2, "the cells are no words"
    return 1.0, f"about {count(evidence.distinct)} different texts"


def _category(evidence: Evidence) -> tuple[float, str]:
    fit, looks = _words(evidence)
    if evidence.distinct_share > 0.5 and evidence.filled > _FEW:
        return min(fit, 0.3), "but most texts come once"
    return fit, looks


def _quantity(evidence: Evidence) -> tuple[float, str]:
    if evidence.number_share < 0.9:
        return 0.1 * evidence.number_share, "the cells are not numbers"
    if looks_like_date(evidence) > 0.9:
        return 0.1, "the cells are dates"
    if evidence.whole_share < 0.9:
        return 0.7, "numbers, some with decimals"
    return 1.0, "whole numbers"


def _money(evidence: Evidence) -> tuple[float, str]:
    if evidence.number_share < 0.9:
        return 0.1 * evidence.number_share, "the cells are not numbers"
    if evidence.bare_digits and looks_like_date(evidence) > 0.9:
        return 0.2, "the cells are dates"
    return 1.0, "numbers with decimals" if evidence.has_decimals else "numbers"


def _currency(evidence: Evidence) -> tuple[float, str]:
    few = evidence.distinct <= 60
    return (
        evidence.code_share if few else 0.0
    ), f"{percent(evidence.code_share)} of the cells are three-letter codes"


def _status(evidence: Evidence) -> tuple[float, str]:
    if evidence.distinct > 40 or not evidence.cells:
        return 0.0, "but it has too many different values for a status"
    known = sum(classify_status(value, {}) != "unknown" for value in evidence.cells) / len(evidence.cells)
    return known, f"{percent(known)} of its values are known statuses"


def _event(evidence: Evidence) -> tuple[float, str]:
    if evidence.distinct > 20 or not evidence.cells:
        return 0.0, "but it has too many different values for a row type"
    classes = [classify_row_kind(value) for value in evidence.cells]
    tells = {"sale", "payment"} & set(classes) and {"return", "left_out"} & set(classes)
    if not tells or "method" in classes:
        return 0.1, "but it does not tell sales from other rows"
    return 1.0, "its values tell sales from other rows"


def _name(evidence: Evidence) -> tuple[float, str]:
    return evidence.name_share, f"{percent(evidence.name_share)} of the cells look like names"


_CONTENT: Mapping[str, Callable[[Evidence], tuple[float, str]]] = {
    "customer_id": _customer,
    "email": _email,
    "customer_name": _name,
    "order_id": _order,
    "ordered_at": _date,
    "time": _time,
    "product_id": _product_id,
    "product_name": _words,
    "category": _category,
    "quantity": _quantity,
    "unit_price": _money,
    "amount": _money,
    "order_total": _money,
    "discount": _money,
    "refunded": _money,
    "currency": _currency,
    "status": _status,
    "event_type": _event,
}
