"""The check in projects of one language: English, German, Japanese and Arabic sentences, right and wrong claims."""

from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.documents.index import index_document
from isoc_kg.evidence.check import check_evidence
from isoc_kg.project import load_project
from isoc_kg.validation import ShapesGraph
from language_projects import CLASSES, HEAD, NAMES, ONTOLOGY, TOML, WORDS

SUPPORTS, TURNED = "verein t:supports id:wache", "wache t:supports id:verein"
GUILD = "verein t:supports id:gilde"
FOUNDED, OTHER = "verein t:foundedBy id:ida", "verein t:foundedBy id:ole"
TOOK, TAKEN = "gilde t:tookOver id:schule", "schule t:tookOver id:gilde"
OWNS, OWNED = "gilde t:owns id:schule", "schule t:owns id:gilde"
REJECTS = "verein t:rejects id:wache"
PILOTS, DIVERS = "verein t:trains id:lotsen", "verein t:trains id:taucher"


def towers(number: int) -> str:
    return f'verein t:towers "{number}"^^xsd:integer'


def founding(date: str, kind: str = "gYear") -> str:
    return f'verein schema:foundingDate "{date}"^^xsd:{kind}'


#: Sentences that deny that the society supports the watch, by language.
DENIALS = {
    "en": """
        Nobody supports the Night Watch, not even the Lamp Society.
        No one in the Lamp Society supports the Night Watch.
        Nothing that the Lamp Society does supports the Night Watch.
        It is false that the Lamp Society supports the Night Watch.
        It is a myth that the Lamp Society supports the Night Watch.
        The Lamp Society hardly supports the Night Watch.
        The Lamp Society barely supports the Night Watch.
        The Lamp Society denied that it supports the Night Watch.
        The Lamp Society disputes that it supports the Night Watch.
        The Lamp Society ruled out that it supports the Night Watch.
        The Lamp Society declined to support the Night Watch.
        The Lamp Society stopped supporting the Night Watch.
        The Lamp Society was wrongly said to support the Night Watch.
        Contrary to reports the Lamp Society supports the Night Watch.
        The Lamp Society supports the Salt Guild instead of the Night Watch.
        The Lamp Society supports the Salt Guild rather than the Night Watch.
    """,
    "de": """
        Niemand im Leuchtverein unterstützt die Nachtwache.
        Nichts am Leuchtverein unterstützt die Nachtwache.
        Es ist falsch, dass der Leuchtverein die Nachtwache unterstützt.
        Es ist ein Irrtum, dass der Leuchtverein die Nachtwache unterstützt.
        Der Leuchtverein bestreitet, dass er die Nachtwache unterstützt.
        Der Leuchtverein dementierte, die Nachtwache zu unterstützen.
        Der Leuchtverein verneinte, dass er die Nachtwache unterstützt.
        Der Leuchtverein arbeitet, ohne die Nachtwache zu unterstützen.
        Statt die Nachtwache zu unterstützen, ruht der Leuchtverein.
        Der Leuchtverein unterstützt die Nachtwache mitnichten.
        Der Leuchtverein gab die Förderung der Nachtwache auf.
        Entgegen den Berichten unterstützt der Leuchtverein die Nachtwache.
        Irrtümlich glaubte man, dass der Leuchtverein die Nachtwache unterstützt.
        Die Salzgilde bestreitet, der Leuchtverein unterstütze die Nachtwache.
    """,
    "ja": """
        灯台協会は夜警団の支援を否定した。
        灯台協会が夜警団を支援したというのは誤りだ。
        灯台協会が夜警団を支援したというのは間違いである。
        灯台協会が夜警団を支援したという話は事実に反する。
        灯台協会は夜警団の支援を断念した。
        灯台協会は夜警団の支援を見送った。
        灯台協会は夜警団の支援を撤回した。
        灯台協会の誰も夜警団を支援していない。
        灯台協会は夜警団をほとんど支援しなかった。
        灯台協会は夜警団を支援せず、解散した。
    """,
    "ar": """
        ما دعمت جمعية المنارة حرس الليل.
        جمعية المنارة ما دعمت حرس الليل.
        وما دعمت جمعية المنارة حرس الليل قط.
        نفت جمعية المنارة أنها تدعم حرس الليل.
        تنفي جمعية المنارة أنها تدعم حرس الليل.
        تنكر جمعية المنارة أنها تدعم حرس الليل.
        ترفض جمعية المنارة دعم حرس الليل.
        من الخطأ أن جمعية المنارة تدعم حرس الليل.
        لا أحد في جمعية المنارة يدعم حرس الليل.
        تخلت جمعية المنارة عن دعم حرس الليل.
        نادرا ما تدعم جمعية المنارة حرس الليل.
        فشلت جمعية المنارة في دعم حرس الليل.
    """,
}
#: Sentences that leave open whether it does, or say that it will, would or did once.
DOUBTS = {
    "en": """
        The Lamp Society probably supports the Night Watch.
        The Lamp Society is unlikely to support the Night Watch.
        The Lamp Society is likely to support the Night Watch.
        Maybe the Lamp Society supports the Night Watch.
        The Lamp Society plans to support the Night Watch.
        The Lamp Society intended to support the Night Watch.
        The Lamp Society hoped to support the Night Watch.
        The Lamp Society tried to support the Night Watch.
        The Lamp Society would have supported the Night Watch.
        The Lamp Society could have supported the Night Watch.
        The Lamp Society used to support the Night Watch.
        The Lamp Society formerly supported the Night Watch.
        The Lamp Society almost supported the Night Watch.
        Rumour has it that the Lamp Society supports the Night Watch.
        The Lamp Society is believed to support the Night Watch.
        It is said that the Lamp Society supports the Night Watch.
        The Lamp Society claims to support the Night Watch.
        According to unconfirmed reports the Lamp Society supports the Night Watch.
        The Lamp Society seems to support the Night Watch.
    """,
    "de": """
        Wahrscheinlich unterstützt der Leuchtverein die Nachtwache.
        Der Leuchtverein plant, die Nachtwache zu unterstützen.
        Der Leuchtverein beabsichtigt, die Nachtwache zu unterstützen.
        Der Leuchtverein will die Nachtwache unterstützen.
        Der Leuchtverein hätte die Nachtwache unterstützt.
        Der Leuchtverein würde die Nachtwache unterstützen.
        Der Leuchtverein sollte die Nachtwache unterstützen.
        Gerüchten zufolge unterstützt der Leuchtverein die Nachtwache.
        Es heißt, dass der Leuchtverein die Nachtwache unterstützt.
        Es heißt, der Leuchtverein unterstütze die Nachtwache.
        Man sagt, der Leuchtverein unterstützt die Nachtwache.
        Der Leuchtverein behauptet, dass er die Nachtwache unterstützt.
        Der Leuchtverein scheint die Nachtwache zu unterstützen.
        Früher unterstützte der Leuchtverein die Nachtwache.
        Beinahe unterstützte der Leuchtverein die Nachtwache.
        Der mutmaßliche Helfer Leuchtverein unterstützt die Nachtwache.
    """,
    "ja": """
        灯台協会は夜警団を支援したという。
        灯台協会は夜警団を支援したそうだ。
        灯台協会は夜警団を支援したとのことだ。
        灯台協会は夜警団を支援する予定だ。
        灯台協会は夜警団の支援を計画している。
        灯台協会は夜警団を支援するつもりだ。
        灯台協会は夜警団を支援しようとした。
        灯台協会は夜警団の支援を検討している。
        灯台協会は夜警団を支援していただろう。
        灯台協会は夜警団を支援するところだった。
        灯台協会はかつて夜警団を支援していた。
        灯台協会は夜警団を支援したと報じられた。
        たぶん灯台協会は夜警団を支援する。
        灯台協会は夜警団を支援したい。
    """,
    "ar": """
        قيل إن جمعية المنارة تدعم حرس الليل.
        تزعم جمعية المنارة أنها تدعم حرس الليل.
        يشاع أن جمعية المنارة تدعم حرس الليل.
        تخطط جمعية المنارة لدعم حرس الليل.
        تعتزم جمعية المنارة دعم حرس الليل.
        تنوي جمعية المنارة دعم حرس الليل.
        تحاول جمعية المنارة دعم حرس الليل.
        كانت جمعية المنارة ستدعم حرس الليل.
        لو دعمت جمعية المنارة حرس الليل.
        كانت تدعم جمعية المنارة حرس الليل.
        كادت جمعية المنارة تدعم حرس الليل.
        سابقا تدعم جمعية المنارة حرس الليل.
    """,
}
#: Sentences that say that it does, in words that look like a denial or a doubt.
PLAIN = {
    "en": """
        The Lamp Society supports the Night Watch without asking for thanks.
        The Lamp Society undoubtedly supports the Night Watch.
        No doubt the Lamp Society supports the Night Watch.
        The Lamp Society, founded in May, supports the Night Watch.
        The Lamp Society supports the Night Watch no less than before.
        The Lamp Society supports the Night Watch rather than the Salt Guild.
        The Lamp Society supports the Night Watch with lamps that are used to signal.
    """,
    "de": """
        Der Leuchtverein unterstützt die Nachtwache, ohne Dank zu verlangen.
        Der Leuchtverein unterstützt die Nachtwache nicht zuletzt mit Öl.
        Früher als die Salzgilde unterstützt der Leuchtverein die Nachtwache.
    """,
    "ja": """
        灯台協会は少なくとも夜警団を支援する。
        灯台協会は間違いなく夜警団を支援する。
        灯台協会は夜警団を支援したに違いない。
    """,
    "ar": """
        لا شك أن جمعية المنارة تدعم حرس الليل.
        تدعم جمعية المنارة حرس الليل بما تملك في الميناء.
        تدعم جمعية المنارة كل ما يملك حرس الليل.
    """,
}


