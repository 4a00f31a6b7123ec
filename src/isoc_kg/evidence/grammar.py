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


_ENGLISH = Grammar(
    denial=re.compile(
        r"\b(?:not(?! (?:only|just|merely|simply|least)\b)|never|no longer|nor|neither|none|cannot|\w+n['’]t(?! only\b)"
        r"|den(?:y|ies|ied)|fail(?:s|ed)? to|refus(?:es|ed) to|ceased? to|no(?! (?:doubt|matter|fewer|less)\b))\b"
    ),
    doubt=re.compile(
        r"\b(?:m(?:ay|ight) (?:well |not |also )?(?:have|be)|might|could have|perhaps|possibly|presumably|supposedly"
        r"|allegedly|reportedly|apparently|rumou?red|(?:is|are|was|were) said to|unclear|doubtful)\b"
    ),
    border=re.compile(r"[;:.!?—()]|,? \b(?:but|although|though|while|whereas|which|who|because|unless)\b"),
    by=re.compile(r"\s(?:[\w-]+\s){0,3}?by\s(?![\w-]+ing\b)"),
    passive=None,
    orders=frozenset({"acp", "cpa"}),
    ending_by=re.compile(r"\sby$"),
    by_follows=True,
    denying=("not", "never", "no longer"),
)
_GERMAN = Grammar(
    denial=re.compile(
        r"\b(?:nicht(?! (?:nur|allein|bloß|bloss|zuletzt)\b)|kein(?:e|en|er|em|es)?|nie|niemals|weder|nirgends"
        r"|keinesfalls|keineswegs)\b"
    ),
    doubt=re.compile(
        r"\b(?:angeblich|vermutlich|mutmasslich|möglicherweise|vielleicht|wahrscheinlich|wohl|soll(?:en)?|dürften?"
        r"|könnten?|offenbar|anscheinend|gerüchten?)\b"
    ),
    border=re.compile(
        r"[;:.!?—()]|,? \b(?:sondern|aber|während|weil|obwohl|obgleich)\b|, (?:der|die|das|welche[rs]?)\b"
    ),
    by=re.compile(r"\b(?:von|vom|durch)\b"),
    passive=re.compile(r"\b(?:wurden?|wird|werden|worden|ge\w+(?:t|en))\b"),
    orders=frozenset({"acp", "apc", "cap"}),
    ending_by=re.compile(r"(?<=t|n)\s(?:von|durch)$"),
    denying=("nicht", "nie", "keineswegs"),
)
_JAPANESE = Grammar(
    denial=re.compile(
        r"(?<!だけで)(?<!のみなら)(?:(?<!かもしれ)な(?:い|かった|く(?!て(?:は|も)))(?!かもしれ)|(?<!かもしれ)ません|ずに|もはや)"
    ),
    doubt=re.compile(r"かもしれ|らしい|とされ|と言われ|といわれ|おそらく|可能性|という説|だろう|でしょう|はずだ"),
    border=re.compile(r"[。；：！？（）「」]|が、|けれども、|一方"),
    by=re.compile(r"によって|により|によ(?:る|り)"),
    passive=None,
    orders=frozenset({"apc"}),
    ending_by=re.compile(r"^(?:によって|により)"),
    agent_first=True,
    denying=("わけではない", "ことはない"),
)
_ARABIC = Grammar(
    denial=re.compile(r"\b[وف]?(?:لا|لم|لن|ليس|ليست|ليسوا|غير|ابدا|دون|بدون)\b(?! فقط)(?! فحسب)"),
    doubt=re.compile(r"\b[وف]?(?:ربما|لعل|قد (?:يكون|تكون)|يقال|يزعم|زعم|يحتمل|من المحتمل|من الممكن|يعتقد|يبدو)\b"),
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
