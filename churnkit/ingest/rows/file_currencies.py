"""In which currencies a file's money is, and which of them is analysed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from churnkit.config import IngestSettings
from churnkit.errors import DataError
from churnkit.ingest.cells import NumberFormat, text_sql
from churnkit.ingest.columns import ColumnMapping
from churnkit.ingest.files import RawTable

# Signs that belong to one currency, in lower case and without a full stop; the yen's sign and 元 belong to several.
_SYMBOL_CODES = {
    sign: code
    for code, signs in {
        "AUD": "a$ au$",
        "AZN": "₼",
        "BGN": "лв leva",
        "BRL": "r$",
        "CAD": "c$ ca$",
        "CHF": "fr sfr",
        "CRC": "₡",
        "CZK": "kč kc",
        "EUR": "€ euro euros",
        "GBP": "£",
        "GEL": "₾",
        "GHS": "₵",
        "HKD": "hk$",
        "HUF": "ft",
        "IDR": "rp",
        "ILS": "₪",
        "INR": "₹",
        "JPY": "円 日元",
        "CNY": "人民币 rmb",
        "KRW": "₩ ￦ 원",
        "KZT": "₸ тг",
        "MKD": "ден",
        "MXN": "mx$",
        "MYR": "rm",
        "NGN": "₦",
        "NZD": "nz$",
        "PEN": "s/",
        "PHP": "₱",
        "PLN": "zł zl złotych",
        "PYG": "₲",
        "RON": "lei",
        "RSD": "дин din",
        "RUB": "₽ руб рублей рубля р",
        "SGD": "s$",
        "THB": "฿",
        "TRY": "₺ tl",
        "TWD": "nt$ 圓",
        "UAH": "₴ грн",
        "USD": "us$",
        "UZS": "сум",
        "VND": "₫ đ",
    }.items()
    for sign in signs.split()
}
# Codes that a header may hold as a word; those that are words of a language themselves are left out.
_FURTHER = "AED ARS CLP COP DKK EGP ISK KES NOK PKR QAR SAR SEK UYU ZAR"
_CODES = {*_SYMBOL_CODES.values(), *_FURTHER.split()}
_MONEY_FIELDS = ("amount", "unit_price")


@dataclass(frozen=True)
class Currencies:
    """The currencies of a file.

    Attributes
    ----------
    codes
        Those that its rows name, in capitals; empty where there is at most one and no column for it.
    symbols
        Currency signs to look for in the money column, where there is no currency column and several signs.
    chosen
        The one currency of the analysis, None where the file names none or it is open.
    """

    codes: tuple[str, ...]
    symbols: tuple[str, ...]
    chosen: str | None


def decide_currencies(
    raw: RawTable,
    mapping: ColumnMapping,
    money: NumberFormat | None,
    settings: IngestSettings,
    usual: str | None = None,
) -> Currencies:
    """Decide which currencies the file has; ``money`` is how its column of money is written.

    ``usual`` is what exports of its kind are in where the file itself names none.

    Raises
    ------
    DataError
        The currency that was chosen does not occur.
    """
    chosen = (settings.currency or mapping.currency or "").strip().upper() or None
    column = mapping.columns.get("currency")
    if column is not None:
        rows = raw.rows(
            """
            SELECT DISTINCT code FROM (SELECT upper(trim({text})) AS code FROM {raw})
            WHERE code <> '' ORDER BY code
            """,
            text=text_sql(column),
        )
        codes = tuple(row[0] for row in rows)
        own = _in_header(mapping)
        if len(codes) > 1 and own in codes and chosen in (None, own):
            # The money is converted: its header names the one currency, the column tells what was paid in.
            return Currencies((), (), own)
        _require_currency(chosen, codes)
        return Currencies(codes, (), chosen or (codes[0] if len(codes) == 1 else None))
    found = money.currencies if money else ()
    labels = tuple(_label(symbol) for symbol in found)
    if len(set(labels)) > 1:
        _require_currency(chosen, labels)
        return Currencies(labels, found, chosen)
    return Currencies((), (), chosen or (labels[0] if labels else _in_header(mapping) or usual))


def _in_header(mapping: ColumnMapping) -> str | None:
    """The one currency that the money's header names, by code or sign: ``Betrag CHF``, ``total_eur``, ``Umsatz (€)``."""
    headers = [mapping.columns[field] for field in _MONEY_FIELDS if field in mapping.columns]
    words = [word for header in headers for word in re.split(r"[\s_\-./:()\[\]]+", header) if word]
    signs = {sign: code for sign, code in _SYMBOL_CODES.items() if not sign.isascii()}
    found = {word.upper() for word in words if word.upper() in _CODES}
    found |= {signs[word.lower()] for word in words if word.lower() in signs}
    return found.pop() if len(found) == 1 else None


def _label(symbol: str) -> str:
    """The ISO code of a sign that belongs to one currency; ``$`` and ``kr`` belong to several and stay."""
    known = _SYMBOL_CODES.get(symbol.lower().rstrip("."))
    return known or (symbol.upper() if symbol.isalpha() and len(symbol) == 3 else symbol)


def _require_currency(chosen: str | None, codes: tuple[str, ...]) -> None:
    if chosen is not None and codes and chosen not in codes:
        raise DataError(
            f"Choosing the currency: {chosen} was asked for, but the file has {', '.join(codes[:20])}.",
            "Choose one of these.",
        )
