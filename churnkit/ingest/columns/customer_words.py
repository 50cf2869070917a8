"""Words of headers that speak of people: who is no customer, what is no name of one, and telephones."""

from __future__ import annotations

from churnkit.ingest.cells import without_accents, word_table
from churnkit.ingest.columns.synonyms import normalise_header

_TABLE = word_table("""
other person: rep, sales, seller, salesperson, staff, employee, agent, manager, cashier, clerk, vendor, supplier,
    affiliate, referrer, referral, recipient, gift, sender, support, admin, operator, driver, courier, carrier,
    created, handled, assigned, verkaufer, mitarbeiter, kassierer, lieferant, empfanger, berater, vertreter, betreuer,
    vendeur, vendeuse, caissier, fournisseur, destinataire, conseiller, commercial, vendedor, cajero, proveedor,
    destinatario, empleado, comercial, fornecedor, caixa, atendente, funcionario, venditore, cassiere, fornitore,
    commesso, agente, verkoper, medewerker, leverancier, ontvanger, sprzedawca, dostawca, kasjer, pracownik, prodejce,
    dodavatel, pokladni, saljare, anstalld, forhandler, selger, saelger, satici, kasiyer, personel, продавец, кассир,
    менеджер, сотрудник, поставщик, получатель, πωλητης, υπαλληλος, 店员, 店長, 担当, 担当者, 客服, 卖家, 销售
no id: new, neu, neukunde, nouveau, nuevo, nuovo, novo, nieuw, nowy, vat, tax, ust, tva, iva, nip, cpf, cnpj, points,
    punkte, puntos, punti, pontos, rating, bewertung, stars, note, notes, comment, kommentar, commentaire, level, tier,
    group, gruppe, kundengruppe, groupe, grupo, gruppo, groep, segment, type, typ, tipo, kundentyp, category, ip, agent,
    hash, address, adresse, zip, postal, postcode, plz, postleitzahl, cap, city, ort, country, land, pays, pais, paese,
    language, sprache, langue, age, alter, gender, geschlecht, birthday, geburtstag, since, seit, depuis, desde, vip,
    newsletter, consent, channel, kanal, source, device, browser, balance, credit, item, product, article,
    artikel, payment, method,
    shipping, versand, delivery, discount, count, orders, новый, баллы
place: store, shop, merchant, kasse, filiale, magasin, boutique, tienda, loja, negozio, winkel, kassa, sklep, obchod,
    butik, magaza, магазин, καταστημα, 店舗, 店铺
customer: loyalty, card, club, carte, fidelite, karte, kundenkarte, treuekarte, tarjeta, tessera, cartao,
    customer, customers, client, buyer, shopper, user, member, account, kunde, kunden, käufer, cliente, comprador,
    usuario, acheteur, acquirente, utente, klant, koper, gebruiker, klient, klienta, kupujacy, zakaznik, zakaznika, kund,
    kunds, asiakas, musteri, alici, клиент, клиента, покупатель, покупателя, пользователь, пользователя, πελατης, πελατη
document: txn, trx, tx, trans, doc, document, dokument, beleg, bon, voucher, slip, check, bill, docket, sale, deal,
    purchase, buy, order, ord, transaction, transaktion, vorgang, piece, ticket, recu, comprobante, boleta, recibo, folio,
    documento, scontrino, ricevuta, cupom, nota, paragon, dokument, doklad, uctenka, faktura, kvitto, fis, fatura, чек,
    документ, заказ, αποδειξη, παραστατικο, 単号, 单号, 單號, 伝票, レシート
id: id, ids, no, nr, number, num, code, key, ref, reference, uid, guid, unique, identifier, nummer, kennung, numero, n,
    codigo, codice, identifiant, cod, kod, numer, cislo, tunnus, номер, код, ид, κωδικος, αριθμος,番号, コード, 编号, 編號
phone: phone, phones, telephone, tel, mobile, cell, cellphone, whatsapp, phone number, mobile number, msisdn, telefon,
    telefonnummer, handy, handynummer, mobilnummer, mobiltelefon, rufnummer, telefono, movil, celular, telefone,
    cellulare, portable, gsm, telefoon, telefoonnummer, mobiel, komorka, numer telefonu, nr telefonu, tel no, mobil,
    telefonszam, puhelin, puhelinnumero, matkapuhelin, telefonnr, mobilnr, cep, cep telefonu, cislo telefonu,
    телефон, тел, мобильный, номер телефона, τηλεφωνο, κινητο, 電話, 電話番号, 携帯, 电话, 手机, 手机号, 联系电话, 電話號碼
flag: 0, 1, y, n, yes, no, true, false, ja, nein, j, oui, non, o, si, sí, sim, nao, não, nee, da, net, да, нет,
    tak, nie, ano, ne, nej, hayır, evet, ναι, οχι, x, はい, いいえ, 是, 否
""")

_WORDS = {name: frozenset(map(without_accents, words)) for name, words in _TABLE.items()}

FLAGS = frozenset(_TABLE["flag"])
"""Cells of a column of yes and no, in lower case."""


def names_somebody_else(header: str) -> bool:
    """The header speaks of staff, shops or receivers, not of who bought."""
    words = set(normalise_header(header).split())
    return bool(words & _WORDS["other person"]) or bool(
        words & _WORDS["place"] and not words & _WORDS["customer"]
    )


def says_no_id(header: str) -> bool:
    """The header speaks of what customers have or are, not of who they are."""
    return bool(set(normalise_header(header).split()) & _WORDS["no id"])


def names_a_customer(header: str) -> bool:
    """Every word of the header says customer or number: ``Buyer User ID``."""
    words = set(normalise_header(header).split())
    return bool(words & _WORDS["customer"]) and words <= _WORDS["customer"] | _WORDS["id"]


def says_number(header: str) -> bool:
    """The header speaks of a number or a document: ``ID``, ``TxnID``, ``Beleg``."""
    words = set(normalise_header(header).split())
    return bool(words & (_WORDS["id"] | _WORDS["document"]))


def says_phone(header: str) -> bool:
    """The header speaks of a telephone."""
    plain = normalise_header(header)
    phone = _WORDS["phone"]
    return bool(set(plain.split()) & phone) or any(word in plain for word in phone if len(word) > 5)
