"""Literals against a sentence: what it gives and what it does not, by datatype and in four languages."""

from decimal import Decimal

import pytest

from isoc_kg.evidence.figures import figures
from isoc_kg.evidence.literals import missing_parts
from isoc_kg.evidence.numerals import numbers
from isoc_kg.namespaces import XSD

EXACT = [
    ("en", "1.5 million seats", {1_500_000}),
    ("en", "1,500.25 and 1'234'567 and 12,50,000", {"1500.25", 1_234_567, 1_250_000}),
    ("en", "nineteen ninety-two", {1992}),
    ("en", "nineteen oh five, nineteen hundred", {1905, 1900}),
    ("en", "twenty and thirty boats", {20, 30}),
    ("en", "two and a half million, half a million, three dozen", {2_500_000, 500_000, 36}),
    ("en", "several million, a million", {1_000_000}),
    ("en", "3 to 5 million", {3, 5_000_000}),
    ("en", "the 5th of 1.5km", {5, "1.5"}),
    ("en", "$1.5bn", {1_500_000_000}),
    ("en", "-5 degrees, −1,200 and minus 7, from 1990-1994 and 1995 –1996", {-5, -1200, -7, 1990, 1994, 1995, 1996}),
    ("en", "25 % of 44 BC", {25, "0.25", -44}),
    ("de", "1,5 Millionen, 1.500 und 2,5 Mio.", {1_500_000, 1500, 2_500_000}),
    ("de", "zwei Millionen dreihunderttausend Boote, anderthalb", {2_300_000, "1.5"}),
    ("de", "der einundzwanzigste", {21}),
    ("ja", "1.5億円と三万二千人、３億5000万", {150_000_000, 32_000, 350_000_000}),
    ("ar", "٣ ملايين و ١٫٥ مليون، ثلاثة آلاف", {3_000_000, 1_500_000, 3000}),
    ("fr", "1.500 ou 1,5", {"1.5", 1500}),
]


@pytest.mark.parametrize(("language", "text", "wanted"), EXACT)
def test_exactly_these_numbers(language: str, text: str, wanted: set[int | str]) -> None:
    """No reading that the text does not have, and no part of a number as a number of its own."""
    assert numbers(text, language) == {Decimal(value) for value in wanted}


GIVEN = [
    ("en", "1500000", XSD.integer, "1.5 million"),
    ("en", "1.5E6", XSD.double, "1.5 million"),
    ("en", "-3500", XSD.integer, "a balance of −3,500"),
    ("en", "-0044", XSD.gYear, "in 44 BC"),
    ("en", "-0043", XSD.gYear, "in 44 B.C.E."),
    ("en", "1995", XSD.gYear, "in the season 1994/95"),
    ("ja", "1994", XSD.gYear, "平成6年に"),
    ("en", "1994-05", XSD.gYearMonth, "in May 1994"),
    ("en", "1994-05", XSD.gYearMonth, "on 05/1994"),
    ("en", "1994-05", XSD.gYearMonth, "between March and May 1994"),
    ("en", "1994-05-03", XSD.date, "on May 3rd, 1994"),
    ("en", "1994-05-03", XSD.date, "on the third of May 1994"),
    ("en", "1994-05-03", XSD.date, "on 3, 5 and 7 May 1994"),
    ("en", "1994-05-03", XSD.date, "on 3 May of that year, 1994"),
    ("en", "1994-05-03", XSD.date, "1994-05-03"),
    ("en", "1994-05-03", XSD.date, "3/5/1994"),
    ("en", "1994-05-03", XSD.date, "on 3 Sept. 1993 and 3 May 1994"),
    ("de", "1994-05-03", XSD.date, "am 3. Mai 1994"),
    ("de", "1994-05-03", XSD.date, "am 3.5.1994"),
    ("de", "1994-05-21", XSD.date, "am einundzwanzigsten Mai 1994"),
    ("ja", "1994-05-03", XSD.date, "１９９４年５月３日に"),
    ("ja", "1994-05-03", XSD.date, "一九九四年五月三日に"),
    ("ar", "1994-05-03", XSD.date, "في ٣ مايو ١٩٩٤"),
    ("ar", "1994-05-03", XSD.date, "في الثالث من أيار عام ١٩٩٤"),
    ("ar", "1994-11-03", XSD.date, "في الثالث من تشرين الثاني ١٩٩٤"),
    ("fr", "1994-05-03", XSD.date, "le 3 mai 1994"),
    ("en", "23:59:00", XSD.time, "at 11:59 pm"),
    ("en", "23:00:00", XSD.time, "at 11 p.m."),
    ("en", "12:00:00", XSD.time, "at noon"),
    ("de", "17:30:00", XSD.time, "um 17.30 Uhr"),
    ("ja", "17:30:00", XSD.time, "午後5時半"),
    ("en", "1994-05-03T17:30:00Z", XSD.dateTime, "on 3 May 1994 at 17:30"),
    ("en", "1994-05-03T00:00:00Z", XSD.dateTime, "on 3 May 1994"),
    ("en", "P99D", XSD.duration, "for ninety-nine days"),
    ("en", "P14D", XSD.duration, "two weeks"),
    ("en", "P5Y", XSD.duration, "a five-year plan"),
    ("en", "P2Y6M", XSD.duration, "two years and six months"),
    ("en", "P1Y", XSD.duration, "within a year"),
    ("de", "PT3H", XSD.duration, "drei Stunden"),
    ("ja", "P3M", XSD.duration, "3か月"),
    ("ar", "P3Y", XSD.duration, "ثلاث سنوات"),
    ("en", "--12-25", XSD.gMonthDay, "each 25 December"),
    ("en", "--12", XSD.gMonth, "in December"),
    ("en", "---25", XSD.gDay, "on the 25th"),
    ("en", "99", "http://any.example/type", "99 boats"),
    ("en", "two hundred and five seats", None, "has 205 seats"),
    ("en", "one of the seats", None, "has a seat"),
    ("en", "true", XSD.boolean, "has seats"),
]
NOT_GIVEN = [
    ("en", "15", XSD.integer, "1.5 million"),
    ("en", "15", XSD.integer, "1.5"),
    ("en", "5", XSD.integer, "1.5"),
    ("en", "3", XSD.integer, "3 million"),
    ("en", "1000000", XSD.integer, "3 million"),
    ("en", "1.2", XSD.decimal, "1,200"),
    ("de", "1200", XSD.integer, "1,200"),
    ("en", "1990", XSD.gYear, "nineteen ninety-two"),
    ("en", "-3500", XSD.integer, "3,500"),
    ("en", "3500", XSD.integer, "minus 3,500"),
    ("en", "-1994", XSD.gYear, "in 1994"),
    ("en", "0044", XSD.gYear, "in 44 BC"),
    ("en", "1994-03", XSD.gYearMonth, "opened its market in 1994"),
    ("en", "1994-03", XSD.gYearMonth, "the march of 1994"),
    ("en", "1994-05", XSD.gYearMonth, "may have, in 1994"),
    ("en", "1994-05", XSD.gYearMonth, "5 boats in 1994"),
    ("en", "1994-05", XSD.gYearMonth, "in May 1993 and in 1994"),
    ("en", "1994-12-03", XSD.date, "decided on day 3 in 1994"),
    ("en", "1994-05-03", XSD.date, "3 boats in May 1994"),
    ("en", "1994-05-03", XSD.date, "on 3 June and 4 May 1994"),
    ("de", "1994-03", XSD.gYearMonth, "eine Marke von 1994"),
    ("ja", "1994-03", XSD.gYearMonth, "1994年に3人"),
    ("en", "23:59:00", XSD.time, "at 23:58"),
    ("en", "23:59:00", XSD.time, "23 boats and 59 men"),
    ("en", "11:00:00", XSD.time, "at 11 pm"),
    ("en", "1994-05-03T17:30:00", XSD.dateTime, "on 3 May 1994"),
    ("en", "P99D", XSD.duration, "98 days"),
    ("en", "P5Y", XSD.duration, "five members"),
    ("en", "P5M", XSD.duration, "five years"),
    ("en", "--12-25", XSD.gMonthDay, "each 24 December"),
    ("en", "--11", XSD.gMonth, "in December"),
    ("en", "---25", XSD.gDay, "on the 24th"),
    ("en", "99", "http://any.example/type", "98 boats"),
    ("en", "three hundred and five seats", None, "two hundred and five seats"),
    ("en", "dreihundert Sitze", None, "two hundred seats"),
    ("ja", "三百席", None, "二百席"),
]


