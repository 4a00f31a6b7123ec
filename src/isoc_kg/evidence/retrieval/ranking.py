"""The order in which entries are found; the page scripts (`web/src/ranking.ts`) rank by the same steps.

First what has all of the words, then what is withdrawn and called as was asked, then what has some of the words, all
else that is withdrawn last. Among them whole names: label, other name, beginning of a name. Then those with more of the
words, terms of the ontology behind all others with as many; of a question with who, when or where those that say more
of an agent, a date or a place in its words; then those with rarer words; among them those that have all in their names,
then in names and statements, then in texts.
"""

from collections.abc import Collection
from dataclasses import dataclass

from .dictionary import Dictionary, decoded
from .search_words import Inflection, bigrams, fold_name, is_near, is_run, query_words

__all__ = [
    "ASKED", "LONGEST_NAME", "NAME", "OTHER_NAME", "STATEMENT", "TAIL", "TEXT", "WHOLE", "WHOLE_TEXT", "Ranking",
    "ranked",
]  # fmt: skip

#: The fields of an entry, the best first: where it has a word.
NAME, STATEMENT, TEXT = 0, 1, 2
#: The fields of whole names that are not the label: other names, and what counts as a whole alone, such as an IRI.
OTHER_NAME, WHOLE_TEXT = 1, 2
#: What begins the key of a whole name, which no word has in it.
WHOLE = "="
#: What begins the key of a word from its end, by which compounds are found.
TAIL = "<"
#: What begins the key of a word with the kind of value that is asked for: `?agent:found`.
ASKED = "?"
_MOST_NAMES = 200  #: names that begin as the question does
_MOST_FORMS = 300  #: words that begin as one of the question does
_MOST_LIKE = 2000  #: words among which one is sought that is like a word that nothing has
_MOST_MEANT = 3
_MOST_CHARACTERS = 500  #: of a question
LONGEST_NAME = 100  #: characters of a whole name that count
#: How a word is had: as it is, in another form, as a beginning, misspelt.
_SAME, _FORM, _BEGINNING, _NEAR = range(4)
_BEGINNINGS_FROM = 2  #: letters
_NEAR_FROM = 4  #: letters, of both words
_MOST_FITTING = 3  #: words of a question that count as asked for


@dataclass(frozen=True, slots=True)
class Ranking:
    """The entries that a question finds, the best first, and the words that were taken for others."""

    numbers: tuple[int, ...]
    meant: dict[str, tuple[str, ...]]  #: word → those in its place, where nothing has it
    whole: int = 0  #: how many, the first ones, have all of the words


