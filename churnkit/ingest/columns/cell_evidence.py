"""What the cells of a column look like: the half of column mapping that does not depend on its header."""

from __future__ import annotations

from dataclasses import dataclass, replace

from churnkit.config import IngestSettings
from churnkit.ingest.cells import (
    DATE_IN_WORDS,
    IN_DIGITS,
    UNSEEN,
    DateFormat,
    NumberFormat,
    detect_date_format,
    detect_number_format,
    number_sql,
)
from churnkit.ingest.engine import counted, quote_identifier
from churnkit.ingest.files import RawTable

# Repeats are counted in the table's head, shapes need the whole file.
SAMPLE_ROWS = 5_000

_MANY_DATES = 50
_SIGN_OR_CURRENCY = r"[^0-9A-Za-z]*([A-Za-z]{1,3}|zł)?[^0-9A-Za-z]*"
_NUMBER_LIKE = f"{_SIGN_OR_CURRENCY}[0-9][0-9.,'’ \\x{{00A0}}\\x{{202F}}]*{_SIGN_OR_CURRENCY}"
_DATE_LIKE = (
    r"([0-9]{1,4}[-/. ][0-9A-Za-z]{1,9}\.?[-/. ,]+[0-9]{1,4}.*|[A-Za-z]{3,9}\.?[-, ]+[0-9A-Za-z]{1,9}[-., ].*"
    r"|[0-9]{5}([.,][0-9]+)?|[0-9]{6,8}|[0-9]{8}T[0-9]{6}.{0,6}|[0-9]{10}(\.[0-9]+)?|[0-9]{13}(\.0)?|[0-9]{14}|[0-9]{16}"
    r"|[0-9]{4}-[0-9]{3}|/Date\([0-9]+.*|[0-9]{4}-W[0-9]{2}-[0-9]"
    f"|(?i:{DATE_IN_WORDS}))"
)
_SHAPES = {
    "email": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "name": r"[^0-9@#]*\pL[^0-9@#]*[ ,][^0-9@#]*\pL[^0-9@#]*",
    "phone": r"'?\(?(\+|00)?[ ]?[0-9(](?:[ ()./–-]{0,2}[0-9]){6,14}(?: ?(?:x|ext\.?) ?[0-9]{1,5})?",
    "code": r"[A-Za-z]{3}",
    "time": r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?.{0,6}",
    "number": _NUMBER_LIKE,
    "date": _DATE_LIKE,
}


@dataclass(frozen=True)
class Evidence:
    """One column.

    Attributes
    ----------
    rows, filled, distinct
        Counts over the table's head; ``distinct`` is approximate.
    email_share, name_share, code_share, time_share, phone_share
        Shares of a sample's filled cells that are e-mail addresses, several words without digits,
        three-letter codes, times of day, seven to fifteen digits as telephone numbers are written.
    number, date
        Detected formats, None where the cells do not look so; on the sample, not the whole column.
    whole_share, negative_share, largest
        Of the sample's numbers: share without decimals, share below zero, largest absolute value.
    """

    name: str
    rows: int
    filled: int
    distinct: int
    email_share: float = 0.0
    name_share: float = 0.0
    code_share: float = 0.0
    time_share: float = 0.0
    number: NumberFormat | None = None
    date: DateFormat | None = None
    whole_share: float = 0.0
    negative_share: float = 0.0
    largest: float = 0.0
    cells: tuple[str, ...] = ()
    phone_share: float = 0.0

    @property
    def distinct_share(self) -> float:
        """1 where every filled cell differs, near 0 where few values repeat."""
        return min(1.0, self.distinct / self.filled) if self.filled else 0.0

    @property
    def number_share(self) -> float:
        """Share of the filled cells that are numbers."""
        return self.number.share_parsed if self.number else 0.0

    @property
    def date_share(self) -> float:
        """Share of the filled cells that are dates."""
        return self.date.share_parsed if self.date else 0.0

    @property
    def has_decimals(self) -> bool:
        """Numbers, and more than a few with decimals: money or a weight, not an id."""
        return self.number_share > 0.9 and self.whole_share < 0.95

    def words(self) -> str:
        """What the cells look like, for a person."""
        if self.filled == 0:
            return "empty"
        if self.email_share > 0.8:
            return "e-mail addresses"
        if self.date_share > 0.9 and not self.bare_digits:
            return "dates"
        if self.number_share > 0.9:
            return "numbers with decimals" if self.has_decimals else "whole numbers"
        return "names" if self.name_share > 0.6 else "text"

    @property
    def dates_in_digits(self) -> bool:
        """Many different numbers that are all dates of a few years in one order of their digits: no chance does that."""
        return bool(
            self.date
            and self.date.layouts
            and set(self.date.layouts) <= set(IN_DIGITS)
            and self.distinct >= _MANY_DATES
        )

    @property
    def bare_digits(self) -> bool:
        """Whole numbers that could be dates written without separators as well as ids."""
        return self.number_share > 0.9 and self.whole_share == 1.0 and not (self.date and self.date.typed)


