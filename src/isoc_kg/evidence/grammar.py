"""What the evidence check knows of a language: denials, doubts, clause borders, the passive, the order of words."""

import re
from dataclasses import dataclass

__all__ = ["GRAMMARS", "Grammar", "grammar_of"]


@dataclass(frozen=True, slots=True)
class Grammar:
    """Patterns over folded text (`words.fold`), and in which orders a sentence puts agent, cue and patient.

    An order is written with `a` (agent: who does it), `c` (cue: the words for the property) and `p` (patient: to
    whom it is done). `by` marks the agent of a passive: the agent stands behind it, or before it in Japanese.
    """

    denial: re.Pattern[str]
    doubt: re.Pattern[str]
    border: re.Pattern[str]  #: what separates clauses
    by: re.Pattern[str]
    passive: re.Pattern[str] | None  #: what else a clause in the passive has; None where `by` behind the cue is enough
    orders: frozenset[str]
    ending_by: re.Pattern[str]  #: the mark at the end (in Japanese, the start) of a cue for “is done by”
    denying: tuple[str, ...] = ()  #: words that make a denial of a clause, put before its cue (in Japanese, at its end)
    by_follows: bool = False  #: whether `by` stands right behind the cue; elsewhere anywhere in the clause
    agent_first: bool = False  #: whether the agent of a passive stands before `by`
    of: re.Pattern[str] | None = None  #: what ties a name to the thing of which it says more: “cranes of oak”
    weak_by: re.Pattern[str] | None = None  #: a mark of the agent only where `passive` stands right behind the cue
    no_agent: re.Pattern[str] | None = None  #: what stands behind a name that is no agent
    no_patient: re.Pattern[str] | None = None  #: what stands behind a name that is no patient
    actor: re.Pattern[str] | None = None  #: what stands behind the one who acts, where the language marks it


