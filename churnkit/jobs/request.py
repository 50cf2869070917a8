"""What a job is asked to do, as the store keeps it and as its worker reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Literal

from churnkit.config import AnalysisSettings
from churnkit.ingest import ColumnMapping, Reading
from churnkit.jobs.addition_request import AdditionAsked, AdditionPlaces
from churnkit.jobs.bulk import BulkAsked
from churnkit.jobs.layout import REQUEST
from churnkit.results.codec import JsonObject, Step, from_json, part_from_json, part_to_json, to_json
from churnkit.results.erased import Erased
from churnkit.results.files import write_text_whole
from churnkit.results.run_settings import RunSettings
from churnkit.store import JobKind, ModelSeal


def _with_reading(content: JsonObject) -> JsonObject:
    """Version 1 had the columns beside the settings, and the rest of how the file is read among them."""
    settings = part_from_json(RunSettings, content.get("settings") or {}, "the settings of a job")
    mapping = content.get("mapping")
    reading = Reading(
        settings=settings.ingest,
        as_of=settings.as_of,
        mapping=None if mapping is None else ColumnMapping.from_json(mapping),
        preset=content.get("preset"),
    )
    return {
        "reading": part_to_json(reading),
        "settings": part_to_json(settings.analysis),
        "run_id": content.get("run_id"),
    }


def _with_more_money(content: JsonObject) -> JsonObject:
    """Version 2 knew less of what is assumed about money; the defaults stand for the rest."""
    return content


def _with_answers(content: JsonObject) -> JsonObject:
    """Version 3 knew no answers to questions about statuses, kinds of rows and checks."""
    reading = content.get("reading") or {}
    none: JsonObject = {"statuses": {}, "row_kinds": {}, "nobody": [], "accepted": []}
    return {**content, "reading": {**none, **reading}}


def _with_indicators(content: JsonObject) -> JsonObject:
    """Version 4 knew no outside figures; none is the default."""
    return content


def _with_purpose(content: JsonObject) -> JsonObject:
    """Version 5 knew one kind of scoring: of customers somebody made up, by the run's champion."""
    return {**content, "purpose": "imagined", "model_id": None}


def _with_more_of_the_tournament(content: JsonObject) -> JsonObject:
    """Version 6 knew no kinds of search, no candidates on demand and no training window; the defaults stand."""
    return content


def _with_history(content: JsonObject) -> JsonObject:
    """Version 7 knew no histories: its jobs read their session's file."""
    return content


def _with_customers(content: JsonObject) -> JsonObject:
    """The version before knew no work on single customers; the default stands."""
    return content


