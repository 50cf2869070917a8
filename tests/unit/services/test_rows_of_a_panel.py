"""The dates that a refresh carries over: the same rows as a filter has, in their order."""

from __future__ import annotations

from itertools import product

import pyarrow as pa

from churnkit.services.refresh.refreshed_folder import _rows_where


def test_views_have_the_rows_of_a_filter() -> None:
    table = pa.table({"row": pa.chunked_array([[0, 1], [2, 3, 4]]), "name": list("abcde")})
    for keeps in product([False, True], repeat=5):
        kept = pa.chunked_array([keeps[:3], keeps[3:]], type=pa.bool_())
        assert _rows_where(table, kept).equals(table.filter(kept))
