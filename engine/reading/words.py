"""Names of months, weekdays and zones in the languages that tables are written in. Knows no format."""

from __future__ import annotations

# One line a month, full names and short ones: English, German, French, Spanish, Italian, Portuguese, Dutch,
# Scandinavian, Polish, Czech, Turkish.
_MONTHS = """
january jan januar jän jänner janvier janv enero ene gennaio gen janeiro januari styczeń sty stycznia leden led ocak oca
february feb februar feber février févr fév febrero febbraio fevereiro fev februari luty lut lutego únor úno şubat şub
march mar märz mär mrz mars marzo março mrt maart marts marzec marca březen bře mart
april apr avril avr abril abr aprile abril kwiecień kwi kwietnia duben dub nisan nis
may mai mayo maggio mag maio mei maj maja květen kvě mayıs
june jun juni juin junio giugno giu junho czerwiec cze czerwca červen haziran haz
july jul juli juillet juil julio luglio lug julho lipiec lip lipca červenec temmuz tem
august aug août aoû agosto ago agustos augustus augusti sierpień sie sierpnia srpen srp ağustos ağu
september sep sept septembre septiembre settembre set setembro wrzesień wrz września září zář eylül eyl
october oct oktober okt octobre octubre ottobre ott outubro out październik paź października říjen říj ekim eki
november nov novembre noviembre novembro listopad lis listopada kasım kas
december dec dezember dez décembre déc diciembre dic dicembre dezembro grudzień gru grudnia prosinec pro aralık ara
"""
MONTHS = {word: month for month, line in enumerate(_MONTHS.strip().splitlines(), start=1) for word in line.split()}

# Three months by their first letters, as climatologists write them, from the one around January on.
SEASONS = ("DJF", "JFM", "FMA", "MAM", "AMJ", "MJJ", "JJA", "JAS", "ASO", "SON", "OND", "NDJ")

_WEEKDAYS = """
monday mon montag mo lundi lun lunes lunedì tuesday tue tues dienstag di mardi mar martes martedì
wednesday wed mittwoch mi mercredi mer miércoles mié mercoledì thursday thu thur thurs donnerstag do jeudi jeu jueves
jue giovedì gio friday fri freitag fr vendredi ven viernes vie venerdì saturday sat samstag sa samedi sam sábado sáb
sabato sab sunday sun sonntag so dimanche dim domingo dom domenica
"""
WEEKDAYS = tuple(sorted(_WEEKDAYS.split(), key=len, reverse=True))

# Hours ahead of UTC of the zones that files name by letters.
ZONES = {"z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2}
ZONES |= {"eest": 3, "msk": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}
ZONES |= {"jst": 9, "aest": 10, "aedt": 11}

# How columns that hold a part of the time are named.
PARTS = {
    "year": {"year", "yyyy", "yr", "jahr", "año", "ano", "année", "annee", "anno", "jaar", "rok", "yıl", "år"},
    "quarter": {"quarter", "qtr", "quartal", "trimestre", "q", "kwartaal"},
    "month": {
        "month",
        "mm",
        "seas",
        "mon",
        "mo",
        "monat",
        "mes",
        "mois",
        "mese",
        "mês",
        "maand",
        "měsíc",
        "miesiąc",
        "måned",
    },
    "week": {"week", "woche", "kw", "wk", "semana", "semaine", "settimana", "isoweek", "iso_week"},
    "doy": {"doy", "day of year", "dayofyear", "day_of_year", "#day", "julian day", "yday", "jday", "jul"},
    "day": {"day", "dd", "tag", "dia", "día", "jour", "giorno", "dag", "mday", "day of month"},
    "hour": {"hour", "hh", "hr", "hrs", "stunde", "hora", "heure", "ora", "uur", "he"},
    "minute": {"minute", "min", "mins", "minuto", "mi"},
    "second": {"second", "sec", "ss", "sekunde", "segundo"},
}


def part_of(name: str) -> str | None:
    """Which part of the time a column is named for: “Starting Month” too, but no “Month” in a longer word."""
    plain = name.strip().lower()
    starting = plain.removeprefix("starting ").removeprefix("start ").removeprefix("start_")
    return next((part for part, names in PARTS.items() if plain in names or starting in names), None)
