"""Cells that say that their row adds up others: ``Subtotal``, ``Summe Kunde 4``, ``合計``."""

from __future__ import annotations

_WORDS = (
    "(?:(?:grand|sub|over ?all)[ -]?)?totals?|(?:running|page|report|customer|order|monthly|yearly) totals?|sum"
    "|(?:zwischen|gesamt|end|teil)?summe|gesamt|gesamtergebnis|ergebnis|teilergebnis|sous[ -]total|total g[eé]n[eé]ral"
    "|somme|suma(?: total| częściowa| końcowa)?|sub ?totale|totale(?: generale| complessivo)?|total ge[rn]e?r?al"
    "|(?:sub|eind)?totaal|razem|łącznie|ogółem|podsuma|celkem|součet|mezisoučet|spolu|medzisúčet|i alt|totalt|delsum"
    "|(?:del)?summa|yhteensä|välisumma|(?:genel |ara )?toplam|σύνολο|υποσύνολο|γενικό σύνολο|итого|всего|подытог|общий итог"
    "|合計|小計|総計|総合計|总计|合计|小计|總計|總和|합계|소계|총계"
)
_BLANK = r"[\s\p{P}]*"
_BETWEEN = r"[\s:–-]+"

TOTAL_ALONE = rf"(?i){_BLANK}(?:{_WORDS}){_BLANK}"
"""Regular expression of a cell that says nothing else."""

TOTAL_OF = rf"(?i){_BLANK}(?:{_WORDS}){_BETWEEN}\S.*|.*\S{_BETWEEN}(?:{_WORDS}){_BLANK}"
"""Regular expression of a cell that says of what: the name of a block before or behind the word."""
