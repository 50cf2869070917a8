"""Column headers that shops use, in seven languages, and the words that turn a header into something else.

Headers are compared after `normalise_header`: each stands here in lower case and without accents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from churnkit.ingest.cells import without_accents, word_table

STRENGTHS = {"strong": 1.0, "usual": 0.93, "weak": 0.85}

_LOWER, _UPPER = "a-zß-öø-ÿα-ωά-ώа-яёіїєґ", "A-ZÀ-ÖØ-ÞΑ-ΩА-ЯЁІЇЄҐ"
_CAMEL = re.compile(f"(?<=[{_LOWER}0-9])(?=[{_UPPER}])")
_NOT_WORD = re.compile(r"[\W_]+")


def normalise_header(header: str) -> str:
    """Words apart, in lower case, without accents: ``CustomerID`` -> ``customer id``, ``ДатаЗаказа`` -> ``дата заказа``."""
    return _NOT_WORD.sub(" ", without_accents(_CAMEL.sub(" ", header))).strip()


def header_key(header: str) -> str:
    """The header without case, spaces and punctuation, for comparison with the headers of known exports."""
    return _NOT_WORD.sub("", without_accents(header))


# "strong" headers name the field and nothing else; a weaker class keeps `order date` ahead of `created at`.
_HEADERS = word_table("""
customer_id strong: customer id, customer number, customer no, customer code, cust id, client id,
    customer key, kundennummer, kunden nr, kundennr, kunden id, kunde id, customer unique id, id client,
    numero client, code client, no client, n client, identifiant client, id cliente, numero cliente,
    codigo cliente, numero de cliente, cod cliente, codigo de cliente, codice cliente, numero do cliente,
    codigo do cliente, id do cliente, klantnummer, klant id, klantnr, debiteurnummer, debitorennummer
customer_id usual: user id, userid, buyer id, member id, account id, shopper id, client number, client no,
    member number, buyer username, username, user name, account number, contact id, household key,
    household id, patient id, guest id, subscriber id, visitor id, person id, loyalty id, card number,
    loyalty card, mitgliedsnummer, benutzer id, kontonummer, id utilisateur, id usuario, id utente,
    gebruikers id, customer, client, kunde, cliente, klant, buyer, user, member, customer ref,
    customer reference
customer_id weak: acheteur, kaufer, comprador, acquirente, koper, account, uid, cid, phone, customer phone
email strong: email, e mail, mail, email address, customer email, buyer email, billing email,
    client email, e mail adresse, email adresse, kunden email, adresse email, adresse mail, courriel,
    e mail client, correo, correo electronico, email cliente, indirizzo email, posta elettronica,
    endereco de email, email do cliente, e mailadres, emailadres, klant email
customer_name strong: customer name, client name, buyer name, billing name, full name, shipping name,
    name of customer, kundenname, name des kunden, nom client, nom du client, nom complet, nombre cliente,
    nombre del cliente, nome cliente, nome do cliente, klantnaam, naam klant, bill to name, ship to name,
    recipient name, first name, last name, surname, vorname, nachname, prenom, apellido, apellidos,
    cognome, sobrenome, achternaam, voornaam, company, company name, firma
customer_name usual: name, nom, nombre, nome, naam, customer, client, kunde, cliente, klant, buyer
order_id strong: order id, order number, order no, order nr, ordernumber, order code, order reference,
    order ref, order name, invoice no, invoice, invoice number, invoice id, transaction id,
    receipt number, receipt id, bestellnummer, bestell nr, auftragsnummer, auftrags nr, bestellung nr,
    bestell id, rechnungsnummer, rechnungs nr, belegnummer, numero de commande, numero commande,
    no commande, id commande, reference commande, numero facture, numero de facture, numero de pedido,
    numero pedido, id pedido, pedido id, numero factura, numero ordine, id ordine, n ordine,
    codice ordine, numero fattura, numero do pedido, codigo do pedido, bestelnummer, ordernummer,
    factuurnummer, purchase id, sales order number, basket id, bon nummer
order_id usual: order, bestellung, auftrag, commande, pedido, ordine, bestelling, transaction,
    transaction number, receipt, receipt no, bon, bonnummer, ticket, ticket number, basket, cart id,
    booking id, sale id, session id, document number, facture, factura, fattura, factuur, payment id,
    purchase order, order key
