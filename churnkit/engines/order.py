"""What is to be scored on which engine, and what cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from churnkit.engines.addresses import is_address
from churnkit.engines.duckdb_engine import DuckDbEngine
from churnkit.engines.engine import ENGINES, Engine
from churnkit.engines.spark_engine import SparkEngine
from churnkit.errors import DataError, SettingsError


@dataclass(frozen=True)
class EngineOrder:
    """What to score, and where.

    Attributes
    ----------
    engine
        One of ``ENGINES``.
    input
        Canonical Parquet: a file, a folder, or an address that the engine can read.
    output
        Folder, or address of an object storage, for the scores, where nothing is yet; where there are several machines,
        all must see it.
    address
        Of the engine, where one runs already; see ``SparkEngine``.
    as_of
        The instant to score at; the end of the data unless given.
    """

    engine: str
    input: str
    output: Path | str
    address: str = ""
    as_of: datetime | None = None

    @property
    def place(self) -> str:
        """The output as text."""
        return str(self.output)

    @property
    def is_here(self) -> bool:
        """Whether the engine works on this machine alone."""
        return not self.address or self.address.startswith("local")


def require_engine(order: EngineOrder) -> None:
    """Refuse an unknown engine, and an address for one that has none."""
    if order.engine not in ENGINES:
        raise SettingsError(
            f"Working on an engine: {order.engine!r} is none; it must be one of {', '.join(ENGINES)}."
        )
    if order.engine == "duckdb" and order.address:
        raise SettingsError("Working on DuckDB: it runs in this process and has no address.")


def require_free(order: EngineOrder) -> None:
    """Refuse what :func:`require_engine` refuses, and an output folder that exists."""
    require_engine(order)
    if not is_address(order.place) and Path(order.output).exists():
        raise is_there_already(order.place)


def is_there_already(place: str) -> DataError:
    return DataError(
        f"Scoring on an engine: the output folder must not exist, so that scores are never mixed;"
        f" {place.partition('?')[0]} does.",
        "Choose another, or remove it.",
    )


def opened_engine(order: EngineOrder, work: Path | str) -> Engine:
    """The engine of an order; what it keeps lies in ``work``."""
    if order.engine == "duckdb":
        return DuckDbEngine(Path(work))
    return SparkEngine(order.engine, str(work), order.address)
