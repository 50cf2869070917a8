"""The examples in docstrings are true, and the functions that a newcomer meets first have one."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

MODULES = (
    "churnkit.config.analysis",
    "churnkit.text.figures",
    "churnkit.outgoing.address",
    "churnkit.profiling.ladder",
    "churnkit.windows",
    "churnkit.metrics.decisions",
    "churnkit.metrics.drift",
    "churnkit.metrics.probabilities",
    "churnkit.metrics.ranking",
    "churnkit.btyd.gamma_gamma",
    "churnkit.btyd.models",
    "churnkit.labels",
    "churnkit.roi.mission",
    "churnkit.roi.planner",
    "churnkit.experiments.intervals",
    "churnkit.experiments.power",
    "churnkit.experiments.sample_size",
)
LEAST_EXAMPLES = 20


def examples(name: str) -> list[doctest.DocTest]:
    """Docstrings of a module that hold examples."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    return [found for found in finder.find(import_module(name)) if found.examples]


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str) -> None:
    runner = doctest.DocTestRunner(verbose=False)
    said: list[str] = []
    for found in examples(name):
        runner.run(found, out=said.append)
    assert runner.tries > 0
    assert runner.failures == 0, "".join(said)


def test_newcomers_find_examples() -> None:
    assert sum(len(examples(name)) for name in MODULES) >= LEAST_EXAMPLES
