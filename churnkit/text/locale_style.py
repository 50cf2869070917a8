"""How a country writes numbers and dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

_ENGLISH_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
NARROW = "\u202f"
"""The only blank inside figures: it keeps a figure and its unit on one line, and no text that is tidied loses it."""

_LAKH = 2
_GROUP = 3
Step = tuple[float, str]
# Decimals beyond those shown that decide how the last of them is rounded.
_BEYOND = 6


@dataclass(frozen=True, kw_only=True)
class Locale:
    """Signs, places and words of figures; texts around them stay English.

    Attributes
    ----------
    code, name
        ``de-DE`` and what people call it.
    decimal, group
        Signs before the decimals and between groups of digits.
    four_grouped
        Whether a number of four digits is grouped; Spanish and others begin with five.
    lakh
        Whether groups above the first have two digits.
    amount
        Where minus, unit ``¤`` and figure ``#`` of an amount stand.
    signs
        Currencies that are written here with a sign of their own.
    percent
        Where the percent sign stands by the figure ``#``.
    steps
        Sizes from which a short amount is written in a larger unit, largest first, and what follows its figure.
    day, month
        Patterns of ``{d} {d2} {m} {m2} {mon} {y}``; a 2 fills with a zero.
    months
        Abbreviated names, in English where the pattern has none.
    twelve, clock
        Whether hours are told as am and pm, and the sign between hours and minutes.
    typed
        Of a date that is typed; Streamlit knows three orders and three signs.
    excel
        Which language Excel takes the month's name from.
    """

    code: str
    name: str
    decimal: str = "."
    group: str = ","
    four_grouped: bool = True
    lakh: bool = False
    amount: str = "-¤#"
    signs: Mapping[str, str] = field(default_factory=dict)
    percent: str = f"#{NARROW}%"
    steps: tuple[Step, ...] = ((1e9, "B"), (1e6, "M"), (1e3, "K"))
    day: str = "{d} {mon} {y}"
    month: str = "{mon} {y}"
    months: tuple[str, ...] = tuple(_ENGLISH_MONTHS.split())
    twelve: bool = False
    clock: str = ":"
    typed: str = "DD/MM/YYYY"
    excel: str = "409"

    def __hash__(self) -> int:
        return hash(self.code)

    def number(self, value: float, digits: int, *, plus: bool = False) -> str:
        """A finite number with so many decimals, its digits in groups.

        A sum that differs in its last bits alone, by the order of what was added, is written the same.
        """
        return self.spelled(f"{round(value, digits + _BEYOND):{'+' if plus else ''},.{digits}f}")

    def spelled(self, text: str) -> str:
        """A number that Python wrote, ``-1,234.5``, in the signs of this locale."""
        if self.decimal == "." and self.group == "," and not self.lakh:
            return text
        whole, point, decimals = text.partition(".")
        grouped = self._grouped(whole)
        return f"{grouped}{self.decimal}{decimals}" if point else grouped

    def _grouped(self, whole: str) -> str:
        parts = whole.split(",")
        if len(parts) == 1:
            return whole
        if len(parts) == 2 and not self.four_grouped and len(parts[0].lstrip("+-")) == 1:
            return "".join(parts)
        if not self.lakh:
            return self.group.join(parts)
        head, last = "".join(parts[:-1]), parts[-1]
        sign, digits = (head[0], head[1:]) if head[0] in "+-" else ("", head)
        first = len(digits) % _LAKH
        pairs = [digits[place : place + _LAKH] for place in range(first, len(digits), _LAKH)]
        return sign + self.group.join([*([digits[:first]] if first else []), *pairs, last])

    def share(self, figure: str) -> str:
        """A figure with the percent sign, its own sign first."""
        return self.percent.replace("#", figure)

    def date(self, moment: date | datetime) -> str:
        """A day."""
        return self._filled(self.day, moment.year, moment.month, moment.day)

    def month_of(self, year: int, month: int) -> str:
        """A month of a year."""
        return self._filled(self.month, year, month, 1)

    def time(self, moment: datetime) -> str:
        """An hour and minute."""
        if not self.twelve:
            return f"{moment:%H}{self.clock}{moment:%M}"
        return f"{(moment.hour - 1) % 12 + 1}{self.clock}{moment:%M} {'PM' if moment.hour >= 12 else 'AM'}"

    def _filled(self, pattern: str, year: int, month: int, day: int) -> str:
        return pattern.format(
            d=day, d2=f"{day:02d}", m=month, m2=f"{month:02d}", mon=self.months[month - 1], y=year
        )
