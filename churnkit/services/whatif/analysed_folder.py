"""What ``analyze --output`` left in a folder, read for a campaign on paper."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from churnkit.errors import DataError
from churnkit.results.codec import from_text
from churnkit.results.look_folder import reading_file
from churnkit.segments import rfm_scores, rfm_segment
from churnkit.text.figures import count

if TYPE_CHECKING:
    from churnkit.results.summary import Summary

_FIGURES = ("recency_days", "order_count", "monetary_total")


@dataclass(frozen=True)
class AnalysedFolder:
    """The customers, the summary and the currency of an analysis; it knows no found groups (``actions``)."""

    customers: pd.DataFrame
    summary: Summary
    actions: pd.DataFrame | None = None

    @property
    def currency(self) -> str | None:
        """Code of the currency; None where the file named none."""
        return self.summary.file.currency


def open_analysed(folder: Path) -> AnalysedFolder:
    """Read ``customers.csv`` and ``summary.json`` of a folder.

    Raises
    ------
    DataError
        One of them is missing or damaged, or nothing proved that the forecast tells the active apart: a campaign on
        such a forecast would be a guess.
    """
    from churnkit.results.summary import Summary

    for name in ("customers.csv", "summary.json"):
        if not (folder / name).is_file():
            raise DataError(
                f"Opening an analysis: the folder {folder.name} must hold {name}, and does not.",
                "Give the folder that analyze --output has written.",
            )
    with reading_file(folder / "customers.csv"):
        customers = pd.read_csv(folder / "customers.csv", dtype={"customer_id": str})
    summary = from_text(Summary, (folder / "summary.json").read_bytes())
    if customers["risk_tier"].isna().all():
        raise DataError(
            f"Planning a campaign: the forecast must have been proven on past dates, but the {count(len(customers))}"
            " customers of this analysis have no risk tier.",
            "See the notes of the summary.",
        )
    missing = [name for name in ("mean_order_value", *_FIGURES) if name not in customers]
    if missing:
        raise DataError(
            f"Planning a campaign: customers.csv must have the column {missing[0]}, and does not.",
            "Analyse the file again with this version.",
        )
    scores = rfm_scores(*(customers[name].to_numpy() for name in _FIGURES))
    return AnalysedFolder(customers.assign(segment=rfm_segment(scores)), summary)
