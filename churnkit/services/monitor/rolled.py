"""The results that exported scores are made of: those on screen, or mixed with a challenger's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from churnkit.results.folders import Results
from churnkit.services.monitor.rollout import RolledOut

if TYPE_CHECKING:
    from churnkit.store import Store


def rolled_out(store: Store, shop_id: str, results: Results) -> Results:
    """The results with the challenger's scores for as many customers as the shop has settled on.

    As they are where no model is rolled out, or where it has not scored the same date yet.
    """
    settings = store.shops.get(shop_id).shop_settings
    if not settings.rollout_percent or settings.challenger_run is None:
        return results
    known = store.runs.of_session(shop_id, challengers=True)
    cutoff = next((one.summary.cutoff for one in known if one.run_id == results.folder.name), None)
    beside = [
        one
        for one in known
        if one.is_challenger
        and settings.challenger_run in (one.run_id, one.trained_by)
        and one.summary.cutoff == cutoff
    ]
    if cutoff is None or not beside:
        return results
    return RolledOut(results, results.folder.with_name(beside[0].run_id), settings.rollout_percent, shop_id)
