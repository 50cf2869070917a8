"""Text in any encoding -> a UTF-8 file, without holding it in memory.

UTF-8 is proved by decoding the whole file. What is not UTF-8 is in a code page, which its letters show or which is asked
(`churnkit.ingest.files.code_pages`). A file that is nearly all valid UTF-8 (texts cut inside a character) stays UTF-8.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from churnkit.errors import DataError
from churnkit.ingest.files.code_pages import find_code_page
from churnkit.ingest.files.double_utf8 import doubled_page, mended_lines
from churnkit.ingest.files.known_code_pages import NAMES
from churnkit.ingest.files.refusals import READABLE, SAVE_AS_CSV
from churnkit.text.figures import count

_CHUNK_BYTES = 4 << 20
_SAMPLE_BYTES = 4096
_HEAD_BYTES = 1 << 16
# The 32-bit marks come first, as the little-endian one begins with the 16-bit mark.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Japanese and Korean fonts show these signs for the backslash, and tills write them so.
_BACKSLASH_SIGNS = {"cp932": "¥", "shift_jis": "¥", "euc_jp": "¥", "cp949": "₩", "euc_kr": "₩"}
_BACKSLASH_AMOUNT = re.compile(r"(?<![^\s,;|\"-])\\(?=[ -]?[0-9])")
# Of the characters of a UTF-16 table at least this share, and more than a few, are delimiters, digits and line ends.
_MIN_ASCII, _FEW = 0.05, 2
# Signs such as 一 (U+4E00) have a NUL in the other half; those of ASCII are many more.
_PER_ROUND_SIGN = 4
# Broken UTF-8 is still UTF-8 when it holds this many valid characters beyond ASCII for each broken one.
_VALID_PER_BROKEN = 4


@dataclass(frozen=True)
class Utf8Text:
    """A UTF-8 file with the text of a source file.

    ``bom_bytes`` is the length of the byte-order mark at the start of ``path``; ``broken_characters`` are
    invalid bytes of the source that were replaced by U+FFFD; ``note`` says what else was decided.
    """

    path: Path
    encoding: str
    bom_bytes: int = 0
    broken_characters: int = 0
    is_temporary: bool = False
    note: str = ""

    def lines(self) -> Iterator[str]:
        """Physical lines with their ends, which are carriage returns alone only where the whole file has these."""
        with self.path.open("rb") as raw:
            raw.seek(self.bom_bytes)
            head = raw.read(_HEAD_BYTES)
            raw.seek(self.bom_bytes)
            returns = head.count(b"\r") - head.count(b"\r\n")
            line_end = "\r" if returns > head.count(b"\n") else "\n"
            # A named line end is kept, and so are the others inside of fields.
            with open(raw.fileno(), encoding="utf-8", newline=line_end, closefd=False) as stream:
                yield from stream


def to_utf8(path: Path, workdir: Path, encoding: str | None, name: str) -> Utf8Text:
    """The file itself if it is valid UTF-8, else a transcoded copy in ``workdir``.

    Parameters
    ----------
    encoding
        Name of a Python codec that overrides detection.
    name
        What to call the file in messages.

    Raises
    ------
    DataError
        The encoding is unknown or does not fit, or the file holds NUL bytes as no text does.
    OpenQuestions
        It is no UTF-8, and its letters can be read in more than one way.
    """
    bom_bytes, marked = _byte_order_mark(path)
    chosen = _codec_name(encoding, marked) if encoding else marked or _utf16_without_mark(path)
    if chosen is not None and chosen != "utf-8":
        return _transcode(path, workdir, chosen, "strict", bom_bytes if marked else 0, name)
    valid, broken = _check_utf8(path, name)
    if broken == 0:
        page = doubled_page(path, bom_bytes) if valid and encoding is None else None
        return (
            _mended(path, workdir, page, bom_bytes) if page else Utf8Text(path, "utf-8", bom_bytes=bom_bytes)
        )
    if chosen == "utf-8" or valid >= _VALID_PER_BROKEN * broken:
        return _transcode(path, workdir, "utf-8", "replace", bom_bytes, name, broken)
    found = find_code_page(path, name)
    text = _transcode(path, workdir, found.codec, "strict", 0, name)
    return replace(text, note="as far as its few letters tell" if found.guess else "")


def _mended(path: Path, workdir: Path, page: str, bom_bytes: int) -> Utf8Text:
    """A copy of a UTF-8 text that was read as ``page`` and written again, with its letters as they were."""
    target = workdir / "text"
    lines = Utf8Text(path, "utf-8", bom_bytes=bom_bytes).lines()
    with target.open("w", encoding="utf-8", newline="") as sink:
        for number, line in enumerate(mended_lines(lines, page)):
            sink.write(line if number else line.removeprefix("\ufeff"))
    note = f"written twice, once as {NAMES[page]}, and mended"
    return Utf8Text(target, "utf-8", note=note, is_temporary=True)


def _byte_order_mark(path: Path) -> tuple[int, str | None]:
    with path.open("rb") as stream:
        head = stream.read(4)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return len(mark), encoding
    return 0, None


def _codec_name(encoding: str, marked: str | None) -> str:
    """The codec's own name; ``utf-16`` without a byte order takes it from the mark, else little-endian."""
    try:
        "".encode(encoding)
    except LookupError as error:
        raise DataError(
            f"Setting encoding = {encoding!r}: there is no text encoding of that name.",
            "Use for example utf-8, utf-16, cp1252 (Windows, Western Europe), cp1250, cp1251 or latin-1.",
        ) from error
    codec = codecs.lookup(encoding).name
    if codec in ("utf-16", "utf-32"):
        return marked if marked and marked.startswith(codec) else f"{codec}-le"
    return "utf-8" if codec == "utf-8-sig" else codec