@pytest.mark.parametrize(("language", "lexical", "datatype", "text"), GIVEN)
def test_given(language: str, lexical: str, datatype: str | None, text: str) -> None:
    """The sentence gives it."""
    assert missing_parts(lexical, datatype, text, language) == []


@pytest.mark.parametrize(("language", "lexical", "datatype", "text"), NOT_GIVEN)
def test_not_given(language: str, lexical: str, datatype: str | None, text: str) -> None:
    """The sentence gives another one, or none."""
    own = "de" if lexical.startswith("drei") else None
    assert missing_parts(lexical, datatype, text, language, own) != []


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("fr", "Le phare a compté 12 400 visites.", {12400}),
        ("fr", "Le phare a compté 12\u00a0400 visites et 1\u202f250 nuitées.", {12400, 1250}),
        ("fr", "Le fonds a versé 12.400 euros.", {12400}),
        ("fr", "Le prix est de 12,4 euros, soit 1 234 567,50 francs.", {"12.4", "1234567.50"}),
        ("de", "Der Hof zählte 12\u2009400 Gäste.", {12400}),
        ("de", "Der Hof zählte 12.400 Gäste und 1'200 Hunde.", {12400, 1200}),
        ("en", "The yard sold 12,400 planks and 1’200 nails.", {12400, 1200}),
        ("en", "The yard sold 12 400 planks.", {12400}),
        ("en", "In group 12 300 people sang.", {12, 300}),
        ("es", "El puerto recibió 12 400 barcos.", {12400}),
        ("sv", "Gården sålde 12 400 plankor.", {12400}),
        ("en", "They met twice, and once more.", {1, 2}),
        ("de", "Der Vorstand tagte viermal, der Rat zwölfmal; die vierfache Menge.", {4, 12}),
        ("fr", "Le conseil s'est réuni quatre fois.", {4}),
        ("fr", "Quatre-vingt-dix-sept bénévoles, soixante et onze enfants.", {97, 71}),
        ("fr", "Douze gardiens et deux cent quarante membres.", {12, 240}),
        ("fr", "Trois mille deux cents visites en mille neuf cent deux.", {3200, 1902}),
        ("es", "Doce guardas y ciento cuarenta y dos socios.", {12, 142}),
        ("es", "El club nació en mil novecientos veinticuatro.", {1924}),
        ("it", "Dodici soci e trenta barche.", {12, 30}),
    ],
)
def test_groups_and_words(language: str, text: str, wanted: set[int | str]) -> None:
    """Digits in groups are one number in the language's way, and words are read."""
    assert numbers(text, language) == {Decimal(value) for value in wanted}


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u2009", "\u202f"])
def test_a_number_in_groups_is_one_figure(space: str) -> None:
    """Whatever space is between them."""
    text = f"Le phare a compté 12{space}400 visites en 2024."
    assert [figure.text for figure in figures(text, "fr")] == [f"12{space}400", "2024"]
