"""Lines that acceptances wrote, taken out of files of facts, and nothing else with them."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from ..authoring.annotations import Annotations
from ..authoring.facts import Claim
from ..authoring.insertion import removed
from ..errors import UsageError
from ..namespaces import RDF
from ..project import Project
from ..rdf.tokens import iri_token, triple_line
from .proposal import GROUNDS

__all__ = ["Removal", "reifying", "text_of"]


class Removal:
    """Lines on their way out of files of facts."""

    def __init__(self, project: Project, parsed: Callable[[Path, str], list[bytes]]) -> None:
        self.texts: dict[Path, str] = {}  #: files, as they will be
        #: statement, annotation and value that will not be in the facts any more
        self.taken: dict[tuple[bytes, str, bytes], None] = {}
        self._project, self._parsed = project, parsed
        self._facts = set(project.facts_files)
        self._before: dict[Path, str] = {}

    def remove(self, statement: bytes, grounds: Annotations, written: tuple[str, str], *, strict: bool) -> None:
        """Take out the line that was written in a file, wherever it stands there: a statement and what is behind it.

        Raises `UsageError` if this is `strict` and the file has the statement, but not as it was written.
        """
        file, line = self._project.root / written[0], written[1]
        if file in self._facts:
            before = self._before.setdefault(file, text_of(file))
            text = self.texts.get(file, before)
            after = removed(text, line)
            if after is not None:
                self.texts[file] = after
            # it may be out already, or have been taken away by a merge
            if after is not None or line in before or statement not in self._parsed(file, before):
                self.taken.update({(statement, name, token): None for name, token in grounds})
                return
        if strict:
            raise _changed(file, line)

    def ends(self, claim: Claim) -> bool:
        """Whether nothing will stand behind a claim any more."""
        behind = {(claim.triple, name, token.encode()) for name in GROUNDS for token in claim.evidence.get(name, ())}
        return bool(behind) and behind <= self.taken.keys()

    def verify(self) -> None:
        """Raise `UsageError` where a file would lose anything else."""
        own = {line for line, _, _ in self.taken}
        own |= {reifying(line) for line in own}
        for file, after in self.texts.items():
            old, new = (Counter(self._parsed(file, text)) for text in (self._before[file], after))
            if new - old or any(line not in own and not line.startswith(b"_: ") for line in old - new):
                raise _changed(file, "")


def _changed(file: Path, line: str) -> UsageError:
    return UsageError(
        f"{file}: what was accepted is not there any more as it was written: {line[:200]}",
        advice="Write the line as it was, then take the decision back.",
    )


def reifying(triple: bytes) -> bytes:
    """The line of a nameless reifier of a triple, as lines are compared here."""
    return triple_line(b"_:", iri_token(RDF.reifies), b"<<( " + triple[: -len(b" .\n")] + b" )>>")


def text_of(file: Path) -> str:
    """A file of facts as it is, line ends and all; empty where there is none."""
    return file.read_bytes().decode() if file.exists() else ""
