"""``score --engine --server``: the same as a job of a running server, which owns the folder and does the work."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from churnkit.commands.reading_options import as_of, as_place
from churnkit.commands.server import Server

CHAMPION = "champion"


def run_on_server(options: argparse.Namespace) -> int:
    """Start the job, follow it and print its account; interrupted, it is stopped."""
    server = Server(options.server)
    body: dict[str, object] = {
        "engine": options.engine,
        "input": options.input,
        "output": as_place(options.output),
    }
    if options.model != CHAMPION:
        body["model_id"] = options.model
    if options.as_of is not None:
        body["as_of"] = str(as_of(options.as_of))
    begun = server.ask("POST", f"/analyses/{quote(options.analysis, safe='')}/bulk-scorings", body)
    # The id of a scoring is its job's.
    server.follow(begun["scoring_id"])
    _print(server.ask("GET", f"/scorings/{begun['scoring_id']}"))
    return 0


def _print(found: Mapping[str, Any]) -> None:
    from churnkit.commands.print_scores import print_scores
    from churnkit.results.codec import from_json
    from churnkit.results.scores import ScoresDocument

    scores = found["scores"]
    if scores is not None:
        print_scores(from_json(ScoresDocument, {**scores, "churnkit_version": "", "version": 1}))
    print(f"Written: {found['output']} (where the server writes)")
