"""Swedish, Norwegian, Danish and Finnish headers; see the package."""

HEADERS = """
customer_id strong: kundnummer, kundnr, kund id, kund nr, kundkod, kundenummer, kundenr, kunde id, kunde nr,
    kundens id, medlemsnummer, medlemsnr, kundekode, asiakasnumero, asiakas id, asiakastunnus, asiakas numero,
    asiakkaan numero, debitornummer, debitornr, debitor nr
customer_id usual: kund, köpare, kjøper, køber, medlem, användare, bruker, bruger, användarnamn, brukernavn,
    brugernavn, asiakas, ostaja, jäsen, jäsennumero, käyttäjä, debitor, kundekort, kortnummer
email strong: e post, epost, e postadress, epostadress, mejl, mejladress, kundens e post, e postadresse,
    epostadresse, kundens epost, mailadresse, e mailadresse, kundens email, sähköposti, sähköpostiosoite,
    asiakkaan sähköposti, kund e post, kunde email, kunde epost
customer_name strong: kundnamn, kundens namn, förnamn, efternamn, fullständigt namn, kundenavn, kundens navn,
    fornavn, etternavn, efternavn, fullt navn, asiakkaan nimi, etunimi, sukunimi, firmanavn, företagsnamn, företag,
    yritys, firma, asiakasnimi
customer_name usual: namn, navn, nimi, kund
order_id strong: ordernummer, ordernr, order nr, beställningsnummer, beställningsnr, fakturanummer, fakturanr,
    kvittonummer, kvitto nr, transaktionsnummer, transaktions id, ordrenummer, ordrenr, ordre nr, ordre id,
    bestillingsnummer, bestillingsnr, kvitteringsnummer, bilagsnummer, bongnummer, bonnummer, transaksjonsnummer,
    transaksjons id, tilausnumero, tilauksen numero, tilaus id, tilausnro, laskunumero, kuitin numero,
    tapahtumanumero, kuittinumero, verifikationsnummer
order_id usual: beställning, faktura, kvitto, transaktion, ordre, bestilling, kvittering, transaksjon, tilaus,
    lasku, kuitti, bong, tapahtuma
ordered_at strong: orderdatum, beställningsdatum, köpdatum, inköpsdatum, fakturadatum, transaktionsdatum,
    försäljningsdatum, datum för beställning, ordredato, bestillingsdato, kjøpsdato, købsdato, fakturadato,
    salgsdato, transaksjonsdato, transaktionsdato, tilauspäivä, tilauspäivämäärä, ostopäivä, tilausaika,
    myyntipäivä, laskun päivä, tilattu, laskutuspäivä, ordretid
ordered_at usual: dato, datum, datum och tid, dato og tid, päivämäärä, päiväys, pvm, dag, tidspunkt, ajankohta,
    dato tid
ordered_at weak: skapad, skapad datum, opprettet, oprettet, luotu, betalningsdatum, betalingsdato, maksupäivä
time strong: tid, klockslag, klokkeslett, klokkeslæt, kellonaika, aika, klokken, ordretidspunkt
product_id strong: artikelnummer, artikelnr, artikel nr, produkt id, produktkod, produktnummer, varunummer,
    varenummer, varenr, vare nr, produktkode, artikkelnummer, varekode, tuotenumero, tuotekoodi, tuote id,
    tuotetunnus, streckkod, strekkode, stregkode, viivakoodi, varu nr
product_name strong: artikelbenämning, produktnamn, artikelnamn, varunamn, benämning, produktnavn, varenavn, artikkelnavn,
    varetekst,
    tuotenimi, tuotteen nimi, tuotekuvaus, artikelbeskrivning, produktbeskrivelse
product_name usual: produkt, artikel, vara, vare, artikkel, tuote, beskrivning, beskrivelse, kuvaus, tjänst, nimike
category strong: kategori, produktkategori, varugrupp, varegruppe, produktgrupp, produktgruppe, kategoria,
    tuoteryhmä, tuotekategoria
quantity strong: antal, kvantitet, antall, mængde, mengde, määrä, kpl, lukumäärä, antal enheter, antal stk,
    tilattu määrä
quantity usual: stk, styck, stycken
unit_price strong: styckpris, à pris, a pris, enhetspris, stykpris, stykkpris, enhedspris, yksikköhinta,
    kappalehinta, försäljningspris, salgspris, pris per styck, pris per stk, kpl hinta, myyntihinta, pris inkl moms
unit_price usual: pris, hinta
amount strong: belopp, radbelopp, radsumma, omsättning, nettobelopp, försäljning, beløp, beløb, linjesum,
    linjebeløp, linjebeløb, omsetning, omsætning, nettobeløp, nettobeløb, salg, rivisumma, myynti, liikevaihto,
    rivin summa, intäkt, salgsbeløp
amount usual: summa, värde, verdi, værdi, sum, arvo
order_total strong: ordersumma, totalbelopp, orderbelopp, ordervärde, totalsumma, totalt belopp, ordersum,
    ordrebeløp, ordrebeløb, ordretotal, ordreværdi, ordreverdi, totalbeløp, totalbeløb, ordresum, tilauksen summa,
    loppusumma, yhteensä, tilauksen arvo, summa yhteensä, att betala, å betale, til betaling, kokonaissumma,
    tilauksen loppusumma, fakturabelopp, fakturabeløb, fakturabeløp, samlet beløb, totalpris, i alt,
    total inkl moms
order_total usual: totalt, summa totalt, kokonaishinta, delsumma, betalt beløp, subtotal
discount strong: rabatt, rabattbelopp, rabat, rabattbeløp, rabatbeløb, alennus, alennuksen määrä
refunded strong: återbetalt belopp, återbetalat, refundert beløp, refunderet beløb, tilbagebetalt, hyvitetty,
    palautettu summa, refundert, refunderet
currency strong: valuta, valutakod, valutakode, valuutta
status strong: orderstatus, betalningsstatus, ordrestatus, betalingsstatus, tila, tilauksen tila, maksun tila,
    status på ordre
event_type strong: transaktionstyp, transaksjonstype, transaktionstype, ordertyp, ordretype, bilagstype,
    tapahtumatyyppi
event_type weak: typ, type, tyyppi
"""

