"""Whole exports of shops in many countries, in the encodings of their programs, to the cent and without a question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from churnkit.ingest import OpenQuestions, ingest

# In Shift_JIS the yen's sign has the place of the backslash.
_YEN = {"cp932": "\\"}
NOW = datetime(2026, 9, 1)


@dataclass(frozen=True)
class Shop:
    """An export of twelve lines: two orders a customer on different days, the second order of two lines."""

    codecs: str
    header: str
    names: tuple[str, str, str, str]
    products: tuple[str, str]
    date: str
    money: str
    delimiter: str = ";"
    comma: str = ","
    months: tuple[str, ...] = ("01", "02")


SHOPS = {
    "Polish": Shop(
        "cp1250 utf-8 utf-16",
        "Numer zamówienia;Data zamówienia;Klient e-mail;Imię i nazwisko;Nazwa produktu;Ilość;Cena brutto;Waluta",
        ("Żaneta Łoś", "Jan Wójcik", "Małgorzata Dąb", "Świętosław Ćma"),
        ("Kubek żółty", "Łyżka"),
        "{day}.{month}.2024 06:11",
        "{} zł;PLN",
    ),
    "Czech": Shop(
        "cp1250 iso8859-2",
        "Číslo objednávky;Datum objednávky;E-mail zákazníka;Jméno;Název produktu;Množství;Cena za kus",
        ("Jiří Dvořák", "Kateřina Nováková", "Tomáš Černý", "Božena Říhová"),
        ("Hrnek žlutý", "Svíčka"),
        "{day}. {month} 2024",
        "{} Kč",
        months=("ledna", "února"),
    ),
    "Russian": Shop(
        "cp1251 koi8-r cp866",
        "Номер заказа;Дата заказа;Электронная почта;ФИО;Наименование товара;Кол-во;Цена за единицу",
        ("Иван Петров", "Алёна Щукина", "Юлия Жукова", "Олег Цой"),
        ("Кружка синяя", "Носки"),
        "{day} {month} 2024 г.",
        "{} руб.",
        months=("января", "февраля"),
    ),
    "Greek": Shop(
        "cp1253",
        "Αριθμός Παραγγελίας;Ημερομηνία;Email πελάτη;Ονοματεπώνυμο;Περιγραφή είδους;Ποσότητα;Τιμή μονάδας",
        ("Γιώργος Παππάς", "Ελένη Νικολάου", "Άννα Ιωάννου", "Χρήστος Ζώης"),
        ("Κούπα μπλε", "Κάλτσες"),
        "{day} {month} 2024",
        "{} €",
        months=("Ιαν", "Φεβ"),
    ),
    "Turkish": Shop(
        "cp1254",
        "SİPARİŞ NO;SİPARİŞ TARİHİ;Müşteri E-posta;Ad Soyad;Ürün Adı;Adet;Birim Fiyat",
        ("Ayşe Yılmaz", "İbrahim Şahin", "Çağrı Güneş", "Işıl Öz"),
        ("Sarı fincan", "Çorap"),
        "{day} {month} 2024",
        "{} TL",
        months=("Ocak", "Şubat"),
    ),
    "simplified Chinese": Shop(
        "gb18030",
        "订单编号,下单时间,客户邮箱,客户姓名,商品名称,购买数量,商品单价",
        ("张伟", "王芳", "李娜", "刘洋"),
        ("蓝色杯子", "袜子"),
        "2024年{month}月{day}日 14:05",
        "{}元",
        ",",
        ".",
    ),
    "traditional Chinese": Shop(
        "big5",
        "訂單編號,訂單日期,電子郵件,客戶姓名,商品名稱,數量,單價",
        ("陳志明", "林淑芬", "黃怡君", "張家豪"),
        ("藍色杯子", "襪子"),
        "2024/{month}/{day} 下午 2:05:06",
        "NT${}",
        ",",
        ".",
    ),
    "Japanese": Shop(
        "cp932 euc_jp utf-8 utf-16-le",
        "注文番号,注文日時,注文者メールアドレス,注文者氏名,商品名,個数,単価",
        ("田中 太郎", "佐藤 花子", "鈴木 一郎", "伊藤 愛"),
        ("青いマグカップ", "靴下"),
        "2024/{month}/{day} 06:11",
        "¥{}",
        ",",
        ".",
    ),
    "French": Shop(
        "mac-roman cp1252",
        "Numéro de commande;Date de commande;E-mail client;Nom complet;Libellé;Quantité;Prix unitaire",
        ("François Lefèvre", "Hélène Bénard", "Anaïs Côté", "Noël Gaël"),
        ("Tasse dorée", "Crème brûlée"),
        "{day} {month} 2024 à 14h05",
        "{} €",
        months=("janv.", "févr."),
    ),
    "Spanish": Shop(
        "iso8859-1",
        "Número de pedido;Fecha de compra;Correo electrónico;Nombre y apellidos;Descripción;Cantidad;Precio unitario",
        ("José Núñez", "María Ibáñez", "Iñaki Peña", "Ana López"),
        ("Camiseta niño", "Calcetín"),
        "{day} de {month} de 2024",
        "{}",
        months=("enero", "febrero"),
    ),
    "German": Shop(
        "cp850 cp1252",
        "Bestellnummer;Bestelldatum;E-Mail-Adresse;Name des Kunden;Artikelbezeichnung;Stückzahl;Stückpreis",
        ("Jürgen Müller", "Käthe Weiß", "Hans Schröder", "Jörg Groß"),
        ("Schüssel blau", "Größe L Hemd"),
        "{day}. {month} 2024",
        "{}",
        months=("Jänner", "März"),
    ),
    "Portuguese": Shop(
        "cp1252",
        "Número do pedido;Data da compra;E-mail do cliente;Nome completo;Descrição do produto;Quantidade;Preço unitário",
        ("João Conceição", "Inês Araújo", "Antônio Guimarães", "Márcia Luís"),
        ("Pão de açúcar", "Caneca"),
        "{day} de {month} de 2024 às 14:05",
        "R$ {}",
        months=("janeiro", "março"),
    ),
    "Swedish": Shop(
        "cp1252 mac-roman",
        "Ordernummer;Orderdatum;E-postadress;Kundens namn;Benämning;Antal;Styckpris",
        ("Åsa Sjöberg", "Björn Ström", "Göran Ärlig", "Märta Ek"),
        ("Mugg blå", "Tröja röd"),
        "2024-{month}-{day}",
        "{} kr",
    ),
}
FILES = [(country, codec) for country, shop in SHOPS.items() for codec in shop.codecs.split()]


def export_of(shop: Shop) -> str:
    """Customer i buys for 1.50 x 2 in the first month, for 1.50 x 2 and 10.25 in the second."""
    lines = [shop.header]
    for number, name in enumerate(shop.names):
        for visit, month in enumerate(shop.months):
            for line in range(visit + 1):
                order = 1001 + 2 * number + visit
                date = shop.date.format(day=f"{14 + number}", month=month)
                price = (("1.50", "10.25")[line]).replace(".", shop.comma)
                cells = [
                    str(order),
                    date,
                    f"kunde{number}@example.org",
                    name,
                    shop.products[line],
                    "21"[line],
                    shop.money.format(price),
                ]
                lines.append(shop.delimiter.join(cells))
    return "\r\n".join([*lines, ""])


@pytest.mark.parametrize(("country", "codec"), FILES)
def test_an_export_of_a_country(tmp_path: Path, country: str, codec: str) -> None:
    shop = SHOPS[country]
    path = tmp_path / "orders.csv"
    path.write_bytes(export_of(shop).replace("¥", _YEN.get(codec, "¥")).encode(codec))
    result = ingest(path, tmp_path / "work", now=NOW)
    rows = pd.read_parquet(result.transactions)
    assert len(rows) == 12
    assert rows["order_id"].nunique() == 8
    assert rows["customer_id"].nunique() == 4
    assert rows["amount"].sum() == pytest.approx(4 * (3.00 + 3.00 + 10.25))
    assert set(rows["product_name"]) == set(shop.products)
    first = rows["ordered_at"].min()
    assert (first.year, first.month, first.day) == (2024, 1, 14)


def test_whatever_is_asked_of_a_text_in_a_code_page_names_it(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    text = "Nr;Żółć;Źdźbło\n1;Łódź;ćma\n2;Gdańsk;łąka\n3;Świdnica;gęś\n"
    path.write_bytes(text.encode("cp1250"))
    with pytest.raises(OpenQuestions, match=r"Reading the file as Windows-1250 \(Central European\)"):
        ingest(path, tmp_path / "work", now=NOW)
