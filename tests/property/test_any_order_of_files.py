"""A shop's history depends on the files that it was made of, not on the order in which they came."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.compute as pc
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from churnkit.shops import LINES, first_state, fold
from tests.unit.shops.made_files import Line, file_of

ORDERS, DAYS = "abc", 5
TOLD = st.tuples(st.sampled_from(ORDERS), st.integers(1, DAYS), st.sampled_from([1.0, 2.0]))


@st.composite
def files(draw: st.DrawFn) -> list[dict[str, object]]:
    """Some files that know for differently long, so that there is one truth."""
    count = draw(st.integers(2, 4))
    knows = draw(st.permutations(range(DAYS + 1, DAYS + 1 + count)))
    return [
        {
            "lines": draw(st.lists(TOLD, min_size=1, max_size=5)),
            "silent": tuple(
                draw(st.lists(st.tuples(st.sampled_from(ORDERS), st.integers(1, DAYS)), max_size=1))
            ),
            "knows": known,
            "changes": draw(st.booleans()),
            "takes_out": draw(st.booleans()),
        }
        for known in knows
    ]


def _state(folder: Path, made: Sequence[dict[str, object]]) -> list[Line]:
    history = folder / "0"
    for number, one in enumerate(made):
        lines = one["lines"]
        held = {order for order, _, _ in lines}  # type: ignore[attr-defined]
        silent = tuple(pair for pair in one["silent"] if pair[0] not in held)  # type: ignore[attr-defined]
        file = file_of(folder, f"f{number}", **{**one, "silent": silent})  # type: ignore[arg-type]
        if number == 0:
            first_state(file, history)
        else:
            before, history = history, folder / str(number)
            fold(before, file, history)
    table = pq.read_table(history / LINES)
    table = table.filter(pc.is_null(table["until_version"]))
    return sorted(
        zip(*(table[name].to_pylist() for name in ("order_id", "ordered_at", "amount")), strict=True)
    )


@settings(max_examples=10, deadline=None)
@given(files(), st.randoms(use_true_random=False))
def test_the_same_files_in_any_order_make_the_same_history(
    made: list[dict[str, object]], chance: object
) -> None:
    shuffled = list(made)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        assert _state(Path(one), made) == _state(Path(other), shuffled)
