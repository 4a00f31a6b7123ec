"""In what language a text is, whatever its file says."""

import pytest

from isoc_kg.documents.intake.passages import Extraction, Passage
from isoc_kg.documents.language_of_text import language_of, prevailing_language

TEXTS = {
    "en": "The harbour was closed in the winter of 1890, and the boats were moved to a dock that is not in the town.",
    "de": "Der Hafen wurde im Winter 1890 geschlossen, und die Boote lagen in einem Dock, das nicht der Stadt gehört.",
    "fr": "Le port a été fermé dans l'hiver de 1890, et les bateaux sont dans un bassin qui est au bord de la rivière.",
    "es": "El puerto se cerró en el invierno de 1890 y los barcos fueron llevados a un muelle que no es de la ciudad.",
    "it": "Il porto è stato chiuso nel 1890 e le barche sono in un bacino che non è della città, ma del comune.",
    "pt": "O porto foi fechado no inverno de 1890 e os barcos não são da cidade, mas da companhia que os comprou.",
    "nl": "De haven werd in de winter gesloten en de boten zijn naar een dok gebracht dat niet van de stad is.",
    "sv": "Hamnen stängdes på vintern och båtarna är i en docka som inte är stadens, men den har ett tak av trä.",
    "fi": "Satama on suljettu ja veneet ovat telakalla, joka ei ole kaupungin, mutta se on myös lähellä rantaa.",
    "pl": "Port został zamknięty w zimie, a łodzie są w doku, który nie jest miejski, ale jest po tej stronie rzeki.",
    "cs": "Přístav je zavřený a lodě jsou v doku, který není městský, ale byl postaven za řekou a od té doby se staví.",
    "ru": "Гавань была закрыта зимой, и лодки не в городе, а в доке, который был построен на реке для них.",
    "uk": "Гавань була закрита взимку, і човни не в місті, а в доці, який був збудований на річці для них та за це.",
    "el": "Το λιμάνι έκλεισε τον χειμώνα και τα πλοία είναι σε μια αποβάθρα που δεν είναι της πόλης.",
    "ja": "港は1890年の冬に閉鎖され、船は町のものではない桟橋に移された。",
    "zh": "港口于一八九零年冬天关闭，船只移到不属于城市的码头。",
    "ko": "항구는 1890년 겨울에 닫혔고 배는 다른 부두로 옮겨졌다.",
    "ar": "أغلق الميناء في شتاء عام 1890 ونقلت القوارب إلى رصيف ليس للمدينة.",
    "he": "הנמל נסגר בחורף והסירות הועברו לרציף אחר.",
}  # fmt: skip


def extraction(text: str, says: str | None = None) -> Extraction:
    """A document of one paragraph."""
    return Extraction((Passage(text, "paragraph", ()),), "test 1", language=says)


@pytest.mark.parametrize("language", TEXTS)
def test_what_the_text_is_in(language: str) -> None:
    """A file's or a project's wrong word gives way, with a note; a right one stays, with its region."""
    text = TEXTS[language]
    wrong = "en-US" if language != "en" else "de-DE"
    tag, note = language_of(extraction(text, wrong), None, "en")
    assert tag == language
    assert note is not None
    assert wrong in note
    assert language_of(extraction(text, f"{language}-XX"), None, "en") == (f"{language}-XX", None)
    assert language_of(extraction(text), None, wrong)[0] == language


def test_what_somebody_gave_stands() -> None:
    """With a note where the words are of another language."""
    tag, note = language_of(extraction(TEXTS["de"], "en"), "en", "en")
    assert tag == "en"
    assert note is not None
    assert "--language de" in note
    assert language_of(extraction(TEXTS["de"], "en"), "de-AT", "en") == ("de-AT", None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "en"),
        ("1890 – 1920", "de"),
        ("Ada Penn, Rue Adams", "de"),
        ("Der Hafen", "en"),  # too little
        (TEXTS["en"] + " „Der Hafen ist zu“, sagte die Frau.", "en"),
        (TEXTS["cs"], "sk"),  # a sister of which nothing is known
        (TEXTS["es"], "ca"),
        (TEXTS["zh"], "ja"),  # may be Japanese without kana
        (TEXTS["ar"], "fa"),
    ],
)
def test_what_is_in_doubt_stays(text: str, said: str) -> None:
    """Nothing is told of short texts, quotations, and languages nobody here knows."""
    assert prevailing_language(text, said) is None
