"""Range kinds: whether a value is an agent, a date or a place, for questions that begin with who, when or where."""

from collections.abc import Callable, Iterable

from ...authoring.dates import DATATYPES
from ...iris import local_name

__all__ = ["AGENT", "DATE", "PLACE", "RangeKinds"]

AGENT, DATE, PLACE = "agent", "date", "place"
#: What the local names of classes in wide use end with: `schema:SportsOrganization`, `foaf:Agent`.
_CLASSES = {
    AGENT: ("Agent", "Person", "Organization", "Organisation"),
    PLACE: ("Place", "Location", "Continent", "Country", "City", "AdministrativeArea"),
}


class RangeKinds:
    """The kinds of classes and datatypes: by their own names, or those of the classes above them."""

    def __init__(self, above: Callable[[str], Iterable[str]]) -> None:
        self._above = above  #: the classes above one
        self._known: dict[str, str] = {}

    def of(self, name: str) -> str:
        """The kind of a class or datatype; empty where it is none of them."""
        if name not in self._known:
            self._known[name] = ""  # while those above are asked: classes may stand above one another
            own = (kind for kind, ends in _CLASSES.items() if local_name(name).endswith(ends))
            kind = DATE if name in DATATYPES else next(own, "")
            self._known[name] = kind or next(filter(None, map(self.of, self._above(name))), "")
        return self._known[name]

    def first(self, names: Iterable[str]) -> str:
        """The kind of the first of classes or datatypes that has one."""
        return next(filter(None, map(self.of, names)), "")
