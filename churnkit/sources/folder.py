"""Files in a folder of the server, each taken once nobody writes to it any more."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from churnkit.config import SOURCES_FOLDER, sources_folder
from churnkit.errors import disk_failures
from churnkit.results.pulled import Pulled
from churnkit.sources.found_files import MOST_AT_ONCE, FoundFile, brought, test_words, unknown, wanted
from churnkit.sources.pulling import SourceFailed, Task, cursor_text, file_of, too_large
from churnkit.sources.settings import FolderSettings
from churnkit.text.figures import counted

SETTLED_SECONDS = 60.0
"""A file that nobody has written to for so long is complete."""
LOOK_AGAIN_SECONDS = 2.0


def pull(task: Task) -> Pulled:
    """The new files of a folder.

    A file is taken when its size and time of change stood still between two looks and are a minute old, or are what
    they were at the last pull; others wait for the next one.
    """
    settings = task.settings
    assert isinstance(settings, FolderSettings)
    folder = place_in_root(settings.folder)
    found = _listed(folder, settings.pattern)
    fresh = unknown(found, task.cursor)
    if task.is_test:
        return Pulled(words=test_words(found, fresh, settings.pattern), cursor=cursor_text(dict(task.cursor)))
    if fresh:
        time.sleep(LOOK_AGAIN_SECONDS)
    again = {one.name: one for one in _listed(folder, settings.pattern)}
    seen = task.cursor.get("seen", {})
    ready: list[FoundFile] = []
    unsettled: list[FoundFile] = []
    for one in fresh:
        stood_still = again.get(one.name) == one
        is_old = time.time() - int(one.mark) / 1e9 > SETTLED_SECONDS
        is_ready = stood_still and (is_old or seen.get(one.name) == [one.size_bytes, one.mark])
        (ready if is_ready else unsettled).append(one)
    taken = []
    for number, one in enumerate(ready[:MOST_AT_ONCE]):
        task.say(f"Copying {one.name}")
        copy = _copied(folder, one, task, number)
        if copy is None:
            unsettled.append(one)
        else:
            taken.append((one, file_of(copy, one.name)))
    notes = [f"{counted(len(unsettled), 'file')} may still be written to: next time."] if unsettled else []
    return brought(
        task.cursor,
        [one for one in found if one not in unsettled],
        taken,
        notes=notes,
        seen={one.name: [one.size_bytes, one.mark] for one in unsettled},
    )


def place_in_root(path: str) -> Path:
    """A folder or file below the one that the server's environment names.

    Raises
    ------
    SourceFailed
        The server has none, or the place is not there or outside of it.
    """
    root = sources_folder()
    if root is None:
        raise SourceFailed(
            "Reading a folder of the server: it has none for sources.",
            f"Whoever runs the server names one in {SOURCES_FOLDER} of its environment.",
        )
    place = (root / path.strip("/")).resolve()
    # A link inside may lead outside.
    if not place.is_relative_to(root.resolve()) or not place.exists():
        raise SourceFailed(
            f"Reading {path or 'the folder'}: there is no such place in the server's folder for sources."
        )
    return place


def _listed(folder: Path, pattern: str) -> list[FoundFile]:
    try:
        paths = [path for path in folder.iterdir() if not path.is_symlink() and path.is_file()]
        stats = [(path.name, path.stat()) for path in paths]
    except NotADirectoryError as error:
        raise SourceFailed(f"Reading {folder.name}: it is no folder.") from error
    except FileNotFoundError:
        # A file went while the folder was read.
        return _listed(folder, pattern)
    except PermissionError as error:
        raise SourceFailed(f"Reading {folder.name}: the server may not.") from error
    return wanted((FoundFile(name, stat.st_size, str(stat.st_mtime_ns)) for name, stat in stats), pattern)


def _copied(folder: Path, one: FoundFile, task: Task, number: int) -> Path | None:
    """The copy of a file, None where it changed on the way."""
    if one.size_bytes > task.max_bytes:
        raise too_large(one.name, task.max_bytes)
    source, target = folder / one.name, task.out / f"file-{number}"
    with disk_failures(f"Copying {one.name}"):
        try:
            shutil.copyfile(source, target, follow_symlinks=False)
            stat = source.stat()
        except FileNotFoundError:
            return None
    if (stat.st_size, str(stat.st_mtime_ns)) != (one.size_bytes, one.mark):
        target.unlink()
        return None
    return target
