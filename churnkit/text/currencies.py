"""Currencies: their sign, and how many decimals their smallest coin has."""

from __future__ import annotations

from contextvars import ContextVar

SYMBOLS = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "INR": "₹",
    "TRY": "₺",
    "RUB": "₽",
    "JPY": "¥",
    "KRW": "₩",
}
_OFFERED = "EUR GBP USD AUD BRL CAD CHF CNY CZK DKK INR JPY MXN NOK NZD PLN RON SEK TRY ZAR"
COMMON = tuple(_OFFERED.split())
"""Those that a list offers; any other can be typed."""
DEFAULT_DECIMALS = 2

# ISO 4217, minor units other than 2. A sign stands there where it is the sign of one such currency alone.
_WITHOUT = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ₩ ₫ ₲ 円 원"
_OTHERS = {3: "BHD IQD JOD KWD LYD OMR TND", 4: "CLF UYW"}
_DECIMALS = dict.fromkeys(_WITHOUT.split(), 0) | {
    code: digits for digits, codes in _OTHERS.items() for code in codes.split()
}


_TOLD: ContextVar[str | None] = ContextVar("churnkit_told_currency", default=None)


def use_currency(code: str | None) -> None:
    """Write amounts whose file names no currency in this one from here on: what the owner said before the analysis."""
    _TOLD.set(code)


def told_currency() -> str | None:
    """What was given to :func:`use_currency` in this process' part of the work."""
    return _TOLD.get()


def minor_units(currency: str | None) -> int:
    """Decimals of an amount in this currency, 0 to 4; 2 where the currency is unknown.

    Examples
    --------
    >>> minor_units("JPY"), minor_units("GBP"), minor_units("KWD"), minor_units(None)
    (0, 2, 3, 2)
    """
    return _DECIMALS.get(currency.strip().upper(), DEFAULT_DECIMALS) if currency else DEFAULT_DECIMALS


def symbol(currency: str | None) -> str:
    """The sign to stand before an amount; empty for a currency that is known by its letters."""
    if not currency:
        return ""
    # A file may name its currency by the sign alone.
    return SYMBOLS.get(currency.upper(), "" if currency.isalpha() else currency)
