"""`python -m isoc_kg`: the command line."""

from .cli import main

main()
