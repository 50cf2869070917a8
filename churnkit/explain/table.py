"""The panel's features in words, as a table: ``catalogue`` reads it."""

from __future__ import annotations

# Under each group two lines a feature: column | kind | label, then what a high and what a low value mean.
TABLE = """
[recency]
recency_days | days | Days since the last purchase
    has not bought for long | bought lately
recency_days_rank | share | Days since the last purchase, rank in the shop
    has been away longer than most | bought later than most
recency_tenure_ratio | share | Share of the time as a customer since the last purchase
    stopped buying early on | bought until lately
overdue_ratio | ratio | Time since the last purchase against the usual gap
    is overdue | is not due yet
overdue_last_ratio | ratio | Time since the last purchase against the last gap
    is overdue against last time | is not due yet against last time
overdue_max_ratio | ratio | Time since the last purchase against the longest gap
    has been away longer than ever | has been away longer before
missed_orders | number | Orders missed since the last one, at the own pace
    has let more orders pass than usual | has let no more orders pass than usual
p_alive | share | Chance of still being a customer, from the purchase process
    buys in line with the own rhythm | has broken the own rhythm
btyd_p_no_purchase | share | Chance of no purchase, from the purchase process
    is unlikely to buy by the own rhythm | is likely to buy by the own rhythm
[frequency]
order_count | count | Number of orders
    has ordered often | has ordered rarely
order_count_rank | share | Number of orders, rank in the shop
    orders more often than most | orders less often than most
repeat_count | count | Number of repeat purchases
    came back often | came back rarely
purchase_days | count | Number of days with a purchase
    bought on many days | bought on few days
months_active | count | Number of months with a purchase
    bought in many months | bought in few months
active_month_share | share | Share of months with a purchase
    buys in most months | buys in few months
orders_per_month | number | Orders a month
    orders at a fast pace | orders at a slow pace
line_count | count | Number of items ordered
    has ordered many items | has ordered few items
btyd_expected_orders | number | Expected orders, from the purchase process
    is expected to order often | is expected to order rarely
gap_mean_days | days | Usual days between purchases
    buys at long intervals | buys at short intervals
gap_std_days | days | Spread of the days between purchases
    buys at irregular intervals | buys at regular intervals
gap_cv | ratio | Irregularity of the intervals
    buys at irregular intervals | buys at regular intervals
gap_max_days | days | Longest time between purchases
    once stayed away for long | never stayed away for long
gap_min_days | days | Shortest time between purchases
    never bought twice within short | once bought twice within short
gap_last_days | days | Days between the last two purchases
    took long to come back last time | came back soon last time
gap_trend | ratio | Last interval against the usual one
    comes back later than before | comes back sooner than before
[money]
monetary_total | money | Money spent, returns taken off
    has spent much | has spent little
spend_tier | count | Spend tier in the shop, 1 (lowest fifth) to 5
    is among the customers who spend most | is among the customers who spend least
spend_pace_change | change | Daily spend of the last weeks against the last months
    spends faster than before | spends slower than before
monetary_total_rank | share | Money spent, rank in the shop
    has spent more than most | has spent less than most
gross_total | money | Money spent before returns
    has bought for much | has bought for little
monetary_mean | money | Average order value
    places large orders | places small orders
monetary_mean_rank | share | Average order value, rank in the shop
    places larger orders than most | places smaller orders than most
order_value_max | money | Largest order
    has placed a large order | has placed no large order
order_value_std | money | Spread of the order values
    places orders of very different value | places orders of similar value
order_value_cv | ratio | Spread of the order values against their average
    places orders of very different value | places orders of similar value
last_order_value | money | Value of the last order
    placed a large last order | placed a small last order
spend_per_month | money | Money spent a month
    spends much a month | spends little a month
btyd_order_value | money | Expected order value
    is expected to place large orders | is expected to place small orders
btyd_expected_spend | money | Expected spend, from the purchase process
    is expected to spend much | is expected to spend little
last_order_value_ratio | ratio | Last order against the average order
    ordered for more than usual last time | ordered for less than usual last time
discount_total | money | Discounts received
    has received much discount | has received little discount
discount_share | share | Discount as a share of the full price
    buys at reduced prices | buys at full price
discount_order_share | share | Share of orders with a discount
    buys mostly with a discount | buys mostly without a discount
[products]
product_count | count | Number of different products
    has bought many different products | has bought few different products
products_per_order | number | Different products an order
    tries many products | tries few products
category_count | count | Number of different categories
    buys across categories | buys from few categories
repeat_lines | count | Number of products bought again
    buys the same products again | does not buy the same products again
repeat_product_share | share | Share of purchases that are products bought before
    buys the same products again | does not buy the same products again
product_lines | count | Number of items with a product number
    has bought many items | has bought few items
new_products_last_order | count | New products in the last order
    tried new products last time | tried nothing new last time
lines_per_order | number | Items an order
    places orders of many items | places orders of few items
quantity_total | count | Number of pieces bought
    has bought many pieces | has bought few pieces
quantity_per_order | number | Pieces an order
    orders many pieces at a time | orders few pieces at a time
favourite_category | category | Favourite category
    prefers a category whose buyers leave more often | prefers a category whose buyers stay more often
favourite_share | share | Share of the money that goes to the favourite category
    buys mostly one category | spreads over categories
[returns]
refund_total | money | Money returned
    has returned much | has returned little
refund_count | count | Number of returns
    has returned often | has returned rarely
return_share | share | Share of the money spent that was returned
    returns much of what is bought | returns little of what is bought
[lifetime]
tenure_days | days | Days since the first purchase
    has been a customer for long | is a new customer
t_x_days | days | Days between the first and the last purchase
    bought over a long time | bought over a short time
[season]
cutoff_month_sin | number | Time of year, spring against autumn
    is scored in spring | is scored in autumn
cutoff_month_cos | number | Time of year, winter against summer
    is scored in winter | is scored in summer
weekend_share | share | Share of orders at weekends
    buys mostly at weekends | buys mostly on weekdays
evening_share | share | Share of orders in the evening
    buys mostly in the evening | buys mostly in the daytime
hour_mean | hour | Usual hour of the order
    orders late in the day | orders early in the day
"""
