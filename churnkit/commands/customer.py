"""``customer export`` and ``customer erase``."""

from __future__ import annotations

import argparse
from pathlib import Path

from churnkit.commands.shop.opening import finished, open_shop, require_begun
from churnkit.text.figures import counted

_IN_APP = (
    "The page of the customer does the same, and so does the API (/api/v1/shops). Or stop the server first."
)


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the command."""
    parser = commands.add_parser(
        "customer", help="give out or erase a customer's data, while no server runs on the data folder"
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    exporting = actions.add_parser("export", help="everything that a shop holds about a customer, as a file")
    erasing = actions.add_parser(
        "erase",
        help="take a customer out of everything that a shop holds, for good; later files leave them out",
    )
    for one, run in ((exporting, _export), (erasing, _erase)):
        one.add_argument("shop", metavar="SHOP", help="name of the shop, or the first letters of its id")
        one.add_argument(
            "customer", metavar="CUSTOMER", help="their id, exactly as the Customers page writes it"
        )
        one.set_defaults(run=run)
    exporting.add_argument("--output", type=Path, required=True, metavar="FILE", help="the ZIP to write")


def _export(options: argparse.Namespace) -> int:
    from churnkit.results.files import written_whole
    from churnkit.services.access.taking_out import take_out
    from churnkit.services.privacy.archive_name import archive_name
    from churnkit.services.privacy.customer_archive import customer_archive

    with open_shop(options.shop, _IN_APP) as (platform, store, shop):
        require_begun(store, shop, "Looking for customers of")
        folders = platform.customer_folders(store, shop.shop_id)
        content = take_out(
            store,
            archive_name(),
            lambda: customer_archive(store, shop.shop_id, folders, options.customer),
            shop.shop_id,
        )
    with written_whole(options.output) as draft:
        draft.write_bytes(content)
    print(f"Written to {options.output}.")
    return 0


def _erase(options: argparse.Namespace) -> int:
    from churnkit.jobs.restoring import moved_aside
    from churnkit.store import Store

    with open_shop(options.shop, _IN_APP) as (platform, store, shop):
        require_begun(store, shop, "Looking for customers of")
        jobs = platform.erase_customer(store, shop.shop_id, options.customer)
        for job in jobs:
            finished(platform, store, job)
        asked = {job.job_id for job in jobs}
        rows = sum(one.erased_rows or 0 for one in store.erasures.all() if one.erasure_id in asked)
        database = platform.folders.database
    # Opening it writes it anew, so that nothing of them stays in its free space.
    Store.open(database).close()
    for folder in moved_aside(database.parent):
        print(
            f"Not looked at: {folder}, which a restore has moved aside. Delete it once you need it no more."
        )
    if not rows:
        print("No row named them. Later files of the shop are read without them all the same.")
        return 0
    others = f", in {counted(len(jobs), 'analysis', 'analyses')} of the same files" if len(jobs) > 1 else ""
    print(
        f"Erased: {counted(rows, 'row')} {'is' if rows == 1 else 'are'} gone{others}. Later files of the shop are read"
        " without them."
    )
    return 0
