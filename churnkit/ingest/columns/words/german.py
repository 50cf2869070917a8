"""German headers; see the package."""

HEADERS = """
customer_id strong: kundennummer, kunden nr, kundennr, kunden id, kunde id, kd nr, kdnr, debitorennummer,
    debitor nr, kunden no, kundencode, kundenschlüssel, käufer id, kundenkartennummer, kundenkarte,
    kundennummer extern
customer_id usual: mitgliedsnummer, benutzer id, kontonummer, kunde, kundin, mitglied, benutzer, benutzername,
    nutzer, nutzer id, käufername, nutzername des käufers, mitgliedsname, debitor, mandant, besteller,
    auftraggeber, kartennummer, kunag, kunnr, regulierer
customer_id weak: käufer
email strong: e mail adresse, email adresse, kunden email, kunden e mail, e mail des käufers, käufer e mail,
    mailadresse, rechnungs e mail, e mail kunde, absender e mail adresse
customer_name strong: kundenname, name des kunden, vorname, nachname, vor und nachname, firma, firmenname,
    name des käufers, rechnungsempfänger, lieferempfänger, rechnungsname, ansprechpartner
customer_name usual: kunde, empfänger
order_id strong: bestellnummer, bestell nr, bestellnr, auftragsnummer, auftrags nr, auftragsnr, bestellung nr,
    bestell id, rechnungsnummer, rechnungs nr, rechnungsnr, belegnummer, beleg nr, belegnr, bon nummer, bon nr,
    bonnr, kassenbon nr, transaktionsnummer, transaktions id, transaktionscode, vorgangsnummer, auftrags id,
    externe auftragsnummer, order nr, buchungsnummer, kaufnummer, quittungsnummer, verkaufsbeleg, faktura, vbeln,
    verkaufsbelegnummer, fakturanummer
order_id usual: bestellung, auftrag, bon, bonnummer, rechnung, beleg, transaktion, vorgang, buchung
ordered_at strong: bestelldatum, auftragsdatum, kaufdatum, rechnungsdatum, datum der bestellung, belegdatum,
    bestellt am, bestellzeitpunkt, bestellzeit, verkaufsdatum, transaktionsdatum, datum des kaufs, gekauft am,
    buchungsdatum, bondatum, datum des verkaufs, datum und uhrzeit, datum uhrzeit, eingangsdatum, auftragseingang,
    bestelleingang, kaufdatum uhrzeit, fkdat, audat, fakturadatum
ordered_at usual: datum, zeitpunkt, zeitstempel, tag
ordered_at weak: erstellt am, erstellt, angelegt am, erstellungsdatum, zahlungsdatum, bezahlt am, erstelldatum,
    datum der erstellung
time strong: uhrzeit, zeit, bestelluhrzeit
product_id strong: artikelnummer, artikel nr, artikelnr, artikel id, produkt id, produktnummer, produktcode,
    art nr, artnr, bestellnummer artikel, warennummer, sku nummer, strichcode, variantennummer,
    positionsnummer artikel
product_name strong: produktname, artikelname, artikelbezeichnung, bezeichnung, produktbezeichnung, artikeltext,
    artikelbeschreibung, produkttitel, positionstext, leistung
product_name usual: produkt, artikel, beschreibung, abonnement, tarif, ware
category strong: kategorie, produktkategorie, warengruppe, artikelgruppe, hauptkategorie
category usual: produktgruppe, sortiment, abteilung
quantity strong: menge, anzahl, stückzahl, bestellmenge, anzahl artikel, verkaufte menge, artikelmenge,
    verkaufsmenge
quantity usual: stück, stk
unit_price strong: stückpreis, einzelpreis, preis pro stück, einzelpreis brutto, einzelpreis netto, vk preis,
    artikelpreis, produktpreis, bruttopreis, ep brutto, vk brutto, preis je einheit
unit_price usual: preis, verkaufspreis, nettopreis
amount strong: umsatz, betrag, positionsbetrag, zeilensumme, nettoumsatz, bruttoumsatz, positionssumme,
    positionswert, zeilenbetrag, warenwert, nettobetrag, bruttobetrag, umsatz brutto, umsatz netto, erlös, erlöse,
    positionspreis, gesamtpreis position, verkaufserlös, buchungsbetrag, nettowert, netwr
amount usual: wert, summe, einnahmen, brutto, netto
order_total strong: bestellwert, bestellsumme, gesamtbetrag, gesamtsumme, auftragswert, rechnungsbetrag,
    warenkorbwert, auftragssumme, rechnungssumme, gesamtpreis der bestellung, gesamtumsatz, endsumme, zahlbetrag,
    auftragsbetrag, bestellbetrag, bonsumme, gesamtbetrag brutto, gesamt brutto, zu zahlender betrag,
    zahlungsbetrag, rechnungsendbetrag
order_total usual: gesamt, gesamtpreis, endbetrag, zwischensumme, bezahlt, gesamtwert
discount strong: rabatt, rabattbetrag, nachlass, rabatt prozent, preisnachlass, gutscheinrabatt, skonto, ermäßigung
refunded strong: erstattet, erstattungsbetrag, erstatteter betrag, rückerstattung, rückerstattungsbetrag,
    gutschriftsbetrag
currency strong: währung, waehrung, währungscode, währungskennzeichen, währg, waerk
status strong: bestellstatus, auftragsstatus, zahlungsstatus, status der bestellung, bezahlstatus, rechnungsstatus,
    zustand
event_type strong: belegart, vorgangsart, transaktionstyp, transaktionsart, buchungsart, belegtyp,
    geschäftsvorfall, umsatzart, auftragsart, fkart, fakturaart, verkaufsbelegart
event_type weak: typ, art
"""

DISQUALIFIERS = """
customer_id: adresse, anschrift, name, vorname, nachname, ort, stadt, land, plz, datum, anzahl, betrag, typ,
    gruppe, kundengruppe, notiz, bemerkung, telefon, neu, neukunde, alter, wert, mail, seit, geschlecht, kommentar
order_id: datum, status, betrag, anzahl, menge, position, art, typ, summe, wert, notiz, bemerkung, zeit, quelle,
    artikel
ordered_at: geburtsdatum, lieferdatum, versand, versanddatum, versandt, geliefert, registriert, registrierung,
    storniert, retoure, rückgabe, geändert, aktualisiert, fällig, fälligkeit, fälligkeitsdatum, liefertermin,
    änderungsdatum, wertstellung
time: zeitzone
product_id: name, bezeichnung, preis, menge, beschreibung, kategorie, typ
product_name: nummer, preis, menge, kategorie, nr, anzahl
quantity: preis, rabatt, lager, bestand, retourniert, storniert, lagerbestand
unit_price: einkaufspreis, ek, kosten, rabatt, steuer, mwst, versand, porto, uvp
amount: mwst, steuer, ust, versand, versandkosten, porto, kosten, rabatt, nachlass, gutschein, gebühr, gebühren,
    erstattet, gewinn, marge, provision, trinkgeld, pfand, punkte, währung, datum, anzahl, offen
order_total: mwst, steuer, ust, versand, versandkosten, porto, kosten, rabatt, nachlass, gutschein, gebühr,
    gebühren, erstattet, gewinn, marge, provision, trinkgeld, pfand, punkte, währung, datum, anzahl, artikel, offen
discount: code, gutscheincode
status: kunde, kunden, lieferung, versand, lieferstatus, datum
"""
