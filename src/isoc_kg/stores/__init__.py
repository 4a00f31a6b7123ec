"""Triple stores: what each can and does to data, and loading them so that nothing is ever half there."""

from .batches import dataset_of_files, dataset_of_project
from .loading import Load, LoadReport
from .profiles import PROFILES, Profile, find_profile
from .recognition import recognise
from .store import RemoteStore

__all__ = [
    "PROFILES",
    "Load",
    "LoadReport",
    "Profile",
    "RemoteStore",
    "dataset_of_files",
    "dataset_of_project",
    "find_profile",
    "recognise",
]
