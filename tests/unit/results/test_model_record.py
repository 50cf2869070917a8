"""The record of a run's champion, as every version wrote it."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from churnkit.errors import DataError
from churnkit.results.codec import from_text, to_json
from churnkit.results.model_record import ModelRecord

FIRST = {
    "file_path": "/then/models/0f.joblib",
    "sha256": "ab" * 32,
    "model_type": "xgboost",
    "trained_at": "2026-11-29T07:28:54.014291+00:00",
    "figures": {"f1": 0.84, "precision": 0.83, "recall": 0.85, "roc_auc": None, "log_loss": 0.41},
    "hyperparameters": {"params": "learning_rate=0.05", "members": ""},
    "metadata": {
        "champion": "xgboost",
        "horizon_days": 60,
        "cutoff": "2026-09-01T00:00:00",
        "features": ["recency_days", "order_count"],
    },
}


def test_a_record_without_a_version_is_read_and_written_with_one() -> None:
    record = from_text(ModelRecord, json.dumps(FIRST))
    assert record.metadata.features == ("recency_days", "order_count")
    assert record.metadata.cutoff == datetime(2026, 9, 1)
    assert (record.figures.f1, record.figures.roc_auc) == (0.84, None)
    assert to_json(record) == {"version": 1, **FIRST}


def test_a_record_that_lacks_its_hash_is_refused() -> None:
    broken = {name: value for name, value in FIRST.items() if name != "sha256"}
    with pytest.raises(DataError, match=r"the model.s record: it is damaged\. sha256 is missing"):
        from_text(ModelRecord, json.dumps(broken))