DISQUALIFIERS = """
customer_id: adress, adresse, namn, navn, post, stad, land, dato, datum, antal, antall, belopp, beløp, beløb, typ,
    type, grupp, gruppe, telefon, ny, ålder, alder, osoite, nimi, kaupunki, maa, määrä, ryhmä, puhelin, uusi
order_id: datum, dato, status, belopp, beløp, beløb, antal, antall, rad, linje, typ, total, summa, sum, päivä,
    tila, määrä
ordered_at: leverans, leveransdatum, leveringsdato, levering, skickad, skickat, sendt, födelsedatum, fødselsdato,
    registrering, retur, ändrad, endret, ændret, forfallsdato, förfallodatum, forfaldsdato, toimitus,
    toimituspäivä, syntymäaika, eräpäivä, leverert, leveret
product_id: namn, navn, pris, antal, antall, beskrivning, kategori, nimi, hinta
product_name: nummer, pris, antal, antall, kategori, kod, kode, nr, hinta, määrä
quantity: pris, rabatt, rabat, lager, retur, returnerad, hinta, varasto
unit_price: kostnad, kost, rabatt, rabat, moms, mva, frakt, fragt, inköpspris, alennus, alv
amount: kostnad, kost, moms, mva, frakt, fragt, rabatt, rabat, retur, valuta, datum, dato, vinst, avgift, gebyr,
    poäng, alv, alennus, toimitus
order_total: kostnad, kost, mva, frakt, fragt, rabatt, rabat, retur, valuta, datum, dato, vinst, avgift, gebyr,
    antal, antall, alv, alennus
status: kund, kunde, leverans, datum, dato
"""
