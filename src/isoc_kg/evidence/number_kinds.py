"""What kind of number a figure is in its sentence, by its surroundings: a year, an amount, a page, an ordinal.

Only what the surroundings settle is told; of any other figure nothing is said. Patterns are over folded text
(`words.fold`), for all languages at once: what they look for is a number of that kind wherever it is written.
"""

import re

from ..namespaces import XSD
from .figures import Figure
from .literals import is_amount, is_moment, is_text
from .moments import dates
from .numerals import primary_language

__all__ = ["expects", "is_bound", "is_other_kind", "number_kind"]

#: Words and signs before the number of a place in a document or in a series, and of an address or a law.
_REFERENCE = re.compile(
    r"(?:\b(?:pages?|pp?\.|chapters?|ch\.|figures?|fig\.|tables?|sections?|sec\.|paragraphs?|para\.|annex|appendix"
    r"|articles?"
    r"|art\.|footnotes?|volumes?|vol\.|issues?|no\.|nos\.|nr\.|number|room|flat|box"
    r"|seiten?|s\.|kapitel|kap\.|abbildung|abb\.|tabelle|tab\.|abschnitt|absatz|abs\.|ziffer|anhang|artikel|band|bd\."
    r"|heft|nummer|zimmer|raum|postfach"
    r"|chapitre|tableau|alinéa|numéro|n°|salle"
    r"|páginas?|pág\.|capítulo|cap\.|figura|tabla|sección|artículo|número|núm\."
    r"|pagin[ae]|pag\.|capitolo|tabella|sezione|articolo|numero|n\."
    r"|sidor?|sid\.|kapitel|bilaga|str\.|strona|rozdział|стр\.|страниц[аеы]|глава|гл\.|табл\.|рис\.)\s*"
    r"|(?:ページ|頁|図|表|第)\s*|(?:(?:ال)?(?:صفحه|صفحة|ص\.|فصل|جدول|ماده|مادة|رقم))\s*|[§#№]\s*)"
    r"(?:\d+\s*(?:[-–—,&]|and|und|et|y|e|och|bis|to)\s*)?$"
)
_REFERENCE_BEHIND = re.compile(r"\s*(?:ページ目?|頁|章|条|号室?|節)")
_PERCENT = re.compile(r"\s*(?:%|٪|per\s?cent\b|percent\b|prozent\b|pour\s?cent\b|por\s?ciento\b|per\s?cento\b|procent\b"
                      r"|процент\w*|パーセント|割|في المئه|في المئة|في المائة|بالمئة|بالمائة)")  # fmt: skip
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)$|(?:first|second|third|[a-z]th)$|[a-zäöü]t[e][nrsm]?$")
_ORDINAL_BEHIND = re.compile(r"(?:[oa°]|-?(?:й|я|е|го|му))(?!\w)|(?:回|番|代)目|位")
_ORDINAL_POINT = re.compile(r"\.\s+(?=[^\W\d_])")  #: “die 14. Sitzung”
_POINTING = frozenset(("de", "da", "nb", "nn", "no", "fi", "cs", "sk", "pl", "hu", "hr", "sl", "et", "lv", "is"))
_CLOCK = re.compile(r"(?:[:.h]\d\d)?\s*(?:a\.?m\.?|p\.?m\.?|o['’]clock|uhr|時(?!間)|h)(?!\w)|:\d\d")
#: What a number counts or measures when it stands right behind it.
_UNIT = re.compile(
    r"\s?[-–]?\s?(?:(?:[kmc]?m[23]?|km/h|[kmg]?g|t|ha|[kmg]?w|[kmg]wh|[kmg]b|l|hl|°c|kn)(?![\w.])"
    r"|(?:€|\$|£|¥|eur|usd|gbp|chf|euros?|dollars?|pounds?|francs?|franken|kronor|kroner|yen|złotych|рубл\w*)(?!\w)"
    r"|(?:met(?:re|er)s?|kilomet(?:re|er)s?|miles?|feet|foot|acres?|hectares?|hektar|tonn?e?s?|tonnen|lit(?:re|er)s?"
    r"|people|persons?|men|women|children|members?|staff|employees|sheep|hours?|minutes?|days?|weeks?|months?|years?"
    r"|mitglieder\w*|menschen|personen|leute|frauen|männer|kinder|stück|einwohner\w*|beschäftigten?|jahren?|tagen?"
    r"|stunden?|wochen?|monaten?"
    r"|membres|personnes|habitants|hommes|femmes|ans|jours|heures|mètres"
    r"|miembros|personas|habitantes|años|días|metros|leden|membri|persone|abitanti|anni|giorni|metri"
    r"|medlemmar|medlemmer|personer|invånare|år gammal|членов|человек|жителей|członków|osób"
    r")(?!\w)"
    r"|(?:人|名|名様|件|個|本|匹|頭|台|枚|冊|回線|社|隻|棟|ヶ所|か所|メートル|キロ|トン|円|ドル|ユーロ|ヘクタール|時間|年間|歳)"
    r"|(?:عضو\w*|شخص\w*|موظف\w*|نسمة|نسمه|متر\w*|كيلومتر\w*|طن\w*|دولار\w*|يورو|جنيه\w*|كتاب\w*|سنه|يوم\w*|اعضاء))"
)
#: A noun right behind a number: in German by its capital, in English by its plural.
_GERMAN_NOUN = re.compile(r"\s[A-ZÄÖÜ][a-zäöüß]{2,}")
_NO_PLURAL = (
    "was|has|is|does|goes|saw|this|its|his|plus|versus|as|less|across|always|towards|sometimes|besides|afterwards|unless"
    "|brings|marks|sees"
)
_ENGLISH_PLURAL = re.compile(rf"\s(?!(?:{_NO_PLURAL})\b)[a-z]{{3,}}s\b")
#: What makes a number of four digits an amount.
_COUNTED = re.compile(
    r"(?:\b(?:has|had|have|having|with|over|about|some|nearly|almost|roughly|only|than|least|most|counts?|counted"
    r"|numbers|numbered|employs|employed|sold|produced|its|hat|hatte|mit|über|rund|etwa|fast|nur|mindestens|zählt"
    r"|zählte|beschäftigt|insgesamt|total|avec|environ|compte|con|unos|cuenta|conta|circa|med|około|около)\s+"
    r"|[€$£¥]\s?)$"
)
#: What makes a number a bound: the amount is another one.
_BOUND = re.compile(
    r"(?:(?<!no )(?<!not )\b(?:more|less|fewer|greater|higher|lower) than|\b(?:over|under|nearly|almost|up to"
    r"|at least|at most"
    r"|mehr als|weniger als|über|unter|fast|beinahe|bis zu|mindestens|höchstens|wenigstens"
    r"|(?:plus|moins) (?:de|d['’])|près de|presque|jusqu['’]à|au (?:moins|plus)"
    r"|(?:más|menos) de|casi|hasta|al menos|più di|meno di|quasi|fino a|almeno)\s*)\s*$"
)
#: What makes a number of four digits a year.
_DATED = re.compile(
    r"(?:\b(?:in|since|until|till|by|from|during|early|late|mid|of|after|before|circa|year|im jahre?|seit|bis|ab|jahr"
    r"|anno|en|depuis|dès|desde|hasta|em|nel|dal|sinds|år|sedan|roku|w|в|с|до|годъ?|spring|summer|autumn|winter"
    r"|frühjahr|sommer|herbst)\s+"
    r"|\b(?:عام|سنة|سنه|منذ|في)\s+|\()$"
)
_YEAR_BEHIND = re.compile(r"\s?(?:年(?!間)|年度|г\.|году?\b|roku\b)")
#: Behind an article a year may stand before a noun: “the 2014 elections”.
_DEFINITE = re.compile(r"\b(?:the|der|die|das|den|dem)\s+$")
_FOUR_DIGITS = re.compile(r"[12]\d{3}(?!\d)")
#: A property that says so in its own name is about what it names.
_OF_DATES = re.compile(r"(?:date|year|datum|jahr|founded|created|issued|modified|time)", re.IGNORECASE)
_OF_PLACES = re.compile(r"(?:page|position|number$|volume|issue|chapter|article|identifier|code|order|rank|edition)",
                        re.IGNORECASE)  # fmt: skip
