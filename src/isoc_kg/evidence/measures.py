"""Measures: in which unit or currency a figure is given, and whether a property is said to have another one.

“14 miles” is no length in kilometres, “90,000 euros” no cost in kroner, “12 tons a day” no amount in a year.
Words of several languages stand together: a word is searched where it follows a number, or in a property's labels.
"""

import re
from collections.abc import Iterable

from .figures import Figure

__all__ = ["is_other_measure", "measures_of"]

#: A unit → its words and signs, folded.
_WORDS = {
    "millimetre": "mm millimetre millimetres millimeter millimeters ミリメートル",
    "centimetre": "cm centimetre centimetres centimeter centimeters zentimeter センチメートル",
    "metre": "m metre metres meter meters metern mètre mètres metro metri metros メートル",
    "kilometre": "km kilometre kilometres kilometer kilometers kilometern kilomètre kilomètres kilómetros キロメートル",
    "mile": "mile miles meile meilen mille milles millas",
    "inch": "inch inches zoll",
    "foot": "foot feet fuss",
    "yard": "yard yards",
    "nautical mile": "seemeile seemeilen",
    "gram": "g gram grams gramme grammes gramm",
    "kilogram": "kg kilogram kilograms kilogramme kilogrammes kilogramm",
    "tonne": "t ton tons tonne tonnes tonnen toneladas トン",
    "ounce": "ounce ounces",
    "litre": "l litre litres liter liters litern",
    "hectolitre": "hl hectolitre hectolitres hektoliter",
    "gallon": "gallon gallons",
    "barrel": "barrel barrels",
    "hectare": "ha hectare hectares hektar hektare hectáreas ヘクタール",
    "acre": "acre acres",
    "kilowatt": "kw kilowatt kilowatts",
    "megawatt": "mw megawatt megawatts",
    "kilowatt-hour": "kwh",
    "horsepower": "hp ps horsepower",
    "knot": "kn knot knots knoten",
    "degree": "degree degrees grad",
    "percent": "% percent prozent",
    "second": "second seconds sekunde sekunden",
    "minute": "minute minutes minuten minuto minutos",
    "hour": "h hour hours stunde stunden heure heures hora horas 時間",
    "day": "day days tag tage tagen jour jours día días",
    "night": "night nights nacht nächte nächten nuit nuits",
    "week": "week weeks woche wochen semaine semaines semana semanas",
    "month": "month months monat monate monaten mois mes meses",
    "year": "year years jahr jahre jahren an ans année années año años",
    "decade": "decade decades jahrzehnt jahrzehnte jahrzehnten",
    "century": "century centuries jahrhundert jahrhunderte jahrhunderten",
    "euro": "€ eur euro euros ユーロ يورو",
    "dollar": "$ usd dollar dollars ドル دولار",
    "pound": "£ gbp pound pounds pfund",
    "franc": "chf franc francs franken",
    "krone": "dkk nok sek krone kroner krona kronor kronen",
    "yen": "¥ jpy yen 円",
    "rupee": "₹ inr rupee rupees rupien",
    "yuan": "cny yuan",
    "rouble": "₽ rouble roubles ruble rubles rubel",
    "złoty": "złoty złotych zloty zlotys",
    "mark": "mark marks",
    "guilder": "guilder guilders gulden",
    "crown": "crown crowns",
    "shilling": "shilling shillings schilling",
}
_UNITS = {word: unit for unit, words in _WORDS.items() for word in words.split()}
_SIGNS = {sign: unit for sign, unit in _UNITS.items() if sign in "€$£¥₹₽"}
#: Letters that are units behind a number alone: in a label they may be anything.
_ABBREVIATED = frozenset(word for word in _UNITS if len(word) < 3 and word.isalpha())
#: Of what a measure is taken makes another measure: “square metres”.
_POWER = re.compile(r"(square|cubic|nautical|quadrat|kubik)[\s-]?")
#: The words behind a number: perhaps a scale, a power, then a unit.
_BEHIND = re.compile(
    r"\s?[-–]?\s?(?:(?:hundred|thousand|million|billion|tausend|millionen|milliarden?)\s)?"
    r"(?P<power>(?:square|cubic|nautical)\s|(?:quadrat|kubik))?(?P<unit>[^\W\d_]+|[%€$£¥₹₽])"
)
_WORD = re.compile(r"[^\W\d_]+|[%€$£¥₹₽]")
#: For how long an amount is: “a day”, “per year”, “annual”.
_RATE = re.compile(
    r"(?:\b(?:an?|per|each|every|pro|je|im|par|al|por)\s|/\s?)(?P<each>hour|day|week|month|year|stunde|tag|woche|monat|jahr"
    r"|an|mois|jour|año|mes|día|annum)\b|\b(?P<adverb>hourly|daily|weekly|monthly|yearly|annual|annually|täglich\w*"
    r"|wöchentlich\w*|monatlich\w*|jährlich\w*)\b"
)
_RATES = {
    "annum": "year", "hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "yearly": "year",
    "annual": "year", "annually": "year", "täglich": "day", "wöchentlich": "week", "monatlich": "month",
    "jährlich": "year",
}  # fmt: skip
#: A rate stands at most so many letters behind its figure.
_REACH = 40


def measures_of(labels: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The units in which folded labels of a property say that it is given, and for how long each."""
    units, rates = set(), set()
    for label in labels:
        for match in _RATE.finditer(label):
            rates.add(_rate(match))
        rest = _RATE.sub(" ", label)
        for match in _WORD.finditer(rest):
            power = _POWER.search(rest[: match.start()].rstrip()[-12:] + " ")
            unit = None if match[0] in _ABBREVIATED else _UNITS.get(match[0])
            if unit:
                units.add(f"{power[1]} {unit}" if power else unit)
    return frozenset(units), frozenset(rates)


def is_other_measure(folded: str, figure: Figure, units: frozenset[str], rates: frozenset[str]) -> bool:
    """Whether a figure of a folded text is given in a unit or for a time that is none of these."""
    start, end = figure.place
    given = _unit(folded, start, end)
    if units and given and given not in units:
        return True
    clause = re.split(r"[.;:!?]", folded[end : end + _REACH])[0]
    rate = _RATE.search(clause)
    return bool(rates) and rate is not None and _rate(rate) not in rates


def _unit(folded: str, start: int, end: int) -> str | None:
    """The unit of the figure at a place."""
    before = folded[:start].rstrip()[-1:]
    if before in _SIGNS and before:
        return _SIGNS[before]
    match = _BEHIND.match(folded, end)
    unit = _UNITS.get(match["unit"]) if match else None
    power = match["power"] if match else None
    return f"{power.strip()} {unit}" if unit and power else unit


def _rate(match: re.Match[str]) -> str:
    word = match["each"] or match["adverb"]
    word = next((whole for whole in _RATES if word.startswith(whole)), word)
    word = _RATES.get(word, word)
    return _UNITS.get(word, word)
