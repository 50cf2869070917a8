"""First looks: what a finished one adds to its session, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from churnkit.accounts import Action
from churnkit.store.job_table import complete_job
from churnkit.store.row_codec import json_text
from churnkit.store.tenant_table import TenantTable
from churnkit.store.work_records import StepTiming, TrainingJob


class LookTable(TenantTable):
    """``store.looks``: a look has no row of its own, its session's ``look_id`` names its job."""

    def finish(
        self,
        job_id: str,
        *,
        at: datetime,
        column_mapping: Mapping[str, object],
        horizon_days: int,
        row_count: int,
        transactions_path: Path,
        timings: Sequence[StepTiming] = (),
    ) -> TrainingJob:
        """Complete a running look, which becomes its session's; ``row_count`` is the file's."""
        with self._writing("recording a first look", Action.RUN, job_id) as cursor:
            job = self._running_job(cursor, job_id)
            session = self._session(cursor, job.session_id)
            cursor.execute(
                "UPDATE sessions SET look_id = $job_id, column_mapping = $column_mapping,"
                " horizon_days = CASE WHEN run_id IS NULL THEN $horizon_days ELSE horizon_days END,"
                " transactions_path = CASE WHEN run_id IS NULL THEN $path ELSE transactions_path END"
                " WHERE session_id = $session_id",
                {
                    "job_id": job_id,
                    "column_mapping": json_text("column_mapping", column_mapping),
                    "horizon_days": horizon_days,
                    "path": str(transactions_path),
                    "session_id": job.session_id,
                },
            )
            cursor.execute(
                "UPDATE uploads SET row_count = ? WHERE upload_id = ?", [row_count, session.upload_id]
            )
            complete_job(cursor, job, at, timings)
            return self._job(cursor, job_id)
