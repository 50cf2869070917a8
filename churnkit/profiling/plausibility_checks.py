"""What missing, impossible and contradictory values mean for an analysis."""

from __future__ import annotations

from collections.abc import Sequence

from churnkit.profiling.account import Account
from churnkit.profiling.checks import CheckSpec
from churnkit.profiling.plausibility import CRITICAL, MISSING_LIMIT, Suspicions
from churnkit.profiling.tables import EARLIEST_PLAUSIBLE
from churnkit.results.profile import Check, MissingValues
from churnkit.text.figures import count, counted, money, percent

MISSING_GROUP = "Missing values"
GROUP = "Impossible values"
OPTIONAL = ("product_id", "product_name", "category", "quantity", "unit_price", "discount", "currency")
WITHOUT = {"customer_id": "a customer", "ordered_at": "a date", "amount": "an amount"}

MISSING = {
    "customer_id": CheckSpec(
        "DQ-201",
        "Missing customer ids",
        MISSING_GROUP,
        "share of rows",
        "Rows without a customer cannot be scored: ask the shop system for guest e-mails, or accept that"
        " the results speak of known customers only.",
        warn_points=0.5,
        fail_points=1.5,
    ),
    "ordered_at": CheckSpec(
        "DQ-202",
        "Missing dates",
        MISSING_GROUP,
        "share of rows",
        "Check which column was mapped to the date and in which order it writes day and month.",
        warn_points=0.5,
        fail_points=1.5,
    ),
    "amount": CheckSpec(
        "DQ-203",
        "Missing amounts",
        MISSING_GROUP,
        "share of rows",
        "Check which columns were mapped to amount, quantity and price, and the decimal sign.",
        warn_points=0.5,
        fail_points=1.5,
    ),
}
MISSING_OPTIONAL = CheckSpec(
    "DQ-204",
    "Missing values in other columns",
    MISSING_GROUP,
    "largest share missing in a column",
    "Fill the column in the shop system or leave it out of the mapping; what rests on it speaks of part of"
    " the rows.",
    warn_points=0.5,
)
AMOUNTS = CheckSpec(
    "DQ-501",
    "Amounts",
    GROUP,
    "rows",
    "Check the amount column for blanks, errors and free items.",
    warn_points=0.5,
)
SIGNS = CheckSpec(
    "DQ-502",
    "Signs of amounts and returns",
    GROUP,
    "rows",
    "Check how the shop writes refunds: a negative amount must be a return, a return must not be positive.",
    warn_points=0.5,
)
QUANTITIES = CheckSpec(
    "DQ-503",
    "Quantities and prices",
    GROUP,
    "rows",
    "Check these rows in the shop system; they may be corrections booked as purchases.",
    warn_points=0.5,
)
PRODUCT_OF = CheckSpec(
    "DQ-504",
    "Amount against quantity times price",
    GROUP,
    "share of rows",
    "Check which price was mapped (with or without tax, before or after discount, of the line or of the"
    " piece).",
    warn_points=0.25,
)
DISCOUNTS = CheckSpec(
    "DQ-505",
    "Discounts",
    GROUP,
    "rows",
    "Check whether the discount column holds money or percentages, and its sign.",
)
DATES = CheckSpec(
    "DQ-506",
    "Impossible dates",
    GROUP,
    "rows",
    "Check the date column: such dates are defaults of programs, typing errors or exchanged days and months.",
    warn_points=0.5,
)
ONE_AMOUNT = CheckSpec(
    "DQ-507",
    "One amount for everything",
    GROUP,
    "purchase rows",
    "Check which column was mapped to the amount: if this one counts orders or pieces, every figure of money does so too.",
)
MIN_PURCHASES = 30


def checks(found: Suspicions, account: Account, missing: Sequence[MissingValues]) -> list[Check]:
    """The findings, in the order of their codes."""
    by_column = {line.column: line for line in missing}
    findings = [_critical(name, by_column[name]) for name in CRITICAL]
    findings.append(_optional([line for line in missing if line.column in OPTIONAL]))
    findings += [_amounts(found), _signs(found), _quantities(found), _product_of(found), _discounts(found)]
    findings += [_dates(found, account), _one_amount(found)]
    return findings


def _critical(name: str, line: MissingValues) -> Check:
    if line.missing == 0:
        return MISSING[name].passed("None is missing.", 0.0)
    words = f"{counted(line.missing, 'row')} ({percent(line.share)}) without {WITHOUT[name]}."
    return MISSING[name].graded(line.share, words, warn_above=0.01, fail_above=MISSING_LIMIT)