def _utf16_without_mark(path: Path) -> str | None:
    """UTF-16 by its NULs: every character of ASCII, be it only a comma, has one in the same half."""
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE_BYTES)
    sample = sample[: len(sample) // 2 * 2]
    for encoding, high, low in (
        ("utf-16-le", sample[1::2], sample[0::2]),
        ("utf-16-be", sample[0::2], sample[1::2]),
    ):
        if high.count(0) > _FEW + _MIN_ASCII * len(high) + _PER_ROUND_SIGN * low.count(0) and _decodes(
            sample, encoding
        ):
            return encoding
    return None


def _decodes(sample: bytes, encoding: str) -> bool:
    """Whether the bytes are a text in the encoding that holds a line end, its last character perhaps cut."""
    try:
        return "\n" in codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return False


def _chunks(stream: IO[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The bytes of the stream in pieces of whole lines, each with whether it is the last; the last one is empty."""
    while chunk := stream.read(_CHUNK_BYTES) + stream.readline(_HEAD_BYTES):
        yield chunk, False
    yield b"", True


def _check_utf8(path: Path, name: str) -> tuple[int, int]:
    """Numbers of valid characters beyond ASCII and of broken ones."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    valid = broken = 0
    position = 0
    with path.open("rb") as stream:
        for chunk, is_last in _chunks(stream):
            _refuse_nul(chunk, position, name)
            position += len(chunk)
            if chunk.isascii() and not decoder.getstate()[0]:
                # Most files are, and need not be decoded to be told so.
                continue
            text = decoder.decode(chunk, is_last)
            if text.isascii():
                continue
            replaced = text.count("\ufffd")
            broken += replaced
            valid += len(text) - len(text.encode("ascii", "ignore")) - replaced
    if broken:
        # A file may hold U+FFFD itself, where an earlier program broke it.
        genuine = _count_bytes(path, "\ufffd".encode())
        broken, valid = broken - genuine, valid + genuine
    return valid, broken


def _count_bytes(path: Path, needle: bytes) -> int:
    total, tail = 0, b""
    with path.open("rb") as stream:
        for chunk, _ in _chunks(stream):
            total += (tail + chunk).count(needle)
            tail = chunk[-(len(needle) - 1) :]
    return total


def _refuse_nul(chunk: bytes, position: int, name: str) -> None:
    at = chunk.find(b"\0")
    if at < 0:
        return
    raise DataError(
        f"Reading {name}: text must not hold NUL bytes, but there are {count(chunk.count(0))} from byte"
        f" {count(position + at + 1)} on; the file is binary or damaged.",
        f"It must be {READABLE}. {SAVE_AS_CSV}",
    )


def _with_currency(text: str, encoding: str) -> str:
    """The sign of the yen or the won where it stands in the place of the backslash, as it does before a number."""
    sign = _BACKSLASH_SIGNS.get(encoding)
    return _BACKSLASH_AMOUNT.sub(sign, text) if sign and "\\" in text else text


def _transcode(
    path: Path, workdir: Path, encoding: str, errors: str, skip_bytes: int, name: str, broken: int = 0
) -> Utf8Text:
    target = workdir / "text"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    position = skip_bytes
    try:
        with path.open("rb") as stream, target.open("wb") as sink:
            stream.seek(skip_bytes)
            for chunk, is_last in _chunks(stream):
                encoded = _with_currency(decoder.decode(chunk, is_last), encoding).encode()
                _refuse_nul(encoded, position, name)
                sink.write(encoded)
                position += len(chunk)
    except UnicodeError as error:
        raise DataError(
            f"Reading {name} as {encoding}: the bytes after position {count(position)} do not fit ({error}).",
            "Name the right encoding in the setting encoding, or export the file as UTF-8.",
        ) from error
    return Utf8Text(target, encoding, broken_characters=broken, is_temporary=True)
