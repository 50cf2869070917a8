"""Header words that tell files apart that are no orders; compared as whole words after `normalise_header`."""

from __future__ import annotations

from churnkit.ingest.cells import word_table
from churnkit.ingest.columns.synonyms import normalise_header

SIGNS = {
    name: tuple(normalise_header(word) for word in words)
    for name, words in word_table("""
label: churn, churned, churn label, churn value, churn flag, is churn, is churned, has churned, exited, attrition,
    attrition flag, attrited, left company, customer status churn, abgewandert, abwanderung, desabonnement, resilie,
    abandono, cancelou, evasao
customer: total spent, total spend, total orders, orders count, order count, number of orders, last order, last order date,
    last purchase, first order, first purchase, accepts marketing, accepts email marketing, accepts sms marketing,
    newsletter, tax exempt, customer since, kunde seit, cliente desde, client depuis, lifetime spend, lifetime value,
    lifetime orders, aov, average order value, last active, sign up, signup date, registered, registration, registered at,
    date registered, registrierung, registriert am, inscription, fecha de registro, cadastrado, total consumido,
    numero de compras, ultima compra, gasto total, total gastado, cantidad de compras, anzahl bestellungen,
    letzte bestellung, gesamtumsatz, nombre de commandes, derniere commande, derniere visite, last visit, first visit,
    letzter besuch, customer group, kundengruppe, groupe client, transaction count, payment count, social title, birthday,
    geburtstag, date of birth, gender, anrede, loyalty points, points balance, default address, recency, frequency,
    monetary, rfm, rfm segment, clv, ltv, email subscription status, delinquent, first name, last name, vorname,
    nachname, prenom, nome, sobrenome, apellido, address1, province code, zip, phone, telefone, telefono, company,
    aantal bestellingen, laatste bestelling, liczba zamowien, ostatnie zamowienie, pocet objednavek
summary: recency, frequency, monetary, tenure, history segment, newbie, rfm, rfm segment, rfm score, segment, clv, ltv,
    days since last purchase, days since last order, num purchases, purchase count, total purchases, avg order value
product: handle, body html, vendor, variant sku, variant price, variant grams, variant inventory qty, inventory, stock,
    in stock, stock quantity, stock status, barcode, ean, gtin, image src, images, option1 name, option1 value,
    compare at price, regular price, sale price, cost per item, weight, description, short description, manufacturer,
    brand, categories, tags, published, parent sku, lagerbestand, bestand, hersteller, beschreibung, kategorie,
    quantite en stock, fabricant, existencias, fabricante, descripcion, descricao, estoque, marca, voorraad, ilosc sztuk
payout: payout, payouts, payout date, payout id, payout status, settlement, settlement date, settlement id, arrival date,
    auszahlung, auszahlungsdatum, versement, date de versement, liquidacion, repasse, deposit date, reserved funds,
    retried amount, available on, automatic payout id, transfer date, settlement amount, uitbetaling, wyplata
bank: balance, running balance, saldo, kontostand, solde, booking date, buchungstag, buchung, wertstellung, valuta,
    value date, debit, credit, soll, haben, iban, bic, verwendungszweck, beneficiary, payee, auftraggeber,
    zahlungspflichtiger,
    begunstigter, glaubiger id, mandatsreferenz, account number, sort code, paid in, paid out, money in, money out,
    libelle, date valeur, concepto, fecha valor, causale, dare, avere, tegenrekening, mededelingen, naam omschrijving,
    historico, documento, kwota operacji, saldo po operacji, paid out gbp, statement
analytics: sessions, users, active users, new users, pageviews, page views, views, bounce rate, engagement rate,
    engaged sessions, impressions, clicks, ctr, cpc, cost per click, landing page, source medium, channel group,
    default channel group, conversion rate, conversions, visitors, unique visitors, sitzungen, besucher, seitenaufrufe,
    seances, visiteurs, sesiones, visitantes, sessoes, average session duration, event count, event name, roas, ad spend,
    campaign id, ad set, reach
shipping: tracking, tracking number, tracking id, tracking code, carrier, parcel, consignment, service type,
    shipping label, label id, label created, sendungsnummer, versanddienstleister, paket, colis, numero de suivi,
    transporteur, transportadora, codigo de rastreio, envio, peso, gewicht, weight, weight kg, weight oz, weight lb,
    dimensions, length, width, height, ship date, shipped date, delivered date, delivery status, track and trace,
    vervoerder, zone
abandoned: abandoned, abandoned at, abandoned checkout, abandoned cart, abandoned cart url, abandoned checkout url,
    recovery url, recovery status, recovery email, recovered, email recovery status, cart token, checkout token,
    cart created, carrito abandonado, carrinho abandonado, panier abandonne, abgebrochener warenkorb, cart url,
    checkout url
review: rating, stars, star rating, review, review title, review body, review text, review content, reviewer,
    reviewer name, reviewer email, helpful votes, verified purchase, bewertung, sterne, avis, note sur 5, resena,
    calificacion, avaliacao, recensione, beoordeling, reply, published at, ocena
mailing: unsubscribed, unsubscribed at, unsub time, subscribed, subscribed at, opt in, optin time, opt in time, opted in,
    opens, opened, open rate, clicks, click rate, bounced, hard bounces, soft bounces, member rating, euid, leid,
    email client, last open, last opened, last click, email marketing consent, email marketing, consent timestamp,
    double opt in, list id, lists, campaign, campaign name, sent at, sends, newsletter status, abgemeldet, angemeldet,
    einwilligung, desinscrit, inscrit, suscrito, inscrito, suppression, suppressed, confirm time, lead score
subscription: subscription, subscription id, subscription status, plan, plan name, plan id, interval, billing interval,
    billing cycle, billing period, current period start, current period end, trial start, trial end, renewal date,
    next billing, next billing date, next payment, next payment date, next charge date, next renewal, mrr, arr,
    cancel at period end, abo, abonnement, tarif, vertrag, laufzeit, kundigungsdatum, suscripcion, assinatura, abbonamento
ended: canceled at, cancelled at, ended at, cancellation date, canceled date, cancelled date, cancel date, end date,
    expires at, expiration date, kundigungsdatum, gekundigt am, vertragsende, date de resiliation, fecha de baja,
    data de cancelamento, cancelled on, canceled on, date canceled, date cancelled
count: users, customers, clients, buyers, members, visitors, accounts, orders, transactions, invoices, receipts,
    purchases, new users, active users, new customers, returning customers, kunden, besteller, bestellungen, auftrage,
    commandes, clientes, pedidos, compradores, ventas, vendas, clienti, ordini, klanten, bestellingen
report: orders, total orders, sales, gross sales, net sales, total sales, revenue, total revenue, average order value,
    aov, returns, discounts, units sold, customers, new customers, returning customers, bestellungen, umsatz, commandes,
    ventes, pedidos, ventas, vendas, ordini, vendite, receita, omzet
""").items()
}

