"""What an analysis left on disk, for pages and reports: read when asked for, never computed here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pyarrow.parquet as pq

from churnkit.results.codec import Document
from churnkit.results.found import Found, Missing
from churnkit.results.look_folder import Look, document_from
from churnkit.results.older_customers import with_present_columns
from churnkit.results.panel_files import panel_rows
from churnkit.results.rows import rows_of

# Each document's classes come when one is read: the server starts without them.
if TYPE_CHECKING:
    import pandas as pd

    from churnkit.results.baskets import BasketsDocument
    from churnkit.results.evidence import EvidenceDocument
    from churnkit.results.indicators import IndicatorsDocument
    from churnkit.results.leaderboard import LeaderboardRow
    from churnkit.results.model_record import ModelRecord
    from churnkit.results.segments import SegmentsDocument
    from churnkit.results.summary import Summary

_EARLIER = "This analysis was made before churnkit told this; start it again to see it."

D = TypeVar("D", bound=Document)

SEGMENTS_FILE, BASKETS_FILE = "segments.json", "baskets.json"
VALIDATION_FILE, YEAR_TESTS_FILE = "validation.parquet", "year_tests.parquet"
INDICATORS_FILE = "indicators.json"
TRIALS_FILE = "trials.parquet"
PRICED = "priced"
"""Folder inside a run's own: by assumptions about money, the files that depend on them."""


