"""Kills the program at a chosen line of an operation, and examines what the next start makes of what is left.

``python tests/faults/killing.py [--points N | --all] [--operations NAME ...]`` prints one line of JSON per operation:
how many points it has, at how many it was killed, and what was wrong afterwards. A point is the first or the last
time that a line of ``churnkit.jobs``, ``churnkit.store``, ``services.look.received_files`` or ``shutil`` is run.

One process imports everything, and forks for every kill before any thread exists. The child ends by ``os._exit`` in
the middle of the line: no ``finally`` runs, no file is flushed, nothing is rolled back.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

# Threads do not survive a fork: the libraries are told to begin none.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import churnkit
from churnkit.accounts import OWNER
from churnkit.config import AnalysisSettings
from churnkit.ingest import Reading
from churnkit.jobs import Platform
from churnkit.jobs.layout import SQL
from churnkit.jobs.request import Request
from churnkit.jobs.status import Status
from churnkit.results import conversion
from churnkit.results.codec import from_json, to_json
from churnkit.results.evidence import EvidenceDocument
from churnkit.results.look_facts import LookFacts
from churnkit.results.model_record import ModelRecord
from churnkit.results.profile import Profile
from churnkit.results.run_figures import RunFigures
from churnkit.results.run_settings import RunSettings
from churnkit.results.shop import ShopSettings
from churnkit.results.summary import Summary
from churnkit.services.workspace.workspace_preferences import Preferences, save_preferences
from churnkit.store import Store
from tests.made_evidence import bare_evidence
from tests.made_look import made_facts, small_profile
from tests.made_report import made_summary
from tests.played_workers import FakeWorkers, PlayedWorker

PACKAGE = Path(churnkit.__file__).parent
WATCHED = (
    f"{PACKAGE / 'jobs'}{os.sep}",
    f"{PACKAGE / 'store'}{os.sep}",
    str(PACKAGE / "services" / "look" / "received_files.py"),
    str(shutil.__file__),
)
# What every child would import and compile for itself, which took three quarters of its time.
LATE = (
    "churnkit.jobs.challengers",
    "churnkit.jobs.expired_uploads",
    "churnkit.jobs.fallback_note",
    "churnkit.services.look.small_tables",
    "churnkit.services.since.readouts_due",
    "churnkit.services.worklist.returned",
    "pandas.core.arrays.arrow.extension_types",
    "pyarrow.dataset",
    "pyarrow.pandas_compat",
)
DOCUMENTS = (
    EvidenceDocument,
    LookFacts,
    ModelRecord,
    Profile,
    Request,
    RunFigures,
    RunSettings,
    ShopSettings,
    Status,
    Summary,
)
KILLED, FAILED = 99, 70
NAMES = ("mine", "theirs")
ID = "0123456789abcdef" * 2


@dataclass
class Here:
    """An open platform in a child, with what the preparation wrote down."""

    platform: Platform
    store: Store
    played: PlayedWorker
    facts: dict[str, Any]

    @property
    def session_id(self) -> str:
        return str(self.facts["mine"])

    def newest_job(self) -> str:
        return self.store.jobs.of_session(self.session_id)[0].job_id


@dataclass(frozen=True)
class Operation:
    """What is done before, what is killed, and what must hold afterwards, told whether it came to its end."""

    prepare: Callable[[Here], None]
    act: Callable[[Here], object]
    expect: Callable[[Here, bool], Iterator[str]]


def open_here(folder: Path) -> Here:
    platform = Platform(folder / "data", folder / "models", workers=FakeWorkers(), slots=4)
    facts = json.loads((folder / "facts.json").read_text()) if (folder / "facts.json").exists() else {}
    return Here(platform, platform.store_for("mine", OWNER), PlayedWorker(platform.folders), facts)


def build(folder: Path) -> None:
    """Two tenants, each with a look, two runs and a scoring."""
    here = open_here(folder)
    for name in NAMES:
        store = here.platform.store_for(name, OWNER)
        upload = here.platform.receive_upload(store, io.BytesIO(b"a,b\n1,2\n"), "orders.csv", 1000)
        session_id = here.platform.start_look(
            store, upload.upload_id, Reading(), AnalysisSettings()
        ).session_id
        finish(here, store, session_id)
        for days in (30, 60):
            here.platform.start_analysis(store, session_id, AnalysisSettings(horizon_days=days))
            finish(here, store, session_id)
        here.platform.start_scoring(store, session_id, file_to_score(folder))
        finish(here, store, session_id)
        here.facts |= {name: session_id, f"{name}_upload": upload.upload_id}
    here.platform.close()
    (folder / "facts.json").write_text(json.dumps(here.facts))


def finish(here: Here, store: Store, session_id: str) -> None:
    begun = begin(here, store, session_id)
    here.platform.follower.tick()
    assert store.jobs.get(begun).status == "completed", store.jobs.get(begun)


def begin(here: Here, store: Store, session_id: str) -> str:
    """The newest job at work, its results complete but not taken over."""
    here.platform.follower.tick()
    job = store.jobs.of_session(session_id)[0]
    play: dict[str, Callable[[str], None]] = {
        "look": here.played.finish_look,
        "analyze": here.played.finish_run,
        "refresh": partial(here.played.finish_run, model=False, kind="refresh"),
        "score": here.played.finish_score,
    }
    play[job.kind](job.job_id)
    return job.job_id


def file_to_score(folder: Path) -> Path:
    path = folder / "new.csv"
    path.write_text("customer_id\nx\n")
    return path


def nothing(here: Here) -> None:
    """No preparation."""


def complete(here: Here, done: bool) -> Iterator[str]:
    job = here.store.jobs.get(here.newest_job())
    if job.status != "completed":
        yield f"finished work was thrown away: {job.status} {job.error_message}"


def ended(here: Here, done: bool) -> Iterator[str]:
    job = here.store.jobs.get(here.newest_job())
    if done and job.ended_by != "cancelled":
        yield f"cancelling was confirmed, and the job is {job.status}"


def gone(here: Here, done: bool) -> Iterator[str]:
    if done and here.store.sessions.all():
        yield "deleting was confirmed, and there is a session"


def emptied(here: Here, done: bool) -> Iterator[str]:
    yield from gone(here, done)
    if done and here.store.uploads.all():
        yield "deleting was confirmed, and there is an upload"


def anything(here: Here, done: bool) -> Iterator[str]:
    yield from ()


def upload(here: Here) -> object:
    return here.platform.receive_upload(here.store, io.BytesIO(b"c,d\n3,4\n" * 9), "more.csv", 1000)


def one_more_upload(here: Here) -> None:
    upload(here)


def one_more_analysis(here: Here) -> None:
    here.platform.start_analysis(here.store, here.session_id, AnalysisSettings(horizon_days=90))


def uploaded(here: Here, done: bool) -> Iterator[str]:
    found = sorted(one.filename for one in here.store.uploads.all())
    if found not in ([["more.csv", "orders.csv"]] if done else [["orders.csv"], ["more.csv", "orders.csv"]]):
        yield f"uploads: {found}"


def look(here: Here) -> object:
    here.platform.start_look(here.store, here.facts["mine_upload"], Reading(), AnalysisSettings())
    return here.platform.follower.tick()


def another_look_is_ready(here: Here) -> None:
    upload_id, mine = here.facts["mine_upload"], here.session_id
    here.platform.start_look(here.store, upload_id, Reading(), AnalysisSettings(), session_id=mine)
    begin(here, here.store, mine)


def run_is_ready(here: Here) -> None:
    here.platform.start_analysis(here.store, here.session_id, AnalysisSettings(horizon_days=90))
    begin(here, here.store, here.session_id)


def refresh_is_ready(here: Here) -> None:
    here.facts["champion"] = here.store.sessions.get(here.session_id).run_id
    here.platform.start_refresh(here.store, here.session_id)
    begin(here, here.store, here.session_id)


def refreshed(here: Here, done: bool) -> Iterator[str]:
    yield from complete(here, done)
    run = here.store.runs.of_session(here.session_id)[0]
    if (run.kind, run.trained_by) != ("refresh", here.facts["champion"]):
        yield f"the refresh became {run.kind} by {run.trained_by}"
    if not run.followed_up:
        yield "nothing followed the run"
    seal = here.store.runs.seal(run.run_id)
    if seal is None or not (here.platform.folders.models / seal.file_name).exists():
        yield "the model that scored is gone"


def score_is_ready(here: Here) -> None:
    score(here)
    begin(here, here.store, here.session_id)


def score(here: Here) -> object:
    here.platform.start_scoring(here.store, here.session_id, file_to_score(here.platform.folders.data.parent))
    return here.platform.follower.tick()


def tick(here: Here) -> object:
    return here.platform.follower.tick()


def cancel(here: Here) -> object:
    return here.platform.cancel(here.store, here.newest_job())


def promote(here: Here) -> object:
    return here.platform.promote(here.store, here.session_id, here.facts["after"])


def delete_session(here: Here) -> object:
    return here.platform.delete_session(here.store, here.session_id)


def put_away(here: Here) -> object:
    return here.platform.put_away(here.store, here.session_id)


def is_put_away(here: Here) -> None:
    put_away(here)


def bring_back(here: Here) -> object:
    return here.platform.bring_back(here.store, here.session_id)


def whole_or_away(here: Here, done: bool) -> Iterator[str]:
    """Wherever it was killed, the analysis is there or can be brought back."""
    if done and here.store.sessions.all():
        yield "deleting was confirmed, and there is a session"
    yield from comes_back(here)


def back_again(here: Here, done: bool) -> Iterator[str]:
    if done and here.store.put_away.all():
        yield "bringing back was confirmed, and there is something deleted"
    yield from comes_back(here)


def comes_back(here: Here) -> Iterator[str]:
    if here.store.put_away.all():
        bring_back(here)
    if [one.session_id for one in here.store.sessions.all()] != [here.session_id]:
        yield "the analysis is gone"
    elif here.platform.folders.put_away(here.session_id).exists():
        yield "a copy of the rows is left"


def delete_put_away(here: Here) -> None:
    here.platform.delete_put_away(here.store, here.session_id)


def out_for_good(here: Here, done: bool) -> Iterator[str]:
    yield from gone(here, True)
    if done and here.store.put_away.all():
        yield "deleting was confirmed, and it can be brought back"
    for away in here.store.put_away.all():
        here.platform.delete_put_away(here.store, away.session_id)


def delete_upload(here: Here) -> object:
    return here.platform.delete_upload(here.store, here.facts["mine_upload"])


def delete_everything(here: Here) -> None:
    here.platform.delete_everything(here.store)


def keep_house(here: Here) -> None:
    here.platform._keep_house()


def other_run(here: Here) -> str:
    return next(
        run.run_id
        for run in here.store.runs.of_session(here.session_id)
        if run.run_id != here.store.sessions.get(here.session_id).run_id
    )


def remember_runs(here: Here) -> None:
    here.facts |= {"before": here.store.sessions.get(here.session_id).run_id, "after": other_run(here)}


def promoted(here: Here, done: bool) -> Iterator[str]:
    run_id = here.store.sessions.get(here.session_id).run_id
    if run_id not in ({here.facts["after"]} if done else {here.facts["before"], here.facts["after"]}):
        yield f"run {run_id} is on screen"
    models = {run.run_id: run.model_id for run in here.store.runs.of_session(here.session_id)}
    champion = here.store.models.champion(here.session_id)
    if champion is None or champion.model_id != models[str(run_id)]:
        yield "the champion is not the model of the run on screen"


def grow_old(here: Here) -> None:
    save_preferences(here.store, Preferences(retention_days=1))
    with here.store.cursor() as cursor:
        cursor.execute(
            "UPDATE uploads SET uploaded_at = uploaded_at - INTERVAL 9 DAY WHERE tenant_id = 'mine'"
        )
        cursor.execute(
            "UPDATE sessions SET created_at = created_at - INTERVAL 9 DAY WHERE tenant_id = 'mine'"
        )
        cursor.execute(
            "UPDATE training_jobs SET created_at = created_at - INTERVAL 9 DAY, started_at = started_at - INTERVAL 9 DAY,"
            " completed_at = completed_at - INTERVAL 9 DAY WHERE session_id = ?",
            [here.session_id],
        )


def leave_much(here: Here) -> None:
    """A deletion without the removal of its files, and files that no row ever named."""
    here.store.sessions.delete(here.session_id, folders=[here.platform.folders.session(here.session_id)])
    folders = here.platform.folders
    (folders.uploads / f"{ID}.csv.part").write_text("x")
    (folders.job(ID) / "out").mkdir(parents=True)
    (folders.job(ID) / "out" / "a.parquet").write_text("x")
    (folders.models / f"{ID}.joblib").write_text("x")


def start(here: Here) -> object:
    folders = here.platform.folders
    return Platform(folders.data, folders.models, workers=FakeWorkers(), slots=4)


OPERATIONS = {
    "upload": Operation(nothing, upload, uploaded),
    "look": Operation(nothing, look, anything),
    "adopt_look": Operation(another_look_is_ready, tick, complete),
    "adopt_run": Operation(run_is_ready, tick, complete),
    "adopt_refresh": Operation(refresh_is_ready, tick, refreshed),
    "score": Operation(nothing, score, anything),
    "adopt_score": Operation(score_is_ready, tick, complete),
    "promote": Operation(remember_runs, promote, promoted),
    "cancel_waiting": Operation(one_more_analysis, cancel, ended),
    "cancel_finished": Operation(run_is_ready, cancel, ended),
    "delete_session": Operation(run_is_ready, delete_session, gone),
    "put_away": Operation(run_is_ready, put_away, whole_or_away),
    "bring_back": Operation(is_put_away, bring_back, back_again),
    "delete_put_away": Operation(is_put_away, delete_put_away, out_for_good),
    "delete_upload": Operation(one_more_upload, delete_upload, gone),
    "delete_everything": Operation(one_more_upload, delete_everything, emptied),
    "retention": Operation(grow_old, keep_house, emptied),
    "start": Operation(nothing, start, anything),
}


class Watch:
    """Counts the lines of the watched files, and ends the process in the one that was chosen."""

    def __init__(self, kill_at: int | None) -> None:
        self.lines: list[tuple[str, int]] = []
        self.kill_at = kill_at

    def __call__(self, frame: FrameType, event: str, arg: Any) -> Any:
        return self.line if frame.f_code.co_filename.startswith(WATCHED) else None

    def line(self, frame: FrameType, event: str, arg: Any) -> Any:
        if event == "line":
            self.lines.append((frame.f_code.co_filename, frame.f_lineno))
            if len(self.lines) == self.kill_at:
                os._exit(KILLED)
        return self.line


def rehearse() -> None:
    """Import and compile what the children need; no thread begins, and no file is opened."""
    for name in LATE:
        import_module(name)
    converter = conversion._converter()
    for kind in DOCUMENTS:
        converter.get_structure_hook(kind)
        converter.get_unstructure_hook(kind)
    for document in (
        made_summary(),
        bare_evidence("none"),
        made_facts(mapping={}, rows_in=1),
        small_profile(),
    ):
        from_json(type(document), to_json(document))


def in_child(work: Callable[[], None]) -> int:
    """Run ``work`` in a fork; its exit code, 0 for one that came to its end."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        code = FAILED
        try:
            work()
            code = 0
        except BaseException:  # noqa: BLE001 - printed, and the parent stops at the exit code
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def require(code: int, *allowed: int) -> int:
    if code not in allowed:
        raise SystemExit(f"a child ended with {code}, see above")
    return code


