"""``dictionary``: every field, feature, column, file and table in words."""

from __future__ import annotations

import argparse
from pathlib import Path


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the command."""
    parser = commands.add_parser(
        "dictionary", help="write the data dictionary: fields, features, columns, files and tables in words"
    )
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from churnkit.reports.csv_files import write_csv
    from churnkit.results.files import write_text_whole
    from churnkit.services.deliver.dictionary.data_dictionary import data_dictionary, dictionary_markdown

    options.output.mkdir(parents=True, exist_ok=True)
    entries = data_dictionary()
    table, text = options.output / "dictionary.csv", options.output / "dictionary.md"
    write_csv(entries, table)
    write_text_whole(text, dictionary_markdown(entries))
    print(f"Written: {table}, {text}")
    return 0
