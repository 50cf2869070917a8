"""French headers; see the package."""

HEADERS = """
customer_id strong: id client, numéro client, numéro de client, code client, no client, n client,
    identifiant client, client id, ref client, référence client, n de client, numéro de compte client,
    numéro de carte, code tiers, id acheteur
customer_id usual: id utilisateur, client, cliente, acheteur, utilisateur, nom d utilisateur, membre,
    numéro de membre, compte, compte client, pseudo acheteur, identifiant
email strong: adresse email, adresse mail, courriel, e mail client, email client, adresse e mail, mail client,
    adresse courriel, email acheteur, courriel du client, email de l acheteur, e mail de l acheteur,
    adresse électronique
customer_name strong: nom client, nom du client, nom complet, prénom, nom de famille, nom et prénom, nom prénom,
    raison sociale, société, entreprise, nom de l acheteur, nom facturation, destinataire, nom de facturation,
    civilité nom
customer_name usual: nom, client
order_id strong: numéro de commande, numéro commande, no commande, n commande, n de commande, id commande,
    référence commande, référence de commande, réf commande, numéro facture, numéro de facture, n facture,
    n de facture, commande n, commande no, identifiant commande, id de commande, numéro de transaction,
    id transaction, identifiant de transaction, numéro de ticket, n ticket, no de commande, numéro de pièce,
    numéro de reçu, référence facture
order_id usual: commande, facture, référence, ticket, transaction, reçu, pièce, réf
ordered_at strong: date de commande, date commande, date d achat, date achat, date facture, commande le,
    date de la commande, commandé le, date de facture, date de facturation, date et heure de commande,
    date de vente, date vente, date de transaction, date de la vente, date du ticket, date création commande,
    date de création de la commande
ordered_at usual: date heure, date et heure, jour, horodatage
ordered_at weak: créé le, date de création, date création, créée le, date de paiement, payé le, date ajout,
    date d ajout
time strong: heure, heure de commande, heure de vente
product_id strong: référence produit, id produit, code produit, code article, ref article, réf produit,
    référence article, ugs, code barres, code barre, numéro d article, ref produit, id article
product_name strong: nom du produit, nom produit, libellé, désignation, libellé produit, libellé article,
    nom de l article, nom article, désignation article, intitulé, titre du produit
product_name usual: produit, article, description, abonnement, formule, prestation, produits
category strong: catégorie, catégorie produit, catégorie de produit, famille de produits, sous catégorie
category usual: rayon, famille, gamme, collection
quantity strong: quantité, qté, quantité commandée, quantités, nombre d articles, nb articles, quantité vendue,
    nbre d articles
quantity usual: nombre, qte, nb, pièces
unit_price strong: prix unitaire, prix à l unité, prix unitaire ttc, prix unitaire ht, pu ttc, pu ht, pu,
    prix de vente, prix produit, prix article, prix de vente ttc
unit_price usual: prix, prix ttc, prix ht, tarif
amount strong: montant, chiffre d affaires, montant ligne, total ligne, montant ttc, montant ht, ca ttc, ca ht, ca,
    recette, montant de la ligne, montant net, total ligne ttc, ventes nettes, chiffre d affaire,
    montant de la vente, montant payé ligne
amount usual: valeur, ventes, recettes, somme
order_total strong: total commande, montant total, montant de la commande, montant commande, total de la commande,
    total ttc, montant total ttc, total payé, montant facture, montant facturé, total facture, total général,
    montant du panier, net à payer, montant payé, total panier, valeur de la commande, prix total, total réglé,
    montant réglé, total à payer, montant total de la commande
order_total usual: total ht, sous total, total, payé
discount strong: remise, montant remise, réduction, montant de la remise, montant réduction, rabais, remises,
    bon de réduction
refunded strong: montant remboursé, remboursé, total remboursé, remboursement, montant du remboursement
currency strong: devise, code devise, monnaie
status strong: statut, statut commande, statut de la commande, état, état commande, état de la commande,
    statut de paiement, statut paiement, état du paiement, statut du paiement
event_type strong: type de transaction, type d opération, type transaction, type de pièce, type de document, nature
"""

DISQUALIFIERS = """
customer_id: adresse, mail, nom, prénom, ville, pays, postal, date, nombre, nb, montant, type, groupe, note,
    commentaire, téléphone, nouveau, nouvelle, âge, segment, depuis, remise, message, fidélité
order_id: date, statut, état, montant, quantité, nombre, ligne, type, total, source, heure, produit, article
ordered_at: livraison, expédition, expédiée, expédié, naissance, inscription, retour, remboursement, annulation,
    modification, mise, échéance, envoi, livré, livrée
product_id: nom, libellé, prix, quantité, description, catégorie
product_name: référence, code, prix, quantité, catégorie, ref, id
quantity: prix, remise, stock, retournée, annulée, remboursée
unit_price: achat, coût, remise, taxe, tva, livraison, port, barré
amount: tva, taxe, taxes, livraison, port, frais, coût, remise, réduction, remboursé, marge, bénéfice, commission,
    pourboire, points, devise, date, nombre, carte, cadeau, dû
order_total: tva, taxe, taxes, livraison, port, frais, coût, remise, réduction, remboursé, marge, bénéfice,
    commission, pourboire, points, devise, date, nombre, articles, quantité
discount: code, coupon
status: client, livraison, date, expédition
"""
