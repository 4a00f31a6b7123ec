"""Things and sentences by words."""

from ..graph.knowledge_graph import KnowledgeGraph
from ..namespaces import EV
from ..rdf import literal, split
from .deadline import until_deadline

__all__ = ["find_sentences", "find_things"]


def find_things(kg: KnowledgeGraph, text: str) -> list[dict[str, str]]:
    """Things with all the words in their names; those named so exactly, then those with short names, first.

    Raises `LimitExceeded` when that takes as long as no query may.
    """
    wanted = text.casefold().split()
    scored = []
    for name, labels in until_deadline(kg.labels.items(), kg.project.server.query_seconds):
        if not name.startswith(kg.project.ids.things):
            continue
        folded = [label.casefold() for label in labels]
        if all(any(word in label for label in folded) for word in wanted):
            exact = any(label == text.casefold() for label in folded)
            scored.append((not exact, len(labels[0]), name))
    return [{"iri": name, "label": kg.labels[name][0]} for _, _, name in sorted(scored)]


def find_sentences(kg: KnowledgeGraph, text: str) -> list[dict[str, str]]:
    """Sentences with all the words in their gists. Raises `LimitExceeded` as `find_things` does."""
    mark = f" <{EV.gist}> ".encode()
    wanted = text.casefold().split()
    sentences = []
    for line in until_deadline(kg.lines, kg.project.server.query_seconds):
        if mark in line:
            subject, _, object_, _ = split(line)
            gist = literal(object_)[0]
            if all(word in gist.casefold() for word in wanted):
                sentences.append({"iri": subject.decode()[1:-1], "gist": gist})
    return sentences