_ENGLISH = Grammar(
    denial=re.compile(
        r"\b(?:not(?! (?:only|just|merely|simply|least)\b)|never|no longer|nor|neither|none|cannot|\w+n['’]t(?! only\b)"
        r"|den(?:y|ies|ied)|fail(?:s|ed)? to|refus(?:es|ed) to|ceased? to|no(?! (?:doubt|matter|fewer|less)\b))\b"
    ),
    doubt=re.compile(
        r"\b(?:m(?:ay|ight) (?:well |not |also )?(?:have|be)|might|could have|perhaps|possibly|presumably|supposedly"
        r"|allegedly|reportedly|apparently|rumou?red|(?:is|are|was|were) said to|unclear|doubtful)\b"
    ),
    border=re.compile(r"[;:.!?—()]|,? \b(?:but|although|though|while|whereas|which|who|because|unless)\b|, (?=not\b)"),
    by=re.compile(r"\s(?:[\w-]+\s){0,3}?by\s(?![\w-]+ing\b)"),
    passive=None,
    orders=frozenset({"acp", "cpa"}),
    ending_by=re.compile(r"\sby$"),
    by_follows=True,
    denying=("not", "never", "no longer"),
    of=re.compile(r"\s(?:of|from)\s(?:(?:the|a|an|its|their|our)\s)?$"),
)
_GERMAN = Grammar(
    denial=re.compile(
        r"\b(?:nicht(?! (?:nur|allein|bloß|bloss|zuletzt)\b)|kein(?:e|en|er|em|es)?|nie|niemals|weder|nirgends"
        r"|keinesfalls|keineswegs|kaum|abgelehnt|ablehn\w*|lehn(?:t|te|ten|en)\b(?=[^.;]{0,300}\bab\b)|weiger\w*|verweiger\w*"
        r"|bestreite\w*|bestritt\w*|dementier\w*|leugne\w*|verzicht(?:et|ete|eten|en)|hör(?:t|te|ten|en)\b(?=[^.;]{0,300}\bauf\b)"
        r"|aufgehört)\b"
    ),
    doubt=re.compile(
        r"\b(?:angeblich|vermutlich|mutmasslich|möglicherweise|vielleicht|wahrscheinlich|wohl|soll(?:en)?|dürften?"
        r"|könnten?|offenbar|anscheinend|gerüchten?|gerüchteweise|dem vernehmen nach|unklar|ungewiss|fraglich"
        r"|zweifelhaft|umstritten|unbestätigt\w*)\b"
    ),
    border=re.compile(
        # an infinitive that goes on behind the comma is part of what is denied: “weigert sich, die Wache zu stützen”
        r"[;:.!?—()]|,? \b(?:sondern|aber|während|weil|obwohl|obgleich)\b|, (?=nicht\b)"
        r"|, (?:der|die|das|welche[rs]?)\b(?![^,.;]{0,300}\b(?:zu \w+n|\w{2,4}zu\w+en)\b)"
    ),
    by=re.compile(r"\b(?:von|vom|durch)\b"),
    passive=re.compile(r"\b(?:wurden?|wird|werden|worden|ge\w+(?:t|en))\b"),
    orders=frozenset({"acp", "apc", "cap"}),
    ending_by=re.compile(r"(?<=t|n)\s(?:von|durch)$"),
    denying=("nicht", "nie", "keineswegs"),
    of=re.compile(r"\s(?:aus|von|vom)\s(?:(?:der|dem|den|einem|einer)\s)?$"),
)
_JAPANESE = Grammar(
    denial=re.compile(
        r"(?<!だけで)(?<!のみなら)(?:(?<!かもしれ)な(?:い|かった|く(?!て(?:は|も)))(?!かもしれ)|(?<!かもしれ)ません|ずに|もはや)"
        r"|(?<!のみなら)(?<!わ)(?<!か)(?<!ま)ず(?=[、。])|(?<!まだ)(?:をやめ|を止め|を断[っら]|拒否|拒ん|中止|打ち切|否定)"
    ),
    doubt=re.compile(
        r"かもしれ|らしい|とされ|と言われ|といわれ|おそらく|可能性|という説|だろう|でしょう|はずだ|よう(?:だ|である|です)"
        r"|と(?:思|考え|み|見)(?:わ|ら)れ|かどうか|不明|未確認|疑わしい|噂"
    ),
    border=re.compile(r"[。；：！？（）「」]|が、|けれども、|一方|(?<=ず)、|(?<=し)、"),
    by=re.compile(r"によって|により|によ(?:る|り)"),
    passive=re.compile(r"(?:さ|せら|ら|わ|か|ま|ば|た|な)れ"),
    orders=frozenset({"apc", "pac"}),
    ending_by=re.compile(r"^(?:によって|により)"),
    agent_first=True,
    denying=("わけではない", "ことはない"),
    weak_by=re.compile(r"(?<![年月日時頃])に(?![よはもつお対関])"),
    no_agent=re.compile(r"[をにへ]"),
    no_patient=re.compile(r"が"),
    actor=re.compile(r"[はが]"),
)
_ARABIC = Grammar(
    denial=re.compile(
        # “still” is no denial, nor is “not only”, however far behind the “only” stands
        r"\b[وف]?(?:لا|لم|لن|ليس|ليست|ليسوا|غير|ابدا|دون|بدون)\b(?! (?:[تي]زال|[تي]زل)\b)"
        r"(?![^.؛؟]{0,300}\b(?:فقط|فحسب)\b)"
        r"|\b[وف]?(?:رفض\w*|امتنع\w*|نفي|نفى|نفت|انكر\w*|توقف\w*(?=[^.؛]{0,300} عن\b))\b"
    ),
    doubt=re.compile(
        r"\b[وف]?(?:ربما|لعل|قد (?:ي\w{2,}|ت\w+(?<![تاى]))|يقال|يزعم|زعم|يحتمل|من المحتمل|من الممكن|يعتقد|يبدو"
        r"|علي? الارجح|على الارجح|يفترض|يرجح|بحسب ما يقال)\b"
    ),
    border=re.compile(r"[؛:.!؟—()]|\b(?:لكن|ولكن|بل|بينما|لان|حيث)\b"),
    by=re.compile(r"\b(?:من قبل|من طرف|على يد|على ايدي|بواسطة)\b"),
    passive=None,
    orders=frozenset({"cap", "acp"}),
    ending_by=re.compile(r"\s(?:من قبل|من طرف|على يد|بواسطة)$"),
    denying=("لا", "لم", "ليس"),
)
#: Languages in which denial, doubt and direction are asked, by primary subtag.
GRAMMARS = {"en": _ENGLISH, "de": _GERMAN, "ja": _JAPANESE, "ar": _ARABIC}


def grammar_of(language: str) -> Grammar | None:
    """The grammar of a language tag, when there is one."""
    return GRAMMARS.get(language.split("-")[0].lower())
