"""What an engine's long answers come to in one line."""

from __future__ import annotations

import pytest

from churnkit.engines.spark_session import remedy_for, what_failed

JAVA = """An error occurred while calling o39.parquet.
: java.lang.RuntimeException: java.lang.ClassNotFoundException: Class org.apache.hadoop.fs.s3a.S3AFileSystem not found
\tat org.apache.hadoop.conf.Configuration.getClass(Configuration.java:2737)
Caused by: java.lang.ClassNotFoundException: Class org.apache.hadoop.fs.s3a.S3AFileSystem not found
\tat org.apache.hadoop.conf.Configuration.getClassByName(Configuration.java:2641)
\t... 25 more
"""
PYTHON = """Job aborted due to stage failure: Task 1 in stage 3.0 failed 4 times
Caused by: org.apache.spark.api.python.PythonException: Traceback (most recent call last):
  File "/opt/churnkit/engines/chunk.py", line 70, in score_batches
    raise ModelError("Opening a model: it is not as it was sent.")
churnkit.errors.ModelError: Opening a model: it is not as it was sent.

\tat org.apache.spark.api.python.BasePythonRunner.run(PythonRunner.scala:600)
"""
SPARK = """[PATH_NOT_FOUND] Path does not exist: file:/nowhere. SQLSTATE: 42K03

JVM stacktrace:
org.apache.spark.sql.AnalysisException
\tat org.apache.spark.sql.errors.QueryCompilationErrors$.x(QueryCompilationErrors.scala:1)
"""


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (JAVA, "java.lang.ClassNotFoundException: Class org.apache.hadoop.fs.s3a.S3AFileSystem not found"),
        (PYTHON, "churnkit.errors.ModelError: Opening a model: it is not as it was sent."),
        (SPARK, "[PATH_NOT_FOUND] Path does not exist: file:/nowhere. SQLSTATE: 42K03"),
        ("Calling o1.\n: java.io.IOException: no\n\tat a.b(C.java:1)\n", "java.io.IOException: no"),
        ("one\n\ntwo\n", "two"),
        ("", ""),
    ],
)
def test_one_line_says_what_failed(answer: str, line: str) -> None:
    assert what_failed(answer) == line


def test_a_missing_reader_of_s3_has_a_remedy() -> None:
    assert "hadoop-aws" in remedy_for(what_failed(JAVA))
    assert "log" in remedy_for(what_failed(SPARK))
