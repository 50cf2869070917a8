"""Frames and JSON values as the files of looks and runs."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

# One customer is read from a file of many by the statistics of its row groups.
ROW_GROUP_ROWS = 4096


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as Parquet, without its index."""
    frame.to_parquet(path, index=False, row_group_size=ROW_GROUP_ROWS)


def write_json(value: Mapping[str, Any] | None, path: Path, *, indent: int | None = 1) -> None:
    text = json.dumps(plain(value), indent=indent, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def plain(value: Any) -> Any:
    """JSON values: ISO text for times, None for NaN and infinities, Python numbers for NumPy's."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (str, bool, type(None))):
        return value
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (Sequence, np.ndarray, set, frozenset)):
        return [plain(v) for v in value]
    if isinstance(value, Path):
        return str(value)
    return value