ordered_at strong: order date, order datetime, order date time, ordered at, order time, order timestamp,
    purchase date, purchase datetime, purchased at, order purchase timestamp, invoice date,
    transaction date, date of order, date of purchase, date ordered, order placed, placed at,
    order created at, order creation date, bestelldatum, auftragsdatum, kaufdatum, rechnungsdatum,
    datum der bestellung, belegdatum, bestellt am, date de commande, date commande, date d achat,
    date achat, date facture, commande le, date de la commande, fecha de pedido, fecha pedido,
    fecha de compra, fecha compra, fecha del pedido, fecha factura, data ordine, data dell ordine,
    data acquisto, data fattura, data d acquisto, data do pedido, data pedido, data da compra,
    data compra, besteldatum, aankoopdatum, orderdatum, factuurdatum, datum bestelling
ordered_at usual: date, datum, fecha, data, datetime, date time, timestamp, sale date, sales date,
    sold at, sold on, transaction time, transaction timestamp, event time, order day, purchase time,
    purchase timestamp, zeitpunkt, zeitstempel, date heure, fecha hora, data ora, data hora, datum tijd,
    tag, jour, dia, giorno, dag
ordered_at weak: created at, created, created date, creation date, date created, created on, day, time,
    when, erstellt am, erstellt, cree le, date de creation, creado el, fecha de creacion, creato il,
    criado em, aangemaakt op, paid at, payment date, paid on, zahlungsdatum, date paid
time strong: time, order time, time of day, uhrzeit, zeit, heure, hora, ora, tijd, sale time,
    transaction time
product_id strong: product id, product code, product number, product no, sku, item id, item code,
    item number, stock code, article number, article id, artikelnummer, artikel nr, artikel id,
    produkt id, produktnummer, produktcode, reference produit, id produit, code produit, code article,
    ref article, id producto, codigo producto, codigo de producto, referencia, id prodotto,
    codice prodotto, codice articolo, id produto, codigo do produto, productcode, productnummer, asin,
    ean, upc, gtin, barcode, lineitem sku, variant sku, variant id, isbn
product_id usual: plu, material number, part number, style code, model number, item sku, product sku,
    product key
product_name strong: product name, product title, item name, item title, item description,
    product description, lineitem name, article name, produktname, artikelname, artikelbezeichnung,
    bezeichnung, produktbezeichnung, nom du produit, nom produit, libelle, designation, nombre producto,
    nombre del producto, nome prodotto, nome do produto, productnaam, artikelnaam
product_name usual: product, item, article, description, title, produkt, artikel, beschreibung, produit,
    plan, plan name, subscription plan, abonnement,
    producto, articulo, descripcion, prodotto, articolo, descrizione, produto, descricao, omschrijving,
    products, service, sku name
category strong: category, product category, item category, category name, product category name,
    kategorie, produktkategorie, warengruppe, categorie, categorie produit, categoria, categoria producto,
    categoria prodotto, productcategorie, product type, department, sub category
category usual: product group, produktgruppe, productgroep, rayon, famille, familia, collection, class,
    line of business
quantity strong: quantity, qty, quantity ordered, quantity purchased, item quantity, lineitem quantity,
    order quantity, number of items, item count, items sold, units, units sold, number of cds, menge,
    anzahl, stuckzahl, bestellmenge, quantite, qte, quantite commandee, cantidad, cant, unidades,
    quantita, qta, quantidade, qtd, aantal, hoeveelheid
quantity usual: count, pieces, pcs, items, number of units, order item quantity, stuck, nombre, pezzi,
    pecas, stuks, volume
unit_price strong: unit price, price per unit, item price, price each, price per item, lineitem price,
    product price, selling price, stuckpreis, einzelpreis, preis pro stuck, prix unitaire, prix a l unite,
    precio unitario, precio por unidad, prezzo unitario, preco unitario, stukprijs, prijs per stuk,
    eenheidsprijs, price per piece, retail price
unit_price usual: price, preis, prix, precio, prezzo, preco, prijs, rate, sold for, list price,
    verkaufspreis, unit cost
amount strong: amount, line total, line amount, line value, net sales, sales amount, sale amount,
    sales value, revenue, transaction amount, purchase amount, extended price, net amount, line revenue,
    item total, total line, umsatz, betrag, positionsbetrag, zeilensumme, nettoumsatz, montant,
    chiffre d affaires, montant ligne, importe, importe linea, ventas, importo, fatturato, totale riga,
    valor, valor da compra, receita, bedrag, omzet, regeltotaal, dollar value, dollars, amount spent,
    spend, spent, purchase value, sale price total
amount usual: sales, sale, value, money, turnover, gmv, gross sales, wert, summe, valeur, price total,
    total value, usd, eur
