"""``read``: clean transactions of any order export, or what is open about it."""

from __future__ import annotations

import argparse

from churnkit.commands.progress_line import working_folder
from churnkit.commands.reading_options import add_reading_options, reading_of
from churnkit.errors import ChurnkitError
from churnkit.text import figures


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the command."""
    parser = commands.add_parser(
        "read", help="make clean transactions of an order export, or ask what is open"
    )
    add_reading_options(parser)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from churnkit.ingest import ingest
    from churnkit.services.deliver.command_files import write_open_reading, write_reading
    from churnkit.services.look.reading_document import document_of_refusal

    files = [path.name for path in options.files]
    reading = reading_of(options)
    options.output.mkdir(parents=True, exist_ok=True)
    try:
        with working_folder(options.output) as workdir:
            ingested = ingest(options.files, workdir, reading)
            written = write_reading(ingested, files, options.output)
    except ChurnkitError as error:
        document = document_of_refusal(error, options.files, reading, files)
        print(f"Written: {write_open_reading(document, options.output)}")
        raise
    seen = ingested.understood
    print(f"Read as {ingested.format_words}. {ingested.ledger.words()}")
    print(
        f"{figures.counted(seen.orders, 'order')} of {figures.counted(seen.customers, 'customer')} from"
        f" {figures.day(seen.first)} to {figures.day(seen.last)}: {figures.money(seen.revenue, ingested.currency)}."
    )
    for note in ingested.notes:
        print(f"  - {note}")
    print("Written: " + ", ".join(str(path) for path in written))
    return 0
