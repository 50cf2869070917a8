"""The table behind the export guides: where each shop system hides the export of its orders."""

from __future__ import annotations

from collections.abc import Mapping

Steps = tuple[str, tuple[str, ...], str, str]
"""Title, steps, the file that comes out, names of its presets."""

STEPS: Mapping[str, Steps] = {
    "shopify": (
        "Shopify",
        (
            "Open Orders in the admin.",
            "Click Export at the top right.",
            "Choose All orders and Plain CSV file, then Export orders.",
        ),
        "orders_export.csv, or a zip of several parts; give all of them. Each row is a line of an order.",
        "shopify shopify_totals",
    ),
    "matrixify": (
        "Shopify with Matrixify",
        (
            "Open Apps > Matrixify > New Export.",
            "Tick Orders with Basic Columns, Customer, Line Items and Refunds.",
            "Choose CSV or Excel and download the sheet Orders.",
        ),
        "A sheet Orders whose rows have a Line: Type.",
        "matrixify",
    ),
    "woocommerce": (
        "WooCommerce",
        (
            "Install an order-export plugin, such as Advanced Order Export For WooCommerce.",
            "Add the fields order_id, order_number, date, status, order_total, customer_user and billing_email.",
            "Choose all dates and all statuses and export as CSV.",
        ),
        "A CSV file with customer_user and billing_email. The table of Analytics > Orders names nobody and does not do.",
        "woocommerce_plugin woocommerce_lines",
    ),
    "square": (
        "Square",
        (
            "Open Transactions in the Square Dashboard.",
            "Choose a range of at most a year at a time.",
            "Click Export > Items detail CSV (or Transactions CSV), and give the files of all years.",
        ),
        "items-….csv or transactions-….csv with a Customer ID.",
        "square_items square_transactions",
    ),
    "lightspeed": (
        "Lightspeed Retail (X-Series)",
        ("Open Sell > Sales History.", "Filter by All sales and the whole time.", "Click Export List."),
        "A CSV file with Receipt Number, Line Type and Customer Code.",
        "lightspeed",
    ),
    "stripe": (
        "Stripe",
        (
            "Open Transactions > Payments in the Dashboard.",
            "Click Export.",
            "Choose All time and all columns, then Export.",
        ),
        "unified_payments.csv or charges.csv: one row a payment, with the customer's id or e-mail address.",
        "stripe",
    ),
    "paypal": (
        "PayPal",
        (
            "Open Activity > All Reports > Activity download.",
            "Choose Balance affecting (or Completed payments), the longest range and CSV.",
            "Create the report and download it when it is ready; give the files of all years.",
        ),
        "Download.CSV with From Email Address, Gross and Transaction ID.",
        "paypal",
    ),
    "mollie": (
        "Mollie",
        (
            "Open Transactions > Payments in the dashboard.",
            "Choose the whole time and the status Paid.",
            "Click Export > CSV.",
        ),
        "A CSV file of payments. Payments by card name nobody: the shop system's own export is better.",
        "mollie",
    ),
    "amazon": (
        "Amazon",
        (
            "Open Orders > Order Reports in Seller Central.",
            "Request the report New Orders (not All Orders, which names no buyer).",
            "Download the text files of all months.",
        ),
        "A tab-separated text file with order-id, buyer-email and item-price.",
        "amazon_orders",
    ),
    "ebay": (
        "eBay",
        (
            "Open Orders > Download report in the Seller Hub.",
            "Choose All orders and the longest range.",
            "Download the report; give the files of all ranges.",
        ),
        "A CSV file with Sales Record Number and Buyer Username.",
        "ebay",
    ),
    "etsy": (
        "Etsy",
        (
            "Open Shop Manager > Settings > Options > Download Data.",
            "Under CSV type choose Orders, then a year.",
            "Download the CSV file; give the files of all years.",
        ),
        "EtsySoldOrders….csv with Buyer User ID and Order Value.",
        "etsy etsy_items",
    ),
    "mercado_libre": (
        "Mercado Libre / Mercado Livre",
        (
            "Open Ventas (Vendas) in your account.",
            "Choose the range and click Descargar Excel de ventas (Baixar Excel de vendas).",
            "Download the report that arrives; give the files of all months.",
        ),
        "An Excel file with # de venta (N.º de venda) and the buyer's document number.",
        "mercado_libre",
    ),
    "rakuten": (
        "Rakuten Ichiba (楽天市場)",
        (
            "RMSで「受注・決済管理」＞「受注データダウンロード」を開く (open the order data download in RMS).",
            "期間とすべてのステータスを選び、全カラムのテンプレートを選ぶ (all statuses, all columns).",
            "CSVを作成してダウンロードする (create and download the CSV).",
        ),
        "A CSV file in Shift_JIS with 注文番号, 注文日時 and 注文者メールアドレス.",
        "rakuten",
    ),
    "magento": (
        "Magento / Adobe Commerce",
        (
            "Open Sales > Orders.",
            "Show the column Customer Email under Columns.",
            "Choose CSV beside Export and click Export.",
        ),
        "export.csv with Customer Email and Grand Total (Base).",
        "magento",
    ),
    "prestashop": (
        "PrestaShop",
        (
            "Open Advanced Parameters > Database > SQL Manager.",
            "Add the query: SELECT o.id_order, o.id_customer, c.email, o.date_add, o.total_paid_tax_incl, o.valid,"
            " o.current_state FROM ps_orders o JOIN ps_customer c ON c.id_customer = o.id_customer",
            "Save it and click Export.",
        ),
        "A CSV file with id_order and id_customer. The list of orders itself shortens names and does not do.",
        "prestashop_sql",
    ),
    "shopware": (
        "Shopware",
        (
            "Open Settings > Shop > Import/Export.",
            "Choose the profile Orders (Shopware 5: default_orders) and start the export.",
            "Download the finished file.",
        ),
        "A CSV file with the order's number, time, amount and the customer's e-mail address.",
        "shopware",
    ),
    "opencart": (
        "OpenCart",
        (
            "Install an order-export extension, or open phpMyAdmin at your host.",
            "Export the table oc_order as CSV with column names in the first row.",
        ),
        "A CSV file with order_id, customer_id, email, total and date_added.",
        "opencart",
    ),
    "bigcommerce": (
        "BigCommerce",
        (
            "Open Orders > Export orders.",
            "Choose the template Default and all orders.",
            "Export as CSV and download it.",
        ),
        "A CSV file with Customer ID, Order Date and Order Total (inc tax).",
        "bigcommerce",
    ),
    "squarespace": (
        "Squarespace",
        (
            "Open Selling > Orders.",
            "Click the three dots > Download CSV.",
            "Choose all orders and all dates, then Download.",
        ),
        "orders.csv whose first row of an order has Email, Financial Status and Total.",
        "squarespace",
    ),
    "wix": (
        "Wix",
        (
            "Open Sales > Orders in the site's dashboard.",
            "Click More Actions > Export Orders.",
            "Choose the whole time and all columns.",
        ),
        "A CSV file with Order number, Date created and Contact email.",
        "wix",
    ),
    "ecwid": (
        "Ecwid by Lightspeed",
        (
            "Open My Sales > Orders.",
            "Click Export All.",
            "Tick all columns and choose CSV.",
        ),
        "A CSV file with the order's number, e-mail address, payment status and total.",
        "ecwid",
    ),
    "nuvemshop": (
        "Nuvemshop / Tiendanube",
        (
            "Open Vendas (Ventas) > Lista de vendas (Lista de ventas).",
            "Click Exportar lista.",
            "Choose the whole time; the file arrives by e-mail.",
        ),
        "ventas.csv with Número do Pedido (Número de orden), E-mail and Total.",
        "nuvemshop",
    ),
    "jtl": (
        "JTL-Wawi",
        (
            "Open JTL-Ameise > Export > Aufträge.",
            "Choose Auftragsnummer, Kundennummer, Erstelldatum, Artikelnummer, Menge, VK Brutto and Positionstyp.",
            "Start the export as CSV.",
        ),
        "A CSV file: each row is a position of an order.",
        "jtl",
    ),
    "odoo": (
        "Odoo",
        (
            "Open Sales > Orders > Orders and show the list.",
            "Select all, then Action > Export.",
            "Add Order Reference, Order Date, Customer/ID, Total and Status, and export as xlsx or CSV.",
        ),
        "One row an order, with the customer's id rather than the name alone.",
        "odoo",
    ),
    "sumup": (
        "SumUp",
        (
            "A card terminal does not know who pays: its reports name no buyer.",
            "Use the invoices (Profile > Reports > Invoices), or the orders of a SumUp Online Store.",
        ),
        "A CSV file whose rows carry the customer's e-mail address.",
        "",
    ),
}
