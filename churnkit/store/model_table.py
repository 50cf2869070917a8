"""Fitted models of a session and which of them is the champion."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import duckdb

from churnkit.accounts import Action
from churnkit.errors import ConflictError, StoreError
from churnkit.store.deletion import remember_removals
from churnkit.store.row_codec import json_text, records, to_utc
from churnkit.store.run_records import ModelFile, ModelSeal, StoredModel
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable, new_id
from churnkit.store.work_records import Removed

FIGURES = ("f1", "precision", "recall", "roc_auc", "log_loss")


class ModelTable(TenantTable):
    """``store.models``: model files by hash; the files themselves lie in the models folder."""

    _seen_by_links = True

    def add(
        self,
        session_id: str,
        *,
        model_type: str,
        file_path: Path,
        sha256: str,
        trained_at: datetime,
        figures: Mapping[str, float | None] | None = None,
        hyperparameters: Mapping[str, object] | None = None,
        metadata: Mapping[str, object] | None = None,
    ) -> StoredModel:
        """Record a model file; it becomes champion by ``set_champion`` only.

        ``figures`` may hold f1, precision, recall and roc_auc, from 0 to 1, and log_loss, from 0.
        """
        file = ModelFile(model_type, file_path, sha256, figures or {}, hyperparameters or {}, metadata or {})
        with self._writing("saving a model", Action.RUN, session_id) as cursor:
            self._session(cursor, session_id)
            return self._model(cursor, insert_model(cursor, session_id, file, trained_at))

    def set_champion(self, session_id: str, model_id: str) -> StoredModel:
        """Make one of the session's models its only champion."""
        with self._writing("choosing the champion", Action.RUN, session_id) as cursor:
            self._session(cursor, session_id)
            model = self._model(cursor, model_id)
            if model.session_id != session_id:
                raise StoreError(
                    f"Choosing model {model_id!r} as champion of session {session_id!r}: it must be one of"
                    f" the session's models, but belongs to {model.session_id!r}."
                )
            mark_champion(cursor, session_id, model_id)
            return self._model(cursor, model_id)

    def get(self, model_id: str) -> StoredModel:
        """One model."""
        with self._reading("reading a model") as cursor:
            return self._model(cursor, model_id)

    def delete(self, model_id: str) -> Removed:
        """Take out a model that scored no run; its file is remembered as a removal.

        Raises
        ------
        ConflictError
            A run was scored by it.
        """
        with self._writing("deleting a model", Action.DELETE, model_id) as cursor:
            model = self._model(cursor, model_id)
            scored = cursor.execute("SELECT run_id FROM runs WHERE model_id = ?", [model_id]).fetchall()
            if scored or model.is_champion:
                raise ConflictError(
                    f"Deleting model {model_id!r}: it has scored a run.", "Delete the run, or its analysis."
                )
            cursor.execute("DELETE FROM models WHERE model_id = ?", [model_id])
            remember_removals(cursor, [model.file_path])
            return Removed(sessions=0, files=[model.file_path])

    def seal(self, model_id: str) -> ModelSeal:
        """Which file holds a model, and its hash: the only word on it that counts, as for ``Store.runs.seal``."""
        model = self.get(model_id)
        return ModelSeal(model.file_path.name, model.sha256)

    def of_session(self, session_id: str) -> list[StoredModel]:
        """A session's models, the champion first, then by type."""
        with self._reading("listing models") as cursor:
            self._session(cursor, session_id)
            return records(
                StoredModel,
                cursor.execute(
                    "SELECT * FROM models WHERE session_id = ?"
                    " ORDER BY is_champion DESC, model_type, trained_at, model_id",
                    [session_id],
                ),
            )

    def champion(self, session_id: str) -> StoredModel | None:
        """The session's champion, if one was chosen."""
        first = self.of_session(session_id)[:1]
        return first[0] if first and first[0].is_champion else None


def insert_model(
    cursor: duckdb.DuckDBPyConnection,
    session_id: str,
    file: ModelFile,
    trained_at: datetime,
    *,
    run_id: str | None = None,
) -> str:
    """Write one model's row inside the caller's transaction; its id."""
    unknown = sorted(set(file.figures) - set(FIGURES))
    if unknown:
        raise StoreError(f"Saving a model: figures must be among {', '.join(FIGURES)}, found {unknown}.")
    model_id = new_id()
    insert(
        cursor,
        "models",
        {
            "model_id": model_id,
            "session_id": session_id,
            "run_id": run_id,
            "model_type": file.model_type,
            "file_path": str(file.file_path),
            "sha256": file.sha256,
            **{name: file.figures.get(name) for name in FIGURES},
            "is_champion": False,
            "trained_at": to_utc("trained_at", trained_at),
            "hyperparameters": json_text("hyperparameters", file.hyperparameters),
            "metadata": json_text("metadata", file.metadata),
        },
    )
    return model_id


def mark_champion(cursor: duckdb.DuckDBPyConnection, session_id: str, model_id: str | None) -> None:
    """Make ``model_id`` the session's only champion, or none of them."""
    cursor.execute(
        "UPDATE models SET is_champion = coalesce(model_id = ?, false) WHERE session_id = ?",
        [model_id, session_id],
    )