ScorePurpose = Literal["imagined", "newer", "kept"]
"""What is scored: orders of customers who do not exist, at the run's own date; or the shop's newer file, at its end, of
which a page keeps the last scores only. ``kept`` is such a file whose scores stay until somebody deletes them."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """The question, without any place: the same request can be asked again elsewhere.

    Attributes
    ----------
    reading
        How the file is read; for ``score`` how the run's own was.
    run_id
        For ``score``: the run whose model scores.
    purpose
        For ``score``: what is scored.
    model_id
        For ``score``: which of the run's stored models; None is what scored the run itself.
    history_version
        For ``analyze`` and ``refresh``: the version of the shop's history; None is its newest when the job starts.
    customers
        For ``erase``: whom; empty once it is done.
    source_id, is_test
        For ``pull``: where from, and whether only to see that it can be read.
    addition
        For ``add``: what joins the shop's history, or leaves it.
    bulk
        For ``bulk``: which orders are scored where, by the run and model as for ``score``.
    challenger
        For ``analyze`` and ``refresh``: whether the run is only compared with the one on screen, which stays.
    """

    title: ClassVar[str] = "a job's request"
    steps: ClassVar[tuple[Step, ...]] = (
        _with_reading,
        _with_more_money,
        _with_answers,
        _with_indicators,
        _with_purpose,
        _with_more_of_the_tournament,
        _with_history,
        _with_customers,
    )

    reading: Reading = field(default_factory=Reading)
    settings: AnalysisSettings = field(default_factory=AnalysisSettings)
    run_id: str | None = None
    purpose: ScorePurpose = "imagined"
    model_id: str | None = None
    history_version: int | None = None
    customers: tuple[str, ...] = ()
    source_id: str | None = None
    is_test: bool = False
    addition: AdditionAsked | None = None
    challenger: bool = False
    bulk: BulkAsked | None = None


def stored_request(values: Mapping[str, object]) -> Request:
    """The request that the store keeps with a job; an empty one, of an early version, asks for the defaults.

    Raises
    ------
    DataError, MappingError, SettingsError
        It is broken, or of a newer version.
    """
    return from_json(Request, values)


@dataclass(frozen=True)
class Order:
    """A request with the places that its worker needs.

    Attributes
    ----------
    file
        What is read; the same as ``history`` where there is one.
    run_folder
        For ``score`` and ``refresh``: the run that trained what scores; for a challenger the one that it is compared with.
    seal
        For the same: the store's word on the run's model, which the worker cannot ask for.
    history, history_version
        The folder of the shop's history, and the version that counts; None for a shop of one file.
    earlier_runs
        Folders of the shop's runs, newest first.
    erased
        Who must not come back.
    kept_from
        Orders before that moment of the shop's own time leave; None keeps them all.
    folders, uploads, columns
        For ``erase``: where the shop's customers may be found, and what the uploads' headers mean, by field.
    addition
        For ``add``: its places; ``history`` is then the version that it joins, None before the first addition.
    currency
        What the owner says that amounts are in, for sentences about a file that names none.
    look
        For ``analyze`` of one file: the folder of the look at it.
    """

    kind: JobKind
    request: Request
    file: Path
    run_folder: Path | None
    models: Path
    seal: ModelSeal | None = None
    history: Path | None = None
    history_version: int | None = None
    earlier_runs: tuple[Path, ...] = ()
    erased: Erased | None = None
    kept_from: datetime | None = None
    folders: tuple[Path, ...] = ()
    uploads: tuple[Path, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    addition: AdditionPlaces | None = None
    currency: str | None = None
    look: Path | None = None

    def write(self, folder: Path) -> None:
        """Put the order into a job's folder."""
        text = json.dumps(
            {
                "kind": self.kind,
                "request": to_json(self.request),
                "file": str(self.file),
                "run_folder": self.run_folder and str(self.run_folder),
                "models": str(self.models),
                "seal": self.seal and asdict(self.seal),
                "history": self.history and str(self.history),
                "history_version": self.history_version,
                "earlier_runs": [str(folder) for folder in self.earlier_runs],
                "erased": self.erased and self.erased.to_json(),
                "kept_from": self.kept_from and self.kept_from.isoformat(),
                "folders": list(map(str, self.folders)),
                "uploads": list(map(str, self.uploads)),
                "columns": dict(self.columns),
                "addition": self.addition and self.addition.to_json(),
                "currency": self.currency,
                "look": self.look and str(self.look),
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
            stored_request(values["request"]),
            Path(values["file"]),
            Path(values["run_folder"]) if values["run_folder"] else None,
            Path(values["models"]),
            ModelSeal(**values["seal"]) if values.get("seal") else None,
            Path(values["history"]) if values.get("history") else None,
            values.get("history_version"),
            tuple(Path(folder) for folder in values.get("earlier_runs", ())),
            erased=Erased.from_json(values["erased"]) if values.get("erased") else None,
            kept_from=datetime.fromisoformat(values["kept_from"]) if values.get("kept_from") else None,
            folders=tuple(map(Path, values.get("folders", ()))),
            uploads=tuple(map(Path, values.get("uploads", ()))),
            columns=values.get("columns", {}),
            addition=AdditionPlaces.from_json(values["addition"]) if values.get("addition") else None,
            currency=values.get("currency"),
            look=Path(values["look"]) if values.get("look") else None,
        )
