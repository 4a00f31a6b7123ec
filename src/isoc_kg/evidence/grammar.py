"""What the evidence check knows of a language: denials, doubts, clause borders, the passive, the order of words."""

import re
from dataclasses import dataclass

__all__ = ["GRAMMARS", "Grammar", "grammar_of"]


#: What stands last in a compound, and what stands before it, have so many letters at least.
_SHORTEST_HEAD, _SHORTEST_FRONT = 4, 3


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
    cleft: re.Pattern[str] | None = None  #: what stands behind a cue whose agent follows: “who founded it is …”
    apposing: re.Pattern[str] | None = None  #: what stands before a participle that says more of a name
    agent_first: bool = False  #: whether the agent of a passive stands before `by`
    of: re.Pattern[str] | None = None  #: what ties a name to the thing of which it says more: “cranes of oak”
    office: re.Pattern[str] | None = None  #: what stands before a noun for what somebody is: “the”, “elected”
    whose: re.Pattern[str] | None = None  #: what stands between such a noun and whose it is: “secretary of the guild”
    weak_by: re.Pattern[str] | None = None  #: a mark of the agent only where `passive` stands right behind the cue
    no_agent: re.Pattern[str] | None = None  #: what stands behind a name that is no agent
    no_patient: re.Pattern[str] | None = None  #: what stands behind a name that is no patient
    actor: re.Pattern[str] | None = None  #: what stands behind the one who acts, where the language marks it
    object_before: re.Pattern[str] | None = None  #: what stands before a name in a case that no agent has
    oblique: re.Pattern[str] | None = None  #: the same behind a preposition, so that the name is no patient in front
    relative: re.Pattern[str] | None = None  #: what stands behind the agent of a clause that says more of a name behind
    resumed: re.Pattern[str] | None = None  #: how a cue ends whose patient stands in front
    back: re.Pattern[str] | None = None  #: words that refer to what was named before
    elided: re.Pattern[str] | None = None  #: a sentence whose subject need not be written, where it names nobody else
    definite: re.Pattern[str] | None = None  #: a definite noun, the noun as a group
    pronoun: re.Pattern[str] | None = None  #: a pronoun as a patient, right behind a cue
    links: tuple[str, ...] = ()  #: words that put names together
    coordinating: frozenset[str] = frozenset()  #: those that are no prepositions
    compounding: bool = False  #: whether nouns are written together, the last of which says what it is: “Salzgilde”
    head_first: bool = False  #: whether a name begins with its noun
    inserted: re.Pattern[str] = re.compile(r"\([^()]{0,300}\)|（[^（）]{0,300}）")  #: what is put into a clause
    parting: re.Pattern[str] = re.compile(r"[;.!?]")  #: a border between statements that hold each by itself
    reporting: re.Pattern[str] | None = None  #: who says or thinks what follows in the clause: “thinks that”
    qualifying: re.Pattern[str] | None = None  #: what makes the noun behind it another: “former”, “planned”
    excepting: re.Pattern[str] | None = None  #: what stands before a name that it leaves out: “all except”
    summing: re.Pattern[str] | None = None  #: what makes an amount that of several things: “together”
    part_of: re.Pattern[str] | None = None  #: a noun, as `head`, of which the name behind it only says whose it is
    share_of: re.Pattern[str] | None = None  #: the same right behind a cue, for a share: “half of”
    whole: frozenset[str] = frozenset()  #: nouns that do not name a part so: “the town of”, “the length of”
    aiming: re.Pattern[str] | None = None  #: what follows a name when its aim is told: “the task of the guild is to”
    verb: re.Pattern[str] | None = None  #: words that are verbs wherever they stand
    leading: re.Pattern[str] | None = None  #: a pronoun that opens a sentence, as its subject
    introducing: re.Pattern[str] | None = None  #: an indefinite noun and what stands before it, as a group: “a mill”
    since: re.Pattern[str] | None = None  #: what stands before the date from which something is so
    until: re.Pattern[str] | None = None  #: what stands before the date until which something is so

    @property
    def prepositions(self) -> frozenset[str]:
        """Words that make what they stand before no subject."""
        return frozenset(self.links) - self.coordinating

    def is_head(self, noun: str, nouns: frozenset[str]) -> bool:
        """Whether a noun is one of these, or the last part of one where nouns compound: “Gilde”, “Salzgilde”."""
        return noun in nouns or (
            self.compounding
            and len(noun) >= _SHORTEST_HEAD
            and any(one.endswith(noun) and len(one) >= len(noun) + _SHORTEST_FRONT for one in nouns)
        )

    def head(self, name: str) -> str:
        """The noun of a folded name: its last word, or that before a preposition; in Arabic the first."""
        words = name.split()
        ends = [number for number, word in enumerate(words) if number and word in self.prepositions]
        return words[0 if self.head_first else (ends[0] if ends else len(words)) - 1] if words else ""