#: Language, sentence, statement, and the questions that it raises.
CASES: list[tuple[str, str, str, set[str]]] = [
    ("en", "The Lamp Society was founded by Ida Holm, not by Ole Berg.", FOUNDED, set()),
    ("en", "The Lamp Society was founded by Ida Holm, not by Ole Berg.", OTHER, {"denial"}),
    ("en", "The Lamp Society trains pilots, and the Salt Guild trains divers.", PILOTS, set()),
    ("en", "The Lamp Society trains pilots, and the Salt Guild trains divers.", DIVERS, {"actor"}),
    ("en", "The Lamp Society has two dozen towers.", towers(24), set()),
    ("en", "The Lamp Society has two dozen towers.", towers(12), {"digits"}),
    # nobody states here who owns the society, so that the guild may
    ("en", "The Night Watch is glad that the Salt Guild owns the Lamp Society.", "wache t:owns id:verein", {"actor"}),
    ("en", "The Salt Guild has the Rope School.", OWNS, set()),
    ("en", "The Salt Guild has the Rope School.", OWNED, {"direction"}),
    ("en", "The Lamp Society rejects the Night Watch.", REJECTS, set()),
    ("en", "The Lamp Society does not reject the Night Watch.", REJECTS, {"denial"}),
    ("de", "Die Salzgilde hat die Seilschule.", OWNS, set()),
    ("de", "Die Salzgilde hat die Seilschule.", OWNED, {"direction"}),
    ("de", "Die Nachtwache weiss, dass die Salzgilde den Leuchtverein hat.", "wache t:owns id:verein", {"actor"}),
    ("de", "Den Leuchtverein unterstützt die Nachtwache.", TURNED, set()),
    ("de", "Den Leuchtverein unterstützt die Nachtwache.", SUPPORTS, {"direction"}),
    ("de", "Den alten Leuchtverein unterstützt seit je die Nachtwache.", TURNED, set()),
    ("de", "Den alten Leuchtverein unterstützt seit je die Nachtwache.", SUPPORTS, {"direction"}),
    ("de", "Ihren Leuchtverein fördert die Nachtwache.", TURNED, set()),
    ("de", "Ihren Leuchtverein fördert die Nachtwache.", SUPPORTS, {"direction"}),
    ("de", "Seit 1911 hat den Leuchtverein die Nachtwache unterstützt.", TURNED, set()),
    ("de", "Seit 1911 hat den Leuchtverein die Nachtwache unterstützt.", SUPPORTS, {"direction"}),
    ("de", "Die Nachtwache unterstützt den Leuchtverein.", TURNED, set()),
    ("de", "Die Nachtwache unterstützt den Leuchtverein.", SUPPORTS, {"direction"}),
    ("de", "Mit dem Leuchtverein unterstützt die Nachtwache Kinder.", TURNED, {"direction"}),
    ("de", "Der Leuchtverein unterstützt die Nachtwache.", SUPPORTS, set()),
    ("de", "Der Leuchtverein unterstützt die Nachtwache.", TURNED, {"direction"}),
    ("de", "Die Nachtwache wird vom Leuchtverein unterstützt.", SUPPORTS, set()),
    ("de", "Die Nachtwache wird vom Leuchtverein unterstützt.", TURNED, {"direction"}),
    ("de", "Der Leuchtverein unterstützt keineswegs die Nachtwache.", SUPPORTS, {"denial"}),
    ("de", "Der Leuchtverein unterstützt nicht nur die Nachtwache, sondern auch die Salzgilde.", SUPPORTS, set()),
    ("de", "Der Leuchtverein unterstützt nicht nur die Nachtwache, sondern auch die Salzgilde.", GUILD, set()),
    ("de", "Der Leuchtverein unterstützt die Nachtwache nicht mehr.", SUPPORTS, {"denial"}),
    ("de", "Weder der Leuchtverein noch die Seilschule unterstützt die Nachtwache.", SUPPORTS, {"denial"}),
    ("de", "Der Leuchtverein hat es abgelehnt, die Nachtwache zu unterstützen.", SUPPORTS, {"denial"}),
    ("de", "Der Leuchtverein weigert sich, die Nachtwache zu unterstützen.", SUPPORTS, {"denial"}),
    ("de", "Kaum unterstützt der Leuchtverein die Nachtwache.", SUPPORTS, {"denial"}),
    ("de", "Der Leuchtverein hörte auf, die Nachtwache zu unterstützen.", SUPPORTS, {"denial"}),
    ("de", "Der Leuchtverein lehnte die Förderung der Nachtwache ab.", SUPPORTS, {"denial"}),
    ("de", "Möglicherweise unterstützt der Leuchtverein die Nachtwache.", SUPPORTS, {"doubt"}),
    ("de", "Der Leuchtverein soll die Nachtwache unterstützen.", SUPPORTS, {"doubt"}),
    ("de", "Der Leuchtverein dürfte die Nachtwache unterstützt haben.", SUPPORTS, {"doubt"}),
    ("de", "Ob der Leuchtverein die Nachtwache unterstützt, ist unklar.", SUPPORTS, {"doubt"}),
    ("de", "Dem Vernehmen nach unterstützt der Leuchtverein die Nachtwache.", SUPPORTS, {"doubt"}),
    ("de", "Der Leuchtverein kann die Nachtwache unterstützen, wie er will.", SUPPORTS, set()),
    ("de", "Der Leuchtverein wurde von Ida Holm gegründet, nicht von Ole Berg.", FOUNDED, set()),
    ("de", "Der Leuchtverein wurde von Ida Holm gegründet, nicht von Ole Berg.", OTHER, {"denial"}),
    ("de", "Der Leuchtverein hat einundzwanzig Türme.", towers(21), set()),
    ("de", "Der Leuchtverein hat einundzwanzig Türme.", towers(22), {"digits"}),
    ("de", "Der Leuchtverein hat zweitausenddreihundertvierzig Türme.", towers(2340), set()),
    ("de", "Der Leuchtverein hat zwei Dutzend Türme.", towers(24), set()),
    ("de", "Der Leuchtverein entstand im Jahre achtzehnhundertfünf.", founding("1805"), set()),
    ("de", "Der Leuchtverein entstand im Jänner 1904.", founding("1904-01", "gYearMonth"), set()),
    ("de", "Der Leuchtverein entstand im März 1904.", founding("1904-04", "gYearMonth"), {"digits"}),
    ("de", "Am 5. Mai 1911 übernahm die Salzgilde die Seilschule.", TOOK, set()),
    ("de", "Am 5. Mai 1911 übernahm die Salzgilde die Seilschule.", TAKEN, {"direction"}),
    ("de", "Die Seilschule ist durch die Salzgilde übernommen worden.", TOOK, set()),
    ("de", "Die Seilschule ist durch die Salzgilde übernommen worden.", TAKEN, {"direction"}),
    ("de", "Der Leuchtverein bildet Lotsen aus, die Salzgilde bildet Taucher aus.", PILOTS, set()),
    ("de", "Der Leuchtverein bildet Lotsen aus, die Salzgilde bildet Taucher aus.", DIVERS, {"actor"}),
    ("de", "Die Lotsen werden vom Leuchtverein ausgebildet.", PILOTS, set()),
    ("de", "Die Salzgilde unterstützt die Nachtwache.", SUPPORTS, {"subject"}),
    ("de", "Der Leuchtverein besucht die Nachtwache.", SUPPORTS, {"predicate"}),
    ("de", "Das Wirken des Leuchtvereins unterstützt die Nachtwache.", SUPPORTS, set()),
    ("ja", "灯台協会は夜警団を支援する。", SUPPORTS, set()),
    ("ja", "灯台協会は夜警団を支援する。", TURNED, {"direction"}),
    ("ja", "夜警団は灯台協会によって支援される。", SUPPORTS, set()),
    ("ja", "夜警団は灯台協会によって支援される。", TURNED, {"direction"}),
    ("ja", "夜警団は灯台協会に支援されている。", SUPPORTS, set()),
    ("ja", "夜警団は灯台協会に支援されている。", TURNED, {"direction"}),
    ("ja", "夜警団を灯台協会が支援する。", SUPPORTS, set()),
    ("ja", "夜警団を灯台協会が支援する。", TURNED, {"direction"}),
    ("ja", "夜警団は灯台協会が支援している。", SUPPORTS, set()),
    ("ja", "夜警団は灯台協会が支援している。", TURNED, {"direction"}),
    ("ja", "夜警団は灯台協会から支援されている。", SUPPORTS, set()),
    ("ja", "夜警団は灯台協会から支援されている。", TURNED, {"direction"}),
    ("ja", "灯台協会が支援する夜警団は港にある。", SUPPORTS, set()),
    ("ja", "灯台協会が支援する夜警団は港にある。", TURNED, {"direction"}),
    ("ja", "夜警団を支援しているのは灯台協会だ。", TURNED, {"direction"}),
    ("ja", "縄学校は塩組合が所有する。", OWNS, set()),
    ("ja", "縄学校は塩組合が所有する。", OWNED, {"direction"}),
    ("ja", "灯台協会は夜警団を拒否した。", REJECTS, set()),
    ("ja", "灯台協会は夜警団を支援していない。", SUPPORTS, {"denial"}),
    ("ja", "灯台協会は夜警団を支援しなかった。", SUPPORTS, {"denial"}),
    ("ja", "灯台協会は夜警団を支援しません。", SUPPORTS, {"denial"}),
    ("ja", "灯台協会は夜警団を支援せず、塩組合を支援した。", SUPPORTS, {"denial"}),
    ("ja", "灯台協会は夜警団を支援せず、塩組合を支援した。", GUILD, set()),
    ("ja", "灯台協会は夜警団への支援をやめた。", SUPPORTS, {"denial"}),
    ("ja", "灯台協会は夜警団の支援を拒否した。", SUPPORTS, {"denial"}),
    ("ja", "灯台協会は夜警団だけでなく塩組合も支援する。", SUPPORTS, set()),
    ("ja", "灯台協会は夜警団のみならず塩組合も支援する。", GUILD, set()),
    ("ja", "灯台協会は夜警団を支援したとされる。", SUPPORTS, {"doubt"}),
    ("ja", "灯台協会は夜警団を支援したようだ。", SUPPORTS, {"doubt"}),
    ("ja", "灯台協会は夜警団を支援したと思われる。", SUPPORTS, {"doubt"}),
    ("ja", "灯台協会が夜警団を支援したかどうかは不明である。", SUPPORTS, {"doubt"}),
    ("ja", "灯台協会は夜警団を支援することができる。", SUPPORTS, set()),
    ("ja", "灯台協会には塔が二十一ある。", towers(21), set()),
    ("ja", "灯台協会には塔が二十一ある。", towers(22), {"digits"}),
    ("ja", "灯台協会には塔が三百五基ある。", towers(305), set()),
    ("ja", "灯台協会には塔が一万二千ある。", towers(12000), set()),
    ("ja", "灯台協会は明治三十七年にできた。", founding("1904"), set()),
    ("ja", "灯台協会は明治三十七年にできた。", founding("1905"), {"digits"}),
    ("ja", "灯台協会は昭和元年にできた。", founding("1926"), set()),
    ("ja", "灯台協会は一九〇四年三月にできた。", founding("1904-03", "gYearMonth"), set()),
    ("ja", "塩組合は縄学校を吸収した。", TOOK, set()),
    ("ja", "塩組合は縄学校を吸収した。", TAKEN, {"direction"}),
    ("ja", "縄学校は一九一一年に塩組合によって吸収された。", TOOK, set()),
    ("ja", "縄学校は一九一一年に塩組合によって吸収された。", TAKEN, {"direction"}),
    ("ja", "灯台協会はイダ・ホルムによって港に設立された。", FOUNDED, set()),
    ("ja", "塩組合は夜警団を支援する。", SUPPORTS, {"subject"}),
    ("ja", "灯台協会は水先人を育成し、塩組合は潜水士を育成する。", PILOTS, set()),
    ("ja", "灯台協会は水先人を育成し、塩組合は潜水士を育成する。", DIVERS, {"actor"}),
    ("ar", "تدعم جمعية المنارة حرس الليل.", SUPPORTS, set()),
    ("ar", "تدعم جمعية المنارة حرس الليل.", TURNED, {"direction"}),
    ("ar", "جمعية المنارة تدعم حرس الليل.", SUPPORTS, set()),
    ("ar", "جمعية المنارة تدعم حرس الليل.", TURNED, {"direction"}),
    ("ar", "وتدعم جمعية المنارة حرس الليل.", SUPPORTS, set()),
    ("ar", "حرس الليل تدعمه جمعية المنارة.", SUPPORTS, set()),
    ("ar", "حرس الليل تدعمه جمعية المنارة.", TURNED, {"direction"}),
    ("ar", "تملك نقابة الملح مدرسة الحبال.", OWNS, set()),
    ("ar", "تملك نقابة الملح مدرسة الحبال.", OWNED, {"direction"}),
    ("ar", "ترفض جمعية المنارة حرس الليل.", REJECTS, set()),
    ("ar", "لا تدعم جمعية المنارة حرس الليل.", SUPPORTS, {"denial"}),
    ("ar", "لم تدعم جمعية المنارة حرس الليل.", SUPPORTS, {"denial"}),
    ("ar", "لن تدعم جمعية المنارة حرس الليل.", SUPPORTS, {"denial"}),
    ("ar", "لم تعد جمعية المنارة تدعم حرس الليل.", SUPPORTS, {"denial"}),
    ("ar", "لا تزال جمعية المنارة تدعم حرس الليل.", SUPPORTS, set()),
    ("ar", "ما زالت جمعية المنارة تدعم حرس الليل.", SUPPORTS, set()),
    ("ar", "رفضت جمعية المنارة دعم حرس الليل.", SUPPORTS, {"denial"}),
    ("ar", "توقفت جمعية المنارة عن دعم حرس الليل.", SUPPORTS, {"denial"}),
    ("ar", "لا تدعم جمعية المنارة حرس الليل فحسب بل نقابة الملح أيضا.", SUPPORTS, set()),
    ("ar", "ربما تدعم جمعية المنارة حرس الليل.", SUPPORTS, {"doubt"}),
    ("ar", "قد تدعم جمعية المنارة حرس الليل.", SUPPORTS, {"doubt"}),
    ("ar", "على الأرجح تدعم جمعية المنارة حرس الليل.", SUPPORTS, {"doubt"}),
    ("ar", "يقال إن جمعية المنارة تدعم حرس الليل.", SUPPORTS, {"doubt"}),
    ("ar", "تستطيع جمعية المنارة دعم حرس الليل.", SUPPORTS, set()),
    ("ar", "تأسست جمعية المنارة على يد إيدا هولم.", FOUNDED, set()),
    ("ar", "لقد تأسست جمعية المنارة على يد إيدا هولم.", FOUNDED, set()),
    ("ar", "لجمعية المنارة واحد وعشرون برجا.", towers(21), set()),
    ("ar", "لجمعية المنارة واحد وعشرون برجا.", towers(22), {"digits"}),
    ("ar", "لجمعية المنارة مئة وخمسة أبراج.", towers(105), set()),
    ("ar", "لجمعية المنارة ألفان وثلاثمئة برج.", towers(2300), set()),
    ("ar", "لجمعية المنارة ثلاثة ملايين برج.", towers(3_000_000), set()),
    ("ar", "نشأت جمعية المنارة في آذار ١٩٠٤.", founding("1904-03", "gYearMonth"), set()),
    ("ar", "نشأت جمعية المنارة في تشرين الثاني ١٩٠٤.", founding("1904-11", "gYearMonth"), set()),
    ("ar", "نشأت جمعية المنارة في تشرين الثاني ١٩٠٤.", founding("1904-10", "gYearMonth"), {"digits"}),
    ("ar", "ضمت نقابة الملح مدرسة الحبال.", TOOK, set()),
    ("ar", "ضمت نقابة الملح مدرسة الحبال.", TAKEN, {"direction"}),
    ("ar", "تدعم نقابة الملح حرس الليل.", SUPPORTS, {"subject"}),
]
for _sentences, _questions in ((DENIALS, {"denial"}), (DOUBTS, {"doubt"}), (PLAIN, set())):
    for _language, _block in _sentences.items():
        CASES += [(_language, line.strip(), SUPPORTS, _questions) for line in _block.strip().splitlines()]


