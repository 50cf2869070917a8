"""How Plotly is told to write the numbers of a chart: a template says what each one is, not how it looks."""

from __future__ import annotations

import re
from typing import Any

from churnkit.text.currencies import minor_units
from churnkit.text.figures import unit_around
from churnkit.text.locale import current

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
# d3's names for the parts of a date.
_PARTS = {"d": "%-d", "d2": "%d", "m": "%-m", "m2": "%m", "mon": "%b", "y": "%Y"}
_NAMED = re.compile(r"%\{(?P<what>[\w.\[\]]+)(?P<mark>[:|])(?P<kind>[a-z]+)\}")

SHARE_AXIS = "~%"


def hover(template: str, currency: str | None = None) -> str:
    """A template of Plotly with formats in place of the names of kinds.

    ``%{x:count}``, ``%{y:share}``, ``%{y:money}`` (one amount, with the currency's cents), ``%{y:sum}`` (many together,
    without), ``score``, ``loss``, ``number``, ``signed``, and ``%{x|day}`` for a date. Amounts have the sign of their
    ``currency`` where it is given. The signs between digits and the names of months come from :func:`plotly_locale`.

    Raises
    ------
    KeyError
        If a kind is unknown: a slip of the author.

    Examples
    --------
    >>> hover("%{x:count} customers: %{y:money}", "JPY")
    '%{x:,.0f} customers: ¥%{y:,.0f}'
    """
    return _NAMED.sub(lambda found: _formatted(found, currency), template)


def plotly_locale() -> dict[str, Any]:
    """The part of a chart's ``config`` by which Plotly writes numbers and months as the current locale does.

    Its grouping of digits begins with four, as everywhere but in Spain, Poland and Portugal.
    """
    here = current()
    return {
        "locale": here.code,
        "locales": {
            here.code: {
                "dictionary": {},
                "format": {
                    "decimal": here.decimal,
                    "thousands": here.group,
                    "grouping": [3, 2, 2, 2, 2] if here.lakh else [3],
                    "shortMonths": list(here.months),
                    "date": day_format(),
                },
            }
        },
    }


def day_format() -> str:
    """d3's format of a day."""
    return current().day.format(**_PARTS)


def _formatted(found: re.Match[str], currency: str | None) -> str:
    kind, what = found["kind"], f"{found['what']}{found['mark']}"
    if found["mark"] == "|":
        how = {"day": day_format()}[kind]
        return f"%{{{what}{how}}}"
    if kind not in ("money", "sum"):
        return f"%{{{what}{_FORMATS[kind]}}}"
    how = f",.{minor_units(currency)}f" if kind == "money" else _FORMATS["sum"]
    before, after = unit_around(currency, current())
    return f"{before}%{{{what}{how}}}{after}"
