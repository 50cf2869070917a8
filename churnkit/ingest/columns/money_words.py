"""What the header of a column says about money: a total, a line's money, a price, or something beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from churnkit.ingest.columns.header_likeness import header_score
from churnkit.ingest.columns.money_kinds import KINDS
from churnkit.ingest.columns.synonyms import HEADERS, normalise_header

MONEY_FIELDS = ("order_total", "amount", "unit_price")
_MIN_OVERLAP = 0.6
# Shorter words hide in others: `tip` in `multiple`.
_MIN_INSIDE = 5

ADDED = ("shipping", "tax", "tip")
"""Kinds of money that a customer pays on top of the goods."""

TAKEN = ("discount", "waiver")
"""Kinds that are taken off before the customer pays: of the goods, or of the shipping."""

_LINE_WORDS = {
    "line",
    "item",
    "items",
    "lineitem",
    "position",
    "positions",
    "zeile",
    "ligne",
    "linea",
    "linha",
    "riga",
    "regel",
}
_LIST_WORDS = {
    "list",
    "original",
    "regular",
    "msrp",
    "rrp",
    "uvp",
    "compare",
    "retail",
    "before",
    "old",
    "catalog",
    "listenpreis",
}
_UNIT_WORDS = {
    "unit",
    "each",
    "per",
    "stuck",
    "einzel",
    "einzelpreis",
    "stuckpreis",
    "unitaire",
    "unitario",
    "jednostkowa",
}
_PRICES = frozenset(
    [
        "price",
        "preis",
        "prix",
        "precio",
        "prezzo",
        "preco",
        "prijs",
        "cena",
        "цена",
        "fiyat",
        "pris",
        "hinta",
        "τιμη",
        "単価",
        "单价",
        "價格",
    ]
)
# Headers that name money, and as often something else.
_WEAK = {
    "total cost",
    "unit cost",
    "rate",
    "list price",
    "retail price",
    "value",
    "wert",
    "valeur",
    "total spend",
    "spend",
    "money",
}
_SUBTOTAL = (
    "subtotal",
    "sub total",
    "zwischensumme",
    "sous total",
    "subtotale",
    "subtotaal",
    "mellansumma",
    "小計",
    "小计",
)
_CURRENCY_WORDS = frozenset(
    re.findall(
        r"\w+",
        "eur usd gbp brl ars mxn clp cop pen inr jpy cny chf sek nok dkk pln czk huf ron try rub uah cad aud nzd zar aed"
        " in euro euros dollar dollars the base currency shop cents pence centimes centavos",
    )
)
_TAX = r"(?:tax(?:es)?|vat|gst|mwst|ust|steuern?|tva|taxes|iva|btw|moms|impuestos|impostos|imposte|kdv|dph)"
_REMARKS = (
    (
        "incl",
        rf"\b(?:incl?|including|inclusive|inkl|inklusive|with|mit|avec|con|com|met|after|inc)(?: of)? {_TAX}\b|\bttc\b|税込",
    ),
    (
        "excl",
        rf"\b(?:excl?|ex|excluding|exkl|without|ohne|hors|sans|sin|senza|sem|zonder|before)(?: of)? {_TAX}\b"
        r"|\bht\b|税抜|税別",
    ),
    ("gross", r"\b(?:gross|brutto|brut|bruto|lordo|βρουτο)\b"),
    ("net", r"\b(?:net|netto|nett|neto|liquido|netta)\b"),
    (
        "",
        r"\b(?:after|before|less|nach|vor|apres|avant|despues de|dopo|apos)"
        r" (?:discounts?|rabatt|remise|descuentos?|sconto)\b",
    ),
)


@dataclass(frozen=True)
class MoneyName:
    """What a header says.

    Attributes
    ----------
    field
        Which of `MONEY_FIELDS` it names, empty for none.
    exact
        It names the field and nothing else; otherwise a part of it does.
    kind
        What else it names: ``shipping``, ``fee``, ``measure`` …; such a column is not what was paid.
    basis
        ``incl`` or ``excl`` (tax), ``gross`` or ``net``, where it says so.
    """

    field: str = ""
    exact: bool = False
    kind: str = ""
    basis: str = ""
    subtotal: bool = False
    of_line: bool = False
    of_piece: bool = False


@cache
def money_name(header: str) -> MoneyName:
    """What a header says about money."""
    plain = normalise_header(header)
    words = set(plain.split())
    text, basis = _without_remarks(plain)
    field, exact = _field(plain, text, header)
    kind = "" if exact else _kind(plain, words)
    return MoneyName(
        field="" if kind else field,
        exact=exact and plain not in _WEAK and not words & _LIST_WORDS,
        kind=kind,
        basis=basis,
        subtotal=any(word in plain for word in _SUBTOTAL),
        of_line=bool(words & _LINE_WORDS),
        of_piece=bool(words & _UNIT_WORDS) or any(word in plain for word in ("einzel", "stuckpreis")),
    )


def _without_remarks(plain: str) -> tuple[str, str]:
    """The header without remarks on tax and currency, and which of them it had."""
    basis, text = "", plain
    for name, pattern in _REMARKS:
        shorter = re.sub(pattern, " ", text)
        if shorter != text:
            basis = basis or name
            text = " ".join(shorter.split())
    rest = [word for word in text.split() if word not in _CURRENCY_WORDS]
    return " ".join(rest) or ("amount" if basis or text else plain), basis


def _field(plain: str, text: str, header: str) -> tuple[str, bool]:
    for name in MONEY_FIELDS:
        known = {word for word, _ in HEADERS[name]}
        if plain in known or text in known or any(word in plain for word in _SUBTOTAL):
            return name, True
    scores = {name: max(header_score(name, text)[0], header_score(name, header)[0]) for name in MONEY_FIELDS}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] >= _MIN_OVERLAP and _PRICES & set(plain.split()):
        best = "unit_price"
    return (best, False) if scores[best] >= _MIN_OVERLAP else ("", False)


def _kind(plain: str, words: set[str]) -> str:
    kinds = [kind for kind, known in KINDS.items() if any(_says(plain, words, word) for word in known)]
    if {"shipping", "discount"} <= set(kinds):
        return "waiver"
    return kinds[0] if kinds else ""


def _says(plain: str, words: set[str], word: str) -> bool:
    if word in words or f" {word} " in f" {plain} ":
        return True
    return (
        " " not in word
        and (len(word) >= _MIN_INSIDE or not word.isascii())
        and word in plain.replace(" ", "")
    )