#: Nouns before “of” that name no part: what a name behind them is, “the town of”, what is told of the whole,
#: “the length of”, and what somebody does.
_WHOLE = {
    "en": """
        town city village county state country kingdom republic province region district parish island isle river lake
        port harbour bay gulf valley month year name title duchy municipality borough commune community
        length width height depth size weight age area population number amount cost costs price value capacity income
        budget total rest whole entirety date history story founding foundation creation opening construction
        membership beginning end start
        work works activity activities action actions effort efforts mission task aim goal purpose
        """,
    "de": """
        stadt gemeinde land kreis insel name titel jahr länge breite höhe tiefe grösse gewicht alter fläche zahl anzahl
        kosten preis wert einkommen haushalt rest geschichte gründung bau eröffnung ende anfang
        wirken arbeit tätigkeit tätigkeiten einsatz aufgabe ziel zweck
        """,
}
_ENGLISH = Grammar(
    denial=re.compile(
        r"\b(?:not(?! (?:only|just|merely|simply|least)\b)|never|no longer|nor|neither|none|cannot|\w+n['’]t(?! only\b)"
        r"|no(?! (?:doubt|matter|fewer|less|later|sooner)\b)|nobody|no-one|nothing(?! (?:but|less than)\b)|nowhere"
        r"|hardly|scarcely|barely|without (?:ever )?\w+ing"
        r"|(?<!nobody )(?<!no one )(?<!not )(?<!be )den(?:y|ies|ied|ying)|denials? (?:of|that)|disput(?:es?|ed|ing)"
        r"|refut(?:es?|ed)|disprov(?:es?|ed|en)|debunk(?:s|ed)|reject(?:s|ed|ing)?|rul(?:es?|ed|ing) out"
        r"|(?:fail|refus|declin|ceas|neglect)(?:s|es?|ed|ing)? to|(?:stop|stops|stopped|quit|quits|ceased) \w+ing"
        r"|g[ai]ves? up|abandon(?:s|ed)?|call(?:s|ed) off|cancel(?:s|l?ed)|prevent(?:s|ed) from|instead of|rather than"
        r"|(?:false(?:ly)?|untrue|incorrect(?:ly)?|wrong(?:ly)?|mistaken(?:ly)?|erroneous(?:ly)?|a (?:lie|myth|hoax))"
        r"|contrary to|far from)\b"
    ),
    doubt=re.compile(
        r"\b(?:m(?:ay|ight) (?:well |not |also |soon |yet )?(?:have|be)|might"
        # what somebody may do, with what it is done to behind the verb; else it is a month
        r"|(?<!in )(?<!of )(?<!since )(?<!until )(?<!by )(?<!from )(?<!on )(?<!\d )may (?:well |not |also |soon |yet )?"
        r"(?=[a-z]{2,} (?:an?|the|its|their|it|them|up|out)\b)"
        r"|(?:c|w|sh)ould(?:n['’]t)? (?:not )?have"
        r"|would(?! like\b)|perhaps|maybe|possibly|probably|presumably|supposedly|(?:un)?likely|conceivably|arguably"
        r"|alleg(?:ed(?:ly)?|ations?)|reported(?:ly)?(?= to\b)|reportedly|purported(?:ly)?|ostensibly|seemingly"
        r"|apparently"
        r"|rumou?r(?:s|ed)?|hearsay|gossip|(?:is|are|was|were|been) (?:widely |often |also )?"
        r"(?:said|believed|thought|assumed|supposed|expected|claimed|understood|planned|about|set|due) to"
        r"|it (?:is|was) (?:widely |often )?(?:said|believed|thought|assumed|claimed|feared|hoped)"
        r"|seem(?:s|ed)? to|appear(?:s|ed)? to|(?:some|many|critics|sources|they|people) (?:say|said|claim(?:ed)?"
        r"|believed?)"
        r"|(?:is|are|was|were) to be \w+(?:ed|en|wn|ilt|eld|old|ught)"
        r"|(?:planned|scheduled|intended|slated|earmarked) (?:for|in|by|on)|claim(?:s|ed)? (?:that|to)|suspect(?:s"
        # what others say; rules, contracts and registers hold by themselves
        r"|ed)|according to(?! (?:(?:the|its|their|our|this|that|an?) )?(?:[\w-]+ )?(?:laws?|statutes?|constitution"
        r"|charter|rules?|regulations?|by-?laws?|contract|agreement|treaty|register|census|deed|policy)\b)"
        r"|in (?:the|some|many) (?:\w+ )?(?:opinions?|views?|eyes|judge?ments?) of"
        r"|in (?:[\w-]+ ){1,3}(?:opinion|view|judge?ment)"
        r"|(?:is|are|was|were|been) (?:widely |often |also |generally |sometimes )?(?:considered|regarded|viewed|seen"
        r"|described|hailed|dubbed)(?= (?:as|the|an?|one)\b)"
        r"|should(?! you\b)|ought to|consider(?:s|ed|ing)? an?"
        # a condition, and what would follow
        r"|(?:if|provid(?:ed|ing)(?: that)?|as soon as|once|on condition that|in case|assuming(?: that)?|subject to)\b"
        r"(?=[^.;]{0,300}\b(?:will|would|shall|could|might)\b)"
        r"|(?:will|shall|could)\b(?=[^.;]{0,300}\b(?:if|provid(?:ed|ing)(?: that)?|on condition that|subject to|once"
        r"|unless)\b)"
        r"|unless"
        r"|(?:plan|intend|hop|expect|want|wish|propos|attempt|tri|try|offer|promis|vow|threaten|prepar|consider)"
        r"(?:s|es?|ed|n(?:ed|ing)|ing)? to|considers \w+ing|(?:be|was|is|are|were) considering"
        r"|(?<!is )(?<!are )(?<!was )(?<!were )(?<!be )(?<!been )(?<!being )used to|formerly|previously"
        r"|(?:was|were) once|(?:is|are) to become|whether"
        r"|(?:almost|nearly) \w+(?:ed|ght)|uncertain|unconfirmed|unproven|questionable|unclear|doubtful)\b"
    ),
    border=re.compile(
        r"[;:.!?—()]|,? \b(?:but|although|though|while|whereas|which|who|because|unless)\b|, (?=not\b)"
        r"| (?=(?:without (?:ever )?\w+ing|instead of|rather than)\b)"
    ),
    by=re.compile(r"\s(?:[\w-]+\s){0,3}?by\s(?![\w-]+ing\b)"),
    passive=None,
    orders=frozenset({"acp", "cpa"}),
    ending_by=re.compile(r"\sby$"),
    by_follows=True,
    denying=("not", "never", "no longer"),
    of=re.compile(r"\s(?:of|from)\s(?:(?:the|a|an|its|their|our)\s)?$"),
    office=re.compile(
        r"(?:^|[\s,(])(?:the|an?|is|are|was|were|be|been|becomes?|became|as|elected|appointed|named|chosen|made|remains?"
        r"|remained|its|their)\s(?:[\w-]+\s){0,2}$|,\s(?:[\w-]+\s)?$|^$"
    ),
    whose=re.compile(r"\s(?:of|to|at|for)\s(?:(?:the|an?)\s)?(?:[\w-]+\s)?"),
    back=re.compile(
        r"\b(?:it|its|itself|they|their|theirs|them|themselves|he|his|him|she|her|hers|we|our|ours|us|you|your|this"
        r"|these|those|such|both|each|there|here|that(?= (?:is|was|has|had)\b))\b"
    ),
    pronoun=re.compile(r"\s(it|them|him|her)\b"),
    definite=re.compile(r"\bthe\s(?=((?:[\w-]+\s){0,2}[\w-]+))"),
    coordinating=frozenset(("and", "or")),
    inserted=re.compile(r"\([^()]{0,300}\)|, (?:which|who|whose|where|when)\b[^,;.()]{0,300},"),
    parting=re.compile(r"[;.!?—]|,? (?:but|while|whereas)\b"),
    links=("of", "in", "from", "for", "at", "on", "by", "to", "with", "into", "between", "through", "and", "or", "as"),
    reporting=re.compile(
        r"\b(?:(?:say|think|believ|argu|claim|assum|suggest|suspect|insist|hop|fear|guess|estimat|feel|assert|alleg"
        r"|contend|speculat|imagin|maintain|report|complain|warn|predict)(?:s|es|e|ed|d|ing)?|said|thought|felt|wr(?:ites?|ote)"
        r"|(?:tells?|told) (?:[\w-]+ ){1,3}?|(?:claim|belief|suggestion|allegation|theory|idea|assumption|suspicion"
        r"|fear|hope|opinion|view)s?) that\b"
        r"|\b(?:say|says|said|thinks?|thought|believes?|believed|claims?|claimed|argues?|argued)"
        r"(?= (?:the|it|they|he|she|this|these|all|most)\b)"
    ),
    qualifying=re.compile(
        r"\b(?:former|ex|erstwhile|one-time|onetime|previous|proposed|planned|intended|prospective|future|would-be|potential"
        r"|possible|alleged|supposed|so-called|self-styled|deputy|vice|assistant|acting|interim|honorary)[\s-]"
    ),
    excepting=re.compile(
        r"(?:\b(?:except(?:ing)?(?: for| in| at| on)?|excluding|with the exception of|not counting|not including"
        r"|save for)\s"
        r"|\b(?:all|every|each|any|none|no|everyone|everybody|nobody|nothing|everything)\b[^.;]{0,80}?\b(?:apart from"
        r"|aside from|other than|but|besides|save)\s)(?:[^.;:]{0,60}?(?:,|\band|\bor)\s)?(?:(?:the|an?|its|their)\s)?$"
    ),
    summing=re.compile(
        r"\b(?:together|jointly|between them|in total|in all|altogether|combined|a total of|collectively|in sum)\b"
    ),
    part_of=re.compile(
        r"(?:^|[,:;(]\s?|\b(?:and|but|that|when|because|while|after|before|so|although|though)\s)\W*"
        r"(?P<head>(?:[\w-]+\s){1,5})(?:of|in|on|at|from|for|within|under|near)\s"
        r"(?:(?:the|an?|its|their|our|this|that|these|those)\s)?$"
    ),
    share_of=re.compile(
        r"\s(?:by\s)?(?P<head>(?:(?:an?|the|only|about|over|nearly|almost)\s){0,2}(?:half|halves|[\w-]+\sper\s?cent|percent"
        r"|(?:[\w-]+\s){0,2}(?:thirds?|quarters?|parts?|shares?|portions?|sections?|majority|minority|members?)|some|most|many"
        r"|several|few|one|two|three|four|five|six|seven|eight|nine|ten|\d+)\s)(?:of|in|on|at)\s"
        r"(?:(?:the|an?|its|their|our)\s)?"
    ),
    whole=frozenset(_WHOLE["en"].split()),
    aiming=re.compile(
        r"\s(?:(?:is|are|was|were)\s(?:[\w-]+\s){0,2}to\s|(?:includes?|included|comprises?|comprised)\s"
        r"(?:[\w-]+\s){0,2}\w+ing\b)"
    ),
    verb=re.compile(
        r"\b(?:is|are|was|were|be|been|has|have|had|does|do|did|will|would|can|could|may|might|shall|should|must)\b"
    ),
    leading=re.compile(r"(?:it|they|he|she|its|their|his|her)\b"),
    # what something is said to be is no new thing: “the guild is a charity”
    introducing=re.compile(
        r"(?<!\bis )(?<!\bwas )(?<!\bare )(?<!\bas )(?<!\bbeen )(?<!\bbecame )\b(?:an?|another|one)\s"
        r"((?:[\w-]+\s){0,2}[\w-]+)"
    ),
    since=re.compile(r"\b(?:since|from|as of|starting in|beginning in)\s(?:(?:early|late|mid)[\s-])?$"),
    until=re.compile(r"\b(?:until|till|up to|through|to)\s(?:(?:early|late|mid|the end of)[\s-])?$"),
)
_GERMAN = Grammar(
    denial=re.compile(
        r"\b(?:nicht(?! (?:nur|allein|bloss|zuletzt)\b)|kein(?:e|en|er|em|es|erlei)?|nie|niemals|nimmer\w*|weder"
        r"|nirgends|nirgendwo|niemand(?:em|en|es)?|nichts(?! (?:anderes|als)\b)|keinesfalls|keineswegs|mitnichten|kaum"
        r"|ohne(?=[^.;,]{0,200}\b(?:zu|dass)\b)|(?:an)?statt(?=[^.;,]{0,200}\bzu\b)"
        r"|abgelehnt|ablehn\w*|lehn(?:t|te|ten|en)\b(?=[^.;]{0,300}\bab\b)|weiger\w*|verweiger\w*"
        r"|bestreite\w*|bestritt\w*|bestritten|dementier\w*|leugne\w*|geleugnet|vernein\w+|widerleg\w+|widersprach\w*"
        r"|zurückgewiesen|w(?:ie|ei)s(?:t|en)?\b(?=[^.;]{0,300}\bzurück\b)|verzicht(?:et|ete|eten|en)|unterliess(?:en)?"
        r"|versäum\w+|scheiter\w+|gescheitert|hör(?:t|te|ten|en)\b(?=[^.;]{0,300}\bauf\b)|aufgehört"
        r"|g(?:ab|ibt|aben|eben)\b(?=[^.;]{0,300}\bauf\b)|falsch|unwahr|unzutreffend|irrtümlich\w*|fälschlich\w*|irrtum"
        r"|lüge|erfunden|entgegen)\b"
    ),
    doubt=re.compile(
        r"\b(?:angeblich\w*|vermutlich|mutmasslich\w*|vermute\w*|möglicherweise|womöglich|vielleicht|eventuell"
        r"|(?:un)?wahrscheinlich|wohl|soll(?:en|te|ten)?|dürften?|könnten?|müssten?|würden?|hätten?|wären?|offenbar"
        r"|anscheinend|scheinbar|schein(?:t|en)|schien(?:en)?|gerücht\w*|dem vernehmen nach|(?:es|so) heisst|heisst es"
        r"|nach (?:ansicht|meinung|auffassung) (?:von|vom|der|des)|(?:seiner|ihrer) (?:ansicht|meinung) nach|falls"
        r"|sofern"
        r"|vorausgesetzt|man sagt|zufolge|behaupt\w+|unklar|ungewiss|fraglich|zweifelhaft|umstritten|unbestätigt\w*|ob"
        r"|plan(?:t|en|te|ten)|geplant|vorgesehen|in aussicht gestellt|beabsichtig\w+|will(?= \w)|wollen|wollten?"
        r"|möchten?|hoff(?:t|en|te|ten)|erwäg\w*"
        r"|erwog(?:en)?|gedenk(?:t|en)|versuch(?:t|en|te|ten)\b(?=[^.;]{0,300}\bzu\b)"
        r"|(?:ha(?:t|ben|tte|tten)|habe)\b(?=[^.;,]{0,60}\bvor\b *,)|beinahe|um ein haar"
        r"|früher(?! (?:oder|als)\b)|ehemals|einst(?:mals)?|vormals)\b"
    ),
    border=re.compile(
        # an infinitive that goes on behind the comma is part of what is denied: “weigert sich, die Wache zu stützen”
        r"[;:.!?—()]|,? \b(?:sondern|aber|während|weil|obwohl|obgleich)\b|, (?=(?:nicht|ohne|statt|anstatt)\b)"
        # and so is what is only said: “es heißt, der Verein stütze die Wache”
        r"|(?<!heisst)(?<!heisst es)(?<!sagt)(?<!sagt man)(?<!behauptet)(?<!behauptete)(?<!bestreitet)(?<!bestritt)"
        r"(?<!falsch)(?<!gerücht)(?<!vermutet)(?<!dementiert)(?<!dementierte)(?<!leugnet)(?<!leugnete)(?<!glaubt)"
        r", (?:der|die|das|welche[rs]?)\b(?![^,.;]{0,300}\b(?:zu \w+n|\w{2,4}zu\w+en)\b)"
    ),
    by=re.compile(r"\b(?:von|vom|durch)\b"),
    passive=re.compile(r"\b(?:wurden?|wird|werden|worden|ge\w+(?:t|en))\b"),
    orders=frozenset({"acp", "apc", "cap"}),
    ending_by=re.compile(r"(?<=t|n)\s(?:von|durch)$"),
    apposing=re.compile(r"(?:^|,\s(?:(?:seit\s)?\d{4}\s)?)$"),
    denying=("nicht", "nie", "keineswegs"),
    of=re.compile(r"\s(?:aus|von|vom)\s(?:(?:der|dem|den|einem|einer)\s)?$"),
    office=re.compile(
        r"(?:^|[\s,(])(?:der|die|das|den|dem|des|ein\w{0,2}|zum|zur|als|ist|sind|war|waren|wird|wurden?|bleibt|blieb"
        r"|seine?[rmns]?|ihre?[rmns]?|neue[rmns]?)\s(?:[\w-]+\s){0,2}$|,\s(?:[\w-]+\s)?$|^$"
    ),
    whose=re.compile(r"\s(?:(?:von|bei)\s(?:der|dem|einer|einem)|vom|von|beim|der|des|eine[rs])\s(?:[\w-]+\s)?"),
    # masculine accusatives, and datives: neither is the subject's case
    object_before=re.compile(
        r"(?:^|[\s,„“»«(])(?:den|dem|(?:ein|kein|dies|jen|jed|welch|mein|sein|ihr|unser)e[nm])\s(?:\w+en\s){0,3}$"
    ),
    oblique=re.compile(
        r"(?:^|\s)(?:an|auf|aus|bei|bis|durch|für|gegen|hinter|in|mit|nach|neben|ohne|seit|über|um|unter|von|vor|zu"
        r"|zwischen|wegen|trotz|während|gegenüber)\s(?:den|dem|\w+e[nm])\s(?:\w+en\s){0,3}$"
    ),
    back=re.compile(
        r"\b(?:er|sie|es|ihm|ihn|ihnen|ihre?[rsnm]?|seine?[rsnm]?|diese?[rsnm]?|jene[rsnm]?|solche?[rsnm]?|derselbe\w*"
        r"|dieselbe\w*|wir|unsere?[rsnm]?|beide\w*|da(?:mit|für|durch|von|zu|bei|gegen)|dort|hier)\b"
    ),
    pronoun=re.compile(r"\s(es|sie|ihn|ihm|ihnen)\b"),
    definite=re.compile(r"\b(?:der|die|das|den|dem|des|vom|zum|zur|beim|im|ins|am|ans)\s(?=((?:[\w-]+\s){0,1}[\w-]+))"),
    coordinating=frozenset(("und", "oder", "der", "des")),
    compounding=True,
    inserted=re.compile(r"\([^()]{0,300}\)|, (?:der|die|das|dem|den|deren|dessen|wo)\b[^,;.()]{0,300},"),
    parting=re.compile(r"[;.!?—]|,? (?:sondern|aber|während)\b"),
    reporting=re.compile(
        r"\b(?:sag|mein|glaub|denk|behaupt|vermut|schreib|bericht|befürcht|hoff|erzähl|nehm)(?:t|te|ten|en|et|ete|eten)\b"
        r"[^.;,]{0,40}, dass\b|\b(?:schrieb|dachte|nimmt an|nahm an)(?:en)?\b[^.;,]{0,40}, dass\b"
    ),
    qualifying=re.compile(
        r"\b(?:ehemalig|früher|vormalig|einstig|geplant|vorgeschlagen|künftig|zukünftig|stellvertretend|angeblich|designiert"
        r"|kommissarisch)e[rsnm]?\s"
    ),
    excepting=re.compile(
        r"\b(?:ausser|ausgenommen|mit ausnahme (?:von|vom|der|des)|bis auf)\s(?:[^.;:]{0,60}?(?:,|\bund|\boder)\s)?"
        r"(?:(?:der|die|das|dem|den|des|eine[rmsn]?)\s)?$"
    ),
    summing=re.compile(r"\b(?:zusammen|gemeinsam|insgesamt|zusammengenommen)\b"),
    part_of=re.compile(
        r"(?:^|[,:;(]\s?|\b(?:und|aber|dass|weil)\s)\W*(?P<head>(?:[\w-]+\s){1,4})"
        r"(?:des|der|eine[rs]|von(?:\s(?:der|dem|einer|einem))?|vom)\s$"
    ),
    whole=frozenset(_WHOLE["de"].split()),
    aiming=re.compile(r"\s(?:ist|sind|war|waren)\b[^.;]{0,80}\bzu\b"),
    verb=re.compile(
        r"\b(?:ist|sind|war|waren|hat|haben|hatten?|wird|werden|wurden?|kann|können|soll|sollen|muss|müssen)\b"
    ),
    leading=re.compile(r"(?:er|sie|es|ihre?[rsnm]?|seine?[rsnm]?)\b"),
    introducing=re.compile(
        r"(?<!\bist )(?<!\bwar )(?<!\bsind )(?<!\bals )(?<!\bwurde )\beine?[nmrs]?\s((?:[\w-]+\s){0,2}[\w-]+)"
    ),
    since=re.compile(r"\b(?:seit|ab|von)\s(?:(?:anfang|mitte|ende|dem)\s)?$"),
    until=re.compile(r"\bbis(?:\s(?:zum|zur|ende|anfang|mitte))?\s$"),
    links=(
        "von",
        "vom",
        "aus",
        "in",
        "im",
        "für",
        "bei",
        "beim",
        "an",
        "am",
        "auf",
        "zu",
        "zum",
        "zur",
        "mit",
        "der",
        "des",
        "und",
        "oder",
        "durch",
        "nach",
        "unter",
    ),
)
_JAPANESE = Grammar(
    denial=re.compile(
        # “few”, “at least”, “no doubt” and “nothing but” deny nothing
        r"(?<!だけで)(?<!のみなら)(?:(?<!かもしれ)(?<![少危違])(?<!違い)(?<!ほかなら)(?<!欠かせ)"
        r"な(?:い|かった|く(?!て(?:は|も)))(?!かもしれ)|(?<!かもしれ)ません|ずに|もはや)"
        r"|(?<!のみなら)(?<!わ)(?<!か)(?<!ま)ず(?=[、。])|(?<!まだ)(?:をやめ|を止め|を断[っら]|拒否|拒ん|中止|打ち切|否定)"
        r"|否認|断念|見送[りっら]|撤回|取りやめ|取り止め|失敗|誤り|誤報|間違い(?!な)|[嘘ウ]ソ?(?=だ|で|と)|虚偽|デマ|事実無根"
        r"|事実に反|に反して|めったに|ほとんど(?=[^。]{0,80}な[いかく])"
    ),
    doubt=re.compile(
        r"かもしれ|らしい|とされ|と言われ|といわれ|[お恐]そらく|恐らく|たぶん|多分|可能性|という(?=説|噂|話|[。、」]|ことだ|ことで)"
        r"|とのこと|だろう|でしょう|はずだ|よう(?:だ|である|です)|[たるい]そう(?:だ|である|です)"
        r"|と(?:思|考え|み|見|報じ|伝え|信じ)(?:わ|ら)れ|かどうか|不明|未確認|疑わしい|疑い|疑問|噂|うわさ|主張し"
        r"|予定(?:だ|で|し|が|とな)|計画(?:し|だ|で(?:ある|す)|中|があ)|つもり|意向|検討|見込み|見通し|よう[とか](?:し|考|検)"
        r"|たい(?=[。と]|です|意)|試み|ところだった|もし|仮に|かつて|以前は"
    ),
    border=re.compile(r"[。；：！？（）「」]|が、|けれども、|一方|(?<=ず)、|(?<=し)、"),
    by=re.compile(r"によって|により|によ(?:る|り)"),
    passive=re.compile(r"(?:さ|せら|ら|わ|か|ま|ば|た|な)れ"),
    orders=frozenset({"apc", "pac"}),
    ending_by=re.compile(r"^(?:によって|により)"),
    agent_first=True,
    cleft=re.compile(r"(?:した|する|している|してきた)のは"),
    denying=("わけではない", "ことはない"),
    weak_by=re.compile(r"(?<![年月日時頃])(?:に(?![よはもつお対関])|から)"),
    no_agent=re.compile(r"[をにへ]|から"),
    no_patient=re.compile(r"が"),
    actor=re.compile(r"[はが]"),
    relative=re.compile(r"が"),
    back=re.compile(r"それ|これ|その|この|そこ|ここ|彼|同[^じ時]|当[会社組協校院]|また、|さらに|[自我]ら|両者"),
    elided=re.compile(r"^(?![^。]{0,400}[はが])"),
    parting=re.compile(r"[。；！？]|が、|けれども、|一方|、"),
    links=("の",),
)
_ARABIC = Grammar(
    denial=re.compile(
        # “still” is no denial, nor is “not only”, however far behind the “only” stands
        r"\b[وف]?(?:لا|لم|لن|ليس|ليست|ليسوا|غير|ابدا|دون|بدون)\b(?! (?:[تي]زال|[تي]زل|شك|سيما|بد)\b)"
        r"(?![^.؛؟]{0,300}\b(?:فقط|فحسب)\b)"
        # “what” says “not” before a verb, unless something governs it, or it is of a set phrase
        r"|(?<!\bكل )(?<!\bبعد )(?<!\bقبل )(?<!\bمثل )(?<!\bفي )(?<!\bمن )(?<!\bعلى )(?<!\bعن )(?<!\bالى )(?<!\bمع )"
        r"(?<!\bحسب )(?<!بحسب )(?<!\bوفق )(?<!\bهو )(?<!\bهي )\b[وف]?ما\b"
        r"(?! (?:[تي]?زال\w*|[تي]زال|برح\w*|فتئ\w*|انفك\w*|دام\w*|بين|لا|يقرب|يقارب|يزيد|ان|اذا|عدا|هو|هي|يسمى|يعرف)\b)"
        r"|\b[وف]?(?:رفض\w*|[تي]رفض\w*|امتنع\w*|[تي]متنع\w*|نفي|نفى|نفت|[تين]نفي|انكر\w*|[تي]نكر\w*|كذب\w*|دحض\w*"
        r"|فشل\w*|اخفق\w*|تخلى|تخلت|تراجع\w*|الغى|الغت|توقف\w*(?=[^.؛]{0,300} عن\b)|كف\w?(?= عن\b)"
        r"|بالكاد|قلما|نادرا|بدلا من|عوضا عن|خطا ان|الخطا|خاطئ\w*|باطل\w*|زائف\w*|خلافا)\b"
    ),
    doubt=re.compile(
        r"\b[وف]?(?:ربما|لعل|قد (?:ي\w{2,}|ت\w+(?<![تاى]))|يقال|قيل|يروى|يحكى|[يا]شيع|يشاع|\w*شائعات|شائعة"
        r"|اشاعات|الاشاعات"
        r"|[يت]?زعم\w*|مزاعم|[تي]دعي|ادعى|ادعت|يحتمل|من المحتمل|من الممكن|يعتقد|[تي]بدو|يظن|علي? الارجح|على الارجح"
        r"|يفترض|يرجح|بحسب ما يقال|ما اذا|مشكوك|محتمل\w*|[تي]خطط\w*|خطط(?:ت|وا)?|[تي]عتزم|اعتزم\w*|[تي]نوي|نوت|نوى"
        r"|[تي]امل|[تي]ريد|اراد\w*|[تي]حاول|حاول(?:ت|وا)?|لو|لولا|كاد(?:ت)?|[تي]كاد"
        r"|كان(?:ت|وا)? (?:\w+ ){0,3}?(?:ل|س)[تي]\w+|كان(?:ت|وا)? [تي]\w{3,}|سابقا|فيما مضى)\b"
    ),
    border=re.compile(r"[؛:.!؟—()]|\b(?:لكن|ولكن|بل|بينما|لان|حيث)\b"),
    by=re.compile(r"\b(?:من قبل|من طرف|على يد|على ايدي|بواسطة)\b"),
    passive=None,
    orders=frozenset({"cap", "acp"}),
    ending_by=re.compile(r"\s(?:من قبل|من طرف|على يد|بواسطة)$"),
    denying=("لا", "لم", "ليس"),
    resumed=re.compile(r"(?:ه|ها|هم|هما|هن)$"),
    back=re.compile(
        # pronouns stand alone, or are written together with a word
        r"\b[وف]?(?:هو|هي|هم|هما|هن|هذ[اه]|هذان|هؤلاء|ذلك|تلك|كلاهما|نحن)\b|\b\w{2,}(?:ها|هم|هما|ه)\b"
    ),
    elided=re.compile(r"^[وف]?(?:[تي]\w{3,}|\w{2,}ت)\b"),
    definite=re.compile(r"\b[وفبلك]?(ال\w+)"),
    coordinating=frozenset("و"),
    head_first=True,
    parting=re.compile(r"[؛.!؟—]|(?:لكن|ولكن|بل|بينما)\b"),
    links=("من", "في", "ل", "ب", "على", "عن", "و", "مع", "الى"),
)
#: Languages in which denial, doubt and direction are asked, by primary subtag.
GRAMMARS = {"en": _ENGLISH, "de": _GERMAN, "ja": _JAPANESE, "ar": _ARABIC}


def grammar_of(language: str) -> Grammar | None:
    """The grammar of a language tag, when there is one."""
    return GRAMMARS.get(language.split("-")[0].lower())
