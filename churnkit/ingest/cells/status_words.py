"""What order statuses, row types and customer cells say, in seven languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from churnkit.ingest.cells.plain_words import without_accents, word_table

StatusClass = Literal["keep", "cancelled", "unpaid", "returned", "unknown"]
EventClass = Literal["sale", "return", "unknown"]

_STATUSES = word_table("""
still good: partially, partial refund, teilweise, partiellement, parcialmente, parzialmente, gedeeltelijk,
    not cancelled, not canceled, not refunded, not return, no return, returning, awaiting fulfillment,
    awaiting fulfilment, awaiting shipment, awaiting pickup, pending fulfillment, pending fulfilment,
    pending shipment
unpaid: unpaid, not paid, failed, failure, declined, pending, awaiting payment, on hold, holded, draft,
    abandoned, incomplete, expired, uncaptured, requires, payment review, rejected, authorized,
    authorised, blocked, unbezahlt, fehlgeschlagen, ausstehend, offen, entwurf, abgelehnt, wartend,
    in wartestellung, echoue, echec, en attente, impaye, brouillon, refuse, fallido, pendiente, en espera,
    impagado, borrador, rechazado, fallito, in attesa, in sospeso, non pagato, bozza, rifiutato, falhou,
    malsucedido, pendente, aguardando, nao pago, rascunho, recusado, mislukt, in afwachting, in de wacht,
    onbetaald, openstaand, geweigerd
cancelled: cancel, void, storn, abgebrochen, annul, anul, geannuleerd, trash, deleted, fraud
returned: refund, revers, chargeback, charged back, disputed, return, erstattet, retour, zuruckgesendet,
    rembours, reembols, devuelto, rimbors, restituit, devolvid, estorn, terugbetaald
good: paid, accept, complete, processing, shipped, delivered, fulfilled, success, succeeded, approved, closed,
    invoiced, open, new, active, settled, captured, confirmed, dispatched, sent, ready, picked up, sold,
    done, sale, payment, purchase, shipping, in transit, received, bezahlt, abgeschlossen, in bearbeitung,
    versendet, versandt, geliefert, verschickt, paye, termine, en cours, expedi, livre, pagad, completad,
    procesando, enviad, entregad, pagat, completat, in lavorazione, spedit, consegnat, pago, concluid,
    processando, entregue, betaald, voltooid, afgerond, verzonden, in behandeling, geleverd, charge
""")

# Parts of a status, searched from the top: `partially refunded` must be met before `refunded`.
_VERDICTS: Mapping[str, StatusClass] = {
    "still good": "keep",
    "unpaid": "unpaid",
    "cancelled": "cancelled",
    "returned": "returned",
    "good": "keep",
}

_EVENTS = word_table("""
return: refund, return, credit, gutschrift, erstattung, ruckgabe, retour, avoir, remboursement, devolu,
    reembolso, abono, reso, rimborso, estorno, terugbetaling, chargeback
sale: payment, sale, order, purchase, charge, invoice, transaction, verkauf, rechnung, bestellung, vente,
    commande, venta, pedido, factura, vendita, ordine, fattura, venda, verkoop, bestelling, factuur,
    standard, online, store, pos, web, debit, buy
""")

_PLACEHOLDERS = word_table("""
guest: guest, guest customer, guest user, guest checkout, guests, anonymous, anon, anonymous customer,
    unknown, unknown customer, not set, (not set), none, null, nan, nil, n/a, na, #n/a, n.a., -, --, ---,
    ?, ., walk-in, walk in, walk-in customer, walkin, cash customer, cash sale, no customer,
    not available, undefined, <na>, nat, no account, default customer, gast, gastkunde, gastbestellung,
    anonym, unbekannt, laufkunde, barverkauf, invite, invité, client invite, client invité, anonyme,
    inconnu, client de passage, invitado, anonimo, anónimo, desconocido, cliente ocasional, ospite,
    sconosciuto, convidado, desconhecido, anoniem, onbekend, passant
false: false, no, n, 0, nein, non, nee, nao, não, falsch, faux, falso, -, none, null, nan, n/a
""")

GUESTS = _PLACEHOLDERS["guest"]
"""Cells, in lower case, that stand where a customer should and name nobody."""

NOT_FLAGGED = _PLACEHOLDERS["false"]
"""Cells of a yes/no column, in lower case, that say no."""


def classify_status(value: str, own_words: Mapping[str, StatusClass]) -> StatusClass:
    """What an order's status means for its money; ``own_words`` are a shop system's, in lower case."""
    key = value.strip().lower()
    if key in own_words:
        return own_words[key]
    plain = without_accents(key).replace("_", " ").replace("-", " ")
    for kind, verdict in _VERDICTS.items():
        if any(part in plain for part in _STATUSES[kind]):
            return verdict
    return "unknown"


def classify_event(value: str) -> EventClass:
    """Whether a row of this type takes money in or gives it back."""
    plain = without_accents(value.strip())
    if any(part in plain for part in _EVENTS["return"]):
        return "return"
    return "sale" if any(part in plain for part in _EVENTS["sale"]) else "unknown"
