"""A shop's name and logo: what is kept, and what a hostile picture comes to."""

import io
import zlib
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from churnkit.errors import DataError
from churnkit.services.workspace.brand import (
    MAX_LOGO_BYTES,
    NO_BRAND,
    Brand,
    checked_logo,
    load_brand,
    save_brand,
)
from churnkit.store import Store
from churnkit.worker.picture import SIZE, drawn_anew


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(made, kind, **options)
    return made.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")


def bomb() -> bytes:
    """Some kilobytes that say that they are 30,000 by 30,000 pixels."""
    head = (30_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    body = chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


def test_a_logo_is_drawn_anew_in_a_process_of_its_own() -> None:
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "<script>alert(1)</script>")
    made = checked_logo(picture(size=(1200, 300), pnginfo=note) + b"<script>more</script>")
    with Image.open(io.BytesIO(made)) as kept:
        assert kept.format == "PNG" and kept.mode == "RGBA" and kept.size == (480, 120)
        assert kept.getpixel((5, 5)) == (200, 30, 30, 255)
    assert b"script" not in made


def test_what_is_no_picture_is_refused_in_words() -> None:
    with pytest.raises(DataError, match="none, or is damaged"):
        checked_logo(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    with pytest.raises(DataError, match="none, or is damaged"):
        checked_logo(picture("JPEG", (400, 400))[:400])
    with pytest.raises(DataError, match="too many pixels"):
        checked_logo(bomb())
    with pytest.raises(DataError, match="at most 2 MB"):
        checked_logo(bytes(MAX_LOGO_BYTES + 1))


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a" + bytes(50), picture("GIF"), picture("TIFF"), picture()[:30], b"%PDF-1.7", bytes(99)],
    ids=["empty", "broken gif", "gif", "tiff", "head alone", "pdf", "zeros"],
)
def test_other_formats_and_damaged_files(content: bytes) -> None:
    with pytest.raises(ValueError, match="no picture"):
        drawn_anew(content)


def test_a_photo_becomes_small_and_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(io.BytesIO(drawn_anew(picture("JPEG", (2000, 500), exif=exif)))) as kept:
        assert kept.format == "PNG" and kept.height == SIZE[1] and kept.width == SIZE[1] // 4


def test_name_and_logo_are_kept(tmp_path: Path) -> None:
    with Store.open(tmp_path / "shop.duckdb") as store:
        assert load_brand(store) == NO_BRAND
        save_brand(store, Brand("  Tea \n & Cups ", picture()))
        assert load_brand(store) == Brand("Tea & Cups", picture())
        with pytest.raises(DataError, match="at most 80 letters"):
            save_brand(store, Brand("x" * 81))
        save_brand(store, NO_BRAND)
        assert load_brand(store) == NO_BRAND
