"""A newer file of a shop is read as the files before it were, so that it asks only what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path

from churnkit.config import IngestSettings
from churnkit.ingest import ColumnMapping, Reading


def remembered(known: Reading, asked: Reading) -> Reading:
    """The answers that were given before under those that are given now.

    Columns are those that are asked for now: which ones the files before were read by, their accounts say.
    """
    before = replace(known.settings, sheet=None, encoding=None)
    mapping = known.mapping
    if mapping is not None:
        before = replace(
            before,
            day_first=mapping.day_first if mapping.day_first is not None else before.day_first,
            decimal=mapping.decimal or before.decimal,
            currency=mapping.currency or before.currency,
        )
    return replace(
        asked,
        settings=overridden(before, asked.settings),
        as_of=None,
        statuses={**known.statuses, **asked.statuses},
        row_kinds={**known.row_kinds, **asked.row_kinds},
        nobody=tuple(dict.fromkeys((*known.nobody, *asked.nobody))),
        accepted=tuple(dict.fromkeys((*known.accepted, *asked.accepted))),
    )


def with_known_columns(
    reading: Reading,
    files: Sequence[Path],
    workdir: Path,
    columns: Mapping[str, str],
    preset: str | None,
    day_first: bool | None,
) -> Reading:
    """The reading with the columns of the file before, where the new one has them all and nobody chose others."""
    if not columns or reading.mapping is not None or reading.preset is not None:
        return reading
    # The server remembers answers; only a worker opens files.
    from churnkit.ingest import column_names

    if not set(columns.values()) <= set(column_names(files, workdir, reading.settings)):
        return reading
    return replace(reading, mapping=ColumnMapping(columns, day_first=day_first), preset=preset)


def overridden(known: IngestSettings, asked: IngestSettings) -> IngestSettings:
    """What is asked where that is not the default."""
    default = IngestSettings()
    changed = {
        one.name: getattr(asked, one.name)
        for one in fields(IngestSettings)
        if getattr(asked, one.name) != getattr(default, one.name)
    }
    return replace(known, **changed)
