"""What the letters beyond ASCII of a language are, and words that show it, to tell the code page of a text.

Word stems are those of shops' exports, in lower case and without accents, so that they are found under every code page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from math import log

# Of letters beyond ASCII: the shares of the usual ones, the rare ones, and those of other languages.
_USUAL, _RARE, _FOREIGN = 0.85, 0.12, 0.03


@dataclass(frozen=True)
class Language:
    """One language.

    Attributes
    ----------
    usual, rare
        Its letters beyond ASCII, in lower case.
    script
        Of these letters: ``latin`` letters stand in one word with ASCII letters, others do not.
    stems
        Beginnings of words of its exports.
    alone
        Letters that are words.
    """

    name: str
    usual: str
    rare: str = ""
    script: str = "latin"
    stems: tuple[str, ...] = field(default=())
    alone: str = ""

    @cache  # noqa: B019 - the languages of this module live as long as the process
    def log_share(self, letter: str) -> float:
        """Logarithm of the share that a letter, in lower case, has of the language's letters beyond ASCII."""
        if letter in self.usual:
            return log(_USUAL / len(self.usual))
        if letter in self.rare:
            return log(_RARE / len(self.rare))
        return log(_FOREIGN / 60) if letter in _LETTERS_OF_SCRIPT[self.script] else log(_FOREIGN / 10_000)


def _stems(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WESTERN = (
    Language(
        "German",
        "äöüß",
        "é",
        stems=_stems("kunde bestell auftrag rechnung betrag menge artikel strasse vorname"),
    ),
    Language(
        "French",
        "éèàçêô",
        "âëîïùûüœæÿ",
        stems=_stems("commande montant prix quantit facture produit livraison nom_"),
        alone="àôy",
    ),
    Language(
        "Spanish",
        "áéíóúñ",
        "üºª¿¡",
        stems=_stems("pedido fecha cliente importe precio cantidad correo tarjeta nombre"),
        alone="óáé",
    ),
    Language(
        "Portuguese",
        "áâãàçéêíóôõú",
        "üºª",
        stems=_stems("pedido data_ valor cliente quantidade produto pagamento nome"),
        alone="àáéó",
    ),
    Language(
        "Italian",
        "àèéìòù",
        "î",
        stems=_stems("ordine cliente importo prezzo quantit prodotto fattura cognome"),
        alone="èòà",
    ),
    Language("Dutch", "ëéïöü", "èêáçä", stems=_stems("bestel klant bedrag aantal prijs naam factuur")),
    Language("Swedish", "åäö", "éü", stems=_stems("kund ordernummer belopp antal artikel pris"), alone="åö"),
    Language(
        "Danish or Norwegian",
        "æøå",
        "éöäüò",
        stems=_stems("ordre kunde antal pris varenavn navn"),
        alone="åæø",
    ),
    Language("Finnish", "äö", "åšž", stems=_stems("tilaus asiakas summa hinta tuote maara")),
    Language("Western names", "áéíóúàèìòùâêîôûäëïöüãõñçåæøß", "ýÿœþð"),
)
CENTRAL = (
    Language(
        "Polish",
        "ąćęłńóśżź",
        "",
        stems=_stems("zam_ klient kwota cena data_ numer_ waluta imi_ nazw sztuk warto_"),
        alone="ó",
    ),
    Language(
        "Czech",
        "áčéěířšůýžú",
        "ďňóťäöüß",
        stems=_stems("objedn_ cena celkem datum kusu stav_ eshop"),
        alone="í",
    ),
    Language(
        "Slovak",
        "áčéíšúýžľňťô",
        "ďĺŕóä",
        stems=_stems("objedn_ cena spolu datum meno kusov stav_"),
        alone="í",
    ),
    Language(
        "Hungarian", "áéíóöőúüű", "", stems=_stems("rendel_ vev_ szeg_ term_ mennyis_ sszesen"), alone="ő"
    ),
    Language(
        "Romanian", "ăâîșşțţ", "áé", stems=_stems("comand_ cantitate data_ sum_ produs nume_"), alone="și"
    ),
    Language(
        "Croatian or Slovenian",
        "čćđšž",
        "ëöü",
        stems=_stems("narud_ kupac cijena koli_ datum naro_ kupec cena iznos"),
    ),
    Language(
        "German",
        "äöüß",
        "é",
        stems=_stems("kunde bestell auftrag rechnung betrag menge artikel strasse vorname"),
    ),
    Language("Central European names", "áéíóúąćęłńśżźčďěňřšťůýžőűäöüăâîşţđ", "ßôĺľŕëç"),
)
BALTIC = (
    Language("Lithuanian", "ąčęėįšųūž", "", stems=_stems("uzsak klient kaina kiek data_ suma prek")),
    Language("Latvian", "āčēģīķļņšūž", "ŗō", stems=_stems("klient cena daudzums datums summa prece")),
    Language(
        "Estonian", "äõöüšž", "", stems=_stems("tellimus klient hind kogus kuup_ summa toode"), alone="ö"
    ),
)
TURKISH = (
    Language(
        "Turkish",
        "çğıöşüi\u0307",
        "âîû",
        stems=_stems("sipari_ teri tutar tarih adet fiyat toplam adres_ soyad"),
    ),
)
CYRILLIC = (
    Language("Russian", "оеаинтсрвлкмдпу", "яыьгзбчйхжшюцщэфъё", "cyrillic", alone="явсиокуа"),
    Language("Ukrainian", "оаинтісрвлкмдпу", "яьгзбчйхжшюцщфєїґ", "cyrillic", alone="явзійоу"),
    Language("Bulgarian", "аеоинтрсвлкмдпъу", "ягзбчйхжшюцщфь", "cyrillic", alone="авиос"),
    Language("Serbian or Macedonian", "аеоинтрсвлкмдпју", "гзбчхжшцфљњћђџѓќѕ", "cyrillic", alone="аиуос"),
)
GREEK = (Language("Greek", "αεοιτσνκρπυλμ", "άέήίόύώηγδωθχφβξζψςϊϋΐΰ", "greek", alone="ηοή"),)
HEBREW = (Language("Hebrew", "יוהלאמרתבשםנ", "עדקחפגצסזטןכךףץ", "hebrew"),)
ARABIC = (Language("Arabic", "الينمترهوب", "سعدكفقحةجصىشطزخضذءئؤأإآثغظپچژگ", "arabic", alone="و"),)

_LETTERS_OF_SCRIPT = {
    "latin": frozenset("áéíóúàèìòùâêîôûäëïöüãõñçåæøßýÿœþðąćęłńśżźčďěňřšťůžőűășşțţđĺľŕāēģīķļņūėįųğıº ª"),
    "cyrillic": frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґјљњћђџѓќѕў"),
    "greek": frozenset("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"),
    "hebrew": frozenset("אבגדהוזחטיךכלםמןנסעףפץצקרשת"),
    "arabic": frozenset("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويىپچژگ"),
}

JAPANESE_SIGNS = frozenset(
    "注文受番号日時商品名数量金額合計顧客氏様電話住所送料代引会員株式社東京大阪田中山本川村小林松月年円税込支払済発完了取消"
)
CHINESE_SIGNS = frozenset(
    "订单号编客户名称日期时间金额数量价状态商品付款已完成取消发货收电话地址退的一是不了在人有我他这中大来上国个"
    "訂單號編戶稱時間額數價狀態發貨電會員买家實付總計小元市区區省县路号張张王李陈陳林黄黃刘劉杨楊吴吳"
)
