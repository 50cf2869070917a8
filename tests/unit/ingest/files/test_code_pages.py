"""Texts in the code pages of the world: found by their letters, or asked with the right one among the choices."""

from __future__ import annotations

from pathlib import Path

import pytest

from churnkit.errors import DataError
from churnkit.ingest.files.code_pages import find_code_page
from churnkit.ingest.questions import OpenQuestions

# Code pages; names, products and an amount of a shop. Its header is in English but where another one stands.
SHOPS = {
    "Polish": (
        "cp1250 iso8859-2 cp852",
        "Żaneta Wójcik,Łukasz Kamiński,Małgorzata Dąbrowska",
        "Kubek żółty",
        "5 zł",
    ),
    "Czech": ("cp1250 iso8859-2 cp852", "Jiří Dvořák,Kateřina Nováková,Tomáš Černý", "Tričko žluté", "5 Kč"),
    "Hungarian": ("cp1250 iso8859-2", "Tóth Erzsébet,Szűcs Győző,Őri Ágnes", "Póló sárga", "5 Ft"),
    "Romanian": ("cp1250", "Ştefan Bălan,Ionuţ Mureşanu", "Cană albastră", "5 lei"),
    "Croatian": ("cp1250", "Željko Kovačević,Đurđica Šarić", "Majica žuta", "5 €"),
    "German": ("cp1252 mac_roman cp850", "Jürgen Müller,Käthe Weiß,Hans Schröder", "Größe L Schüssel", "5"),
    "French": (
        "cp1252 mac_roman cp850",
        "François Lefèvre,Hélène Bénard,Anaïs Côté",
        "Gâteau à la crème",
        "5",
    ),
    "Spanish": (
        "cp1252 iso8859-1 mac_roman cp850",
        "José Núñez,María Ibáñez,Iñaki Peña",
        "Calcetín niño",
        "5",
    ),
    "Portuguese": (
        "cp1252 mac_roman cp850",
        "João Conceição,Antônio Guimarães,Inês Araújo",
        "Camisa algodão",
        "R$ 5",
    ),
    "Italian": ("cp1252 mac_roman", "Niccolò Calì,Maria Però", "Caffè più forte", "5"),
    "Swedish": ("cp1252 mac_roman cp850 cp437", "Åsa Sjöberg,Björn Ström", "Mugg blå", "5 kr"),
    "Danish": ("cp1252 mac_roman cp850", "Søren Kjær,Jens Møller", "Trøje rød", "5 kr"),
    "Turkish": ("cp1254 iso8859-9 cp857", "Ayşe Yılmaz,Çağrı Güneş,İbrahim Şahin", "Sarı tişört", "5 TL"),
    "Russian": ("cp1251 koi8-r cp866 iso8859-5 mac_cyrillic", "Иван Петров,Алёна Щукина", "Носки", "5 руб."),
    "Ukrainian": ("cp1251", "Іван Шевченко,Олексій Їжакевич", "Футболка жовта", "5 грн"),
    "Greek": ("cp1253 iso8859-7 cp737", "Γιώργος Παπαδόπουλος,Ελένη Νικολάου", "Κούπα μπλε", "5"),
    "Japanese": ("cp932 euc_jp", "田中 太郎,佐藤 花子", "青いマグカップ", "5円"),
    "simplified": ("gb18030", "张伟,王芳,刘洋", "蓝色杯子", "5元"),
    "traditional": ("big5", "陳志明,林淑芬,黃怡君", "藍色杯子", "5元"),
    "Korean": ("cp949", "김철수,이영희", "파란 머그컵", "5원"),
    "Hebrew": ("cp1255", "דוד כהן,שרה לוי,יוסף מזרחי,רחל אברהם", "ספל כחול גדול,חולצה צהובה", "5"),
    "Arabic": ("cp1256", "محمد علي,فاطمة حسن", "قميص أصفر", "5"),
    "Lithuanian": ("cp1257", "Jonas Žukauskas,Rūta Šimkienė", "Mėlynas puodelis", "5"),
    "English with euros": ("cp1252", "Bob,Ann", "Mug", "5 €"),
    "English with pounds": ("cp1252 cp850", "Bob,Ann", "Mug", "£5"),
    "English with marks": ("cp1252", "Bob,Ann", "Mug – “new”,Levi’s", "5"),
    "English with zloty": ("cp1250", "Bob,Ann", "Mug", "5 zł"),
}
FILES = [(language, codec) for language, shop in SHOPS.items() for codec in shop[0].split()]