def prepare(folder: Path, operation: Operation) -> None:
    here = open_here(folder)
    operation.prepare(here)
    here.platform.close()
    (folder / "facts.json").write_text(json.dumps(here.facts))


def act(folder: Path, name: str, kill_at: int | None) -> None:
    here = open_here(folder)
    if name == "start":
        leave_much(here)
        here.platform.close()
    watch = Watch(kill_at)
    sys.settrace(watch)
    OPERATIONS[name].act(here)
    sys.settrace(None)
    (folder / "points.json").write_text(json.dumps(points_of(watch.lines)))
    # The process ends as a killed one does: nothing is closed.
    os._exit(0)


def examine(folder: Path, name: str, before: dict[str, str], done: bool) -> None:
    """Start again as a new server does, and write down what is wrong."""
    here = open_here(folder)
    for _ in range(5):
        here.platform.follower.tick()
    here.platform._leftovers.sweep(at_start=True)
    # What can still be brought back is, so that the tables name it.
    faults = [*OPERATIONS[name].expect(here, done), *wrong_on_disk(here, folder, before)]
    here.platform.close()
    (folder / "faults.json").write_text(json.dumps(faults))


def files_of(folder: Path) -> dict[str, str]:
    """Hash of every file by its place, the database and what workers keep for each other aside."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for top in ("data", "models")
        for path in (folder / top).rglob("*")
        if path.is_file() and not path.name.startswith(("churnkit.duckdb", SQL))
    }


LOOK = ("look.json", "profile.json", "transactions.parquet")
RUN = ("customers.parquet", "evidence.json", "model.json", "summary.json")


def wrong_on_disk(here: Here, folder: Path, before: dict[str, str]) -> Iterator[str]:
    """What is on disk and not in the tables, the other way round, or changed."""
    needed, allowed = named_by_rows(here)
    found = files_of(folder)
    yield from (f"nobody names {place}" for place in sorted(set(found) - needed - allowed))
    yield from (f"{place} is missing" for place in sorted(needed - set(found)))
    yield from (
        f"{place} has changed"
        for place, sha256 in before.items()
        if place in found and found[place] != sha256 and not place.endswith("status.json")
    )
    theirs = [place for place in before if place in here.facts["of_theirs"]]
    yield from (f"{place} of somebody else is gone" for place in theirs if place not in found)
    if here.store.overview.removals():
        yield f"removals are left: {here.store.overview.removals()}"


def named_by_rows(here: Here) -> tuple[set[str], set[str]]:
    """Places of files that must be there, and of those that may, straight from the tables."""
    needed: set[str] = set()
    allowed: set[str] = set()
    with here.store.cursor() as cursor:
        for (path,) in cursor.execute("SELECT file_path FROM uploads").fetchall():
            needed.add(f"data/uploads/{Path(path).name}")
        for session_id, look_id in cursor.execute("SELECT session_id, look_id FROM sessions").fetchall():
            needed |= {f"data/analyses/{session_id}/looks/{look_id}/{name}" for name in LOOK if look_id}
        for session_id, run_id in cursor.execute("SELECT session_id, run_id FROM runs").fetchall():
            needed |= {f"data/analyses/{session_id}/runs/{run_id}/{name}" for name in RUN}
        for (path,) in cursor.execute("SELECT file_path FROM models").fetchall():
            stem = Path(path).stem
            needed |= {f"models/{stem}.joblib", f"models/{stem}.json"}
        for job_id, kind in cursor.execute("SELECT job_id, kind FROM training_jobs").fetchall():
            allowed |= {f"data/jobs/{job_id}/{name}" for name in ("request.json", "status.json", "log.txt")}
            if kind == "score":
                allowed |= {f"data/jobs/{job_id}/{name}" for name in ("input.csv", "out/scored.parquet")}
    return needed, allowed


def theirs_of(folder: Path) -> None:
    """Write down which files are the other tenant's."""
    here = open_here(folder)
    store, theirs = here.platform.store_for("theirs", OWNER), here.facts["theirs"]
    ids = {theirs, *(job.job_id for job in store.jobs.of_session(theirs))}
    ids |= {one.file_path.stem for one in store.uploads.all()}
    here.facts["of_theirs"] = [place for place in files_of(folder) if any(one in place for one in ids)]
    here.platform.close()
    (folder / "facts.json").write_text(json.dumps(here.facts))


