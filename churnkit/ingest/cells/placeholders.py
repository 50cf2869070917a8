"""Cells that stand where a value should and say that there is none, in seven languages."""

from __future__ import annotations

from churnkit.ingest.cells.plain_words import word_table

_PLACEHOLDERS = word_table("""
guest: guest, guest customer, guest user, guest checkout, guests, anonymous, anon, anonymous customer,
    unknown, unknown customer, not set, (not set), none, null, nan, nil, n/a, na, #n/a, n.a., -, --, ---,
    ?, ., walk-in, walk in, walk-in customer, walkin, cash customer, cash sale, no customer,
    not available, undefined, <na>, nat, no account, default customer, gast, gastkunde, gastbestellung,
    anonym, unbekannt, laufkunde, barverkauf, invite, invité, client invite, client invité, anonyme,
    inconnu, client de passage, invitado, anonimo, anónimo, desconocido, cliente ocasional, ospite,
    sconosciuto, convidado, desconhecido, anoniem, onbekend, passant, #ref!, #value!, #name?, #null!, #num!, #div/0!,
    #nv, #bezug!, #wert!, #n/d, #valeur!, #nom?, #valor!, #n/b
number: na, n/a, n.a., #n/a, -, --, ---, –, —, ?, ., null, (null), none, nan, nil, nat, <na>, undefined, not set, (not set),
    not available, unknown, #ref!, #value!, #name?, #null!, #num!, #div/0!, #nv, #bezug!, #wert!, #n/d, #valeur!,
    #nom?, #valor!, #n/b
false: false, no, n, 0, nein, non, nee, nao, não, falsch, faux, falso, -, none, null, nan, n/a
""")

GUEST_ADDRESS = (
    "(guests?|gast|gaeste|invite|invitado|ospite|convidado|no[._-]?e?mail|no[._-]?reply|do[._-]?not[._-]?reply|unknown|unbekannt"
    "|anonym(ous|e|o)?|none|null|walk[._-]?in|laufkunde|not[._-]?provided|sin[._-]?correo|sans[._-]?mail|keine?[._-]?mail)"
    "@.*"
)
"""Pattern of an address, in lower case, that names nobody: ``guest@shop.example``, ``noemail@x.com``."""

GUESTS = _PLACEHOLDERS["guest"]
"""Cells, in lower case, that stand where a customer should and name nobody."""

NO_NUMBERS = _PLACEHOLDERS["number"]
"""Cells, in lower case, that stand where an order's number should and are none."""

NOT_FLAGGED = _PLACEHOLDERS["false"]
"""Cells of a yes/no column, in lower case, that say no."""
