"""One Spark session for all tests that compare it with DuckDB."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

_RULES = "org.apache.spark.sql.catalyst.optimizer"
LEFT_OUT = (
    "BooleanSimplification",
    "ConstantFolding",
    "ConstantPropagation",
    "FoldablePropagation",
    "LimitPushDown",
    "NullPropagation",
    "OptimizeWindowFunctions",
    "PushDownLeftSemiAntiJoin",
    "PushFoldableIntoBranches",
    "RemoveRedundantAliases",
    "ReorderAssociativeOperator",
    "ReplaceNullWithFalseInPredicate",
    "SimplifyBinaryComparison",
    "SimplifyCasts",
    "SimplifyConditionals",
    "UnwrapCastInBinaryComparison",
)
"""Rules of Spark's optimizer that change no result, and took half the time that a plan as deep as the panel's takes."""


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A local Spark session, or a skip that says what is missing."""
    sql = pytest.importorskip(
        "pyspark.sql", reason="pyspark is not installed: pip install -r tests/requirements.txt"
    )
    if shutil.which("java") is None:
        pytest.skip("no java on the path: Spark needs a Java runtime, 17 or newer")
    session = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "1")
        # Most of the time for a table this small would go into compiling and re-planning.
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        # Filters that follow from others: of a plan as deep as the panel's a search without end.
        .config("spark.sql.constraintPropagation.enabled", "false")
        # A sweep over the whole plan each, and each makes a quick plan quicker: of sixty rows nothing is gained.
        .config("spark.sql.optimizer.excludedRules", ",".join(f"{_RULES}.{name}" for name in LEFT_OUT))
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
