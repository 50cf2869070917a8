"""UTF-8 that was read as a code page and written again."""

from __future__ import annotations

from pathlib import Path

import pytest

from churnkit.ingest.files.double_utf8 import doubled_page
from churnkit.ingest.files.encoding import to_utf8

SHOPS = {
    "French": "Numéro,Client,Prix\n1,Hélène Bénard à l’été,5 €\n2,François,6 €\n",
    "Polish": "Nr,Klient,Kwota\n1,Żaneta Wójcik,5 zł\n2,Łukasz Źdźbło,6 zł\n",
    "Russian": "Номер,Клиент,Сумма\n1,Иван Петров,5 руб.\n2,Юлия Щукина,6 руб.\n",
    "Japanese": "注文番号,氏名,金額\n1,田中 太郎,500円\n2,佐藤 花子,600円\n",
    "Turkish": "Sipariş,Müşteri,Tutar\n1,Ayşe Yılmaz,5 TL\n2,İbrahim Güneş,6 TL\n",
}


def twice(text: str, page: str) -> bytes:
    """As Windows does it: bytes without a meaning in the page become control characters."""
    once = text.encode()
    read = "".join(
        bytes([byte]).decode(page, "ignore") or chr(byte) if byte > 0x7F else chr(byte) for byte in once
    )
    return read.encode()


@pytest.mark.parametrize("page", ["cp1252", "cp1250", "cp1251", "mac-roman", "cp850"])
@pytest.mark.parametrize("language", SHOPS)
def test_letters_come_back(tmp_path: Path, language: str, page: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(twice(SHOPS[language], page))
    found = to_utf8(path, tmp_path, None, "orders.csv")
    assert found.path.read_text(encoding="utf-8") == SHOPS[language]
    assert found.encoding == "utf-8"
    assert "written twice" in found.note


@pytest.mark.parametrize("language", SHOPS)
def test_what_was_written_once_stays(tmp_path: Path, language: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(SHOPS[language], encoding="utf-8")
    assert doubled_page(path, 0) is None
    assert to_utf8(path, tmp_path, None, "orders.csv").path == path


def test_rows_of_two_exports(tmp_path: Path) -> None:
    """A program put one export below another: some rows are right, and stay so."""
    path = tmp_path / "orders.csv"
    header, *rows = SHOPS["Polish"].splitlines(keepends=True)
    path.write_bytes((header + rows[0]).encode() + twice(rows[1], "cp1252"))
    assert to_utf8(path, tmp_path, None, "a").path.read_text(encoding="utf-8") == SHOPS["Polish"]


def test_a_mark_that_was_doubled_too(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(twice("\ufeff" + SHOPS["French"], "cp1252"))
    assert to_utf8(path, tmp_path, None, "a").path.read_text(encoding="utf-8") == SHOPS["French"]


def test_who_names_utf_8_gets_it_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(twice(SHOPS["French"], "cp1252"))
    assert to_utf8(path, tmp_path, "utf-8", "a").path == path
