"""The dates that a refresh carries over: the same rows as a filter has, in their order."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from churnkit.errors import DataError
from churnkit.results.files import table_writer
from churnkit.results.folders import Results
from churnkit.services.refresh.carried_panel import _parts, _rows_where

TABLE = pa.table({"row": pa.chunked_array([[0, 1], [2, 3, 4]]), "name": list("abcde")})


def test_views_have_the_rows_of_a_filter() -> None:
    for keeps in product([False, True], repeat=5):
        kept = pa.chunked_array([keeps[:3], keeps[3:]], type=pa.bool_())
        assert _rows_where(TABLE, kept).equals(TABLE.filter(kept))


def test_parts_are_the_kept_rows_of_all_row_groups(tmp_path: Path) -> None:
    path = tmp_path / "panel.parquet"
    with table_writer(TABLE.schema, path) as writer:
        writer.write_table(TABLE, row_group_size=2)
    with pq.ParquetFile(path) as file:
        assert file.num_row_groups == 3
        for keeps in product([False, True], repeat=5):
            kept = pa.chunked_array([keeps], type=pa.bool_())
            found = pa.concat_tables([TABLE.schema.empty_table(), *_parts(Results(tmp_path), file, kept)])
            assert found.equals(TABLE.filter(kept))


def test_what_goes_wrong_while_a_table_is_written_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(DataError), table_writer(TABLE.schema, tmp_path / "panel.parquet") as writer:
        writer.write_table(TABLE)
        raise DataError("Broken.", "Mend it.")
    assert not list(tmp_path.iterdir())
