"""A long history leaves its older lines as they are: the same states as of one that is written anew each time."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path

import pytest

from churnkit.errors import DataError
from churnkit.results.shop import AdditionFigures
from churnkit.shops import LINES, first_state, fold, folding, repeat, take_back
from churnkit.shops.history_files import NEWER, OLDER
from churnkit.shops.leaving import forget_before
from tests.unit.shops.made_files import Line, NewerFile, file_of, lines_at

# Orders of the whole month, then files that overlap with it and with each other.
MONTH: list[Line] = [(f"o{number:02}", 1 + number // 2, float(number)) for number in range(60)]


def _files(folder: Path) -> list[NewerFile]:
    chance = random.Random(5)
    made = [file_of(folder, "first", MONTH)]
    for number in range(1, 5):
        begin = 5 * number
        lines = [
            (order, day, amount + chance.choice((0, 0, 0, 100)))
            for order, day, amount in MONTH
            if begin <= day < begin + 8 and chance.random() < 0.8
        ]
        lines.append((f"n{number}", begin + 3, 7.0))
        made.append(
            file_of(
                folder,
                f"f{number}",
                lines,
                silent=((f"o{begin:02}", 1),),
                knows=31 + number,
                takes_out=number == 3,
            )
        )
    return made


def _grown(folder: Path) -> tuple[list[Path], list[AdditionFigures]]:
    first, *others = _files(folder)
    histories, figures = [folder / "1"], []
    first_state(first, histories[0])
    for file in others:
        histories.append(folder / str(len(histories) + 1))
        figures.append(fold(histories[-2], file, histories[-1]))
    return histories, figures


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "MIN_OLDER_LINES", 1)
    monkeypatch.setattr(folding, "MAX_NEWER_SHARE", 100.0)


def _states(history: Path, versions: int, work: Path) -> list[list[Line]]:
    return [lines_at(history, version, work) for version in range(1, versions + 1)]


def test_the_parts_tell_what_the_whole_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, told = _grown(tmp_path / "whole")
    monkeypatch.setattr(folding, "MIN_OLDER_LINES", 1)
    monkeypatch.setattr(folding, "MAX_NEWER_SHARE", 100.0)
    parts, told_in_parts = _grown(tmp_path / "parts")
    assert told == told_in_parts
    work = tmp_path / "w"
    for number, (one, other) in enumerate(zip(whole, parts, strict=True), start=1):
        assert _states(one, number, work) == _states(other, number, work)
    assert (parts[-1] / OLDER).samefile(parts[0] / LINES)
    assert not (parts[-1] / LINES).exists()
    undone = [take_back(made[-1], made[-2], made[0].with_name("undone")) for made in (whole, parts)]
    assert undone[0] == undone[1]
    assert _states(whole[0].with_name("undone"), 6, work) == _states(parts[0].with_name("undone"), 6, work)
    repeat(parts[-1], None, tmp_path / "again")
    assert lines_at(tmp_path / "again", 6, work) == lines_at(parts[-1], 5, work)


def test_short_histories_and_large_changes_are_written_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_state(file_of(tmp_path, "first", MONTH), tmp_path / "1")
    for number, least, newer, apart in ((2, 60, 15, True), (3, 61, 15, False), (4, 60, 16, False)):
        monkeypatch.setattr(folding, "MIN_OLDER_LINES", least)
        more = file_of(tmp_path, f"f{number}", [(f"n{one}", 31, 1.0) for one in range(newer)])
        fold(tmp_path / "1", more, tmp_path / str(number))
        assert (tmp_path / str(number) / NEWER).exists() is apart
        assert (tmp_path / str(number) / LINES).exists() is not apart


@pytest.mark.usefixtures("in_parts")
def test_what_is_no_longer_kept_leaves_both_parts_even_where_it_broke_off(tmp_path: Path) -> None:
    histories, _ = _grown(tmp_path / "h")
    history, moment = histories[-1], datetime(2024, 1, 10)
    kept = [line for line in lines_at(history, 5, tmp_path / "w") if line[1] >= 10]
    older = (history / OLDER).read_bytes()
    forget_before(history, moment)
    assert sorted(path.name for path in history.glob("*lines.parquet")) == [LINES]
    assert lines_at(history, 5, tmp_path / "w") == kept
    (history / OLDER).write_bytes(older)
    forget_before(history, moment)
    assert not (history / OLDER).exists()


@pytest.mark.usefixtures("in_parts")
@pytest.mark.parametrize("name", [OLDER, NEWER])
def test_a_part_that_is_missing_is_never_passed_over(tmp_path: Path, name: str) -> None:
    histories, _ = _grown(tmp_path / "h")
    (histories[-1] / name).unlink()
    with pytest.raises(DataError, match="is missing from the data folder"):
        lines_at(histories[-1], 5, tmp_path / "w")
