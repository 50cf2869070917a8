"""A logo that somebody handed over -> the same drawn anew, small and as PNG: ``python -m churnkit.worker.picture``.

In a process of its own, whose memory and time are limited: the server opens nothing of a user's file. The bytes come in
through stdin and leave through stdout; what is no PNG or JPEG, or is too large, ends with 2 and a word on stderr.
"""

from __future__ import annotations

import io
import sys

from churnkit.config import WorkerLimits

FORMATS = ("PNG", "JPEG")
MAX_BYTES = 2_000_000
MAX_PIXELS = 16_000_000
SIZE = (480, 160)
"""Pixels at most, as it is kept: sharp at the size in which reports and the sidebar show it."""

_LIMITS = WorkerLimits(memory_mb=2048, seconds=10)
_NO_PICTURE, _TOO_LARGE = "no picture", "too large"


def drawn_anew(content: bytes) -> bytes:
    """The picture as PNG of at most ``SIZE``, without whatever else its file held.

    Raises
    ------
    ValueError
        It is no PNG or JPEG that can be drawn, or has more than ``MAX_BYTES`` or ``MAX_PIXELS``.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(content) > MAX_BYTES:
        raise ValueError(_TOO_LARGE)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            # Known from its head, before anything is unpacked.
            if picture.width * picture.height > MAX_PIXELS:
                raise ValueError(_TOO_LARGE)
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except Image.DecompressionBombError as error:
        raise ValueError(_TOO_LARGE) from error
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError(_NO_PICTURE) from error
    upright.thumbnail(SIZE)
    # Onto an empty sheet, so that nothing else of the file comes along.
    sheet = Image.new("RGBA", upright.size)
    sheet.paste(upright)
    kept = io.BytesIO()
    sheet.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def main() -> int:
    """One picture."""
    from churnkit.worker.limits import limit_this_process

    limit_this_process(_LIMITS)
    try:
        made = drawn_anew(sys.stdin.buffer.read(MAX_BYTES + 1))
    except (ValueError, MemoryError) as error:
        sys.stderr.write(str(error) or _TOO_LARGE)
        return 2
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
