"""``shop refresh`` and ``shop retrain``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from churnkit.commands.shop import on_server
from churnkit.commands.shop.opening import finished, open_shop, require_analysed, require_begun
from churnkit.text.figures import counted, day

if TYPE_CHECKING:
    from churnkit.store import Run


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the commands."""
    refreshing = actions.add_parser("refresh", help="score the newest history by the model that the shop has")
    retraining = actions.add_parser("retrain", help="train and compare models on the newest history")
    for one, run, there in (
        (refreshing, _refresh, on_server.refresh),
        (retraining, _retrain, on_server.retrain),
    ):
        one.add_argument("name", metavar="NAME", help="name of the shop, or the first letters of its id")
        on_server.add_server_option(one)
        one.set_defaults(run=on_server.here_or_on_server(run, there))


def _refresh(options: argparse.Namespace) -> int:
    with open_shop(options.name) as (platform, store, shop):
        require_analysed(store, shop, "Refreshing the forecast of")
        job = finished(platform, store, platform.start_refresh(store, shop.shop_id))
        run = store.runs.get(job.job_id)
    print(f"{run_words(run)}: version {run.run_id}.")
    return 0


def _retrain(options: argparse.Namespace) -> int:
    with open_shop(options.name) as (platform, store, shop):
        require_begun(store, shop, "Training for")
        job = finished(platform, store, platform.start_retrain(store, shop.shop_id))
        run = store.runs.get(job.job_id)
    print(f"{run_words(run)}: version {run.run_id}.")
    return 0


def run_words(run: Run) -> str:
    """Whom a run scored, at which date, and by what."""
    from churnkit.tournament.names import model_label

    who = counted(run.summary.customers or 0, "customer")
    when = f" of {day(run.summary.cutoff)}" if run.summary.cutoff else ""
    how = "scored by" if run.kind == "refresh" else "trained and scored by"
    return f"{who}{when}, {how} {model_label(run.champion)}"