_OF_SHARES = re.compile(r"(?:percent|share|rate|ratio|proportion)", re.IGNORECASE)
_WHOLE = frozenset(
    XSD[name] for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger", "unsignedInt")
)


def number_kind(text: str, folded: str, figure: Figure, language: str) -> str | None:
    """The kind of a figure of a text, given beside its folded form; None where its surroundings do not settle it.

    It is one of `date` (with a month or day), `year`, `amount`, `percentage`, `ordinal`, `reference`, `clock`.
    """
    start, end = figure.place
    own, before, behind = folded[start:end], folded[max(0, start - 40) : start], folded[end : end + 40]
    if dates(figure.text, language):
        return "date"
    if _YEAR_BEHIND.match(behind) or _YEAR_BEHIND.search(own):
        return "year"
    for kind, is_so in (
        ("percentage", _PERCENT.match(behind)),
        ("clock", _CLOCK.match(behind)),
        ("reference", _REFERENCE.search(before) or _REFERENCE_BEHIND.match(behind)),
        ("ordinal", _is_ordinal(own, behind, language)),
    ):
        if is_so:
            return kind
    dated = _DATED.search(before) is not None
    if not _FOUR_DIGITS.fullmatch(own):
        return "amount" if _UNIT.match(behind) or _COUNTED.search(before) else None
    counted = _UNIT.match(behind) or _COUNTED.search(before) or _noun_behind(text, folded, end, language)
    if dated:
        return None if counted else "year"
    return "amount" if counted and not _DEFINITE.search(before) else None


