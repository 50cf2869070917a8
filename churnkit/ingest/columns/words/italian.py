"""Italian headers; see the package."""

HEADERS = """
customer_id strong: codice cliente, id cliente, numero cliente, cliente id, cod cliente, n cliente,
    codice del cliente, codice fiscale, id acquirente, numero tessera, codice anagrafica
customer_id usual: id utente, cliente, acquirente, utente, socio, nome utente, partita iva, p iva, tessera,
    intestatario
email strong: indirizzo email, indirizzo e mail, posta elettronica, email cliente, e mail cliente,
    email del cliente, e mail acquirente, email acquirente, mail cliente
customer_name strong: nome cliente, nome del cliente, cognome, nome e cognome, ragione sociale, nominativo,
    nome completo, azienda, società, nome acquirente, destinatario, denominazione cliente, cognome e nome
customer_name usual: nome, cliente
order_id strong: numero ordine, id ordine, n ordine, codice ordine, numero fattura, numero d ordine, ordine n,
    riferimento ordine, ordine id, n fattura, numero scontrino, id transazione, numero transazione,
    numero documento, n documento, numero dell ordine, nr ordine, num ordine, ordine numero, numero ricevuta,
    codice transazione
order_id usual: ordine, fattura, scontrino, transazione, ricevuta, documento, riferimento
ordered_at strong: data ordine, data dell ordine, data acquisto, data fattura, data d acquisto, data dell acquisto,
    data vendita, data e ora ordine, data transazione, data documento, ordinato il, data di acquisto,
    data scontrino, data di vendita, data emissione
ordered_at usual: data, data ora, data e ora, giorno
ordered_at weak: creato il, data creazione, data di creazione, data pagamento, pagato il, data inserimento
time strong: ora, orario, ora ordine, ora vendita
product_id strong: id prodotto, codice prodotto, codice articolo, cod articolo, cod prodotto, riferimento prodotto,
    codice a barre, cod art, id articolo
product_name strong: nome prodotto, nome del prodotto, descrizione prodotto, descrizione articolo, nome articolo,
    titolo prodotto, denominazione
product_name usual: prodotto, articolo, descrizione, servizio, prodotti, abbonamento
category strong: categoria, categoria prodotto, categoria merceologica, gruppo merceologico, reparto,
    sottocategoria
quantity strong: quantità, qta, q tà, quantità ordinata, quantità venduta, numero pezzi, numero articoli, qtà
quantity usual: pezzi, pz
unit_price strong: prezzo unitario, prezzo per unità, prezzo di vendita, prezzo prodotto, prezzo articolo,
    prezzo ivato, prezzo unit
unit_price usual: prezzo
amount strong: importo, fatturato, totale riga, importo riga, importo netto, importo lordo, ricavo, ricavi,
    imponibile, venduto, incasso, valore riga, totale articolo
amount usual: vendite, valore, netto, lordo
order_total strong: totale ordine, importo totale, totale dell ordine, importo ordine, totale fattura,
    valore ordine, totale documento, totale pagato, totale complessivo, totale ivato, totale scontrino,
    importo pagato, prezzo totale, totale da pagare, totale generale, totale carrello, valore dell ordine,
    importo fattura, importo dell ordine
order_total usual: totale, subtotale, pagato, somma, totale prodotti
discount strong: sconto, importo sconto, sconti, valore sconto, totale sconto, sconto totale
refunded strong: importo rimborsato, rimborsato, rimborso, totale rimborsato, importo rimborso
currency strong: valuta, divisa, codice valuta, moneta
status strong: stato, stato ordine, stato dell ordine, stato pagamento, stato del pagamento
event_type strong: tipo transazione, tipo documento, tipo di documento, tipo operazione, tipo movimento, causale
event_type weak: tipo
"""

DISQUALIFIERS = """
customer_id: indirizzo, mail, nome, cognome, città, paese, nazione, cap, data, quantità, importo, tipo, gruppo,
    nota, note, telefono, nuovo, nuova, età, dal, provincia, cellulare
order_id: data, stato, importo, quantità, riga, tipo, totale, ora, note, canale, origine, articoli
ordered_at: consegna, spedizione, nascita, registrazione, reso, annullamento, modifica, scadenza, aggiornamento,
    evasione
product_id: nome, prezzo, quantità, descrizione, categoria
product_name: codice, prezzo, quantità, categoria, riferimento, id
quantity: prezzo, sconto, magazzino, giacenza, resa, annullata
unit_price: costo, acquisto, sconto, imposta, spedizione, listino
amount: imposta, imposte, iva, spedizione, trasporto, costo, costi, sconto, rimborso, rimborsato, margine, utile,
    commissione, mancia, punti, valuta, data, spese, buono, regalo
order_total: imposta, imposte, spedizione, trasporto, costo, costi, sconto, rimborso, rimborsato, margine, utile,
    commissione, mancia, punti, valuta, data, spese, pezzi, articoli, quantità
discount: codice
status: cliente, spedizione, consegna, data, civile
"""
