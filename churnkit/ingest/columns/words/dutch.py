"""Dutch headers; see the package."""

HEADERS = """
customer_id strong: klantnummer, klant id, klantnr, debiteurnummer, klant nr, klantcode, relatienummer, debiteurnr,
    lidnummer, klant nummer
customer_id usual: gebruikers id, klant, koper, gebruiker, gebruikersnaam, lid, relatie, debiteur, klantenkaart,
    kaartnummer
email strong: e mailadres, emailadres, klant email, klant e mail, e mail klant, email klant, e mailadres klant,
    mailadres
customer_name strong: klantnaam, naam klant, achternaam, voornaam, volledige naam, bedrijfsnaam, bedrijf,
    naam van de klant, factuurnaam, contactpersoon, naam koper
customer_name usual: naam, klant
order_id strong: bestelnummer, ordernummer, factuurnummer, order nr, bestel nr, bestelling id, bonnummer,
    bon nummer, transactienummer, transactie id, kassabon, kassabonnummer, bestelnr, ordernr, factuurnr,
    bestelling nummer
order_id usual: bestelling, factuur, bon, transactie, opdracht
ordered_at strong: besteldatum, aankoopdatum, orderdatum, factuurdatum, datum bestelling, datum van bestelling,
    besteld op, verkoopdatum, transactiedatum, bestel datum, datum aankoop, datum en tijd, datum verkoop,
    tijdstip bestelling
ordered_at usual: datum, datum tijd, dag, tijdstip
ordered_at weak: aangemaakt op, aangemaakt, datum aangemaakt, betaaldatum, betaald op
time strong: tijd, besteltijd, tijd van bestelling
product_id strong: productcode, productnummer, artikelnummer, artikelcode, artikelnr, product id, artikel nr,
    streepjescode
product_name strong: productnaam, artikelnaam, productomschrijving, artikelomschrijving, naam product,
    omschrijving product
product_name usual: omschrijving, artikel, beschrijving, abonnement, dienst
category strong: categorie, productcategorie, artikelgroep, hoofdcategorie
category usual: productgroep, groep, afdeling
quantity strong: aantal, hoeveelheid, aantal besteld, aantal artikelen, aantal stuks, besteld aantal
quantity usual: stuks
unit_price strong: stukprijs, prijs per stuk, eenheidsprijs, verkoopprijs, prijs per eenheid, artikelprijs,
    prijs incl btw, productprijs
unit_price usual: prijs
amount strong: bedrag, omzet, regeltotaal, regelbedrag, netto omzet, bruto omzet, bedrag incl btw, bedrag excl btw,
    netto bedrag, verkoopbedrag
amount usual: waarde, verkopen, opbrengst
order_total strong: totaalbedrag, ordertotaal, orderbedrag, orderwaarde, totaal bestelling, bestelbedrag,
    factuurbedrag, totaal incl btw, totale prijs, totaal betaald, te betalen, bestelwaarde, besteltotaal,
    totaal bedrag, eindtotaal
order_total usual: totaal, totaalprijs, subtotaal, betaald bedrag, betaald
discount strong: korting, kortingsbedrag, kortingen, totale korting
refunded strong: terugbetaald bedrag, terugbetaald, terugbetaling, gecrediteerd
currency strong: valuta, munt, valutacode, munteenheid
status strong: orderstatus, bestelstatus, betaalstatus, betalingsstatus, status bestelling, toestand
event_type strong: transactietype, soort transactie, type transactie, documentsoort, boekingssoort
event_type weak: soort
"""

DISQUALIFIERS = """
customer_id: adres, mail, naam, voornaam, achternaam, plaats, stad, land, postcode, datum, aantal, bedrag, type,
    groep, opmerking, telefoon, nieuw, nieuwe, leeftijd, sinds, notitie
order_id: datum, status, bedrag, aantal, regel, type, totaal, tijd, bron, opmerking, waarde
ordered_at: levering, leverdatum, verzending, verzonden, geboortedatum, registratie, retour, annulering, gewijzigd,
    vervaldatum, verzenddatum
product_id: naam, prijs, aantal, omschrijving, categorie
product_name: nummer, prijs, aantal, categorie, code
quantity: prijs, korting, voorraad, retour, geannuleerd
unit_price: kosten, inkoop, inkoopprijs, korting, belasting, verzending
amount: btw, belasting, verzending, verzendkosten, kosten, korting, terugbetaald, marge, winst, commissie, fooi,
    punten, valuta, datum, bon, cadeau
order_total: belasting, verzending, verzendkosten, kosten, korting, terugbetaald, marge, winst, commissie, fooi,
    punten, valuta, datum, artikelen, aantal
discount: code, kortingscode
status: klant, levering, verzending, datum
"""
