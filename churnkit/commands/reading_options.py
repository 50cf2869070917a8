"""How a file is to be read: the options of all commands that read one."""

from __future__ import annotations

import argparse
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from churnkit.config import IngestSettings
from churnkit.errors import SettingsError

if TYPE_CHECKING:
    from churnkit.ingest import Reading

# An address after it was a path; a single letter is a drive.
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/(?!/)")


def add_reading_options(parser: argparse.ArgumentParser, *, files: Literal["+", "*"] = "+") -> None:
    """Files (``*``: or none), what their columns and values mean, and how their text is written."""
    _add_files(parser, files)
    _add_meanings(parser)
    _add_text(parser)
    _add_rows(parser)


def _add_files(parser: argparse.ArgumentParser, count: Literal["+", "*"]) -> None:
    parser.add_argument(
        "files",
        type=Path,
        nargs=count,
        metavar="FILE",
        help="CSV, TSV, Excel, Parquet, or a zip of them; several are one history",
    )
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="folder for the results")


def _add_meanings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--map", type=Path, metavar="JSON", help="mapping file: field -> column")
    parser.add_argument(
        "--answers", type=Path, metavar="JSON", help="answers to questions; goes before the mapping file"
    )
    for option, field, meanings in (
        ("--status", "status", "counts or left_out"),
        ("--row-kind", "kind of row", "sale, return or left_out"),
    ):
        parser.add_argument(
            option,
            action="append",
            type=_meaning,
            default=[],
            metavar="VALUE=MEANING",
            help=f"what a {field} means: {meanings}; can be given several times",
        )
    parser.add_argument(
        "--preset",
        metavar="NAME",
        help="shop system the export comes from (default: detected); an unknown name lists all of them, and which no"
        " real file has proven yet",
    )
    parser.add_argument(
        "--as-of", metavar="DATE", help="analyse as if it were the first instant of this date"
    )


def _add_text(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--sheet",
        metavar="NAME",
        help="sheet, or file of several; all:NAME for it and all others with its columns",
    )
    parser.add_argument("--encoding", metavar="NAME", help="text encoding (default: detected)")
    parser.add_argument("--delimiter", metavar="CHAR", help="column separator (default: detected)")
    parser.add_argument("--decimal", choices=(".", ","), help="decimal separator (default: detected)")
    order = parser.add_mutually_exclusive_group()
    order.add_argument(
        "--day-first", dest="day_first", action="store_true", default=None, help="01/02 is 1 February"
    )
    order.add_argument("--month-first", dest="day_first", action="store_false", help="01/02 is 2 January")


def _add_rows(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--currency", metavar="CODE", help="analyse the rows of this currency only")
    parser.add_argument(
        "--returns",
        choices=("net", "ignore"),
        default="net",
        help="net returns against revenue or ignore them",
    )
    parser.add_argument(
        "--duplicates", choices=("drop", "keep"), default="drop", help="orders that stand in the file twice"
    )
    parser.add_argument(
        "--max-bytes",
        type=int,
        metavar="N",
        help="what the files may come to, all together (default: CHURNKIT_MAX_BYTES, else 200,000,000)",
    )


def reading_of(options: argparse.Namespace) -> Reading:
    """What the options say; answers go before the mapping file, single options before both.

    Raises
    ------
    MappingError, SettingsError
        A file or an option cannot be understood.
    """
    from churnkit.ingest import Reading, answered, read_answers

    settings = IngestSettings(
        sheet=options.sheet,
        encoding=options.encoding,
        delimiter=options.delimiter,
        decimal=options.decimal,
        day_first=options.day_first,
        currency=options.currency,
        returns=options.returns,
        duplicates=options.duplicates,
        **({} if options.max_bytes is None else {"max_bytes": options.max_bytes}),
    )
    reading = Reading(settings=settings, preset=options.preset, as_of=as_of(options.as_of))
    said = {"statuses": dict(options.status), "row_kinds": dict(options.row_kind)}
    for source in (options.map, options.answers, said):
        if source:
            reading = answered(reading, read_answers(source))
    return reading


def _meaning(text: str) -> tuple[str, str]:
    """``pending=counts`` as a pair; a value may hold the sign itself."""
    value, sign, meaning = text.rpartition("=")
    if not sign or not value.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is no VALUE=MEANING")
    return value, meaning.strip()


def as_of(text: str | None) -> datetime | None:
    """The instant that ``--as-of`` names; SettingsError where it is none."""
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsError(
            f"Reading --as-of {text!r}: it is no date.", "Write it as 2026-03-31 or 2026-03-31T12:00."
        ) from None
    # Order times are the shop's own wall clock: an offset cannot be applied to them.
    return instant.replace(tzinfo=None)


def as_place(path: Path) -> str:
    """A path as it was written, where it was an address: a path has lost one of its slashes.

    Examples
    --------
    >>> as_place(Path("s3://shop/scores"))
    's3://shop/scores'
    """
    return _ADDRESS.sub(r"\1://", path.as_posix()) if _ADDRESS.match(path.as_posix()) else str(path)
