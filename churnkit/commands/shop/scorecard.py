"""``shop scorecard``: whether the shop's forecasts came true, on the screen and as files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from churnkit.commands.shop import on_server
from churnkit.commands.shop.opening import not_analysed, open_shop, require_begun

if TYPE_CHECKING:
    from churnkit.results.drift import DriftDocument
    from churnkit.results.folders import Results
    from churnkit.results.scorecards import ScorecardsDocument


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the command."""
    parser = actions.add_parser("scorecard", help="past forecasts against what came, and what has changed")
    parser.add_argument("name", metavar="NAME", help="name of the shop, or the first letters of its id")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="folder for scorecards.csv, scorecards.json, drift.csv and drift.json",
    )
    on_server.add_server_option(parser)
    parser.set_defaults(run=on_server.here_or_on_server(_scorecard, on_server.scorecard))


def _scorecard(options: argparse.Namespace) -> int:
    from churnkit.errors import JobError
    from churnkit.results.drift import DRIFT_FILE, DriftDocument
    from churnkit.results.folders import Results
    from churnkit.results.found import Found, Missing
    from churnkit.results.scorecards import SCORECARDS_FILE, ScorecardsDocument
    from churnkit.services.monitor.newest import most_recent

    with open_shop(options.name) as (platform, store, shop):
        doing = "Looking for past forecasts of"
        require_begun(store, shop, doing)
        newest = most_recent(store.runs.of_session(shop.shop_id))
        if newest is None:
            raise not_analysed(shop, doing)
        results = Results(platform.folders.run(shop.shop_id, newest.run_id))
        cards = results.later(ScorecardsDocument, SCORECARDS_FILE)
        if isinstance(cards, Missing):
            raise JobError(f"Looking for past forecasts: {cards.reason}", "Refresh the shop.")
        drift = results.later(DriftDocument, DRIFT_FILE)
        told = drift.value if isinstance(drift, Found) else None
        for line in _lines(cards.value, told):
            print(line)
        if options.output is not None:
            _write(options.output, results, cards.value, told)
            print(f"Written to {options.output}.")
    return 0


def _lines(cards: ScorecardsDocument, drift: DriftDocument | None) -> list[str]:
    found = [f"{one.words} {one.advice}" for one in cards.scorecards]
    found += [one.words for one in cards.running[:1]]
    if not cards.scorecards:
        found.insert(0, "No forecast is old enough to be checked yet.")
    if drift is not None:
        found += [drift.headline, *(one.words for one in drift.triggers), drift.retrain_words]
    return [line for line in found if line]


def _write(folder: Path, results: Results, cards: ScorecardsDocument, drift: DriftDocument | None) -> None:
    from churnkit.reports.csv_files import write_csv
    from churnkit.results.drift import DRIFT_FILE
    from churnkit.results.files import write_document
    from churnkit.results.scorecards import SCORECARDS_FILE
    from churnkit.services.monitor.views import drift_view, scorecards_view

    folder.mkdir(parents=True, exist_ok=True)
    write_document(cards, folder / SCORECARDS_FILE)
    write_csv(scorecards_view(cards), folder / "scorecards.csv")
    if drift is not None:
        write_document(drift, folder / DRIFT_FILE)
        write_csv(drift_view(drift, results.currency), folder / "drift.csv")
