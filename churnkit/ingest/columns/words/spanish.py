"""Spanish headers; see the package."""

HEADERS = """
customer_id strong: id cliente, número cliente, código cliente, número de cliente, cod cliente, código de cliente,
    cliente id, id del cliente, n cliente, no cliente, nro cliente, nro de cliente, código del cliente,
    id comprador, número de socio, número de tarjeta
customer_id usual: id usuario, cliente, comprador, usuario, socio, nombre de usuario, miembro, cuenta, dni, rut,
    nif, cédula, rfc, cuit, documento del cliente, número de documento, apodo del comprador
email strong: correo, correo electrónico, email cliente, email del cliente, correo del cliente, correo cliente,
    e mail del cliente, dirección de correo, dirección de correo electrónico, correo electrónico del cliente,
    mail del cliente, email comprador, email del comprador, mail, correo del comprador
customer_name strong: nombre cliente, nombre del cliente, apellido, apellidos, nombre y apellido,
    nombre y apellidos, nombre completo, razón social, empresa, nombre del comprador, nombre comprador,
    nombre facturación, destinatario
customer_name usual: nombre, cliente, comprador
order_id strong: número de pedido, número pedido, id pedido, pedido id, número factura, número de factura,
    número de orden, n pedido, no pedido, n de pedido, nro pedido, nro de pedido, número de venta, id orden,
    código de pedido, id venta, referencia pedido, referencia del pedido, id del pedido, n factura, nro factura,
    número de ticket, número de transacción, id transacción, id de pedido, orden no, nro de orden,
    número de orden de compra, número de boleta, folio, comprobante, número de comprobante, ref pedido, no de venta
order_id usual: pedido, factura, orden, venta, ticket, transacción, boleta, recibo, compra, folio de venta
ordered_at strong: fecha de pedido, fecha pedido, fecha de compra, fecha compra, fecha del pedido, fecha factura,
    fecha de venta, fecha venta, fecha de la orden, fecha de orden, fecha de factura, fecha de emisión,
    fecha y hora del pedido, fecha de transacción, fecha de la compra, fecha de la venta, fecha emisión,
    fecha orden, fecha de facturación, fecha de operación
ordered_at usual: fecha, fecha hora, fecha y hora, día
ordered_at weak: creado el, fecha de creación, creado, fecha creación, fecha de pago, pagado el, fecha de alta
time strong: hora, hora del pedido, hora de venta
product_id strong: id producto, código producto, código de producto, referencia, código del producto,
    código artículo, código de artículo, referencia producto, ref producto, id artículo, código de barras,
    clave producto, número de publicación, cód producto
product_name strong: nombre producto, nombre del producto, descripción producto, descripción del producto,
    nombre artículo, descripción artículo, título de la publicación, denominación, nombre del artículo
product_name usual: producto, artículo, descripción, concepto, productos, servicio, publicación, plan, suscripción
category strong: categoría, categoría producto, categoría de producto, categoría del producto, rubro, subcategoría
category usual: familia, sección, línea, departamento
quantity strong: cantidad, cant, unidades, cantidad de productos, cantidad vendida, unidades vendidas,
    cantidad del producto, cantidad pedida
quantity usual: uds, piezas, número de artículos
unit_price strong: precio unitario, precio por unidad, precio unidad, precio producto, precio del producto,
    precio de venta, pvp, p unitario, precio unit, precio unitario de venta
unit_price usual: precio
amount strong: importe, importe línea, ventas, monto, importe neto, importe bruto, total línea, monto de la venta,
    ingreso, ingresos, facturación, importe de la línea, venta neta, ingresos por productos, monto neto,
    subtotal línea
amount usual: valor, venta total, recaudación, base imponible
order_total strong: total pedido, importe total, total del pedido, importe del pedido, total factura, monto total,
    total de la orden, total venta, total orden, valor del pedido, valor total, importe pedido, total compra,
    total a pagar, precio total, total de la compra, total general, total pagado, monto del pedido,
    importe factura, total de venta, total con iva, monto de la orden, importe pagado
order_total usual: total, subtotal, pagado, suma, subtotal de productos
discount strong: descuento, importe descuento, monto de descuento, descuentos, valor descuento,
    importe del descuento, rebaja, bonificación
refunded strong: importe reembolsado, reembolsado, monto reembolsado, total reembolsado, reembolso,
    importe devuelto, importe de reembolso
currency strong: moneda, divisa, código de moneda, código moneda
status strong: estado, estado del pedido, estado pedido, estado de la orden, estado de pago, estado del pago,
    situación, estatus, estado de la venta, estado de la compra
event_type strong: tipo de transacción, tipo de documento, tipo documento, tipo de operación, tipo de comprobante,
    tipo de movimiento, tipo transacción
event_type weak: tipo
"""

DISQUALIFIERS = """
customer_id: dirección, correo, mail, nombre, apellido, apellidos, ciudad, país, postal, fecha, cantidad, importe,
    tipo, grupo, nota, notas, teléfono, nuevo, nueva, edad, desde, comentario, provincia, identidad, observaciones
order_id: fecha, estado, importe, cantidad, línea, tipo, total, monto, hora, origen, canal, notas, producto
ordered_at: envío, entrega, nacimiento, registro, devolución, cancelación, modificación, vencimiento,
    actualización, despacho, enviado, entregado, alta
product_id: nombre, precio, cantidad, descripción, categoría
product_name: código, precio, cantidad, categoría, referencia, id, sku
quantity: precio, descuento, stock, devuelta, cancelada, cuotas
unit_price: coste, costo, compra, descuento, impuesto, iva, envío, oferta
amount: impuesto, impuestos, iva, envío, coste, costo, costos, descuento, reembolso, reembolsado, margen,
    beneficio, ganancia, comisión, propina, puntos, moneda, fecha, cantidad, cargo, cargos, gastos, regalo
order_total: impuesto, impuestos, envío, coste, costo, costos, descuento, reembolso, reembolsado, margen,
    beneficio, ganancia, comisión, propina, puntos, moneda, fecha, cantidad, productos, cargo, cargos, gastos,
    unidades, artículos
discount: código, cupón
status: cliente, envío, entrega, fecha, civil
"""
