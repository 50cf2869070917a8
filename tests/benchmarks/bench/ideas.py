"""Ideas that the bench can switch on, by name. A new one is entered here; what has been decided leaves again."""

from __future__ import annotations

from tests.benchmarks.bench.engine import Idea

IDEAS: dict[str, Idea] = {}