def ranked(
    question: str, dictionary: Dictionary, inflection: Inflection, count: int, terms: range = range(0),
    last: Collection[int] = (),
) -> Ranking:  # fmt: skip
    """Rank the entries, of which there are `count`, numbered in the order that decides where nothing else does.

    `terms` are the numbers of those that are terms of the ontology, `last` of those that are withdrawn.
    """
    words = query_words(question[:_MOST_CHARACTERS], inflection.stop)
    whole = _whole_names(question, dictionary)
    meant: dict[str, tuple[str, ...]] = {}
    matched: dict[int, int] = {}
    rarity: dict[int, int] = {}
    worst: dict[int, int] = {}
    costs: dict[int, int] = {}
    fits: dict[int, int] = {}
    kind = inflection.asked(question[:_MOST_CHARACTERS])
    for word in words:
        fitting = dictionary.get(f"{ASKED}{kind}:{inflection.root(word)}") if kind and not is_run(word) else None
        having = _having(word, dictionary, inflection, meant, fitting or "")
        for number, _ in decoded(fitting or ""):
            fits[number] = min(fits.get(number, 0) + 1, _MOST_FITTING)
        rare = (1 + count // max(1, len(having))).bit_length()
        for number, cost in having.items():
            matched[number] = matched.get(number, 0) + 1
            rarity[number] = rarity.get(number, 0) + rare
            worst[number] = max(worst.get(number, 0), cost >> 2)
            costs[number] = costs.get(number, 0) + cost
    found = matched.keys() | whole.keys()

    def is_complete(number: int) -> bool:
        return number in whole or matched.get(number, 0) == len(words)

    def part(number: int) -> int:
        if number in last:
            return 1 if whole.get(number, 2) < 2 else 3
        return 0 if is_complete(number) else 2

    def key(number: int) -> tuple[int, ...]:
        get = (whole.get(number, 3), -matched.get(number, 0), number in terms, -fits.get(number, 0))
        rest = (-rarity.get(number, 0), worst.get(number, 0), costs.get(number, 0))
        return (part(number), *get, *rest, number)

    order = sorted(found, key=key)
    complete = next((place for place, number in enumerate(order) if not is_complete(number)), len(order))
    return Ranking(tuple(order), meant, complete)


def _whole_names(question: str, dictionary: Dictionary) -> dict[int, int]:
    """Entries that are called as the question is: 0 by label, 1 by another name, 2 with more after it."""
    name = fold_name(question[:_MOST_CHARACTERS])[:LONGEST_NAME]
    whole: dict[int, int] = {}
    if name:
        for key, entries in dictionary.beginning(WHOLE + name, _MOST_NAMES):
            is_whole = key == WHOLE + name
            for number, field in decoded(entries):
                if is_whole or field != WHOLE_TEXT:
                    whole[number] = min(whole.get(number, 2), field, OTHER_NAME) if is_whole else whole.get(number, 2)
    return whole


def _having(
    word: str, dictionary: Dictionary, inflection: Inflection, meant: dict[str, tuple[str, ...]], fitting: str
) -> dict[int, int]:
    """The entries that have a word, each with what that costs: four times the field, and how.

    `fitting` are those that say of a value of the kind that is asked for.
    """
    if is_run(word):
        return _having_run(word, dictionary)
    having: dict[int, int] = {}

    def add(entries: str, how: int) -> None:
        for number, field in decoded(entries):
            cost = 4 * field + how
            if cost < having.get(number, 99):
                having[number] = cost

    for form in inflection.forms(word):
        start = inflection.start(form)
        near_by = dict(dictionary.beginning(start, _MOST_FORMS))
        if len(near_by) >= _MOST_FORMS and start != form:
            near_by |= dictionary.beginning(form, _MOST_FORMS)
        for key, entries in near_by.items():
            if key == form:
                add(entries, _SAME)
            elif inflection.alike(key, form):
                add(entries, _FORM)
            elif key.startswith(form) and len(form) >= _BEGINNINGS_FROM:
                add(entries, _BEGINNING)
    add(fitting, _FORM)
    if not having and len(word) >= _NEAR_FROM:
        keys, in_its_place = _in_its_place(word, dictionary, inflection)
        for entries in in_its_place:
            add(entries, _NEAR)
        if keys:
            meant[word] = keys
    return having


def _in_its_place(word: str, dictionary: Dictionary, inflection: Inflection) -> tuple[tuple[str, ...], list[str]]:
    """The entries of what is taken for a word that nothing has: compounds that it ends, else words like it."""
    tail = inflection.tail(word)
    compounds = dictionary.beginning(TAIL + tail, _MOST_FORMS) if len(tail) >= _NEAR_FROM - 1 else []
    if compounds:
        return (), [entries for _, entries in compounds]
    like = (pair for pair in _like(word, dictionary) if len(pair[0]) >= _NEAR_FROM)
    near = [pair for pair in like if is_near(word, pair[0])][:_MOST_MEANT]
    return tuple(key for key, _ in near), [entries for _, entries in near]


def _having_run(run: str, dictionary: Dictionary) -> dict[int, int]:
    """The entries that have all pairs of characters of a run; of a single character, a pair that it begins."""
    if len(run) == 1:
        having: dict[int, int] = {}
        for _, entries in dictionary.beginning(run, _MOST_FORMS):
            for number, field in decoded(entries):
                having[number] = min(having.get(number, 99), 4 * field)
        return having
    all_of: dict[int, int] | None = None
    for pair in bigrams(run, last=False):
        fields = dict(decoded(dictionary.get(pair) or ""))
        if all_of is None:
            all_of = {number: 4 * field for number, field in fields.items()}
        else:
            all_of = {number: max(cost, 4 * fields[number]) for number, cost in all_of.items() if number in fields}
    return all_of or {}


def _like(word: str, dictionary: Dictionary) -> list[tuple[str, str]]:
    """The words that begin as a word does: with its first letter, where those are too many with its first three."""
    for size in (1, 3):
        found = dictionary.beginning(word[:size], _MOST_LIKE)
        if len(found) < _MOST_LIKE:
            return found
    return found
