"""What to write to a customer: a template with merge fields, or a language model's words around the same fields.

Whoever writes, every number, name and date is put in by us: a text holds merge fields, and one with a digit of its own
is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from churnkit.errors import ChurnkitError
from churnkit.roi import VALID_DAYS
from churnkit.services.campaign.language_model import LanguageModel
from churnkit.services.decide.playbook import USUAL, Intervention
from churnkit.services.decide.reach import Channel
from churnkit.text import figures

Source = Literal["template", "language model"]

FIELDS: dict[str, str] = {
    "customer_id": "the customer's number",
    "last_purchase": "day of the last purchase",
    "offer": "the discount, for example 15 %",
    "valid_until": f"the day {VALID_DAYS} days after sending",
    "product": "the suggested product",
}
MAX_SUBJECT, MAX_BODY = 120, 2000
_DATES = frozenset({"last_purchase", "valid_until"})
_HELLO = "Hello,\n\n"
_BYE = "\n\nWas something not right last time? Just reply to this message.\n\nSee you soon."
_FIELD = re.compile(r"\{([^{}]*)\}")
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_PROMISE = re.compile(
    r"\b(per ?cent|half[ -]price|free of charge|for free|free (shipping|delivery|gift))\b", re.IGNORECASE
)


class TextError(ChurnkitError):
    """A campaign's text cannot be used."""

    code = "text"


@dataclass(frozen=True)
class Draft:
    """A message with merge fields, those of ``FIELDS``, in braces."""

    subject: str
    body: str
    source: Source = "template"

    @property
    def fields(self) -> frozenset[str]:
        """Names between braces."""
        return frozenset(_FIELD.findall(self.subject) + _FIELD.findall(self.body))

    def filled(self, values: Mapping[str, str]) -> Draft:
        """With the fields of ``values`` put in; others stay as they are. Braces inside a value are left alone."""
        subject, body = (
            _FIELD.sub(lambda found: values.get(found[1], found[0]), text)
            for text in (self.subject, self.body)
        )
        return Draft(subject, body, self.source)


def template(one: Intervention, product: bool, *, dated: bool = True) -> Draft:
    """The usual words of an intervention.

    Parameters
    ----------
    product
        Whether one is suggested.
    dated
        Whether the data are of these days; a text from older ones quotes no last order and promises no last day.
    """
    if one.channel == "phone":
        return _for_a_call(one, product=product, dated=dated)
    suggestion = (
        "\n\nWe thought of {product} for you: it goes well with what you have bought before."
        if product
        else ""
    )
    draft = (
        _with_offer(one, suggestion, dated=dated)
        if one.discount
        else _reminder(suggestion, product=product, dated=dated)
    )
    return _handed_over(draft) if one.channel == "till" else draft


def usual_message(discount: float, channel: Channel, *, dated: bool) -> Draft:
    """What the usual contact says, ``discount`` being a share of the next order."""
    return template(Intervention(USUAL, "Usual contact", channel, 0.0, discount, 0.0), False, dated=dated)


def _for_a_call(one: Intervention, *, product: bool, dated: bool) -> Draft:
    lines = ["- Ask whether everything was as hoped, and what is needed now."]
    if dated:
        lines.insert(0, "- The last order was on {last_purchase}.")
    if product:
        lines.append("- Suggest {product}.")
    lines.append("- Put right what was wrong; note what was said.")
    if one.discount:
        lines.append("- Offer {offer} off the next order" + (", until {valid_until}." if dated else "."))
    return Draft("Call customer {customer_id}", "For the call:\n\n" + "\n".join(lines))


def _with_offer(one: Intervention, suggestion: str, *, dated: bool) -> Draft:
    until = ", until {valid_until}" if dated else ""
    subject = f"{{offer}} off your next order{until}"
    if one.key == "comeback":
        subject = f"We would like to see you again: {{offer}} off{until}"
    last = "your last order with us was on {last_purchase}, and we" if dated else "we"
    get = "Until {valid_until} you get" if dated else "You get"
    return Draft(
        subject,
        f"{_HELLO}{last} would be glad to see you again. {get} {{offer}} off your next order: give your customer number"
        f" {{customer_id}} at the checkout.{suggestion}{_BYE}",
    )