_STATES = word_table("""
alive: active, aktiv, actif, activo, ativo, attivo, actief, live, trialing, in trial, in_trial, trial, renewing
ended: canceled, cancelled, ended, expired, terminated, churned, gekündigt, beendet, résilié, annulé, cancelado,
    cancelada, vencido, disdetto, opgezegd, pending-cancel, pending cancel, non_renewing, inactive, inaktiv
""")

ALIVE = frozenset(_STATES["alive"])
"""States of a subscription that runs, in lower case."""

ENDED = frozenset(_STATES["ended"])
"""States of a subscription that was left."""

SHOPS: dict[str, tuple[str, ...]] = {
    "shopify": (
        "accepts email marketing",
        "accepts marketing",
        "province code",
        "body html",
        "variant sku",
        "payout date",
    ),
    "woocommerce": ("aov", "last active", "regular price"),
    "magento": ("customer since", "web site", "confirmed email"),
    "prestashop": ("social title", "partner offers"),
    "nuvemshop": ("total consumido", "inscricao para newsletter"),
    "square": ("square customer id", "first visit", "email subscription status"),
    "stripe": (
        "delinquent",
        "current period start utc",
        "canceled at utc",
        "arrival date utc",
        "automatic payout id",
    ),
    "etsy": ("listing id",),
}
"""Header words by which a list betrays its shop system; names are those of export guides."""
