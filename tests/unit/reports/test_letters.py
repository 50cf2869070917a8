"""Runs of letters by font, order on the page, cutting."""

from __future__ import annotations

import pytest

from churnkit.reports.pdf.fonts import BOLD, FOLDER, REGULAR, SYMBOLS, font_for
from churnkit.reports.pdf.letters import Undrawn, cut, markup, runs

THAI, KOREAN, HAN = "NotoSansThai-Regular", "NanumSquareR", "DroidSansFallbackFull"


def runs_of(text: str) -> list[tuple[str, str]]:
    return list(runs(text, REGULAR, Undrawn()))


def test_plain_text_is_one_run() -> None:
    assert runs_of("18.7 % of 1,204") == [(REGULAR, "18.7 % of 1,204")]


def test_runs_change_with_the_script() -> None:
    assert runs_of("Tea 茶 차 ชา!") == [
        (REGULAR, "Tea "),
        (HAN, "茶 "),
        (KOREAN, "차 "),
        (THAI, "ชา"),
        (REGULAR, "!"),
    ]


@pytest.mark.parametrize("letter", list("aéßŁжΩ₹₺₽€…–×±"))
def test_the_own_face_has_western_letters_and_money(letter: str) -> None:
    assert font_for(letter, REGULAR) == REGULAR
    assert font_for(letter, BOLD) == BOLD


@pytest.mark.parametrize("letter", list("→≥≤✓שعԱა"))
def test_symbols_and_right_to_left_scripts_have_a_font(letter: str) -> None:
    assert font_for(letter, REGULAR) == SYMBOLS


@pytest.mark.parametrize("letter", list("कকਕકଓகకಕകකกကកአ가힣中あア豆"))
def test_scripts_of_asia_and_africa_have_a_font(letter: str) -> None:
    assert font_for(letter, REGULAR) not in (None, REGULAR, SYMBOLS)


def test_unknown_letters_are_collected() -> None:
    undrawn = Undrawn()
    assert list(runs("a\U0001f381", REGULAR, undrawn)) == [(REGULAR, "a"), (SYMBOLS, "\ufffd")]
    assert undrawn.letters == {"\U0001f381"}
    assert "U+1F381 wrapped present" in undrawn.words()
    assert Undrawn().words() == ""


def test_many_unknown_letters_are_summed_up() -> None:
    undrawn = Undrawn({chr(0x1F300 + k) for k in range(20)})
    assert "and 12 more" in undrawn.words()


def test_vowels_drawn_first_come_first() -> None:
    # ka + vowel sign i; with a joined cluster (s, virama, t) the sign goes before the whole of it.
    assert runs_of("कि") == [("NotoSansDevanagari-Regular", "िक")]
    assert runs_of("स्ति") == [("NotoSansDevanagari-Regular", "िस्त")]
    assert runs_of("কে") == [("NotoSansBengali-Regular", "েক")]


def test_arabic_is_joined_and_reversed() -> None:
    ((name, letters),) = runs_of("قهوة")
    assert name == SYMBOLS
    # Presentation forms: final teh marbuta first on the page, initial qaf last.
    assert letters == "ﺓﻮﻬﻗ"


def test_markup_is_escaped() -> None:
    assert markup("<b>&", Undrawn()) == "&lt;b&gt;&amp;"


def test_cut() -> None:
    assert cut("a  b\n\tc ", 10) == "a b c"
    assert cut("abcdef", 4) == "abc…"
    assert cut("18 % and 5 %", 20) == "18\u202f% and 5\u202f%"
    assert len(cut("x" * 10**6, 50)) == 50


def test_every_font_comes_with_its_licence() -> None:
    words = (FOLDER / "README.md").read_text(encoding="utf-8")
    for path in FOLDER.glob("*.ttf"):
        assert f"| {path.stem} |" in words or f" {path.stem} |" in words or f"| {path.stem}," in words
    for licence in ("LICENSE-OFL-1.1.txt", "LICENSE-Apache-2.0.txt", "LICENSE-DejaVu.txt"):
        assert (FOLDER / licence).stat().st_size > 2000
        assert licence in words