def gather(
    raw: RawTable, settings: IngestSettings, columns: tuple[str, ...] | None = None
) -> dict[str, Evidence]:
    """Evidence for columns of the raw table, all of them unless some are named."""
    names = raw.columns if columns is None else columns
    sample = raw.spread(SAMPLE_ROWS)
    counts = _counts(raw, names)
    shapes = _shapes(sample, names)
    found: dict[str, Evidence] = {}
    for name in names:
        rows, filled, distinct = counts[name]
        shares, cells = shapes[name]
        evidence = Evidence(
            name,
            rows,
            filled,
            distinct,
            shares["email"],
            shares["name"],
            shares["code"],
            shares["time"],
            cells=cells,
            phone_share=shares["phone"],
        )
        typed = not raw.types[name].startswith("VARCHAR")
        if typed or shares["number"] > 0.5:
            evidence = _with_numbers(sample, evidence, settings)
        if typed or shares["date"] > 0.5:
            date = detect_date_format(sample, name, settings.day_first)
            evidence = replace(evidence, date=date if date.share_parsed > 0 else None)
        found[name] = evidence
    return found


def _counts(raw: RawTable, names: tuple[str, ...]) -> dict[str, tuple[int, int, int]]:
    parts = [
        part
        for name in names
        for part in (f"count({quote_identifier(name)})", f"approx_count_distinct({quote_identifier(name)})")
    ]
    row = raw.one("SELECT {parts} FROM {head}", parts=", ".join([*parts, "count(*)"]))
    return {
        name: (int(row[-1]), int(row[2 * place]), int(row[2 * place + 1])) for place, name in enumerate(names)
    }


def _shapes(sample: RawTable, names: tuple[str, ...]) -> dict[str, tuple[dict[str, float], tuple[str, ...]]]:
    """By column: the share of the filled cells in each of `_SHAPES`, and some of the cells.

    All columns in one statement: to make ready for the patterns takes longer than to look through a column for them.
    """
    if not names:
        return {}
    rows = sample.rows(
        """
        SELECT place, count(cell), list_sort(list(DISTINCT cell) FILTER (WHERE cell IS NOT NULL))[:40], {counts}
        FROM (
            SELECT place, trim(translate(cell, '{unseen}', '')) AS cell
            FROM (SELECT unnest(range({number})) AS place, unnest([{cells}]) AS cell FROM {raw})
        ) GROUP BY place
        """,
        _SHAPES,
        counts=", ".join(counted(f"regexp_full_match(cell, ${shape})") for shape in _SHAPES),
        number=str(len(names)),
        cells=", ".join(f"CAST({quote_identifier(name)} AS VARCHAR)" for name in names),
        unseen=UNSEEN,
    )
    found: dict[str, tuple[dict[str, float], tuple[str, ...]]] = {
        name: (dict.fromkeys(_SHAPES, 0.0), ()) for name in names
    }
    for place, total, cells, *counts in rows:
        shares = {shape: count / max(1, total) for shape, count in zip(_SHAPES, counts, strict=True)}
        found[names[place]] = (shares, tuple(cells or ()))
    return found


def _with_numbers(sample: RawTable, evidence: Evidence, settings: IngestSettings) -> Evidence:
    fmt = detect_number_format(sample, evidence.name, settings.decimal)
    if fmt.parseable == 0:
        return evidence
    total, whole, negative, largest = sample.one(
        """
        SELECT count(value), {whole}, {negative}, max(abs(value))
        FROM (SELECT {value} AS value FROM {raw})
        """,
        whole=counted("value = round(value)"),
        negative=counted("value < 0"),
        value=number_sql(evidence.name, fmt),
    )
    if not total:
        return evidence
    return replace(
        evidence,
        number=fmt,
        whole_share=whole / total,
        negative_share=negative / total,
        largest=float(largest),
    )
