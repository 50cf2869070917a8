"""Names of months in other languages than English, by number, in lower case, long and short.

Only names that mean one month in all the languages of this table: Croatian and Belarusian call October what Polish and
Czech call November, and are left out.
"""

from __future__ import annotations

from churnkit.ingest.cells.plain_words import without_accents

_NAMES = {
    1: "januar jänner janvier janv enero ene janeiro gennaio gen januari tammikuu tammikuuta tammi styczeń stycznia sty"
    " leden ledna led január januára ianuarie ian ocak oca ιανουάριος ιανουαρίου ιαν январь января янв січень січня січ"
    " януари яну jaanuar jaan jan",
    2: "februar feber février févr fév febrero feb fevereiro fev febbraio februari helmikuu helmikuuta helmi luty lutego"
    " lut únor února úno február februára febr februarie şubat şub φεβρουάριος φεβρουαρίου φεβ φεβρ февраль февраля"
    " фев февр лютий лютого лют февруари veebruar veebr",
    3: "märz mär mrz mars marzo mar março maart mrt marts maaliskuu maaliskuuta maalis marzec marca březen března bře"
    " marec marca március márc már martie mart μάρτιος μαρτίου μαρ μάρ март марта мар березень березня бер märts",
    4: "april avril avr abril abr aprile apr huhtikuu huhtikuuta huhti kwiecień kwietnia kwi duben dubna dub apríl"
    " apríla április ápr aprilie nisan nis απρίλιος απριλίου απρ апрель апреля апр квітень квітня кві квіт април aprill",
    5: "mai mayo may maio maggio mag mei maj toukokuu toukokuuta touko maja květen května kvě máj mája május mayıs"
    " μάιος μαΐου μαΐ μάι μαϊ май мая травень травня тра трав",
    6: "juni juin junio jun junho giugno giu kesäkuu kesäkuuta kesä czerwiec czerwca cze červen června čvn jún júna"
    " június iunie iun haziran haz ιούνιος ιουνίου ιουν ιούν июнь июня июн червень червня черв юни juuni",
    7: "juli juillet juil julio jul julho luglio lug heinäkuu heinäkuuta heinä lipiec lipca lip červenec července čvc"
    " júl júla július iulie iul temmuz tem ιούλιος ιουλίου ιουλ ιούλ июль июля июл липень липня лип юли juuli",
    8: "august août agosto ago aug augustus augusti elokuu elokuuta elo sierpień sierpnia sie srpen srpna srp augusta"
    " augusztus ağustos ağu αύγουστος αυγούστου αυγ αύγ август августа авг серпень серпня сер серп agustus agu",
    9: "september sept septembre septiembre sep set setembro settembre syyskuu syyskuuta syys wrzesień września wrz září"
    " zář septembra szeptember szept szep septembrie eylül eyl σεπτέμβριος σεπτεμβρίου σεπ σεπτ сентябрь сентября сен"
    " сент вересень вересня вер верес септември септ setiembre",
    10: "oktober okt octobre octubre oct outubro out ottobre ott lokakuu lokakuuta loka październik października paź říjen"
    " října říj október októbra octombrie ekim eki οκτώβριος οκτωβρίου οκτ октябрь октября окт жовтень жовтня жов жовт"
    " октомври oktoober",
    11: "november nov novembre noviembre novembro marraskuu marraskuuta marras listopad listopada listopadu lis novembra"
    " noiembrie noi kasım kas νοέμβριος νοεμβρίου νοε νοέ ноябрь ноября ноя нояб листопад листопада лис ноември ное",
    12: "dezember dez décembre déc diciembre dic dezembro dicembre december desember des dec joulukuu joulukuuta joulu"
    " grudzień grudnia gru prosinec prosince pro decembra decembrie aralık ara δεκέμβριος δεκεμβρίου δεκ декабрь декабря"
    " дек грудень грудня груд декември detsember",
}

# Their own English names are among them: `5 de may de 2024`, `5 jan 2024 14h05`.
_ENGLISH = "january february march april may june july august september october november december"

MONTH_NAMES: dict[str, int] = {
    name: number
    for number, names in _NAMES.items()
    for word in (*names.split(), _ENGLISH.split()[number - 1], _ENGLISH.split()[number - 1][:3])
    for name in (word, without_accents(word))
}
"""Number of the month by its name in lower case, with and without accents."""

_WEEKDAYS = """
montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so lundi mardi mercredi
jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim lunes martes miércoles jueves viernes sábado domingo
mié jue vie sáb dom segunda terça quarta quinta sexta seg ter qua qui sex lunedì martedì mercoledì giovedì
venerdì sabato domenica gio sab maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo måndag
tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag maanantai tiistai keskiviikko torstai
perjantai lauantai sunnuntai ke to pe la su ti poniedziałek wtorek środa czwartek piątek sobota niedziela pon wt
śr czw pt sob ndz niedz nie pondělí úterý středa čtvrtek pátek neděle po út st čt pá ne pazartesi salı çarşamba
perşembe cuma cumartesi pazar δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή δευ τρί τετ πέμ παρ σάβ κυρ
понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс
"""

WEEKDAYS = frozenset(name for word in _WEEKDAYS.split() for name in (word, without_accents(word)))
"""Names of weekdays in other languages than English, in lower case."""
