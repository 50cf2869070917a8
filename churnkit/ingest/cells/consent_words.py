"""Cells that say whether a customer agreed to be written to."""

from __future__ import annotations

from churnkit.ingest.cells.placeholders import NOT_FLAGGED
from churnkit.ingest.cells.plain_words import word_table

_WORDS = word_table("""
yes: yes, y, true, t, 1, 1.0, x, on, subscribed, opted in, opted-in, opt-in, opt in, single_opt_in, confirmed_opt_in,
    double opt-in, double opt in, granted, given, accepted, agreed, active, ja, j, wahr, erteilt, angemeldet, abonniert,
    eingewilligt, oui, o, vrai, inscrit, abonné, si, sí, s, verdadero, suscrito, sim, verdadeiro, vero, iscritto, tak,
    zgoda, ano, kyllä, evet, e, да, подписан, ναι, はい, 希望する, 是, 예
no: f, 0.0, off, unsubscribed, not subscribed, not_subscribed, never subscribed, opted out, opted-out, opt-out, opt out,
    denied, refused, revoked, withdrawn, declined, rejected, inactive, redacted, nie, ne, nej, nei, ei, nicht erteilt,
    abgemeldet, widerrufen, abgelehnt, désabonné, non inscrit, no suscrito, não inscrito, non iscritto, odmowa, hayır,
    hayir, h, нет, отписан, όχι, いいえ, 希望しない, 否, 아니오
""")
CONSENT_GIVEN = frozenset(_WORDS["yes"])
"""Cells, in lower case, that say yes."""
CONSENT_REFUSED = frozenset((*NOT_FLAGGED, *_WORDS["no"])) - {"-", "none", "null", "nan", "n/a"}
"""Cells, in lower case, that say no; a cell that says nothing is none of them."""


def is_consent(cell: str) -> bool | None:
    """Whether a cell in lower case says yes or no; None where it says neither.

    Examples
    --------
    >>> is_consent("subscribed"), is_consent("nein"), is_consent("maybe")
    (True, False, None)
    """
    return True if cell in CONSENT_GIVEN else False if cell in CONSENT_REFUSED else None