class Results(Look):
    """A finished run: everything of :class:`Look`, and what the models found.

    Parameters
    ----------
    priced
        A folder with those files that depend on money, worked out again for other assumptions; they take the place of
        the run's own (``services.decide.repricing``).
    """

    def __init__(
        self, folder: Path, fallback_currency: str | None = None, priced: Path | None = None
    ) -> None:
        super().__init__(folder, fallback_currency)
        self.priced = priced

    @property
    def source(self) -> str:
        """As of :class:`Look`, with the assumptions about money."""
        return super().source if self.priced is None else f"{self.priced} {self._locale}"

    def path(self, name: str) -> Path:
        """Where one of the files lies: among those that were priced again, else in the run's folder."""
        again = None if self.priced is None else self.priced / name
        return again if again is not None and again.exists() else super().path(name)

    @cached_property
    def summary(self) -> Summary:
        """``summary.json``: what was read, decided, proven and found."""
        from churnkit.results.summary import Summary

        return self._document(Summary, "summary.json")

    @cached_property
    def evidence(self) -> EvidenceDocument:
        """``evidence.json``: curves, importance, rules, drivers, outlook."""
        from churnkit.results.evidence import EvidenceDocument

        return self._document(EvidenceDocument, "evidence.json")

    @cached_property
    def customers(self) -> pd.DataFrame:
        """One row per customer, by rank."""
        return with_present_columns(self._frame("customers.parquet"), self.horizon_days)

    @cached_property
    def tells_status(self) -> bool:
        """Whether the run knew active customers from lapsed ones; an earlier version's did not."""
        with self.reading("customers.parquet") as path:
            return "status" in pq.read_schema(path).names

    @property
    def customers_path(self) -> Path:
        """The file of ``customers``, for queries.

        Raises
        ------
        DataError
            The file is missing.
        """
        with self.reading("customers.parquet") as path:
            pq.read_metadata(path)
        return path

    @cached_property
    def leaderboard(self) -> tuple[LeaderboardRow, ...]:
        """One row per candidate and rule, champion first; empty below the rung of models."""
        from churnkit.results.leaderboard import LeaderboardRow

        return rows_of(LeaderboardRow, self._frame("leaderboard.parquet"))

    @cached_property
    def validation(self) -> pd.DataFrame | None:
        """What every entrant said of the validation customers; None where nothing competed, or in an earlier run."""
        return self._optional_frame(VALIDATION_FILE)

    @cached_property
    def trials(self) -> pd.DataFrame | None:
        """Every set of parameters that was tried: ``candidate, trial, params, log_loss, folds, fit_seconds, outcome,
        reason``; None where nothing was tuned, or in a run from before trials were kept."""
        return self._optional_frame(TRIALS_FILE)

    @cached_property
    def year_tests(self) -> pd.DataFrame | None:
        """Forecasts of the year at earlier dates and what came, by customer; None in an earlier run."""
        return self._optional_frame(YEAR_TESTS_FILE)

    @cached_property
    def backtest(self) -> pd.DataFrame:
        """Predicted against actual by past cutoff and decile."""
        return self._frame("backtest.parquet")

    @cached_property
    def past(self) -> pd.DataFrame:
        """Every customer's forecast and outcome at every past cutoff."""
        return self._frame("past.parquet")

    @cached_property
    def model(self) -> ModelRecord | None:
        """The champion's file, hash and type; None where rules or the purchase process scored."""
        from churnkit.results.model_record import ModelRecord

        with self.reading("model.json") as path:
            text = path.read_bytes()
        return None if text.strip() == b"null" else document_from(ModelRecord, text, "model.json")

    @property
    def horizon_days(self) -> int:
        """The churn threshold in days."""
        return self.summary.question.horizon_days

    @property
    def cutoff(self) -> str:
        """The instant the customers were scored at, ISO text."""
        return self.summary.question.cutoff.isoformat()

    @property
    def champion(self) -> str:
        """The name of what scored the customers."""
        return self.summary.champion

    def scored_row(self, customer_id: str) -> pd.DataFrame:
        """The panel row of one customer at the scoring cutoff; empty for an unknown one."""
        return self._rows_of("scored.parquet", customer_id)

    def scored_rows(self, customer_ids: Sequence[str]) -> pd.DataFrame:
        """The panel rows of some customers at the scoring cutoff, by customer."""
        with self.reading("scored.parquet") as path:
            rows: pd.DataFrame = pq.read_table(
                path, filters=[("customer_id", "in", list(customer_ids))]
            ).to_pandas()
            return rows.sort_values("customer_id", ignore_index=True)

    def contributions(self, customer_id: str) -> pd.Series:
        """Log-odds by feature of one customer; empty for an unknown one."""
        rows = self._rows_of("contributions.parquet", customer_id)
        import pandas as pd

        return rows.drop(columns="customer_id").iloc[0] if len(rows) else pd.Series(dtype=float)

    def all_contributions(self) -> pd.DataFrame:
        """Log-odds by feature of every customer: ``customer_id`` and a column for each feature."""
        return self._frame("contributions.parquet")

    def scored(self, *names: str) -> pd.DataFrame:
        """All panel rows of the scoring cutoff, with all columns, or with those of ``names`` that there are."""
        with self.reading("scored.parquet") as path, pq.ParquetFile(path) as file:
            frame: pd.DataFrame = file.read(list(names) or None).to_pandas()
            return frame

    def scored_columns(self) -> list[str]:
        """Names of the columns of :meth:`scored`."""
        with self.reading("scored.parquet") as path:
            columns: list[str] = pq.read_schema(path).names
            return columns

    def panel_before(self) -> pd.DataFrame | None:
        """RFM figures one threshold before the cutoff, with ``spend_next``, the net spend since; None where no date is."""
        question = self.summary.question
        before = question.cutoff - timedelta(days=question.horizon_days)
        columns = ["customer_id", "recency_days", "order_count", "monetary_total", "spend_next"]
        frame = panel_rows(self, columns, [("cutoff", "=", before)])
        return frame if len(frame) else None

    def panel_at(self, cutoff: datetime) -> pd.DataFrame:
        """All panel rows of one cutoff; none where the run has no such date."""
        return panel_rows(self, where=[("cutoff", "=", cutoff)])

    def silences(self) -> pd.DataFrame:
        """Days since the last purchase of every customer at every cutoff: ``customer_id, cutoff, recency_days``."""
        return self.panel_columns("recency_days")

    def panel_columns(self, *names: str) -> pd.DataFrame:
        """Some columns of the panel, of every customer at every cutoff, after ``customer_id`` and ``cutoff``."""
        return panel_rows(self, ["customer_id", "cutoff", *names])

    @cached_property
    def segments(self) -> SegmentsDocument | None:
        """Groups of customers and insights; None in a run from before there were any."""
        from churnkit.results.segments import SegmentsDocument

        return self._optional_document(SegmentsDocument, SEGMENTS_FILE)

    @cached_property
    def baskets(self) -> BasketsDocument | None:
        """Products that go together, and due orders; None in a run from before there were any."""
        from churnkit.results.baskets import BasketsDocument

        return self._optional_document(BasketsDocument, BASKETS_FILE)

    @cached_property
    def cohorts(self) -> pd.DataFrame | None:
        """Cells of the cohort triangles, in earlier runs of months alone; None in a run from before there were any."""
        frame = self._optional_frame("cohorts.parquet")
        return frame if frame is None or "period" in frame else frame.assign(period="month")

    @cached_property
    def actions(self) -> pd.DataFrame | None:
        """By customer: found group, value band, suggestions, due date; None in a run from before there were any."""
        return self._optional_frame("actions.parquet")

    @cached_property
    def indicators(self) -> IndicatorsDocument | None:
        """How outside figures did on past dates; None where none were given."""
        from churnkit.results.indicators import IndicatorsDocument

        return self._optional_document(IndicatorsDocument, INDICATORS_FILE)

    def later(self, kind: type[D], name: str) -> Found[D] | Missing:
        """A document that runs of earlier versions do not have; in those its absence is said in words."""
        document = self._optional_document(kind, name)
        return Missing(_EARLIER) if document is None else Found(document)

    def _optional_document(self, kind: type[D], name: str) -> D | None:
        return self._document(kind, name) if self.path(name).exists() else None

    def _optional_frame(self, name: str) -> pd.DataFrame | None:
        return self._frame(name) if self.path(name).exists() else None

    def _rows_of(self, name: str, customer_id: str) -> pd.DataFrame:
        with self.reading(name) as path:
            rows: pd.DataFrame = pq.read_table(path, filters=[("customer_id", "=", customer_id)]).to_pandas()
            return rows
