"""English headers; see the package."""

HEADERS = """
customer_id strong: customer id, customer number, customer no, customer code, cust id, customer key, cust no,
    cust number, cust nr, cust code, customer nr, customer unique id, client id
customer_id usual: user id, userid, buyer id, member id, account id, shopper id, client number, client no,
    member number, buyer username, username, user name, account number, contact id, household key, household id,
    patient id, guest id, guest no, guest number, client code, client key, account no, subscriber id, visitor id,
    person id, loyalty id, card number, loyalty card, customer,
    buyer, user, member, customer ref, customer reference, client
customer_id weak: account, uid, cid, phone, customer phone
email strong: email, e mail, email address, customer email, buyer email, billing email, client email, mail
customer_name strong: customer name, client name, buyer name, billing name, full name, shipping name,
    name of customer, bill to name, ship to name, recipient name, first name, last name, surname, company,
    company name
customer_name usual: name, customer, buyer
order_id strong: order id, order number, order no, ordernumber, order code, order reference, order ref, order name,
    invoice no, invoice, invoice number, invoice id, transaction id, receipt number, receipt id, purchase id,
    sales order number, basket id, order nr, txn id, txn no, txn number, txn, trx id, trans id, trans no,
    transaction ref, transaction no, transaction code, bill no, bill number, voucher no, document no, doc no,
    check number, check no, receipt code, reservation no, reservation number, reservation id, reservation code,
    booking no, booking number, booking reference, booking ref, booking code, confirmation number, folio no
order_id usual: order, transaction number, receipt, receipt no, ticket number, basket, cart id, booking id,
    sale id, session id, document number, payment id, purchase order, order key, transaction, ticket
ordered_at strong: order date, order datetime, order date time, ordered at, order time, order timestamp,
    purchase date, purchase datetime, purchased at, order purchase timestamp, invoice date, transaction date,
    date of order, date of purchase, date ordered, order placed, placed at, order created at, order creation date
ordered_at usual: date, datetime, date time, timestamp, sale date, sales date, sold at, sold on, transaction time,
    transaction timestamp, event time, order day, purchase time, purchase timestamp
ordered_at weak: created at, created, created date, creation date, date created, created on, day, time, when,
    paid at, payment date, paid on, date paid
time strong: time, order time, time of day, sale time, transaction time
product_id strong: product code, product number, product no, sku, item id, item code, item number, stock code,
    article number, article id, asin, ean, upc, gtin, barcode, lineitem sku, variant sku, variant id, isbn,
    product id
product_id usual: plu, material number, part number, style code, model number, item sku, product sku, product key
product_name strong: product name, product title, item name, item title, item description, product description,
    lineitem name, article name
product_name usual: product, title, plan name, subscription plan, products, service, sku name, item, article,
    description, plan
category strong: category, product category, item category, category name, product category name, product type,
    department, sub category, subcategory
category usual: product group, class, line of business, collection
quantity strong: quantity, qty, quantity ordered, quantity purchased, item quantity, lineitem quantity,
    order quantity, number of items, item count, items sold, units, units sold, number of cds
quantity usual: count, pcs, items, number of units, order item quantity, volume, pieces
unit_price strong: unit price, price per unit, item price, price each, price per item, lineitem price,
    product price, selling price, price per piece, retail price
unit_price usual: price, rate, sold for, list price, unit cost
amount strong: amount, line total, line amount, line value, net sales, sales amount, sale amount, sales value,
    revenue, transaction amount, purchase amount, extended price, net amount, line revenue, item total, total line,
    dollar value, dollars, amount spent, spend, spent, purchase value, sale price total
amount usual: sales, sale, value, money, turnover, gmv, gross sales, price total, total value, usd, eur
order_total strong: order total, order amount, order value, grand total, total order value, order total inc tax,
    invoice total, basket value, basket total, cart total, total order amount, invoice amount, order revenue,
    total order, order price
order_total usual: total price, total amount, total paid, amount paid, payment value, payment amount, total sales,
    total sale, total spend, total cost, total, subtotal
discount strong: discount, discount amount, discounts, line discount, item discount, discount value,
    discount percent, discount rate, promotion discount
refunded strong: refunded amount, amount refunded, refund amount, total refunded, refunded, refund total
currency strong: currency, currency code, order currency, transaction currency, order currency code
status strong: order status, status, financial status, payment status, order state, transaction status
status usual: state, item status
event_type strong: event type, transaction type, order type, sale type, document type, record type
"""

DISQUALIFIERS = """
customer_id: address, amount, birth, category, city, cost, count, country, email, first, gender, group, last,
    notes, order, price, region, service, since, source, state, status, total, value, zip, age, date, mail, name,
    note, segment, type, phone
email: accepts, consent, count, marketing, opt, sent, status, verified
order_id: amount, channel, count, customer, day, discount, line, method, month, name, price, priority, product,
    purpose, quantity, size, state, time, timestamp, value, weekday, year, date, item, position, status, source,
    total, type
ordered_at: approved, birth, birthday, cancel, canceled, cancelled, carrier, deliver, delivered, delivery, due,
    end, estimated, expected, expiry, join, joined, limit, modified, refund, registered, registration, return,
    returned, ship, shipped, shipping, signup, since, until, update, updated, zone
time: date, zone
product_id: category, price, quantity, title, type, name, description
product_name: category, count, number, price, quantity, status, tax, type, code, id, sku
category: customer, id, tax
quantity: available, canceled, cancelled, discount, price, refunded, returned, shipped, stock
unit_price: compare, discount, freight, shipping, tax, total, cost, vat
amount: costs, count, currency, discount, due, fee, fees, freight, id, margin, profit, quantity, refund, refunded,
    shipping, tax, tip, cost, date, vat
order_total: btw, count, currency, discount, due, fee, fees, freight, id, items, iva, margin, profit, quantity,
    refund, refunded, shipping, tax, cost, date, vat
discount: name, type, code, coupon
refunded: date, id, reason
currency: amount, rate
status: customer, delivery, fulfillment, fulfilment, marital, member, shipping, date, tax, vat, marketing, account,
    email, stock, inventory, product, subscription, newsletter, employment
event_type: card, customer, item, lineitem, payment, product, user
customer_name: code, email, id, number
"""
