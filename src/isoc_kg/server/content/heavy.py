"""What is too much for the serving process: raised where the work would begin, so that it is done elsewhere."""

__all__ = ["DATA", "SEARCH", "Heavy"]

DATA = "data"  #: the data files
SEARCH = "search"  #: what is searched


class Heavy(Exception):
    """Too much to be made here; with `first`, the files that it names have to be made before: `DATA` or `SEARCH`."""

    def __init__(self, first: str = "") -> None:
        super().__init__("heavy")
        self.first = first
