"""An analysis kept: predictions, insights and the model file, with the store's record of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from churnkit.errors import ModelError
from churnkit.services.analysis import Analysis
from churnkit.services.files import plain
from churnkit.services.outputs import CUSTOMER_COLUMNS, summarise
from churnkit.services.run_files import write_run
from churnkit.services.uploads import record_upload
from churnkit.store import Session, Store
from churnkit.tournament.model import ChurnModel
from churnkit.tournament.persistence import load_model

__all__ = ["load_champion", "record_analysis", "record_upload"]


def record_analysis(
    store: Store, upload_id: str, analysis: Analysis, *, data_folder: Path, models_folder: Path
) -> Session:
    """Keep a finished analysis: session, model file with its hash, predictions and insights.

    Parameters
    ----------
    data_folder
        Where the files of the run are kept, in a folder named after the session (see ``services.run_files``).
    models_folder
        Where the model file goes; only its path and SHA-256 go into the store.
    """
    now = datetime.now(UTC)
    session = store.create_session(
        upload_id=upload_id,
        column_mapping=plain(dict(analysis.ingested.mapping.columns)),
        settings=plain(analysis.settings.as_dict()),
        horizon_days=analysis.plan.horizon_days,
        created_at=now,
    )
    store.set_upload_row_count(upload_id, analysis.ingested.row_count_in)
    folder = data_folder / session.session_id
    model = write_run(analysis, folder, models_folder)
    model_id = _record_model(store, session.session_id, model)
    store.save_predictions(
        session.session_id, analysis.customers[list(CUSTOMER_COLUMNS)], predicted_at=now, model_id=model_id
    )
    store.save_insights(session.session_id, generated_at=now, summary_stats=plain(summarise(analysis)))
    store.set_session_results(
        session.session_id,
        horizon_days=analysis.plan.horizon_days,
        transactions_path=folder / "transactions.parquet",
        panel_path=folder / "panel.parquet",
    )
    return store.update_session_status(session.session_id, "completed")


def _record_model(store: Store, session_id: str, model: Mapping[str, Any] | None) -> str | None:
    """Record what ``model.json`` says; None where nothing was trained."""
    if model is None:
        return None
    stored = store.save_model(
        session_id,
        model_type=model["model_type"],
        file_path=Path(model["file_path"]),
        sha256=model["sha256"],
        trained_at=datetime.fromisoformat(model["trained_at"]),
        figures=model["figures"],
        hyperparameters=model["hyperparameters"],
        metadata=model["metadata"],
    )
    store.set_champion(session_id, stored.model_id)
    return stored.model_id


def load_champion(store: Store, session_id: str, models_folder: Path) -> ChurnModel | None:
    """The session's champion from its file, checked against the recorded hash; None where rules or BG/NBD scored.

    Raises
    ------
    ModelError
        If the file is missing, changed, or holds something else.
    """
    record = store.champion(session_id)
    if record is None:
        return None
    model = load_model(record.file_path, expected_sha256=record.sha256, folder=models_folder)
    if not isinstance(model, ChurnModel):
        raise ModelError(
            f"Loading the champion of session {session_id}: the file holds a {type(model).__name__}, no churn model.",
            "Train the session again.",
        )
    return model
