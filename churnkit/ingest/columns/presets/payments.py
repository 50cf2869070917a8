"""Payment services, whose rows are payments: Stripe, PayPal, Mollie."""

from __future__ import annotations

from churnkit.ingest.columns.export_rules import Preset, Rules
from churnkit.ingest.columns.reading import RowKindAnswer

_PAYER = (
    "From Email Address|Absender E-Mail-Adresse|De l'adresse email|Adresse email de l'expéditeur"
    "|Correo electrónico del remitente|Indirizzo email mittente|Van e-mailadres|Do endereço de e-mail"
)

_RECEIVER = (
    "To Email Address|Empfänger E-Mail-Adresse|À l'adresse email|Correo electrónico del destinatario"
    "|Indirizzo email destinatario|Naar e-mailadres|Para o endereço de e-mail"
)

_NO_SALES = (
    "withdraw, abbuchung, abhebung, auszahlung, conversion, umrechnung, deposit, bankgutschrift, hold, einbehalt, release,"
    " freigabe, fee, gebuhr, autorisierung, authorization, transfer to, virement, retiro, retirada, prelievo, opname,"
    " commission, comision"
)
_GIVEN_BACK = (
    "refund, ruckzahlung, ruckerstattung, rembours, reembols, rimbors, terugbetaling, reversal, ruckbuchung,"
    " chargeback"
)
_SALES = "payment, zahlung, checkout, donation, spende, paiement, pago, pagamento, betaling"


def _kinds() -> dict[str, RowKindAnswer]:
    kinds: dict[str, RowKindAnswer] = dict.fromkeys(_NO_SALES.split(", "), "left_out")
    kinds |= dict.fromkeys(_GIVEN_BACK.split(", "), "return")
    return kinds | dict.fromkeys(_SALES.split(", "), "sale")


PRESETS: tuple[Preset, ...] = (
    Preset(
        name="stripe",
        title="Stripe charges",
        fingerprint=(
            "id",
            "Created date (UTC)|Created (UTC)",
            "Amount",
            "Amount Refunded",
            "Currency",
            "Status",
        ),
        columns={
            "customer_id": ("Customer ID",),
            "email": ("Customer Email", "Card Email", "Email"),
            "order_id": ("id",),
            "ordered_at": ("Created date (UTC)", "Created (UTC)"),
            "amount": ("Amount",),
            "refunded": ("Amount Refunded",),
            "currency": ("Currency",),
            "status": ("Status",),
            "captured": ("Captured",),
        },
        notes=("Stripe writes UTC; hours of the day are UTC hours.",),
    ),
    Preset(
        name="paypal",
        title="PayPal activity or statement",
        fingerprint=(
            "Gross|Brutto|Brut|Avant commission|Bruto|Importe bruto|Lordo",
            "Net|Netto|Neto|Importe neto",
            "Transaction ID|Transaktionscode|Numéro de transaction|Id. de transacción|Codice transazione"
            "|Transactiereferentie|Código da transação",
            f"{_PAYER}",
        ),
        columns={
            "email": tuple(_PAYER.split("|")),
            "order_id": (
                "Transaction ID",
                "Transaktionscode",
                "Numéro de transaction",
                "Id. de transacción",
                "Codice transazione",
                "Transactiereferentie",
                "Código da transação",
            ),
            "ordered_at": ("Date", "Datum", "Fecha", "Data"),
            "time": ("Time", "Uhrzeit", "Heure", "Hora", "Ora", "Tijd"),
            "amount": ("Gross", "Brutto", "Brut", "Avant commission", "Bruto", "Importe bruto", "Lordo"),
            "currency": ("Currency", "Währung", "Devise", "Divisa", "Moneda", "Valuta", "Moeda"),
            "status": ("Status", "État", "Estado", "Stato"),
            "event_type": (
                "Type",
                "Typ",
                "Description",
                "Beschreibung",
                "Tipo",
                "Descripción",
                "Descrizione",
                "Omschrijving",
                "Descrição",
            ),
            "product_name": ("Item Title", "Artikelbezeichnung", "Subject", "Betreff"),
        },
        rules=Rules(kind_words=_kinds(), receiver=tuple(_RECEIVER.split("|"))),
        notes=(
            "Money is the gross amount, with shipping and taxes and before PayPal's fees. Withdrawals, bank deposits,"
            " fees, holds, currency conversions and what the shop itself paid are left out.",
        ),
    ),
    Preset(
        name="mollie",
        title="Mollie payments",
        fingerprint=(
            "Payment method|Betaalmethode|Zahlungsmethode|Zahlungsart|Méthode de paiement",
            "Amount|Bedrag|Betrag|Montant",
            "Status|Statut",
            "ID",
            "Consumer name|Consumer account|Consumer bank account|Naam consument|Consumentennaam|Kundenname"
            "|Nom du consommateur|Customer name",
        ),
        columns={
            "customer_id": ("Customer ID", "Consumer bank account", "Consumer account", "Rekening consument"),
            "email": ("Customer email", "Consumer email", "E-mail", "Email"),
            "order_id": ("ID",),
            "ordered_at": ("Date", "Datum", "Created at", "Paid at"),
            "amount": ("Amount", "Bedrag", "Betrag", "Montant"),
            "refunded": ("Amount refunded", "Terugbetaald bedrag", "Erstatteter Betrag"),
            "currency": ("Currency", "Valuta", "Währung", "Devise"),
            "status": ("Status", "Statut"),
        },
        rules=Rules(
            status_words={
                "paidout": "keep",
                "paid": "keep",
                "settled": "keep",
                "open": "unpaid",
                "created": "unpaid",
            }
        ),
        notes=(
            "Mollie knows a buyer by the bank account where the payment came from one; payments by card name nobody and"
            " are left out. The shop system's own export knows more.",
        ),
        proven=False,
    ),
)