def is_bound(folded: str, figure: Figure) -> bool:
    """Whether a figure of a folded text only bounds an amount: “more than 300”, “bis zu 300”."""
    return _BOUND.search(folded[max(0, figure.place[0] - 40) : figure.place[0]]) is not None


def _is_ordinal(own: str, behind: str, language: str) -> bool:
    if _ORDINAL.search(own) or _ORDINAL_BEHIND.match(behind):
        return True
    pointed = own.isdigit() and len(own) < 4 and primary_language(language) in _POINTING
    return pointed and _ORDINAL_POINT.match(behind) is not None


def _noun_behind(text: str, folded: str, end: int, language: str) -> bool:
    """Whether a noun stands right behind a number, in a language that shows its nouns."""
    primary = primary_language(language)
    if primary == "de":
        return len(text) == len(folded) and _GERMAN_NOUN.match(text, end) is not None
    return primary == "en" and _ENGLISH_PLURAL.match(folded, end) is not None


def expects(property_: str, dating: bool, lexical: str, datatype: str | None) -> str | None:
    """What kind of number a statement gives: `moment`, `amount` or, where that is open, None.

    `dating` says that the property is declared to have dates; a plain text of digits counts for such a one alone.
    """
    local = property_.rpartition("#")[2].rpartition("/")[2]
    if is_moment(datatype):
        return "moment"
    if is_text(datatype):
        return "moment" if dating and re.fullmatch(r"-?\d{4}(?:-\d\d){0,2}", lexical.strip()) else None
    if dating:
        return "moment"
    if not is_amount(datatype) or _OF_DATES.search(local) or _OF_PLACES.search(local):
        return None
    if datatype in _WHOLE and not _OF_SHARES.search(local):
        return "count"
    return "amount"


#: What a statement gives → the kinds of figures that do not give it.
_OTHERS = {
    "moment": frozenset(("amount", "percentage", "ordinal", "reference")),
    "amount": frozenset(("date", "year", "ordinal", "reference", "clock")),
    "count": frozenset(("date", "year", "ordinal", "reference", "clock", "percentage")),
}


def is_other_kind(wanted: str, kind: str | None) -> bool:
    """Whether a figure of a kind cannot give what a statement gives."""
    return kind in _OTHERS[wanted]
