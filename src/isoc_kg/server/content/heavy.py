"""What is too much for the serving process: raised where the work would begin, so that it is done elsewhere."""

__all__ = ["Heavy"]


class Heavy(Exception):
    """Too much to be made here; with `data`, the data files have to be made first."""

    def __init__(self, *, data: bool = False) -> None:
        super().__init__("heavy")
        self.data = data
