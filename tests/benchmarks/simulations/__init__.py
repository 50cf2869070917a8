"""The simulations of coverage.py: a name and a function that gives its rows. Each seeds its own generator."""

from __future__ import annotations

from collections.abc import Callable

from tests.benchmarks.simulations import spend
from tests.benchmarks.simulations.few_customers import few_customers
from tests.benchmarks.simulations.looks import looks
from tests.benchmarks.simulations.planned_power import planned_power
from tests.benchmarks.simulations.rows import Data, NoData, Row

# A new simulation is a function Data -> list[Row] in a module of its own, entered here.
SIMULATIONS: dict[str, Callable[[Data], list[Row]]] = {
    "planned power": planned_power,
    "few customers": few_customers,
    "revenue": spend.revenue,
    "adjusted shares": spend.adjusted_shares,
    "looks": looks,
}

__all__ = ["SIMULATIONS", "Data", "NoData", "Row"]
