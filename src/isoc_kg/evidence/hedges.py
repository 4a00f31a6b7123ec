"""Denials, doubts and clause borders of languages whose order of words the evidence check does not know."""

import re
from dataclasses import dataclass

from .grammar import Grammar, grammar_of

__all__ = ["HEDGES", "Hedges", "hedges_of"]


@dataclass(frozen=True, slots=True)
class Hedges:
    """Patterns over folded text, as a `Grammar` has them."""

    denial: re.Pattern[str]
    doubt: re.Pattern[str]
    border: re.Pattern[str]


_FRENCH = Hedges(
    denial=re.compile(
        # “ne … que” only limits, a “ne” alone says nothing, and “ne … pas seulement” says more
        r"\bn(?:e\s|['’])(?:[\w'’-]+\s){0,6}?(?:pas(?! (?:seulement|uniquement|que)\b)|jamais|aucun(?:e|ement)?|guère"
        r"|nullement|rien|personne|ni|point|plus(?! (?:que|tard|tôt)\b))\b"
        r"|\b(?:aucune?|nulle?|personne|rien|jamais)\b(?=[^.;:]{0,80}\bn(?:e\b|['’]))"
        r"|\b(?:pas (?:encore|du tout)|plus jamais|sans (?:jamais |pour autant )?(?:avoir|être|\w{2,}(?:er|ir))\b"
        r"|refus(?:e|ent|a|èrent|ait|aient|é|ée|és|ées)\b|rejet(?:te|tent|a|é|ée|és|ées)\b|dém(?:ent|enti|entit"
        r"|entent)\b"
        r"|(?:nie|nient|nia|nié|niée)\b|contest(?:e|ent|a|é|ée)\b|(?:cess(?:e|ent|a|é)) (?:de\b|d['’])"
        r"|renonc(?:e|ent|a|é) (?:à|au|aux)\b|abandonn(?:e|ent|a|é|ée)\b|annul(?:e|ent|a|é|ée|és|ées)\b"
        r"|fauss(?:e|ement)|faux|erroné(?:e|s|es|ment)?|à tort|au lieu d(?:e\b|['’])|plutôt qu(?:e\b|['’])"
        r"|contrairement (?:à|au|aux)|loin (?:de \w+er|d['’]\w+er|d['’]être)|(?:,|et|mais) non (?!seulement|loin|sans))"
    ),
    doubt=re.compile(
        r"\b(?:peut-être|sans doute|probable(?:ment)?|vraisemblable(?:ment)?|éventuel(?:le)?(?:ment)?|possiblement"
        r"|apparemment|sembl(?:e|ent|ait|aient|erait|eraient)\b|paraî(?:t|trait)|prétend(?:ent|u|ument|ait|aient)?\b"
        # the conditional: what others say; the imperfect of “-rer” has no “er” before its ending
        r"|(?:\w{2,}e|au|se|pou|dev|voud|fe|\w*(?:vend|perd|prend|rend|tiend|viend))r(?:ait|aient)\b|selon (?:la "
        r"|une |des |les )?(?:rumeurs?|bruits?)"
        r"|rumeurs?|dit-on|on (?:dit|raconte|croit|pense) qu|supposée?s?\b|présumée?s?\b|soi-disant|allégu\w+"
        r"|envisag(?:e|ent|ea|eait|eaient|é|ée|er)\b|prévo(?:it|ient|yait|yaient)|prévue?s?\b|projet(?:te|tent|ait) d"
        r"|compt(?:e|ent|ait) \w+(?:er|ir|re)\b|souhait(?:e|ent|ait|aient)\b|espèr(?:e|ent)\b|ve(?:ut|ulent)\b"
        r"|voulai(?:t|ent)"
        r"|tent(?:e|ent|a|ait) de|essa(?:ie|ient|ya) de|a l['’]intention|douteu(?:x|se)|incertaine?s?|non confirmé"
        r"|doi(?:t|vent) être (?!considér)|si (?:le|la|les|l['’]|elle|il|on|un|une)\b"
        r"|autrefois|jadis|naguère|anciennement|à l['’]époque|faillit"
        r"|presque"
        r"|sera (?:peut|probable))"
    ),
    border=re.compile(
        r"[;:.!?—()]|,? \b(?:mais|tandis que|alors que|dont|lequel|laquelle|lesquels|parce que|puisque|bien que|quoique"
        r"|car)\b|, (?=qui\b)|,? (?=(?:sans (?:avoir|être|\w{2,}(?:er|ir))|au lieu de|plutôt que)\b)"
        r"|, (?=(?:et )?non\b)"
    ),
)
_SPANISH = Hedges(
    denial=re.compile(
        r"\b(?:no(?! (?:sol[oa]|sólo|solamente|únicamente|obstante|menos)\b)|nunca|jamás|tampoco|ni|ningun[oa]s?|ningún"
        r"|nadie|nada|apenas|sin (?:haber|ser|\w{2,}[aei]r)|n(?:iega|iegan|egó|egaron)|desm(?:iente|ienten|intió)"
        r"|rechaz(?:a|an|ó|aron|ado|ada)|rehús(?:a|an|ó)|rehusó|dej(?:a|an|ó|aron) de|en (?:lugar|vez) de|fals[oa]s?"
        r"|falsamente"
        r"|erróne(?:o|a|os|as|amente)|cancel(?:a|ó|ado|ada)|renunci(?:a|an|ó|aron) a|lejos de|contrari(?:o|amente) a)\b"
    ),
    doubt=re.compile(
        r"\b(?:quizás?|tal vez|acaso|probable(?:mente)?|posible(?:mente)?|presunt(?:o|a|os|as|amente)|supuest(?:o|a"
        r"|os|as"
        r"|amente)|al parecer|aparentemente|parec(?:e|en|ía|ían)|(?:pod|deb|hab|se|tend|que)r[íi]an?|deberían?"
        r"|se (?:dice"
        r"|cree|rumorea|supone)|dicen que|según (?:se dice|los? rumor(?:es)?)|rumor(?:es)?|plane(?:a|an|ó|aba|aban)"
        r"|prev(?:é|én|eía|ist[oa]s?)|pretende(?:n)?|qui(?:ere|eren)|desea(?:n)?|espera(?:n)?|intent(?:a|an|ó|aron)"
        r"|dudos[oa]s?|inciert[oa]s?|antiguamente|antaño|en otro tiempo|casi)\b"
    ),
    border=re.compile(
        r"[;:.!?—()¿¡]|,? \b(?:pero|sino|mientras|aunque|porque|pues)\b|, (?=(?:que|quien|quienes|cuy[oa]s?|no|sin)\b)"
        r"| (?=(?:en lugar de|en vez de|sin \w{2,}[aei]r)\b)"
    ),
)
_ITALIAN = Hedges(
    denial=re.compile(
        r"\b(?:non(?! (?:solo|soltanto|solamente)\b)|mai|né|nessun[oa]?|niente|nulla|neppure|neanche|nemmeno"
        r"|senza \w{2,}[aei]re"
        r"|nega(?:no|to|ta|rono|va)?|negò|smentisc(?:e|ono)|smentito|rifiut(?:a|ano|ò|ato|ata)|invece di|anziché"
        r"|fals[oa]"
        r"|erroneamente|rinunci(?:a|ano|ò|ato) a)\b"
    ),
    doubt=re.compile(
        r"\b(?:forse|probabile|probabilmente|possibilmente|presumibilmente|presunt[oaie]|sembr(?:a|ano|ava|erebbe)|pare"
        r"|(?:sa|av|pot|dov)rebbe(?:ro)?|dovrebbero|si dice|secondo (?:le )?voci|progetta(?:no)?|prevede|prevedono"
        r"|previst[oaie]"
        r"|intende|intendono|vuole|vogliono|spera(?:no)?|dubbi[oa]|incert[oa]|un tempo|anticamente|quasi)\b"
    ),
    border=re.compile(
        r"[;:.!?—()]|,? \b(?:ma|bensì|mentre|sebbene|benché|perché)\b|, (?=(?:che|il quale|la quale|cui|non|senza)\b)"
        r"| (?=(?:invece di|anziché|senza \w{2,}[aei]re)\b)"
    ),
)
#: Languages by primary subtag, besides those that have a grammar.
HEDGES = {"fr": _FRENCH, "es": _SPANISH, "it": _ITALIAN}


def hedges_of(language: str) -> Hedges | Grammar | None:
    """The patterns of a language tag, when there are any."""
    return grammar_of(language) or HEDGES.get(language.split("-")[0].lower())
