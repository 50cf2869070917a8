"""Portuguese headers, of Brazil too; see the package."""

HEADERS = """
customer_id strong: número do cliente, código do cliente, id do cliente, cliente id, cód cliente, código cliente,
    n cliente, nº do cliente, id cliente, id do comprador, código de cliente, número de cliente, cpf cnpj, cpf,
    cpf do cliente, cnpj, número do cartão
customer_id usual: cliente, comprador, usuário, utilizador, nome de usuário, membro, id do usuário, conta,
    documento, nif, contribuinte, apelido do comprador, cnpj cpf, cpf cnpj do cliente
email strong: endereço de email, email do cliente, e mail do cliente, e mail do comprador, email do comprador,
    correio eletrônico, correio electrónico, correio eletrónico, endereço de e mail, cliente email, email cliente,
    e mail comprador
customer_name strong: nome cliente, nome do cliente, sobrenome, nome completo, nome do comprador, comprador nome,
    razão social, apelido, empresa, nome para a cobrança, destinatário, nome e sobrenome, primeiro nome,
    último nome
customer_name usual: nome, cliente, comprador
order_id strong: número do pedido, código do pedido, número pedido, id do pedido, pedido id, nº do pedido,
    n pedido, n do pedido, número da encomenda, nº encomenda, id da encomenda, número da fatura, número da nota,
    nota fiscal, número da nota fiscal, número da venda, código da venda, n de venda, número da transação,
    id da transação, cód pedido, pedido nº, número da ordem, id pedido, identificador do pedido,
    código da transação, número de encomenda, n da fatura, documento nº
order_id usual: pedido, encomenda, fatura, venda, transação, compra, nf, ordem, cupom, recibo
ordered_at strong: data do pedido, data pedido, data da compra, data compra, data da encomenda, data da venda,
    data venda, data da transação, data de compra, data e hora do pedido, data da fatura, data de emissão,
    data encomenda, data da nota, data do pagamento do pedido, data de venda, data emissão
ordered_at usual: data, data hora, data e hora, dia
ordered_at weak: criado em, data de criação, data criação, data do pagamento, data de pagamento, pago em,
    data de cadastro do pedido
time strong: hora, hora do pedido, horário
product_id strong: id produto, código do produto, código produto, cód produto, id do produto, referência,
    referência do produto, código de barras, código do artigo, sku do produto, ref produto, código do item
product_name strong: nome do produto, nome produto, descrição do produto, título do produto, nome do item,
    título do anúncio, designação, descrição do item, nome do artigo
product_name usual: produto, descrição, artigo, item, serviço, produtos, plano, assinatura, anúncio
category strong: categoria, categoria do produto, categoria produto, departamento, subcategoria
category usual: família, seção, grupo, linha
quantity strong: quantidade, qtd, qtde, quantidade comprada, quantidade de produtos, unidades,
    quantidade do produto, quantidade vendida, qtd itens
quantity usual: peças, quant, qt
unit_price strong: preço unitário, valor unitário, preço do produto, valor do produto, preço por unidade,
    preço de venda, vlr unitário, valor unit, preço unit
unit_price usual: preço
amount strong: valor, valor da compra, receita, valor do item, valor total do item, total do item, faturamento,
    valor da venda, montante, importância, receita por produtos, valor líquido, valor bruto, total da linha,
    vlr total item, valor dos produtos, receita bruta, quantia
amount usual: vendas, vlr
order_total strong: valor total, total do pedido, valor do pedido, valor total do pedido, total da encomenda,
    valor da encomenda, total da compra, total pago, valor pago, total da venda, valor total da compra,
    valor total da venda, valor da fatura, total da fatura, vlr total, total a pagar, preço total, total geral,
    valor final, total pedido, valor da nota, valor total da nota
order_total usual: total, subtotal, pago, soma
discount strong: desconto, valor desconto, valor do desconto, descontos, total de descontos, valor de desconto
refunded strong: valor reembolsado, reembolsado, valor do reembolso, reembolso, valor estornado, valor devolvido,
    cancelamentos e reembolsos
currency strong: moeda, código da moeda, divisa
status strong: status do pedido, situação, situação do pedido, estado, estado da encomenda, status do pagamento,
    situação do pagamento, estado do pedido, status da compra, estado do pagamento, status pedido, estado da venda
event_type strong: tipo de transação, tipo de documento, tipo de operação, tipo transação, natureza da operação,
    tipo de venda
event_type weak: tipo
"""

DISQUALIFIERS = """
customer_id: endereço, mail, nome, sobrenome, cidade, país, cep, postal, data, quantidade, valor, tipo, grupo,
    nota, observação, telefone, novo, nova, idade, desde, comentário, bairro, uf, anotações
order_id: data, status, situação, estado, valor, quantidade, linha, tipo, total, hora, origem, canal, item,
    observação
ordered_at: envio, entrega, nascimento, cadastro, registo, devolução, cancelamento, modificação, vencimento,
    atualização, postagem, enviado, entregue
product_id: nome, preço, quantidade, descrição, categoria, valor
product_name: código, preço, quantidade, categoria, referência, id, sku, valor
quantity: preço, desconto, estoque, stock, devolvida, cancelada, parcelas
unit_price: custo, desconto, imposto, iva, frete, promocional
amount: imposto, impostos, iva, icms, frete, envio, portes, custo, desconto, reembolso, reembolsado, margem, lucro,
    comissão, gorjeta, pontos, moeda, data, quantidade, taxa, taxas, tarifa, tarifas, parcela, parcelas, juros,
    presente
order_total: imposto, impostos, frete, envio, portes, custo, desconto, reembolso, reembolsado, margem, lucro,
    comissão, gorjeta, pontos, moeda, data, quantidade, taxa, taxas, tarifa, tarifas, parcela, parcelas, juros,
    itens, produtos
discount: código, cupom
status: cliente, envio, entrega, data, civil
"""