def text_of(language: str) -> str:
    _, names, products, amount = SHOPS[language]
    rows = [
        f"{number};2024-01-0{number};{name};{product};{amount}"
        for number, name in enumerate(names.split(","), start=1)
        for product in products.split(",")
    ]
    return "\r\n".join(["order;date;customer;product;total", *rows, ""])


@pytest.mark.parametrize(("language", "codec"), FILES)
def test_a_few_rows_show_the_code_page(tmp_path: Path, language: str, codec: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(text_of(language).encode(codec))
    found = find_code_page(path, "orders.csv")
    assert path.read_bytes().decode(found.codec) == text_of(language)
    assert not found.guess


STATES = "order;state;total\n" + "".join(f"{number};{{state}};5\n" for number in range(9))


@pytest.mark.parametrize(
    ("text", "codec", "reads"),
    [
        (STATES.format(state="Čeká"), "cp1250", "Čeká"),
        (STATES.format(state="Sipariş"), "cp1254", "Sipariş"),
        ("order;naam;total;Ilość\n1;Bob;6;7\n", "cp1250", "Ilość"),
    ],
)
def test_one_word_that_matters_is_asked(tmp_path: Path, text: str, codec: str, reads: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(text.encode(codec))
    with pytest.raises(OpenQuestions) as caught:
        find_code_page(path, "orders.csv")
    (question,) = caught.value.questions
    assert (question.field, question.option) == ("encoding", "--encoding")
    by_codec = {choice.answer["encoding"]: choice for choice in question.choices}
    assert reads in by_codec[codec].example
    assert len({choice.example for choice in question.choices}) == len(question.choices) > 1
    assert by_codec[codec].label in question.message


@pytest.mark.parametrize(
    ("name", "codec"), [("Petr Čech", "cp1250"), ("Paweł Nowak", "cp1250"), ("Ayşe", "cp1254")]
)
def test_one_name_is_read_the_likelier_way(tmp_path: Path, name: str, codec: str) -> None:
    path = tmp_path / "orders.csv"
    rows = "".join(f"{number};Bob;6\n" for number in range(30))
    path.write_bytes(f"order;name;total\n{rows}1;{name};5\n".encode(codec))
    assert find_code_page(path, "orders.csv").guess


def test_a_byte_far_behind_counts_too(tmp_path: Path) -> None:
    """0x81 means nothing in Windows-1252, and stands behind all the lines that are looked at."""
    path = tmp_path / "orders.csv"
    rows = "".join(f"{number};Jürgen Müller;Größe Ä {number}\n" for number in range(4_000))
    path.write_bytes(f"order;name;total\n{rows}".encode("cp1252") + b"1;\x81;5\n")
    assert find_code_page(path, "orders.csv").codec == "iso8859-1"


def test_a_named_encoding_that_does_not_fit_is_named(tmp_path: Path) -> None:
    from churnkit.ingest.files.encoding import to_utf8

    path = tmp_path / "orders.csv"
    path.write_bytes("a,b\nкод,1\n".encode("cp866"))
    with pytest.raises(DataError, match="as euc_jp"):
        to_utf8(path, tmp_path, "euc_jp", "orders.csv")


@pytest.mark.parametrize(
    ("language", "codec"), [("Japanese", "cp932"), ("simplified", "gb18030"), ("traditional", "big5")]
)
def test_a_very_long_line_is_cut_between_characters(tmp_path: Path, language: str, codec: str) -> None:
    cells = ",".join([*SHOPS[language][1].split(","), SHOPS[language][2]] * 200)
    for shift in range(3):
        path = tmp_path / "orders.csv"
        path.write_bytes(f"order,name\n{'x' * shift},{cells}\n".encode(codec))
        assert find_code_page(path, "orders.csv").codec == codec


@pytest.mark.parametrize(
    "long", [b"x" * 3_000_000, b"\xe9" * 3_000_000, b"\xe9\n" * 1_500_000, b"\xe9\r" * 1_500_000]
)
def test_monotonous_text_ends(tmp_path: Path, long: bytes) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(b"order,name\n" + long + b"\n1,Zo\xeb\n")
    try:
        find_code_page(path, "orders.csv")
    except OpenQuestions as error:
        assert all(len(choice.example) <= 120 for choice in error.questions[0].choices)
