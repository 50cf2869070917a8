"""Files in object storage."""

from __future__ import annotations

from churnkit.outgoing.object_storage import ObjectStorage, StorageKeys
from churnkit.results.pulled import Pulled
from churnkit.sources.found_files import MOST_AT_ONCE, FoundFile, brought, test_words, unknown, wanted
from churnkit.sources.pulling import Task, cursor_text, file_of
from churnkit.sources.settings import StorageSettings


def pull(task: Task) -> Pulled:
    """The new files of a folder in object storage; a file there appears whole."""
    settings = task.settings
    assert isinstance(settings, StorageSettings)
    keys = StorageKeys(task.credentials.get("access_key", ""), task.credentials.get("secret_key", ""))
    storage = ObjectStorage(settings.place, keys)
    storage.check()
    found = wanted(
        (
            FoundFile(one.name, one.size_bytes, one.modified_at.isoformat() if one.modified_at else "")
            for one in storage.list()
        ),
        settings.pattern,
    )
    fresh = unknown(found, task.cursor)
    if task.is_test:
        return Pulled(words=test_words(found, fresh, settings.pattern), cursor=cursor_text(dict(task.cursor)))
    taken = []
    for number, one in enumerate(fresh[:MOST_AT_ONCE]):
        task.say(f"Fetching {one.name}")
        target = task.out / f"file-{number}"
        sha256 = storage.download(one.name, target, max_bytes=task.max_bytes)
        taken.append((one, file_of(target, one.name.rpartition("/")[2], sha256=sha256)))
    return brought(task.cursor, found, taken)
