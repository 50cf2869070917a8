"""A file behind an https link."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from churnkit.outgoing import Address
from churnkit.outgoing.fetch import Fetched, fetch
from churnkit.results.codec import JsonObject
from churnkit.results.pulled import Pulled
from churnkit.sources.pulling import SourceFailed, Task, cursor_text, file_of
from churnkit.sources.settings import LinkSettings
from churnkit.text.figures import size

SECONDS = 900.0
_NOT_MODIFIED = 304
_PAGE = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|script)\b", re.IGNORECASE)
_SUFFIXES = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "text/plain": ".txt",
    "application/gzip": ".gz",
    "application/zip": ".zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel": ".xls",
}
_KNOWN = tuple({*_SUFFIXES.values(), ".parquet"})
_NAMED = re.compile(r"""filename\*?=(?:UTF-8'')?"?([^";]+)""", re.IGNORECASE)
_REASONS = {
    401: "it asks who you are",
    403: "it is not open to everybody with the link",
    404: "there is nothing at this address",
    410: "there is nothing at this address any more",
    429: "it is asked too often",
}


def pull(task: Task) -> Pulled:
    """The file behind the link, if it is another one than last time."""
    settings = task.settings
    assert isinstance(settings, LinkSettings)
    target = task.out / "file-0"
    known = {} if task.is_test else _conditions(task)
    authorization = task.credentials.get("authorization")
    found = fetch(
        settings.download_url,
        target,
        # Compressed on the way is not what a size limit counts.
        {"User-Agent": "churnkit", "Accept": "*/*", "Accept-Encoding": "identity", **known},
        private={"Authorization": authorization} if authorization else {},
        max_bytes=task.max_bytes,
        seconds=SECONDS,
    )
    if found.status == _NOT_MODIFIED:
        return Pulled(words="Nothing new.", cursor=cursor_text(dict(task.cursor)))
    host = Address.parse(settings.url).host
    if not found.sha256:
        why = _REASONS.get(found.status, f"it answered with status {found.status}")
        raise SourceFailed(
            f"Fetching the file at {host}: {why}.", "Open the link in a private window: it must load."
        )
    with target.open("rb") as file:
        start = file.read(512)
    _require_file(found, start, host)
    label = label_of(settings.download_url, found)
    if task.is_test:
        words = f"It can be read: {label}, {size(target.stat().st_size)}."
        target.unlink()
        return Pulled(words=words, cursor=cursor_text(dict(task.cursor)))
    cursor: JsonObject = {"url": settings.url, "sha256": found.sha256}
    cursor |= {name: found.headers[name] for name in ("etag", "last-modified") if name in found.headers}
    if task.cursor.get("sha256") == found.sha256:
        target.unlink()
        return Pulled(words="Nothing new.", cursor=cursor_text(cursor))
    return Pulled(
        files=(file_of(target, label, sha256=found.sha256),), cursor=cursor_text(cursor), words="A new file."
    )


def _conditions(task: Task) -> dict[str, str]:
    """Headers by which an unchanged file is not sent again."""
    assert isinstance(task.settings, LinkSettings)
    if task.cursor.get("url") != task.settings.url:
        return {}
    if "etag" in task.cursor:
        return {"If-None-Match": str(task.cursor["etag"])}
    if "last-modified" in task.cursor:
        return {"If-Modified-Since": str(task.cursor["last-modified"])}
    return {}


def _require_file(found: Fetched, start: bytes, host: str) -> None:
    kind = found.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not start:
        raise SourceFailed(f"Fetching the file at {host}: it is empty.")
    if kind in ("text/html", "application/xhtml+xml") or _PAGE.match(start):
        raise SourceFailed(
            f"Fetching the file at {host}: it is a web page, no file with orders: often a page that asks to sign in.",
            "Open the sheet to anyone with the link, or use the link that downloads the file itself.",
        )


def label_of(url: str, found: Fetched) -> str:
    """What the file is called, with an ending that tells its format."""
    named = _NAMED.search(found.headers.get("content-disposition", ""))
    name = unquote(named[1]) if named else unquote(PurePosixPath(urlsplit(url).path).name)
    if name.lower().endswith(_KNOWN):
        return name
    kind = found.headers.get("content-type", "").partition(";")[0].strip().lower()
    return f"{name or 'file'}{_SUFFIXES.get(kind, '.csv')}"