def _optional(lines: list[MissingValues]) -> Check:
    if not lines:
        return MISSING_OPTIONAL.not_applicable("The export has the required columns only.")
    worst = max(lines, key=lambda line: line.share)
    flagged = [f"{line.column} ({percent(line.share)})" for line in lines if line.flagged]
    if worst.missing == 0:
        return MISSING_OPTIONAL.passed("No value is missing in them.", 0.0)
    words = f"The emptiest is {worst.column} with {percent(worst.share)} missing."
    if flagged:
        words = f"More than {percent(MISSING_LIMIT)} missing in {', '.join(flagged)}."
    return MISSING_OPTIONAL.graded(worst.share, words, warn_above=MISSING_LIMIT)


def _by_rows(spec: CheckSpec, bad: int, rows: int, good: str, words: str) -> Check:
    """Pass without any such row, warn with some, fail with more than a hundredth."""
    if bad == 0:
        return spec.passed(good, 0)
    full = f"{words} ({percent(bad / max(1, rows))} of rows)."
    return spec.failed(full, bad) if bad > 0.01 * rows else spec.warned(full, bad)


def _amounts(found: Suspicions) -> Check:
    bad = found.no_number + found.zero_amount
    words = f"Amounts that are no number: {count(found.no_number)}; zero: {count(found.zero_amount)}"
    return _by_rows(AMOUNTS, bad, found.rows, "Every amount is a number other than zero.", words)


def _signs(found: Suspicions) -> Check:
    bad = found.negative_no_return + found.positive_return
    words = (
        f"Negative amounts not marked as returns: {count(found.negative_no_return)}; returns with a positive"
        f" amount: {count(found.positive_return)}"
    )
    return _by_rows(SIGNS, bad, found.rows, "Negative amounts are returns and returns are negative.", words)


def _quantities(found: Suspicions) -> Check:
    if found.bad_quantity is None and found.bad_price is None:
        return QUANTITIES.not_applicable("The export has neither quantities nor prices.")
    quantity, price = found.bad_quantity or 0, found.bad_price or 0
    words = (
        f"Purchase rows without a positive quantity: {count(quantity)}; without a positive price:"
        f" {count(price)}"
    )
    good = "Every purchase has a positive quantity and price, where the export has them."
    return _by_rows(QUANTITIES, quantity + price, found.rows, good, words)


def _product_of(found: Suspicions) -> Check:
    if found.priced is None or found.price_differs is None:
        return PRODUCT_OF.not_applicable("The export does not have both quantity and price.")
    if found.priced == 0:
        return PRODUCT_OF.skipped("No purchase row has both quantity and price.")
    share = found.price_differs / found.priced
    words = f"{counted(found.price_differs, 'purchase row')} ({percent(share)}) off by more than 1 %."
    return PRODUCT_OF.graded(share, words, warn_above=0.05)


def _discounts(found: Suspicions) -> Check:
    if found.discount_negative is None:
        return DISCOUNTS.not_applicable("The export has no discounts.")
    above = found.discount_above_price or 0
    words = f"Negative discounts: {count(found.discount_negative)}; above the price: {count(above)}"
    good = "Every discount lies between nothing and the price."
    return _by_rows(DISCOUNTS, found.discount_negative + above, found.rows, good, words)


def _dates(found: Suspicions, account: Account) -> Check:
    future = account.dropped(("future_date",))
    early = account.dropped(("implausible_date",)) + found.early_date
    year = EARLIEST_PLAUSIBLE.year
    words = f"Rows dated before {year}: {count(early)}; in the future: {count(future)}; all left out"
    return _by_rows(
        DATES, early + future, account.considered, "No date is impossibly early or in the future.", words
    )


def _one_amount(found: Suspicions) -> Check:
    if found.purchases < MIN_PURCHASES or found.lowest_amount is None:
        return ONE_AMOUNT.skipped(f"Fewer than {MIN_PURCHASES} purchases.")
    if found.lowest_amount == found.highest_amount:
        words = f"All {count(found.purchases)} purchases amount to {money(found.lowest_amount)} each."
        return ONE_AMOUNT.warned(words, found.purchases)
    return ONE_AMOUNT.passed("Purchases differ in their amounts.", found.purchases)
