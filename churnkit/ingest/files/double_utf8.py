"""UTF-8 that a program took for a code page and wrote as UTF-8 again: ``Ã©`` for ``é``, ``Å‚`` for ``ł``.

Such text is proved letter by letter: a run of characters that goes back into bytes and comes out as valid UTF-8 is none by
chance, as the sequences stand for nothing in the languages of the code page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_SAMPLE_BYTES = 1 << 20
_RUN = re.compile(r"[^\x00-\x7f]{2,}")
# The code pages of programs that open files with a double click, the likeliest first.
_PAGES = ("cp1252", "cp1250", "cp1251", "cp1254", "mac-roman", "cp437", "cp850", "cp852", "cp866")
# This many different runs, and this share of all, are no chance.
_MIN_RUNS, _MIN_SHARE = 2, 0.3
_MAX_RUNS = 500
# Letters, punctuation and currencies in use: what comes out of a run by chance is of other scripts.
_IN_USE = re.compile(
    r"[\u00a0-\u024f\u0370-\u052f\u0590-\u06ff\u0e00-\u0e7f\u1e00-\u1eff\u2010-\u203f\u20a0-\u20bf\u2100-\u214f"
    r"\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\ufeff\uff00-\uffef\U0001f300-\U0001faff]+"
)


def doubled_page(path: Path, skip_bytes: int) -> str | None:
    """The code page that a UTF-8 file was taken for before it was written again; None where it was not.

    Judged by the first megabyte that has letters beyond ASCII.
    """
    runs = list(dict.fromkeys(_RUN.findall(_text_beyond_ascii(path, skip_bytes))))[:_MAX_RUNS]
    if len(runs) < _MIN_RUNS:
        return None
    mended = {page: sum(mended_run(run, page) is not None for run in runs) for page in _PAGES}
    best = max(_PAGES, key=lambda page: mended[page])
    return best if mended[best] >= max(_MIN_RUNS, _MIN_SHARE * len(runs)) else None


def _text_beyond_ascii(path: Path, skip_bytes: int) -> str:
    with path.open("rb") as stream:
        stream.seek(skip_bytes)
        while chunk := stream.read(_SAMPLE_BYTES) + stream.readline(_SAMPLE_BYTES):
            if not chunk.isascii():
                return chunk.decode("utf-8", "replace")
    return ""


def mended_run(run: str, page: str) -> str | None:
    """The letters that the run was before it was read as ``page``, None where it is what it is."""
    try:
        mended = _as_bytes(run, page).decode("utf-8")
    except UnicodeError:
        return None
    return mended if _IN_USE.fullmatch(mended) else None


def _as_bytes(run: str, page: str) -> bytes:
    """The run in the code page; what the page has no meaning for was passed on as a control character."""
    return b"".join(bytes([ord(char)]) if "\x80" <= char <= "\x9f" else char.encode(page) for char in run)


def mended_lines(lines: Iterator[str], page: str) -> Iterator[str]:
    """The lines with every run mended that was read twice."""
    known: dict[str, str] = {}

    def mended(match: re.Match[str]) -> str:
        run = match[0]
        if run not in known:
            known[run] = mended_run(run, page) or run
        return known[run]

    for line in lines:
        yield line if line.isascii() else _RUN.sub(mended, line)