order_total strong: order total, order amount, order value, grand total, total order value,
    order total inc tax, invoice total, basket value, basket total, cart total, total order amount,
    invoice amount, order revenue, total order, order price, bestellwert, bestellsumme, gesamtbetrag,
    gesamtsumme, auftragswert, rechnungsbetrag, warenkorbwert, total commande, montant total,
    montant de la commande, montant commande, total de la commande, total ttc, total pedido,
    importe total, total del pedido, importe del pedido, total factura, totale ordine, importo totale,
    totale dell ordine, valor total, total do pedido, valor do pedido, totaalbedrag, ordertotaal,
    orderbedrag, orderwaarde
order_total usual: total, total price, total amount, total paid, amount paid, payment value,
    payment amount, total sales, total sale, gesamt, gesamtpreis, endbetrag, prix total, precio total,
    totale, prezzo totale, preco total, totaal, totaalprijs, total spend, total cost, subtotal,
    zwischensumme, sous total, subtotale
discount strong: discount, discount amount, discounts, line discount, item discount, discount value,
    rabatt, rabattbetrag, nachlass, remise, montant remise, reduction, descuento, importe descuento,
    sconto, importo sconto, desconto, valor desconto, korting, kortingsbedrag, discount percent,
    discount rate, rabatt prozent, promotion discount
refunded strong: refunded amount, amount refunded, refund amount, total refunded, refunded, refund total,
    erstattet, erstattungsbetrag, erstatteter betrag, montant rembourse, importe reembolsado,
    importo rimborsato, valor reembolsado, terugbetaald bedrag
currency strong: currency, currency code, order currency, wahrung, waehrung, devise, code devise, moneda,
    divisa, valuta, moeda, transaction currency, order currency code, munt
status strong: order status, status, financial status, payment status, order state, bestellstatus,
    auftragsstatus, zahlungsstatus, statut, statut commande, statut de la commande, etat, etat commande,
    estado, estado del pedido, estado pedido, stato, stato ordine, situacao, status do pedido,
    orderstatus, bestelstatus, transaction status
status usual: state, item status
event_type strong: event type, transaction type, order type, sale type, document type, belegart,
    vorgangsart, type de transaction, type d operation, tipo de transaccion, tipo transazione,
    tipo de transacao, transactietype, record type
event_type weak: type, typ, tipo
""")

HEADERS: Mapping[str, tuple[tuple[str, float], ...]] = {
    field: tuple(
        (word, strength)
        for name, strength in STRENGTHS.items()
        for word in _HEADERS.get(f"{field} {name}", ())
    )
    for field in dict.fromkeys(key.split()[0] for key in _HEADERS)
}

# A `ship date` is a date, but not the order's; a `customer name` is not who the customer is.
_DISQUALIFIERS = word_table("""
customer_id: address, age, amount, birth, category, city, cost, count, country, date, email, first,
    gender, group, last, name, note, notes, order, price, region, segment, service, since, source, state,
    status, total, type, value, zip
email: accepts, consent, count, marketing, opt, sent, status, verified
order_id: amount, channel, count, customer, date, day, discount, item, line, method, month, name,
    position, price, priority, product, purpose, quantity, size, source, state, status, time, timestamp,
    total, type, value, weekday, year
ordered_at: approved, birth, birthday, cancel, canceled, cancelled, carrier, consegna, deliver, delivered,
    delivery, due, end, entrega, envio, estimated, expected, expiry, geburtsdatum, join, joined, levering,
    lieferdatum, limit, livraison, modified, refund, registered, registration, return, returned, ship,
    shipped, shipping, signup, since, until, update, updated, versand, zone
time: date, zeitzone, zone
product_id: category, description, name, price, quantity, title, type
product_name: category, code, count, id, number, price, quantity, sku, status, tax, type
category: customer, id, tax
quantity: available, canceled, cancelled, discount, price, refunded, returned, shipped, stock
unit_price: compare, cost, discount, freight, shipping, tax, total, vat
amount: btw, cost, costs, count, currency, date, discount, due, fee, fees, freight, id, impuesto, iva,
    margin, mwst, profit, quantity, refund, refunded, shipping, steuer, tax, tip, tva, vat, versand
order_total: btw, cost, count, currency, date, discount, due, fee, fees, freight, id, impuesto, items,
    iva, margin, mwst, profit, quantity, refund, refunded, shipping, steuer, tax, tva, vat, versand
discount: code, coupon, name, type
refunded: date, id, reason
currency: amount, rate
status: customer, date, delivery, fulfillment, fulfilment, marital, member, shipping
event_type: card, customer, item, lineitem, payment, product, user
customer_name: code, email, id, number
""")

DISQUALIFIERS: Mapping[str, frozenset[str]] = {
    field: frozenset(words) for field, words in _DISQUALIFIERS.items()
}
