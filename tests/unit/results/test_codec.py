"""Documents as JSON and back: every version is read or refused in one sentence with its place."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Literal

import numpy as np
import pytest

from churnkit.errors import DataError
from churnkit.results.codec import (
    JsonObject,
    Step,
    from_json,
    from_text,
    keyed,
    part_from_json,
    part_to_json,
    to_json,
    to_text,
)
from churnkit.results.found import Found, Missing


@dataclass(frozen=True, kw_only=True)
class Line:
    count: int
    mean: float
    low: float | None = None


def _with_day(content: JsonObject) -> JsonObject:
    return {**content, "day": content["when"][:10]}


def _with_note(content: JsonObject) -> JsonObject:
    missing = content.pop("missing")
    return {**content, "best": {"missing": missing["best"]} if content["best"] is None else content["best"]}


@dataclass(frozen=True, kw_only=True)
class Page:
    title: ClassVar[str] = "the page"
    steps: ClassVar[tuple[Step, ...]] = (_with_day, _with_note)
    when: datetime
    day: date
    best: Found[Line] | Missing
    lines: tuple[Line, ...]
    by_name: dict[str, Found[tuple[Line, ...]] | Missing]
    kind: Literal["short", "long"] | None
    done: bool
    name: str


PAGE = Page(
    when=datetime(2011, 12, 9, 12, 50),
    day=date(2011, 12, 9),
    best=Found(Line(count=1, mean=2.5, low=1.0)),
    lines=(Line(count=2, mean=3.0), Line(count=0, mean=1.0)),
    by_name={"a": Missing("There is none."), "b": Found((Line(count=3, mean=0.25),))},
    kind="short",
    done=False,
    name="é",
)
STORED: JsonObject = {
    "version": 3,
    "when": "2011-12-09T12:50:00",
    "day": "2011-12-09",
    "best": {"count": 1, "mean": 2.5, "low": 1.0},
    "lines": [{"count": 2, "mean": 3.0, "low": None}, {"count": 0, "mean": 1.0, "low": None}],
    "by_name": {"a": {"missing": "There is none."}, "b": [{"count": 3, "mean": 0.25, "low": None}]},
    "kind": "short",
    "done": False,
    "name": "é",
}


def test_a_document_is_an_object_of_its_fields_with_its_version() -> None:
    assert to_json(PAGE) == STORED
    assert next(iter(to_json(PAGE))) == "version"
    assert from_json(Page, copy.deepcopy(STORED)) == PAGE
    assert from_text(Page, to_text(PAGE)) == PAGE


def test_nan_is_null_and_comes_back_as_nan_where_a_number_must_be() -> None:
    again = part_from_json(Line, {"count": 1, "mean": None, "low": None}, "a line")
    assert math.isnan(again.mean)
    assert again.low is None
    line = Line(count=1, mean=float("nan"))
    assert to_json(_with(lines=(line,)))["lines"] == [{"count": 1, "mean": None, "low": None}]


def test_numpy_values_are_written_as_plain_ones() -> None:
    line: Any = Line(count=np.int64(4), mean=np.float32(0.5))  # type: ignore[arg-type]
    assert json.loads(to_text(_with(lines=(line,))))["lines"] == [{"count": 4, "mean": 0.5, "low": None}]


def _with(**changes: Any) -> Page:
    return Page(**{**PAGE.__dict__, **changes})


def test_older_versions_are_taken_up_step_by_step() -> None:
    first = {k: v for k, v in STORED.items() if k not in ("version", "day")}
    first |= {"best": None, "missing": {"best": "Too few lines."}}
    assert from_json(Page, first) == _with(best=Missing("Too few lines."))
    second = {**first, "version": 2, "day": "2011-12-10"}
    assert from_json(Page, second) == _with(best=Missing("Too few lines."), day=date(2011, 12, 10))


Change = Callable[[JsonObject], object]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda o: o.update(version=4), "it has version 4, this churnkit knows it up to 3"),
        (lambda o: o.update(version="3"), "its version must be a number from 1 on, found '3'"),
        (lambda o: o.update(version=True), "its version must be a number from 1 on, found True"),
        (lambda o: o.update(extra=1, more=2), "nobody knows extra, more @ $"),
        (lambda o: o.pop("when"), "when is missing @ $.when"),
        (lambda o: o["lines"][1].pop("count"), "count is missing @ $.lines[1].count"),
        (lambda o: o["lines"][0].update(count="2"), "a whole number is needed, found '2' @ $.lines[0].count"),
        (lambda o: o["lines"][0].update(count=2.5), "a whole number is needed, found 2.5"),
        (lambda o: o["lines"][0].update(count=None), "a whole number is needed, found None"),
        (lambda o: o["lines"][0].update(mean="x"), "a number is needed, found 'x' @ $.lines[0].mean"),
        (lambda o: o["lines"][0].update(mean=True), "a number is needed, found True"),
        (lambda o: o.update(lines={"a": 1}), "a list is needed, found {'a': 1} @ $.lines"),
        (lambda o: o.update(lines="ab"), "a list is needed, found 'ab'"),
        (lambda o: o.update(best=None), "an object is needed, found None @ $.best"),
        (lambda o: o.update(best={"missing": 3}), "text is needed, found 3"),
        (
            lambda o: o["by_name"]["b"][0].update(mean=[]),
            "a number is needed, found [] @ $.by_name['b'][0].mean",
        ),
        (lambda o: o.update(by_name=[]), "an object is needed, found []"),
        (lambda o: o.update(kind="wide"), "one of short, long is needed, found 'wide' @ $.kind"),
        (lambda o: o.update(kind=[]), "found [] @ $.kind"),
        (lambda o: o.update(done=0), "true or false is needed, found 0 @ $.done"),
        (lambda o: o.update(when="2011-13-01"), "@ $.when"),
        (lambda o: o.update(when=5), "text is needed, found 5"),
        (lambda o: o.update(version=2, best=None), "version 2 cannot be read (KeyError: 'missing')"),
    ],
)
def test_what_no_version_holds_is_refused_with_its_place(change: Change, words: str) -> None:
    content = copy.deepcopy(STORED)
    change(content)
    with pytest.raises(DataError) as refused:
        from_json(Page, content)
    assert refused.value.message.startswith("Reading the page: ")
    assert words in refused.value.message
    assert refused.value.remedy


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", "3", "[" * 100_000, b"\xff\xfe{}"])
def test_what_is_no_object_is_refused(text: str | bytes) -> None:
    with pytest.raises(DataError, match="Reading the page: it is damaged"):
        from_text(Page, text)


def test_only_some_of_many_faults_are_told() -> None:
    content = {**copy.deepcopy(STORED), "lines": [{"count": "x", "mean": 1}] * 9}
    with pytest.raises(DataError, match="; and 6 more") as refused:
        from_json(Page, content)
    assert refused.value.message.count("a whole number is needed") == 3


@dataclass(frozen=True, kw_only=True)
class Spell:
    from_: date = field(metadata=keyed("from"))
    days: int | float | None


def test_a_key_that_python_does_not_allow_as_a_name() -> None:
    spell = part_from_json(Spell, {"from": "2011-12-09", "days": 3}, "a spell")
    assert spell == Spell(from_=date(2011, 12, 9), days=3)
    assert part_to_json(spell) == {"from": "2011-12-09", "days": 3}
    with pytest.raises(DataError, match=r"from is missing @ \$\.from"):
        part_from_json(Spell, {"days": 3}, "a spell")


@pytest.mark.parametrize("days", [3, 3.5, None])
def test_whole_numbers_stay_whole_where_both_kinds_are_asked_for(days: float | None) -> None:
    found = part_from_json(Spell, {"from": "2011-12-09", "days": days}, "a spell").days
    assert (found, type(found)) == (days, type(days))


@pytest.mark.parametrize("days", [True, "3", []])
def test_what_is_no_number_is_refused_where_both_kinds_are_asked_for(days: object) -> None:
    with pytest.raises(DataError, match="a number is needed"):
        part_from_json(Spell, {"from": "2011-12-09", "days": days}, "a spell")


@dataclass(frozen=True, kw_only=True)
class Book:
    title: ClassVar[str] = "the book"
    steps: ClassVar[tuple[Step, ...]] = ()
    page: Page


def test_a_document_inside_another_keeps_its_own_version() -> None:
    assert to_json(Book(page=PAGE)) == {"version": 1, "page": STORED}
    first = {k: v for k, v in STORED.items() if k not in ("version", "day")} | {"missing": {}}
    assert from_json(Book, {"page": first}) == Book(page=PAGE)
    for page, words in (
        ({**STORED, "version": 4}, "the page: it has version 4, this churnkit knows it up to 3"),
        ({**STORED, "done": 0}, r"true or false is needed, found 0 @ \$\.page\.done"),
        (None, "an object is needed, found None"),
    ):
        with pytest.raises(DataError, match=words):
            from_json(Book, {"page": page})


@pytest.mark.parametrize("value", ["text", None, [], 3])
def test_part_that_is_no_object_is_refused(value: object) -> None:
    with pytest.raises(DataError, match="a spell: it is damaged"):
        part_from_json(Spell, value, "a spell")


@dataclass(frozen=True, kw_only=True)
class Guess:
    others: tuple[tuple[str, float], ...]
    sizes: tuple[tuple[int, float], ...]


def test_pairs_are_pairs_and_not_one_of_two_kinds() -> None:
    guess = Guess(others=(("user", 0.82), ("session", 1.0)), sizes=((3, 0.5),))
    assert part_from_json(Guess, part_to_json(guess), "a guess") == guess
    with pytest.raises(DataError, match="text is needed"):
        part_from_json(Guess, {"others": [[1, 0.5]], "sizes": []}, "a guess")
