"""The locales that a shop can choose: those of Unicode's CLDR 47, checked by hand.

A table of our own: a library of all the world's locales takes 30 MB, and figures need a few lines of each. On purpose not
as there: one kind of minus, and every blank inside a figure is the narrow one, so that it is never lost.
"""

from __future__ import annotations

from collections.abc import Mapping

from churnkit.text.locale_style import NARROW, Locale


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_BEHIND = f"-#{NARROW}¤"
_BEFORE = f"-¤{NARROW}#"
_INSIDE = f"¤{NARROW}-#"
_TIGHT = "#%"
_GERMAN_MONTHS = _names("Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.")
_PORTUGUESE_MONTHS = _names("jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.")
_SPANISH_MONTHS = _names("ene feb mar abr may jun jul ago sept oct nov dic")


def _steps(thousand: str, million: str, billion: str) -> tuple[tuple[float, str], ...]:
    """Words after a figure; a locale without a word for a size goes without it."""
    sizes = ((1e9, billion), (1e6, million), (1e3, thousand))
    return tuple((size, word.replace(" ", NARROW)) for size, word in sizes if word)


_GERMAN_STEPS = _steps("", " Mio.", " Mrd.")

DEFAULT = Locale(
    code="en-GB",
    name="English (United Kingdom)",
    # The year first: an owner who never chose may read 3/12 as March.
    typed="YYYY/MM/DD",
)

