"""A finished run as routes answer from it: opened as the pages open it, and kept in memory."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from churnkit.accounts import Action
from churnkit.api.access import Caller
from churnkit.api.analysis_choice import DEFAULT, find_analysis
from churnkit.api.shelf import Shelf
from churnkit.config import Money
from churnkit.errors import ConflictError, DataError, NotFoundError
from churnkit.results.folders import Results
from churnkit.services.decide.repricing import open_priced, priced_folder
from churnkit.services.decide.shop_assumptions import ShopAssumptions, shop_assumptions
from churnkit.services.workspace.workspace_preferences import load_preferences
from churnkit.store import Session, Store
from churnkit.text.locale import current

if TYPE_CHECKING:
    from churnkit.services.decide.run_background import Background
    from churnkit.services.whatif.known_customers import KnownCustomers
    from churnkit.services.whatif.simulate import Desk
    from churnkit.services.whatif.strangers import Strangers

# An id is made by the store; nothing else is worth a question to it.
_ID = re.compile(r"[0-9a-f]{32}")
_MOST_RUNS = 4
_MOST_MODELS = 3
_MOST_FOUND = 8


class KeptRun:
    """A run's results under some assumptions about money, with what is worked out of them once.

    Attributes
    ----------
    known, strangers
        By model, its own customers and whoever is known by orders alone.
    """

    def __init__(self, results: Results) -> None:
        self.results = results
        self._lock = threading.Lock()
        self.known: Shelf[KnownCustomers] = Shelf(_MOST_MODELS)
        self.strangers: Shelf[Strangers] = Shelf(_MOST_MODELS)
        self._desk: Desk | None = None
        self._background: Background | None = None

    @property
    def desk(self) -> Desk:
        """For campaigns on paper."""
        from churnkit.services.whatif.simulate import Desk

        with self._lock:
            if self._desk is None:
                self._desk = Desk(self.results)
            return self._desk

    @property
    def background(self) -> Background:
        """For questions about single customers."""
        from churnkit.services.decide.run_background import Background

        with self._lock:
            if self._background is None:
                self._background = Background(self.results)
            return self._background


@dataclass(frozen=True)
class OpenedRun:
    """One of an analysis' finished runs, under the assumptions about money that hold now.

    Attributes
    ----------
    base_money
        The assumptions that the run was made with.
    stamp
        Of its folder, when it was opened.
    """

    store: Store
    session: Session
    run_id: str
    kept: KeptRun
    assumed: ShopAssumptions
    base_money: Money
    stamp: int

    @property
    def results(self) -> Results:
        """What the run found."""
        return self.kept.results

    @property
    def currency(self) -> str | None:
        """The currency that money is in, None where nobody named one."""
        return self.results.currency

    @property
    def tag(self) -> str:
        """What changes whenever a figure of the run does: for an ETag."""
        return self.run_id if self.results.priced is None else f"{self.run_id}-{self.results.priced.name}"


_BASES: Shelf[Results] = Shelf(_MOST_RUNS)
_RUNS: Shelf[KeptRun] = Shelf(_MOST_RUNS)
_FOUND: Shelf[OpenedRun] = Shelf(_MOST_FOUND)


def session_of(store: Store, analysis_id: str) -> Session:
    """An analysis by its id, or the workspace's default one for ``default``.

    Raises
    ------
    NotFoundError
        There is none.
    """
    return find_analysis(store, analysis_id if analysis_id == DEFAULT else known_id(analysis_id, "analysis"))


def known_id(text: str, kind: str) -> str:
    """An id that the store may know.

    Raises
    ------
    NotFoundError
        No id looks like that.
    """
    if not _ID.fullmatch(text):
        raise NotFoundError(f"Looking for {kind} {text[:40]!a}: there is none.", "Take an id from a list.")
    return text


def open_run(caller: Caller, analysis_id: str, run_id: str | None = None) -> OpenedRun:
    """An analysis' run: the current one unless another is named.

    Raises
    ------
    NotFoundError
        There is no such analysis, or it has no such run.
    ConflictError
        The analysis has no finished run yet.
    """
    store = caller.store
    store.actor.require(Action.READ)
    # Half of a warm answer's time would go into asking the store once more for what nobody has changed.
    asked = (store.version, store.tenant_id, store.actor.only, analysis_id, run_id, current().code)
    found = _FOUND.get(asked, lambda: _find_run(caller, analysis_id, run_id))
    if _stamp(found.results.folder) != found.stamp:
        found = _find_run(caller, analysis_id, run_id)
    return replace(found, store=store)


def _find_run(caller: Caller, analysis_id: str, run_id: str | None) -> OpenedRun:
    store = caller.store
    session = session_of(store, analysis_id)
    if run_id is not None:
        run = store.runs.get(known_id(run_id, "run"))
        if run.session_id != session.session_id:
            raise NotFoundError(
                f"Looking for run {run_id!r}: it belongs to another analysis.", "Take one of its own."
            )
    folder = caller.platform.run_folder(session, run_id)
    if folder is None:
        raise ConflictError(
            "Reading the results: this analysis has no finished run yet.",
            "Start it, or wait until it is done.",
        )
    stamp = _stamp(folder)
    currency = load_preferences(store).currency
    base = _BASES.get((str(folder), stamp, currency, current().code), lambda: Results(folder, currency))
    made_with = base.summary.settings.money
    assumed = shop_assumptions(store, session.session_id, made_with)
    key = (str(folder), stamp, currency, assumed.money, current().code)
    kept = _RUNS.get(key, lambda: KeptRun(_under(base, currency, assumed.money)))
    # Working out other assumptions puts a folder into the run's.
    return OpenedRun(store, session, folder.name, kept, assumed, made_with, _stamp(folder))


def _under(base: Results, currency: str | None, money: Money) -> Results:
    if money == base.summary.settings.money and priced_folder(base.folder) is None:
        return base
    return open_priced(base.folder, currency, money)


def _stamp(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except FileNotFoundError:
        raise DataError(
            f"Opening an analysis: its folder {folder.name} is missing from the data folder.",
            "Start the analysis again, or restore the data folder from a backup.",
        ) from None