def _reminder(suggestion: str, *, product: bool, dated: bool) -> Draft:
    last = "your last order with us was on {last_purchase}" if dated else "it has been a while"
    news = "" if product else " Was everything as you hoped? New things have come in since: have a look."
    return Draft(
        "Something that goes with your last order" if product else "It has been a while",
        f"{_HELLO}{last}.{news}{suggestion}\n\nYour customer number is {{customer_id}}.{_BYE}",
    )


def _handed_over(draft: Draft) -> Draft:
    """For a slip of paper: nobody can reply to it."""
    return replace(draft, body=draft.body.replace("Just reply to this message.", "Please tell us."))


def merge_values(row: Mapping[str, object], one: Intervention, today: date | None = None) -> dict[str, str]:
    """The fields' values for one row of ``next_best_action.ActionList.table``; sent ``today``."""
    sent = today or date.today()
    last, product = row.get("last_purchase_at"), row.get("product")
    values = {
        "customer_id": str(row["customer_id"]),
        "last_purchase": figures.day(last if isinstance(last, datetime) else None),
        "offer": figures.percent(one.discount),
        "valid_until": figures.day(sent + timedelta(days=VALID_DAYS)),
    }
    return values | ({"product": product} if isinstance(product, str) else {})


def write_with(
    model: LanguageModel, one: Intervention, *, product: bool, dated: bool = True, tone: str = "friendly"
) -> Draft:
    """A draft by a language model, which is told of the offer and the fields, and of no customer.

    Raises
    ------
    TextError
        If the answer is no JSON with a subject and a body, lacks a field it needs, has an unknown one, holds a digit, a
        percent sign or a link, or is too long.
    ModelUnreachable
        If the model does not answer.
    """
    needed = _needed(one, product=product, dated=dated)
    fields = ", ".join(f"{{{name}}} ({FIELDS[name]})" for name in sorted(needed))
    answer = model.complete(
        "You write short, honest messages of a shop to its customers. Answer with one JSON object with the keys subject and"
        " body, nothing else. Never write a digit, a percent sign, a price, a date or a link: where one belongs, use a merge"
        " field in braces.",
        f"Write a {tone} {'guide for a phone call' if one.channel == 'phone' else 'message'} for this: {one.title}."
        f" Use each of these merge fields: {fields}. Use no other braces. Promise nothing beyond them. Subject under ten"
        " words, body under one hundred and twenty words.",
    )
    return checked(answer, needed)


def _needed(one: Intervention, *, product: bool, dated: bool) -> frozenset[str]:
    names = {"last_purchase"} if dated else {"customer_id"}
    if one.discount:
        names |= {"offer", "valid_until"} if dated else {"offer"}
    if product:
        names |= {"product"}
    return frozenset(names)


def checked(answer: str, needed: frozenset[str]) -> Draft:
    """The answer of a language model as a draft, if it keeps to the rules; see :func:`write_with`."""
    text = re.sub(r"^\s*```(?:json)?\s*|\s*```\s*$", "", answer)
    try:
        values = json.loads(text)
    except json.JSONDecodeError:
        raise _refused("it is no JSON object", answer) from None
    subject, body = (values.get(key) if isinstance(values, dict) else None for key in ("subject", "body"))
    if not (isinstance(subject, str) and isinstance(body, str) and subject.strip() and body.strip()):
        raise _refused("it has no subject and body", answer)
    draft = Draft(" ".join(subject.split()), body.strip(), "language model")
    known = set(FIELDS) - (_DATES - needed)
    unknown, missing = sorted(draft.fields - known), sorted(needed - draft.fields)
    if unknown or missing:
        what = f"it uses the unknown field {{{unknown[0]}}}" if unknown else f"it leaves out {{{missing[0]}}}"
        raise _refused(what, answer)
    without_fields = _FIELD.sub("", f"{draft.subject}\n{draft.body}")
    for rule, broken in (
        ("it holds a number of its own", any(c.isdigit() or c == "%" for c in without_fields)),
        ("it promises something of its own", bool(_PROMISE.search(without_fields))),
        ("it holds a link", bool(_LINK.search(without_fields))),
        ("it holds a brace that is no field", "{" in without_fields or "}" in without_fields),
        ("it is too long", len(draft.subject) > MAX_SUBJECT or len(draft.body) > MAX_BODY),
    ):
        if broken:
            raise _refused(rule, answer)
    return draft


def _refused(why: str, answer: str) -> TextError:
    shown = " ".join(answer.split())[:120]
    return TextError(
        f"Writing the campaign's text: the language model's answer cannot be used, {why} (it begins: {shown!r}).",
        "Ask again, or use the template.",
    )