def points_of(lines: Sequence[tuple[str, int]]) -> list[int]:
    """Where in the run each line comes for the first and for the last time, from 1."""
    first: dict[tuple[str, int], int] = {}
    last: dict[tuple[str, int], int] = {}
    for position, line in enumerate(lines, start=1):
        first.setdefault(line, position)
        last[line] = position
    return sorted({*first.values(), *last.values()})


def some_of(points: list[int], number: int | None) -> list[int]:
    """All points, or some from the first to the last and the last three."""
    if number is None or len(points) <= number:
        return points
    spread = {points[round(i * (len(points) - 1) / (number - 1))] for i in range(number)}
    return sorted({*spread, *points[-3:]})


def try_operation(name: str, base: Path, room: Path, points: int | None) -> dict[str, Any]:
    """Kill an operation at its lines, and once not at all."""
    template = room / name
    shutil.copytree(base, template)
    if name != "start":
        require(in_child(lambda: prepare(template, OPERATIONS[name])), 0)
    before = files_of(template)

    def attempt(kill_at: int | None) -> tuple[int, list[str], list[int]]:
        place = room / "attempt"
        shutil.copytree(template, place)
        code = require(in_child(lambda: act(place, name, kill_at)), 0, KILLED)
        reached = json.loads((place / "points.json").read_text()) if code == 0 else []
        require(in_child(lambda: examine(place, name, before, code == 0)), 0)
        faults = json.loads((place / "faults.json").read_text())
        shutil.rmtree(place)
        return code, faults, reached

    _, faults, reached = attempt(None)
    found = {"whole": faults} if faults else {}
    tried = some_of(reached, points)
    killed = 0
    for line in tried:
        code, faults, _ = attempt(line)
        killed += code == KILLED
        if faults:
            found[str(line)] = faults
    return {"operation": name, "points": len(reached), "killed": killed, "tried": len(tried), "faults": found}


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill churnkit at its lines.")
    parser.add_argument("--points", type=int, default=10, help="points of each operation, 10 unless given")
    parser.add_argument("--all", action="store_true", help="every point")
    parser.add_argument("--operations", nargs="+", default=list(OPERATIONS), choices=list(OPERATIONS))
    asked = parser.parse_args()
    rehearse()
    with tempfile.TemporaryDirectory(prefix="churnkit-killing-") as folder:
        room = Path(folder).resolve()
        base = room / "base"
        base.mkdir()
        require(in_child(lambda: build(base)), 0)
        require(in_child(lambda: theirs_of(base)), 0)
        for name in asked.operations:
            print(
                json.dumps(try_operation(name, base, room, None if asked.all else asked.points)), flush=True
            )


if __name__ == "__main__":
    main()
