"""Several offers at once: who gets which, drawn so that all arms are alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from churnkit.campaigns.arms import HOLDOUT, assign_arms
from churnkit.errors import DataError
from churnkit.text.figures import count

NOTHING = "nothing"
"""The arm that is left alone."""


def draw_offers(
    customer_ids: pd.Series, stratum: pd.Series, offers: Sequence[str], seed: int
) -> NDArray[np.object_]:
    """An offer or ``NOTHING`` for each customer, all with the same chance, shape (n,).

    One arm after the other is drawn from those who are left (:func:`~churnkit.campaigns.arms.assign_arms`), so each has
    its share of every stratum.

    Parameters
    ----------
    offers
        Names, each once; none is ``NOTHING``.

    Raises
    ------
    DataError
        If there is no offer, a name occurs twice or is ``NOTHING``, or an arm would have nobody.
    """
    names = [" ".join(name.split()) for name in offers if name.strip()]
    if not names or len({*names, NOTHING}) < len(names) + 1 or len(customer_ids) < len(names) + 1:
        raise DataError(
            f"Drawing offers: one name or more is needed, each once and none of them {NOTHING!r}, and a customer for each"
            f" and for none, found {count(len(names))} names and {count(len(customer_ids))} customers.",
            "Give each offer a name of its own, or take more customers.",
        )
    arms = np.full(len(customer_ids), names[-1], dtype=object)
    left = np.arange(len(customer_ids))
    for number, name in enumerate([NOTHING, *names[:-1]]):
        share = 1 / (len(names) + 1 - number)
        drawn = assign_arms(customer_ids.iloc[left], stratum.iloc[left], share, seed + number) == HOLDOUT
        arms[left[drawn]] = name
        left = left[~drawn]
    return arms
