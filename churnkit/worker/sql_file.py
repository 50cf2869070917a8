"""SQL from one worker to those that start later: ``sql.json`` in the data folder, beside the warm starter's own memory.

To make the SQL of a refresh takes a worker one second of its processor's time; to read the file, a few milliseconds. A
shop's first refresh finds most of its SQL there, from the analysis before it. A file that other versions of the makers
wrote, or that is not as it was written, is as good as none, and is written anew. It is no part of a backup. Fractional
numbers, such as what a shop sold, are not in it, nor are names of tables.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from importlib.metadata import version
from pathlib import Path

import churnkit
from churnkit.ingest import kept_sql
from churnkit.results.files import write_text_whole

MOST_BYTES = 10_000_000
"""A longer file is none of ours."""

_log = logging.getLogger(__name__)


def made_by() -> str:
    """What the texts depend on beside the expressions that are their keys."""
    ours = hashlib.sha256(Path(kept_sql.__file__).read_bytes()).hexdigest()
    theirs = map(version, ("ibis-framework", "sqlglot", "duckdb"))
    return " ".join([churnkit.__version__, ours, *theirs, sys.version.split()[0]])


def texts_in(path: Path) -> bytes:
    """Texts for ``loading.take_sql``; nothing where the file has none that serve."""
    if not path.exists() or path.stat().st_size > MOST_BYTES:
        return b""
    head, _, body = path.read_text(encoding="utf-8", errors="replace").partition("\n")
    return body.encode() if head == _head(body) else b""


def add_texts(path: Path, found: bytes) -> None:
    """Add what ``loading.sql_since`` gives; a job that is done does not fail for want of room for it."""
    known, texts = texts_in(path), json.loads(found)
    if known:
        together = {**json.loads(known), **texts}
        # Of old shops and texts that never come again: what is needed is soon there anew.
        texts = together if len(together) <= kept_sql.MOST else texts
    body = json.dumps(texts)
    try:
        write_text_whole(path, f"{_head(body)}\n{body}")
    except OSError as error:
        _log.warning("SQL for later workers is not kept: %s", error)


def _head(body: str) -> str:
    return f"{hashlib.sha256(body.encode()).hexdigest()} {made_by()}"
