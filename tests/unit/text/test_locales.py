"""Figures as each country writes them: spelt out here by hand, as its people and CLDR do."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest

from churnkit.text import figures
from churnkit.text.columns import column
from churnkit.text.hover import hover, plotly_locale
from churnkit.text.locale import ask_where_unset, by_code, current, use, using
from churnkit.text.locale_table import DEFAULT, LOCALES, nearest
from churnkit.text.number_formats import date_field, excel_format, excel_time, slider_percent

# A number, amounts below and above 1,000, a short one, a share, a day, an instant, a month.
WRITTEN = {
    "en-GB": "1,234,567.25 £150.50 -£12,346 £1.3M 15.4 % 3 Dec 2025 9 Mar 2025, 14:05 Mar 2025",
    "en-US": "1,234,567.25 £150.50 -£12,346 £1.3M 15.4% Dec 3, 2025 Mar 9, 2025, 2:05 PM Mar 2025",
    "en-IN": "12,34,567.25 £150.50 -£12,346 £13L 15.4% 3 Dec 2025 9 Mar 2025, 2:05 PM Mar 2025",
    "cs-CZ": "1 234 567,25 150,50 £ -12 346 £ 1,3 mil. £ 15,4 % 3. 12. 2025 9. 3. 2025, 14:05 3/2025",
    "da-DK": "1.234.567,25 150,50 £ -12.346 £ 1,3 mio. £ 15,4 % 3. dec. 2025 9. mar. 2025, 14.05 mar. 2025",
    "de-AT": "1.234.567,25 £ 150,50 -£ 12.346 £ 1,3 Mio. 15,4 % 3. Dez. 2025 9. März 2025, 14:05 März 2025",
    "de-CH": "1’234’567.25 £ 150.50 £ -12’346 £ 1.3 Mio. 15.4% 3. Dez. 2025 9. März 2025, 14:05 März 2025",
    "de-DE": "1.234.567,25 150,50 £ -12.346 £ 1,3 Mio. £ 15,4 % 3. Dez. 2025 9. März 2025, 14:05 März 2025",
    "es-ES": "1.234.567,25 150,50 £ -12.346 £ 1,3 M £ 15,4 % 3 dic 2025 9 mar 2025, 14:05 mar 2025",
    "es-MX": "1,234,567.25 £150.50 -£12,346 £1.3 M 15.4% 3 dic 2025 9 mar 2025, 14:05 mar 2025",
    "fi-FI": "1 234 567,25 150,50 £ -12 346 £ 1,3 milj. £ 15,4 % 3.12.2025 9.3.2025, 14.05 3/2025",
    "fr-FR": "1 234 567,25 150,50 £ -12 346 £ 1,3 M £ 15,4 % 3 déc. 2025 9 mars 2025, 14:05 mars 2025",
    "it-IT": "1.234.567,25 150,50 £ -12.346 £ 1,3 Mln £ 15,4% 3 dic 2025 9 mar 2025, 14:05 mar 2025",
    "ja-JP": "1,234,567.25 £150.50 -£12,346 £1.3M 15.4% 2025/12/03 2025/03/09, 14:05 2025/03",
    "nb-NO": "1 234 567,25 150,50 £ -12 346 £ 1,3 mill. £ 15,4 % 3. des. 2025 9. mars 2025, 14:05 mars 2025",
    "nl-NL": "1.234.567,25 £ 150,50 £ -12.346 £ 1,3 mln. 15,4% 3 dec 2025 9 mrt 2025, 14:05 mrt 2025",
    "pl-PL": "1 234 567,25 150,50 £ -12 346 £ 1,3 mln £ 15,4% 3 gru 2025 9 mar 2025, 14:05 mar 2025",
    "pt-BR": "1.234.567,25 £ 150,50 -£ 12.346 £ 1,3 mi 15,4% 3 de dez. de 2025 9 de mar. de 2025, 14:05 mar. de 2025",
    "pt-PT": "1 234 567,25 150,50 £ -12 346 £ 1,3 M £ 15,4% 03/12/2025 09/03/2025, 14:05 03/2025",
    "sv-SE": "1 234 567,25 150,50 £ -12 346 £ 1,3 mn £ 15,4 % 3 dec. 2025 9 mars 2025, 14:05 mars 2025",
    "tr-TR": "1.234.567,25 £150,50 -£12.346 £1,3 Mn %15,4 3 Ara 2025 9 Mar 2025, 14:05 Mar 2025",
}


def test_every_locale_is_spelt_out() -> None:
    assert set(WRITTEN) == set(LOCALES)


@pytest.mark.parametrize("code", WRITTEN)
def test_figures_as_the_country_writes_them(code: str) -> None:
    with using(code):
        written = (
            figures.decimal(1234567.25),
            figures.money(150.5, "GBP"),
            figures.money(-12_345.6, "GBP"),
            figures.short_money(1_300_000, "GBP"),
            figures.percent(0.154),
            figures.day("2025-12-03"),
            figures.instant(datetime(2025, 3, 9, 14, 5)),
            figures.month("2025-03"),
        )
    assert " ".join(written).replace(figures.NARROW, " ") == WRITTEN[code]


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("es-ES", 1234, "1234"), ("es-ES", 12345, "12.345"), ("pl-PL", -1234, "-1234"), ("de-DE", 1234, "1.234"),
        ("en-IN", 123, "123"), ("en-IN", 1234, "1,234"), ("en-IN", 123456, "1,23,456"),
        ("en-IN", -12345678901, "-12,34,56,78,901"),
    ],
)  # fmt: skip
def test_groups_of_digits(code: str, number: int, text: str) -> None:
    with using(code):
        assert figures.count(number) == text


def test_the_same_kind_of_figure_keeps_its_digits_in_every_locale() -> None:
    for code in LOCALES:
        with using(code):
            digits = [
                [letter for letter in text if letter.isdigit()]
                for text in (
                    figures.money(999.5),
                    figures.percent(0.1999),
                    figures.score(0.8),
                    figures.ratio(2.04),
                )
            ]
        assert digits == [list("99950"), list("20"), list("0800"), list("2")], code


def test_bounds_changes_and_what_is_unknown() -> None:
    with using("de-DE"):
        assert figures.percent(0.9999).replace(figures.NARROW, " ") == "> 99,9 %"
        assert figures.percent(-0.0001).replace(figures.NARROW, " ") == "-< 0,1 %"
        assert figures.signed_percent(0.05).replace(figures.NARROW, " ") == "+5 %"
        assert figures.signed(1234.5) == "+1.234,50"
        assert figures.significant(0.00213) == "0,00213"
        assert figures.counted(1204, "order") == "1.204 orders"
        assert figures.size(12_400_000) == "12,4 MB"
        assert figures.duration(9000) == "2,5 hours"
        assert figures.money(None) == figures.day(None) == figures.UNKNOWN


def test_signs_of_a_country_stand_there_alone() -> None:
    with using("pl-PL"):
        assert figures.money(5, "PLN").replace(figures.NARROW, " ") == "5,00 zł"
    with using("de-CH"):
        assert figures.money(5, "CHF").replace(figures.NARROW, " ") == "CHF 5.00"
    assert figures.money(5, "PLN").replace(figures.NARROW, " ") == "5.00 PLN"


def test_a_locale_holds_inside_and_in_its_thread_alone() -> None:
    seen = []
    with using("de-DE"):
        other = threading.Thread(target=lambda: seen.append(current().code))
        other.start()
        other.join()
        with using("fr-FR"):
            assert current().code == "fr-FR"
        assert current().code == "de-DE"
    assert (seen, current()) == (["en-GB"], DEFAULT)


def test_a_thread_that_nobody_told_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = [None]
    monkeypatch.setattr("churnkit.text.locale._asked", [])
    ask_where_unset(lambda: asked[0])
    seen: list[str] = []

    def look() -> None:
        seen.append(current().code)
        asked[0] = "sv-SE"
        seen.append(current().code)
        use("it-IT")
        seen.append(current().code)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == ["en-GB", "sv-SE", "it-IT"]


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("de", "de-DE"), ("de-DE", "de-DE"), ("de_AT", "de-AT"), ("de-LU", "de-DE"), ("fr-BE", "fr-FR"),
        ("en", "en-GB"), ("en-CA", "en-US"), ("en-ZA", "en-GB"), ("nn-NO", "nb-NO"), ("pt", "pt-PT"), ("PT-br", "pt-BR"),
        ("xx-XX", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_what_a_browser_asks_for(tag: str | None, code: str | None) -> None:
    found = nearest(tag)
    assert (found and found.code) == code


def test_a_code_that_is_not_known_is_the_default() -> None:
    assert by_code("xx-XX") is by_code(None) is DEFAULT


def test_charts_workbooks_and_fields() -> None:
    clv, share, day = column("clv"), column("p_alive"), column("last_purchase_at")
    with using("de-DE"):
        assert hover("%{x:money} on %{x|day}", "EUR") == "%{x:,.2f}\u202f€ on %{x|%-d. %b %Y}"
        told = plotly_locale()["locales"]["de-DE"]["format"]
        assert (told["decimal"], told["thousands"], told["shortMonths"][2]) == (",", ".", "März")
        # The signs of a number in Excel are those of whoever opens the workbook.
        assert excel_format(clv, 150.5, "EUR") == '#,##0.00"\u202f€"'
        assert excel_format(share, 0.154) == '#,##0.0"\u202f"%'
        assert excel_time(day) == "[$-407]d. mmm yyyy"
        assert (slider_percent(), date_field()) == ("%d\u202f%%", "DD.MM.YYYY")
    with using("pt-BR"):
        assert excel_time(day) == '[$-416]d" de "mmm" de "yyyy'
    with using("en-US"):
        assert excel_time(column("order.ordered_at")) == "[$-409]mmm d, yyyy, h:mm AM/PM"
    with using("en-IN"):
        assert plotly_locale()["locales"]["en-IN"]["format"]["grouping"][:2] == [3, 2]
    assert excel_format(share, 0.154) == '#,##0.0"\u202f"%'


@pytest.mark.parametrize("code", LOCALES)
def test_a_typed_date_has_an_order_that_streamlit_knows(code: str) -> None:
    assert LOCALES[code].typed.replace("-", "/").replace(".", "/") in (
        "YYYY/MM/DD",
        "DD/MM/YYYY",
        "MM/DD/YYYY",
    )
