"""A shop of the data folder, found by name, and work on it followed to its end."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from churnkit.commands.server import EXAMPLE
from churnkit.config import API_KEY, data_dir, models_dir
from churnkit.errors import JobError, NotFoundError, StoreError

if TYPE_CHECKING:
    from churnkit.jobs import Platform
    from churnkit.store import Session, Shop, Store, TrainingJob

LEAST_LETTERS = 6
WITH_SERVER = (
    f"Let the server do it, by --server {EXAMPLE} and a key in {API_KEY}, or on the page History. Or stop it."
)
_POLL_SECONDS = 0.2


@contextmanager
def open_folder(otherwise: str = WITH_SERVER) -> Iterator[Platform]:
    """The platform of the data folder, for as long as the command runs.

    Parameters
    ----------
    otherwise
        What to do while a server has the folder.

    Raises
    ------
    StoreError
        A server, or another command, has the folder open.
    """
    from churnkit.jobs import open_platform

    try:
        platform = open_platform(data_dir(), models_dir())
    except StoreError as error:
        if "another process has it open" not in error.message:
            raise
        raise StoreError(
            f"Working on the data folder {data_dir()}: a server or another command has it open; only one may.",
            otherwise,
        ) from error
    try:
        yield platform
    finally:
        platform.close()


@contextmanager
def open_shop(name: str, otherwise: str = WITH_SERVER) -> Iterator[tuple[Platform, Store, Shop]]:
    """The shop that is called ``name``, or whose id begins with it (six letters at least), with its workspace's store.

    Raises
    ------
    NotFoundError
        There is none.
    StoreError
        There are several, or the folder is open elsewhere.
    """
    with open_folder(otherwise) as platform:
        store, shop = _only(_found(platform, name), name)
        yield platform, store, shop


def begun(store: Store, shop: Shop) -> Session | None:
    """The shop's analysis; None before its first file."""
    return next((one for one in store.sessions.all() if one.session_id == shop.shop_id), None)


def require_begun(store: Store, shop: Shop, doing: str) -> Session:
    """The shop's analysis.

    Raises
    ------
    NotFoundError
        It has no file yet.
    """
    found = begun(store, shop)
    if found is None:
        raise NotFoundError(
            f"{doing} {shop.name}: it has no file yet, in {data_dir()}.",
            f"Add its first export with: churnkit shop add {shop.shop_id[:8]} FILE",
        )
    return found


def require_analysed(store: Store, shop: Shop, doing: str) -> None:
    """Refuse a shop that has no version yet.

    Raises
    ------
    NotFoundError
        It has no file yet.
    JobError
        Its orders were never analysed.
    """
    if require_begun(store, shop, doing).run_id is None:
        raise not_analysed(shop, doing)


def not_analysed(shop: Shop, doing: str) -> JobError:
    """That a shop has no version yet."""
    return JobError(
        f"{doing} {shop.name}: its orders have not been analysed yet.",
        f"Do it with: churnkit shop retrain {shop.shop_id[:8]}",
    )


def stores(platform: Platform) -> list[Store]:
    """Every workspace's store, as the command line sees it; the first is the one that is made without people."""
    from churnkit.accounts import SYSTEM
    from churnkit.services.access.operator import COMMAND_LINE
    from churnkit.store import LOCAL_TENANT

    root = platform.store_for(LOCAL_TENANT, SYSTEM)
    tenants = dict.fromkeys([LOCAL_TENANT, *root.overview.tenants()])
    return [platform.store_for(tenant, COMMAND_LINE) for tenant in tenants]


def finished(platform: Platform, store: Store, job: TrainingJob) -> TrainingJob:
    """Wait until a job has ended, with a line on standard error for each of its steps.

    Raises
    ------
    JobError
        It did not complete; the message is its own.
    """
    step = None
    try:
        while (job := store.jobs.get(job.job_id)).status in ("pending", "running"):
            if job.current_step != step:
                step = job.current_step
                print(f"… {step}", file=sys.stderr, flush=True)
            time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        platform.cancel(store, job.job_id)
        raise
    if job.status == "failed":
        raise JobError(job.error_message or "The work did not finish.", job.error_remedy or "Start it again.")
    return job


def _found(platform: Platform, name: str) -> list[tuple[Store, Shop]]:
    known = [(store, shop) for store in stores(platform) for shop in store.shops.all()]
    by_id = [
        one for one in known if len(name) >= LEAST_LETTERS and one[1].shop_id.startswith(name.casefold())
    ]
    return [one for one in known if one[1].name.casefold() == name.casefold()] or by_id


def _only(found: list[tuple[Store, Shop]], name: str) -> tuple[Store, Shop]:
    if not found:
        raise NotFoundError(
            f"Looking for the shop {name!r}: the data folder {data_dir()} has none of this name.",
            "The title of the workspace's list on the page Upload is its name; begin one with: shop create.",
        )
    if len(found) > 1:
        ids = ", ".join(shop.shop_id[:8] for _, shop in found)
        raise StoreError(f"Looking for the shop {name!r}: {len(found)} are called so.", f"Give an id: {ids}.")
    return found[0]
