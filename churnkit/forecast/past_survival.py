"""How fast a day's customers became fewer in the shop's own past."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.btyd.histories import FloatArray

# Pairs of past dates are pooled by the month that lies between them.
_BIN_DAYS = 30.0
# How far the past must reach beyond the threshold, as a share of it, to show a rate at all.
_LEAST_REACH = 0.5
# Up to this many thresholds of silence a customer has lapsed lately, and is likelier to come back than later.
_LATELY = 2.0


@dataclass(frozen=True)
class PastSurvival:
    """Customers of a day who are active later, as a share of those who are active one threshold after it.

    Attributes
    ----------
    days
        Days after the threshold, ascending from 0.
    share
        1 at first, never rising.
    """

    days: FloatArray
    share: FloatArray

    def at(self, days: float) -> float:
        """Share (0 to 1) ``days`` after the threshold; beyond what the past holds it falls on at the mean rate so far."""
        longest = float(self.days[-1])
        if days <= longest:
            return float(np.interp(days, self.days, self.share))
        return float(self.share[-1] ** (days / longest))


def past_survival(panel: pd.DataFrame, horizon_days: int, *, returning: bool = True) -> PastSurvival | None:
    """Learned from every pair of the panel's dates; None where they lie too close together to show a rate.

    Of the customers of the earlier date some were active, some had lapsed lately, some long ago. The shares of each that
    are active at the later date are applied to the customers of the panel's last date, so that those who come back
    are counted (in coarser groups where the past is too short for these). What is left after long is compared with
    what is left after one threshold *at the same later date*: a season makes both larger or smaller, and drops out.

    Parameters
    ----------
    panel
        ``customer_id``, ``cutoff``, ``recency_days``.
    returning
        Of all customers of a day, its lapsed who come back among them; without, of its active alone.
    """
    recency = panel.pivot(index="customer_id", columns="cutoff", values="recency_days").sort_index(axis=1)
    silent = recency.to_numpy(dtype=float) / horizon_days
    active, lately, long_ago = silent <= 1, (silent > 1) & (silent <= _LATELY), silent > _LATELY
    for groups in ([active, lately, long_ago], [active, silent > 1], [active]) if returning else ([active],):
        points = _points(recency.columns, [group.astype(float) for group in groups], horizon_days)
        if points["days"].max() >= _LEAST_REACH * horizon_days:
            return _pooled(points)
    return None


def _pooled(points: pd.DataFrame) -> PastSurvival:
    """One share a month, weighted by the customers behind it."""
    pooled = points.groupby((points["days"] / _BIN_DAYS).round()).sum()
    days = (pooled["weighted_days"] / pooled["weight"]).to_numpy(dtype=float)
    share = (pooled["weighted_share"] / pooled["weight"]).to_numpy(dtype=float)
    return PastSurvival(np.append(0.0, days), np.minimum.accumulate(np.append(1.0, share)))


def _points(cutoffs: pd.Index, groups: list[FloatArray], horizon_days: int) -> pd.DataFrame:
    """For every pair further apart than the threshold: days beyond it, and what is left over what was left there.

    ``groups`` hold 1 where a customer (row) belongs to a group at a cutoff (column); the first are the active.
    """
    active, today = groups[0], [float(group[:, -1].sum()) for group in groups]
    rows: list[tuple[float, float, float]] = []
    for position in range(1, len(cutoffs)):
        gaps = ((cutoffs[position] - cutoffs[:position]) / pd.Timedelta(days=1)).to_numpy(dtype=float)
        sizes = [group[:, :position].sum(axis=0) for group in groups]
        left = sum(
            now * (active[:, position] @ group[:, :position]) / np.maximum(size, 1.0)
            for now, group, size in zip(today, groups, sizes, strict=True)
        )
        # What becomes of a group is not known where nobody belonged to it yet.
        weight = np.min([size for now, size in zip(today, sizes, strict=True) if now > 0], axis=0)
        start = float(np.interp(horizon_days, gaps[::-1], np.asarray(left)[::-1]))
        if gaps.min() > (1 + _LEAST_REACH) * horizon_days or start <= 0:
            continue
        far = (gaps > horizon_days) & (weight > 0)
        rows += list(zip(gaps[far] - horizon_days, np.asarray(left)[far] / start, weight[far], strict=True))
    frame = pd.DataFrame(rows, columns=["days", "share", "weight"])
    return frame.assign(
        weighted_days=frame["days"] * frame["weight"], weighted_share=frame["share"] * frame["weight"]
    )
