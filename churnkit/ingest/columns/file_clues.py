"""What headers and cells of a file as a whole say: whether its rows can be orders, and whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from churnkit.ingest.cells import text_sql
from churnkit.ingest.columns.cell_evidence import Evidence
from churnkit.ingest.columns.header_likeness import header_score
from churnkit.ingest.columns.suitability import looks_like_date
from churnkit.ingest.columns.synonyms import normalise_header
from churnkit.ingest.columns.wrong_file_words import ALIVE, ENDED, SIGNS
from churnkit.ingest.files import RawTable

# A few doubles in a list of customers are doubles; a tenth of them are people who come again.
_ONCE = 0.97
_AGAIN = 0.9
_SAME_NAME = 0.93
_LIKE_A_NAME = 0.85
_FEW_VALUES = 20
# Headers of counts, which are near to the name of one: `Users` is how many, not who.
_COUNTS = frozenset(SIGNS["count"])


@dataclass(frozen=True)
class Clues:
    """A raw table with the evidence of its columns."""

    raw: RawTable
    evidence: Mapping[str, Evidence]

    @property
    def rows(self) -> int:
        """Rows of the table."""
        return self.raw.row_count

    @cached_property
    def headers(self) -> dict[str, str]:
        """Column -> its words, between blanks."""
        return {name: f" {normalise_header(name)} " for name in self.evidence}

    def having(self, sign: str) -> list[str]:
        """Columns whose header holds one of the words of a sign."""
        words = SIGNS[sign]
        return [name for name, header in self.headers.items() if any(f" {word} " in header for word in words)]

    @cached_property
    def names_orders(self) -> bool:
        """Rows have an order number, a date, money and a customer."""
        orders = self._named(("order_id",), _SAME_NAME)
        return bool(orders and self.has_dates and self.has_money and self.customer)

    @cached_property
    def tells_purchases(self) -> bool:
        """Customers come again, with date and money."""
        return bool(
            self.has_dates and self.has_money and self.customer and self._share(self.customer) < _AGAIN
        )

    @cached_property
    def customer(self) -> str | None:
        """The column that says who, if one does."""
        emails = [name for name, facts in self.evidence.items() if facts.email_share > 0.8]
        ids = self._named(("customer_id",), _LIKE_A_NAME)
        return next(iter((*emails, *ids)), None)

    @property
    def has_emails(self) -> bool:
        """Some column holds e-mail addresses."""
        return any(facts.email_share > 0.8 for facts in self.evidence.values())

    @cached_property
    def dates(self) -> list[str]:
        """Columns of dates."""
        return [
            name for name, facts in self.evidence.items() if facts.filled and looks_like_date(facts) > 0.8
        ]

    @property
    def has_dates(self) -> bool:
        """Some column holds dates."""
        return bool(self.dates)

    @cached_property
    def has_money(self) -> bool:
        """Some column is named as money and holds numbers."""
        named = self._named(("amount", "order_total", "unit_price"), 0.6)
        return any(self.evidence[name].number_share > 0.8 for name in named)

    @property
    def has_decimals(self) -> bool:
        """Some column holds numbers with decimals."""
        return any(facts.has_decimals for facts in self.evidence.values())

    @cached_property
    def one_row_a_customer(self) -> bool:
        """Hardly any customer comes twice."""
        return self.customer is not None and self._share(self.customer) >= _ONCE

    @cached_property
    def one_row_a_date(self) -> bool:
        """Hardly any date comes twice."""
        return bool(self.dates) and self._share(self.dates[0]) >= _ONCE

    def values(self, column: str) -> list[tuple[str, int]]:
        """Values of a column with their rows, the most frequent first, at most twenty."""
        found = self.raw.rows(
            """
            SELECT {cell} AS value, count(*) AS rows FROM {raw} WHERE {cell} <> ''
            GROUP BY value ORDER BY rows DESC, value LIMIT $limit
            """,
            {"limit": _FEW_VALUES},
            cell=f"trim({text_sql(column)})",
        )
        return [(str(value), int(rows)) for value, rows in found]

    def subscription_states(self) -> dict[str, int]:
        """State -> rows, of a column with states of subscriptions that run and of others that ended."""
        for name, facts in self.evidence.items():
            cells = {cell.lower() for cell in facts.cells}
            if facts.distinct <= _FEW_VALUES and cells & ALIVE and cells & ENDED:
                return dict(self.values(name))
        return {}

    def _named(self, fields: tuple[str, ...], least: float) -> list[str]:
        scores = {name: max(header_score(field, name)[0] for field in fields) for name in self.evidence}
        fitting = [
            name
            for name, score in scores.items()
            if score >= least and self.headers[name].strip() not in _COUNTS
        ]
        return sorted(fitting, key=lambda name: -scores[name])

    def _share(self, column: str) -> float:
        filled, distinct = self.raw.one(
            "SELECT count({cell}), count(DISTINCT {cell}) FROM {raw} WHERE {cell} <> ''",
            cell=text_sql(column),
        )
        return distinct / filled if filled else 1.0