_ALL = (
    DEFAULT,
    Locale(
        code="en-US",
        name="English (United States)",
        percent=_TIGHT,
        day="{mon} {d}, {y}",
        twelve=True,
        typed="MM/DD/YYYY",
    ),
    Locale(
        code="en-IN",
        name="English (India)",
        lakh=True,
        percent=_TIGHT,
        steps=((1e7, "Cr"), (1e5, "L"), (1e3, "K")),
        twelve=True,
        excel="4009",
    ),
    Locale(
        code="cs-CZ",
        name="Czech",
        decimal=",",
        group=NARROW,
        amount=_BEHIND,
        signs={"CZK": "Kč"},
        steps=_steps(" tis.", " mil.", " mld."),
        day=f"{{d}}.{NARROW}{{m}}.{NARROW}{{y}}",
        month="{m}/{y}",
        typed="DD.MM.YYYY",
        excel="405",
    ),
    Locale(
        code="da-DK",
        name="Danish",
        decimal=",",
        group=".",
        amount=_BEHIND,
        signs={"DKK": "kr."},
        steps=_steps(" t", " mio.", " mia."),
        day="{d}. {mon} {y}",
        months=_names("jan. feb. mar. apr. maj jun. jul. aug. sep. okt. nov. dec."),
        clock=".",
        typed="DD.MM.YYYY",
        excel="406",
    ),
    Locale(
        code="de-AT",
        name="German (Austria)",
        decimal=",",
        group=".",
        amount=_BEFORE,
        steps=_GERMAN_STEPS,
        day="{d}. {mon} {y}",
        months=("Jän.", *_GERMAN_MONTHS[1:8], "Sep.", *_GERMAN_MONTHS[9:]),
        typed="DD.MM.YYYY",
        excel="C07",
    ),
    Locale(
        code="de-CH",
        name="German (Switzerland)",
        group="’",
        amount=_INSIDE,
        percent=_TIGHT,
        steps=_GERMAN_STEPS,
        day="{d}. {mon} {y}",
        months=_GERMAN_MONTHS,
        typed="DD.MM.YYYY",
        excel="807",
    ),
    Locale(
        code="de-DE",
        name="German (Germany)",
        decimal=",",
        group=".",
        amount=_BEHIND,
        steps=_GERMAN_STEPS,
        day="{d}. {mon} {y}",
        months=_GERMAN_MONTHS,
        typed="DD.MM.YYYY",
        excel="407",
    ),
    Locale(
        code="es-ES",
        name="Spanish (Spain)",
        decimal=",",
        group=".",
        four_grouped=False,
        amount=_BEHIND,
        steps=_steps(" mil", " M", ""),
        months=_SPANISH_MONTHS,
        excel="C0A",
    ),
    Locale(
        code="es-MX",
        name="Spanish (Mexico)",
        percent=_TIGHT,
        signs={"MXN": "$", "USD": "USD"},
        steps=_steps(" k", " M", ""),
        months=_SPANISH_MONTHS,
        excel="80A",
    ),
    Locale(
        code="fi-FI",
        name="Finnish",
        decimal=",",
        group=NARROW,
        amount=_BEHIND,
        steps=_steps(" t.", " milj.", " mrd."),
        day="{d}.{m}.{y}",
        month="{m}/{y}",
        clock=".",
        typed="DD.MM.YYYY",
        excel="40B",
    ),
    Locale(
        code="fr-FR",
        name="French",
        decimal=",",
        group=NARROW,
        amount=_BEHIND,
        steps=_steps(" k", " M", " Md"),
        months=_names("janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."),
        excel="40C",
    ),
    Locale(
        code="it-IT",
        name="Italian",
        decimal=",",
        group=".",
        amount=_BEHIND,
        percent=_TIGHT,
        steps=_steps(" K", " Mln", " Mld"),
        months=_names("gen feb mar apr mag giu lug ago set ott nov dic"),
        excel="410",
    ),
    Locale(
        code="ja-JP",
        name="Japanese",
        percent=_TIGHT,
        day="{y}/{m2}/{d2}",
        month="{y}/{m2}",
        typed="YYYY/MM/DD",
        excel="411",
    ),
    Locale(
        code="nb-NO",
        name="Norwegian",
        decimal=",",
        group=NARROW,
        amount=_BEHIND,
        signs={"NOK": "kr"},
        steps=_steps(" k", " mill.", " mrd."),
        day="{d}. {mon} {y}",
        months=_names("jan. feb. mars apr. mai juni juli aug. sep. okt. nov. des."),
        typed="DD.MM.YYYY",
        excel="414",
    ),
    Locale(
        code="nl-NL",
        name="Dutch",
        decimal=",",
        group=".",
        amount=_INSIDE,
        percent=_TIGHT,
        steps=_steps("K", " mln.", " mld."),
        months=_names("jan feb mrt apr mei jun jul aug sep okt nov dec"),
        typed="DD-MM-YYYY",
        excel="413",
    ),
    Locale(
        code="pl-PL",
        name="Polish",
        decimal=",",
        group=NARROW,
        four_grouped=False,
        amount=_BEHIND,
        signs={"PLN": "zł"},
        percent=_TIGHT,
        steps=_steps(" tys.", " mln", " mld"),
        months=_names("sty lut mar kwi maj cze lip sie wrz paź lis gru"),
        typed="DD.MM.YYYY",
        excel="415",
    ),
    Locale(
        code="pt-BR",
        name="Portuguese (Brazil)",
        decimal=",",
        group=".",
        amount=_BEFORE,
        signs={"BRL": "R$", "USD": "US$"},
        percent=_TIGHT,
        steps=_steps(" mil", " mi", " bi"),
        day="{d} de {mon} de {y}",
        month="{mon} de {y}",
        months=_PORTUGUESE_MONTHS,
        excel="416",
    ),
    Locale(
        code="pt-PT",
        name="Portuguese (Portugal)",
        decimal=",",
        group=NARROW,
        four_grouped=False,
        amount=_BEHIND,
        percent=_TIGHT,
        steps=_steps(" mil", " M", ""),
        day="{d2}/{m2}/{y}",
        month="{m2}/{y}",
        excel="816",
    ),
    Locale(
        code="sv-SE",
        name="Swedish",
        decimal=",",
        group=NARROW,
        amount=_BEHIND,
        signs={"SEK": "kr"},
        steps=_steps(" tn", " mn", " md"),
        months=_names("jan. feb. mars apr. maj juni juli aug. sep. okt. nov. dec."),
        typed="YYYY-MM-DD",
        excel="41D",
    ),
    Locale(
        code="tr-TR",
        name="Turkish",
        decimal=",",
        group=".",
        percent="%#",
        steps=_steps(" bin", " Mn", " Mr"),
        months=_names("Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara"),
        typed="DD.MM.YYYY",
        excel="41F",
    ),
)

LOCALES: Mapping[str, Locale] = {one.code: one for one in _ALL}

# Of a language that several countries here share, the one for the others.
_FIRST = {"en": "en-GB", "de": "de-DE", "es": "es-ES", "pt": "pt-PT", "no": "nb-NO", "nn": "nb-NO"}
_ELSEWHERE = {"en-CA": "en-US", "de-LI": "de-CH", "es-US": "es-MX"}


def nearest(wanted: str | None) -> Locale | None:
    """The locale for a browser's language tag, one of another country where its own is not here; None without any.

    Examples
    --------
    >>> nearest("de-LU").code, nearest("fr").code, nearest("xx")
    ('de-DE', 'fr-FR', None)
    """
    language, _, country = (wanted or "").replace("_", "-").partition("-")
    tag = f"{language.lower()}-{country.upper()}"
    code = tag if tag in LOCALES else _ELSEWHERE.get(tag) or _FIRST.get(language.lower())
    if code is None:
        code = next((one for one in LOCALES if one.startswith(f"{language.lower()}-")), None)
    return LOCALES.get(code) if code else None
