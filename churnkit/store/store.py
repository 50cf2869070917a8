"""The store as one tenant sees it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from churnkit.store.database import MEMORY_LIMIT, Database
from churnkit.store.jobs import JobTables
from churnkit.store.models import ModelTables
from churnkit.store.notes import NoteTables
from churnkit.store.overview import OverviewTables
from churnkit.store.plans import PlanTables
from churnkit.store.preferences import PreferenceTables
from churnkit.store.results import ResultTables
from churnkit.store.runs import RunTables
from churnkit.store.sessions import SessionTables
from churnkit.store.tenant import LOCAL_TENANT
from churnkit.store.workspaces import WorkspaceTables


class Store(
    SessionTables,
    JobTables,
    ModelTables,
    ResultTables,
    RunTables,
    NoteTables,
    PlanTables,
    PreferenceTables,
    WorkspaceTables,
    OverviewTables,
):
    """The only way to the product's DuckDB file, bound to one tenant.

    Every query but those of ``OverviewTables`` is filtered by the tenant, so another tenant's ids read as if they
    did not exist. Methods may
    be called from any thread. Ids are made here; times must carry a zone and come back in UTC. Every method
    raises StoreError when a value breaks a rule of its table or an id is not the tenant's; then nothing was
    written.
    """

    @classmethod
    def open(cls, path: Path, *, tenant_id: str = LOCAL_TENANT, memory_limit: str = MEMORY_LIMIT) -> Store:
        """Open the file at ``path``: a new one gets its tables, an older one what it lacks.

        Raises
        ------
        StoreError
            Another process has the file open, it is no DuckDB file, or its tables are newer than the code or
            were made by migrations that have changed since.
        """
        return cls(Database.open(path, memory_limit=memory_limit), tenant_id)

    def for_tenant(self, tenant_id: str) -> Store:
        """The same open file, seen by another tenant."""
        return Store(self._database, tenant_id)

    @property
    def tenant_id(self) -> str:
        """The tenant that this store is bound to."""
        return self._tenant_id

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of the caller's own for work on Parquet files, e.g. through Ibis; close it after use.

        The tables are for the methods alone: only they filter by tenant.
        """
        return self._database.cursor()

    def close(self) -> None:
        """Close the file for every tenant."""
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
