"""``shop … --server``: the same as jobs of a running server, which owns the folder and does the work."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from churnkit.commands.server import HELP, Server
from churnkit.errors import DataError, NotFoundError, SettingsError
from churnkit.text.figures import counted, day

LEAST_LETTERS = 6
Answer = dict[str, Any]


def add_server_option(parser: argparse.ArgumentParser) -> None:
    """``--server``."""
    parser.add_argument("--server", default="", metavar="URL", help=HELP)


def refresh(options: argparse.Namespace) -> int:
    """As ``shop refresh``."""
    return _run(options, "refresh")


def retrain(options: argparse.Namespace) -> int:
    """As ``shop retrain``."""
    return _run(options, "retrain")


def add(options: argparse.Namespace) -> int:
    """As ``shop add``, to a shop that has been analysed."""
    if options.answers is not None:
        raise SettingsError(
            "Adding a file through a server: it takes no --answers.",
            "Answer on the page History, where the server says what the file leaves open.",
        )
    for file in options.files:
        if not file.is_file():
            raise DataError(f"Adding {file}: there is no such file.", "Check its name.")
    server, place = _asked(options)
    for file in sorted(options.files):
        body = {
            "upload_id": server.upload(file),
            "missing": options.missing,
            "corrects": options.corrects,
            "insist": options.insist,
            "then": "nothing",
        }
        job = server.ask("POST", f"{place}/additions", body)
        server.follow(job["job_id"])
        newest = server.ask("GET", f"{place}/additions?limit=1")["items"][0]
        print(f"{file.name}: {newest['title']}")
        for sentence in newest["sentences"]:
            print(f"  {sentence}")
    return 0


def status(options: argparse.Namespace) -> int:
    """As ``shop status``."""
    server, place = _asked(options)
    shop = server.ask("GET", place)
    print(f"{shop['name']}, {shop['id']}")
    for one in server.ask("GET", f"{place}/additions?limit=200")["items"]:
        print(f"{one['title']}. {' '.join(one['sentences'])}")
    print(f"Run {shop['run_id'][:8]} (on screen): {_words(shop)}")
    return 0


def scorecard(options: argparse.Namespace) -> int:
    """As ``shop scorecard``; the files are the server's own answers."""
    server, place = _asked(options)
    cards = server.ask("GET", f"{place}/scorecards")
    lines = [f"{one['words']} {one['advice']}" for one in cards["scorecards"]]
    if not lines:
        lines = ["No forecast is old enough to be checked yet."]
    lines += [one["words"] for one in cards["running"][:1]]
    drift: Answer | None = None
    # The first version has nothing that it could have drifted from.
    if cards["scorecards"] or len(cards["running"]) > 1:
        drift = server.ask("GET", f"{place}/drift")
        lines += [drift["headline"], *drift["reasons"], drift["advice"]]
    for line in filter(None, lines):
        print(line)
    if options.output is not None:
        options.output.mkdir(parents=True, exist_ok=True)
        for name, answer in (("scorecards.json", cards), ("drift.json", drift)):
            if answer is not None:
                _write(options.output / name, answer)
        print(f"Written to {options.output}.")
    return 0


def here_or_on_server(
    here: Callable[[argparse.Namespace], int], there: Callable[[argparse.Namespace], int]
) -> Callable[[argparse.Namespace], int]:
    """What does a command: on the data folder, or through the server that is named."""
    return lambda options: there(options) if options.server else here(options)


def _run(options: argparse.Namespace, what: str) -> int:
    server, place = _asked(options)
    job = server.ask("POST", f"{place}/{what}")
    server.follow(job["job_id"])
    shop = server.ask("GET", place)
    print(f"{_words(shop)}: version {shop['run_id']}.")
    return 0


def _words(shop: Answer) -> str:
    return f"{counted(shop['customers'], 'customer')} of {day(datetime.fromisoformat(shop['scored_at']))}"


def _asked(options: argparse.Namespace) -> tuple[Server, str]:
    """The server, and the path of the shop there that is called so, or whose id begins so (six letters at least)."""
    server, name = Server(options.server), options.name
    shops = server.ask("GET", "/shops")["items"]
    by_id = [one for one in shops if len(name) >= LEAST_LETTERS and one["id"].startswith(name.casefold())]
    found = [one for one in shops if one["name"].casefold() == name.casefold()] or by_id
    if len(found) != 1:
        ids = ", ".join(f"{one['name']} ({one['id'][:8]})" for one in found or shops)
        number = "has none of this name that was analysed" if not found else f"has {len(found)} of this name"
        raise NotFoundError(
            f"Looking for the shop {name!r}: the server {number}.", f"Give an id: {ids}." if ids else ""
        )
    return server, f"/shops/{quote(found[0]['id'], safe='')}"


def _write(file: Path, answer: Answer) -> None:
    file.write_text(json.dumps(answer, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
