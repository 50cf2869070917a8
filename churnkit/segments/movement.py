"""Who moved from which segment to which between two dates, and the money that moved along."""

from __future__ import annotations

import numpy as np
import pandas as pd

NOT_YET = "Not yet a customer"
COLUMNS = (
    "from_segment",
    "to_segment",
    "customers",
    "spend_between",
    "clv",
    "value_at_risk",
    "share_of_from",
)


def movement(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Flows between the segments of two dates.

    Where only some customers were followed at the earlier date (a fixed sample, see ``services.analyse.history``), those
    who were known then count for the others too; new ones count as they are.

    Parameters
    ----------
    before
        Customers followed at the earlier date: ``customer_id``, ``segment``, and ``spend_between``, the net spend
        (money) between the dates.
    after
        All customers at the later date: ``customer_id``, ``segment``, ``clv``, ``value_at_risk``, ``known_before``
        (boolean: had bought by the earlier date) and ``spend_between``, read for the new ones.

    Returns
    -------
    pandas.DataFrame
        ``COLUMNS``, largest flow first. ``customers`` and money are estimates where a sample was followed;
        ``share_of_from`` is the part of the earlier segment that took this way.
    """
    known = after["known_before"].to_numpy(dtype=bool)
    merged = after[known].merge(
        before[["customer_id", "segment", "spend_between"]].rename(columns={"segment": "from_segment"}),
        on="customer_id",
        suffixes=("_after", ""),
    )
    weight = int(known.sum()) / len(merged) if len(merged) else 0.0
    stayed = pd.DataFrame(
        {
            "from_segment": merged["from_segment"],
            "to_segment": merged["segment"],
            "customers": weight,
            **{name: weight * merged[name] for name in ("spend_between", "clv", "value_at_risk")},
        }
    )
    new = after[~known]
    came = pd.DataFrame(
        {
            "from_segment": NOT_YET,
            "to_segment": new["segment"],
            "customers": 1.0,
            **{name: new[name] for name in ("spend_between", "clv", "value_at_risk")},
        }
    )
    moves = pd.concat([part for part in (stayed, came) if len(part)] or [stayed])
    flows = moves.groupby(["from_segment", "to_segment"], as_index=False).sum()
    total = flows.groupby("from_segment")["customers"].transform("sum")
    flows["share_of_from"] = flows["customers"] / np.maximum(total, 1e-12)
    return flows.sort_values(
        ["customers", "from_segment", "to_segment"], ascending=[False, True, True], ignore_index=True
    )[list(COLUMNS)]
