"""The predictions that a session shows, one row per customer."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pandas as pd
import pyarrow as pa

from churnkit.accounts import Action
from churnkit.errors import StoreError
from churnkit.store.prediction_columns import order_clause, to_arrow
from churnkit.store.row_codec import to_utc
from churnkit.store.run_records import PredictionPage
from churnkit.store.tenant_table import TenantTable

_INSERT_PREDICTIONS = """
INSERT INTO predictions BY NAME
SELECT *, uuid()::VARCHAR AS prediction_id, $session_id AS session_id, $model_id AS model_id,
    $predicted_at::TIMESTAMP AS predicted_at
FROM incoming
"""

_MATCHING = (
    "FROM predictions WHERE session_id = $session_id AND ($risk_tier IS NULL OR risk_tier = $risk_tier)"
)


class PredictionTable(TenantTable):
    """``store.predictions``: those of the run on screen."""

    _seen_by_links = True

    def replace(
        self,
        session_id: str,
        predictions: pd.DataFrame,
        *,
        predicted_at: datetime,
        model_id: str | None = None,
    ) -> int:
        """Replace the session's predictions by the frame's, all or none, and return their number.

        Parameters
        ----------
        predictions
            One row per customer: customer_id, p_churn in [0, 1] and risk_tier (high, medium, low; missing for the
            lapsed); optionally the columns of ``prediction_columns.OPTIONAL``. NaN is kept as missing.
        model_id
            The model that scored; None for the rules and BG/NBD, which have no file.
        """
        incoming = to_arrow(predictions)
        count: int = incoming.num_rows
        with self._writing("saving predictions", Action.RUN, session_id) as cursor:
            self._session(cursor, session_id)
            if model_id is not None and self._model(cursor, model_id).session_id != session_id:
                raise StoreError(f"Saving predictions: model {model_id!r} belongs to another session.")
            replace_predictions(cursor, session_id, incoming, model_id, predicted_at)
        return count

    def page(
        self,
        session_id: str,
        *,
        limit: int | None = None,
        offset: int = 0,
        risk_tier: str | None = None,
        order_by: str = "p_churn",
        descending: bool = True,
    ) -> PredictionPage:
        """Rows ``offset`` to ``offset + limit`` of the session's predictions (all without a limit).

        Ties are broken by customer_id and missing values come last, so pages neither overlap nor leave gaps.
        """
        if offset < 0 or (limit is not None and limit < 1):
            raise StoreError(
                f"Listing predictions: limit must be 1 or more and offset 0 or more, found {limit}, {offset}."
            )
        order = order_clause(order_by, descending=descending)
        filters = {"session_id": session_id, "risk_tier": risk_tier}
        with self._reading("listing predictions") as cursor:
            self._session(cursor, session_id)
            counted = cursor.execute(f"SELECT count(*) {_MATCHING}", filters).fetchall()
            page = cursor.sql(
                f"SELECT * EXCLUDE (session_id) {_MATCHING} {order} LIMIT $limit OFFSET $offset",
                params={**filters, "limit": limit, "offset": offset},
            )
            return PredictionPage(rows=page.to_arrow_table().to_pandas(), total=counted[0][0])


def replace_predictions(
    cursor: duckdb.DuckDBPyConnection,
    session_id: str,
    incoming: pa.Table,
    model_id: str | None,
    predicted_at: datetime,
) -> None:
    """Write a session's predictions in place of those it has, inside the caller's transaction."""
    cursor.execute("DELETE FROM predictions WHERE session_id = ?", [session_id])
    cursor.register("incoming", incoming)
    cursor.execute(
        _INSERT_PREDICTIONS,
        {
            "session_id": session_id,
            "model_id": model_id,
            "predicted_at": to_utc("predicted_at", predicted_at),
        },
    )
    cursor.unregister("incoming")
