"""Suggested mapping of a file that no preset knows: headers and cells together, one column a field."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from churnkit.config import IngestSettings
from churnkit.ingest.columns.cell_evidence import Evidence, gather
from churnkit.ingest.columns.column_pairs import Relations
from churnkit.ingest.columns.headerless import settle_without_header
from churnkit.ingest.columns.mapping import ColumnMapping
from churnkit.ingest.columns.suitability import Score, looks_like_date, looks_like_names, score
from churnkit.ingest.columns.synonyms import HEADERS
from churnkit.ingest.files.raw_table import RawTable
from churnkit.text import figures
from churnkit.text.figures import count

MIN_CONFIDENCE = 0.6
# A wrong guess here silently drops rows or changes money, so the header must say it plainly.
_CAREFUL = {"discount": 0.75, "refunded": 0.8, "currency": 0.7, "status": 0.7, "event_type": 0.7, "time": 0.7}
# Two columns this close in confidence are equally good.
_TIE = 0.03
_NAME_ONLY = (
    "Names do not identify customers: two people share one, and one person is spelled in several ways. Export"
    " the orders with a customer number or an e-mail address; or, where names are unique in this shop, say so"
    " with a mapping file (--map) that names the column as customer_id."
)


@dataclass(frozen=True)
class Suggestion:
    """A field, its column, confidence 0..1, the reason, and other columns with their confidence."""

    field: str
    column: str
    confidence: float
    reason: str
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Question:
    """Something that the file leaves open and that changes results, with the way to answer it."""

    field: str
    message: str
    remedy: str


@dataclass(frozen=True)
class Suggestions:
    """All suggestions; ``questions`` must be answered before the file can be used."""

    fields: tuple[Suggestion, ...]
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    evidence: Mapping[str, Evidence] = dataclasses.field(default_factory=dict)

    @property
    def mapping(self) -> ColumnMapping:
        """The suggestions as a mapping."""
        return ColumnMapping({item.field: item.column for item in self.fields})


def suggest(
    connection: duckdb.DuckDBPyConnection, raw: RawTable, workdir: Path, settings: IngestSettings
) -> Suggestions:
    """Suggest a mapping from headers and cells.

    Fields are assigned to columns one to one so that the sum of confidences is greatest (Kuhn 1955, the
    Hungarian method); then identity, date and money are checked against each other. A file without a
    header is mapped by its cells alone.
    """
    evidence = gather(connection, raw, workdir, settings)
    relations = Relations(connection, raw)
    if raw.format.header_row == 0:
        return _from_contents(evidence, relations)
    scores = {
        (field, column): score(field, column, facts)
        for field in HEADERS
        for column, facts in evidence.items()
    }
    draft = _Draft(evidence, relations, scores, _assign(scores, list(HEADERS), list(evidence)))
    draft.settle_identity()
    draft.settle_date()
    draft.settle_order()
    draft.settle_money()
    return draft.result()


def _from_contents(evidence: dict[str, Evidence], relations: Relations) -> Suggestions:
    chosen, open_questions, notes = settle_without_header(evidence, relations)
    return Suggestions(
        tuple(
            Suggestion(field, column, confidence, reason)
            for field, (column, confidence, reason) in chosen.items()
        ),
        tuple(Question(*question) for question in open_questions),
        tuple(notes),
        evidence,
    )


def _assign(scores: dict[tuple[str, str], Score], fields: list[str], columns: list[str]) -> dict[str, str]:
    """The one-to-one assignment of columns to fields with the greatest total confidence."""
    table = np.array([[scores[field, column].confidence for column in columns] for field in fields])
    limits = np.array([[_CAREFUL.get(field, MIN_CONFIDENCE)] for field in fields])
    table = np.where(table >= limits, table, 0.0)
    # SciPy takes half a second to import, which every start of the app would pay.
    from scipy.optimize import linear_sum_assignment

    rows, places = linear_sum_assignment(-table)
    return {
        fields[row]: columns[place] for row, place in zip(rows, places, strict=True) if table[row, place] > 0
    }


class _Draft:
    """The assignment while it is checked and corrected."""

    def __init__(
        self,
        evidence: dict[str, Evidence],
        relations: Relations,
        scores: dict[tuple[str, str], Score],
        chosen: dict[str, str],
    ) -> None:
        self.evidence = evidence
        self.relations = relations
        self.scores = scores
        self.chosen = chosen
        self.overrides: dict[str, Score] = {}
        self.questions: list[Question] = []
        self.notes: list[str] = []

    def result(self) -> Suggestions:
        fields = []
        for field, column in self.chosen.items():
            if field == "customer_name":
                continue
            basis = self.overrides.get(field, self.scores[field, column])
            fields.append(
                Suggestion(field, column, round(basis.confidence, 2), basis.reason, self._alternatives(field))
            )
        return Suggestions(tuple(fields), tuple(self.questions), tuple(self.notes), self.evidence)

    def settle_identity(self) -> None:
        column = self.chosen.get("customer_id")
        if column and self.evidence[column].email_share > 0.8:
            self._put("email", self.chosen.pop("customer_id"), 0.95, "the cells are e-mail addresses")
        elif column and looks_like_names(self.evidence[column]):
            self.chosen.pop("customer_id")
            self.chosen.setdefault("customer_name", column)
        if "customer_id" not in self.chosen and "email" not in self.chosen:
            self._find_email()
        if "customer_id" in self.chosen:
            self._prefer_a_tie_that_repeats()
        elif "email" not in self.chosen:
            self._refuse_identity()

    def settle_date(self) -> None:
        if "ordered_at" in self.chosen:
            self._ask_on_tie("ordered_at", "date", "order_datetime")
            return
        dates = [name for name in self._free() if looks_like_date(self.evidence[name]) > 0.9]
        if len(dates) == 1:
            self._put("ordered_at", dates[0], 0.6, "the only column whose cells are dates")
            self.notes.append(f"The dates are read from {dates[0]!r}, the only column with dates.")
        elif dates:
            self._ask("ordered_at", f"Several columns hold dates: {_quoted(dates)}.", "order_datetime", dates)
        else:
            self._ask("ordered_at", "No column holds dates of orders.", "order_datetime", list(self.evidence))

    def settle_order(self) -> None:
        self._prefer_the_whole_order()
        order, customer = self.chosen.get("order_id"), self.chosen.get("customer_id")
        if order and customer and self.relations.equivalent(order, customer):
            others = [
                name
                for name, confidence in self._alternatives("customer_id")
                if confidence >= MIN_CONFIDENCE and not self.relations.equivalent(order, name)
            ]
            if others:
                self.chosen["customer_id"] = others[0]
                self.notes.append(
                    f"{customer!r} changes with every order, so {others[0]!r} is taken for the customer."
                )
            elif self.evidence[customer].distinct > 50:
                self.notes.append(
                    f"Every value of {customer!r} has exactly one order: check that it is the customer."
                )

    def _prefer_the_whole_order(self) -> None:
        """Of an order's and a line's number, the order's: every line has one order, not the other way round."""
        for other in self._ties("order_id") if "order_id" in self.chosen else []:
            line = self.chosen["order_id"]
            if self.relations.determines(line, other) and not self.relations.determines(other, line):
                self.chosen["order_id"] = other
                self.notes.append(
                    f"{other!r} groups several values of {line!r}, so it is taken for the order."
                )

    def settle_money(self) -> None:
        self._leave_out_flags()
        if "amount" in self.chosen:
            self._settle_amount()
        elif "order_total" in self.chosen:
            self._settle_total()
        elif "unit_price" in self.chosen:
            self._settle_unit_price()
        else:
            self._find_money()

    def _leave_out_flags(self) -> None:
        """A column of nothing but 0 and 1 is no money: `Refunded` may well say yes or no."""
        for field in ("discount", "refunded"):
            column = self.chosen.get(field)
            if column and self.evidence[column].largest <= 1 and self.evidence[column].whole_share == 1:
                del self.chosen[field]
                if self.evidence[column].largest:
                    self.notes.append(
                        f"{column!r} holds only 0 and 1, so it is not read as money ({field}). If 1 marks orders"
                        " that were undone, map it as cancelled."
                    )

    def _settle_amount(self) -> None:
        amount, price = self.chosen["amount"], self.chosen.get("unit_price")
        self.chosen.pop("order_total", None)
        facts = self.evidence[amount]
        if price and "quantity" not in self.chosen and facts.whole_share == 1:
            if facts.distinct <= 100 and facts.distinct < self.evidence[price].distinct:
                self._ask(
                    "amount",
                    f"{amount!r} holds small whole numbers beside {price!r}: it may be money or pieces.",
                    "amount or quantity",
                    [amount, price],
                )
            return
        order = self.chosen.get("order_id")
        multiple, constant = self.relations.constancy(order, amount) if order else (0, 0)
        if multiple >= 10 and constant >= 0.95 * multiple and facts.distinct > 10:
            self._ask(
                "amount",
                f"{amount!r} repeats on every line of an order in {count(constant)} of {count(multiple)} orders of"
                " several lines: it may be the order's total, or each line's.",
                "order_total (counted once an order) or amount (summed over the lines)",
                [amount],
            )

    def _settle_total(self) -> None:
        total, order = self.chosen["order_total"], self.chosen.get("order_id")
        multiple, constant = self.relations.constancy(order, total) if order else (0, 0)
        if multiple == 0 or constant < 0.95 * multiple:
            self._put(
                "amount", self.chosen.pop("order_total"), self.scores["order_total", total].confidence, ""
            )
            self.overrides["amount"] = self.scores["order_total", total]
            if multiple:
                self.notes.append(
                    f"{total!r} differs between the lines of an order, so it is each line's money."
                )
        elif {"quantity", "unit_price"} <= self.chosen.keys():
            self.chosen.pop("order_total")
            self.notes.append(
                f"Money is quantity times unit price; {total!r} repeats the order's total and is not used."
            )

    def _settle_unit_price(self) -> None:
        price, quantity = self.chosen["unit_price"], self.chosen.get("quantity")
        if quantity is None:
            self.notes.append(f"No column holds a quantity: each row counts as one piece at {price!r}.")
            return
        plain = {"unit", "each", "per", "stuck", "einzel", "unitaire", "unitario"}
        if any(word in price.lower() for word in plain):
            return
        likeness = self.relations.log_correlation(quantity, price)
        if likeness is not None and likeness > 0.5:
            self._ask(
                "unit_price",
                f"{price!r} grows with {quantity!r} (correlation {figures.score(likeness, 2)}): it may be the line's"
                " total, not the price of one piece.",
                "amount (the line's total) or unit_price (times quantity)",
                [price],
            )

    def _find_email(self) -> None:
        found = [name for name in self._free() if self.evidence[name].email_share > 0.8]
        if found:
            self._put("email", found[0], 0.8, "the cells are e-mail addresses")

    def _refuse_identity(self) -> None:
        names = self.chosen.get("customer_name") or next(
            (name for name in self._free() if looks_like_names(self.evidence[name])), None
        )
        if "customer_name" in self.chosen and names:
            self.questions.append(
                Question(
                    "customer_id", f"Only {names!r} says who bought, and it holds people's names.", _NAME_ONLY
                )
            )
        else:
            self._ask(
                "customer_id",
                "No column says who bought (a customer number or an e-mail address).",
                "customer_id or email",
                list(self.evidence),
            )

    def _prefer_a_tie_that_repeats(self) -> None:
        column = self.chosen["customer_id"]
        for other in self._ties("customer_id"):
            if self.relations.equivalent(column, other):
                self.notes.append(f"{column!r} and {other!r} name the same customers; the former is used.")
            elif self.evidence[other].email_share < 0.8:
                self._ask(
                    "customer_id",
                    f"{column!r} and {other!r} may both be the customer.",
                    "customer_id",
                    [column, other],
                )
                return

    def _ask_on_tie(self, field: str, what: str, key: str) -> None:
        column = self.chosen[field]
        rivals = [other for other in self._ties(field) if not self.relations.same_values(column, other)]
        if rivals:
            both = [column, *rivals]
            self._ask(field, f"{_quoted(both)} may each be the {what} of the order.", key, both)

    def _find_money(self) -> None:
        found = [
            name for name in self._free() if self.evidence[name].has_decimals and not self._disqualified(name)
        ]
        if len(found) == 1:
            self._put("amount", found[0], 0.5, "the only column of numbers with decimals")
            self.notes.append(f"Money is read from {found[0]!r}, the only column of numbers with decimals.")
        elif found:
            self._ask("amount", f"Several columns may be money: {_quoted(found)}.", "amount", found)
        else:
            self._ask(
                "amount",
                "No column holds money.",
                "order_total, amount, or quantity and unit_price",
                self._free(),
            )

    def _disqualified(self, column: str) -> bool:
        """The header is near to money, and its other words say that it is something else: `shipping cost`."""
        return any(
            0 < self.scores[field, column].confidence < 0.5
            for field in ("amount", "order_total", "unit_price")
        )

    def _free(self) -> list[str]:
        taken = set(self.chosen.values())
        return [name for name in self.evidence if name not in taken]

    def _alternatives(self, field: str) -> tuple[tuple[str, float], ...]:
        column = self.chosen.get(field)
        ranked = sorted(
            (
                (name, round(self.scores[field, name].confidence, 2))
                for name in self.evidence
                if name != column
            ),
            key=lambda item: (-item[1], item[0]),
        )
        return tuple(item for item in ranked[:3] if item[1] >= 0.4)

    def _ties(self, field: str) -> list[str]:
        best = self.scores[field, self.chosen[field]].confidence
        return [name for name in self._free() if self.scores[field, name].confidence >= best - _TIE]

    def _put(self, field: str, column: str, confidence: float, reason: str) -> None:
        self.chosen[field] = column
        self.overrides[field] = Score(confidence, reason)

    def _ask(self, field: str, message: str, keys: str, columns: Iterable[str]) -> None:
        self.questions.append(
            Question(
                field,
                message,
                f"Name the right column as {keys} in a mapping file (--map): {_quoted(columns)}.",
            )
        )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)
