"""Files and folders that are there whole or not at all, and whose turn it is to write them."""

from .contents import MANIFEST
from .files import write_file, writing_file
from .folders import Building, building_folder, new_folder, replace_folder
from .together import finish_writing, write_together
from .turns import alone_in, turn_at, turn_for, unchanging

__all__ = [
    "MANIFEST",
    "Building",
    "alone_in",
    "building_folder",
    "finish_writing",
    "new_folder",
    "replace_folder",
    "turn_at",
    "turn_for",
    "unchanging",
    "write_file",
    "write_together",
    "writing_file",
]
