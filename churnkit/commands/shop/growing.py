"""``shop create``, ``shop add`` and ``shop status``."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from churnkit.commands.shop import on_server
from churnkit.commands.shop.opening import begun, finished, open_folder, open_shop, stores
from churnkit.commands.shop.running import run_words
from churnkit.config import max_file_bytes
from churnkit.errors import ConflictError, DataError
from churnkit.text.figures import instant, percent

if TYPE_CHECKING:
    from churnkit.ingest import Reading
    from churnkit.jobs import Platform
    from churnkit.store import Shop, Store


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the commands."""
    creating = actions.add_parser("create", help="begin a shop that has no file yet")
    creating.add_argument("name", metavar="NAME", help="what it is called")
    creating.add_argument(
        "--currency", metavar="CODE", help="what its amounts are in (default: as its first file says)"
    )
    creating.add_argument(
        "--time-zone", default="UTC", metavar="ZONE", help="where its clock stands: Europe/Berlin"
    )
    creating.set_defaults(run=_create)
    adding = actions.add_parser("add", help="add newer exports to a shop's history; the first one begins it")
    adding.add_argument("name", metavar="NAME", help="name of the shop, or the first letters of its id")
    adding.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help="exports, in any order; each is added by itself"
    )
    adding.add_argument("--answers", type=Path, metavar="JSON", help="answers to what a file leaves open")
    adding.add_argument(
        "--missing",
        choices=("keep", "take_out"),
        help="known orders of a file's own time that it does not hold",
    )
    adding.add_argument(
        "--corrects", action="store_true", help="right wherever they differ from files that know longer"
    )
    adding.add_argument(
        "--insist", action="store_true", help="they are of this shop, whatever speaks against it"
    )
    on_server.add_server_option(adding)
    adding.set_defaults(run=on_server.here_or_on_server(_add, on_server.add))
    status = actions.add_parser("status", help="a shop's history, its versions and what goes on")
    status.add_argument("name", metavar="NAME", help="name of the shop, or the first letters of its id")
    on_server.add_server_option(status)
    status.set_defaults(run=on_server.here_or_on_server(_status, on_server.status))


def _create(options: argparse.Namespace) -> int:
    from churnkit.results.shop import ShopSettings

    with open_folder("Upload the first file in the app, or stop the server first.") as platform:
        store = stores(platform)[0]
        taken = [shop for shop in store.shops.all() if shop.name.casefold() == options.name.casefold()]
        if taken:
            raise ConflictError(
                f"Beginning a shop: {options.name!r} is the name of another.", "Choose another name."
            )
        settings = ShopSettings(currency=options.currency, time_zone=options.time_zone)
        shop = store.shops.create(options.name, settings, created_at=datetime.now(UTC))
    print(
        f"Shop {shop.name}, {shop.shop_id}: add its first export with: churnkit shop add {shop.shop_id[:8]} FILE"
    )
    return 0


def _add(options: argparse.Namespace) -> int:
    from churnkit.ingest import Reading, answered, read_answers

    reading = answered(Reading(), read_answers(options.answers)) if options.answers else Reading()
    for file in options.files:
        if not file.is_file():
            raise DataError(f"Adding {file}: there is no such file.", "Check its name.")
    with open_shop(options.name) as (platform, store, shop):
        for file in sorted(options.files):
            _add_one(platform, store, shop, file, reading, options)
    return 0


def _add_one(
    platform: Platform, store: Store, shop: Shop, file: Path, reading: Reading, options: argparse.Namespace
) -> None:
    from churnkit.services.history.addition_words import addition_title, addition_words

    with file.open("rb") as stream:
        upload = platform.receive_upload(store, stream, file.name, max_file_bytes())
    job = platform.add_export(
        store,
        shop.shop_id,
        upload.upload_id,
        reading=reading,
        missing=options.missing,
        corrects=options.corrects,
        insist=options.insist,
        then="nothing",
    )
    finished(platform, store, job)
    if job.kind == "look":
        print(
            f"{file.name}: the shop's first file. Analyse it with: churnkit shop retrain {shop.shop_id[:8]}"
        )
        return
    newest = store.additions.of_shop(shop.shop_id)[0]
    print(f"{file.name}: {addition_title(newest)}")
    for sentence in addition_words(newest, shop.shop_settings.currency):
        print(f"  {sentence}")


def _status(options: argparse.Namespace) -> int:
    from churnkit.services.history.addition_words import addition_title, addition_words

    with open_shop(options.name) as (_, store, shop):
        print(f"{shop.name}, {shop.shop_id}")
        session = begun(store, shop)
        if session is None:
            print(f"It has no file yet. Add it with: churnkit shop add {shop.shop_id[:8]} FILE")
            return 0
        additions = store.additions.of_shop(shop.shop_id)
        if not additions:
            print(f"First file: {store.uploads.get(session.upload_id).filename}.")
        for addition in additions:
            words = " ".join(addition_words(addition, shop.shop_settings.currency))
            print(f"{addition_title(addition)}; added {instant(addition.added_at)} UTC. {words}")
        runs = store.runs.of_session(shop.shop_id)
        for run in runs:
            mark = "on screen" if run.run_id == session.run_id else "kept"
            print(f"Run {run.run_id[:8]} ({mark}): {run_words(run)}, made {instant(run.finished_at)} UTC")
        active = [job for job in store.jobs.of_session(shop.shop_id) if job.status in ("pending", "running")]
        for job in active:
            print(f"{job.kind}: {job.status}, {percent(job.progress / 100)} done")
        if not active and not runs:
            print(f"Not analysed yet: churnkit shop retrain {shop.shop_id[:8]}")
        elif not active:
            print("Nothing goes on.")
    return 0
