"""Taking one person out of tables, documents and sentences."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

GONE = "erased"
"""What stands where somebody stood."""

# Shorter numbers stand in sentences for other things, too.
_TELLING_LENGTH = 5
_OF_CUSTOMER = "customer_id"
_LISTS = frozenset({"customer_ids", "customers", "members"})
_EXAMPLES = " | "


@dataclass(frozen=True)
class Person:
    """What somebody is known by.

    Attributes
    ----------
    customer_ids
        In the shop's transactions.
    addresses
        E-mail addresses, telephone numbers and names, as the shop's files write them.
    order_ids
        Of their orders.
    """

    customer_ids: frozenset[str]
    addresses: frozenset[str] = frozenset()
    order_ids: frozenset[str] = frozenset()

    @cached_property
    def cells(self) -> frozenset[str]:
        """Everything that names them, as :func:`plain_cell` writes it."""
        return frozenset(map(plain_cell, self.customer_ids | self.addresses))

    @cached_property
    def _telling(self) -> re.Pattern[str] | None:
        """Any of it inside of a sentence, unless it may be a figure like any other."""
        names = sorted(
            (one for one in self.customer_ids | self.addresses if _is_telling(one)), key=len, reverse=True
        )
        return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names)) if names else None

    @cached_property
    def _named(self) -> re.Pattern[str]:
        """A customer's number where a sentence says that it is one."""
        names = "|".join(map(re.escape, sorted(self.customer_ids, key=len, reverse=True)))
        return re.compile(rf"(?<=[Cc]ustomer )(?:{names})(?!\w)|^(?:{names})(?= has )")

    def is_in(self, cells: Mapping[str, str]) -> bool:
        """Whether one of a row's cells is theirs."""
        return any(plain_cell(cell) in self.cells for cell in cells.values())

    def out_of_words(self, text: str) -> str:
        """A sentence without them; an example row of theirs is left out of a line of examples."""
        if not text:
            return text
        if _EXAMPLES in text or text.startswith("row "):
            text = _EXAMPLES.join(one for one in text.split(_EXAMPLES) if not self._is_example(one))
        if self._telling is not None:
            text = self._telling.sub(GONE, text)
        return self._named.sub(GONE, text)

    def _is_example(self, text: str) -> bool:
        """``row 7: Customer ID=12, Date=…``; a cell may hold commas itself."""
        cells = [part.partition("=")[2] for part in text.split(", ") if "=" in part]
        return any(plain_cell(cell) in self.cells for cell in cells)

    def out_of(self, value: Any) -> Any:
        """JSON values without them: elements of lists that are about them go, other values are written over."""
        if isinstance(value, Mapping):
            items = value.items()
            return {
                key: self._in_object(str(key), item) for key, item in items if key not in self.customer_ids
            }
        if isinstance(value, list):
            return [self.out_of(item) for item in value if not self._is_about(item)]
        if isinstance(value, str):
            return self.out_of_words(value)
        return value

    def out_of_json(self, text: str) -> str:
        """The same for JSON text; a text that is none is a sentence."""
        try:
            value = json.loads(text)
        except ValueError:
            return self.out_of_words(text)
        cleaned = self.out_of(value)
        if cleaned == value:
            return text
        lines = text.rstrip("\n")
        written = json.dumps(cleaned, ensure_ascii=False, indent=1 if "\n" in lines else None)
        return written + text[len(lines) :]

    def _in_object(self, key: str, item: Any) -> Any:
        if key == _OF_CUSTOMER and str(item) in self.customer_ids:
            return GONE
        if key in _LISTS and isinstance(item, list):
            others = [one for one in item if str(one) not in self.customer_ids]
            return self.out_of(others)
        if isinstance(item, str) and "customer" in key and item in self.customer_ids:
            return GONE
        if key == "customer_id_kinds" and isinstance(item, list):
            return [self._without_example(one) for one in item]
        return self.out_of(item)

    def _is_about(self, item: Any) -> bool:
        return isinstance(item, Mapping) and str(item.get(_OF_CUSTOMER)) in self.customer_ids

    def _without_example(self, item: Any) -> Any:
        if isinstance(item, Mapping) and str(item.get("example")) in self.customer_ids:
            return {**item, "example": GONE}
        return item


def plain_cell(cell: str) -> str:
    """A cell as it is compared: without blanks, case, or the decimals that a spreadsheet gives to numbers."""
    text = cell.strip().casefold()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def _is_telling(name: str) -> bool:
    return len(name) >= _TELLING_LENGTH
