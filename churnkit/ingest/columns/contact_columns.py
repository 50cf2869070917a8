"""Columns that say how a customer is reached and whether that is wanted; they go to lists, never into features."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from churnkit.ingest.cells import is_consent, trimmed_sql, word_table
from churnkit.ingest.columns.mapping import CONTACT_FIELDS
from churnkit.ingest.columns.synonyms import normalise_header
from churnkit.ingest.engine import counted
from churnkit.ingest.files import RawTable

# What stands beside the word for a field where a file has several people: who pays is the customer, who receives may
# be somebody else.
_WHOSE = frozenset(
    normalise_header(word)
    for word in word_table("""
whose: billing, bill to, customer, customers, client, buyer, buyers, contact, invoice, payer, account, member, user, kunde,
    kunden, rechnung, rechnungs, rechnungsadresse, käufer, besteller, facturation, acheteur, facturación, cliente,
    comprador, fatturazione, klant, factuur, klient, nabywca, kund, kunds, kunde
""")["whose"]
)
_WORDS: Mapping[str, frozenset[str]] = {
    field: frozenset(map(normalise_header, words))
    for field, words in word_table("""
email: email, e mail, email address, e mail address, mail, mail address, mailadresse, emailadresse, email adresse,
    e mail adresse, adresse email, adresse e mail, courriel, correo, correo electrónico, correo electronico, e mail adres,
    indirizzo email, endereço de email, adres e mail, e posta, почта, электронная почта, メール, メールアドレス, 邮箱, 이메일
phone: phone, phone number, telephone, telephone number, tel, mobile, mobile number, mobile phone, cell, cell phone,
    telefon, telefonnummer, handy, handynummer, mobilnummer, téléphone, portable, teléfono, móvil, telefone, celular,
    telefono, cellulare, telefoon, telefoonnummer, mobiel, puhelin, puhelinnumero, telefonszám, телефон, τηλέφωνο, 電話,
    電話番号, 电话, 手机, 전화번호, 휴대폰
customer_name: customer name, customer full name, full name, fullname, buyer name, billing name, billing full name,
    client name, contact name, kundenname, name des kunden, name des käufers, vor und nachname, rechnungsname,
    nom du client, nom client, nom complet, nombre del cliente, nombre cliente, nombre completo, nome do cliente,
    nome cliente, nome del cliente, nome completo, klantnaam, naam klant, imię i nazwisko, klient nazwa, kundnamn,
    kundens navn, kundenavn, asiakkaan nimi, jméno a příjmení, jméno zákazníka, vevő neve, nume client, müşteri adı,
    имя клиента, фио, ονοματεπώνυμο, 注文者氏名, 氏名, お名前, 客户姓名, 姓名, 고객명, 주문자명
first_name: first name, firstname, given name, forename, vorname, prénom, voornaam, imię, förnamn, fornavn, etunimi,
    jméno, keresztnév, prenume, имя, όνομα, 名
last_name: last name, lastname, surname, family name, nachname, familienname, nom de famille, apellido, apellidos,
    sobrenome, cognome, achternaam, nazwisko, efternamn, etternavn, efternavn, sukunimi, příjmení, vezetéknév, soyad,
    soyadı, фамилия, επώνυμο, 姓
city: city, town, ort, stadt, wohnort, ville, ciudad, cidade, città, plaats, woonplaats, miasto, stad,
    obec, město, város, oraș, şehir, город, πόλη, 市区町村, 城市, 도시
state: province, province code, state code, billing state, customer state, bundesland, provincia, stan kraju
zip: zip, zip code, zipcode, postcode, postal code, post code, plz, postleitzahl, code postal, código postal, cep,
    kod pocztowy, postnummer, postinumero, psč, irányítószám, cod poștal, posta kodu, почтовый индекс, индекс, 郵便番号,
    邮编, 우편번호
country: country, country code, land, pays, país, paese, kraj, maa, země, ország, țară, ülke, страна, χώρα, 国, 国家, 국가
channel: channel, sales channel, order channel, order source, marketplace, store, store name, store location, branch,
    point of sale, pos location, vertriebskanal, verkaufskanal, filiale, canal, canal de vente, canal de venta, boutique,
    tienda, canal de venda, loja, canale, canale di vendita, negozio, kanaal, verkoopkanaal, winkel, kanał sprzedaży, kanal,
    butik, sklep, prodejna, satış kanalı, mağaza, канал продаж, магазин, 販売チャネル, 店舗, 销售渠道, 店铺, 판매채널