def project(folder: Path, language: str) -> Path:
    """A project whose names, cues and document are of one language, each sentence a paragraph."""
    words = WORDS[language]
    for name in ("facts", "ontology"):
        (folder / name).mkdir()
    sentences = list(dict.fromkeys(sentence for tag, sentence, _, _ in CASES if tag == language))
    (folder / "d.txt").write_text("\n\n".join(sentences) + "\n", encoding="utf-8")
    (folder / "kg.toml").write_text(TOML.format(language=language, **words), encoding="utf-8")
    ontology = HEAD + ONTOLOGY.format(language=language, **words)
    (folder / "ontology" / "t.ttl").write_text(ontology, encoding="utf-8")
    index = folder / "facts" / "units" / "d" / "1.jsonl"
    index_document(folder / "d.txt", index, slug="d", edition="1", language=language)
    lines = [HEAD]
    for name, label in zip(NAMES, words["names"], strict=True):
        note = '{| skos:editorialNote "x"@en |}'
        lines.append(f'id:{name} a {CLASSES.get(name, "t:Body")} {note} ; schema:name "{label}"@{language} {note} .')
    (folder / "facts" / "names.ttl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    cases = [HEAD] + [
        f"id:{statement} {{| ev:supportedBy s:{sentences.index(sentence) + 1}.1 |}} ."
        for tag, sentence, statement, _ in CASES if tag == language
    ]  # fmt: skip
    (folder / "facts" / "cases.ttl").write_text("\n".join(cases) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("language", WORDS)
def test_sentences(tmp_path: Path, language: str) -> None:
    """Each statement raises just what its sentence gives reason for, at its line."""
    dataset = build_dataset(load_project(project(tmp_path, language)))
    result = check_evidence(dataset, ShapesGraph.of_project(dataset.project))
    assert result.not_asked == ()
    lines = {}
    for finding in (*result.errors, *(flag.finding for flag in result.flags)):
        lines.setdefault(finding.line, set()).add(finding.message.partition(":")[0])
    cases = [case for case in CASES if case[0] == language]
    first = HEAD.count("\n") + 2
    raised = {(sentence, statement): lines.get(first + n, set()) for n, (_, sentence, statement, _) in enumerate(cases)}
    wanted = {(sentence, statement): questions for _, sentence, statement, questions in cases}
    # of a pair with a mistake all that matters is that the question is among those raised
    differing = {
        case: (found, wanted[case])
        for case, found in raised.items()
        if (found != set() if not wanted[case] else not wanted[case] <= found)
    }
    assert differing == {}
