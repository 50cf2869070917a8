"""A few customers of a campaign, each of them drawn by himself in every draw.

Where a handful of customers carries the value, whether these are saved decides: no bell curve around the sums tells how
likely that is.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from churnkit.results.campaign_money import Assumptions
from churnkit.roi.draws import DRAWS, SEED, Drawn, FloatArray, Shared
from churnkit.roi.profit import profit

# Up to so many contacts a slider still follows the hand, and so many of the most valuable of more.
FEW, LARGEST = 500, 100
_PLACES = 1000
# Of rows that are worked on together each array fits in the processor's cache.
_BLOCK = 64
_ODD = np.uint64(0x9E3779B97F4A7C15)
_TINY = np.float32(1e-30)
_LIMIT = 1e-6


@lru_cache(maxsize=1)
def _chances(seed: int = SEED) -> NDArray[np.int16]:
    """Columns of equally likely slices, each in an order of its own, shape (_PLACES + FEW, DRAWS); read-only."""
    rng = np.random.default_rng([seed, FEW])
    slices = np.tile(np.arange(DRAWS, dtype=np.int16), (_PLACES + FEW, 1))
    made: NDArray[np.int16] = rng.permuted(slices, axis=1)
    made.setflags(write=False)
    return made


def places(p_churn: FloatArray, value: FloatArray, order_value: FloatArray) -> NDArray[np.int64]:
    """A place among the chances for each of up to ``FEW`` customers, shape (k,), no two the same.

    It hangs on the customer's own figures and not on his row or on who is chosen beside him (but for few neighbours):
    so every page draws the same fate for him, and a slider that changes the choice leaves the others' alone. A
    currency changes nothing, as money only orders those of the same probability.
    """
    bits = np.ascontiguousarray(p_churn, dtype=np.float64).view(np.uint64) * _ODD
    wished = ((bits >> np.uint64(32)) % np.uint64(_PLACES)).astype(np.int64)
    order = np.lexsort((order_value, value, p_churn, wished))
    # Whoever finds his place taken goes to the next one.
    step = np.arange(len(order))
    found = np.empty(len(order), dtype=np.int64)
    found[order] = np.maximum.accumulate(wished[order] - step) + step
    return found


def draw_each(
    p_churn: FloatArray,
    savable: FloatArray,
    value: FloatArray,
    order_value: FloatArray,
    assumptions: Assumptions,
    shared: Shared,
    spend_cv: float,
) -> Drawn:
    """What came of it in each draw.

    One uniform number decides for a customer: below the chance of being saved he is, and how far below tells what he
    then spends, so that a slider moves his money without a leap; above it, within the chance of having stayed, he uses
    the discount. The spend of a saved customer is exponential around its mean where ``spend_cv`` is 1, and nearer to the
    mean in proportion where it is less.

    Parameters
    ----------
    p_churn, savable, value, order_value
        Of the contacted, shape (k,), k at most ``FEW``: p, f, v and o of :class:`~churnkit.roi.sums.ExpectedSums`.
    """
    a, count = assumptions, len(p_churn)
    place = places(p_churn, value, order_value)
    p = np.clip(p_churn, _LIMIT, 1 - _LIMIT)
    odds = (p / (1 - p)).astype(np.float32)[:, None]
    levels = np.exp(shared.level_shift).astype(np.float32)
    saving = (a.reach * shared.save_rate).astype(np.float32)
    f, o = savable.astype(np.float32)[:, None], order_value.astype(np.float32)
    # In units of the largest, so that single precision holds any currency.
    largest = max(float(value.max(initial=0.0)), 1e-300)
    v = (value / largest).astype(np.float32)
    redeeming = np.float32(a.reach * a.stayers_redeem)
    saves, kept, redeemed, mean_redeemed = (np.zeros(DRAWS) for _ in range(4))
    for start in range(0, count, _BLOCK):
        part = slice(start, start + _BLOCK)
        u = (_chances()[place[part]].astype(np.float32) + np.float32(0.5)) / np.float32(DRAWS)
        stays = 1 / (1 + odds[part] * levels)
        chance = saving * (f[part] * (1 - stays))
        saved = u < chance
        spent = -np.log(np.minimum(u / np.maximum(chance, _TINY), 1))
        saves += saved.sum(axis=0)
        kept += spend_cv * (v[part] @ spent) + (1 - spend_cv) * (v[part] @ saved)
        if a.discount > 0:
            within = chance + redeeming * stays
            redeemed += o[part] @ (u < within)
            mean_redeemed += o[part] @ within
    revenue = largest * shared.value_factor * (1 - a.returns_anyway) * kept
    contacts, discount = a.contact_cost * count, a.discount * redeemed
    net = profit(revenue, discount, a.margin, contacts)
    return Drawn(saves, revenue, contacts + discount, net, contacts + a.discount * mean_redeemed)
