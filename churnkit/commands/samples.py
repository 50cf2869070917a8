"""``samples``: the demo files, and the finished example that is made of one."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from churnkit.jobs import Platform


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the command."""
    parser = commands.add_parser("samples", help="write the three demo files")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--seed", type=int, default=42, metavar="N")
    parser.add_argument(
        "--example", action="store_true", help="analyse the first of them and write the finished example too"
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from churnkit.samples import write_samples

    paths = write_samples(options.output, seed=options.seed)
    for path in paths:
        print(path)
    if options.example:
        print(_write_example(paths[0], options.output))
    return 0


def _write_example(sample: Path, output: Path) -> Path:
    """Analyse a demo file as the app does, in folders of its own, and pack what comes of it."""
    from churnkit.accounts import SYSTEM
    from churnkit.config import AnalysisSettings, max_file_bytes
    from churnkit.jobs import Platform
    from churnkit.jobs.example import ARCHIVE, READING, pack_example

    archive = output / ARCHIVE.name
    with TemporaryDirectory(prefix="churnkit-example-") as folder:
        platform = Platform(Path(folder) / "data", Path(folder) / "models")
        store = platform.store_for("example", SYSTEM)
        with sample.open("rb") as stream:
            upload = platform.receive_upload(store, stream, sample.name, max_file_bytes())
        settings = AnalysisSettings()
        session = platform.start_look(store, upload.upload_id, READING, settings)
        _wait(platform)
        platform.start_analysis(store, session.session_id, settings)
        _wait(platform)
        pack_example(store, platform.folders, store.sessions.get(session.session_id), sample, archive)
        platform.close()
    return archive


def _wait(platform: Platform) -> None:
    while platform.follower.tick():
        time.sleep(0.1)
