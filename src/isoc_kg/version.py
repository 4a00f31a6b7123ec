"""The version of the package, which is also that of the publication that ships with it."""

__all__ = ["__version__"]

__version__ = "2.0.0"
