"""Charts are built unchecked in the app; here Plotly checks every one."""

from __future__ import annotations

import pytest

from churnkit.charts import base


@pytest.fixture(autouse=True)
def checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "CHECKED", True)
