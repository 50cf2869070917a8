"""What a new run's folder is given about the earlier ones: ``scorecards.json`` and ``drift.json``."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ibis.expr import types as ir

from churnkit.errors import DataError, ModelError
from churnkit.ingest import Reading
from churnkit.results.challenge import CHALLENGE_FILE
from churnkit.results.drift import DRIFT_FILE
from churnkit.results.files import write_document
from churnkit.results.scorecards import SCORECARDS_FILE
from churnkit.services.monitor.challenging import challenge_of
from churnkit.services.monitor.drifting import drift_of
from churnkit.services.monitor.judging import scorecards_of
from churnkit.services.monitor.past_runs import PastRun
from churnkit.store import ModelSeal

_log = logging.getLogger(__name__)


def write_monitoring(
    folder: Path,
    earlier: Sequence[Path],
    trained_by: Path | None = None,
    *,
    run_id: str | None = None,
    lines: ir.Table | None = None,
) -> None:
    """Judge the earlier runs by what a new one knows, and say what has changed since its model was trained.

    Parameters
    ----------
    folder
        The new run's, complete.
    earlier
        Folders of the shop's other runs, newest first.
    trained_by
        Folder of the run whose model scored the new one; None where it trained its own.
    run_id
        What the new run will be called; the folder's name unless given.
    lines
        The new run's transactions before its date with ``cancelled_at``, where they are open.
    """
    newest = PastRun.of(folder, run_id)
    cards = scorecards_of(newest, earlier, lines)
    write_document(cards, folder / SCORECARDS_FILE)
    try:
        reference = PastRun.of(trained_by) if trained_by is not None else _before(newest, earlier)
        if reference is None or reference.cutoff >= newest.cutoff:
            return
        mine = [one for one in cards.scorecards if one.scored_by == reference.run_id]
        drift = drift_of(newest, reference, is_training=trained_by is not None, cards=mine, lines=lines)
    except DataError:
        # An earlier run that is damaged takes the comparison with it, never the new run.
        _log.warning("comparing with an earlier run", exc_info=True)
        return
    write_document(drift, folder / DRIFT_FILE)


def write_challenge(
    folder: Path,
    champion: Path,
    models: Path,
    seal: ModelSeal | None,
    reading: Reading,
    *,
    run_id: str | None = None,
    learned_from: str = "",
) -> None:
    """Compare a newly trained run with the one whose model scores the shop; nothing is written where that cannot be.

    Parameters
    ----------
    seal, reading
        The store's word on the champion's file, and how its file was read.
    learned_from
        How far back the new model learns from, and why.
    """
    try:
        found = challenge_of(
            PastRun.of(folder, run_id), PastRun.of(champion), models, seal, reading, learned_from
        )
    except (DataError, ModelError):
        _log.warning("comparing with the present model", exc_info=True)
        return
    write_document(found, folder / CHALLENGE_FILE)


def _before(newest: PastRun, earlier: Sequence[Path]) -> PastRun | None:
    """The latest run before the new one's date that can be read; None where there is none."""
    found = []
    for folder in earlier:
        with suppress(DataError):
            run = PastRun.of(folder)
            if run.cutoff < newest.cutoff and run.results.tells_status:
                found.append(run)
    return max(found, key=lambda one: one.cutoff, default=None)
