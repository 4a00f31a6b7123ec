"""Numbers in words in French, Spanish and Italian: units, tens, hundreds and thousands, written apart or together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .words import fold

__all__ = ["ROMANCE", "Numerals", "in_words"]


@dataclass(frozen=True, slots=True)
class Numerals:
    """The words of a language for numbers; those that scale a number before them; those that only join."""

    values: Mapping[str, int]
    scales: Mapping[str, int]
    joints: frozenset[str]
    twenties: bool = False  #: whether four twenties are eighty, and a teen may follow sixty


def _counted(words: str, start: int = 1, step: int = 1) -> dict[str, int]:
    return {
        fold(word): start + step * number for number, words_ in enumerate(words.split()) for word in words_.split("/")
    }


_FRENCH = Numerals(
    _counted(
        "un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept/dixsept"
    )
    | _counted("vingt/vingts trente quarante cinquante soixante septante octante/huitante nonante", 20, 10)
    | _counted("premier/première deuxième/second/seconde troisième quatrième cinquième sixième septième huitième"
               " neuvième dixième onzième douzième"),
    {"cent": 100, "cents": 100, "mille": 1000, "million": 10**6, "millions": 10**6, "milliard": 10**9,
     "milliards": 10**9, "douzaine": 12, "douzaines": 12},
    frozenset(("et",)),
    twenties=True,
)  # fmt: skip
_SPANISH = Numerals(
    _counted("un/uno/una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis"
             " diecisiete dieciocho diecinueve veinte veintiuno/veintiún/veintiuna veintidós veintitrés veinticuatro"
             " veinticinco veintiséis veintisiete veintiocho veintinueve")
    | _counted("treinta cuarenta cincuenta sesenta setenta ochenta noventa", 30, 10)
    | _counted("doscientos/doscientas trescientos/trescientas cuatrocientos/cuatrocientas quinientos/quinientas"
               " seiscientos/seiscientas setecientos/setecientas ochocientos/ochocientas novecientos/novecientas",
               200, 100)
    | _counted("primero/primera/primer segundo/segunda tercero/tercera/tercer cuarto/cuarta quinto/quinta sexto/sexta"
               " séptimo/séptima octavo/octava noveno/novena décimo/décima"),
    {"cien": 100, "ciento": 100, "mil": 1000, "millón": 10**6, "millones": 10**6, "docena": 12, "docenas": 12},
    frozenset("y"),
)  # fmt: skip
_ITALIAN = Numerals(
    _counted("un/uno/una due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici"
             " sedici diciassette diciotto diciannove")
    | _counted("venti trenta quaranta cinquanta sessanta settanta ottanta novanta", 20, 10)
    | _counted("primo/prima secondo/seconda terzo/terza quarto/quarta quinto/quinta sesto/sesta settimo/settima"
               " ottavo/ottava nono/nona decimo/decima"),
    {"cento": 100, "mille": 1000, "mila": 1000, "milione": 10**6, "milioni": 10**6, "dozzina": 12},
    frozenset("e"),
)  # fmt: skip
#: Languages by primary subtag.
ROMANCE = {"fr": _FRENCH, "es": _SPANISH, "it": _ITALIAN}
#: A scale above these multiplies all that stands before it.
_HUNDRED = 100


def in_words(words: Sequence[str | tuple[Decimal, ...]], numerals: Numerals) -> Iterator[Decimal]:
    """The numbers of a text's words; a number in digits is given by its readings, or read with the scale behind it."""
    total, current = Decimal(0), Decimal(0)
    going_on = False
    for at, word in enumerate([*words, ""]):
        if isinstance(word, tuple):
            if going_on:
                yield total + current
            following = words[at + 1] if at + 1 < len(words) else ""
            scaled = isinstance(following, str) and following in numerals.scales
            total, current, going_on = Decimal(0), word[-1] if scaled else Decimal(0), scaled
            yield from () if scaled else word
        elif word in numerals.scales:
            scale = numerals.scales[word]
            if scale <= _HUNDRED:
                current = (current or Decimal(1)) * scale
            else:
                total, current = total + (current or Decimal(1)) * scale, Decimal(0)
            going_on = True
        elif word in numerals.values:
            value = Decimal(numerals.values[word])
            low = current % _HUNDRED
            if numerals.twenties and value == 20 and low == 4:
                current += 76
            elif going_on and not _joins(low, value, numerals):
                yield total + current
                total, current = Decimal(0), value
            else:
                current += value
            going_on = True
        elif going_on and word in numerals.joints and at + 1 < len(words) and words[at + 1] in numerals.values:
            continue
        elif going_on:
            yield total + current
            total, current, going_on = Decimal(0), Decimal(0), False


def _joins(low: Decimal, value: Decimal, numerals: Numerals) -> bool:
    """Whether a number goes on with another behind what it has below a hundred: “forty” with “two”."""
    if low == 0:
        return True
    teens = 20 if numerals.twenties and low in (60, 80) else 10
    return (low >= 20 and low % 10 == 0 and value < teens) or (
        numerals.twenties and low in (10, 70, 90) and 7 <= value < 10
    )
