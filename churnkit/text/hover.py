"""How Plotly is told to write the numbers of a chart: a template says what each one is, not how it looks."""

from __future__ import annotations

import re

from churnkit.text.currencies import minor_units

# d3's formats; it can neither leave out the cents of large amounts nor set a narrow space.
_FORMATS = {
    "count": ",.0f",
    "sum": ",.0f",
    "share": ".1~%",
    "score": ".3f",
    "loss": ".4f",
    "number": ",.2~f",
    "signed": "+,.2f",
}
_DAY = "%-d %b %Y"
_NAMED = re.compile(r"%\{(?P<what>[\w.\[\]]+)(?P<mark>[:|])(?P<kind>[a-z]+)\}")

SHARE_AXIS = "~%"


def hover(template: str, currency: str | None = None) -> str:
    """A template of Plotly with formats in place of the names of kinds.

    ``%{x:count}``, ``%{y:share}``, ``%{y:money}`` (one amount, with the currency's cents), ``%{y:sum}`` (many together,
    without), ``score``, ``loss``, ``number``, ``signed``, and ``%{x|day}`` for a date.

    Raises
    ------
    KeyError
        If a kind is unknown: a slip of the author.

    Examples
    --------
    >>> hover("%{x:count} customers: %{y:money}", "JPY")
    '%{x:,.0f} customers: %{y:,.0f}'
    """
    return _NAMED.sub(lambda found: _formatted(found, currency), template)


def _formatted(found: re.Match[str], currency: str | None) -> str:
    kind = found["kind"]
    if found["mark"] == "|":
        how = {"day": _DAY}[kind]
    else:
        how = f",.{minor_units(currency)}f" if kind == "money" else _FORMATS[kind]
    return f"%{{{found['what']}{found['mark']}{how}}}"