consent: consent, marketing consent, accepts marketing, accepts email marketing, accepts sms marketing, email marketing
    consent, marketing opt in, email opt in, newsletter opt in, newsletter, newsletter subscribed, newsletter
    subscription, opt in, optin, opted in, subscribed, is subscribed, email subscribed, gdpr consent, agrees to marketing,
    einwilligung, werbeeinwilligung, newsletter einwilligung, newsletter abonniert, newsletteranmeldung, consentement,
    consentement marketing, accepte la newsletter, inscrit à la newsletter, consentimiento, acepta marketing,
    acepta publicidad, consentimento, aceita marketing, aceita receber emails, consenso, consenso marketing,
    consenso newsletter, toestemming, nieuwsbrief, zgoda, zgoda marketingowa, samtycke, samtykke, nyhetsbrev, nyhedsbrev,
    markkinointilupa, souhlas, souhlas s marketingem, hozzájárulás, hírlevél, consimțământ, pazarlama izni,
    согласие на рассылку, подписан на рассылку, メルマガ, メールマガジン, メール配信
""").items()
}
# An address without a word for it is no address; a number can be anything.
_LOOKS: Mapping[str, str] = {
    "email": "contains({cell}, '@')",
    "phone": "length(regexp_replace({cell}, '[^0-9]', '', 'g')) BETWEEN 6 AND 15",
}
_MOST = 0.5
_MOST_ANSWERS = 20
_MOST_CHANNELS = 50


def with_contact_columns(raw: RawTable, columns: Mapping[str, str]) -> dict[str, str]:
    """The columns of a mapping, and those of `CONTACT_FIELDS` that the file's header names beside them."""
    taken = {column for field, column in columns.items() if field not in (*CONTACT_FIELDS, "customer_id")}
    free = [name for name in raw.columns if name not in taken]
    found = dict(columns)
    for field in CONTACT_FIELDS:
        if field not in found and (named := _named(field, free)):
            fits = [name for name in named if field not in _HOLDS or _HOLDS[field](raw, name)]
            if fits:
                found[field] = fits[0]
    return found


def reach_columns(raw: RawTable, columns: Mapping[str, str]) -> dict[str, str | None]:
    """The columns of e-mail addresses and phone numbers, where the mapping names customers by something else."""
    taken = set(columns.values())
    return {
        field: columns.get(field)
        or next(
            (name for name in _named(field, raw.columns) if name not in taken and _looks(raw, field, name)),
            None,
        )
        for field in _LOOKS
    }


def _named(field: str, headers: Iterable[str]) -> list[str]:
    """Headers that say the field, the plainest first."""
    words, plain, whose = _WORDS[field], [], []
    for header in headers:
        said = normalise_header(header)
        if said in words:
            plain.append(header)
        rest = " ".join(token for token in said.split() if token not in _WHOSE)
        if rest != said and (rest in words or (field == "customer_name" and rest == "name")):
            whose.append(header)
    # The buyer's own before that of anybody.
    return list(dict.fromkeys([*whose, *plain]))


def _looks(raw: RawTable, field: str, column: str) -> bool:
    cell = trimmed_sql(raw, column)
    filled, fitting = raw.one(
        "SELECT count({cell}), {fitting} FROM {head}",
        cell=cell,
        fitting=counted(_LOOKS[field].format(cell=cell)),
    )
    return bool(filled) and fitting >= _MOST * filled


def _holds_consent(raw: RawTable, column: str) -> bool:
    (answers,) = raw.one(
        "SELECT list(DISTINCT lower({cell})) FROM {head} WHERE {cell} IS NOT NULL",
        cell=trimmed_sql(raw, column),
    )
    said = answers or []
    return 0 < len(said) <= _MOST_ANSWERS and any(is_consent(one) is not None for one in said)


def _holds_few(raw: RawTable, column: str) -> bool:
    (values,) = raw.one("SELECT count(DISTINCT {cell}) FROM {head}", cell=trimmed_sql(raw, column))
    return bool(1 < values <= _MOST_CHANNELS)


_HOLDS: Mapping[str, Callable[[RawTable, str], bool]] = {"consent": _holds_consent, "channel": _holds_few}
