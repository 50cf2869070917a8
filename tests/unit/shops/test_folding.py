"""Files join a history: by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from churnkit.errors import DataError
from churnkit.results.shop import AdditionFigures, OrdersOfKind
from churnkit.shops import NewerFile, account_of, assemble, first_state, fold, require_same_shop, take_back
from tests.unit.shops.made_files import at, file_of, lines_at

JANUARY = [("a", 1, 10.0), ("b", 2, 20.0), ("b", 2, 5.0), ("c", 3, 30.0)]


@pytest.fixture
def first(tmp_path: Path) -> Path:
    first_state(file_of(tmp_path, "first", JANUARY), tmp_path / "1")
    return tmp_path / "1"


def _add(before: Path, file: NewerFile) -> tuple[Path, AdditionFigures]:
    folder = before.with_name(str(int(before.name) + 1))
    return folder, fold(before, file, folder)


def test_new_changed_unchanged_cancelled_and_missing_are_told_with_their_money(
    first: Path, tmp_path: Path
) -> None:
    # Order b lost a line, a stands as it was, c is gone, d is new; e does not count and was not known.
    later = file_of(
        tmp_path, "later", [("a", 1, 10.0), ("b", 2, 20.0), ("d", 4, 7.0), ("d", 4, -2.0)], silent=(("e", 4),)
    )
    folder, found = _add(first, later)
    assert found.new == OrdersOfKind(orders=1, lines=2, amount=5.0)
    assert found.changed == OrdersOfKind(orders=1, lines=1, amount=20.0)
    assert found.changed_before == OrdersOfKind(orders=1, lines=2, amount=25.0)
    assert found.unchanged == OrdersOfKind(orders=1, lines=1, amount=10.0)
    assert found.missing == OrdersOfKind(orders=1, lines=1, amount=30.0)
    assert found.cancelled == found.older == OrdersOfKind()
    assert found.changes_anything
    assert not found.missing_taken_out
    assert lines_at(folder, 2, tmp_path / "w") == sorted(
        [("a", 1, 10.0), ("b", 2, 20.0), ("c", 3, 30.0), ("d", 4, 7.0), ("d", 4, -2.0)]
    )
    assert lines_at(folder, 1, tmp_path / "w") == sorted(JANUARY)


def test_an_order_that_no_longer_counts_leaves_and_one_that_is_missing_only_if_asked(
    first: Path, tmp_path: Path
) -> None:
    lines = [("a", 1, 10.0), ("d", 4, 7.0)]
    folder, found = _add(first, file_of(tmp_path, "later", lines, silent=(("b", 2),), takes_out=True))
    assert found.cancelled == OrdersOfKind(orders=1, lines=2, amount=25.0)
    assert found.missing == OrdersOfKind(orders=1, lines=1, amount=30.0)
    assert found.missing_taken_out
    assert lines_at(folder, 2, tmp_path / "w") == lines
    # What comes later from before that time does not bring them back.
    folder, found = _add(folder, file_of(tmp_path, "older", [("b", 2, 20.0), ("c", 3, 30.0)]))
    assert found.older == OrdersOfKind(orders=2, lines=2, amount=50.0)
    assert not found.changes_anything
    assert lines_at(folder, 3, tmp_path / "w") == lines


def test_a_file_of_a_part_says_nothing_of_the_rest(first: Path, tmp_path: Path) -> None:
    folder, found = _add(first, file_of(tmp_path, "later", [("d", 4, 7.0), ("e", 6, 8.0)], takes_out=True))
    assert found.missing == OrdersOfKind()
    assert lines_at(folder, 2, tmp_path / "w") == sorted([*JANUARY, ("d", 4, 7.0), ("e", 6, 8.0)])


def test_an_older_file_never_overwrites_unless_it_corrects(first: Path, tmp_path: Path) -> None:
    old = [("a", 1, 99.0), ("x", 2, 1.0)]
    folder, found = _add(first, file_of(tmp_path, "old", old))
    assert found.older == OrdersOfKind(orders=1, lines=1, amount=99.0)
    assert found.new == OrdersOfKind(orders=1, lines=1, amount=1.0)
    assert ("a", 1, 10.0) in lines_at(folder, 2, tmp_path / "w")
    folder, found = _add(folder, file_of(tmp_path, "right", old, corrects=True))
    assert found.changed == OrdersOfKind(orders=1, lines=1, amount=99.0)
    assert lines_at(folder, 3, tmp_path / "w") == sorted(
        [("a", 1, 99.0), ("x", 2, 1.0), *(line for line in JANUARY if line[0] != "a")]
    )


def test_changes_replace_whole_orders_whenever_they_were_made(first: Path, tmp_path: Path) -> None:
    changes = file_of(tmp_path, "changes", [("a", 1, 4.0)], silent=(("c", 3),), changes=True, knows=20)
    folder, found = _add(first, changes)
    assert (found.changed.orders, found.cancelled.orders, found.missing.orders) == (1, 1, 0)
    assert lines_at(folder, 2, tmp_path / "w") == [("a", 1, 4.0), ("b", 2, 5.0), ("b", 2, 20.0)]
    teller = account_of(folder).tellers[-1]
    assert (teller.covers_from, teller.knows_until) == (None, at(20))


def test_what_was_added_last_can_be_taken_back_and_its_version_stays(first: Path, tmp_path: Path) -> None:
    later = file_of(tmp_path, "later", [("a", 1, 11.0), ("d", 4, 7.0)], silent=(("b", 2),), takes_out=True)
    second, _ = _add(first, later)
    third = tmp_path / "3"
    figures = take_back(second, first, third)
    assert figures.cancelled == OrdersOfKind(orders=2, lines=2, amount=18.0)
    assert figures.new == OrdersOfKind(orders=3, lines=4, amount=65.0)
    assert lines_at(third, 3, tmp_path / "w") == sorted(JANUARY)
    assert lines_at(third, 2, tmp_path / "w") == [("a", 1, 11.0), ("d", 4, 7.0)]
    assert lines_at(third, 1, tmp_path / "w") == sorted(JANUARY)
    # It goes on as if the file had never come: an older file counts again.
    fourth, found = _add(third, file_of(tmp_path, "again", [("a", 1, 11.0), ("d", 4, 7.0)]))
    assert (found.new.orders, found.changed.orders) == (1, 1)
    assert len(set(lines_at(fourth, 4, tmp_path / "w"))) == 5


def test_a_version_that_never_was_is_refused(first: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="version 2 was asked for"):
        assemble(first, 2, tmp_path / "w")


def test_a_file_of_another_shop_is_refused_until_somebody_insists(tmp_path: Path) -> None:
    mine = [(f"n{number}", number, 10.0) for number in range(1, 11)]
    first_state(file_of(tmp_path, "mine", mine), tmp_path / "1")

    def refused(file: NewerFile, words: str) -> None:
        with pytest.raises(DataError, match=words):
            require_same_shop(tmp_path / "1", file, tmp_path / "w")

    refused(file_of(tmp_path, "dollars", mine, currency="USD"), "shop's currency, EUR; they are in USD")
    refused(file_of(tmp_path, "nameless", mine, has_order_id=False), "told apart by their number")
    moved = [(order, day + 1, amount) for order, day, amount in mine]
    others = {order: f"other {order}" for order, _, _ in mine}
    clash = file_of(tmp_path, "clash", moved, customers=others)
    refused(clash, r"10 order numbers are known, and 10 of them .* mean another customer on another day")
    refused(
        file_of(tmp_path, "unknown", [(f"z{number}", number, 1.0) for number in range(1, 11)]),
        "10 of its orders are of a time that the history covers, and not one of them is known",
    )
    require_same_shop(tmp_path / "1", clash, tmp_path / "w", insist=True)
    # Half of the numbers on another day for the same customer is an edited export, no other shop.
    require_same_shop(tmp_path / "1", file_of(tmp_path, "edited", moved), tmp_path / "w")


def test_nobody_of_the_shop_bought_again_is_another_shop(tmp_path: Path) -> None:
    mine = [(f"{number}-{day}", day, 1.0) for day in (1, 5, 9, 13) for number in range(20)]
    customers = {order: order.split("-")[0] for order, _, _ in mine}
    first_state(file_of(tmp_path, "mine", mine, customers=customers), tmp_path / "1")
    theirs = [(f"{number}-{day}", day, 1.0) for day in (20, 22) for number in range(20)]
    strangers = {order: f"s{order}" for order, _, _ in theirs}
    with pytest.raises(DataError, match=r"Not one of its 40 customers .* has bought before"):
        require_same_shop(tmp_path / "1", file_of(tmp_path, "s", theirs, customers=strangers), tmp_path / "w")
    known = {order: order.split("-")[0] for order, _, _ in theirs}
    require_same_shop(tmp_path / "1", file_of(tmp_path, "k", theirs, customers=known), tmp_path / "w")
