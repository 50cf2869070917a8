"""Merchandise management, accounting and research data: JTL, Odoo, UCI Online Retail."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from churnkit.ingest.cells import StatusClass
from churnkit.ingest.columns.export_rules import Preset, Rules

_UCI_SERVICES = frozenset(
    (
        "POST",
        "DOT",
        "D",
        "M",
        "C2",
        "C3",
        "S",
        "B",
        "BANK CHARGES",
        "AMAZONFEE",
        "CRUK",
        "PADS",
        "ADJUST",
        "ADJUST2",
    )
)

_ODOO_STATES: Mapping[str, StatusClass] = MappingProxyType(
    {
        **dict.fromkeys(("sales order", "sale", "locked", "done", "verkaufsauftrag", "gesperrt"), "keep"),
        **dict.fromkeys(("bon de commande", "orden de venta", "pedido de venta"), "keep"),
        **dict.fromkeys(
            (
                "quotation",
                "quotation sent",
                "draft",
                "sent",
                "angebot",
                "angebot gesendet",
                "devis",
                "devis envoyé",
            ),
            "unpaid",
        ),
        **dict.fromkeys(("cotización", "presupuesto", "presupuesto enviado"), "unpaid"),
    }
)

PRESETS: tuple[Preset, ...] = (
    Preset(
        name="online_retail",
        title="UCI Online Retail",
        fingerprint=(
            "InvoiceNo|Invoice",
            "StockCode",
            "Quantity",
            "InvoiceDate",
            "UnitPrice|Price",
            "Customer ID",
        ),
        columns={
            "customer_id": ("Customer ID",),
            "order_id": ("InvoiceNo", "Invoice"),
            "ordered_at": ("InvoiceDate",),
            "product_id": ("StockCode",),
            "product_name": ("Description",),
            "quantity": ("Quantity",),
            "unit_price": ("UnitPrice", "Price"),
        },
        rules=Rules(bad_debt_prefix="A", service_codes=_UCI_SERVICES, currency="GBP"),
    ),
    Preset(
        name="jtl",
        title="JTL-Wawi orders by JTL-Ameise",
        fingerprint=(
            "Auftragsnummer|Interne Auftragsnummer",
            "Kundennummer",
            "Erstelldatum|Auftragsdatum|Bestelldatum|Erstellt am",
            "VK Brutto|VK Netto|Einzelpreis Brutto|Einzelpreis Netto|Gesamtpreis Brutto|Gesamtbetrag Brutto",
        ),
        columns={
            "customer_id": ("Kundennummer",),
            "email": ("E-Mail", "Rechnungsadresse E-Mail", "E-Mail-Adresse"),
            "order_id": ("Auftragsnummer", "Interne Auftragsnummer"),
            "ordered_at": ("Erstelldatum", "Auftragsdatum", "Bestelldatum", "Erstellt am"),
            "product_id": ("Artikelnummer",),
            "product_name": ("Artikelname", "Positionsname", "Bezeichnung"),
            "quantity": ("Menge", "Anzahl"),
            "unit_price": ("VK Brutto", "Einzelpreis Brutto", "VK Netto", "Einzelpreis Netto"),
            "currency": ("Währung",),
            "status": ("Auftragsstatus", "Status"),
            "cancelled": ("Storniert", "Stornodatum", "Storno"),
            "event_type": ("Positionstyp",),
        },
        totals={"order_total": ("Gesamtbetrag Brutto", "Gesamtpreis Brutto", "Gesamtbetrag Netto")},
        rules=Rules(
            once_per_order=frozenset({"order_total"}),
            kind_words={
                "artikel": "sale",
                "stuckliste": "sale",
                "freiposition": "sale",
                "versand": "left_out",
                "zahlungsart": "left_out",
                "verpackung": "left_out",
            },
        ),
        notes=("Money is price times pieces of the articles, without shipping.",),
        proven=False,
    ),
    Preset(
        name="odoo",
        title="Odoo sales orders",
        fingerprint=(
            "Order Reference|Auftragsreferenz|Référence de la commande|Referencia del pedido|name|Number",
            "Order Date|Creation Date|Auftragsdatum|Bestelldatum|Date de la commande|Fecha de la orden|date_order",
            "Customer|Kunde|Client|Cliente|partner_id|partner_id/id|Customer/ID|Customer/Email",
            "Total|Gesamt|amount_total|Untaxed Amount|amount_untaxed",
            "Salesperson|Verkäufer|Vendeur|Vendedor|Invoice Status|Activities|Sales Team|user_id|state",
        ),
        without=("Financial Status", "Receipt Number", "Payment Status", "Email"),
        columns={
            "customer_id": (
                "Customer/ID",
                "Customer/External ID",
                "partner_id/id",
                "partner_id/.id",
                "partner_id",
                "Customer",
                "Kunde",
                "Client",
                "Cliente",
            ),
            "email": ("Customer/Email", "partner_id/email"),
            "order_id": (
                "Order Reference",
                "Auftragsreferenz",
                "Référence de la commande",
                "Referencia del pedido",
                "name",
                "Number",
            ),
            "ordered_at": (
                "Order Date",
                "Creation Date",
                "Auftragsdatum",
                "Bestelldatum",
                "Date de la commande",
                "Fecha de la orden",
                "date_order",
            ),
            "amount": ("Total", "Gesamt", "amount_total", "Untaxed Amount", "amount_untaxed"),
            "currency": ("Currency", "Währung", "currency_id"),
            "status": ("Status", "State", "Estado"),
        },
        rules=Rules(status_words=_ODOO_STATES),
        notes=("Money is the order's total with taxes. Quotations are no orders and are left out.",),
        proven=False,
    ),
)
