"""``python -m churnkit``: read, analyze, score, train, model, profile, samples and the rest, a module each."""

from __future__ import annotations

import argparse
import io
import json
import logging
import os
import sys
import warnings
from collections.abc import Iterator, Sequence

from churnkit.commands import (
    analyze,
    backup,
    customer,
    dictionary,
    model,
    people,
    profile,
    read,
    restore,
    samples,
    score,
    train,
    whatif,
)
from churnkit.commands.shop import group as shop
from churnkit.errors import ChurnkitError

EXIT_ERROR = 2
READERS_LOG = "churnkit.ingest.files.guard"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 on success, 2 after one message on standard error."""
    options = _parser().parse_args(arguments)
    # Without a log of a server Python prints its warnings, here the traceback of a library before the one message.
    logging.getLogger(READERS_LOG).addHandler(logging.NullHandler())
    # Ibis calls what DuckDB and pandas have renamed; nobody who runs a command can do anything about it.
    warnings.filterwarnings("ignore", message="fetch_arrow_table|The 'future.infer_string'")
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot write a currency's sign or a narrow space shows a question mark.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        return int(options.run(options))
    except ChurnkitError as error:
        print(f"churnkit: {error.message}", file=sys.stderr)
        for line in _choices(error):
            print(f"          {line}", file=sys.stderr)
        if error.remedy:
            print(f"          {error.remedy}", file=sys.stderr)
        return EXIT_ERROR
    except BrokenPipeError:
        # Whoever reads the output has read enough, as head does; what is still to be flushed goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"churnkit: {error.strerror or error} ({error.filename or 'no file name'})", file=sys.stderr)
        return EXIT_ERROR


def _choices(error: ChurnkitError) -> Iterator[str]:
    """The choices of open questions, each with its answer as ``--answers`` takes it."""
    if error.code != "question":
        return
    from churnkit.services.look.asked import choice_words, question_title

    for question in getattr(error, "questions", ()):
        for choice in question.choices:
            words = choice_words(choice)
            answer = json.dumps(choice.answer, ensure_ascii=False)
            yield f"{question_title(question)}: {choice.label}{f' ({words})' if words else ''}  ->  {answer}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m churnkit", description="Who is about to leave a shop, what they are worth, and why."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (
        read,
        analyze,
        score,
        train,
        model,
        whatif,
        profile,
        samples,
        dictionary,
        people,
        shop,
        customer,
        backup,
        restore,
    ):
        command.add(commands)
    return parser
