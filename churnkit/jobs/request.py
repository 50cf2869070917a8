"""What a job is asked to do, as the store keeps it and as its worker reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from churnkit.config import AnalysisSettings
from churnkit.jobs.layout import REQUEST
from churnkit.results.files import write_text_whole
from churnkit.services.workspace.stored_settings import settings_as_json, settings_from_json
from churnkit.store import JobKind, ModelSeal

if TYPE_CHECKING:
    from churnkit.ingest import ColumnMapping


@dataclass(frozen=True)
class Request:
    """The question, without any place: the same request can be asked again elsewhere.

    Attributes
    ----------
    mapping
        Fields of a ``ColumnMapping``, None to detect the columns.
    run_id
        For ``score``: the run whose model scores.
    """

    settings: AnalysisSettings
    mapping: Mapping[str, Any] | None = None
    preset: str | None = None
    run_id: str | None = None

    def as_json(self) -> dict[str, Any]:
        """JSON values, for the store."""
        return {
            "settings": settings_as_json(self.settings),
            "mapping": None if self.mapping is None else dict(self.mapping),
            "preset": self.preset,
            "run_id": self.run_id,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Request:
        """The request that :meth:`as_json` wrote; an empty one, of an earlier version, asks for the defaults."""
        return cls(
            settings_from_json(values.get("settings") or {}),
            values.get("mapping"),
            values.get("preset"),
            values.get("run_id"),
        )


@dataclass(frozen=True)
class Order:
    """A request with the places that its worker needs; ``run_folder``, ``models`` and ``seal`` for ``score`` only.

    ``seal`` is the store's word on the run's model, which the worker cannot ask for.
    """

    kind: JobKind
    request: Request
    file: Path
    run_folder: Path | None
    models: Path
    seal: ModelSeal | None = None

    def write(self, folder: Path) -> None:
        """Put the order into a job's folder."""
        text = json.dumps(
            {
                "kind": self.kind,
                "request": self.request.as_json(),
                "file": str(self.file),
                "run_folder": self.run_folder and str(self.run_folder),
                "models": str(self.models),
                "seal": self.seal and asdict(self.seal),
            },
            indent=1,
        )
        write_text_whole(folder / REQUEST, text)

    @classmethod
    def read(cls, folder: Path) -> Order:
        """The order in a job's folder."""
        values = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
        return cls(
            values["kind"],
            Request.from_json(values["request"]),
            Path(values["file"]),
            Path(values["run_folder"]) if values["run_folder"] else None,
            Path(values["models"]),
            ModelSeal(**values["seal"]) if values.get("seal") else None,
        )


def mapping_as_json(mapping: ColumnMapping | None) -> dict[str, Any] | None:
    """The fields of a mapping as JSON values."""
    if mapping is None:
        return None
    return {
        "columns": dict(mapping.columns),
        "day_first": mapping.day_first,
        "decimal": mapping.decimal,
        "currency": mapping.currency,
    }
